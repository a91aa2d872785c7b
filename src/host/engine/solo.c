/* SPDX-License-Identifier: Apache-2.0 */
#include "host/engine/solo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "host/memory.h"

static struct bytes keep(struct bytes from)
{
	uint8_t *to = malloc(from.size + 1);

	if (to == NULL)
		memory_fail(from.size);
	if (from.size > 0)
		memcpy(to, from.at, from.size);
	return (struct bytes){to, from.size};
}

struct opening {
	struct solo *solo;
	solo_leaf *leaf;
	void *context;
};

static void tell_refusal(const struct receipt *receipt)
{
	char why[1000];
	struct writer w = {.at = (uint8_t *)why, .size = sizeof(why)};

	if (receipt->outcome == OUTCOME_REFUSED)
		refusal_write(&w, &receipt->refusal, false);
	else
		write_text(&w, receipt->fault.why != NULL ? receipt->fault.why : "not a genesis");
	fprintf(stderr, "comity: the founding is refused: %.*s\n", (int)w.used, why);
}

/* Founds from what was kept; the seal is the ledger's own. */
static bool found(struct solo *solo, struct receipt *receipt, solo_leaf *leaf, void *context)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)};

	ledger_found(&solo->ledger, solo->genesis, solo->manifest, receipt, &seal);
	if (receipt->outcome != OUTCOME_ENTERED)
		return false;
	return leaf(context, solo->genesis) && leaf(context, writer_bytes(&seal));
}

static bool replay(struct opening *o, struct bytes body)
{
	struct bytes notes, note;
	const char *why = "does not read";
	struct block block;

	if (block_read(body, &block) != OK || !ledger_replay(&o->solo->ledger, &block, &why)) {
		fprintf(stderr, "comity: a block of the journal: %s\n", why);
		return false;
	}
	notes = block.notes;
	while (block_note(&notes, &note))
		if (!o->leaf(o->context, note))
			return false;
	return block.seal.size == 0 || o->leaf(o->context, block.seal);
}

static bool opening_frame(void *context, enum journal_type type, struct bytes body)
{
	struct opening *o = context;
	struct receipt receipt;
	const char *why;

	switch (type) {
	case JOURNAL_GENESIS:
		o->solo->genesis = keep(body);
		return true;
	case JOURNAL_MANIFEST:
		o->solo->manifest = keep(body);
		if (!found(o->solo, &receipt, o->leaf, o->context)) {
			tell_refusal(&receipt);
			return false;
		}
		return true;
	case JOURNAL_BLOCK:
		return replay(o, body);
	case JOURNAL_VOICE:
		/* One that is out of date by now says nothing new. */
		(void)finality_take(&o->solo->finality, &o->solo->ledger, body, &why);
		return true;
	}
	fprintf(stderr, "comity: a frame of the journal is of no known type\n");
	return false;
}

enum mishap solo_open(struct solo *solo, const char *folder, solo_leaf *leaf, void *context)
{
	struct opening opening = {solo, leaf, context};
	struct arena notes = memory_reserve(BLOCK_SIZE_MAX);

	/* However lately the machine began to count: what the journal ends with may be long ago, and a
	 * signer that offers a pool by that time is refused. */
	*solo = (struct solo){.last_block = -SOLO_IDLE_SECONDS * 1000};
	ledger_reserve(&solo->ledger);
	solo->notes = (struct writer){.at = notes.at, .size = notes.size};
	return journal_open(&solo->journal, folder, opening_frame, &opening);
}

enum mishap solo_found(struct solo *solo, struct bytes genesis, struct bytes manifest,
                       struct receipt *receipt, solo_leaf *leaf, void *context)
{
	enum mishap mishap;

	must(!solo->ledger.founded);
	solo->genesis = keep(genesis);
	solo->manifest = keep(manifest);
	if (!found(solo, receipt, leaf, context))
		return MISHAP_MALFORMED;
	mishap = journal_append(&solo->journal, JOURNAL_GENESIS, genesis, false);
	if (mishap == OK)
		mishap = journal_append(&solo->journal, JOURNAL_MANIFEST, manifest, true);
	return mishap;
}

static void block_open(struct solo *solo, const struct solo_clock *clock)
{
	struct ledger_time time = {clock->wall};

	if (solo->open)
		return;
	if (time.seconds < solo->ledger.time.seconds)
		time = solo->ledger.time;
	ledger_begin(&solo->ledger, time);
	solo->open = true;
	solo->opened = clock->monotonic;
	solo->notes.used = 0;
	solo->count = 0;
}

bool solo_full(const struct solo *solo)
{
	return solo->open &&
	       (solo->notes.used >= SOLO_BLOCK_OCTETS || solo->count >= SOLO_BLOCK_ACTS);
}

void solo_submit(struct solo *solo, const struct solo_clock *clock, struct bytes note,
                 struct receipt *receipt)
{
	block_open(solo, clock);
	ledger_enter(&solo->ledger, note, receipt);
	if (receipt->outcome != OUTCOME_ENTERED)
		return;
	block_write_note(&solo->notes, note);
	must(!solo->notes.full);
	solo->count++;
}

/* Whether time alone makes a block due. */
static bool is_due(const struct solo *solo, const struct solo_clock *clock)
{
	struct ledger_time due;

	if (clock->wall <= solo->ledger.time.seconds)
		return false;
	return (commons_next_due(&solo->ledger.commons, &due) && due.seconds <= clock->wall) ||
	       clock->monotonic - solo->last_block >= SOLO_IDLE_SECONDS * 1000;
}

