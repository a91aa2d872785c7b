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

#include <getopt.h>
#include <stdbool.h>

#include "base/arena.h"
#include "host/home.h"
#include "host/ipc.h"

enum exit_code { EXIT_DONE = 0, EXIT_NO = 1, EXIT_MISUSE = 2, EXIT_MISHAP = 3, EXIT_NOT_YET = 4 };

#define JSON_DEPTH_MAX 8

/* What every command is given. */
struct command {
	const struct command_row *row;
	const char *home_folder; /* --home, or $COMITY_HOME, or NULL */
	const char *socket;      /* --node, or $COMITY_NODE, or NULL: the home's */
	bool chinese;            /* --lang zh, or by $LC_ALL, $LC_MESSAGES, $LANG */
	bool json;               /* --json */
	bool terminal;           /* standard output is one */
	bool asks;               /* a person sits there: standard input is one too, and no --yes */
	bool colour;             /* terminal, and neither NO_COLOR nor TERM=dumb says otherwise */
	struct arena memory;     /* of the command; never given back */
	struct home home;        /* command_home() */
	bool has_home;
	int instead;             /* of EXIT_MISHAP, when what was told was none: another exit code */
	struct ipc node;         /* command_node() */
	bool json_more[JSON_DEPTH_MAX]; /* json.c: something stands before, in the value at hand */
	unsigned json_depth;
};

struct command_row {
	const char *noun, *verb; /* verb NULL: the noun is the whole command */
	int (*run)(struct command *command, int argc, char *argv[]);
	const char *usage;       /* arguments */
	const char *en, *zh;     /* what it does */
};

/* The table: help and completion are made from it, and the man page is held against it. */
extern const struct command_row COMMANDS[];
extern const unsigned COMMAND_COUNT;

/* The row of these words; NULL. */
const struct command_row *command_row(const char *noun, const char *verb);

/* Misuse of this command: what is wrong, with values or without, and its usage line. EXIT_MISUSE. */
int misuse(const struct command *command, const char *en, const char *zh);
int misuse_of(const struct command *command, const char *en, const char *zh,
              const struct bytes *values);

/* Options of every command, for getopt_long(): they stand before it or anywhere behind it. */
#define OPTION_EVERY_FIRST 900
extern const struct option EVERY_OPTIONS[];

/* Takes one of them, its value in optarg. False: its value is none, told. */
bool option_of_every(struct command *command, int option);

/* The next option of the command, as getopt_long(); `letters` begin with ":". Those of every command
 * are taken on the way. For one that there is not, or that lacks its value, '?' is given back after
 * it was told. -1 at the end: optind is then the first argument. */
int option_next(struct command *command, int argc, char *argv[], const char *letters,
                const struct option *options);

/* Whether `count` arguments follow; otherwise misuse is told. */
bool arguments_are(const struct command *command, int argc, char *argv[], int count);

/* The options of a list: --all sets `*all`, otherwise false; and no argument. False: misuse, told. */
bool all_asked(struct command *command, int argc, char *argv[], bool *all);

/* The same for a command that has no options. */
bool no_options(struct command *command, int argc, char *argv[], int count);

/* The home, read; or tells why not. */
bool command_home(struct command *command);

/* A connection to the node; or tells why not and what to do. */
bool command_node(struct command *command);

/* One question to the node, one answer in the command's memory. False: a mishap, told. */
bool node_ask(struct command *command, enum ipc_type question, struct bytes body,
              enum ipc_type answer, struct bytes *got);

/* All records whose keys begin so, of one moment, in the command's memory. False: a mishap, told. */
bool node_list(struct command *command, struct bytes prefix, struct bytes *records);

/* The value of a field in a text of "name: value" lines; empty when it has none. */
struct bytes field_of(struct bytes text, const char *name);

/* Reads a file, or standard input for "-", into the command's memory; or tells why not. */
bool read_input(struct command *command, const char *path, size_t most, struct bytes *content);

/* Writes a file, or standard output for NULL or "-"; or tells why not. */
bool write_output(struct command *command, const char *path, struct bytes content);

/* A C string in the command's memory. */
const char *string_of(struct command *command, struct bytes text);

/* A person's answer to a question that was just asked: one line, its LF left out. False: none. */
bool answer_read(char *line, size_t size);

#endif
