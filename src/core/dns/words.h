/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_WORDS_H
#define COMITY_DNS_WORDS_H

/*
 * words.h - the words of a record in a master file (RFC 1035 section 5.1), one
 * after the other.
 *
 * Between words stand blanks, comments and, inside parentheses, the ends of
 * lines; a record ends with its line. In strict mode, for text of our own, one
 * blank stands between two words and nothing else does. Words are views of the
 * text with their escapes still in them.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct words {
	const uint8_t *at, *end;   /* what was not yet read */
	const uint8_t *line_start; /* of the line that `at` is in */
	uint32_t line;             /* its number, from 1 */
	uint32_t depth;            /* parentheses open */
	bool strict;
	bool quoted;               /* the last word stood in double quotes, which are no part of it */
	const uint8_t *start;      /* where the last word stands, or what is wrong ... */
	const uint8_t *word_start; /* ... in a line that begins here ... */
	uint32_t word_line;        /* ... and has this number */
};

enum words_next {
	WORDS_ONE,  /* a word */
	WORDS_END,  /* of the record; its line feed is taken */
	WORDS_FAULT /* `*why`, at words_column() of line word_line */
};

/* Over all of `text`, from its first line. */
struct words words_over(struct bytes text, bool strict);

/* The next word of the record. */
enum words_next words_next(struct words *words, struct bytes *word, const char **why);

/* The column of the last word, from 1. */
uint32_t words_column(const struct words *words);

#endif
