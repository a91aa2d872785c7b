/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_CEREMONY_H
#define COMITY_TEST_CEREMONY_H

/*
 * ceremony.h - for tests only: a whole key generation, all its participants in one
 * memory. After tap.h.
 */

#include "dealer.h"
#include "frost/complaint.h"
#include "frost/confirm.h"
#include "frost/deal.h"
#include "frost/keygen.h"

#define CEREMONY_MAX 64 /* members */

struct ceremony {
	struct frost_keygen keygen;
	struct frost_member member[CEREMONY_MAX];
	uint8_t seed[CEREMONY_MAX][32]; /* of members; dealers of a RESHARE have their own */
	uint8_t secret_key[CEREMONY_MAX][32]; /* for encryption */
	uint8_t octets[CEREMONY_MAX][FROST_DEAL_SIZE(CEREMONY_MAX, CEREMONY_MAX)];
	struct frost_deal deal[CEREMONY_MAX];
	size_t deal_count;
	uint8_t partial[CEREMONY_MAX][CEREMONY_MAX * 32]; /* of a member, from each deal */
	struct frost_group group;
	uint8_t share[CEREMONY_MAX][32];
	uint8_t transcript[32];
};

static inline size_t ceremony_deal_size(const struct ceremony *c)
{
	return FROST_DEAL_SIZE(c->keygen.min_participants, c->keygen.member_count);
}

static inline struct bytes ceremony_deal(const struct ceremony *c, size_t i)
{
	return (struct bytes){c->octets[i], ceremony_deal_size(c)};
}

/* OPEN and KEY, with identifiers first, first + step, .. */
static inline void ceremony_open(struct ceremony *c, unsigned t, unsigned n, unsigned first,
                                 unsigned step, const struct frost_group *old)
{
	struct frost_keygen *keygen = &c->keygen;

	*keygen = (struct frost_keygen){.kind = old == NULL ? FROST_KEYGEN_FRESH
	                                                    : FROST_KEYGEN_RESHARE,
	                                .federation = BYTES("root.comity.example"),
	                                .min_participants = (uint16_t)t,
	                                .member_count = (uint16_t)n,
	                                .member = c->member,
	                                .old = old};
	dice_fill(keygen->opening, sizeof(keygen->opening));
	for (unsigned j = 0; j < n; j++) {
		c->member[j].identifier = (uint16_t)(first + j * step);
		dice_fill(c->member[j].identity_key, 32);
		dice_fill(c->seed[j], 32);
		frost_encryption_key_derive(c->secret_key[j], c->member[j].encryption_key,
		                            c->seed[j], keygen->opening,
		                            c->member[j].identifier);
	}
	if (frost_keygen_open(keygen) != OK)
		bail_out("a session that does not open");
	c->deal_count = 0;
}

/* DEAL, by one dealer; `secret_share` in a RESHARE. Not checked yet. */
static inline void ceremony_make(struct ceremony *c, size_t i, uint16_t dealer,
                                 const uint8_t *secret_share)
{
	uint8_t seed[32];

	dice_fill(seed, sizeof(seed));
	frost_deal_make(c->octets[i], &c->keygen, dealer,
	                secret_share == NULL ? c->seed[i] : seed, secret_share);
}

static inline bool ceremony_check(struct ceremony *c, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (frost_deal_check(&c->deal[i], &c->keygen, ceremony_deal(c, i)) != OK)
			return false;
	c->deal_count = count;
	return true;
}

/* The shares and the group, out of all deals; everybody confirms. */
static inline bool ceremony_finish(struct ceremony *c, struct arena *scratch)
{
	uint8_t confirmation[FROST_CONFIRMATION_SIZE];

	if (frost_keygen_group(&c->group, &c->keygen, c->deal, c->deal_count, scratch) != OK ||
	    !frost_group_consistent(&c->group, scratch))
		return false;
	frost_transcript(c->transcript, &c->keygen, c->deal, c->deal_count, &c->group);
	for (size_t j = 0; j < c->keygen.member_count; j++) {
		uint16_t identifier = c->member[j].identifier;

		for (size_t i = 0; i < c->deal_count; i++)
			if (!frost_deal_open(c->partial[j] + i * 32, &c->keygen, &c->deal[i], j,
			                     c->secret_key[j]))
				return false;
		if (frost_keygen_share(c->share[j], &c->keygen, &c->group, c->deal,
		                       c->deal_count, c->partial[j], identifier) != OK)
			return false;
		frost_confirm_make(confirmation, c->transcript, &c->group, identifier,
		                   c->share[j], c->seed[j]);
		if (frost_confirm_check((struct bytes){confirmation, sizeof(confirmation)},
		                        c->transcript, &c->group, identifier) != OK)
			return false;
	}
	return true;
}

/* A fresh group, t of n. */
static inline bool ceremony_fresh(struct ceremony *c, unsigned t, unsigned n, unsigned first,
                                  unsigned step, struct arena *scratch)
{
	ceremony_open(c, t, n, first, step, NULL);
	for (unsigned i = 0; i < n; i++)
		ceremony_make(c, i, c->member[i].identifier, NULL);
	return ceremony_check(c, n) && ceremony_finish(c, scratch);
}

/* `old` gives its key on to n new members, dealt by `dealers` of its own by chance. */
static inline bool ceremony_reshare(struct ceremony *c, const struct ceremony *old, unsigned t,
                                    unsigned n, unsigned first, unsigned step, size_t dealers,
                                    struct arena *scratch)
{
	uint16_t identifiers[FROST_PARTICIPANTS_MAX];
	size_t index;

	ceremony_open(c, t, n, first, step, &old->group);
	dice_members(identifiers, dealers, &old->group);
	for (size_t i = 0; i < dealers; i++) {
		if (!frost_group_find(&old->group, identifiers[i], &index))
			return false;
		ceremony_make(c, i, identifiers[i], old->share[index]);
	}
	return ceremony_check(c, dealers) && ceremony_finish(c, scratch);
}

#endif
