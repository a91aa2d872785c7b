/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of one machine, with a clock that the test turns. */
#include "host/engine/solo.h"

#include <string.h>

#include "tap.h"

#include "dice.h"
#include "prog/sim/federation.h"
#include "scratch.h"

#define PARTIES 4

static struct federation *f;
static struct solo_clock now;

/* Leaves as the engine gives them. */
static struct merkle_frontier leaves;

static bool leaf(void *context, struct bytes entry)
{
	struct digest hash = merkle_leaf(entry);

	(void)context;
	merkle_frontier_add(&leaves, &hash);
	return true;
}

static struct bytes charter(void)
{
	const char *source = getenv("COMITY_SOURCE");
	char path[SCRATCH_PATH_MAX];

	snprintf(path, sizeof(path), "%s/examples/charters/seven-equals.charter",
	         source != NULL ? source : ".");
	return scratch_read(path);
}

static void server_say(void)
{
	struct act act = federation_act(f, 0, ACT_SERVER);
	struct receipt receipt;

	act.field[0] = BYTES("a.root-servers.");
	act.field[1] = BYTES("active");
	act.field[2] = BYTES("none");
	act.records = BYTES("+ a.root-servers. 518400 IN A 192.0.2.1\n");
	federation_say(f, 0, &act, &receipt);
}

/* A federation with keys and a release. */
static void standing(void)
{
	struct federation_options options = {
		.seed = 7, .parties = PARTIES, .charter = charter(), .start = 1795352400};

	f = federation_found(&options);
	server_say();
	if (!federation_until(f, federation_has_release, 120) ||
	    !federation_until(f, federation_is_quiet, 120))
		bail_out("no release");
}

/* Its journal in `folder`, as a node would have it; and the time it has there. */
static void journal_make(const char *folder)
{
	struct journal journal;
	bool good = journal_open(&journal, folder, NULL, NULL) == OK &&
	            journal_append(&journal, JOURNAL_GENESIS, f->sequencer.genesis, false) == OK &&
	            journal_append(&journal, JOURNAL_MANIFEST, f->manifest, true) == OK;

	for (size_t i = 0; i < f->blocks; i++)
		good = good && journal_append(&journal, JOURNAL_BLOCK, f->block[i], false) == OK;
	for (size_t i = 0; i < f->voices; i++)
		good = good && journal_append(&journal, JOURNAL_VOICE, f->voice[i], false) == OK;
	journal_close(&journal);
	if (!good)
		bail_out("no journal");
	now = (struct solo_clock){f->clock / 1000, 1000000};
}

static bool same_root(const struct solo *solo, struct ledger *ledger)
{
	struct digest a = state_root(&((struct solo *)(uintptr_t)solo)->ledger.state);
	struct digest b = state_root(&ledger->state);

	return digest_same(&a, &b);
}

static struct solo *opened(const char *folder)
{
	struct solo *solo = calloc(1, sizeof(*solo));

	leaves = (struct merkle_frontier){.size = 0};
	if (solo == NULL || solo_open(solo, folder, leaf, NULL) != OK)
		bail_out("does not open");
	solo->last_block = now.monotonic;
	return solo;
}

static struct solo *made(const char *folder)
{
	journal_make(folder);
	return opened(folder);
}

static bool leaves_are_the_log(const struct solo *solo)
{
	struct digest a = merkle_frontier_root(&leaves), b = merkle_frontier_root(&solo->ledger.log);

	return leaves.size == solo->ledger.log.size && digest_same(&a, &b);
}

static void pass(int64_t milliseconds)
{
	now.monotonic += milliseconds;
	now.wall += milliseconds / 1000;
}

static bool step(struct solo *solo)
{
	enum mishap mishap;
	bool closed = solo_step(solo, &now, leaf, NULL, &mishap);

	if (mishap != OK)
		bail_out("the disk");
	return closed;
}

/* An act that enters and signs nothing: a proposal, never the same twice. */
static struct bytes note_make(struct bytes words)
{
	static unsigned number;
	unsigned party = ++number % PARTIES;
	struct act act = federation_act(f, party, ACT_GRANT);
	struct writer w;
	char label[20];

	snprintf(label, sizeof(label), "t%u", number);
	act.until.seconds = now.wall + SECONDS_A_DAY;
	act.field[0] = bytes_of(label);
	act.field[1] = bytes_of(f->node[party].name);
	act.field[2] = BYTES("none");
	act.words = words;
	w = writer_in(&f->memory);
	act_write(&w, &act);
	return federation_sign(f, &f->node[party].act, f->node[party].name, 1,
	                       writer_keep(&w, &f->memory));
}

