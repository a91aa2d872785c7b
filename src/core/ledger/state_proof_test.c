/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of a state made up at random: of every record, of what is between them, and changed
 * ones. */
#include "ledger/state_proof.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define MEMORY  (4u << 20)
#define RECORDS 300
#define LEAVES  37

static uint8_t memory[MEMORY] __attribute__((aligned(16)));
static uint8_t text[16384];
static struct digest leaves[LEAVES];
static struct ledger ledger;
static uint64_t seed = 20261122;

static uint64_t next(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* A ledger whose newest seal closes a log of LEAVES entries; nothing else of it is needed. */
static void ledger_make(void)
{
	struct sealed *sealed = &ledger.sealed[0];
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct seal seal;

	state_init(&ledger.state, memory, sizeof(memory));
	for (unsigned i = 0; i < RECORDS; i++) {
		char record[100];

		snprintf(record, sizeof(record), "tld/%c%03u\nholder: aurelia\nact: %u\n",
		         (char)('a' + next() % 26), (unsigned)(next() % 1000),
		         (unsigned)next());
		state_put(&ledger.state, bytes_of(record));
	}
	ledger.commons.origin = BYTES("root.comity.example");
	*sealed =
		(struct sealed){.height = 12, .time = {1795352400}, .acts = 3, .size = LEAVES};
	sealed->records = ledger.state.count;
	sealed->state = state_root(&ledger.state);
	ledger.seals = 1;
	ledger_seal_of(&ledger, sealed, &seal);
	seal_write(&w, &seal);
	for (unsigned i = 0; i + 1 < LEAVES; i++)
		leaves[i] = merkle_leaf((struct bytes){(uint8_t *)&i, sizeof(i)});
	leaves[LEAVES - 1] = merkle_leaf(writer_bytes(&w));
	sealed->root = merkle_root(leaves, LEAVES);
}

/* The proof with a checkpoint whose signature nobody looks at here; empty: none is written. */
static struct bytes proof_of(struct bytes key)
{
	static const uint8_t SIGNATURE[64];
	struct note_key log = {.name = BYTES("root.comity.example")};
	struct checkpoint checkpoint = ledger_checkpoint(&ledger, &ledger.sealed[0]);
	struct writer w = {.at = text, .size = sizeof(text)};

	if (!state_proof_write(&w, &ledger, key, merkle_of_leaves, leaves))
		return (struct bytes){NULL, 0};
	checkpoint_write(&w, &checkpoint);
	write_text(&w, "\n");
	note_signature_write(&w, &log, (struct bytes){SIGNATURE, sizeof(SIGNATURE)});
	if (w.full)
		bail_out("the proof does not fit");
	return writer_bytes(&w);
}

static bool proves(struct bytes key, bool present)
{
	struct state_proof proof;
	const char *why = "none is written";
	struct bytes octets = proof_of(key);
	bool good = octets.size > 0 && state_proof_check(octets, &proof, &why) &&
	            proof.present == present && bytes_same(proof.key, key) &&
	            proof.seal.height == 12;

	if (!good)
		printf("# %.*s: %s\n", (int)key.size, (const char *)key.at, why);
	return good;
}

static void every_key(void)
{
	bool there = true, absent = true;

	for (size_t i = 0; i < ledger.state.count; i++)
		there = there && proves(state_key(state_at(&ledger.state, i)), true);
	ok(there, "every record is proved, the sentinels too");
	for (unsigned i = 0; i < 2000; i++) {
		char key[40];
		struct bytes record;

		snprintf(key, sizeof(key), "%s%c%03u%s", next() % 4 == 0 ? "t" : "tld/",
		         (char)('a' + next() % 26), (unsigned)(next() % 1000),
		         next() % 2 == 0 ? "x" : "");
		absent = absent && proves(bytes_of(key),
		                          state_get(&ledger.state, bytes_of(key), &record));
	}
	ok(absent, "and what is not there is proved not to be");
	ok(proves(BYTES("!a"), false) && proves(BYTES("}"), false), "up to the sentinels");
}

/* Whoever asks may send any octets for a key. */
static void no_keys(void)
{
	static const char *const NONE[] = {"",   " ",    " tld/aur", "\x01",
	                                   "~a", "\x7f", "\xff",     "tld/a\nur"};

	for (size_t i = 0; i < sizeof(NONE) / sizeof(NONE[0]); i++)
		if (proof_of(bytes_of(NONE[i])).size > 0)
			ok(false, NONE[i]);
	ok(true, "what can be no key is not proved at all");
}

/* Behind the checkpoint's text stand signatures, which are for others to look at. */
static size_t checked_size(struct bytes octets)
{
	size_t size = octets.size;

	while (size > 0 && octets.at[size - 1] != 0xe2) /* of the dash that begins the line */
		size--;
	return size - 1;
}

static void changed(struct bytes key)
{
	static uint8_t copy[sizeof(text)];
	struct bytes octets = proof_of(key);
	size_t size = checked_size(octets), accepted = 0;
	struct state_proof proof;
	const char *why;

	for (size_t at = 0; at < size; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(copy, octets.at, octets.size);
			copy[at] ^= (uint8_t)(1u << bit);
			if (state_proof_check((struct bytes){copy, octets.size}, &proof,
			                      &why) &&
			    (proof.present || bytes_same(proof.key, key))) {
				printf("# octet %zu bit %u\n", at, bit);
				accepted++;
			}
		}
	ok(accepted == 0, "no bit of it can be changed");
	for (size_t cut = 0; cut < size; cut++)
		accepted += state_proof_check(bytes_first(octets, cut), &proof, &why);
	ok(accepted == 0, "and none be left out");
}

/* Two neighbours prove what is between them, whatever key the first line names there. */
static void another_key(void)
{
	struct bytes octets = proof_of(BYTES("zone/current"));
	struct state_proof proof;
	const char *why;
	uint8_t *key = text + strlen("comity-state-proof/1 absent ");

	memcpy(key, "zone/dangler", 12);
	ok(state_proof_check(octets, &proof, &why) &&
	           bytes_same(proof.key, BYTES("zone/dangler")),
	   "a key between the same two");
	memcpy(key,
	       "tld/\x01"
	       "rrent",
	       10);
	ok(!state_proof_check(octets, &proof, &why), "and not one that is elsewhere");
}

int main(void)
{
	ledger_make();
	every_key();
	no_keys();
	changed(state_key(state_at(&ledger.state, 7)));
	changed(BYTES("tld/nobody"));
	another_key();
	return done_testing();
}
