/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_RR_LINES_H
#define COMITY_COMITY_RR_LINES_H

/*
 * rr_lines.h - records as people write them, and as acts want them.
 *
 * People write "aur. NS a.nic.aur", with or without TTL, class and final dot, any blanks between, and
 * comments behind ";". An act holds the same records in canonical order, in one form, with one TTL
 * an RRset. Types are NS, DS, A and AAAA.
 */

#include "dns/rr.h"
#include "prog/comity/command.h"

#define RR_LINES_MAX 512

struct rr_lines {
	struct rr rr[RR_LINES_MAX];
	unsigned count;
	uint32_t line; /* of the file that is read, to complain with; 0: of none */
};

/* The words of a line that a person wrote, blanks and tabs between; what stands behind ";" is a comment. */
#define LINE_WORDS_MAX 64
unsigned line_words(struct bytes line, struct bytes word[LINE_WORDS_MAX]);

/* Puts the "+ " lines of a record of the state in. */
void rr_lines_take(struct command *command, struct rr_lines *set, struct bytes lines);

/*
 * Adds one record that a person wrote; `owner` is the name meant where it is left out, or empty. A
 * record that is there already is one. Without a TTL it gets that of its RRset, or a usual one.
 * False: told, with what is wrong.
 */
bool rr_lines_add(struct command *command, struct rr_lines *set, struct bytes text,
                  struct bytes owner);

/* The same for all lines of a file; empty ones and comments are passed over. */
bool rr_lines_add_file(struct command *command, struct rr_lines *set, struct bytes content,
                       struct bytes owner);

/* Takes out what a person names: "OWNER TYPE RDATA", or all of "OWNER TYPE". False and told: nothing
 * like it is there. */
bool rr_lines_remove(struct command *command, struct rr_lines *set, struct bytes text,
                     struct bytes owner);

/* Takes out all records of that type; addresses that stood before, of names that no NS names now. */
void rr_lines_remove_type(struct rr_lines *set, uint16_t type);
void rr_lines_remove_orphans(struct rr_lines *set, const struct rr_lines *before);

/* "+ " lines in canonical order, in the command's memory. */
struct bytes rr_lines_text(struct command *command, struct rr_lines *set);

/* Lines that go ("-") and lines that come ("+") from one text to another, for a person, without
 * their first `mark` octets. */
void tell_difference(const struct command *command, struct bytes before, struct bytes after,
                     unsigned mark);

/* "+ " lines as people and programs read them: without the mark. */
void print_records(const struct command *command, struct bytes lines);
void json_records(struct command *command, const char *key, struct bytes lines);

/* An absolute name as an act has it: with its final dot, in lower case. */
struct bytes name_argument(struct command *command, const char *argument);

#endif
