/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_TLD_H
#define COMITY_COMITY_TLD_H

/* tld.h - what commands about TLDs share. */

#include "prog/comity/view.h"

/* The label a person means: "aur", ".aur" and "aur." are one. Whether it is one is not looked at. */
struct bytes tld_label(const char *argument);

/* The holding of that label; false, and refused in words, when nobody holds it. */
bool tld_holding(struct command *command, const struct view *view, struct bytes label,
                 struct holding *holding);

#endif
