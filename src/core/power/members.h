/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_POWER_MEMBERS_H
#define COMITY_POWER_MEMBERS_H

/* members.h - a membership to check a charter over (comity-charter(7), CHECK, Members). */

#include "charter/charter.h"
#include "charter/judge.h"

#define MEMBERS_SIZE_MAX 65536 /* octets of text */

/*
 * Reads `text`: a line for each party, its name, a blank, its kind. Weights are the charter's. On OK
 * `*parties` lives in `arena`, points into `text`, and has 1 to 512 parties; otherwise `*fault` says
 * where and why. MISHAP_SHORT (no party, or a last line without end), MISHAP_LIMIT (too many),
 * MISHAP_MALFORMED.
 */
enum mishap members_read(struct bytes text, const struct charter *charter, struct arena *arena,
                         struct charter_party **parties, size_t *count,
                         struct charter_fault *fault) CHECKED;

#endif
