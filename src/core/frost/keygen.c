/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/keygen.h"

#include <string.h>

#include "base/must.h"
#include "curve/multiple.h"
#include "frost/deal.h"
#include "frost/domain.h"
#include "frost/interpolate.h"
#include "frost/polynomial.h"
#include "frost/secret.h"

void frost_encryption_key_derive(uint8_t secret_key[FROST_SCALAR_SIZE],
                                 uint8_t encryption_key[FROST_ELEMENT_SIZE],
                                 const uint8_t seed[SEED_SIZE],
                                 const uint8_t opening[FROST_OPENING_SIZE], uint16_t identifier)
{
	crypto_hash_sha512_state hash;

	domain_begin(&hash, "encryption key");
	crypto_hash_sha512_update(&hash, seed, SEED_SIZE);
	crypto_hash_sha512_update(&hash, opening, FROST_OPENING_SIZE);
	domain_number(&hash, identifier);
	secret_of_hash(secret_key, &hash);
	secret_multiply_base(encryption_key, secret_key);
	secret_forget();
}

bool frost_encryption_key_valid(const uint8_t encryption_key[FROST_ELEMENT_SIZE])
{
	struct point point;

	return point_read_prime_order(&point, encryption_key);
}

static void sid_make(struct frost_keygen *keygen)
{
	uint8_t old[FROST_DIGEST_SIZE] = {0}, kind = (uint8_t)keygen->kind;
	crypto_hash_sha512_state hash;

	if (keygen->kind == FROST_KEYGEN_RESHARE)
		frost_group_digest(old, keygen->old);
	domain_digest_begin(&hash, "sid");
	domain_number(&hash, (uint16_t)keygen->federation.size);
	crypto_hash_sha512_update(&hash, keygen->federation.at, keygen->federation.size);
	crypto_hash_sha512_update(&hash, keygen->opening, FROST_OPENING_SIZE);
	crypto_hash_sha512_update(&hash, &kind, 1);
	crypto_hash_sha512_update(&hash, old, sizeof(old));
	domain_number(&hash, keygen->min_participants);
	domain_number(&hash, keygen->member_count);
	for (size_t i = 0; i < keygen->member_count; i++) {
		const struct frost_member *member = &keygen->member[i];

		domain_number(&hash, member->identifier);
		crypto_hash_sha512_update(&hash, member->identity_key,
		                          sizeof(member->identity_key));
		crypto_hash_sha512_update(&hash, member->encryption_key, FROST_ELEMENT_SIZE);
	}
	domain_digest_end(&hash, keygen->sid);
}

enum mishap frost_keygen_open(struct frost_keygen *keygen)
{
	must((keygen->kind == FROST_KEYGEN_RESHARE) == (keygen->old != NULL));
	must(keygen->federation.size <= UINT16_MAX);
	if (keygen->member_count > FROST_PARTICIPANTS_MAX || keygen->min_participants < 1 ||
	    keygen->min_participants > keygen->member_count)
		return MISHAP_LIMIT;
	for (size_t i = 0; i < keygen->member_count; i++) {
		const struct frost_member *member = &keygen->member[i];
		uint16_t before = i == 0 ? 0 : member[-1].identifier;

		if (member->identifier <= before ||
		    !frost_encryption_key_valid(member->encryption_key))
			return MISHAP_MALFORMED;
	}
	sid_make(keygen);
	return OK;
}

bool frost_keygen_find(const struct frost_keygen *keygen, uint16_t identifier, size_t *index)
{
	for (size_t i = 0; i < keygen->member_count; i++)
		if (keygen->member[i].identifier == identifier) {
			*index = i;
			return true;
		}
	return false;
}

bool frost_keygen_deals(const struct frost_keygen *keygen, uint16_t identifier)
{
	size_t index;

	return keygen->kind == FROST_KEYGEN_RESHARE
	               ? frost_group_find(keygen->old, identifier, &index)
	               : frost_keygen_find(keygen, identifier, &index);
}

/*
 * What each deal counts for. In FRESH the new polynomial is the sum of all. In
 * RESHARE each dealer shares its share anew, and the interpolating values of the
 * dealers put the shared shares together, as they would the shares.
 */
static void weights_make(struct public_scalar *weight, const struct frost_keygen *keygen,
                         const struct frost_deal *deals, size_t count)
{
	uint16_t dealers[FROST_PARTICIPANTS_MAX];

	must(count <= FROST_PARTICIPANTS_MAX);
	for (size_t i = 0; i < count; i++) {
		dealers[i] = deals[i].dealer;
		weight[i] = scalar_of(1);
	}
	must(frost_identifiers_ascending(dealers, count));
	if (keygen->kind == FROST_KEYGEN_RESHARE)
		frost_interpolating_values(weight, dealers, count);
}

