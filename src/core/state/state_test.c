/* SPDX-License-Identifier: Apache-2.0 */
/* The state against its definition: random changes, marks, undos, and a tree made afresh. */
#include "state/state.h"

#include <stdio.h>
#include <stdlib.h>

#include "tap.h"

#define MEMORY (8u << 20)

static uint8_t memory[MEMORY] __attribute__((aligned(16)));
static uint64_t seed = 20261122;

static uint64_t next(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static struct digest root_of_definition(const struct state *state)
{
	static struct digest leaves[4096];

	for (size_t i = 0; i < state->count; i++)
		leaves[i] = merkle_leaf(state_at(state, i));
	return merkle_root(leaves, state->count);
}

static bool in_order(const struct state *state)
{
	for (size_t i = 1; i < state->count; i++)
		if (bytes_compare(state_key(state_at(state, i - 1)), state_key(state_at(state, i))) >= 0)
			return false;
	return true;
}

static void change(struct state *state)
{
	char text[100];
	unsigned name = (unsigned)(next() % 600);

	snprintf(text, sizeof(text), "k/%03u", name);
	if (next() % 3 == 0) {
		state_delete(state, bytes_of(text));
		return;
	}
	snprintf(text, sizeof(text), "k/%03u\nvalue: %u\n", name, (unsigned)(next() % 1000));
	for (uint64_t more = next() % 3; more > 0; more--)
		strcat(text, "more\n");
	state_put(state, bytes_of(text));
}

static void random_changes(void)
{
	struct state state;
	bool sorted = true, same = true, undone = true, proved = true;

	state_init(&state, memory, MEMORY);
	for (int round = 0; round < 400; round++) {
		struct digest before = state_root(&state), after;
		size_t count = state.count;
		struct state_mark mark = state_mark(&state);

		for (uint64_t n = next() % (round % 10 == 0 ? 200 : 4); n > 0; n--)
			change(&state);
		sorted = sorted && in_order(&state);
		after = state_root(&state);
		struct digest want = root_of_definition(&state);
		same = same && digest_same(&after, &want);
		for (size_t i = 0; i < state.count; i += 37) {
			struct merkle_proof p;
			struct digest leaf = merkle_leaf(state_at(&state, i));
			state_prove(&state, i, &p);
			proved = proved && merkle_verify_inclusion(&p, i, state.count, &leaf, &after);
		}
		if (round % 3 == 0) {
			state_undo(&state, mark);
			struct digest again = state_root(&state);
			undone = undone && digest_same(&again, &before) && state.count == count;
		} else {
			state_commit(&state);
		}
	}
	ok(sorted, "records stay in the order of their keys");
	ok(same, "the root is the root of the definition");
	ok(undone, "taking back to a mark restores the root");
	ok(proved, "records are proved");
	ok(state.store.top < MEMORY / 8, "memory given back is taken again");
}

static void looking_up(void)
{
	struct state state;
	struct bytes record;
	struct digest leaf, want = merkle_leaf(BYTES("tld/a\nholder: x\n"));
	size_t walk = 0, seen = 0;

	memset(memory, 0, sizeof(memory));
	state_init(&state, memory, MEMORY);
	state_put(&state, BYTES("tld/b\n"));
	state_put(&state, BYTES("tld/a\nholder: x\n"));
	state_put(&state, BYTES("tldstatus/a\n"));
	ok(state_get(&state, BYTES("tld/a"), &record) && bytes_same(record, BYTES("tld/a\nholder: x\n")),
	   "a record is found by its key");
	ok(!state_get(&state, BYTES("tld/"), &record) && !state_get(&state, BYTES("tld/aa"), &record),
	   "and only by its key");
	ok(state_leaf(&state, BYTES("tld/a"), &leaf) && digest_same(&leaf, &want), "with its leaf hash");
	while (state_next(&state, BYTES("tld/"), &walk, &record))
		seen++;
	ok(seen == 2, "a walk sees what begins with the prefix");
	ok(state_find(&state, BYTES("a")) == 1 && state.count == 5, "sentinels at either end");
}

int main(void)
{
	random_changes();
	looking_up();
	return done_testing();
}
