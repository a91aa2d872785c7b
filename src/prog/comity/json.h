/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_JSON_H
#define COMITY_COMITY_JSON_H

/*
 * json.h - results for programs: one JSON value a line on standard output (RFC 8259).
 *
 * Within an object every value has a key; within an array the key is NULL. When the outermost
 * value is closed, its line ends. Strings are UTF-8 whatever they came from.
 */

#include <stdio.h>

#include "base/bytes.h"
#include "base/time.h"
#include "prog/comity/command.h"

void json_object(struct command *command, const char *key);
void json_array(struct command *command, const char *key);
void json_close_object(struct command *command);
void json_close_array(struct command *command);

void json_text(struct command *command, const char *key, struct bytes text);
void json_number(struct command *command, const char *key, uint64_t number);
void json_bool(struct command *command, const char *key, bool value);
void json_time(struct command *command, const char *key, struct ledger_time time);
void json_null(struct command *command, const char *key); /* unknown, or there is none */

/* null where the text is empty, or "none" as a record says it. */
void json_text_or_null(struct command *command, const char *key, struct bytes text);

/* The lines of a text, or the words of a value ("none" is no word), as an array of strings. */
void json_lines(struct command *command, const char *key, struct bytes text);
void json_words(struct command *command, const char *key, struct bytes words);

/* What was written to a file: "file", its name; or, for NULL or "-", the text itself under `key`. */
void json_file(struct command *command, const char *key, const char *file, struct bytes text);

/* A string with its quotes. */
void json_write_string(FILE *to, struct bytes text);

#endif
