/* SPDX-License-Identifier: Apache-2.0 */
#include "state/party.h"

#include "base/hex.h"
#include "base/must.h"

static struct bytes key_record_key(struct record_key *at, const struct note_key *key)
{
	char hex[64];

	hex_write(hex, (struct bytes){key->public_key, 32});
	return record_key(at, "key", (struct bytes){(uint8_t *)hex, sizeof(hex)}, BYTES(""));
}

static void party_read(struct bytes record, struct party *party)
{
	struct text lines = record_lines(record);

	party->name = record_key_part(state_key(record), 1);
	party->kind = record_value(&lines, "kind");
	party->threshold = (uint32_t)record_number(&lines, "threshold");
	party->keys = record_run(&lines, "key: ");
	party->act = record_value(&lines, "act");
}

bool party_get(const struct state *state, struct bytes name, struct party *party)
{
	struct record_key key;
	struct bytes record;

	if (!record_get(state, record_key(&key, "party", name, BYTES("")), &record))
		return false;
	party_read(record, party);
	return true;
}

bool party_next(const struct state *state, size_t *index, struct party *party)
{
	struct bytes record;

	while (state_next(state, BYTES("party/"), index, &record))
		if (!record_is_tombstone(record)) {
			party_read(record, party);
			return true;
		}
	return false;
}

static void keys_put(struct state *state, struct arena *arena, const struct party *party)
{
	struct bytes keys = party->keys;
	struct record_key at;
	enum key_role role;
	struct note_key key;

	while (act_key(&keys, &role, &key)) {
		struct writer w = record_begin(arena, key_record_key(&at, &key));
		write_field(&w, "party", party->name);
		record_put(state, &w);
	}
}

void party_put(struct state *state, struct arena *arena, const struct party *party)
{
	struct record_key at;
	struct writer w;

	w = record_begin(arena, record_key(&at, "party", party->name, BYTES("")));
	write_field(&w, "kind", party->kind);
	write_field_number(&w, "threshold", party->threshold);
	write_bytes(&w, party->keys);
	write_field(&w, "act", party->act);
	record_put(state, &w);
	keys_put(state, arena, party);
}

void party_bury(struct state *state, struct arena *arena, struct bytes name, struct bytes act)
{
	struct record_key at;

	record_bury(state, arena, record_key(&at, "party", name, BYTES("")), act);
}

bool party_keys_taken(const struct state *state, struct bytes keys, struct bytes party)
{
	struct record_key at;
	struct bytes record;
	enum key_role role;
	struct note_key key;

	while (act_key(&keys, &role, &key))
		if (state_get(state, key_record_key(&at, &key), &record)) {
			struct text lines = record_lines(record);
			if (!bytes_same(record_value(&lines, "party"), party))
				return true;
		}
	return false;
}

bool party_key_named(struct bytes keys, enum key_role role, struct bytes name,
                     struct note_key *key)
{
	enum key_role r;

	while (act_key(&keys, &r, key))
		if (r == role && bytes_same(key->name, name))
			return true;
	return false;
}

bool party_key_of_role(struct bytes keys, enum key_role role, struct note_key *key)
{
	enum key_role r;

	while (act_key(&keys, &r, key))
		if (r == role)
			return true;
	return false;
}
