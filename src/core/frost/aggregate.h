/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_AGGREGATE_H
#define COMITY_FROST_AGGREGATE_H

/*
 * aggregate.h - from shares to one RFC 8032 signature (RFC 9591 sections 5.3, 5.4).
 *
 * A signature that comes out of here holds under rule CES-1 (curve/ces1.h): the
 * strict, cofactorless check that every DNSSEC validator agrees with. Where it
 * does not hold, whoever is to blame is named.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mishap.h"
#include "frost/session.h"
#include "frost/suite.h"

/* Whose shares were bad: indices in the session's set, ascending. */
struct frost_culprits {
	uint16_t count;
	uint16_t index[FROST_PARTICIPANTS_MAX];
};

/*
 * verify_signature_share: does the share of the member at `index` fit its own
 * commitments and verification share? False also when it is not canonical.
 */
bool frost_verify_signature_share(const struct frost_session *session, size_t index,
                                  const uint8_t sig_share[FROST_SCALAR_SIZE]) CHECKED;

/*
 * aggregate(): `sig_shares` has one share for each member of the set, in its
 * order, FROST_SCALAR_SIZE octets each; `message` is the one the session was
 * opened with. The signature is verified before anything else; only when it
 * fails is every share looked at.
 * MISHAP_MALFORMED: no signature; `*culprits` says why, and `signature` is all
 * zeros. `*culprits` is not touched on OK.
 */
enum mishap frost_aggregate(uint8_t signature[FROST_SIGNATURE_SIZE],
                            const struct frost_session *session, const uint8_t *sig_shares,
                            struct bytes message, struct frost_culprits *culprits) CHECKED;

#endif
