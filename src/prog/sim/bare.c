/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/sim/bare.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>

#include "base/hex.h"
#include "base/must.h"
#include "commons/standing.h"
#include "state/clock.h"

#define STATE_SIZE ((size_t)64 << 20)

static struct arena memory_of(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(size);
	return (struct arena){at, size, 0};
}

/* The memory of one life, used again by the next. */
static void begin(struct bare *b)
{
	static struct commons_memory memory;
	static struct arena state;

	if (state.at == NULL) {
		state = memory_of(STATE_SIZE);
		memory.scratch = memory_of(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE);
		memory.charter = memory_of(COMMONS_CHARTER_SIZE);
	}
	if (b->memory.at == NULL)
		b->memory = memory_of((size_t)1 << 20);
	/* Zero pages again. */
	int zero = madvise(state.at, state.size, MADV_DONTNEED);
	must(zero == 0);
	state_init(&b->state, state.at, state.size);
	commons_init(&b->commons, &b->state, &memory);
	b->commons.origin = BYTES("root.comity.example");
	b->commons.now.seconds = BARE_BEGIN;
	b->height = 0;
	b->acts = 0;
}

static void put_name(struct bare *b, const char *holder)
{
	struct writer w = record_begin(&b->commons.scratch, BYTES("tld/held"));

	write_field(&w, "holder", bytes_of(holder));
	write_field(&w, "act", BYTES("genesis"));
	record_put(&b->state, &w);
}

static void put_apex(struct bare *b)
{
	struct text lines = {.rest = BYTES("apex: .\nsoa: a. b. 1 1 1 1\nttl: 1 1 1 1\n"
	                                   "signatures: 21d 14d\nsigning: 2s 20m 1h\n")};
	struct custody custody = {0};
	const char *why;
	struct apex apex;
	bool read = apex_read(&lines, &apex, &why);

	must(read);
	standing_put_apex(&b->commons, &apex, BYTES("genesis"));
	custody_put(&b->state, &b->commons.scratch, &custody);
}

bool bare_found(struct bare *b, struct bytes text, const struct bare_party *one, size_t count, const char **why)
{
	struct refusal refusal = {0};
	struct charter_fault fault;
	struct charter charter;

	begin(b);
	for (size_t i = 0; i < count; i++) {
		struct party party = {bytes_of(one[i].name), bytes_of(one[i].kind), 1, BYTES(""), BYTES("genesis")};

		party_put(&b->state, &b->commons.scratch, &party);
	}
	if (charter_read(text, &b->commons.scratch, &charter, &fault) != OK) {
		*why = fault.at.why;
		return false;
	}
	if (!standing_put_charter(&b->commons, text, NULL, &charter, BYTES("genesis"), &refusal)) {
		*why = reason_text(refusal.reason, false);
		return false;
	}
	put_name(b, one[0].name);
	put_apex(b);
	state_commit(&b->state);
	b->founded = state_mark(&b->state);
	return true;
}

void bare_again(struct bare *b)
{
	state_undo(&b->state, b->founded);
	b->commons.now.seconds = BARE_BEGIN;
}

struct bytes bare_slot(struct bare *b, struct bytes key)
{
	struct digest leaf;
	char *hex;

	if (!state_leaf(&b->state, key, &leaf))
		return BYTES("none");
	hex = arena_take(&b->memory, 2 * DIGEST_SIZE);
	hex_write(hex, digest_bytes(&leaf));
	return (struct bytes){(uint8_t *)hex, 2 * DIGEST_SIZE};
}

bool bare_say(struct bare *b, struct act *made, struct bytes by, char id[64], struct refusal *refusal)
{
	struct state_mark mark = state_mark(&b->state);
	struct signed_act act = {.act = {0}};
	char words[30];
	struct fault fault;
	struct bytes text;
	struct writer w;
	bool decided;

	made->origin = b->commons.origin;
	made->charter = 1;
	made->by = by;
	made->until.seconds = b->commons.now.seconds + SECONDS_A_DAY;
	snprintf(words, sizeof(words), "> %" PRIu64 "\n", b->acts++); /* no two are the same */
	made->words = bytes_of(words);
	w = writer_in(&b->memory);
	act_write(&w, made);
	text = writer_keep(&w, &b->memory);
	b->commons.scratch.used = 0;
	enum mishap read = act_read(text, arena_rest(&b->memory), &act.act, &fault);
	must(read == OK);
	act.id = act.act.id;
	hex_write(act.id_text, digest_bytes(&act.id));
	memcpy(id, act.id_text, sizeof(act.id_text));
	*refusal = (struct refusal){.reason = REASON_NONE};
	decided = commons_decide(&b->commons, &act, refusal);
	if (!decided)
		state_undo(&b->state, mark);
	b->memory.used = 0;
	return decided;
}

void bare_wait(struct bare *b, int64_t seconds)
{
	struct ledger_time due, until = {BARE_BEGIN + seconds};
	struct bytes what;

	while (timer_first(&b->state, &due, &what) && due.seconds <= until.seconds)
		commons_begin(&b->commons, ++b->height, due.seconds > b->commons.now.seconds ? due : b->commons.now);
	commons_begin(&b->commons, ++b->height, until);
}
