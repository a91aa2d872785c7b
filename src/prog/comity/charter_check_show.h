/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_CHARTER_CHECK_SHOW_H
#define COMITY_COMITY_CHARTER_CHECK_SHOW_H

/* charter_check_show.h - a check of a charter for programs, and as a picture. */

#include "power/members.h"
#include "prog/comity/charter_check_words.h"

/* A number in decimal. */
struct bytes natural_text(const struct command *command, const struct natural *number);

/* One JSON object on standard output. */
void check_json(struct command *command, const struct looked *looked);

/* An SVG picture (W3C SVG 1.1, no script, no font of its own): for each rule that more than one decides, the power of each
 * class of parties as bars; and the table of coalitions. In the command's memory. */
struct bytes check_svg(struct command *command, const struct looked *looked);

#endif