static bool submit(struct solo *solo, struct bytes note)
{
	struct receipt receipt;

	solo_submit(solo, &now, note, &receipt);
	return receipt.outcome == OUTCOME_ENTERED && receipt.height == solo->ledger.height;
}

/* A party countersigns the newest seal. */
static bool speak(struct solo *solo, unsigned party)
{
	uint8_t message[COSIGNED_SIZE_MAX], octets[72] = {0};
	struct writer m = {.at = message, .size = sizeof(message)}, w;
	struct checkpoint checkpoint;
	struct sealed sealed;
	enum mishap mishap;
	const char *why;

	ledger_last_seal(&solo->ledger, &sealed);
	checkpoint = ledger_checkpoint(&solo->ledger, &sealed);
	cosigned_write(&m, &checkpoint, 0);
	federation_cosign(f, party, writer_bytes(&m), octets + 8);
	w = writer_in(&f->memory);
	countersign_write(&w, &solo->ledger, &sealed, bytes_of(f->node[party].name), octets);
	return solo_voice(solo, federation_sign(f, &f->node[party].cosign, f->node[party].name, 2,
	                                        writer_keep(&w, &f->memory)),
	                  &why, &mishap) &&
	       mishap == OK;
}

static void opening(void)
{
	struct solo *solo = made(scratch("opening"));

	ok(solo->ledger.height == f->sequencer.height && same_root(solo, &f->sequencer),
	   "a journal is replayed to the same state");
	ok(leaves_are_the_log(solo), "every leaf of the log is given, in order");
	ok(finality_reached(&solo->finality, &solo->ledger), "and countersignatures count again");
	ok(!step(solo) && solo_deadline(solo, &now) > now.monotonic, "it has nothing to do at once");
	journal_close(&solo->journal);
}

static void closing(void)
{
	struct solo *solo = made(scratch("closing"));
	uint64_t height = solo->ledger.height, frames = solo->journal.frames;

	ok(submit(solo, note_make(BYTES(""))), "an act opens a block");
	ok(!step(solo) && solo_deadline(solo, &now) == now.monotonic + 100, "which waits for others");
	pass(99);
	ok(submit(solo, note_make(BYTES(""))) && !step(solo), "for 99 milliseconds");
	pass(1);
	ok(step(solo) && solo->ledger.height == height + 1 && solo->journal.frames == frames + 1,
	   "and closes after 100, in the journal");
	ok(leaves_are_the_log(solo), "its leaves are given when it is there");
	ok(!step(solo), "once");
	journal_close(&solo->journal);
	solo = opened(scratch("closing"));
	ok(solo->ledger.height == height + 1 && leaves_are_the_log(solo),
	   "it is there when the journal is opened again");
	journal_close(&solo->journal);
}

static void full_blocks(void)
{
	static uint8_t words[30000];
	struct solo *solo = made(scratch("full"));
	unsigned count = 0;

	for (size_t i = 0; i < sizeof(words); i++)
		words[i] = i % 900 == 0 ? '>' : i % 900 == 1 ? ' ' : i % 900 == 899 ? '\n' : 'w';
	words[sizeof(words) - 1] = '\n';
	while (!solo_full(solo) && submit(solo, note_make((struct bytes){words, sizeof(words)})))
		count++;
	ok(solo_full(solo) && count > 60, "large acts fill a block");
	ok(step(solo), "which closes at once");
	ok(solo->size < BLOCK_SIZE_MAX && !solo_full(solo), "and is not too large to be read");
	journal_close(&solo->journal);
}

static void idle(void)
{
	struct solo *solo = made(scratch("idle"));
	uint64_t size = solo->ledger.log.size, height = solo->ledger.height;
	struct sealed before, after;

	ledger_last_seal(&solo->ledger, &before);
	ok(solo_deadline(solo, &now) == now.monotonic + SOLO_IDLE_SECONDS * 1000,
	   "with nothing to do it looks again after a minute");
	pass(SOLO_IDLE_SECONDS * 1000 - 1000);
	ok(!step(solo), "and not before");
	pass(1000);
	ok(step(solo) && solo->ledger.height == height + 1, "and makes a block to tell the time");
	ledger_last_seal(&solo->ledger, &after);
	ok(solo->ledger.log.size == size && after.height == before.height && leaves_are_the_log(solo),
	   "that nobody has to sign, and that is no part of the log");
	journal_close(&solo->journal);
	solo = opened(scratch("idle"));
	ok(solo->ledger.height == height + 1, "it is in the journal");
	journal_close(&solo->journal);
}

