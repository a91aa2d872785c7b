/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_JSON_H
#define COMITY_TEST_JSON_H

/*
 * json.h - looking values up in a file of test vectors. After tap.h.
 *
 * A struct json is a place in the text; there is no tree, each lookup reads on
 * from there. The files are ours: whatever is missing or odd bails out.
 */

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json {
	const char *at; /* first character of a value; NULL when there is none */
};

/* What a file of the shared folder holds, until the next call; `at` NULL when the folder is
 * not there. */
static inline struct json json_shared(const char *name)
{
	static char text[1 << 20];
	const char *shared = getenv("COMITY_SHARED"), *source = getenv("COMITY_SOURCE");
	char path[4096];
	size_t size;
	FILE *file;

	if (shared != NULL)
		snprintf(path, sizeof(path), "%s/%s", shared, name);
	else
		snprintf(path, sizeof(path), "%s/../shared/%s", source != NULL ? source : ".",
		         name);
	file = fopen(path, "rb");
	if (file == NULL)
		return (struct json){NULL};
	size = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	if (size == 0 || size == sizeof(text) - 1)
		bail_out("a file of vectors is empty or too large");
	text[size] = '\0';
	return (struct json){text + strspn(text, " \t\r\n")};
}

/* TAP's word for vectors that are not here. */
static inline void skip(const char *what)
{
	printf("ok %d - %s # SKIP the shared vectors are not here\n", ++tap_run, what);
}

static inline const char *json_blank(const char *at)
{
	return at + strspn(at, " \t\r\n,:");
}

/* Behind the value at `at`. */
static inline const char *json_behind(const char *at)
{
	int depth = 0;

	do {
		at = json_blank(at);
		if (*at == '\0')
			bail_out("a file of vectors ends too early");
		if (*at == '"') {
			for (at++; *at != '"' && *at != '\0'; at++)
				at += *at == '\\' && at[1] != '\0';
			at++;
		} else if (*at == '{' || *at == '[') {
			depth++, at++;
		} else if (*at == '}' || *at == ']') {
			depth--, at++;
		} else {
			at += strcspn(at, ",:]} \t\r\n");
		}
	} while (depth > 0);
	return at;
}

static inline struct json json_get(struct json object, const char *name)
{
	size_t size = strlen(name);

	if (object.at == NULL || *object.at != '{')
		return (struct json){NULL};
	for (const char *at = json_blank(object.at + 1); *at == '"';) {
		const char *value = json_blank(json_behind(at));

		if (strncmp(at + 1, name, size) == 0 && at[1 + size] == '"')
			return (struct json){value};
		at = json_blank(json_behind(value));
	}
	return (struct json){NULL};
}

static inline struct json json_item(struct json array, size_t index)
{
	const char *at;

	if (array.at == NULL || *array.at != '[')
		return (struct json){NULL};
	for (at = json_blank(array.at + 1); *at != ']'; at = json_blank(json_behind(at)))
		if (index-- == 0)
			return (struct json){at};
	return (struct json){NULL};
}

static inline size_t json_count(struct json array)
{
	size_t count = 0;

	while (json_item(array, count).at != NULL)
		count++;
	return count;
}

/* A number, or a string that is one. */
static inline unsigned json_number(struct json value)
{
	if (value.at == NULL)
		bail_out("a number is missing from the vectors");
	return (unsigned)strtoul(value.at + (*value.at == '"'), NULL, 10);
}

static inline bool json_true(struct json value)
{
	return value.at != NULL && strncmp(value.at, "true", 4) == 0;
}

static inline int json_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* The octets of a string of hexadecimal digits; returns how many. */
static inline size_t json_hex(struct json value, uint8_t *octets, size_t room)
{
	size_t size = 0;

	if (value.at == NULL || *value.at != '"')
		bail_out("octets are missing from the vectors");
	for (const char *at = value.at + 1; isxdigit((unsigned char)at[0]); at += 2) {
		if (size == room || !isxdigit((unsigned char)at[1]))
			bail_out("octets in the vectors have another size");
		octets[size++] = (uint8_t)(json_digit(at[0]) << 4 | json_digit(at[1]));
	}
	return size;
}

/* Exactly `size` octets. */
static inline void json_octets(struct json value, uint8_t *octets, size_t size)
{
	if (json_hex(value, octets, size) != size)
		bail_out("octets in the vectors are too few");
}

#endif
