/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_CONFIRM_H
#define COMITY_FROST_CONFIRM_H

/*
 * confirm.h - "I hold my share of this group": the proof that ends a session.
 *
 * Wire form, FROST_CONFIRMATION_SIZE octets: the transcript, and a proof of
 * knowledge of the share (proof.h) for label "confirm", context transcript ||
 * identifier.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "frost/deal.h"
#include "frost/group.h"
#include "frost/keygen.h"

#define FROST_CONFIRMATION_SIZE (FROST_DIGEST_SIZE + PROOF_SIZE)

/*
 * What the session came to: SHA-512/256("transcript": sid || count || octets of
 * each deal, as frost_keygen_group() had them || digest of the group).
 */
void frost_transcript(uint8_t transcript[FROST_DIGEST_SIZE], const struct frost_keygen *keygen,
                      const struct frost_deal *deals, size_t count,
                      const struct frost_group *group);

/* `identifier` is a member. `secret_share` and `seed` are SECRET. */
void frost_confirm_make(uint8_t confirmation[FROST_CONFIRMATION_SIZE],
                        const uint8_t transcript[FROST_DIGEST_SIZE],
                        const struct frost_group *group, uint16_t identifier,
                        const uint8_t secret_share[FROST_SCALAR_SIZE],
                        const uint8_t seed[SEED_SIZE]);

/*
 * Does `identifier` confirm this transcript?
 * MISHAP_SHORT, MISHAP_TRAILING; MISHAP_MALFORMED: no member, another transcript,
 * or no proof.
 */
enum mishap frost_confirm_check(struct bytes confirmation,
                                const uint8_t transcript[FROST_DIGEST_SIZE],
                                const struct frost_group *group, uint16_t identifier) CHECKED;

#endif
