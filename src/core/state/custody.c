/* SPDX-License-Identifier: Apache-2.0 */
#include "state/custody.h"

#include <string.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"

static const char *const GROUP_WORDS[GROUPS] = {
	[GROUP_KSK] = "ksk",
	[GROUP_KSK_STANDBY] = "ksk-standby",
	[GROUP_ZSK] = "zsk",
};

static const char *const PHASE_WORDS[CEREMONY_PHASES] = {
	[CEREMONY_KEY] = "key",
	[CEREMONY_DEAL] = "deal",
	[CEREMONY_CONFIRM] = "confirm",
	[CEREMONY_SIGN] = "sign",
	[CEREMONY_DONE] = "done",
	[CEREMONY_FAILED] = "failed",
};

const char *group_word(enum group_kind kind)
{
	must(kind < GROUPS);
	return GROUP_WORDS[kind];
}

enum group_kind group_kind(struct bytes word)
{
	enum group_kind k = 0;

	while (k < GROUPS && !bytes_same(word, bytes_of(GROUP_WORDS[k])))
		k++;
	return k;
}

const char *ceremony_phase_word(enum ceremony_phase phase)
{
	must(phase < CEREMONY_PHASES);
	return PHASE_WORDS[phase];
}

void custody_get(const struct state *state, struct custody *custody)
{
	struct bytes record;

	*custody = (struct custody){0};
	if (!state_get(state, BYTES("custody"), &record))
		return;
	struct text lines = record_lines(record);
	for (enum group_kind k = 0; k < GROUPS; k++)
		custody->active[k] = record_number(&lines, GROUP_WORDS[k]);
	custody->zsk_next = record_number(&lines, "zsk-next");
	custody->zsk_old = record_number(&lines, "zsk-old");
	custody->jobs = record_number(&lines, "jobs");
	custody->job = record_number(&lines, "job");
	custody->serial = record_number(&lines, "serial");
}

void custody_put(struct state *state, struct arena *arena, const struct custody *custody)
{
	struct writer w = record_begin(arena, BYTES("custody"));

	for (enum group_kind k = 0; k < GROUPS; k++)
		write_field_number(&w, GROUP_WORDS[k], custody->active[k]);
	write_field_number(&w, "zsk-next", custody->zsk_next);
	write_field_number(&w, "zsk-old", custody->zsk_old);
	write_field_number(&w, "jobs", custody->jobs);
	write_field_number(&w, "job", custody->job);
	write_field_number(&w, "serial", custody->serial);
	record_put(state, &w);
}

static void point_of_word(struct bytes *rest, uint8_t point[32])
{
	bool read = hex_read(record_word(rest), point, 32);

	must(read);
}

static struct bytes group_key(struct record_key *key, enum group_kind kind, uint64_t number)
{
	char digits[20];
	struct writer w = {.at = (uint8_t *)digits, .size = sizeof(digits)};

	write_number(&w, number);
	return record_key(key, "group", bytes_of(group_word(kind)), writer_bytes(&w));
}

bool group_get(const struct state *state, enum group_kind kind, uint64_t number,
               struct group *group)
{
	struct record_key key;
	struct bytes record, v;

	if (!state_get(state, group_key(&key, kind, number), &record))
		return false;
	struct text lines = record_lines(record);
	*group = (struct group){.kind = kind, .number = number};
	group->threshold = (uint16_t)record_number(&lines, "threshold");
	v = record_value(&lines, "key");
	point_of_word(&v, group->public_key);
	group->tag = (uint16_t)record_number(&lines, "tag");
	group->since = record_time(&lines, "since");
	while (record_value_if(&lines, "member", &v)) {
		struct group_member *m = &group->member[group->count++];
		m->party = record_word(&v);
		m->identifier = (uint16_t)record_word_number(&v);
		point_of_word(&v, m->verification_share);
	}
	return true;
}

