/* SPDX-License-Identifier: Apache-2.0 */
#include "registers/recognition.h"

struct bytes registered_key(struct record_key *key, struct bytes id)
{
	return record_key(key, "register", id, BYTES(""));
}

static void registered_read(struct bytes record, struct registered *r)
{
	struct text lines = record_lines(record);

	*r = (struct registered){.id = record_key_part(state_key(record), 1)};
	r->version = (uint32_t)record_number(&lines, "version");
	r->since = record_time(&lines, "since");
	r->act = record_value(&lines, "act");
	r->embedded = record_run(&lines, "|");
}

bool registered_get(const struct state *state, struct bytes id, struct registered *registered)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, registered_key(&key, id), &record))
		return false;
	registered_read(record, registered);
	return true;
}

bool registered_next(const struct state *state, size_t *index, struct registered *registered)
{
	struct bytes record;

	if (!state_next(state, BYTES("register/"), index, &record))
		return false;
	registered_read(record, registered);
	return true;
}

void registered_put(struct state *state, struct arena *arena, const struct registered *r)
{
	struct record_key key;
	struct writer w = record_begin(arena, registered_key(&key, r->id));

	write_field_number(&w, "version", r->version);
	write_field_time(&w, "since", r->since);
	write_field(&w, "act", r->act);
	write_bytes(&w, r->embedded);
	record_put(state, &w);
}

static struct bytes recognition_key(struct record_key *key, struct bytes of, struct bytes party)
{
	return record_key(key, "recognition", of, party);
}

static void recognition_read(struct bytes record, struct recognition *r)
{
	struct bytes key = record_key_part(state_key(record), 1);
	struct text lines = record_lines(record);

	*r = (struct recognition){.party = record_key_part(key, 1)};
	r->of = bytes_first(key, key.size - r->party.size - 1);
	r->listed = bytes_same(record_value(&lines, "status"), BYTES("listed"));
	r->code = record_value(&lines, "code");
	r->since = record_time(&lines, "since");
}

bool recognition_get(const struct state *state, struct bytes of, struct bytes party,
                     struct recognition *recognition)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, recognition_key(&key, of, party), &record))
		return false;
	recognition_read(record, recognition);
	return true;
}

bool recognition_next(const struct state *state, size_t *index, struct recognition *recognition)
{
	struct bytes record;

	if (!state_next(state, BYTES("recognition/"), index, &record))
		return false;
	recognition_read(record, recognition);
	return true;
}

void recognition_put(struct state *state, struct arena *arena, const struct recognition *r)
{
	struct record_key key;
	struct writer w = record_begin(arena, recognition_key(&key, r->of, r->party));

	write_field(&w, "status", r->listed ? BYTES("listed") : BYTES("removed"));
	write_field(&w, "code", r->code);
	write_field_time(&w, "since", r->since);
	record_put(state, &w);
}

void recognition_delete(struct state *state, struct bytes of, struct bytes party)
{
	struct record_key key;

	state_delete(state, recognition_key(&key, of, party));
}
