/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_PRINT_H
#define COMITY_COMITY_PRINT_H

/*
 * print.h - sentences, tables and texts for people, English or Chinese.
 *
 * A sentence is a template and its values ({0} {1}; act/show.h). Values come from outside: control
 * characters and characters that nobody sees are shown by their number, and on a terminal text
 * that runs from right to left is isolated (U+2068, U+2069), so that it cannot turn around what
 * stands beside it.
 */

#include <stdio.h>

#include "base/bytes.h"
#include "base/time.h"
#include "prog/comity/command.h"

/* The values of a sentence: tell(command, "{0} is held by {1}", "...", VALUES(label, holder)). */
#define VALUES(...) ((const struct bytes[]){__VA_ARGS__})

/* English or Chinese. */
const char *say(const struct command *command, const char *en, const char *zh);

/* A sentence, in the command's memory; values may be NULL when there are no holes. */
struct bytes sentence(const struct command *command, const char *en, const char *zh,
                      const struct bytes *values);

/* One line on standard output; on standard error, behind "comity: " for the first. fail() returns
 * `code`, to end a command with; with --json it tells it as an object, on standard error too. */
void tell(const struct command *command, const char *en, const char *zh,
          const struct bytes *values);
int fail(const struct command *command, int code, const char *en, const char *zh,
         const struct bytes *values);
void remark(const struct command *command, const char *en, const char *zh,
            const struct bytes *values);

/* What to do next, on standard error; not for programs (--json). */
void next_step(const struct command *command, const char *en, const char *zh,
               const struct bytes *values);

/* The text as it may be shown to a person; LF stays LF. */
struct bytes safe_text(const struct command *command, struct bytes text);

/* Prints that, to standard output. */
void print_text(const struct command *command, struct bytes text);

/* Values, in the command's memory. */
struct bytes number_text(const struct command *command, uint64_t number);
struct bytes time_text(const struct command *command, struct ledger_time time); /* in UTC */
struct bytes span_text(const struct command *command, int64_t seconds); /* "3 d 4 h" */
struct bytes id_text(struct bytes id); /* the first digits of an act-id, or "genesis" */
/* "as act 1a2b3c4d says", or that the founding says it. */
struct bytes said_text(const struct command *command, struct bytes act);
struct bytes join_text(const struct command *command, struct bytes a, struct bytes b);

/* "in 3 h", "3 h ago", "now", as `time` is to `now`. */
struct bytes distance_text(const struct command *command, struct ledger_time time,
                           struct ledger_time now);

/* The text in a colour (an SGR number, "31") where there is colour. */
struct bytes painted(const struct command *command, const char *colour, struct bytes text);

#define TABLE_COLUMNS_MAX 8

/* A table whose columns are as wide as they must be; the first row is its head. */
struct table {
	const struct command *command;
	unsigned columns;
	struct bytes *cell;
	size_t cells, room;
};

struct table table_begin(const struct command *command, unsigned columns);
void table_cell(struct table *table, struct bytes text);
void table_head(struct table *table, const char *en, const char *zh);
void table_end(struct table *table); /* prints it, unless it has only a head */

#endif
