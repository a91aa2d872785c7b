/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_BYTES_H
#define COMITY_BASE_BYTES_H

/*
 * bytes.h - a borrowed run of octets.
 *
 * It never owns, and it is valid only as long as what it points into. An empty
 * run may have `at` NULL; these functions never hand NULL to mem*().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *at;
	size_t size; /* octets */
};

/* The octets of a string literal, its NUL left out. */
#define BYTES(literal) ((struct bytes){(const uint8_t *)("" literal), sizeof(literal) - 1})

/* The octets of a C string, its NUL left out. */
static inline struct bytes bytes_of(const char *text)
{
	return (struct bytes){(const uint8_t *)text, strlen(text)};
}

/* The octets of `whole` from `first` on; none when it ends before. */
static inline struct bytes bytes_from(struct bytes whole, size_t first)
{
	if (first >= whole.size)
		return (struct bytes){NULL, 0};
	return (struct bytes){whole.at + first, whole.size - first};
}

/* The first `size` octets of `whole`; all of it when it is shorter. */
static inline struct bytes bytes_first(struct bytes whole, size_t size)
{
	return (struct bytes){whole.at, size < whole.size ? size : whole.size};
}

/* Order of octets, the shorter first where one begins the other: <0, 0, >0. */
static inline int bytes_compare(struct bytes a, struct bytes b)
{
	size_t shorter = a.size < b.size ? a.size : b.size;
	int d = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);

	if (d != 0)
		return d;
	return a.size == b.size ? 0 : a.size < b.size ? -1 : 1;
}

static inline bool bytes_same(struct bytes a, struct bytes b)
{
	return a.size == b.size && bytes_compare(a, b) == 0;
}

static inline bool bytes_starts(struct bytes whole, struct bytes with)
{
	return bytes_same(bytes_first(whole, with.size), with);
}

#endif
