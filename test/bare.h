/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_BARE_H
#define COMITY_TEST_BARE_H

/*
 * bare.h - a federation by itself: a commons in memory with an apex, parties that have a key each, and a charter. Acts
 * are written, read and decided as ever, but nobody signs them, so that many histories can be played in little time.
 * A test has one at a time. Include it after tap.h.
 *
 *     bare_begin();
 *     bare_join("aurelia", "state");
 *     bare_charter(BYTES(CHARTER));
 *     bare_put("tld/aur\nholder: aurelia\nact: genesis\n");
 *     bare_founded();
 */

#include <sodium.h>
#include <string.h>
#include <sys/mman.h>

#include "base/hex.h"
#include "commons/apply.h"
#include "commons/standing.h"
#include "state/clock.h"
#include "state/custody.h"
#include "state/form.h"

#define BARE_ORIGIN "root.comity.example"
#define BARE_BEGIN  1795352400 /* 2026-11-22T13:00:00Z, the time of the founding */
#define BARE_DAY    ((int64_t)SECONDS_A_DAY)

static struct state state;
static struct commons commons;
static struct arena room; /* for what is made in passing; bare_again() empties it */
static struct state_mark bare_mark;
static int64_t bare_acts;

/* Memory for the life of the process, zero. */
static inline struct arena bare_memory(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(size);
	return (struct arena){at, size, 0};
}

/* Nobody is there yet. The memory is that of the one before. */
static inline void bare_begin(void)
{
	static struct commons_memory memory;
	static struct arena states;
	struct text lines = {.rest = BYTES("apex: .\nsoa: a. b. 1 1 1 1\nttl: 1 1 1 1\n"
	                                   "signatures: 21d 14d\nsigning: 2s 20m 1h\n")};
	const char *why;
	struct apex apex;

	if (states.at == NULL) {
		states = bare_memory((size_t)64 << 20);
		room = bare_memory((size_t)8 << 20);
		memory.scratch = bare_memory(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE);
		memory.charter = bare_memory(COMMONS_CHARTER_SIZE);
	}
	if (madvise(states.at, states.size, MADV_DONTNEED) != 0 || !apex_read(&lines, &apex, &why))
		bail_out("no apex");
	room.used = 0;
	bare_acts = 0;
	state_init(&state, states.at, states.size);
	commons_init(&commons, &state, &memory);
	commons.origin = BYTES(BARE_ORIGIN);
	commons.now.seconds = BARE_BEGIN;
	standing_put_apex(&commons, &apex, BYTES("genesis"));
	custody_put(&state, &commons.scratch, &(struct custody){.jobs = 0});
}

/* What was written to the room, kept there. */
static inline struct bytes bare_made(struct writer *w)
{
	return writer_keep(w, &room);
}

/* "key: ROLE ...": the key of that party, role and number, always the same. */
static inline struct bytes bare_key(const char *party, const char *role, unsigned number)
{
	uint8_t public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];
	struct writer w = writer_in(&room);
	struct note_key key;
	struct digest seed;
	char name[100];

	snprintf(name, sizeof(name), BARE_ORIGIN "/p/%s/%u", party, number);
	seed = sha256(bytes_of(name));
	crypto_sign_seed_keypair(public_key, secret_key, digest_bytes(&seed).at);
	key = note_key_make(bytes_of(name), NOTE_TYPE_ED25519, public_key);
	write_text(&w, "key: ");
	write_text(&w, role);
	write_octet(&w, ' ');
	note_key_write(&w, &key);
	write_octet(&w, '\n');
	return bare_made(&w);
}

static inline void bare_join_with(const char *name, const char *kind, struct bytes keys)
{
	struct party party = {bytes_of(name), bytes_of(kind), 1, keys, BYTES("genesis")};

	party_put(&state, &commons.scratch, &party);
}

static inline void bare_join(const char *name, const char *kind)
{
	bare_join_with(name, kind, bare_key(name, "act", 1));
}

/* The first charter; those who have joined can be its signers. */
static inline void bare_charter(struct bytes text)
{
	struct refusal refusal = {0};
	struct charter_fault fault;
	struct charter charter;

	if (charter_read(text, &commons.scratch, &charter, &fault) != OK)
		bail_out(fault.at.why);
	if (!standing_put_charter(&commons, text, NULL, &charter, BYTES("genesis"), &refusal))
		bail_out(reason_text(refusal.reason, false));
}

