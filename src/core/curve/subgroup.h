/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CURVE_SUBGROUP_H
#define COMITY_CURVE_SUBGROUP_H

/*
 * subgroup.h - is a point in the subgroup of prime order?
 *
 * edwards25519 has cofactor 8: to each point of that subgroup belong seven more
 * that differ from it by a point of order 2, 4 or 8, and that verifiers with and
 * without cofactor tell apart differently. The identity is in the subgroup.
 * PUBLIC DATA ONLY.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "curve/point.h"

/* Exactly: L * point = identity. */
bool point_in_subgroup(const struct point *point);

#define SUBGROUP_SCRATCH ((size_t)262144) /* octets, for a list of any length */

/*
 * Are all `count` points? True for every list that is. For a list that is not,
 * true by mistake with probability 2^-40 over `seed`, which must be a hash of
 * everything in the list: the answer is then the same on every machine, and
 * nobody can make a list that passes without about 2^40 trials. So where a
 * mistake would go unnoticed later, ask for each point instead; short lists are
 * asked so anyway. The scratch arena goes back to where it was.
 */
bool points_in_subgroup(const struct packed_point *points, size_t count, const uint8_t seed[64],
                        struct arena *scratch);

#endif
