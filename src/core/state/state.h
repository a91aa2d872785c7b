/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_STATE_H
#define COMITY_STATE_STATE_H

/*
 * state.h - everything the parties hold in common, as text records under one
 * root hash (comity-state(5)).
 *
 * A record is a text whose first line is its key. Records are sorted by key as
 * octets, and two sentinels, "!" and "~", stand before the first and behind the
 * last. The root is that of an RFC 6962 tree over the records in order, so a record
 * is proved like an entry of the log, and a key that is not there by its two
 * neighbours. Whatever apply() reads is here: a snapshot and a replay cannot differ.
 *
 * Changes can be taken back to a mark until they are committed. A record that was
 * read stays valid, though perhaps no longer current, until the next commit or
 * undo.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/store.h"
#include "note/merkle.h"

#define STATE_DIRTY_MAX 64
#define STATE_LEVELS    40

struct state {
	struct store store; /* the records */
	uint32_t *index;    /* records in the order of their keys */
	size_t count;       /* records, sentinels included */
	size_t octets;      /* of them all, their keys included */
	size_t capacity;    /* records and uncommitted changes there is room for */
	struct state_change *change;
	size_t changes;                     /* since the last commit */
	struct digest *level[STATE_LEVELS]; /* [k]: perfect subtrees of 2^k leaves, from 1 */
	size_t fresh; /* subtrees that lie wholly below this leaf are right, but for: */
	size_t dirty[STATE_DIRTY_MAX]; /* leaves below `fresh` whose record changed */
	size_t dirty_count;
};

struct state_mark {
	size_t changes;
};

/* An empty state (the sentinels alone) in `size` octets of zero memory at `memory`, aligned
 * to 16; the state lives there, and nobody frees it piecemeal. */
void state_init(struct state *state, uint8_t *memory, size_t size);

/* The record of that key, or false. */
bool state_get(const struct state *state, struct bytes key, struct bytes *record);

/* Puts a record under its first line, in place of one that may stand there. */
void state_put(struct state *state, struct bytes record);

/* Takes the record of that key away, if there is one. */
void state_delete(struct state *state, struct bytes key);

/* The index of the first record whose key is not before `key`. Sentinels count. */
size_t state_find(const struct state *state, struct bytes key);

/* The index of the first record whose key is behind `key`: where a walk goes on after the state has changed. */
size_t state_after(const struct state *state, struct bytes key);
struct bytes state_at(const struct state *state, size_t index);

/* The key (first line) of a record. */
struct bytes state_key(struct bytes record);

/*
 * Walks the records whose key begins with `prefix`: start with *index = 0; false at the end.
 * The state must not change during a walk.
 */
bool state_next(const struct state *state, struct bytes prefix, size_t *index,
                struct bytes *record);

/* The leaf hash of the record of that key: what an act names in `replaces`. */
bool state_leaf(const struct state *state, struct bytes key, struct digest *leaf);

/* The root; brings the tree up to date. */
struct digest state_root(struct state *state);

/* The path of the record at `index` to the root. state_root() comes first. */
void state_prove(const struct state *state, size_t index, struct merkle_proof *proof);

struct state_mark state_mark(const struct state *state);
void state_undo(struct state *state, struct state_mark mark);
void state_commit(struct state *state);

#endif