/* The machine was off for ten days, and counts anew. */
static void long_quiet(void)
{
	struct solo *solo = made(scratch("quiet")), *again = calloc(1, sizeof(*again));
	struct solo_clock kept = now;

	journal_close(&solo->journal);
	leaves = (struct merkle_frontier){.size = 0};
	if (again == NULL || solo_open(again, scratch("quiet"), leaf, NULL) != OK)
		bail_out("does not open");
	now = (struct solo_clock){kept.wall + 10 * SECONDS_A_DAY, 500};
	ok(solo_deadline(again, &now) == now.monotonic && step(again) && again->ledger.time.seconds == now.wall,
	   "opened after a long quiet it tells the time at once");
	ok(!step(again), "once");
	journal_close(&again->journal);
	now = kept;
}

/* Anybody can say what is refused, as often as he likes. */
static void refused(void)
{
	struct solo *solo = made(scratch("refused"));
	struct receipt receipt;
	unsigned blocks = 0;

	pass(1000);
	for (unsigned i = 0; i < 100; i++) {
		solo_submit(solo, &now, BYTES("no note\n"), &receipt);
		pass(50);
		blocks += step(solo);
	}
	ok(receipt.outcome == OUTCOME_MALFORMED && blocks == 5,
	   "what is refused all the time makes a block a second");
	solo_submit(solo, &now, BYTES("no note\n"), &receipt);
	ok(submit(solo, note_make(BYTES(""))) &&
	           solo_deadline(solo, &now) == now.monotonic + 100,
	   "and does not make an act wait");
	journal_close(&solo->journal);
}

/* Lets time pass from deadline to deadline until a block is sealed; how long that was. */
static int64_t until_sealed(struct solo *solo)
{
	int64_t start = now.monotonic;
	uint64_t seals = solo->ledger.seals;

	while (solo->ledger.seals == seals && now.monotonic < start + 20000000) {
		int64_t wait = solo_deadline(solo, &now) - now.monotonic;

		pass(wait > 0 ? (wait + 999) / 1000 * 1000 : 1000);
		step(solo);
	}
	return now.monotonic - start;
}

static void resealing(void)
{
	struct solo *solo = made(scratch("resealing"));
	int64_t want = SOLO_RESEAL_SECONDS * 1000;
	bool doubled = true, capped;

	submit(solo, note_make(BYTES("")));
	pass(1000);
	step(solo);
	for (; want < SOLO_RESEAL_MOST * 1000; want *= 2)
		doubled = doubled && until_sealed(solo) == want;
	ok(doubled, "a seal that nobody signs is sealed over after 20 s, and then twice as long each time");
	capped = until_sealed(solo) == SOLO_RESEAL_MOST * 1000;
	ok(capped && until_sealed(solo) == SOLO_RESEAL_MOST * 1000, "but at least once an hour");
	ok(speak(solo, 0) && speak(solo, 1) && !finality_reached(&solo->finality, &solo->ledger),
	   "two of four are too few");
	pass(31000);
	solo_newcomer(solo, &now);
	ok(step(solo) && solo->ledger.sealed[(solo->ledger.seals - 1) % LEDGER_SEALS_KEPT].height ==
	                         solo->ledger.height,
	   "for somebody who comes when it is old a fresh one is made");
	ok(speak(solo, 0) && !speak(solo, 0) && speak(solo, 1) && speak(solo, 2) &&
	           finality_reached(&solo->finality, &solo->ledger),
	   "three make it final");
	ok(until_sealed(solo) > 7200000, "and it stays so");
	journal_close(&solo->journal);
}

static void due(void)
{
	struct solo *solo = made(scratch("due"));
	struct ledger_time first;
	int64_t wait;

	if (!commons_next_due(&solo->ledger.commons, &first) || first.seconds <= now.wall)
		bail_out("no timer");
	pass((first.seconds - now.wall) * 1000 - 1000);
	solo->last_block = now.monotonic; /* as if idle blocks had been made */
	ok(!step(solo), "a second before its time a timer does not fire");
	wait = solo_deadline(solo, &now) - now.monotonic;
	ok(wait == 1000, "and is waited for");
	pass(wait);
	ok(step(solo) && schedule_is_busy(&solo->ledger.state), "then it does, without an act");
	ok(!step(solo) && solo_deadline(solo, &now) > now.monotonic,
	   "while a job is open the engine waits for the next second");
	pass(1000);
	ok(step(solo), "and ticks in each");
	journal_close(&solo->journal);
}

