/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_TLD_H
#define COMITY_COMITY_TLD_H

/* tld.h - what commands about TLDs share. */

#include "prog/comity/view.h"

/* The label a person means, in the command's memory: "aur", "AUR", ".aur" and "aur." are one (RFC 4343).
 * Whether it is one is not looked at. */
struct bytes tld_label(struct command *command, const char *argument);

/* The holding of that label; false, and refused in words, when nobody holds it. */
bool tld_holding(struct command *command, const struct view *view, struct bytes label,
                 struct holding *holding);

#endif
