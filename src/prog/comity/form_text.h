/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_FORM_TEXT_H
#define COMITY_COMITY_FORM_TEXT_H

/* form_text.h - what a value of a field of an act looks like, in the reader's language (comity-act(5), FIELDS). */

#include "act/kind.h"
#include "prog/comity/command.h"

/* "a time: 2026-11-22T13:00:00Z", in the command's memory. */
struct bytes form_text(const struct command *command, const struct act_field *field);

#endif
