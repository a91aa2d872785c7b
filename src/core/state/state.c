/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state.h"

#include <string.h>

#include "base/arena.h"
#include "base/must.h"

/* A record in the store: this head, then its octets. */
struct head {
	uint32_t size; /* octets of the record */
	uint32_t key_size;
	bool hashed; /* leaf is known */
	struct digest leaf;
};

struct state_change {
	uint32_t before, after; /* blocks; 0: no record */
};

/* One record in this many octets of the range, on average, is what we reserve tables for. */
#define OCTETS_A_RECORD 512

static struct head *head_of(const struct state *state, uint32_t block)
{
	return store_at(&state->store, block);
}

static struct bytes record_of(const struct state *state, uint32_t block)
{
	struct head *head = head_of(state, block);

	return (struct bytes){(uint8_t *)(head + 1), head->size};
}

static struct bytes key_of(const struct state *state, uint32_t block)
{
	return bytes_first(record_of(state, block), head_of(state, block)->key_size);
}

struct bytes state_key(struct bytes record)
{
	const uint8_t *end = memchr(record.at, '\n', record.size);

	must(end != NULL);
	return bytes_first(record, (size_t)(end - record.at));
}

static uint8_t *table_take(uint8_t **memory, size_t *left, size_t size)
{
	uint8_t *at = *memory;
	size_t rounded = (size + 15) / 16 * 16;

	must(rounded <= *left);
	*memory += rounded;
	*left -= rounded;
	return at;
}

void state_init(struct state *state, uint8_t *memory, size_t size)
{
	*state = (struct state){.capacity = size / OCTETS_A_RECORD};
	state->index = (uint32_t *)(void *)table_take(&memory, &size, state->capacity * 4);
	state->change = (struct state_change *)(void *)table_take(
	        &memory, &size, state->capacity * sizeof(struct state_change));
	for (unsigned k = 1; k < STATE_LEVELS && state->capacity >> k > 0; k++)
		state->level[k] = (struct digest *)(void *)table_take(
		        &memory, &size, (state->capacity >> k) * DIGEST_SIZE);
	store_init(&state->store, memory, size);
	state_put(state, BYTES("!\n"));
	state_put(state, BYTES("~\n"));
	state_commit(state);
}

