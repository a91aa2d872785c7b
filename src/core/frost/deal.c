/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/deal.h"

#include <string.h>

#include "base/must.h"
#include "curve/multiple.h"
#include "curve/subgroup.h"
#include "frost/domain.h"
#include "frost/polynomial.h"
#include "frost/secret.h"

#define HEADER_SIZE  (FROST_SID_SIZE + 2 + 2)
#define CONTEXT_SIZE (FROST_SID_SIZE + 2) /* sid || dealer */

/* Where everything is in the octets of a deal. */
static struct frost_deal layout(const struct frost_keygen *keygen, struct bytes octets)
{
	struct frost_deal deal = {.octets = octets};

	deal.dealer =
		(uint16_t)(octets.at[FROST_SID_SIZE] << 8 | octets.at[FROST_SID_SIZE + 1]);
	deal.commitment = octets.at + HEADER_SIZE;
	deal.proof = deal.commitment + FROST_ELEMENT_SIZE * (size_t)keygen->min_participants;
	deal.ephemeral = deal.proof + PROOF_SIZE;
	deal.ephemeral_proof = deal.ephemeral + FROST_ELEMENT_SIZE;
	deal.padded_share = deal.ephemeral_proof + PROOF_SIZE;
	return deal;
}

static void header_write(uint8_t header[HEADER_SIZE], const struct frost_keygen *keygen,
                         uint16_t dealer)
{
	memcpy(header, keygen->sid, FROST_SID_SIZE);
	header[FROST_SID_SIZE] = (uint8_t)(dealer >> 8);
	header[FROST_SID_SIZE + 1] = (uint8_t)dealer;
	header[FROST_SID_SIZE + 2] = (uint8_t)(keygen->min_participants >> 8);
	header[FROST_SID_SIZE + 3] = (uint8_t)keygen->min_participants;
}

/* SECRET for whoever deals or opens, public for whoever judges. */
static void pad_make(uint8_t pad[FROST_SCALAR_SIZE], const struct frost_keygen *keygen,
                     uint16_t dealer, size_t index, const uint8_t E[FROST_ELEMENT_SIZE],
                     const uint8_t K[FROST_ELEMENT_SIZE])
{
	crypto_hash_sha512_state hash;

	domain_begin(&hash, "pad");
	crypto_hash_sha512_update(&hash, keygen->sid, FROST_SID_SIZE);
	domain_number(&hash, dealer);
	domain_number(&hash, keygen->member[index].identifier);
	crypto_hash_sha512_update(&hash, E, FROST_ELEMENT_SIZE);
	crypto_hash_sha512_update(&hash, K, FROST_ELEMENT_SIZE);
	secret_of_hash(pad, &hash);
}

/* Begins H(label: seed || sid || dealer ..) */
static void derive(crypto_hash_sha512_state *hash, const char *label,
                   const uint8_t seed[SEED_SIZE], const struct frost_keygen *keygen,
                   uint16_t dealer)
{
	domain_begin(hash, label);
	crypto_hash_sha512_update(hash, seed, SEED_SIZE);
	crypto_hash_sha512_update(hash, keygen->sid, FROST_SID_SIZE);
	domain_number(hash, dealer);
}

static void coefficients_make(uint8_t *coefficient, const struct frost_keygen *keygen,
                              uint16_t dealer, const uint8_t seed[SEED_SIZE],
                              const uint8_t *secret_share)
{
	crypto_hash_sha512_state hash;

	for (uint16_t k = 0; k < keygen->min_participants; k++) {
		derive(&hash, "coefficient", seed, keygen, dealer);
		domain_number(&hash, k);
		secret_of_hash(coefficient + k * FROST_SCALAR_SIZE, &hash);
	}
	if (keygen->kind == FROST_KEYGEN_RESHARE)
		memcpy(coefficient, secret_share, FROST_SCALAR_SIZE);
}

static void padded_shares_make(uint8_t *padded, const struct frost_keygen *keygen,
                               uint16_t dealer, const uint8_t *coefficient,
                               const uint8_t e[FROST_SCALAR_SIZE],
                               const uint8_t E[FROST_ELEMENT_SIZE])
{
	uint8_t share[FROST_SCALAR_SIZE], pad[FROST_SCALAR_SIZE], K[FROST_ELEMENT_SIZE];

	for (size_t j = 0; j < keygen->member_count; j++) {
		const struct frost_member *member = &keygen->member[j];

		polynomial_evaluate(share, coefficient, keygen->min_participants,
		                    member->identifier);
		secret_multiply_element(K, e, member->encryption_key);
		pad_make(pad, keygen, dealer, j, E, K);
		secret_add(padded + j * FROST_SCALAR_SIZE, share, pad);
	}
	sodium_memzero(share, sizeof(share));
	sodium_memzero(pad, sizeof(pad));
	sodium_memzero(K, sizeof(K));
}