static bool reseal_is_due(const struct solo *solo, const struct solo_clock *clock)
{
	return solo->reseal_at != 0 && clock->monotonic >= solo->reseal_at &&
	       clock->wall > solo->ledger.time.seconds;
}

/* The newest seal waits for its countersignatures; it gets stale, and is then sealed over. */
static void sealed(struct solo *solo, const struct solo_clock *clock, bool again)
{
	solo->reseal_after = again ? 2 * solo->reseal_after : SOLO_RESEAL_SECONDS * 1000;
	if (solo->reseal_after > SOLO_RESEAL_MOST * 1000)
		solo->reseal_after = SOLO_RESEAL_MOST * 1000;
	solo->reseal_at = clock->monotonic + solo->reseal_after;
}

static void block_write_out(struct solo *solo, struct bytes seal)
{
	struct block block = {solo->ledger.height, solo->ledger.time, solo->count,
	                      {solo->notes.at, solo->notes.used}, seal};
	size_t size = solo->notes.used + seal.size + 64;
	struct writer w;

	solo->octets = realloc(solo->octets, size);
	if (solo->octets == NULL)
		memory_fail(size);
	w = (struct writer){.at = solo->octets, .size = size};
	block_write(&w, &block);
	must(!w.full);
	solo->size = w.used;
}

static bool leaves_give(struct solo *solo, struct bytes seal, solo_leaf *leaf, void *context)
{
	struct bytes notes = {solo->notes.at, solo->notes.used}, note;

	while (block_note(&notes, &note))
		if (!leaf(context, note))
			return false;
	return seal.size == 0 || leaf(context, seal);
}

static bool block_close(struct solo *solo, const struct solo_clock *clock, bool again,
                        solo_leaf *leaf, void *context, enum mishap *mishap)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)};

	if (ledger_end(&solo->ledger, again, &seal))
		sealed(solo, clock, again);
	solo->open = false;
	solo->last_block = clock->monotonic;
	block_write_out(solo, writer_bytes(&seal));
	*mishap = journal_append(&solo->journal, JOURNAL_BLOCK,
	                         (struct bytes){solo->octets, solo->size}, true);
	if (*mishap == OK && !leaves_give(solo, writer_bytes(&seal), leaf, context))
		*mishap = MISHAP_IO;
	return *mishap == OK;
}

/* When the open block is closed. What is refused must not make a block ten times a second. */
static int64_t closing_time(const struct solo *solo)
{
	bool empty = solo->count == 0 && !ledger_changed(&solo->ledger);

	return solo->opened + (empty ? SOLO_EMPTY_MILLISECONDS : SOLO_BLOCK_MILLISECONDS);
}

bool solo_step(struct solo *solo, const struct solo_clock *clock, solo_leaf *leaf, void *context,
               enum mishap *mishap)
{
	bool again;

	*mishap = OK;
	if (!solo->ledger.founded)
		return false;
	again = !solo->open && reseal_is_due(solo, clock);
	if (solo->open ? clock->monotonic < closing_time(solo) && !solo_full(solo)
	               : !again && !is_due(solo, clock))
		return false;
	block_open(solo, clock);
	return block_close(solo, clock, again, leaf, context, mishap);
}

bool solo_voice(struct solo *solo, struct bytes note, const char **why, enum mishap *mishap)
{
	*mishap = OK;
	if (!finality_take(&solo->finality, &solo->ledger, note, why))
		return false;
	if (finality_reached(&solo->finality, &solo->ledger))
		solo->reseal_at = 0;
	/* Not synced: what is lost is said again. */
	*mishap = journal_append(&solo->journal, JOURNAL_VOICE, note, false);
	return true;
}

/* Time in the ledger is whole seconds, and goes on: the first moment at which a block can be due. */
static int64_t next_second(const struct solo *solo, const struct solo_clock *clock)
{
	int64_t behind = solo->ledger.time.seconds + 1 - clock->wall;

	return behind <= 0 ? clock->monotonic : clock->monotonic + behind * 1000;
}

int64_t solo_deadline(const struct solo *solo, const struct solo_clock *clock)
{
	int64_t deadline = solo->last_block + SOLO_IDLE_SECONDS * 1000, earliest;
	struct ledger_time due;

	if (!solo->ledger.founded)
		return clock->monotonic + SOLO_IDLE_SECONDS * 1000;
	if (solo->open)
		return closing_time(solo);
	if (solo->reseal_at != 0 && solo->reseal_at < deadline)
		deadline = solo->reseal_at;
	if (commons_next_due(&solo->ledger.commons, &due)) {
		int64_t at = clock->monotonic + (due.seconds - clock->wall) * 1000;
		if (at < deadline)
			deadline = at;
	}
	earliest = next_second(solo, clock);
	return deadline < earliest ? earliest : deadline;
}

void solo_newcomer(struct solo *solo, const struct solo_clock *clock)
{
	struct sealed newest;

	if (!solo->ledger.founded || finality_reached(&solo->finality, &solo->ledger) ||
	    !ledger_last_seal(&solo->ledger, &newest))
		return;
	solo->reseal_after = SOLO_RESEAL_SECONDS * 500;
	if (clock->wall - newest.time.seconds > COUNTERSIGN_CLOCK_SECONDS / 2)
		solo->reseal_at = clock->monotonic;
	else if (solo->reseal_at == 0)
		solo->reseal_at = clock->monotonic + solo->reseal_after;
}
