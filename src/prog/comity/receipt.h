/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_RECEIPT_H
#define COMITY_COMITY_RECEIPT_H

/* receipt.h - submitting, and telling what became of it: entered, refused and why, what next. */

#include "commons/refusal.h"
#include "prog/comity/view.h"

/* Submits a note and tells what became of it. An exit code. */
int note_submit(struct command *command, struct bytes note);

/* Tells a refusal: what the node said, or what we found without it. EXIT_NO. */
int tell_refusal(struct command *command, const struct refusal *refusal);

/* Tells what became of an act that entered: that it took effect, or how the proposal stands that it
 * is, or that it speaks on. The view has it. `now`: it has just entered. */
void tell_outcome(struct command *command, const struct view *view, const struct act *act, bool now);

#endif
