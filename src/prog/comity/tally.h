/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_TALLY_H
#define COMITY_COMITY_TALLY_H

/* tally.h - how a proposal stands: what the charter's judge says of it, and who may still speak. */

#include "charter/judge.h"
#include "commons/proposal.h"
#include "prog/comity/view.h"

/* The case of an open proposal; its parties are in the command's memory. */
struct charter_case tally_case(struct command *command, const struct view *view,
                               const struct proposal *proposal);

/* Why it stands as it stands, in one line, as the charter's judge says. */
struct bytes tally_text(struct command *command, const struct view *view,
                        const struct proposal *proposal);

/* Whether the home's party could vote at this moment, and its vote would count; or object. It is tried:
 * what was read from the state before is to be read again. `id` lives elsewhere. */
bool tally_may_vote(struct command *command, struct view *view, struct bytes id);
bool tally_may_object(struct command *command, struct view *view, struct bytes id);

/* The act that is proposed; false when it has ended and its text is only in the log. */
bool proposal_act(struct command *command, const struct proposal *proposal, struct act *act);

/* Until when an open proposal hears objections. */
struct ledger_time tally_objection_end(const struct view *view, const struct proposal *proposal);

/* When what is open, or waits, comes to its end. */
struct ledger_time proposal_deadline(const struct proposal *proposal);

/* How it stands, in a line or two; the same as an object. */
void tell_proposal_standing(struct command *command, const struct view *view,
                            const struct proposal *proposal);
void json_proposal_standing(struct command *command, const char *key, const struct view *view,
                            const struct proposal *proposal);

#endif
