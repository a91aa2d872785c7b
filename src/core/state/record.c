/* SPDX-License-Identifier: Apache-2.0 */
#include "state/record.h"

#include "act/act.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"

static struct writer key_writer(struct record_key *key, const char *kind)
{
	struct writer w = {.at = key->at, .size = sizeof(key->at)};

	write_text(&w, kind);
	write_octet(&w, '/');
	return w;
}

static struct bytes key_done(struct record_key *key, const struct writer *w)
{
	must(!w->full);
	key->size = w->used;
	return (struct bytes){key->at, key->size};
}

struct bytes record_key(struct record_key *key, const char *kind, struct bytes a, struct bytes b)
{
	struct writer w = key_writer(key, kind);

	write_bytes(&w, a);
	if (b.size > 0) {
		write_octet(&w, '/');
		write_bytes(&w, b);
	}
	return key_done(key, &w);
}

struct bytes record_key_number(struct record_key *key, const char *kind, uint64_t a)
{
	struct writer w = key_writer(key, kind);

	write_number(&w, a);
	return key_done(key, &w);
}

struct bytes record_key_numbers(struct record_key *key, const char *kind, uint64_t a, uint64_t b)
{
	struct writer w = key_writer(key, kind);

	write_number(&w, a);
	write_octet(&w, '/');
	write_number(&w, b);
	return key_done(key, &w);
}

struct bytes record_key_time(struct record_key *key, const char *kind, struct ledger_time time,
                             struct bytes what)
{
	struct writer w = key_writer(key, kind);

	write_time(&w, time);
	write_octet(&w, '/');
	write_bytes(&w, what);
	return key_done(key, &w);
}

struct bytes record_key_part(struct bytes key, unsigned parts)
{
	for (; parts > 0; parts--) {
		const uint8_t *slash = memchr(key.at, '/', key.size);
		must(slash != NULL);
		key = bytes_from(key, (size_t)(slash - key.at) + 1);
	}
	return key;
}

struct text record_lines(struct bytes record)
{
	struct text lines = {.rest = record};
	struct bytes key;
	bool read = text_line(&lines, &key);

	must(read);
	return lines;
}

bool record_value_if(struct text *lines, const char *name, struct bytes *value)
{
	struct bytes line;

	if (!text_peek(lines, &line) || !text_field(line, name, value))
		return false;
	return text_line(lines, &line);
}

struct bytes record_value(struct text *lines, const char *name)
{
	struct bytes value = {NULL, 0};
	bool read = record_value_if(lines, name, &value);

	must(read);
	return value;
}

uint64_t record_number(struct text *lines, const char *name)
{
	uint64_t number = 0;
	bool read = text_number(record_value(lines, name), UINT64_MAX, &number);

	must(read);
	return number;
}

struct ledger_time record_time(struct text *lines, const char *name)
{
	struct ledger_time time = {0};
	bool read = time_read(record_value(lines, name), &time);

	must(read);
	return time;
}

struct digest record_digest(struct text *lines, const char *name)
{
	struct bytes value = record_value(lines, name);

	return record_word_digest(&value);
}

bool record_time_or_none(struct text *lines, const char *name, struct ledger_time *time)
{
	struct bytes value = record_value(lines, name);
	bool is = !bytes_same(value, BYTES("none")), read = !is || time_read(value, time);

	must(read);
	return is;
}

struct bytes record_word(struct bytes *rest)
{
	struct bytes word = {NULL, 0};
	bool read = text_word(rest, &word);

	must(read);
	return word;
}

uint64_t record_word_number(struct bytes *rest)
{
	uint64_t number = 0;
	bool read = text_word_number(rest, UINT64_MAX, &number);

	must(read);
	return number;
}

struct digest record_word_digest(struct bytes *rest)
{
	struct digest digest = {{0}};
	bool read = hex_read(record_word(rest), digest.octet, DIGEST_SIZE);

	must(read);
	return digest;
}

struct bytes record_run(struct text *lines, const char *mark)
{
	struct bytes run = bytes_first(lines->rest, 0), line;

	while (text_peek(lines, &line) && bytes_starts(line, bytes_of(mark))) {
		bool read = text_line(lines, &line);
		must(read);
		run.size += line.size + 1;
	}
	return run;
}

#define BLOB_LINE 48 /* octets behind one line: 64 characters */

bool record_blob(struct bytes embedded, struct arena *arena, struct bytes *blob)
{
	struct writer w = writer_in(arena);
	struct text lines = {.rest = embedded};
	struct bytes line;

	while (text_line(&lines, &line)) {
		uint8_t octets[BLOB_LINE];
		size_t size;

		if (!bytes_starts(line, BYTES("| ")) ||
		    !base64_read(bytes_from(line, 2), octets, sizeof(octets), &size))
			return false;
		/* One form: every line but the last is full, and none is empty. */
		if (size == 0 || (size < BLOB_LINE && lines.rest.size != 0))
			return false;
		write_bytes(&w, (struct bytes){octets, size});
	}
	*blob = writer_keep(&w, arena);
	return lines.rest.size == 0;
}

void record_write_blob(struct writer *writer, struct bytes blob)
{
	for (; blob.size > 0; blob = bytes_from(blob, BLOB_LINE)) {
		write_text(writer, "| ");
		write_base64(writer, bytes_first(blob, BLOB_LINE));
		write_octet(writer, '\n');
	}
}

size_t record_collect(const struct state *state, struct bytes prefix, struct arena *arena,
                      struct bytes **records)
{
	struct bytes record;
	size_t count = 0;

	for (size_t index = 0; state_next(state, prefix, &index, &record);)
		count++;
	*records = arena_take_array(arena, count, sizeof(**records));
	count = 0;
	for (size_t index = 0; state_next(state, prefix, &index, &record);)
		(*records)[count++] = record;
	return count;
}

void record_sweep(struct state *state, struct bytes key)
{
	struct bytes record;
	size_t index = 0;

	while (state_next(state, key, &index, &record)) {
		struct bytes rest = bytes_from(state_key(record), key.size);

		if (rest.size == 0 || rest.at[0] == '/') {
			state_delete(state, state_key(record));
			index = 0;
		}
	}
}

bool record_rr(struct bytes *lines, struct arena *arena, struct rr *rr)
{
	return act_record(lines, arena, rr);
}

struct writer record_begin(struct arena *arena, struct bytes key)
{
	struct writer w = writer_in(arena);

	write_bytes(&w, key);
	write_octet(&w, '\n');
	return w;
}

void record_put(struct state *state, struct writer *writer)
{
	if (writer->full)
		memory_fail(writer->size);
	state_put(state, writer_bytes(writer));
}

void record_write_time_or_none(struct writer *writer, const char *name, bool is,
                               struct ledger_time time)
{
	if (is)
		write_field_time(writer, name, time);
	else
		write_field(writer, name, BYTES("none"));
}

void record_bury(struct state *state, struct arena *arena, struct bytes key, struct bytes act)
{
	struct writer w = record_begin(arena, key);

	write_field(&w, "gone", act);
	record_put(state, &w);
}

bool record_is_tombstone(struct bytes record)
{
	struct text lines = record_lines(record);
	struct bytes act;

	return record_value_if(&lines, "gone", &act);
}

bool record_get(const struct state *state, struct bytes key, struct bytes *record)
{
	return state_get(state, key, record) && !record_is_tombstone(*record);
}