static void backwards(void)
{
	struct solo *solo = made(scratch("backwards"));
	struct ledger_time before = solo->ledger.time;

	now.wall = before.seconds - 3600;
	ok(submit(solo, note_make(BYTES(""))), "when the clock goes back, acts still enter");
	now.monotonic += 100;
	ok(step(solo) && solo->ledger.time.seconds == before.seconds, "and the ledger's time does not");
	now.monotonic += 24 * 3600 * 1000;
	ok(!step(solo), "nothing is due while it has not caught up");
	ok(solo_deadline(solo, &now) > now.monotonic, "and nothing is waited for in haste");
	now.wall = before.seconds + 1;
	ok(step(solo) && solo->ledger.time.seconds == before.seconds + 1, "then it goes on");
	journal_close(&solo->journal);
	now.wall = before.seconds + 10;
}

/* Whatever the clocks do: who has nothing to do waits, and who waits long enough does something. */
static void never_busy_never_asleep(void)
{
	struct solo *solo = made(scratch("never"));
	bool rests = true, wakes = true;

	for (unsigned round = 0; round < 400; round++) {
		uint64_t frames;

		if (dice_below(4) == 0)
			submit(solo, note_make(BYTES("")));
		if (dice_below(30) == 0)
			now.wall -= (int64_t)dice_below(3000);
		if (dice_below(10) == 0)
			speak(solo, (unsigned)dice_below(PARTIES));
		while (step(solo))
			;
		rests = rests && solo_deadline(solo, &now) > now.monotonic;
		pass((int64_t)dice_below(round % 2 == 0 ? 3000 : 90000));
		frames = solo->journal.frames;
		for (unsigned waits = 0; waits < 100 && solo->journal.frames == frames; waits++) {
			int64_t wait = solo_deadline(solo, &now) - now.monotonic;
			pass(wait > 0 ? (wait + 999) / 1000 * 1000 : 0);
			step(solo);
		}
		wakes = wakes && solo->journal.frames > frames;
	}
	ok(rests, "with nothing to do now, the next thing to do is not in the past");
	ok(wakes, "and there is always a next thing");
	ok(leaves_are_the_log(solo), "all the while leaves were given");
	journal_close(&solo->journal);
	solo = opened(scratch("never"));
	ok(leaves_are_the_log(solo), "and they are those of the journal");
	journal_close(&solo->journal);
}

static void broken_disk(void)
{
	struct solo *solo = made(scratch("broken"));
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	uint64_t size = leaves.size;
	enum mishap mishap;

	dup2(full, solo->journal.file);
	submit(solo, note_make(BYTES("")));
	pass(1000);
	ok(!solo_step(solo, &now, leaf, NULL, &mishap) && mishap == MISHAP_IO && leaves.size == size,
	   "a block that is not on the disk is shown to nobody");
	journal_close(&solo->journal);
	close(full);
}

static void founding(void)
{
	struct solo *solo = calloc(1, sizeof(*solo));
	struct bytes note = f->sequencer.genesis;
	uint8_t *other = malloc(note.size);
	struct receipt receipt;

	memcpy(other, note.at, note.size);
	other[note.size - 30] ^= 1;
	if (solo_open(solo, scratch("empty"), leaf, NULL) != OK)
		bail_out("no empty journal");
	ok(!solo->ledger.founded && !step(solo), "without a genesis nothing happens");
	ok(solo_found(solo, (struct bytes){other, note.size}, BYTES(""), &receipt, leaf, NULL) ==
	                   MISHAP_MALFORMED &&
	           solo->journal.frames == 0,
	   "one that its founders did not sign founds nothing, and leaves nothing behind");
	leaves = (struct merkle_frontier){.size = 0};
	ok(solo_found(solo, note, BYTES(""), &receipt, leaf, NULL) == OK && leaves_are_the_log(solo) &&
	           solo->journal.frames == 2,
	   "one that they did founds the federation");
	journal_close(&solo->journal);
	solo = opened(scratch("empty"));
	ok(solo->ledger.founded && solo->ledger.height == 0 && leaves_are_the_log(solo),
	   "and it is founded from then on");
	journal_close(&solo->journal);
	free(other);
}

int main(void)
{
	dice_seed();
	standing();
	opening();
	founding();
	closing();
	full_blocks();
	idle();
	long_quiet();
	refused();
	resealing();
	due();
	backwards();
	never_busy_never_asleep();
	broken_disk();
	return done_testing();
}