void group_put(struct state *state, struct arena *arena, const struct group *group)
{
	struct record_key key;
	struct writer w = record_begin(arena, group_key(&key, group->kind, group->number));

	write_field_number(&w, "threshold", group->threshold);
	write_text(&w, "key: ");
	write_hex(&w, (struct bytes){group->public_key, 32});
	write_octet(&w, '\n');
	write_field_number(&w, "tag", group->tag);
	write_field_time(&w, "since", group->since);
	for (unsigned i = 0; i < group->count; i++) {
		write_text(&w, "member: ");
		write_bytes(&w, group->member[i].party);
		write_octet(&w, ' ');
		write_number(&w, group->member[i].identifier);
		write_octet(&w, ' ');
		write_hex(&w, (struct bytes){group->member[i].verification_share, 32});
		write_octet(&w, '\n');
	}
	record_put(state, &w);
}

const struct group_member *group_member_of(const struct group *group, struct bytes party)
{
	for (unsigned i = 0; i < group->count; i++)
		if (bytes_same(group->member[i].party, party))
			return &group->member[i];
	return NULL;
}

static struct bytes ceremony_key(struct record_key *key, enum group_kind kind)
{
	return record_key(key, "ceremony", bytes_of(group_word(kind)), BYTES(""));
}

static bool digest_or_none(struct text *lines, const char *name, struct digest *digest)
{
	struct bytes value = record_value(lines, name);

	if (bytes_same(value, BYTES("none")))
		return false;
	*digest = record_word_digest(&value);
	return true;
}

static void write_digest_or_none(struct writer *w, const char *name, bool is,
                                 const struct digest *digest)
{
	if (is)
		write_field_digest(w, name, digest);
	else
		write_field(w, name, BYTES("none"));
}

bool ceremony_get(const struct state *state, enum group_kind kind, struct ceremony *ceremony)
{
	struct record_key key;
	struct bytes record, v;

	if (!state_get(state, ceremony_key(&key, kind), &record))
		return false;
	struct text lines = record_lines(record);
	*ceremony = (struct ceremony){.kind = kind};
	ceremony->number = record_number(&lines, "number");
	v = record_value(&lines, "phase");
	while (!bytes_same(v, bytes_of(PHASE_WORDS[ceremony->phase])))
		ceremony->phase++;
	ceremony->threshold = (uint16_t)record_number(&lines, "threshold");
	ceremony->opened = record_time(&lines, "opened");
	ceremony->deadline = record_time(&lines, "deadline");
	ceremony->has_session = digest_or_none(&lines, "session", &ceremony->session);
	ceremony->has_transcript = digest_or_none(&lines, "transcript", &ceremony->transcript);
	while (record_value_if(&lines, "member", &v)) {
		struct ceremony_member *m = &ceremony->member[ceremony->count++];
		m->party = record_word(&v);
		m->identifier = (uint16_t)record_word_number(&v);
		m->has_key = !bytes_same(v, BYTES("none"));
		if (m->has_key)
			point_of_word(&v, m->key);
	}
	ceremony->excluded = record_run(&lines, "excluded: ");
	return true;
}

void ceremony_put(struct state *state, struct arena *arena, const struct ceremony *c)
{
	struct record_key key;
	struct writer w = record_begin(arena, ceremony_key(&key, c->kind));

	write_field_number(&w, "number", c->number);
	write_field(&w, "phase", bytes_of(ceremony_phase_word(c->phase)));
	write_field_number(&w, "threshold", c->threshold);
	write_field_time(&w, "opened", c->opened);
	write_field_time(&w, "deadline", c->deadline);
	write_digest_or_none(&w, "session", c->has_session, &c->session);
	write_digest_or_none(&w, "transcript", c->has_transcript, &c->transcript);
	for (unsigned i = 0; i < c->count; i++) {
		write_text(&w, "member: ");
		write_bytes(&w, c->member[i].party);
		write_octet(&w, ' ');
		write_number(&w, c->member[i].identifier);
		write_octet(&w, ' ');
		if (c->member[i].has_key)
			write_hex(&w, (struct bytes){c->member[i].key, 32});
		else
			write_text(&w, "none");
		write_octet(&w, '\n');
	}
	write_bytes(&w, c->excluded);
	record_put(state, &w);
}

