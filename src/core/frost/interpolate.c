/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/interpolate.h"

#include "base/must.h"

/* x_i times the product of all (x_j - x_i), the denominator when every x_j is above the line */
static struct public_scalar denominator(const uint16_t *identifiers, size_t count, size_t i)
{
	struct public_scalar x = scalar_of(identifiers[i]), product = x;

	for (size_t j = 0; j < count; j++)
		if (j != i) {
			struct public_scalar other = scalar_of(identifiers[j]);

			other = scalar_subtract(&other, &x);
			product = scalar_multiply(&product, &other);
		}
	return product;
}

void frost_interpolating_values(struct public_scalar *lambda, const uint16_t *identifiers,
                                size_t count)
{
	struct public_scalar before[FROST_PARTICIPANTS_MAX], all = scalar_of(1);

	must(count <= FROST_PARTICIPANTS_MAX);
	for (size_t i = 0; i < count; i++) {
		struct public_scalar x = scalar_of(identifiers[i]);

		all = scalar_multiply(&all, &x);
		lambda[i] = denominator(identifiers, count, i);
	}
	scalars_invert(lambda, count, before);
	for (size_t i = 0; i < count; i++)
		lambda[i] = scalar_multiply(&lambda[i], &all);
}
