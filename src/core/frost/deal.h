/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_DEAL_H
#define COMITY_FROST_DEAL_H

/*
 * deal.h - what a dealer posts: a polynomial, committed to, and its value for each
 * member under a pad that only this member can take off.
 *
 * Wire form, FROST_DEAL_SIZE(t, n) octets, t the session's min_participants and n
 * its members:
 *
 *    32      sid
 *     2      dealer, its identifier
 *     2      t
 *    32 t    A_0 .. A_(t-1), commitments to the coefficients
 *    64      proof of knowledge of a_0, for label "deal", context sid || dealer
 *    32      E = e B, the ephemeral key
 *    64      proof of knowledge of e, for label "ephemeral", context sid || dealer
 *    32 n    f(j) + pad_j for each member j, in order
 *
 * pad_j = H("pad": sid || dealer || j || E || K), K = e ek_j = sk_j E; ek_j is in
 * the sid. Without the second proof a dealer could post a bad deal under somebody
 * else's E, and each complaint about it would open a pad of that honest dealer:
 * in RESHARE, enough of them give away the share it deals.
 *
 * A struct frost_deal has passed frost_deal_check(), the only door in.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "frost/keygen.h"
#include "frost/suite.h"

#define FROST_DEAL_SIZE(t, n) (196 + 32 * (size_t)(t) + 32 * (size_t)(n))

struct frost_deal {
	struct bytes octets; /* borrowed; the rest points into them */
	uint16_t dealer;     /* identifier */
	const uint8_t
		*commitment; /* t elements, of which any but the first and last may be 0 */
	const uint8_t *proof;
	const uint8_t *ephemeral; /* an element */
	const uint8_t *ephemeral_proof;
	const uint8_t *padded_share; /* n scalars */
};

/*
 * Writes a deal of FROST_DEAL_SIZE octets. `dealer` is one of the session; `seed`
 * is SECRET (keygen.h). `secret_share` is SECRET too: in RESHARE the dealer's
 * share of the old group; in FRESH NULL. Everything else secret is wiped.
 */
void frost_deal_make(uint8_t *octets, const struct frost_keygen *keygen, uint16_t dealer,
                     const uint8_t seed[SEED_SIZE], const uint8_t *secret_share);

/*
 * Everything about a deal that everybody can check: size, session, a dealer of it,
 * the threshold; every point canonical and, each by itself and exactly, in the
 * subgroup of prime order; A_0, A_(t-1) and E not the identity; in RESHARE, A_0
 * the dealer's verification share; both proofs; scalars below L. On a mishap the
 * dealer has not dealt, which needs no dispute; `*deal` is then undefined.
 * MISHAP_SHORT, MISHAP_TRAILING, MISHAP_MALFORMED.
 */
enum mishap frost_deal_check(struct frost_deal *deal, const struct frost_keygen *keygen,
                             struct bytes octets) CHECKED;

/*
 * What the deal gives to the member at `index` of the session, whose encryption
 * secret key this is; both SECRET. False, and `partial_share` all zeros: BAD SHARE,
 * it does not fit the commitments, and is to be complained about (complaint.h).
 */
bool frost_deal_open(uint8_t partial_share[FROST_SCALAR_SIZE],
                     const struct frost_keygen *keygen, const struct frost_deal *deal,
                     size_t index, const uint8_t secret_key[FROST_SCALAR_SIZE]) CHECKED;

/* The same from K alone: for the judge of a complaint, to whom all of it is public. */
bool frost_deal_open_with(uint8_t partial_share[FROST_SCALAR_SIZE],
                          const struct frost_keygen *keygen, const struct frost_deal *deal,
                          size_t index, const uint8_t K[FROST_ELEMENT_SIZE]) CHECKED;

#endif