void frost_deal_make(uint8_t *octets, const struct frost_keygen *keygen, uint16_t dealer,
                     const uint8_t seed[SEED_SIZE], const uint8_t *secret_share)
{
	size_t t = keygen->min_participants;
	uint8_t *commitment = octets + HEADER_SIZE,
		*proof = commitment + t * FROST_ELEMENT_SIZE;
	uint8_t *E = proof + PROOF_SIZE, *E_proof = E + FROST_ELEMENT_SIZE;
	uint8_t *padded = E_proof + PROOF_SIZE;
	uint8_t coefficient[FROST_PARTICIPANTS_MAX * FROST_SCALAR_SIZE], e[FROST_SCALAR_SIZE];
	struct bytes context = {octets, CONTEXT_SIZE};
	crypto_hash_sha512_state hash;

	must(frost_keygen_deals(keygen, dealer) && t <= FROST_PARTICIPANTS_MAX);
	must((keygen->kind == FROST_KEYGEN_RESHARE) == (secret_share != NULL));
	coefficients_make(coefficient, keygen, dealer, seed, secret_share);
	derive(&hash, "ephemeral", seed, keygen, dealer);
	secret_of_hash(e, &hash);

	header_write(octets, keygen, dealer);
	polynomial_commit(commitment, coefficient, t);
	proof_make(proof, "deal", context, commitment, coefficient, seed);
	secret_multiply_base(E, e);
	proof_make(E_proof, "ephemeral", context, E, e, seed);
	padded_shares_make(padded, keygen, dealer, coefficient, e, E);

	sodium_memzero(coefficient, sizeof(coefficient));
	sodium_memzero(e, sizeof(e));
	secret_forget();
}

static bool header_right(const struct frost_keygen *keygen, const struct frost_deal *deal)
{
	uint8_t header[HEADER_SIZE];

	header_write(header, keygen, deal->dealer);
	return memcmp(header, deal->octets.at, HEADER_SIZE) == 0 &&
	       frost_keygen_deals(keygen, deal->dealer);
}

/* The polynomial has the degree it should: neither raised (Trail of Bits on Safeheron, 2024,
 * and others) nor lowered. */
static bool commitment_right(const struct frost_keygen *keygen, const struct frost_deal *deal)
{
	size_t last = keygen->min_participants - 1u, index;
	struct point A;

	for (size_t k = 0; k <= last; k++) {
		if (!point_read(&A, deal->commitment + k * FROST_ELEMENT_SIZE) ||
		    !point_in_subgroup(&A))
			return false;
		if ((k == 0 || k == last) && point_is_identity(&A))
			return false;
	}
	if (keygen->kind == FROST_KEYGEN_FRESH)
		return true;
	return frost_group_find(keygen->old, deal->dealer, &index) &&
	       memcmp(deal->commitment, keygen->old->verification_share[index],
	              FROST_ELEMENT_SIZE) == 0;
}

static bool padded_shares_canonical(const struct frost_keygen *keygen,
                                    const struct frost_deal *deal)
{
	for (size_t j = 0; j < keygen->member_count; j++)
		if (!scalar_octets_canonical(deal->padded_share + j * FROST_SCALAR_SIZE))
			return false;
	return true;
}

enum mishap frost_deal_check(struct frost_deal *deal, const struct frost_keygen *keygen,
                             struct bytes octets)
{
	size_t size = FROST_DEAL_SIZE(keygen->min_participants, keygen->member_count);
	struct bytes context = bytes_first(octets, CONTEXT_SIZE);
	struct point E;

	if (octets.size < size)
		return MISHAP_SHORT;
	if (octets.size > size)
		return MISHAP_TRAILING;
	*deal = layout(keygen, octets);
	if (!header_right(keygen, deal) || !padded_shares_canonical(keygen, deal) ||
	    !point_read_prime_order(&E, deal->ephemeral) || !commitment_right(keygen, deal))
		return MISHAP_MALFORMED;
	if (!proof_check(deal->proof, "deal", context, deal->commitment) ||
	    !proof_check(deal->ephemeral_proof, "ephemeral", context, deal->ephemeral))
		return MISHAP_MALFORMED;
	return OK;
}

/* share B = A_0 + j A_1 + j^2 A_2 + ..? */
static bool share_fits(const uint8_t share[FROST_SCALAR_SIZE],
                       const struct frost_keygen *keygen, const struct frost_deal *deal,
                       size_t index)
{
	uint8_t ours[FROST_ELEMENT_SIZE], theirs[FROST_ELEMENT_SIZE];
	struct point value = POINT_IDENTITY, A;

	for (size_t k = keygen->min_participants; k-- > 0;) {
		bool read = point_read(&A, deal->commitment + k * FROST_ELEMENT_SIZE);

		must(read); /* frost_deal_check() did */
		polynomial_commitment_step(&value, keygen->member[index].identifier, &A);
	}
	point_write(theirs, &value);
	secret_multiply_base(ours, share);
	return sodium_memcmp(ours, theirs, FROST_ELEMENT_SIZE) == 0;
}

bool frost_deal_open_with(uint8_t partial_share[FROST_SCALAR_SIZE],
                          const struct frost_keygen *keygen, const struct frost_deal *deal,
                          size_t index, const uint8_t K[FROST_ELEMENT_SIZE])
{
	uint8_t pad[FROST_SCALAR_SIZE];
	bool fits;

	must(index < keygen->member_count);
	pad_make(pad, keygen, deal->dealer, index, deal->ephemeral, K);
	secret_subtract(partial_share, deal->padded_share + index * FROST_SCALAR_SIZE, pad);
	sodium_memzero(pad, sizeof(pad));
	fits = share_fits(partial_share, keygen, deal, index);
	if (!fits)
		sodium_memzero(partial_share, FROST_SCALAR_SIZE);
	return fits;
}

bool frost_deal_open(uint8_t partial_share[FROST_SCALAR_SIZE],
                     const struct frost_keygen *keygen, const struct frost_deal *deal,
                     size_t index, const uint8_t secret_key[FROST_SCALAR_SIZE])
{
	uint8_t K[FROST_ELEMENT_SIZE];
	bool fits;

	secret_multiply_element(K, secret_key, deal->ephemeral);
	fits = frost_deal_open_with(partial_share, keygen, deal, index, K);
	sodium_memzero(K, sizeof(K));
	secret_forget();
	return fits;
}
