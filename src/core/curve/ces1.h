/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CURVE_CES1_H
#define COMITY_CURVE_CES1_H

/*
 * ces1.h - is this Ed25519 signature valid? Rule CES-1 (comity-ledger(5), SIGNATURES).
 *
 * Libraries disagree on crafted signatures, and one library disagrees with its
 * own next version. So Ed25519 is specified by us. (R || S) is valid under key A
 * for message M if and only if
 *
 *   A is the canonical encoding of a point of the prime-order subgroup, and not
 *     of the identity;
 *   S < L;
 *   R is canonical and not the identity; and
 *   [S]B - [h]A, encoded, equals R octet for octet, h = SHA-512(R || A || M)
 *     (RFC 8032 section 5.1.7 without the cofactor).
 *
 * All arithmetic is ours; from libsodium come SHA-512 and reduction modulo L,
 * about which nobody disagrees. There is no verification in batches: validity
 * must not be a coin toss. PUBLIC DATA ONLY.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "curve/straus.h"

#define CES1_KEY_SIZE       32 /* octets */
#define CES1_SIGNATURE_SIZE 64 /* octets, R || S */

/*
 * A valid public key, decoded once, with the tables that make verification fast.
 * About 2.6 KB. ces1_key_read() is the only door in.
 */
struct ces1_key {
	uint8_t octet[CES1_KEY_SIZE];
	struct addend odd[ODD_COUNT];      /* odd multiples of -A */
	struct addend high_odd[ODD_COUNT]; /* and of -2^128 A */
};

/* False, and `*key` undefined, when the octets are not a valid public key. */
bool ces1_key_read(struct ces1_key *key, const uint8_t octets[CES1_KEY_SIZE]) CHECKED;

bool ces1_key_verify(const struct ces1_key *key, struct bytes message,
                     const uint8_t signature[CES1_SIGNATURE_SIZE]) CHECKED;

/* The same two questions for a key that is met once. */
bool ces1_public_key_valid(const uint8_t key[CES1_KEY_SIZE]) CHECKED;
bool ces1_verify(const uint8_t key[CES1_KEY_SIZE], struct bytes message,
                 const uint8_t signature[CES1_SIGNATURE_SIZE]) CHECKED;

#endif
