/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_TEXT_H
#define COMITY_BASE_TEXT_H

/*
 * text.h - taking a text apart: lines, fields, words, numbers.
 *
 * Every text of ours has one form only: lines end in LF, one blank stands
 * between words, decimals have no leading zero. Whoever reads with these
 * functions accepts nothing else, so that print(read(x)) = x.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct text {
	struct bytes rest; /* what was not yet read */
	uint32_t line;     /* number of the line read last, from 1; 0 before the first */
};

/* The next line, its LF left out. False at the end, and when no LF follows; tell the
 * two apart by rest.size. */
bool text_line(struct text *text, struct bytes *line);

/* The next line without reading it; false as text_line(). */
bool text_peek(const struct text *text, struct bytes *line);

/* "name: value": the value, at least one octet. False for any other line. */
bool text_field(struct bytes line, const char *name, struct bytes *value);

/*
 * Takes the first word off `*rest`, which is words with single blanks between.
 * False, and nothing changed, when nothing is left or a blank stands where a
 * word should. When the last word was taken, rest->size is 0.
 */
bool text_word(struct bytes *rest, struct bytes *word);

/* A decimal from 0 to `most`, no sign, no leading zero; false and `*value` untouched otherwise. */
bool text_number(struct bytes text, uint64_t most, uint64_t *value);

/* The next word as such a decimal. */
bool text_word_number(struct bytes *rest, uint64_t most, uint64_t *value);

#endif
