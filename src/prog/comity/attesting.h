/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_ATTESTING_H
#define COMITY_COMITY_ATTESTING_H

/* attesting.h - the technical checks that a proposal waits for, or failed by; and who attests. */

#include "prog/comity/view.h"

/* What the checks of that proposal say; nothing, or null, when it has none. */
void tell_checks(struct command *command, const struct view *view, struct bytes id);
void json_checks(struct command *command, const char *key, const struct view *view, struct bytes id);

/* The parties that have a duty key, blanks between, or "none"; in the command's memory. */
struct bytes attesters_text(struct command *command, const struct view *view);

#endif
