/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_ENGINE_SOLO_H
#define COMITY_HOST_ENGINE_SOLO_H

/*
 * solo.h - the engine of one machine: acts go in, blocks come out, in the journal first.
 *
 * A block opens with the first act that is tried in it and closes 100 ms later; or it opens and
 * closes at once when something is due because time passed. It is on the disk before anybody sees
 * it. That its sequencer does not deceive is what countersignatures are for (ledger/finality.h).
 */

#include "host/journal.h"
#include "ledger/finality.h"
#include "ledger/ledger.h"

#define SOLO_BLOCK_MILLISECONDS 100
#define SOLO_EMPTY_MILLISECONDS 1000 /* a block into which nothing came but what was refused   \
	                              */
#define SOLO_BLOCK_OCTETS       ((size_t)2 << 20) /* a block that is larger closes at once */
#define SOLO_BLOCK_ACTS         2048
#define SOLO_IDLE_SECONDS       60
#define SOLO_RESEAL_SECONDS     20 /* a seal that is not final after this is followed by a newer one ... */
#define SOLO_RESEAL_MOST        3600 /* ... after twice as long each time, at most this */

/* Time as the host reads it; a test has its own. */
struct solo_clock {
	int64_t wall;      /* seconds since 1970 */
	int64_t monotonic; /* milliseconds */
};

struct solo {
	struct ledger ledger;
	struct finality finality;
	struct journal journal;
	struct bytes genesis, manifest; /* owned */
	bool open;                      /* a block is */
	int64_t opened;                 /* monotonic */
	struct writer notes;            /* of the open block */
	uint32_t count;
	int64_t last_block;             /* monotonic */
	int64_t reseal_at;              /* monotonic; 0: the newest seal is final */
	int64_t reseal_after;           /* milliseconds */
	uint8_t *octets;                /* of the last block, as written */
	size_t size;
};

/* Called for each leaf of the log in order: genesis, acts, seals. */
typedef bool solo_leaf(void *context, struct bytes entry);

/*
 * Opens the journal in `folder` and replays it; `leaf` sees every entry of the log. A journal without
 * a genesis is founded by solo_found(). MISHAP_IO, MISHAP_MALFORMED, MISHAP_LIMIT: told on standard
 * error.
 */
enum mishap solo_open(struct solo *solo, const char *folder, solo_leaf *leaf, void *context) CHECKED;

/* Founds the federation: genesis, manifest and block 0 into an empty journal. */
enum mishap solo_found(struct solo *solo, struct bytes genesis, struct bytes manifest,
                       struct receipt *receipt, solo_leaf *leaf, void *context) CHECKED;

/* Tries to enter an act. ENTERED is true once the block is closed. The wall clock may have gone
 * back: the ledger's time does not. */
void solo_submit(struct solo *solo, const struct solo_clock *clock, struct bytes note,
                 struct receipt *receipt);

/* Whether the open block should take no more: solo_step() closes it. */
bool solo_full(const struct solo *solo);

/*
 * Closes the open block when its time has come, or makes one that is due. True: a block was closed and is
 * on the disk; solo->octets has it, until the next. MISHAP_IO in `*mishap`: stop.
 */
bool solo_step(struct solo *solo, const struct solo_clock *clock, solo_leaf *leaf, void *context,
               enum mishap *mishap);

/* Takes a countersignature, and keeps it when it is new. */
bool solo_voice(struct solo *solo, struct bytes note, const char **why, enum mishap *mishap);

/* When solo_step() has something to do again, monotonic milliseconds. */
int64_t solo_deadline(const struct solo *solo, const struct solo_clock *clock);

/* Somebody came who may countersign: a seal that waits for it is made fresh soon. */
void solo_newcomer(struct solo *solo, const struct solo_clock *clock);

#endif
