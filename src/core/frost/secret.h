/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_SECRET_H
#define COMITY_FROST_SECRET_H

/*
 * secret.h - arithmetic with SECRET scalars: libsodium's, and nobody else's.
 *
 * A secret is 32 octets below L, held by the caller, who wipes it. Nothing here
 * branches or indexes on one, with a single exception: libsodium's own last look
 * at whether a multiple is the identity, that is, whether the secret is zero.
 * Results may be written over arguments.
 */

#include <sodium.h>
#include <stdint.h>

#include "frost/suite.h"

void secret_add(uint8_t sum[FROST_SCALAR_SIZE], const uint8_t a[FROST_SCALAR_SIZE],
                const uint8_t b[FROST_SCALAR_SIZE]);
void secret_subtract(uint8_t rest[FROST_SCALAR_SIZE], const uint8_t a[FROST_SCALAR_SIZE],
                     const uint8_t b[FROST_SCALAR_SIZE]);
void secret_multiply(uint8_t product[FROST_SCALAR_SIZE], const uint8_t a[FROST_SCALAR_SIZE],
                     const uint8_t b[FROST_SCALAR_SIZE]);

/* Ends a SHA-512 of something secret: the digest modulo L. Wipes the digest and `*hash`. */
void secret_of_hash(uint8_t scalar[FROST_SCALAR_SIZE], crypto_hash_sha512_state *hash);

/* ScalarBaseMult of RFC 9591 section 3.1, encoded; the encoding of the identity for zero. */
void secret_multiply_base(uint8_t element[FROST_ELEMENT_SIZE],
                          const uint8_t scalar[FROST_SCALAR_SIZE]);

/* ScalarMult: of an element known to be one (suite.h), by a scalar that is not zero. */
void secret_multiply_element(uint8_t product[FROST_ELEMENT_SIZE],
                             const uint8_t scalar[FROST_SCALAR_SIZE],
                             const uint8_t element[FROST_ELEMENT_SIZE]);

/*
 * Overwrites the stack below the caller. libsodium's functions leave copies of
 * their arguments there (1.0.18: crypto_core_ed25519_scalar_add); whoever called
 * any of the above calls this last. secret_test.c looks for leftovers.
 */
void secret_forget(void);

#endif
