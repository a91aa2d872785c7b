/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_COMMAND_H
#define COMITY_COMITY_COMMAND_H

/*
 * command.h - the command line of a party: one table of commands, one file a noun.
 *
 * Exit codes: 0 done; 1 no (the charter, a verification); 2 misuse; 3 a mishap, or cannot tell; 4 not
 * yet, or stale. Results go to standard output, everything else to standard error. With --json the
 * result is one JSON value a line. Nothing goes online but to the node's own socket.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "host/home.h"
#include "host/ipc.h"

enum exit_code { EXIT_DONE = 0, EXIT_NO = 1, EXIT_MISUSE = 2, EXIT_MISHAP = 3, EXIT_NOT_YET = 4 };

/* What every command is given. */
struct command {
	const char *home_folder; /* --home, or $COMITY_HOME, or NULL */
	const char *socket;      /* --node, or $COMITY_NODE, or NULL: the home's */
	bool chinese;            /* --lang zh, or by $LC_ALL, $LC_MESSAGES, $LANG */
	bool json;               /* --json */
	bool terminal;           /* standard output is one */
	bool colour;             /* it is, and neither NO_COLOR nor TERM=dumb says otherwise */
	struct arena memory;     /* of the command; never given back */
	struct home home;        /* command_home() */
	bool has_home;
	struct ipc node;         /* command_node() */
};

struct command_row {
	const char *noun, *verb; /* verb NULL: the noun is the whole command */
	int (*run)(struct command *command, int argc, char *argv[]);
	const char *usage;       /* arguments */
	const char *en, *zh;     /* what it does */
};

/* The table: main.c prints help from it, completion and man page are made from it. */
extern const struct command_row COMMANDS[];
extern const unsigned COMMAND_COUNT;

/* English or Chinese; also of formats, which must take the same arguments. */
const char *say(const struct command *command, const char *en, const char *zh)
	__attribute__((format_arg(2), format_arg(3)));

/* Tells on standard error, behind "comity: "; returns `code`, to end a command with. */
int fail(const struct command *command, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Misuse of this command: what is wrong, and the usage line of its row. */
int misuse(const struct command *command, const char *noun, const char *verb, const char *why);

/* The home, read; or tells why not. */
bool command_home(struct command *command);

/* A connection to the node; or tells why not and what to do. */
bool command_node(struct command *command);

/* One record, in the command's memory; *found is false when there is none. False: a mishap, told. */
bool node_get(struct command *command, const char *key, struct bytes *record, bool *found);

/* All records that begin with a prefix, as u32 size and octets: records_next(). */
bool node_list(struct command *command, const char *prefix, struct bytes *records);
bool records_next(struct bytes *records, struct bytes *record);

/* The node's report (comity-ipc(7)). */
bool node_status(struct command *command, struct bytes *report);

/* A state proof of that key, with its checkpoint; empty while the newest block is not final. */
bool node_prove(struct command *command, const char *key, struct bytes *proof);

/* The value of a field in a text of "name: value" lines; empty when it has none. */
struct bytes field_of(struct bytes text, const char *name);

/* Reads a file, or standard input for "-", into the command's memory. */
bool read_input(struct command *command, const char *path, size_t most, struct bytes *content);

/* Submits a note and tells what became of it: an exit code. */
int submit_note(struct command *command, struct bytes note);

/* The head of an act by the home's party, as the node's federation stands: false, told. */
struct act;
bool act_begin(struct command *command, int kind, struct act *act);

/*
 * Writes the act's text, shows it, signs it with the home's act key and submits it; or, with --write, only
 * prints the text. An exit code.
 */
int act_finish(struct command *command, const struct act *act, bool only_write);

/* What `replaces` must say for a record as it stands: 64 hex digits, or "none". */
bool slot_of(struct command *command, const char *key, struct bytes *slot);

/* Prints a JSON string with its quotes. */
void json_string(struct bytes text);

/* Prints text from outside for a person: control characters and bidi marks are shown, not obeyed. */
void print_text(struct bytes text);

#endif
