/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sequencer that is killed at every call that changes its disk: from its founding on, and in the
 * midst of its life, with a release that it publishes and a tile that gets full.
 */
#include "crash/engine.h"

#include <sodium.h>
#include <string.h>

#include "tap.h"

#include "crash/trial.h"
#include "host/file.h"
#include "host/memory.h"
#include "host/replay.h"
#include "note/tile.h"
#include "prog/sim/federation.h"
#include "scratch.h"

#include "crash/proposals.h"

#define PARTIES    4
#define SPEAKERS   3
#define STEPS      3
#define BLOCKS_MAX 4096

static struct federation *f;

/* What has left the process. */
static struct told {
	unsigned blocks; /* those of the work */
	struct digest block[STEPS];
	unsigned checkpoints;
	struct {
		uint64_t size;
		struct digest root;
	} checkpoint[STEPS + 1];
} *told;

/* The same, of the work that nobody interrupted; and what the template had before. */
static struct told reference;
static unsigned before;
static int64_t start; /* seconds, of the first step */
static bool with_zone;
static struct digest zone, image;

/* ---- the federation, and its voices ---- */

/* A federation with keys and a release. */
static void standing(void)
{
	struct federation_options options = {
		.seed = 7, .parties = PARTIES, .charter = proposals_charter(), .start = 1795352400};
	struct receipt receipt;
	struct act act;

	f = federation_found(&options);
	act = federation_act(f, 0, ACT_SERVER);
	act.field[0] = BYTES("a.root-servers.");
	act.field[1] = BYTES("active");
	act.field[2] = BYTES("none");
	act.records = BYTES("+ a.root-servers. 518400 IN A 192.0.2.1\n");
	federation_say(f, 0, &act, &receipt);
	if (!federation_until(f, federation_has_release, 120) ||
	    !federation_until(f, federation_is_quiet, 120))
		bail_out("no release");
}

static struct bytes voice_make(const struct solo *solo, unsigned party)
{
	uint8_t message[COSIGNED_SIZE_MAX], octets[72] = {0};
	struct writer m = {.at = message, .size = sizeof(message)}, w = writer_in(&f->memory);
	struct checkpoint checkpoint;
	struct sealed sealed;

	if (!ledger_last_seal(&solo->ledger, &sealed))
		bail_out("no seal");
	checkpoint = ledger_checkpoint(&solo->ledger, &sealed);
	cosigned_write(&m, &checkpoint, 0);
	federation_cosign(f, party, writer_bytes(&m), octets + 8);
	countersign_write(&w, &solo->ledger, &sealed, bytes_of(f->node[party].name), octets);
	return federation_sign(f, &f->node[party].cosign, f->node[party].name, 2,
	                       writer_keep(&w, &f->memory));
}

/* ---- the work ---- */

static struct solo_clock clock_of(unsigned step)
{
	return (struct solo_clock){start + 10 * step, 1000000 + 10000 * (int64_t)step};
}

/* Two acts and the block that closes behind them. */
static bool block_make(struct engine *engine, const char *series, unsigned step)
{
	struct solo *solo = engine_solo(engine);
	struct solo_clock clock = clock_of(step);
	struct receipt receipt;

	for (unsigned i = 0; i < 2; i++) {
		solo_submit(solo, &clock, proposal_make(f, series, 2 * step + i, clock.wall), &receipt);
		if (receipt.outcome != OUTCOME_ENTERED)
			bail_out("an act does not enter");
	}
	clock.monotonic += SOLO_BLOCK_MILLISECONDS;
	return engine_close_block(engine, &clock);
}

static bool voices_take(struct solo *solo)
{
	for (unsigned party = 0; party < SPEAKERS; party++) {
		enum mishap mishap;
		const char *why;

		/* One that the journal brought back says nothing new. */
		(void)solo_voice(solo, voice_make(solo, party), &why, &mishap);
		if (mishap != OK)
			return false;
	}
	return finality_reached(&solo->finality, &solo->ledger);
}

static bool publish_it(struct engine *engine)
{
	struct solo *solo = engine_solo(engine);
	struct checkpoint checkpoint = ledger_checkpoint(&solo->ledger, &solo->finality.sealed);
	uint8_t text[CHECKPOINT_SIZE_MAX], line[64];
	struct writer w = {.at = text, .size = sizeof(text)};

	checkpoint_write(&w, &checkpoint);
	crypto_sign_detached(line, NULL, text, w.used, f->log.secret);
	told->checkpoint[told->checkpoints].size = checkpoint.size;
	told->checkpoint[told->checkpoints++].root = checkpoint.root;
	return engine_publish(engine, line);
}

static void tell_block(const struct solo *solo)
{
	told->block[told->blocks++] = sha256((struct bytes){solo->octets, solo->size});
}

