/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_OPERATORS_H
#define COMITY_COMITY_OPERATORS_H

/* operators.h - whose key acts in a party's name, and what it did (comity-act(5), OPERATORS and BATCH). */

#include "note/note.h"
#include "prog/comity/view.h"
#include "state/mandate.h"

/* The act key of a home that is an operator's, in the command's memory. False: told. */
bool operator_key(struct command *command, struct note_key *key);

/* The operator whose key signed the note alone; false when a party's did. */
bool note_operator(const struct note *note, struct bytes *operator);

/*
 * The key of an operator that this line is by, as a mandate that stands or one of the public log names it.
 * False: none does.
 */
bool operator_key_of_line(struct command *command, const struct view *view, const struct note_signature *line,
                          struct note_key *key);

/* "*" as people say it. */
struct bytes tld_or_every(const struct command *command, struct bytes tld);

/* The results of the batch of that id, as a table, or as the array "items" of an object that is open; false
 * when there are none. */
bool tell_batch(struct command *command, const struct view *view, struct bytes act);
bool json_batch(struct command *command, const struct view *view, struct bytes act);

#endif
