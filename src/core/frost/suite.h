/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_SUITE_H
#define COMITY_FROST_SUITE_H

/*
 * suite.h - FROST(Ed25519, SHA-512), the ciphersuite of RFC 9591 section 6.1.
 *
 * Scalars are 32 octets, little endian, below L; elements are 32 octets as in
 * RFC 8032 section 5.1.2, never the identity, always of prime order. An
 * identifier is a scalar too: 32 octets wherever it is hashed, though ours are
 * small enough for a uint16_t.
 */

#include <sodium.h>
#include <stdint.h>

#include "curve/scalar.h"

#define FROST_SCALAR_SIZE    32
#define FROST_ELEMENT_SIZE   32
#define FROST_SIGNATURE_SIZE 64 /* R || z, as RFC 8032 has it */

#define FROST_PARTICIPANTS_MAX 256   /* members of a group */
#define FROST_IDENTIFIER_MAX   65535 /* the least is 1 */

/*
 * Begins H1 (tag "rho"), H3 ("nonce"), H4 ("msg") or H5 ("com"): SHA-512 over
 * contextString || tag || what the caller adds. H2 is plain SHA-512, which is
 * what makes the signatures those of RFC 8032.
 */
void frost_hash_begin(crypto_hash_sha512_state *hash, const char *tag);

/* Ends H1 or H2 of PUBLIC data: the digest modulo L. */
struct public_scalar frost_hash_scalar(crypto_hash_sha512_state *hash);

#endif
