/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/aggregate.h"

#include <string.h>

#include "base/must.h"
#include "curve/ces1.h"
#include "curve/multiple.h"

bool frost_verify_signature_share(const struct frost_session *session, size_t index,
                                  const uint8_t sig_share[FROST_SCALAR_SIZE])
{
	const struct frost_set *set = session->set;
	const struct frost_commitment *commitment = session->commitment_list + index;
	struct point point[2], left, hiding;
	struct public_scalar z, factor[2];

	must(index < set->count);
	if (!scalar_read(&z, sig_share))
		return false;

	/* comm_share = hiding_nonce_commitment + binding_factor * binding_nonce_commitment
	 * l = G.ScalarBaseMult(sig_share_i)
	 * r = comm_share + (challenge * lambda_i) * PK_i
	 * l = r, put as: l - binding_factor * .. - (challenge * lambda_i) * .. = hiding .. */
	hiding = point_unpack(&commitment->hiding);
	point[0] = point_unpack(&commitment->binding);
	factor[0] = scalar_negate(&session->binding_factor[index]);
	if (!point_read(&point[1], set->group->verification_share[set->member[index]]))
		return false;
	factor[1] = scalar_multiply(&session->challenge, &set->lambda[index]);
	factor[1] = scalar_negate(&factor[1]);
	points_combine(&left, &z, factor, point, 2);
	return point_same(&left, &hiding);
}

/* z = sum of z_i; false when one of them is not canonical. */
static bool sum_shares(struct public_scalar *z, const uint8_t *sig_shares, size_t count)
{
	struct public_scalar share;

	*z = scalar_of(0);
	for (size_t i = 0; i < count; i++) {
		if (!scalar_read(&share, sig_shares + i * FROST_SCALAR_SIZE))
			return false;
		*z = scalar_add(z, &share);
	}
	return true;
}

enum mishap frost_aggregate(uint8_t signature[FROST_SIGNATURE_SIZE],
                            const struct frost_session *session, const uint8_t *sig_shares,
                            struct bytes message, struct frost_culprits *culprits)
{
	size_t count = session->set->count;
	struct public_scalar z;

	/* return (group_commitment, z), if it is a signature */
	if (sum_shares(&z, sig_shares, count)) {
		memcpy(signature, session->group_commitment, FROST_ELEMENT_SIZE);
		memcpy(signature + FROST_ELEMENT_SIZE, z.octet, FROST_SCALAR_SIZE);
		if (ces1_key_verify(&session->set->group->group_public_key, message, signature))
			return OK;
	}

	/* RFC 9591 section 5.4: else identify misbehaving participants. */
	memset(signature, 0, FROST_SIGNATURE_SIZE);
	culprits->count = 0;
	for (size_t i = 0; i < count; i++)
		if (!frost_verify_signature_share(session, i,
		                                  sig_shares + i * FROST_SCALAR_SIZE))
			culprits->index[culprits->count++] = (uint16_t)i;
	return MISHAP_MALFORMED;
}
