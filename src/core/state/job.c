/* SPDX-License-Identifier: Apache-2.0 */
#include "state/job.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"

#define RELEASES_KEPT 16 /* in the state; all of them are in the log */

static const char *const JOB_WORDS[] = {[JOB_CONFIRM] = "confirm", [JOB_ZONE] = "zone"};

/* "kind/job[/session[/party]]" */
static struct bytes key_below(struct record_key *key, const char *kind, uint64_t job,
                              const uint64_t *session, struct bytes party)
{
	struct writer w = {.at = key->at, .size = sizeof(key->at)};

	write_text(&w, kind);
	write_octet(&w, '/');
	write_number(&w, job);
	if (session != NULL) {
		write_octet(&w, '/');
		write_number(&w, *session);
	}
	if (party.size > 0) {
		write_octet(&w, '/');
		write_bytes(&w, party);
	}
	must(!w.full);
	key->size = w.used;
	return writer_bytes(&w);
}

bool job_get(const struct state *state, uint64_t number, struct job *job)
{
	struct record_key key;
	struct bytes record, v;

	if (number == 0 || !state_get(state, key_below(&key, "job", number, NULL, BYTES("")), &record))
		return false;
	struct text lines = record_lines(record);
	*job = (struct job){.number = number};
	v = record_value(&lines, "kind");
	job->kind = bytes_same(v, bytes_of(JOB_WORDS[JOB_ZONE])) ? JOB_ZONE : JOB_CONFIRM;
	job->opened = record_time(&lines, "opened");
	job->serial = (uint32_t)record_number(&lines, "serial");
	job->inception = (uint32_t)record_number(&lines, "inception");
	job->items = (uint32_t)record_number(&lines, "items");
	job->digest = record_digest(&lines, "digest");
	job->sessions = (uint32_t)record_number(&lines, "sessions");
	while (record_value_if(&lines, "group", &v)) {
		must(job->group_count < JOB_GROUPS_MAX);
		struct job_group *g = &job->group[job->group_count++];
		g->kind = group_kind(record_word(&v));
		g->number = record_word_number(&v);
	}
	return true;
}

void job_put(struct state *state, struct arena *arena, const struct job *job)
{
	struct record_key key;
	struct writer w = record_begin(arena, key_below(&key, "job", job->number, NULL, BYTES("")));

	write_field(&w, "kind", bytes_of(JOB_WORDS[job->kind]));
	write_field_time(&w, "opened", job->opened);
	write_field_number(&w, "serial", job->serial);
	write_field_number(&w, "inception", job->inception);
	write_field_number(&w, "items", job->items);
	write_field_digest(&w, "digest", &job->digest);
	write_field_number(&w, "sessions", job->sessions);
	for (unsigned i = 0; i < job->group_count; i++) {
		write_text(&w, "group: ");
		write_text(&w, group_word(job->group[i].kind));
		write_octet(&w, ' ');
		write_number(&w, job->group[i].number);
		write_octet(&w, '\n');
	}
	record_put(state, &w);
}

