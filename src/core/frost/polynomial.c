/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/polynomial.h"

#include <string.h>

#include "curve/multiple.h"
#include "frost/secret.h"

void polynomial_evaluate(uint8_t value[FROST_SCALAR_SIZE], const uint8_t *coefficients,
                         size_t count, uint16_t x)
{
	struct public_scalar at = scalar_of(x);

	/* Horner, from the highest coefficient down */
	memset(value, 0, FROST_SCALAR_SIZE);
	for (size_t k = count; k-- > 0;) {
		secret_multiply(value, value, at.octet);
		secret_add(value, value, coefficients + k * FROST_SCALAR_SIZE);
	}
}

void polynomial_commit(uint8_t *commitment, const uint8_t *coefficients, size_t count)
{
	for (size_t k = 0; k < count; k++)
		secret_multiply_base(commitment + k * FROST_ELEMENT_SIZE,
		                     coefficients + k * FROST_SCALAR_SIZE);
}

void polynomial_commitment_step(struct point *value, uint16_t x, const struct point *A)
{
	point_multiply_small(value, x, value);
	point_add(value, value, A);
}
