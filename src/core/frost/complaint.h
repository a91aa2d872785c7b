/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_COMPLAINT_H
#define COMITY_FROST_COMPLAINT_H

/*
 * complaint.h - "what this dealer gave me is no share": said in public, and judged
 * by computation, so that every node finds the same one guilty.
 *
 * A complaint opens the pad of one share: it reveals K = sk_j E, and proves by
 * Chaum and Pedersen (CRYPTO 1992) that the logarithm of K to the base E is that of
 * the complainer's encryption key to the base B. Nothing else is revealed, and the
 * share it reveals is void, for the session ends or the deal is left out.
 *
 * Wire form, FROST_COMPLAINT_SIZE octets:
 *
 *     2   dealer, its identifier
 *     2   complainer, its identifier
 *    32   K
 *    32   c = H("complaint": sid || dealer || complainer || ek || E || K || w B || w E)
 *    32   z = w + c sk
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "frost/deal.h"
#include "frost/keygen.h"

#define FROST_COMPLAINT_SIZE 100

enum frost_guilty { FROST_GUILTY_DEALER = 1, FROST_GUILTY_COMPLAINER = 2 };

struct frost_complaint {
	uint16_t dealer, complainer; /* identifiers */
	const uint8_t *K, *proof;    /* borrowed; not judged yet */
};

/*
 * Complains about `deal`, for the member at `index`. `secret_key` and `seed` are
 * SECRET. The nonce of the proof is H("complaint nonce": seed || secret_key || sid
 * || dealer || complainer || E).
 */
void frost_complaint_make(uint8_t complaint[FROST_COMPLAINT_SIZE],
                          const struct frost_keygen *keygen, const struct frost_deal *deal,
                          size_t index, const uint8_t secret_key[FROST_SCALAR_SIZE],
                          const uint8_t seed[SEED_SIZE]);

/*
 * Takes the octets apart. MISHAP_SHORT, MISHAP_TRAILING; MISHAP_MALFORMED when the
 * complainer is no member or the dealer does not deal. That the complainer is who
 * sent it, and that there is such a deal, is for the caller to see to.
 */
enum mishap frost_complaint_read(struct frost_complaint *complaint,
                                 const struct frost_keygen *keygen,
                                 struct bytes octets) CHECKED;

/*
 * Who is guilty? The complainer, if the proof does not hold or the opened share
 * fits; else the dealer. `deal` is that of complaint->dealer, and was accepted.
 */
enum frost_guilty frost_complaint_judge(const struct frost_complaint *complaint,
                                        const struct frost_keygen *keygen,
                                        const struct frost_deal *deal) CHECKED;

#endif