/* A record, as if it had always been there. */
static inline void bare_put(const char *record)
{
	state_put(&state, bytes_of(record));
}

static inline void bare_founded(void)
{
	state_commit(&state);
	bare_mark = state_mark(&state);
}

/* All that happened since the founding is forgotten. An amendment must not have taken effect. */
static inline void bare_again(void)
{
	state_undo(&state, bare_mark);
	commons.now.seconds = BARE_BEGIN;
	room.used = 0;
	bare_acts = 0;
}

/* ---- what acts are made of ---- */

static inline struct bytes bare_number(uint64_t number)
{
	struct writer w = writer_in(&room);

	write_number(&w, number);
	return bare_made(&w);
}

static inline struct bytes bare_time(int64_t seconds)
{
	struct writer w = writer_in(&room);

	write_time(&w, (struct ledger_time){seconds});
	return bare_made(&w);
}

static inline struct bytes bare_digest(const struct digest *digest)
{
	struct writer w = writer_in(&room);

	write_digest(&w, digest);
	return bare_made(&w);
}

/* What an act that replaces the record of that key says in `replaces`. */
static inline struct bytes bare_slot(struct bytes key)
{
	struct digest leaf;

	return state_leaf(&state, key, &leaf) ? bare_digest(&leaf) : BYTES("none");
}

static inline struct bytes bare_slot_of(const char *kind, struct bytes one, struct bytes two)
{
	struct record_key key;

	return bare_slot(record_key(&key, kind, one, two));
}

/* ---- saying something ---- */

/* The act as it is read again from its text, its head filled in; it lives for an hour and a bit, so that no two are the
 * same, unless it says otherwise. False: it does not read. */
static inline bool bare_read(struct act *made, struct signed_act *act)
{
	struct writer w = writer_in(&room);
	struct fault fault;
	struct bytes text;

	made->origin = commons.origin;
	made->charter = commons.charter.version;
	if (made->until.seconds == 0)
		made->until.seconds = commons.now.seconds + 3600 + bare_acts++;
	act_write(&w, made);
	text = bare_made(&w);
	*act = (struct signed_act){.act = {0}};
	if (act_read(text, arena_rest(&room), &act->act, &fault) != OK)
		return false;
	act->id = act->act.id;
	hex_write(act->id_text, digest_bytes(&act->id));
	return true;
}

/* Decides it; takes back what a refused one did. */
static inline bool bare_decide(const struct signed_act *act, struct refusal *refusal)
{
	struct state_mark mark = state_mark(&state);

	*refusal = (struct refusal){0};
	commons.scratch.used = 0;
	if (commons_decide(&commons, act, refusal))
		return true;
	state_undo(&state, mark);
	return false;
}

/* Says it as one whose signature holds would; `id` is that of the act, hex. */
static inline bool bare_say(struct act *made, struct bytes by, char id[64], struct refusal *refusal)
{
	struct signed_act act;

	made->by = by;
	if (!bare_read(made, &act))
		bail_out("an act that does not read");
	memcpy(id, act.id_text, sizeof(act.id_text));
	return bare_decide(&act, refusal);
}

/* ---- time ---- */

static inline void bare_pass(int64_t seconds)
{
	commons_begin(&commons, commons.height + 1, (struct ledger_time){commons.now.seconds + seconds});
}

/* Until so many seconds after the founding; what is due until then happens when it is due. */
static inline void bare_wait(int64_t seconds)
{
	struct ledger_time due;
	struct bytes what;

	while (timer_first(&state, &due, &what) && due.seconds <= BARE_BEGIN + seconds)
		bare_pass(due.seconds > commons.now.seconds ? due.seconds - commons.now.seconds : 0);
	bare_pass(BARE_BEGIN + seconds - commons.now.seconds);
}

/* ---- what must hold ---- */

/* Every record has the form of its kind. */
static inline bool bare_holds(void)
{
	static uint8_t memory[ACT_SCRATCH_SIZE] __attribute__((aligned(16)));

	for (size_t i = 1; i + 1 < state.count; i++) {
		struct bytes record = state_at(&state, i);

		if (record_form_holds(record, (struct arena){memory, sizeof(memory), 0}))
			continue;
		printf("# %.*s\n", (int)record.size, (const char *)record.at);
		return false;
	}
	return true;
}

#endif
