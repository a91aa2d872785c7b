/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_CROWDING_H
#define COMITY_COMMONS_CROWDING_H

/*
 * crowding.h - the state has bounds, far below the memory that it lives in (comity-act(5), BOUNDS).
 *
 *     spent/<party>    what it entered since a time, in days of life; gone after 24 hours
 *
 * Half full, the state takes from each party only so much a day: an act counts by the days that it is
 * remembered, which are those until its `until`. Full, it takes what keeps the federation going: custody,
 * votes, what gives up or takes back, and what the parties decide against an abuse. What one party enters
 * then, and what time does by itself, finds room in what is left.
 */

#include "commons/commons.h"

#define CROWDING_RECORDS ((size_t)1 << 20)   /* a node has room for four times as many */
#define CROWDING_OCTETS  ((size_t)256 << 20) /* and for seven times as many */
#define CROWDING_DAYS    2000                /* of life, that a party may enter in 24 hours */

/* Whether the state takes the act, which counts then. REASON_FULL, REASON_CROWDED. */
bool crowding_takes(struct commons *commons, const struct signed_act *act, struct refusal *refusal);

#endif
