/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_COMMIT_H
#define COMITY_FROST_COMMIT_H

/*
 * commit.h - round one (RFC 9591 section 5.1): nonces, and commitments to them.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"
#include "curve/point.h"
#include "curve/subgroup.h"
#include "frost/nonce.h"
#include "frost/suite.h"

/* hiding_nonce_commitment || binding_nonce_commitment: what a pool publishes. */
#define FROST_COMMITMENT_SIZE (2 * FROST_ELEMENT_SIZE)

/*
 * SECRET and SINGLE USE. frost_sign() takes the nonces of one pair and leaves
 * nothing but zeros, whatever it returns; zeros are refused as no commitment.
 */
struct frost_nonces {
	uint8_t hiding_nonce[FROST_SCALAR_SIZE];
	uint8_t binding_nonce[FROST_SCALAR_SIZE];
	uint8_t commitment[FROST_COMMITMENT_SIZE]; /* public */
};

/*
 * commit(sk_i). `random` is two times FROST_RANDOM_SIZE octets, fresh and
 * unpredictable for every call, wiped by the caller. No failure.
 */
void frost_commit(struct frost_nonces *nonces, const uint8_t random[2 * FROST_RANDOM_SIZE],
                  const uint8_t secret_share[FROST_SCALAR_SIZE]);

/*
 * Somebody's published pair, read and checked: both points canonical, not the
 * identity, of prime order. frost_commitments_read() is the only door in. Kept
 * so that no session has to take a square root again.
 */
struct frost_commitment {
	struct packed_point hiding, binding;
};

#define FROST_COMMITMENTS_SCRATCH SUBGROUP_SCRATCH /* octets */

/*
 * Reads `count` pairs, FROST_COMMITMENT_SIZE octets each, a whole pool at best:
 * long lists are checked in one sweep (curve/subgroup.h: with a mistake of 2^-40,
 * which would be harmless: the aggregate is verified strictly, and the share
 * check names whoever posted the pair).
 * MISHAP_SHORT or MISHAP_TRAILING: octets are not exactly `count` pairs.
 * MISHAP_MALFORMED: `*bad` is the index of the first bad pair, and `list` undefined.
 * The scratch arena goes back to where it was.
 */
enum mishap frost_commitments_read(struct frost_commitment *list, size_t count,
                                   struct bytes octets, size_t *bad,
                                   struct arena *scratch) CHECKED;

void frost_commitment_write(uint8_t octets[FROST_COMMITMENT_SIZE],
                            const struct frost_commitment *commitment);

#endif
