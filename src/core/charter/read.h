/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_READ_H
#define COMITY_CHARTER_READ_H

/* read.h - what the parts of the charter's reader share. For charter/ only. */

#include "base/text.h"
#include "charter/charter.h"
#include "charter/cursor.h"

struct reader {
	struct text text;     /* the lines not yet read */
	struct cursor cursor; /* the line that is read now */
	struct arena *arena;
	struct charter charter; /* as far as it is read */
};

/* Makes the next line the one that is read; `wanted` is the fault when there is none. */
enum mishap next_line(struct reader *reader, const char *wanted) CHECKED;

/* Whether the next line begins with `start`. */
bool ahead(const struct reader *reader, const char *start);

/* The end of the line that is read. */
enum mishap read_end(struct reader *reader) CHECKED;

/* The rest of the line as words for people. */
enum mishap read_words(struct reader *reader, struct bytes *words) CHECKED;

/* Everything before the first article; then the articles, to the end of the text. */
enum mishap read_head(struct reader *reader) CHECKED;
enum mishap read_articles(struct reader *reader) CHECKED;

/* The next set in the line: parties, interested, a chamber, a list or {a, b}. */
enum mishap read_set(struct reader *reader, const struct charter_set **set) CHECKED;

/* {a, b}: names in ascending order, each once. */
enum mishap read_names(struct reader *reader, struct charter_set *set) CHECKED;

/* The chamber or list of that name, or parties, or interested; NULL when there is none. */
const struct charter_set *find_set(const struct charter *charter, struct bytes name);

/* Tries every name that find_set() finds. */
void nearest_set(struct nearest *nearest, const struct charter *charter);

/* Whether a chamber or list may not have that name, because an expression uses the word. */
bool is_reserved(struct bytes name);

/* An expression, as far as it goes: the caller says what may follow. */
enum mishap read_expression(struct reader *reader, struct charter_expression *out) CHECKED;

/* A span of time, more than none, after a blank. */
enum mishap read_span(struct reader *reader, int64_t *seconds) CHECKED;

/* Whether the next line is "arbitration ..." or "batches ..."; and that whole line. */
bool parameter_ahead(const struct reader *reader);
enum mishap read_parameter(struct reader *reader, uint16_t article) CHECKED;

/* "rule NAME EXPRESSION[, TIMING]...", the whole line. */
enum mishap read_rule(struct reader *reader, uint16_t article,
                      struct charter_rule *rule) CHECKED;

#endif
