/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_HOLDING_H
#define COMITY_COMMONS_HOLDING_H

/* holding.h - whether a name may be changed at all now, whoever asks. */

#include "commons/commons.h"

/*
 * While arbitrators have frozen it the delegation stays as it is, and the addresses below it with it, but for dropping
 * DS (REASON_STILL); once it was taken from its holder, only an interim operator changes it (REASON_VACANT). `hands`: it
 * would pass on, or end; not while somebody operates it in the holder's place (REASON_OPERATED).
 */
bool holding_may_change(const struct commons *commons, struct bytes label, bool hands, struct refusal *refusal);

#endif
