/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_DOMAIN_H
#define COMITY_FROST_DOMAIN_H

/*
 * domain.h - the hashes of key generation, each in a domain of its own.
 *
 * RFC 9591 leaves key generation to its users, so these are ours:
 *
 *     SHA-512("comity-keygen/1" || size of the label, one octet || label || ..)
 *
 * and what follows has a fixed size for each label, or says its size. Numbers
 * are 16 bits, big endian. A scalar is the digest, little endian, modulo L
 * (frost_hash_scalar(), or secret_of_hash() when it is SECRET). A digest is
 * SHA-512/256 of the same (FIPS 180-4 section 6.7).
 */

#include <sodium.h>
#include <stdint.h>

#define DOMAIN_DIGEST_SIZE 32

void domain_begin(crypto_hash_sha512_state *hash, const char *label);
void domain_number(crypto_hash_sha512_state *hash, uint16_t number);

void domain_digest_begin(crypto_hash_sha512_state *hash, const char *label);
void domain_digest_end(crypto_hash_sha512_state *hash, uint8_t digest[DOMAIN_DIGEST_SIZE]);

#endif
