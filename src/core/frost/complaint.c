/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/complaint.h"

#include <string.h>

#include "base/must.h"
#include "curve/multiple.h"
#include "frost/domain.h"
#include "frost/secret.h"

#define HEADER_SIZE 4

/* c, over the statement and what w was committed to by. */
static struct public_scalar complaint_challenge(const struct frost_keygen *keygen,
                                                const struct frost_deal *deal, size_t index,
                                                const uint8_t K[FROST_ELEMENT_SIZE],
                                                const uint8_t wB[FROST_ELEMENT_SIZE],
                                                const uint8_t wE[FROST_ELEMENT_SIZE])
{
	const struct frost_member *member = &keygen->member[index];
	crypto_hash_sha512_state hash;

	domain_begin(&hash, "complaint");
	crypto_hash_sha512_update(&hash, keygen->sid, FROST_SID_SIZE);
	domain_number(&hash, deal->dealer);
	domain_number(&hash, member->identifier);
	crypto_hash_sha512_update(&hash, member->encryption_key, FROST_ELEMENT_SIZE);
	crypto_hash_sha512_update(&hash, deal->ephemeral, FROST_ELEMENT_SIZE);
	crypto_hash_sha512_update(&hash, K, FROST_ELEMENT_SIZE);
	crypto_hash_sha512_update(&hash, wB, FROST_ELEMENT_SIZE);
	crypto_hash_sha512_update(&hash, wE, FROST_ELEMENT_SIZE);
	return frost_hash_scalar(&hash);
}

static void nonce_make(uint8_t w[FROST_SCALAR_SIZE], const struct frost_keygen *keygen,
                       const struct frost_deal *deal, size_t index,
                       const uint8_t secret_key[FROST_SCALAR_SIZE],
                       const uint8_t seed[SEED_SIZE])
{
	crypto_hash_sha512_state hash;

	domain_begin(&hash, "complaint nonce");
	crypto_hash_sha512_update(&hash, seed, SEED_SIZE);
	crypto_hash_sha512_update(&hash, secret_key, FROST_SCALAR_SIZE);
	crypto_hash_sha512_update(&hash, keygen->sid, FROST_SID_SIZE);
	domain_number(&hash, deal->dealer);
	domain_number(&hash, keygen->member[index].identifier);
	crypto_hash_sha512_update(&hash, deal->ephemeral, FROST_ELEMENT_SIZE);
	secret_of_hash(w, &hash);
}

static void number_write(uint8_t at[2], uint16_t number)
{
	at[0] = (uint8_t)(number >> 8);
	at[1] = (uint8_t)number;
}

void frost_complaint_make(uint8_t complaint[FROST_COMPLAINT_SIZE],
                          const struct frost_keygen *keygen, const struct frost_deal *deal,
                          size_t index, const uint8_t secret_key[FROST_SCALAR_SIZE],
                          const uint8_t seed[SEED_SIZE])
{
	uint8_t *K = complaint + HEADER_SIZE, *c = K + FROST_ELEMENT_SIZE,
		*z = c + FROST_SCALAR_SIZE;
	uint8_t w[FROST_SCALAR_SIZE], wB[FROST_ELEMENT_SIZE], wE[FROST_ELEMENT_SIZE];
	struct public_scalar challenge;

	must(index < keygen->member_count);
	number_write(complaint, deal->dealer);
	number_write(complaint + 2, keygen->member[index].identifier);
	secret_multiply_element(K, secret_key, deal->ephemeral);

	nonce_make(w, keygen, deal, index, secret_key, seed);
	secret_multiply_base(wB, w);
	secret_multiply_element(wE, w, deal->ephemeral);
	challenge = complaint_challenge(keygen, deal, index, K, wB, wE);
	memcpy(c, challenge.octet, FROST_SCALAR_SIZE);
	secret_multiply(z, c, secret_key);
	secret_add(z, z, w);
	sodium_memzero(w, sizeof(w));
	secret_forget();
}

enum mishap frost_complaint_read(struct frost_complaint *complaint,
                                 const struct frost_keygen *keygen, struct bytes octets)
{
	size_t index;

	if (octets.size < FROST_COMPLAINT_SIZE)
		return MISHAP_SHORT;
	if (octets.size > FROST_COMPLAINT_SIZE)
		return MISHAP_TRAILING;
	complaint->dealer = (uint16_t)(octets.at[0] << 8 | octets.at[1]);
	complaint->complainer = (uint16_t)(octets.at[2] << 8 | octets.at[3]);
	complaint->K = octets.at + HEADER_SIZE;
	complaint->proof = complaint->K + FROST_ELEMENT_SIZE;
	if (!frost_keygen_deals(keygen, complaint->dealer) ||
	    !frost_keygen_find(keygen, complaint->complainer, &index))
		return MISHAP_MALFORMED;
	return OK;
}

/* w B = z B - c ek and w E = z E - c K give the same c? */
static bool proof_holds(const struct frost_complaint *complaint,
                        const struct frost_keygen *keygen, const struct frost_deal *deal,
                        size_t index)
{
	uint8_t wB[FROST_ELEMENT_SIZE], wE[FROST_ELEMENT_SIZE];
	struct public_scalar c, z, minus_c;
	struct point K, E, ek, part, sum;

	if (!scalar_read(&c, complaint->proof) ||
	    !scalar_read(&z, complaint->proof + FROST_SCALAR_SIZE) ||
	    !point_read_prime_order(&K, complaint->K) || !point_read(&E, deal->ephemeral) ||
	    !point_read(&ek, keygen->member[index].encryption_key))
		return false;
	minus_c = scalar_negate(&c);
	points_combine(&sum, &z, &minus_c, &ek, 1);
	point_write(wB, &sum);
	point_multiply(&part, &z, &E);
	point_multiply(&sum, &minus_c, &K);
	point_add(&sum, &sum, &part);
	point_write(wE, &sum);
	z = complaint_challenge(keygen, deal, index, complaint->K, wB, wE);
	return memcmp(z.octet, c.octet, FROST_SCALAR_SIZE) == 0;
}

enum frost_guilty frost_complaint_judge(const struct frost_complaint *complaint,
                                        const struct frost_keygen *keygen,
                                        const struct frost_deal *deal)
{
	uint8_t share[FROST_SCALAR_SIZE]; /* public now */
	size_t index = 0;
	bool member = frost_keygen_find(keygen, complaint->complainer, &index);

	must(member && complaint->dealer == deal->dealer);
	if (!proof_holds(complaint, keygen, deal, index))
		return FROST_GUILTY_COMPLAINER;
	if (frost_deal_open_with(share, keygen, deal, index, complaint->K))
		return FROST_GUILTY_COMPLAINER;
	return FROST_GUILTY_DEALER;
}
