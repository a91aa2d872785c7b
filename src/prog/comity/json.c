/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "prog/comity/utf8.h"

void json_write_string(FILE *to, struct bytes text)
{
	fputc('"', to);
	while (text.size > 0) {
		struct bytes before = text;
		uint32_t point;

		if (!utf8_take(&text, &point))
			fputs("\xef\xbf\xbd", to); /* U+FFFD */
		else if (point == '"' || point == '\\')
			fprintf(to, "\\%c", (char)point);
		else if (point < ' ' || (point >= 0x7f && point < 0xa0))
			fprintf(to, "\\u%04" PRIx32, point);
		else
			fwrite(before.at, 1, before.size - text.size, to);
	}
	fputc('"', to);
}

/* What stands before a value: a comma, a key. */
static void lead(struct command *command, const char *key)
{
	if (command->json_depth == 0)
		return;
	if (command->json_more[command->json_depth - 1])
		putchar(',');
	command->json_more[command->json_depth - 1] = true;
	if (key != NULL) {
		json_write_string(stdout, bytes_of(key));
		putchar(':');
	}
}

static void open(struct command *command, const char *key, char bracket)
{
	lead(command, key);
	must(command->json_depth < JSON_DEPTH_MAX);
	command->json_more[command->json_depth++] = false;
	putchar(bracket);
}

static void close(struct command *command, char bracket)
{
	must(command->json_depth > 0);
	putchar(bracket);
	if (--command->json_depth == 0) {
		putchar('\n');
		fflush(stdout);
	}
}

void json_object(struct command *command, const char *key)
{
	open(command, key, '{');
}

void json_array(struct command *command, const char *key)
{
	open(command, key, '[');
}

void json_close_object(struct command *command)
{
	close(command, '}');
}

void json_close_array(struct command *command)
{
	close(command, ']');
}

void json_text(struct command *command, const char *key, struct bytes text)
{
	lead(command, key);
	json_write_string(stdout, text);
}

void json_number(struct command *command, const char *key, uint64_t number)
{
	lead(command, key);
	printf("%" PRIu64, number);
}

void json_bool(struct command *command, const char *key, bool value)
{
	lead(command, key);
	fputs(value ? "true" : "false", stdout);
}

void json_time(struct command *command, const char *key, struct ledger_time time)
{
	char text[TIME_TEXT_SIZE];

	time_write(text, time);
	json_text(command, key, (struct bytes){(uint8_t *)text, sizeof(text)});
}

void json_null(struct command *command, const char *key)
{
	lead(command, key);
	fputs("null", stdout);
}

void json_text_or_null(struct command *command, const char *key, struct bytes text)
{
	if (text.size == 0 || bytes_same(text, BYTES("none")))
		json_null(command, key);
	else
		json_text(command, key, text);
}

void json_file(struct command *command, const char *key, const char *file, struct bytes text)
{
	if (file != NULL && strcmp(file, "-") != 0)
		json_text(command, "file", bytes_of(file));
	else
		json_text(command, key, text);
}

void json_lines(struct command *command, const char *key, struct bytes text)
{
	struct text lines = {.rest = text};
	struct bytes line;

	json_array(command, key);
	while (text_line(&lines, &line))
		json_text(command, NULL, line);
	json_close_array(command);
}

void json_words(struct command *command, const char *key, struct bytes words)
{
	struct bytes word;

	json_array(command, key);
	while (!bytes_same(words, BYTES("none")) && text_word(&words, &word))
		json_text(command, NULL, word);
	json_close_array(command);
}
