/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_POLYNOMIAL_H
#define COMITY_FROST_POLYNOMIAL_H

/*
 * polynomial.h - Shamir's secret sharing and Feldman's commitment to it (RFC 9591
 * appendix C.1 and C.2).
 *
 * f(x) = a_0 + a_1 x + .. + a_(count-1) x^(count-1) modulo L. The coefficients
 * are SECRET, `count` times FROST_SCALAR_SIZE octets, a_0 first; the commitment
 * to them, A_k = a_k B, is public, `count` times FROST_ELEMENT_SIZE octets.
 */

#include <stddef.h>
#include <stdint.h>

#include "curve/point.h"
#include "frost/suite.h"

/* polynomial_evaluate: f(x). SECRET. */
void polynomial_evaluate(uint8_t value[FROST_SCALAR_SIZE], const uint8_t *coefficients,
                         size_t count, uint16_t x);

/* vss_commit: A_0 .. A_(count-1). */
void polynomial_commit(uint8_t *commitment, const uint8_t *coefficients, size_t count);

/*
 * One step of Horner's rule for f(x) B from the commitment alone, from A_(count-1)
 * down to A_0, beginning with the identity: value = x * value + A.
 */
void polynomial_commitment_step(struct point *value, uint16_t x, const struct point *A);

#endif
