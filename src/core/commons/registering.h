/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_REGISTERING_H
#define COMITY_COMMONS_REGISTERING_H

/*
 * registering.h - registers in the commons: what they say of parties, of acts, and in time
 * (comity-charter(7), REGISTERS).
 *
 * The timer "register/id" stands at the next date on which an entry begins or ends. Nothing here
 * touches what a party holds; votes are for the charter, by what a case finds when it opens.
 */

#include "charter/judge.h"
#include "commons/commons.h"
#include "registers/recognition.h"

/* Puts what every register says of every party now, and sets the timers. */
void registers_look(struct commons *commons);

/* The party left the federation: nothing is said of it any more. */
void registers_party_left(struct commons *commons, struct bytes party);

/* Writes, a blank before each, the registers of chambers of the charter that the party does not stand in. */
void registering_write_unlisted(const struct commons *commons, struct bytes party, struct writer *writer);

/* "register" lines of a case that opens: what those that the rule asks say of the act. In the scratch. */
struct bytes registering_lines(struct commons *commons, const struct act *act, const struct charter_rule *rule);

/* Such lines, as a case has them; in the arena. */
const struct charter_listing *registering_listings(struct bytes lines, struct arena *arena, size_t *count);

/* Whether each chamber of that charter which a register recognises has, of the parties of its kinds, one whose entry
 * stands and has no end; or no party of its kinds, or no such register is adopted. */
bool registering_leaves_somebody(struct commons *commons, const struct charter *charter);

#endif