size_t state_find(const struct state *state, struct bytes key)
{
	size_t low = 0, high = state->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bytes_compare(key_of(state, state->index[middle]), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool found(const struct state *state, size_t index, struct bytes key)
{
	return index < state->count && bytes_same(key_of(state, state->index[index]), key);
}

size_t state_after(const struct state *state, struct bytes key)
{
	size_t index = state_find(state, key);

	return found(state, index, key) ? index + 1 : index;
}

struct bytes state_at(const struct state *state, size_t index)
{
	must(index < state->count);
	return record_of(state, state->index[index]);
}

bool state_get(const struct state *state, struct bytes key, struct bytes *record)
{
	size_t index = state_find(state, key);

	if (!found(state, index, key))
		return false;
	*record = state_at(state, index);
	return true;
}

bool state_next(const struct state *state, struct bytes prefix, size_t *index,
                struct bytes *record)
{
	size_t i = *index == 0 ? state_find(state, prefix) : *index;

	if (i >= state->count || !bytes_starts(key_of(state, state->index[i]), prefix))
		return false;
	*record = state_at(state, i);
	*index = i + 1;
	return true;
}

/* Every subtree over leaves from `index` on is stale. */
static void stale_from(struct state *state, size_t index)
{
	if (index < state->fresh)
		state->fresh = index;
}

static void stale_at(struct state *state, size_t index)
{
	if (index >= state->fresh)
		return;
	if (state->dirty_count < STATE_DIRTY_MAX) {
		state->dirty[state->dirty_count++] = index;
		return;
	}
	for (size_t i = 0; i < state->dirty_count; i++)
		stale_from(state, state->dirty[i]);
	stale_from(state, index);
	state->dirty_count = 0;
}

/* Puts block `after` where `before` stands (either may be 0: none). */
static void exchange(struct state *state, uint32_t before, uint32_t after)
{
	struct bytes key = key_of(state, before != 0 ? before : after);
	size_t index = state_find(state, key);
	uint32_t *at = state->index + index;

	if (before == 0) {
		if (state->count == state->capacity)
			memory_fail(0);
		memmove(at + 1, at, (state->count - index) * sizeof(*at));
		*at = after;
		state->count++;
		state->octets += head_of(state, after)->size;
		stale_from(state, index);
	} else if (after == 0) {
		must(found(state, index, key) && *at == before);
		memmove(at, at + 1, (state->count - index - 1) * sizeof(*at));
		state->count--;
		state->octets -= head_of(state, before)->size;
		stale_from(state, index);
	} else {
		must(found(state, index, key) && *at == before);
		*at = after;
		state->octets += head_of(state, after)->size;
		state->octets -= head_of(state, before)->size;
		stale_at(state, index);
	}
}

static void remember(struct state *state, uint32_t before, uint32_t after)
{
	if (state->changes == state->capacity)
		memory_fail(0);
	state->change[state->changes++] = (struct state_change){before, after};
}

void state_put(struct state *state, struct bytes record)
{
	struct bytes key = state_key(record);
	size_t index = state_find(state, key);
	uint32_t before = found(state, index, key) ? state->index[index] : 0;
	uint32_t after;

	must(record.size < UINT32_MAX / 2 && record.at[record.size - 1] == '\n' && key.size > 0);
	if (before != 0 && bytes_same(record_of(state, before), record))
		return;
	after = store_take(&state->store, sizeof(struct head) + record.size);
	struct head *head = head_of(state, after);
	*head = (struct head){.size = (uint32_t)record.size, .key_size = (uint32_t)key.size};
	memcpy(head + 1, record.at, record.size);
	exchange(state, before, after);
	remember(state, before, after);
}

void state_delete(struct state *state, struct bytes key)
{
	size_t index = state_find(state, key);

	if (!found(state, index, key))
		return;
	uint32_t before = state->index[index];
	exchange(state, before, 0);
	remember(state, before, 0);
}

static void give(struct state *state, uint32_t block)
{
	if (block != 0)
		store_give(&state->store, block, sizeof(struct head) + head_of(state, block)->size);
}

struct state_mark state_mark(const struct state *state)
{
	return (struct state_mark){state->changes};
}

void state_undo(struct state *state, struct state_mark mark)
{
	must(mark.changes <= state->changes);
	while (state->changes > mark.changes) {
		struct state_change c = state->change[--state->changes];

		exchange(state, c.after, c.before);
		give(state, c.after);
	}
}

void state_commit(struct state *state)
{
	for (size_t i = 0; i < state->changes; i++)
		give(state, state->change[i].before);
	state->changes = 0;
}

static struct digest leaf_of(const struct state *state, size_t index)
{
	struct head *head = head_of(state, state->index[index]);

	if (!head->hashed) {
		head->leaf = merkle_leaf(record_of(state, state->index[index]));
		head->hashed = true;
	}
	return head->leaf;
}

bool state_leaf(const struct state *state, struct bytes key, struct digest *leaf)
{
	size_t index = state_find(state, key);

	if (!found(state, index, key))
		return false;
	*leaf = leaf_of(state, index);
	return true;
}

static struct digest subtree(const void *context, unsigned level, uint64_t index)
{
	const struct state *state = context;

	return level == 0 ? leaf_of(state, index) : state->level[level][index];
}

static void node_renew(struct state *state, unsigned level, size_t index)
{
	struct digest left = subtree(state, level - 1, 2 * index);
	struct digest right = subtree(state, level - 1, 2 * index + 1);

	state->level[level][index] = merkle_node(&left, &right);
}

struct digest state_root(struct state *state)
{
	for (unsigned k = 1; k < STATE_LEVELS && state->count >> k > 0; k++) {
		for (size_t i = 0; i < state->dirty_count; i++)
			if (state->dirty[i] >> k < state->fresh >> k)
				node_renew(state, k, state->dirty[i] >> k);
		for (size_t i = state->fresh >> k; i < state->count >> k; i++)
			node_renew(state, k, i);
	}
	state->fresh = state->count;
	state->dirty_count = 0;

	/* The right edge: perfect subtrees of count's bits, folded from the right. */
	struct digest root = {{0}};
	size_t end = state->count;
	for (unsigned k = 0; k < STATE_LEVELS; k++)
		if (state->count >> k & 1) {
			struct digest left = subtree(state, k, (end >> k) - 1);
			root = end == state->count ? left : merkle_node(&left, &root);
			end -= (size_t)1 << k;
		}
	return root;
}

void state_prove(const struct state *state, size_t index, struct merkle_proof *proof)
{
	must(state->fresh == state->count && state->dirty_count == 0);
	merkle_prove_inclusion(subtree, state, index, state->count, proof);
}
