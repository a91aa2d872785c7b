/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_STANDING_H
#define COMITY_COMMONS_STANDING_H

/*
 * standing.h - the records of what stands: the charter, its rules, the apex.
 *
 *     charter        version, digest, act, | text
 *     rule/<name>    since: the version from which on the rule is textually what it is
 *     apex           five lines (act/apex.h), act
 */

#include "commons/commons.h"

/*
 * Puts the charter `after`, whose text is `text`; `before` is NULL at the founding. Loads it.
 * False and REASON_SIGNERS, nothing changed, when it leaves too few signers, or too many.
 */
bool standing_put_charter(struct commons *commons, struct bytes text,
                          const struct charter *before, const struct charter *after,
                          struct bytes act, struct refusal *refusal);

void standing_put_apex(struct commons *commons, const struct apex *apex, struct bytes act);

#endif
