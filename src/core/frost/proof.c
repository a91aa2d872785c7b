/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/proof.h"

#include <string.h>

#include "curve/multiple.h"
#include "frost/domain.h"
#include "frost/secret.h"

static struct public_scalar proof_challenge(const char *label, struct bytes context,
                                            const uint8_t element[FROST_ELEMENT_SIZE],
                                            const uint8_t R[FROST_ELEMENT_SIZE])
{
	crypto_hash_sha512_state hash;

	domain_begin(&hash, label);
	crypto_hash_sha512_update(&hash, context.at, context.size);
	crypto_hash_sha512_update(&hash, element, FROST_ELEMENT_SIZE);
	crypto_hash_sha512_update(&hash, R, FROST_ELEMENT_SIZE);
	return frost_hash_scalar(&hash);
}

void proof_make(uint8_t proof[PROOF_SIZE], const char *label, struct bytes context,
                const uint8_t element[FROST_ELEMENT_SIZE],
                const uint8_t secret[FROST_SCALAR_SIZE], const uint8_t seed[SEED_SIZE])
{
	uint8_t nonce[FROST_SCALAR_SIZE], product[FROST_SCALAR_SIZE];
	struct bytes text = bytes_of(label);
	crypto_hash_sha512_state hash;
	struct public_scalar c;

	domain_begin(&hash, "proof nonce");
	crypto_hash_sha512_update(&hash, seed, SEED_SIZE);
	crypto_hash_sha512_update(&hash, secret, FROST_SCALAR_SIZE);
	domain_number(&hash, (uint16_t)text.size);
	crypto_hash_sha512_update(&hash, text.at, text.size);
	crypto_hash_sha512_update(&hash, context.at, context.size);
	crypto_hash_sha512_update(&hash, element, FROST_ELEMENT_SIZE);
	secret_of_hash(nonce, &hash);

	/* R = nonce B, z = nonce + c s */
	secret_multiply_base(proof, nonce);
	c = proof_challenge(label, context, element, proof);
	secret_multiply(product, secret, c.octet);
	secret_add(proof + FROST_ELEMENT_SIZE, nonce, product);

	sodium_memzero(nonce, sizeof(nonce));
	sodium_memzero(product, sizeof(product));
	secret_forget();
}

bool proof_check(const uint8_t proof[PROOF_SIZE], const char *label, struct bytes context,
                 const uint8_t element[FROST_ELEMENT_SIZE])
{
	uint8_t R[FROST_ELEMENT_SIZE];
	struct public_scalar z, c;
	struct point Y, sum;

	if (!scalar_read(&z, proof + FROST_ELEMENT_SIZE) || !point_read(&Y, element))
		return false;
	/* R = z B - c Y, octet for octet: so R is canonical too. */
	c = proof_challenge(label, context, element, proof);
	c = scalar_negate(&c);
	points_combine(&sum, &z, &c, &Y, 1);
	point_write(R, &sum);
	return memcmp(R, proof, FROST_ELEMENT_SIZE) == 0;
}
