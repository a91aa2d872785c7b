/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/commit.h"

#include "frost/secret.h"

void frost_commit(struct frost_nonces *nonces, const uint8_t random[2 * FROST_RANDOM_SIZE],
                  const uint8_t secret_share[FROST_SCALAR_SIZE])
{
	/* hiding_nonce = nonce_generate(sk_i); binding_nonce = nonce_generate(sk_i) */
	frost_nonce_generate(nonces->hiding_nonce, random, secret_share);
	frost_nonce_generate(nonces->binding_nonce, random + FROST_RANDOM_SIZE, secret_share);

	/* hiding_nonce_commitment = G.ScalarBaseMult(hiding_nonce), and so for the other */
	secret_multiply_base(nonces->commitment, nonces->hiding_nonce);
	secret_multiply_base(nonces->commitment + FROST_ELEMENT_SIZE, nonces->binding_nonce);
	secret_forget();
}

static bool element_read(struct packed_point *packed, const uint8_t octets[FROST_ELEMENT_SIZE])
{
	struct point point;

	if (!point_read(&point, octets) || point_is_identity(&point))
		return false;
	*packed = point_pack(&point);
	return true;
}

static bool pair_in_subgroup(const struct frost_commitment *pair)
{
	struct point hiding = point_unpack(&pair->hiding),
		     binding = point_unpack(&pair->binding);

	return point_in_subgroup(&hiding) && point_in_subgroup(&binding);
}

/* Are the first `count` pairs of prime order? If not, `*bad` is the first that is not. */
static bool pairs_in_subgroup(const struct frost_commitment *list, size_t count,
                              struct bytes octets, size_t *bad, struct arena *scratch)
{
	uint8_t seed[crypto_hash_sha512_BYTES];

	_Static_assert(sizeof(*list) == 2 * sizeof(struct packed_point),
	               "pairs are points in a row");
	if (count == 0)
		return true;
	crypto_hash_sha512(seed, octets.at, octets.size);
	if (points_in_subgroup(&list->hiding, 2 * count, seed, scratch))
		return true;
	for (size_t i = 0; i < count; i++)
		if (!pair_in_subgroup(&list[i])) {
			*bad = i;
			return false;
		}
	return true;
}

enum mishap frost_commitments_read(struct frost_commitment *list, size_t count,
                                   struct bytes octets, size_t *bad, struct arena *scratch)
{
	size_t first = count; /* of which a point could not even be decoded */

	if (octets.size / FROST_COMMITMENT_SIZE < count)
		return MISHAP_SHORT;
	if (octets.size != count * FROST_COMMITMENT_SIZE)
		return MISHAP_TRAILING;
	for (size_t i = 0; i < first; i++) {
		const uint8_t *pair = octets.at + i * FROST_COMMITMENT_SIZE;

		if (!element_read(&list[i].hiding, pair) ||
		    !element_read(&list[i].binding, pair + FROST_ELEMENT_SIZE))
			first = i;
	}
	/* A pair before that one may be of mixed order. */
	if (!pairs_in_subgroup(list, first, octets, bad, scratch))
		return MISHAP_MALFORMED;
	if (first == count)
		return OK;
	*bad = first;
	return MISHAP_MALFORMED;
}

void frost_commitment_write(uint8_t octets[FROST_COMMITMENT_SIZE],
                            const struct frost_commitment *commitment)
{
	point_packed_write(octets, &commitment->hiding);
	point_packed_write(octets + FROST_ELEMENT_SIZE, &commitment->binding);
}
