/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_PARTY_H
#define COMITY_COMMONS_PARTY_H

#include "commons/commons.h"

/* A withdraw whose subject is the party: it leaves, when it holds nothing and no share of a key. */
bool party_withdraw(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal);

#endif
