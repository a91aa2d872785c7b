/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_SIGN_H
#define COMITY_FROST_SIGN_H

/*
 * sign.h - round two (RFC 9591 section 5.2): a participant's share of the signature.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/mishap.h"
#include "frost/commit.h"
#include "frost/session.h"
#include "frost/suite.h"

/*
 * sign(identifier, sk_i, group_public_key, nonce_i, msg, commitment_list), where
 * everything public is in the session and the identifier is the one at `index`
 * of its set. The caller has made the message itself (RFC 9591 section 5.2: check
 * it, or be a signing oracle), and has recorded that these nonces are used.
 *
 * `secret_share` is SECRET and stays the caller's. `nonces` are SINGLE USE: they
 * are wiped whatever this returns.
 * MISHAP_MALFORMED: the commitments at `index` are not those of these nonces; so
 * also for nonces that were used before. `sig_share` is then all zeros.
 */
enum mishap frost_sign(uint8_t sig_share[FROST_SCALAR_SIZE], struct frost_nonces *nonces,
                       const uint8_t secret_share[FROST_SCALAR_SIZE],
                       const struct frost_session *session, size_t index) CHECKED;

#endif
