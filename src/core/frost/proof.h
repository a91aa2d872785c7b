/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_PROOF_H
#define COMITY_FROST_PROOF_H

/*
 * proof.h - Schnorr's proof that one knows the secret s of an element Y = s B.
 *
 * R || z, where c = H(label: context || Y || R) and z B = R + c Y (domain.h). It
 * holds for one label and one context, so it can be neither replayed elsewhere
 * nor copied by somebody else whose name is in the context.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "frost/suite.h"

#define PROOF_SIZE (FROST_ELEMENT_SIZE + FROST_SCALAR_SIZE)
#define SEED_SIZE  32

/*
 * `secret` and `seed` are SECRET. The nonce is H("proof nonce": seed || secret ||
 * size of the label || label || context || Y): the same arguments give the same
 * proof, and different ones another nonce.
 */
void proof_make(uint8_t proof[PROOF_SIZE], const char *label, struct bytes context,
                const uint8_t element[FROST_ELEMENT_SIZE],
                const uint8_t secret[FROST_SCALAR_SIZE], const uint8_t seed[SEED_SIZE]);

/* `element` is one (suite.h), which is for the caller to know. */
bool proof_check(const uint8_t proof[PROOF_SIZE], const char *label, struct bytes context,
                 const uint8_t element[FROST_ELEMENT_SIZE]) CHECKED;

#endif