/* Behind a frame that failed no other one is taken, though there is room again. */
static void journal_takes_nothing(struct engine *engine, unsigned step)
{
	struct solo *solo = engine_solo(engine);

	if (voices_take(solo) || block_make(engine, "late", step + 1))
		_exit(1);
}

static void work(const char *home)
{
	struct engine *engine = engine_open(home);

	if (engine == NULL)
		return;
	if (before == 0 && (!voices_take(engine_solo(engine)) || !publish_it(engine)))
		return;
	for (unsigned step = 0; step < STEPS; step++) {
		if (!block_make(engine, "w", step)) {
			journal_takes_nothing(engine, step);
			return;
		}
		tell_block(engine_solo(engine));
		if (!voices_take(engine_solo(engine))) {
			journal_takes_nothing(engine, step);
			return;
		}
		if (!publish_it(engine))
			return;
	}
}

/* ---- the judge ---- */

static bool complain(const char *what)
{
	fprintf(stderr, "%s\n", what);
	return false;
}

static bool file_digest(const char *folder, const char *name, struct digest *digest)
{
	struct arena memory = memory_reserve((size_t)64 << 20);
	struct bytes content = {NULL, 0};
	char path[FILE_PATH_MAX];

	if (!file_path(path, folder, name) || file_read(path, memory.size, &memory, &content, NULL) != OK)
		return false;
	*digest = sha256(content);
	return true;
}

/* The blocks of a journal. */
struct blocks {
	unsigned count;
	struct digest block[BLOCKS_MAX];
};

static bool block_count(void *context, enum journal_type type, struct bytes body)
{
	struct blocks *blocks = context;

	if (type == JOURNAL_BLOCK && blocks->count < BLOCKS_MAX)
		blocks->block[blocks->count++] = sha256(body);
	return true;
}

static bool blocks_of(const char *home, struct blocks *blocks)
{
	char path[FILE_PATH_MAX];

	blocks->count = 0;
	return file_path(path, home, "node/journal") && journal_look(path, block_count, blocks) == OK;
}

/* The identical head, or the one block that nobody was told of: nothing else. */
static bool head_is_right(const char *home)
{
	static struct blocks blocks;

	if (!blocks_of(home, &blocks) || blocks.count < before + told->blocks)
		return complain("a block that was told is gone");
	if (blocks.count > before + told->blocks + 1)
		return complain("blocks that nobody told");
	for (unsigned i = 0; before + i < blocks.count; i++)
		if (i >= STEPS || !digest_same(&blocks.block[before + i], &reference.block[i]))
			return complain("another block");
	return true;
}

static bool checkpoint_known(const struct checkpoint *checkpoint)
{
	for (unsigned i = 0; i < reference.checkpoints; i++)
		if (reference.checkpoint[i].size == checkpoint->size)
			return digest_same(&reference.checkpoint[i].root, &checkpoint->root);
	return false;
}

/* What a stranger finds in the public folder: a checkpoint, and files that lead to it. */
static bool audit(const char *folder, struct checkpoint *checkpoint, struct arena *memory)
{
	static struct ledger ledger;
	struct replay replay = {.ledger = &ledger};
	struct bytes content = {NULL, 0};
	char path[FILE_PATH_MAX];
	struct fault fault;
	struct note note;
	bool missing;

	if (!file_path(path, folder, "checkpoint") ||
	    file_read(path, NOTE_SIZE_MAX, memory, &content, NULL) != OK ||
	    note_read(content, &note, &fault) != OK ||
	    checkpoint_read(note.text, checkpoint, &fault) != OK || note.count != 1 + SPEAKERS)
		return complain("the checkpoint is none");
	ledger_reserve(&ledger);
	replay.size = checkpoint->size;
	replay.root = checkpoint->root;
	return replay_run(&replay, folder, &missing) || complain(missing ? "tiles are missing" : replay.why);
}

/* A kill without a power cut: readers see the old checkpoint or the new one, with all that it needs. */
static bool public_is_right(const char *home)
{
	struct arena memory = memory_reserve(1u << 20);
	struct checkpoint checkpoint;
	char folder[FILE_PATH_MAX], path[FILE_PATH_MAX];

	if (!file_path(folder, home, "node/public") || !file_path(path, folder, "checkpoint"))
		return false;
	if (access(path, F_OK) != 0)
		return told->checkpoints <= 1 || complain("a checkpoint is gone");
	return audit(folder, &checkpoint, &memory) &&
	       (checkpoint_known(&checkpoint) || complain("another checkpoint"));
}

