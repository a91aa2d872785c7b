/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_INTERPOLATE_H
#define COMITY_FROST_INTERPOLATE_H

/*
 * interpolate.h - derive_interpolating_value of RFC 9591 section 4.2, for a whole
 * list at once. Public.
 */

#include <stddef.h>
#include <stdint.h>

#include "frost/suite.h"

/*
 * lambda[i] = the product over j != i of x_j / (x_j - x_i): with it, the value at
 * zero of a polynomial of degree below `count` is the sum of lambda[i] * f(x_i).
 * The identifiers are `count` different numbers, none zero, at most
 * FROST_PARTICIPANTS_MAX.
 */
void frost_interpolating_values(struct public_scalar *lambda, const uint16_t *identifiers,
                                size_t count);

#endif