void job_sweep(struct state *state, uint64_t number)
{
	static const char *const KINDS[] = {"job", "session", "answered", "accused", "signatures"};
	struct record_key key;

	for (unsigned i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
		record_sweep(state, key_below(&key, KINDS[i], number, NULL, BYTES("")));
}

bool session_get(const struct state *state, uint64_t job, uint64_t number,
                 struct session *session)
{
	struct record_key key;
	struct bytes record, v;

	if (!state_get(state, key_below(&key, "session", job, &number, BYTES("")), &record))
		return false;
	struct text lines = record_lines(record);
	*session = (struct session){.job = job, .number = number};
	session->opened = record_time(&lines, "opened");
	session->grace = record_time(&lines, "grace");
	while (record_value_if(&lines, "member", &v)) {
		struct session_member *m = &session->member[session->count++];
		m->party = record_word(&v);
		bool read = hex_read(record_word(&v), m->pool, sizeof(m->pool));
		must(read);
		m->first = (uint32_t)record_word_number(&v);
		m->count = (uint32_t)record_word_number(&v);
		m->root = record_word_digest(&v);
	}
	return true;
}

void session_put(struct state *state, struct arena *arena, const struct session *session)
{
	struct record_key key;
	struct writer w = record_begin(
	        arena, key_below(&key, "session", session->job, &session->number, BYTES("")));

	write_field_time(&w, "opened", session->opened);
	write_field_time(&w, "grace", session->grace);
	for (unsigned i = 0; i < session->count; i++) {
		const struct session_member *m = &session->member[i];
		write_text(&w, "member: ");
		write_bytes(&w, m->party);
		write_octet(&w, ' ');
		write_hex(&w, (struct bytes){m->pool, sizeof(m->pool)});
		write_octet(&w, ' ');
		write_number(&w, m->first);
		write_octet(&w, ' ');
		write_number(&w, m->count);
		write_octet(&w, ' ');
		write_digest(&w, &m->root);
		write_octet(&w, '\n');
	}
	record_put(state, &w);
}

const struct session_member *session_member_of(const struct session *session,
                                               struct bytes party)
{
	for (unsigned i = 0; i < session->count; i++)
		if (bytes_same(session->member[i].party, party))
			return &session->member[i];
	return NULL;
}

bool answered_get(const struct state *state, uint64_t job, uint64_t session, struct bytes party,
                  struct bytes *missing)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, key_below(&key, "answered", job, &session, party), &record))
		return false;
	struct text lines = record_lines(record);
	record_value(&lines, "shares");
	*missing = record_value(&lines, "missing");
	return true;
}

void answered_put(struct state *state, struct arena *arena, uint64_t job, uint64_t session,
                  struct bytes party, struct bytes shares, struct bytes missing)
{
	struct record_key key;
	struct writer w = record_begin(arena, key_below(&key, "answered", job, &session, party));

	write_field(&w, "shares", shares);
	write_field(&w, "missing", missing);
	record_put(state, &w);
}

bool accused_get(const struct state *state, uint64_t job, struct bytes party)
{
	struct record_key key;
	struct bytes record;

	return state_get(state, key_below(&key, "accused", job, NULL, party), &record);
}

void accused_put(struct state *state, struct arena *arena, uint64_t job, struct bytes party,
                 struct bytes act)
{
	struct record_key key;
	struct writer w = record_begin(arena, key_below(&key, "accused", job, NULL, party));

	write_field(&w, "act", act);
	record_put(state, &w);
}

/* Ten digits, so that runs sort by number. */
static struct bytes run_name(char digits[10], uint32_t first)
{
	for (unsigned i = 10; i-- > 0; first /= 10)
		digits[i] = (char)('0' + first % 10);
	return (struct bytes){(uint8_t *)digits, 10};
}

bool signatures_next(const struct state *state, uint64_t job, uint64_t session, size_t *index,
                     uint32_t *first, struct bytes *lines)
{
	struct record_key key;
	struct bytes record, prefix = key_below(&key, "signatures", job, &session, BYTES(""));

	key.at[key.size++] = '/';
	prefix.size++;
	if (!state_next(state, prefix, index, &record))
		return false;
	struct text text = record_lines(record);
	*first = (uint32_t)record_number(&text, "first");
	*lines = record_run(&text, "|");
	return true;
}

void signatures_put(struct state *state, struct arena *arena, uint64_t job, uint64_t session,
                    uint32_t first, struct bytes lines)
{
	struct record_key key;
	char digits[10];
	struct writer w = record_begin(
	        arena, key_below(&key, "signatures", job, &session, run_name(digits, first)));

	write_field_number(&w, "first", first);
	write_bytes(&w, lines);
	record_put(state, &w);
}

bool signature_take(struct bytes *lines, uint8_t signature[64])
{
	struct text text = {.rest = *lines};
	struct bytes line;
	size_t size;

	if (!text_line(&text, &line) || !bytes_starts(line, BYTES("| ")) ||
	    !base64_read(bytes_from(line, 2), signature, 64, &size) || size != 64)
		return false;
	*lines = text.rest;
	return true;
}

void signature_write(struct writer *writer, const uint8_t signature[64])
{
	write_text(writer, "| ");
	write_base64(writer, (struct bytes){signature, 64});
	write_octet(writer, '\n');
}

bool signed_rrset_get(const struct state *state, struct bytes owner, struct bytes type,
                      struct signed_rrset *s)
{
	struct record_key key;
	struct bytes record, v;
	size_t size = 0;

