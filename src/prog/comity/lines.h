/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_LINES_H
#define COMITY_COMITY_LINES_H

/* lines.h - which signature lines the note of an act must carry before a node takes it (comity-act(5)). */

#include "act/act.h"
#include "prog/comity/view.h"

/* The "key" lines of an act that gives a party keys: accede, rotate, rekey. Of others, nothing. */
struct bytes lines_keys(const struct act *act);

/* Takes of these the next act key that the party has not: it signs too. False at the end. */
bool lines_new_key(const struct view *view, const struct act *act, struct bytes *keys, struct note_key *key);

/* How many lines a party's acts carry; 0 when there is no such party. */
unsigned lines_of_party(const struct view *view, struct bytes name);

/* How many lines the act needs, besides a recipient's: its party's, and one of each new key. The view is as it was
 * before the act. */
unsigned lines_needed(const struct view *view, const struct act *act);

#endif