struct ceremony_member *ceremony_member_of(struct ceremony *ceremony, struct bytes party)
{
	for (unsigned i = 0; i < ceremony->count; i++)
		if (bytes_same(ceremony->member[i].party, party))
			return &ceremony->member[i];
	return NULL;
}

static struct bytes by_party(struct record_key *key, const char *kind, enum group_kind group,
                             struct bytes party)
{
	return record_key(key, kind, bytes_of(group_word(group)), party);
}

bool deal_get(const struct state *state, enum group_kind kind, struct bytes party,
              struct arena *arena, struct bytes *deal)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, by_party(&key, "deal", kind, party), &record))
		return false;
	struct text lines = record_lines(record);
	return record_blob(record_run(&lines, "|"), arena, deal);
}

void deal_put(struct state *state, struct arena *arena, enum group_kind kind, struct bytes party,
              struct bytes embedded)
{
	struct record_key key;
	struct writer w = record_begin(arena, by_party(&key, "deal", kind, party));

	write_bytes(&w, embedded);
	record_put(state, &w);
}

bool confirmed_get(const struct state *state, enum group_kind kind, struct bytes party)
{
	struct record_key key;
	struct bytes record;

	return state_get(state, by_party(&key, "confirmed", kind, party), &record);
}

void confirmed_put(struct state *state, struct arena *arena, enum group_kind kind,
                   struct bytes party)
{
	struct record_key key;
	struct writer w = record_begin(arena, by_party(&key, "confirmed", kind, party));

	record_put(state, &w);
}

void ceremony_sweep(struct state *state, enum group_kind kind)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, "deal", bytes_of(group_word(kind)), BYTES(""));

	record_sweep(state, prefix);
	prefix = record_key(&key, "confirmed", bytes_of(group_word(kind)), BYTES(""));
	record_sweep(state, prefix);
}

bool pool_get(const struct state *state, struct bytes party, struct pool *pool)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, record_key(&key, "pool", party, BYTES("")), &record))
		return false;
	struct text lines = record_lines(record);
	bool read = hex_read(record_value(&lines, "pool"), pool->id, sizeof(pool->id));
	must(read);
	pool->count = (uint32_t)record_number(&lines, "count");
	pool->root = record_digest(&lines, "root");
	pool->lease = record_time(&lines, "lease");
	pool->act = record_value(&lines, "act");
	return true;
}

void pool_put(struct state *state, struct arena *arena, struct bytes party,
              const struct pool *pool)
{
	struct record_key key;
	struct writer w = record_begin(arena, record_key(&key, "pool", party, BYTES("")));

	write_text(&w, "pool: ");
	write_hex(&w, (struct bytes){pool->id, sizeof(pool->id)});
	write_octet(&w, '\n');
	write_field_number(&w, "count", pool->count);
	write_field_digest(&w, "root", &pool->root);
	write_field_time(&w, "lease", pool->lease);
	write_field(&w, "act", pool->act);
	record_put(state, &w);
}

void signer_get(const struct state *state, struct bytes party, struct signer *signer)
{
	struct record_key key;
	struct bytes record;

	*signer = (struct signer){.next = 0};
	if (!state_get(state, record_key(&key, "signer", party, BYTES("")), &record))
		return;
	struct text lines = record_lines(record);
	bool read = hex_read(record_value(&lines, "pool"), signer->pool, sizeof(signer->pool));
	must(read);
	signer->next = (uint32_t)record_number(&lines, "next");
	signer->missed = record_time_or_none(&lines, "missed", &signer->missed_at);
}

void signer_put(struct state *state, struct arena *arena, struct bytes party,
                const struct signer *signer)
{
	struct record_key key;
	struct writer w = record_begin(arena, record_key(&key, "signer", party, BYTES("")));

	write_text(&w, "pool: ");
	write_hex(&w, (struct bytes){signer->pool, sizeof(signer->pool)});
	write_octet(&w, '\n');
	write_field_number(&w, "next", signer->next);
	record_write_time_or_none(&w, "missed", signer->missed, signer->missed_at);
	record_put(state, &w);
}
