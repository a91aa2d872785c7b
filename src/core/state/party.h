/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_PARTY_H
#define COMITY_STATE_PARTY_H

/*
 * party.h - the parties and their keys.
 *
 *     party/<name>   kind, threshold, key..., act        a tombstone for one that left
 *     key/<hex>      party                               no public key belongs to two
 */

#include "act/genesis.h"
#include "state/record.h"

struct party {
	struct bytes name, kind;
	uint32_t threshold; /* act keys that sign for it */
	struct bytes keys;  /* "key" lines: act_key() */
	struct bytes act;   /* the act that made the record */
};

/* Borrowed from the state. False for a party that never was or has left. */
bool party_get(const struct state *state, struct bytes name, struct party *party);

/* Walks the parties by name: start with *index = 0. */
bool party_next(const struct state *state, size_t *index, struct party *party);

/* Puts the record, and a record for each key: once taken, a key stays the party's. */
void party_put(struct state *state, struct arena *arena, const struct party *party);

/* The party leaves a tombstone; its keys stay taken. */
void party_bury(struct state *state, struct arena *arena, struct bytes name, struct bytes act);

/* Whether another party than `party` has, or had, one of these keys. */
bool party_keys_taken(const struct state *state, struct bytes keys, struct bytes party);

/* The key of that role and name among `keys`. */
bool party_key_named(struct bytes keys, enum key_role role, struct bytes name,
                     struct note_key *key);

/* The first key of that role. */
bool party_key_of_role(struct bytes keys, enum key_role role, struct note_key *key);

#endif
