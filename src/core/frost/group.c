/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/group.h"

#include <string.h>

#include "base/must.h"
#include "curve/multiple.h"
#include "curve/subgroup.h"
#include "frost/domain.h"
#include "frost/interpolate.h"

#define HEADER_SIZE (4 + FROST_ELEMENT_SIZE)
#define MEMBER_SIZE (2 + FROST_ELEMENT_SIZE)

void frost_group_write(struct writer *writer, const struct frost_group *group)
{
	write_u16(writer, group->min_participants);
	write_u16(writer, group->max_participants);
	write_bytes(writer, (struct bytes){group->group_public_key.octet, FROST_ELEMENT_SIZE});
	for (size_t i = 0; i < group->max_participants; i++) {
		write_u16(writer, group->identifier[i]);
		write_bytes(writer,
		            (struct bytes){group->verification_share[i], FROST_ELEMENT_SIZE});
	}
}

static uint16_t u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

enum mishap frost_group_read(struct frost_group *group, struct bytes wire,
                             struct arena *scratch)
{
	if (wire.size < HEADER_SIZE)
		return MISHAP_SHORT;
	group->min_participants = u16(wire.at);
	group->max_participants = u16(wire.at + 2);
	if (group->max_participants > FROST_PARTICIPANTS_MAX)
		return MISHAP_LIMIT;
	if (wire.size < FROST_GROUP_SIZE(group->max_participants))
		return MISHAP_SHORT;
	if (wire.size > FROST_GROUP_SIZE(group->max_participants))
		return MISHAP_TRAILING;
	if (!ces1_key_read(&group->group_public_key, wire.at + 4))
		return MISHAP_MALFORMED;
	for (size_t i = 0; i < group->max_participants; i++) {
		const uint8_t *member = wire.at + HEADER_SIZE + i * MEMBER_SIZE;

		group->identifier[i] = u16(member);
		memcpy(group->verification_share[i], member + 2, FROST_ELEMENT_SIZE);
	}
	return frost_group_consistent(group, scratch) ? OK : MISHAP_MALFORMED;
}

static void hash_group(crypto_hash_sha512_state *hash, const struct frost_group *group)
{
	uint8_t wire[FROST_GROUP_SIZE(FROST_PARTICIPANTS_MAX)];
	struct writer writer = {.at = wire, .size = sizeof(wire)};

	frost_group_write(&writer, group);
	crypto_hash_sha512_update(hash, wire, writer.used);
}

void frost_group_digest(uint8_t digest[FROST_DIGEST_SIZE], const struct frost_group *group)
{
	crypto_hash_sha512_state hash;

	domain_digest_begin(&hash, "group");
	hash_group(&hash, group);
	domain_digest_end(&hash, digest);
}

/* A hash of all there is: where to try the polynomials below. */
static struct public_scalar group_challenge(const struct frost_group *group)
{
	crypto_hash_sha512_state hash;

	domain_begin(&hash, "group challenge");
	hash_group(&hash, group);
	return frost_hash_scalar(&hash);
}

/* q(x) = 1 + cx + (cx)^2 + .. + (cx)^degree */
static struct public_scalar trial(const struct public_scalar *c, uint16_t identifier,
                                  size_t degree)
{
	struct public_scalar one = scalar_of(1), x = scalar_of(identifier), q = one;

	x = scalar_multiply(&x, c);
	while (degree-- > 0) {
		q = scalar_multiply(&q, &x);
		q = scalar_add(&q, &one);
	}
	return q;
}

/*
 * Do the key and the verification shares lie on one polynomial f of degree t - 1 or
 * less? If so, then for any q of degree n - t at most, f q has a degree below n, and
 * its value at zero can be had from all n members: f(0) q(0) = the sum of
 * lambda q(x) f(x). If not, at most n - t values c make this q satisfy it all the
 * same, and c is a hash of the points.
 */
static bool on_polynomial(const struct frost_group *group, size_t t,
                          const struct public_scalar *lambda, const struct point *shares,
                          const struct point *key, struct arena *scratch)
{
	size_t mark = scratch->used, n = group->max_participants;
	struct public_scalar *weight = arena_take_array(scratch, n, sizeof(*weight));
	struct public_scalar c = group_challenge(group);
	struct point sum;

	for (size_t i = 0; i < n; i++) {
		struct public_scalar q = trial(&c, group->identifier[i], n - t);

		weight[i] = scalar_multiply(&lambda[i], &q);
	}
	points_multiply(&sum, weight, shares, n, scratch);
	scratch->used = mark;
	return point_same(&sum, key);
}

/* Of degree t - 1, and not of a lower one, with which fewer than t could sign. */
static bool threshold_right(const struct frost_group *group, const struct point *shares,
                            const struct point *key, struct arena *scratch)
{
	struct public_scalar lambda[FROST_PARTICIPANTS_MAX];
	size_t t = group->min_participants;

	frost_interpolating_values(lambda, group->identifier, group->max_participants);
	return on_polynomial(group, t, lambda, shares, key, scratch) &&
	       (t == 1 || !on_polynomial(group, t - 1, lambda, shares, key, scratch));
}

bool frost_group_consistent(const struct frost_group *group, struct arena *scratch)
{
	size_t mark = scratch->used, n = group->max_participants;
	struct point *shares, key;
	bool good = true;

	if (n > FROST_PARTICIPANTS_MAX || group->min_participants < 1 ||
	    group->min_participants > n || !frost_identifiers_ascending(group->identifier, n) ||
	    !point_read_prime_order(&key, group->group_public_key.octet))
		return false;
	shares = arena_take_array(scratch, n, sizeof(*shares));
	for (size_t i = 0; i < n && good; i++)
		good = point_read(&shares[i], group->verification_share[i]) &&
		       point_in_subgroup(&shares[i]);
	good = good && threshold_right(group, shares, &key, scratch);
	must(scratch->used - mark <= FROST_GROUP_SCRATCH);
	scratch->used = mark;
	return good;
}

bool frost_identifiers_ascending(const uint16_t *identifiers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (identifiers[i] <= (i == 0 ? 0 : identifiers[i - 1]))
			return false;
	return true;
}

bool frost_group_find(const struct frost_group *group, uint16_t identifier, size_t *index)
{
	for (size_t i = 0; i < group->max_participants; i++)
		if (group->identifier[i] == identifier) {
			*index = i;
			return true;
		}
	return false;
}
