/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/secret.h"

#include "base/must.h"

void secret_add(uint8_t sum[FROST_SCALAR_SIZE], const uint8_t a[FROST_SCALAR_SIZE],
                const uint8_t b[FROST_SCALAR_SIZE])
{
	crypto_core_ed25519_scalar_add(sum, a, b);
}

void secret_subtract(uint8_t rest[FROST_SCALAR_SIZE], const uint8_t a[FROST_SCALAR_SIZE],
                     const uint8_t b[FROST_SCALAR_SIZE])
{
	crypto_core_ed25519_scalar_sub(rest, a, b);
}

void secret_multiply(uint8_t product[FROST_SCALAR_SIZE], const uint8_t a[FROST_SCALAR_SIZE],
                     const uint8_t b[FROST_SCALAR_SIZE])
{
	crypto_core_ed25519_scalar_mul(product, a, b);
}

void secret_of_hash(uint8_t scalar[FROST_SCALAR_SIZE], crypto_hash_sha512_state *hash)
{
	uint8_t wide[crypto_hash_sha512_BYTES];

	crypto_hash_sha512_final(hash, wide);
	crypto_core_ed25519_scalar_reduce(scalar, wide);
	sodium_memzero(wide, sizeof(wide));
	sodium_memzero(hash, sizeof(*hash));
}

void secret_multiply_base(uint8_t element[FROST_ELEMENT_SIZE],
                          const uint8_t scalar[FROST_SCALAR_SIZE])
{
	/* -1 says that the scalar is zero; the identity is then written all the same, and
	 * secret_test.c sees to it. A dealer can make a share of zero, so it must be one. */
	int zero = crypto_scalarmult_ed25519_base_noclamp(element, scalar);

	(void)zero;
}

void secret_multiply_element(uint8_t product[FROST_ELEMENT_SIZE],
                             const uint8_t scalar[FROST_SCALAR_SIZE],
                             const uint8_t element[FROST_ELEMENT_SIZE])
{
	int failed = crypto_scalarmult_ed25519_noclamp(product, scalar, element);

	must(failed == 0);
}

#define STACK_SIZE 4096 /* octets; more than any of the functions above needs */

__attribute__((noinline)) void secret_forget(void)
{
	uint8_t stack[STACK_SIZE];

	sodium_memzero(stack, sizeof(stack));
}
