/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/session.h"

#include "curve/multiple.h"

/* SerializeScalar(identifier) */
static void hash_identifier(crypto_hash_sha512_state *hash, uint16_t identifier)
{
	struct public_scalar scalar = scalar_of(identifier);

	crypto_hash_sha512_update(hash, scalar.octet, FROST_SCALAR_SIZE);
}

/* encoded_commitment_hash = H5(encode_group_commitment_list(commitment_list)) */
static void commitment_list_hash(uint8_t digest[crypto_hash_sha512_BYTES],
                                 const struct frost_session *session)
{
	crypto_hash_sha512_state hash;

	frost_hash_begin(&hash, "com");
	for (size_t i = 0; i < session->set->count; i++) {
		uint8_t octets[FROST_COMMITMENT_SIZE];

		hash_identifier(&hash, session->set->identifier[i]);
		frost_commitment_write(octets, &session->commitment_list[i]);
		crypto_hash_sha512_update(&hash, octets, sizeof(octets));
	}
	crypto_hash_sha512_final(&hash, digest);
}

/* msg_hash = H4(msg) */
static void message_hash(uint8_t digest[crypto_hash_sha512_BYTES], struct bytes message)
{
	crypto_hash_sha512_state hash;

	frost_hash_begin(&hash, "msg");
	if (message.size != 0)
		crypto_hash_sha512_update(&hash, message.at, message.size);
	crypto_hash_sha512_final(&hash, digest);
}

/* compute_binding_factors(group_public_key, commitment_list, msg), RFC 9591 section 4.4 */
static void compute_binding_factors(struct frost_session *session, struct bytes message)
{
	const uint8_t *group_public_key = session->set->group->group_public_key.octet;
	uint8_t digest[crypto_hash_sha512_BYTES];
	crypto_hash_sha512_state prefix;

	/* rho_input_prefix = group_public_key_enc || msg_hash || encoded_commitment_hash */
	frost_hash_begin(&prefix, "rho");
	crypto_hash_sha512_update(&prefix, group_public_key, FROST_ELEMENT_SIZE);
	message_hash(digest, message);
	crypto_hash_sha512_update(&prefix, digest, sizeof(digest));
	commitment_list_hash(digest, session);
	crypto_hash_sha512_update(&prefix, digest, sizeof(digest));

	for (size_t i = 0; i < session->set->count; i++) {
		crypto_hash_sha512_state hash = prefix;

		/* binding_factor = H1(rho_input_prefix || SerializeScalar(identifier)) */
		hash_identifier(&hash, session->set->identifier[i]);
		session->binding_factor[i] = frost_hash_scalar(&hash);
	}
}

/* compute_group_commitment(commitment_list, binding_factor_list), RFC 9591 section 4.5 */
static void compute_group_commitment(struct point *group_commitment,
                                     const struct frost_session *session, struct arena *scratch)
{
	size_t count = session->set->count;
	struct point *binding = arena_take_array(scratch, count, sizeof(*binding));

	/* The sum of binding_factor * binding_nonce_commitment, in one sweep, */
	for (size_t i = 0; i < count; i++)
		binding[i] = point_unpack(&session->commitment_list[i].binding);
	points_multiply(group_commitment, session->binding_factor, binding, count, scratch);

	/* and every hiding_nonce_commitment. */
	for (size_t i = 0; i < count; i++) {
		struct point hiding = point_unpack(&session->commitment_list[i].hiding);

		point_add(group_commitment, group_commitment, &hiding);
	}
}

/* compute_challenge(group_commitment, group_public_key, msg), RFC 9591 section 4.6 */
static void compute_challenge(struct frost_session *session, struct bytes message)
{
	const uint8_t *group_public_key = session->set->group->group_public_key.octet;
	crypto_hash_sha512_state hash;

	/* challenge = H2(group_comm_enc || group_public_key_enc || msg) */
	crypto_hash_sha512_init(&hash);
	crypto_hash_sha512_update(&hash, session->group_commitment, FROST_ELEMENT_SIZE);
	crypto_hash_sha512_update(&hash, group_public_key, FROST_ELEMENT_SIZE);
	if (message.size != 0)
		crypto_hash_sha512_update(&hash, message.at, message.size);
	session->challenge = frost_hash_scalar(&hash);
}

enum mishap frost_session_open(struct frost_session *session, const struct frost_set *set,
                               const struct frost_commitment *commitment_list,
                               struct bytes message, struct arena *arena)
{
	size_t before = arena->used, after;
	struct point group_commitment;

	session->set = set;
	session->commitment_list = commitment_list;
	session->binding_factor =
		arena_take_array(arena, set->count, sizeof(struct public_scalar));
	after = arena->used;

	compute_binding_factors(session, message);
	compute_group_commitment(&group_commitment, session, arena);
	arena->used = after;

	/* SerializeElement refuses the identity (RFC 9591 section 6.1). */
	if (point_is_identity(&group_commitment)) {
		arena->used = before;
		return MISHAP_MALFORMED;
	}
	point_write(session->group_commitment, &group_commitment);
	compute_challenge(session, message);
	return OK;
}