/* C_k, the commitment to coefficient k of the new polynomial: the weighted sum of all A_k. */
static void column_sum(struct point *sum, const struct frost_keygen *keygen,
                       const struct frost_deal *deals, const struct public_scalar *weight,
                       size_t count, size_t k, struct arena *scratch)
{
	size_t mark = scratch->used;
	struct point *column = arena_take_array(scratch, count, sizeof(*column));

	*sum = POINT_IDENTITY;
	for (size_t i = 0; i < count; i++) {
		bool read =
			point_read(&column[i], deals[i].commitment + k * FROST_ELEMENT_SIZE);

		must(read); /* frost_deal_check() did */
		if (keygen->kind == FROST_KEYGEN_FRESH)
			point_add(sum, sum, &column[i]);
	}
	if (keygen->kind == FROST_KEYGEN_RESHARE)
		points_multiply(sum, weight, column, count, scratch);
	scratch->used = mark;
}

/* The group of a committed polynomial: its key is C_0, and each Y_j = f(j) B. */
static enum mishap group_make(struct frost_group *group, const struct frost_keygen *keygen,
                              const struct point *C)
{
	uint8_t key[FROST_ELEMENT_SIZE];
	size_t t = keygen->min_participants;

	if (point_is_identity(&C[t - 1]))
		return MISHAP_MALFORMED;
	point_write(key, &C[0]);
	if (!ces1_key_read(&group->group_public_key, key))
		return MISHAP_MALFORMED;
	group->min_participants = keygen->min_participants;
	group->max_participants = keygen->member_count;
	for (size_t j = 0; j < keygen->member_count; j++) {
		struct point Y = POINT_IDENTITY;

		group->identifier[j] = keygen->member[j].identifier;
		for (size_t k = t; k-- > 0;)
			polynomial_commitment_step(&Y, group->identifier[j], &C[k]);
		point_write(group->verification_share[j], &Y);
	}
	return OK;
}

enum mishap frost_keygen_group(struct frost_group *group, const struct frost_keygen *keygen,
                               const struct frost_deal *deals, size_t count,
                               struct arena *scratch)
{
	bool reshare = keygen->kind == FROST_KEYGEN_RESHARE;
	struct public_scalar weight[FROST_PARTICIPANTS_MAX];
	size_t mark = scratch->used, t = keygen->min_participants;
	struct point *C;
	enum mishap mishap;

	if (count < (reshare ? keygen->old->min_participants : keygen->member_count))
		return MISHAP_LIMIT;
	weights_make(weight, keygen, deals, count);
	C = arena_take_array(scratch, t, sizeof(*C));
	for (size_t k = 0; k < t; k++)
		column_sum(&C[k], keygen, deals, weight, count, k, scratch);
	mishap = group_make(group, keygen, C);
	must(scratch->used - mark <= FROST_KEYGEN_SCRATCH);
	scratch->used = mark;
	if (mishap == OK && reshare &&
	    memcmp(group->group_public_key.octet, keygen->old->group_public_key.octet,
	           CES1_KEY_SIZE) != 0)
		return MISHAP_MALFORMED;
	return mishap;
}

enum mishap frost_keygen_share(uint8_t secret_share[FROST_SCALAR_SIZE],
                               const struct frost_keygen *keygen,
                               const struct frost_group *group, const struct frost_deal *deals,
                               size_t count, const uint8_t *partial_shares, uint16_t identifier)
{
	struct public_scalar weight[FROST_PARTICIPANTS_MAX];
	uint8_t product[FROST_SCALAR_SIZE], share_point[FROST_ELEMENT_SIZE];
	size_t index;

	weights_make(weight, keygen, deals, count);
	memset(secret_share, 0, FROST_SCALAR_SIZE);
	for (size_t i = 0; i < count; i++) {
		secret_multiply(product, partial_shares + i * FROST_SCALAR_SIZE,
		                weight[i].octet);
		secret_add(secret_share, secret_share, product);
	}
	sodium_memzero(product, sizeof(product));

	secret_multiply_base(share_point, secret_share);
	secret_forget();
	if (frost_group_find(group, identifier, &index) &&
	    sodium_memcmp(share_point, group->verification_share[index], FROST_ELEMENT_SIZE) ==
	            0)
		return OK;
	sodium_memzero(secret_share, FROST_SCALAR_SIZE);
	return MISHAP_MALFORMED;
}
