/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_DRAFT_H
#define COMITY_COMITY_DRAFT_H

/*
 * draft.h - an act in the making: written, tried, shown, signed, sent.
 *
 * Every command that changes something ends here, so all of them take the same options:
 *
 *     --write          print the text that would be signed, and nothing else
 *     --dry-run        say what would become of it
 *     --out FILE       sign, write the note there, and do not send it
 *     --until TIME     dead after this ledger time; a day ahead when it is not said
 *     -m, --words TEXT a line of words for people; may be repeated
 */

#include "prog/comity/trial.h"

enum draft_option {
	OPTION_WRITE = 256,
	OPTION_DRY_RUN,
	OPTION_OUT,
	OPTION_UNTIL,
	OPTION_WORDS,
	OPTION_OWN /* the first number for options of the command itself */
};

#define DRAFT_OPTIONS                                                                          \
	{"write", no_argument, NULL, OPTION_WRITE}, {"dry-run", no_argument, NULL, OPTION_DRY_RUN}, \
		{"out", required_argument, NULL, OPTION_OUT},                                   \
		{"until", required_argument, NULL, OPTION_UNTIL},                               \
	{                                                                                      \
		"words", required_argument, NULL, OPTION_WORDS                                  \
	}

#define DRAFT_USAGE "[--write | --dry-run | --out FILE] [--until TIME] [-m WORDS]..."

#define DRAFT_WORDS_MAX 16

struct draft {
	struct view view;
	struct act act;
	bool write, dry_run;
	const char *out;
	bool has_until;
	struct ledger_time until;
	const char *words[DRAFT_WORDS_MAX];
	unsigned words_count;
	struct note_key operator; /* of a home that is an operator's; else without a name */
	bool sign_next; /* a rotation: the home's next act key proves itself as well */
};

/* The next option that is the command's own; those above are taken in. '?' and -1 as
 * option_next(). */
int draft_option_next(struct command *command, int argc, char *argv[],
                      const struct option *options, struct draft *draft);

/* Takes the view and begins an act of the home's party. False: a mishap, told. */
bool draft_begin(struct command *command, struct draft *draft, enum act_kind kind);

/* Sets a field of the act; the kind has it. */
void draft_set(struct draft *draft, const char *name, struct bytes value);

/* Whether every field has its form; otherwise which has not is told. */
bool draft_fields_hold(struct command *command, const struct draft *draft);

/* Fills in `replaces`, where the kind has it, from the record that stands. The other fields hold. */
void draft_replace(struct command *command, struct draft *draft);

/* Looks at the fields, fills in `replaces`, tries the act, and does with it what the options say. An exit code. */
int draft_finish(struct command *command, struct draft *draft);

/* The same of an act whose fields are all set. */
int draft_finish_as_is(struct command *command, struct draft *draft);

#endif
