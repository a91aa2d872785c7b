/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIM_STANDING_H
#define COMITY_SIM_STANDING_H

/*
 * standing.h - a federation that stands: seven equals, some TLDs imported, three keys that nobody holds, a first
 * release. From there a test looks at what goes on by itself.
 */

#include "prog/sim/federation.h"

#define STANDING_START 1795352400 /* 2026-11-22T13:00:00Z */
#define STANDING_TLDS  16 /* t00 to t15, each with NS, DS, A and AAAA; party-01 holds all */

/* Founds it and waits for its first release; stops the process when there is none. Prints the seed. */
struct federation *standing_federation(uint64_t seed);

/* The zone that is published, its signatures in it; valid until the next release. */
const struct work *standing_zone(const struct federation *f);

/* Ticks until a release with another serial than `serial` has entered and nothing is open, or that much time
 * has passed. */
bool standing_released(struct federation *f, uint32_t serial, int64_t seconds);

uint32_t standing_serial(const struct federation *f);

#endif
