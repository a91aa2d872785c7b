/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_DEALER_H
#define COMITY_TEST_DEALER_H

/*
 * dealer.h - for tests only: a group made by a trusted dealer (RFC 9591 appendix
 * C), who knows everything, and one signature from end to end. After tap.h.
 */

#include <sodium.h>
#include <string.h>

#include "dice.h"
#include "frost/aggregate.h"
#include "frost/commit.h"
#include "frost/group.h"
#include "frost/polynomial.h"
#include "frost/secret.h"
#include "frost/session.h"
#include "frost/set.h"
#include "frost/sign.h"

struct dealt {
	struct frost_group group;
	uint8_t coefficient[FROST_PARTICIPANTS_MAX][32]; /* [0] is the group's secret key */
	uint8_t share[FROST_PARTICIPANTS_MAX][32];
};

static inline struct arena dealer_arena(void)
{
	struct arena arena = {.size = 16 << 20};

	arena.at = malloc(arena.size);
	if (arena.at == NULL)
		bail_out("no memory");
	return arena;
}

static inline void dice_scalar(uint8_t scalar[32])
{
	uint8_t wide[64];

	dice_fill(wide, sizeof(wide));
	crypto_core_ed25519_scalar_reduce(scalar, wide);
}

/* Shares, verification shares and key from the coefficients that are there. */
static inline void dealer_share(struct dealt *dealt, unsigned t, unsigned n,
                                const uint16_t *identifiers)
{
	uint8_t key[32];

	dealt->group.min_participants = (uint16_t)t;
	dealt->group.max_participants = (uint16_t)n;
	for (unsigned i = 0; i < n; i++) {
		dealt->group.identifier[i] =
			identifiers == NULL ? (uint16_t)(i + 1) : identifiers[i];
		polynomial_evaluate(dealt->share[i], dealt->coefficient[0], t,
		                    dealt->group.identifier[i]);
		secret_multiply_base(dealt->group.verification_share[i], dealt->share[i]);
	}
	secret_multiply_base(key, dealt->coefficient[0]);
	if (!ces1_key_read(&dealt->group.group_public_key, key))
		bail_out("the dealer made a key that is none");
}

static inline void dealer_deal(struct dealt *dealt, unsigned t, unsigned n)
{
	for (unsigned k = 0; k < t; k++)
		dice_scalar(dealt->coefficient[k]);
	dealer_share(dealt, t, n, NULL);
}

/* `count` of the group's members by chance, ascending. */
static inline void dice_members(uint16_t *identifiers, size_t count,
                                const struct frost_group *group)
{
	size_t left = group->max_participants, wanted = count;

	for (size_t i = 0; wanted > 0; i++, left--)
		if (dice_below(left) < wanted) {
			identifiers[count - wanted] = group->identifier[i];
			wanted--;
		}
}

/* Everything of one session. */
struct signing {
	struct frost_set set;
	struct frost_nonces nonces[FROST_PARTICIPANTS_MAX];
	uint8_t octets[FROST_PARTICIPANTS_MAX * FROST_COMMITMENT_SIZE];
	struct frost_commitment list[FROST_PARTICIPANTS_MAX];
	struct frost_session session;
	uint8_t sig_share[FROST_PARTICIPANTS_MAX * 32];
	uint8_t signature[64];
	struct frost_culprits culprits;
};

static inline void signing_commit(struct signing *s, const struct dealt *dealt)
{
	uint8_t random[64];

	for (size_t i = 0; i < s->set.count; i++) {
		dice_fill(random, sizeof(random));
		frost_commit(&s->nonces[i], random, dealt->share[s->set.member[i]]);
		memcpy(s->octets + i * 64, s->nonces[i].commitment, 64);
	}
}

static inline bool signing_open(struct signing *s, struct bytes message, struct arena *arena)
{
	struct bytes octets = {s->octets, (size_t)s->set.count * 64};
	size_t bad;

	return frost_commitments_read(s->list, s->set.count, octets, &bad, arena) == OK &&
	       frost_session_open(&s->session, &s->set, s->list, message, arena) == OK;
}

static inline bool signing_sign(struct signing *s, const struct dealt *dealt)
{
	for (size_t i = 0; i < s->set.count; i++)
		if (frost_sign(s->sig_share + i * 32, &s->nonces[i],
		               dealt->share[s->set.member[i]], &s->session, i) != OK)
			return false;
	return true;
}

#endif