/* It goes on, with other acts at a later time, and publishes what everybody can follow. */
static bool goes_on(const char *home)
{
	struct arena memory = memory_reserve(1u << 20);
	struct engine *engine = engine_open(home);
	struct checkpoint checkpoint;
	struct digest now;
	struct solo *solo;

	if (engine == NULL || !head_is_right(home))
		return complain("it does not start again");
	solo = engine_solo(engine);
	if (!solo->ledger.founded || !block_make(engine, "other", 2 * STEPS) || !voices_take(solo) ||
	    !publish_it(engine))
		return complain("it does not go on");
	if (!audit(engine_public(engine), &checkpoint, &memory) ||
	    checkpoint.size != solo->ledger.log.size)
		return complain("what it publishes then");
	if (with_zone && (!file_digest(home, "node/public/zone", &now) || !digest_same(&now, &zone) ||
	                  !file_digest(home, "node/run/zone.image", &now) || !digest_same(&now, &image)))
		return complain("another zone");
	engine_close(engine);
	return true;
}

static bool judge(const char *home, enum crash_way way, enum crash_left left)
{
	(void)way;
	if (left == CRASH_ALL && !public_is_right(home))
		return false;
	return goes_on(home);
}

static void learn(const char *home)
{
	reference = *told;
	if (reference.blocks != STEPS)
		bail_out("the work was not done");
	if (with_zone &&
	    (!file_digest(home, "node/public/zone", &zone) || !file_digest(home, "node/run/zone.image", &image)))
		bail_out("no zone was published");
}

/* ---- the two lives ---- */

static void home_make(const char *home)
{
	char path[FILE_PATH_MAX];

	if (!file_path(path, home, "node") || file_make_folder(path, 0755) != OK ||
	    !file_path(path, home, "comity.conf"))
		bail_out("no home");
	scratch_write(path, BYTES("[node]\nfolder = node\n"));
}

static bool nothing(void *context, struct bytes entry)
{
	(void)context, (void)entry;
	return true;
}

/* One block of acts, so that the work's second one fills a bundle of entries. */
static void log_pad(struct solo *solo, struct solo_clock clock)
{
	unsigned count = (unsigned)(2 * TILE_WIDTH - 6 - solo->ledger.log.size % TILE_WIDTH) % TILE_WIDTH;
	struct receipt receipt;
	enum mishap mishap;

	for (unsigned i = 0; i < count; i++) {
		solo_submit(solo, &clock, proposal_make(f, "pad", i, clock.wall), &receipt);
		if (receipt.outcome != OUTCOME_ENTERED)
			bail_out("an act does not enter");
	}
	clock.monotonic += SOLO_BLOCK_MILLISECONDS;
	if (!solo_step(solo, &clock, nothing, NULL, &mishap) ||
	    solo->ledger.log.size % TILE_WIDTH != TILE_WIDTH - 5)
		bail_out("a log that is too long");
}

/* The journal of the federation, as a node would have it. */
static void journal_make(const char *home)
{
	static struct solo solo;
	struct solo_clock clock = {f->clock / 1000 + 10, 1000000};
	struct journal journal;
	char path[FILE_PATH_MAX];
	bool good = file_path(path, home, "node/journal") && journal_open(&journal, path, NULL, NULL) == OK &&
	            journal_append(&journal, JOURNAL_GENESIS, f->sequencer.genesis, false) == OK &&
	            journal_append(&journal, JOURNAL_MANIFEST, f->manifest, false) == OK;

	for (size_t i = 0; good && i < f->blocks; i++)
		good = journal_append(&journal, JOURNAL_BLOCK, f->block[i], false) == OK;
	if (!good)
		bail_out("no journal");
	journal_close(&journal);
	if (solo_open(&solo, path, nothing, NULL) != OK)
		bail_out("no journal");
	log_pad(&solo, clock);
	journal_close(&solo.journal);
	start = clock.wall + 10;
	before = (unsigned)f->blocks + 1;
	with_zone = true;
}

static void try(const char *what, const char *home)
{
	struct trial trial = {home, told, sizeof(*told), work, learn, judge};
	struct trial_count count = trial_all(&trial, scratch(""));
	char line[200];

	snprintf(line, sizeof(line), "%s: %u restarts behind %u calls, all as they should be", what,
	         count.runs, count.calls);
	ok(count.runs > 0 && count.failed == 0, line);
}

int main(void)
{
	const char *founded = scratch("founded"), *grown = scratch("grown");

	standing();
	told = trial_share(sizeof(*told));
	home_make(founded);
	if (file_write(scratch("founded/node/genesis.note"), 0644, f->sequencer.genesis, true) != OK)
		bail_out("no genesis");
	start = 1795352400 + 10;
	try("a founding", founded);
	home_make(grown);
	journal_make(grown);
	try("a standing federation", grown);
	return done_testing();
}