	if (!state_get(state, record_key(&key, "rrsig", owner, type), &record))
		return false;
	struct text lines = record_lines(record);
	s->covers = record_digest(&lines, "covers");
	v = record_value(&lines, "group");
	s->group = group_kind(record_word(&v));
	s->group_number = record_word_number(&v);
	v = record_value(&lines, "window");
	s->inception = (uint32_t)record_word_number(&v);
	s->expiration = (uint32_t)record_word_number(&v);
	bool read = base64_read(record_value(&lines, "signature"), s->signature, 64, &size);
	must(read && size == 64);
	return true;
}

void signed_rrset_put(struct state *state, struct arena *arena, struct bytes owner,
                      struct bytes type, const struct signed_rrset *s)
{
	struct record_key key;
	struct writer w = record_begin(arena, record_key(&key, "rrsig", owner, type));

	write_field_digest(&w, "covers", &s->covers);
	write_text(&w, "group: ");
	write_text(&w, group_word(s->group));
	write_octet(&w, ' ');
	write_number(&w, s->group_number);
	write_text(&w, "\nwindow: ");
	write_number(&w, s->inception);
	write_octet(&w, ' ');
	write_number(&w, s->expiration);
	write_text(&w, "\nsignature: ");
	write_base64(&w, (struct bytes){s->signature, 64});
	write_octet(&w, '\n');
	record_put(state, &w);
}

bool release_get(const struct state *state, uint32_t serial, struct release *r)
{
	struct record_key key;
	struct bytes record, v;

	if (!state_get(state, record_key_number(&key, "release", serial), &record))
		return false;
	struct text lines = record_lines(record);
	*r = (struct release){.serial = serial};
	r->job = record_number(&lines, "job");
	r->session = record_number(&lines, "session");
	v = record_value(&lines, "zone");
	r->records = record_word_number(&v);
	r->zone = record_word_digest(&v);
	bool read = hex_read(record_value(&lines, "zonemd"), r->zonemd, SHA384_SIZE);
	must(read);
	r->opened = record_time(&lines, "opened");
	r->entered = record_time(&lines, "entered");
	r->expires = record_time(&lines, "expires");
	r->act = record_value(&lines, "act");
	return true;
}

void release_put(struct state *state, struct arena *arena, const struct release *r)
{
	struct record_key key;
	struct writer w = record_begin(arena, record_key_number(&key, "release", r->serial));

	write_field_number(&w, "job", r->job);
	write_field_number(&w, "session", r->session);
	write_text(&w, "zone: ");
	write_number(&w, r->records);
	write_octet(&w, ' ');
	write_digest(&w, &r->zone);
	write_text(&w, "\nzonemd: ");
	write_hex(&w, (struct bytes){r->zonemd, SHA384_SIZE});
	write_octet(&w, '\n');
	write_field_time(&w, "opened", r->opened);
	write_field_time(&w, "entered", r->entered);
	write_field_time(&w, "expires", r->expires);
	write_field(&w, "act", r->act);
	record_put(state, &w);
}

bool release_current(const struct state *state, struct release *release)
{
	struct bytes record;

	if (!state_get(state, BYTES("zone/current"), &record))
		return false;
	struct text lines = record_lines(record);
	return release_get(state, (uint32_t)record_number(&lines, "serial"), release);
}

/* The oldest releases leave the state. Serials may wrap, so age is when they entered. */
static void releases_forget(struct state *state)
{
	struct bytes record, oldest = {NULL, 0};
	struct ledger_time entered = {TIME_MAX};
	unsigned count = 0;

	for (size_t index = 0; state_next(state, BYTES("release/"), &index, &record); count++) {
		struct release r;
		uint64_t serial = 0;
		bool read = text_number(record_key_part(state_key(record), 1), UINT32_MAX, &serial) &&
		            release_get(state, (uint32_t)serial, &r);
		must(read);
		if (r.entered.seconds < entered.seconds) {
			entered = r.entered;
			oldest = state_key(record);
		}
	}
	if (count > RELEASES_KEPT)
		state_delete(state, oldest);
}

void release_set_current(struct state *state, struct arena *arena, const struct release *release)
{
	struct writer w;

	releases_forget(state);
	w = record_begin(arena, BYTES("zone/current"));
	write_field_number(&w, "serial", release->serial);
	write_field_digest(&w, "zone", &release->zone);
	record_put(state, &w);
}
