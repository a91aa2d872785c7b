/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_RECORD_H
#define COMITY_STATE_RECORD_H

/*
 * record.h - the form all records share: a key, then "name: value" lines, then
 * perhaps "+ " records of a zone and "| " embedded lines (comity-state(5)).
 *
 * Records were written by us, so reading one cannot fail: a record that is not of
 * its form is a bug. The one exception, records of an import manifest, is checked
 * before it is put (commons/manifest.h).
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/text.h"
#include "base/time.h"
#include "base/writer.h"
#include "dns/rr.h"
#include "state/state.h"

#define RECORD_KEY_MAX 400

struct record_key {
	size_t size;
	uint8_t at[RECORD_KEY_MAX];
};

/* "kind/a" or, where b is not empty, "kind/a/b", in `*key`; the view of it. */
struct bytes record_key(struct record_key *key, const char *kind, struct bytes a, struct bytes b);

/* "kind/a" and "kind/a/b" with numbers. */
struct bytes record_key_number(struct record_key *key, const char *kind, uint64_t a);
struct bytes record_key_numbers(struct record_key *key, const char *kind, uint64_t a, uint64_t b);

/* "kind/time/what": sorts by time. */
struct bytes record_key_time(struct record_key *key, const char *kind, struct ledger_time time,
                             struct bytes what);

/* The part of a key behind its `parts` first slashes; all of a key for 0. */
struct bytes record_key_part(struct bytes key, unsigned parts);

/* A record being read: its lines behind the key. */
struct text record_lines(struct bytes record);

/* The value of the next line, which must be of that name. */
struct bytes record_value(struct text *lines, const char *name);
uint64_t record_number(struct text *lines, const char *name);
struct ledger_time record_time(struct text *lines, const char *name);
struct digest record_digest(struct text *lines, const char *name);

/* The value of the next line when it is of that name; else false, and nothing read. */
bool record_value_if(struct text *lines, const char *name, struct bytes *value);

/* A time, or "none" (false). */
bool record_time_or_none(struct text *lines, const char *name, struct ledger_time *time);

/* The next word of a value, which must be there; as a number; as a digest. */
struct bytes record_word(struct bytes *rest);
uint64_t record_word_number(struct bytes *rest);
struct digest record_word_digest(struct bytes *rest);

/* The run of lines that begin with `mark` ("+ ", "|"), as they stand; there may be none. */
struct bytes record_run(struct text *lines, const char *mark);

/* Takes the next record of a zone off `*lines`, which are "+ " lines. False when none is left. */
bool record_rr(struct bytes *lines, struct arena *arena, struct rr *rr);

/* The octets behind embedded lines of base64 ("| ..."), in the arena. False when they are not. */
bool record_blob(struct bytes embedded, struct arena *arena, struct bytes *blob);

/* Writes octets as such lines. */
void record_write_blob(struct writer *writer, struct bytes blob);

/*
 * All records whose key begins so, as they are now, in an array in the arena: for who changes the
 * state while it goes through them. They are borrowed as any record that was read.
 */
size_t record_collect(const struct state *state, struct bytes prefix, struct arena *arena,
                      struct bytes **records);

/* Deletes every record of that key and below it ("key", "key/..."). */
void record_sweep(struct state *state, struct bytes key);

/* A writer that begins a record of that key in the arena; record_put() puts what was written. */
struct writer record_begin(struct arena *arena, struct bytes key);
void record_put(struct state *state, struct writer *writer);

void record_write_time_or_none(struct writer *writer, const char *name, bool is,
                               struct ledger_time time);

/*
 * A tombstone stands where a record was that a signer may have named in `replaces`: so that
 * "none" is not true twice.
 */
void record_bury(struct state *state, struct arena *arena, struct bytes key, struct bytes act);
bool record_is_tombstone(struct bytes record);

/* The record of that key, if there is one and it is no tombstone. */
bool record_get(const struct state *state, struct bytes key, struct bytes *record);

#endif
