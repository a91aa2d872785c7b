/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_LEDGER_LEDGER_H
#define COMITY_LEDGER_LEDGER_H

/*
 * ledger.h - a block in; receipts, seal and work out (comity-ledger(5)).
 *
 * The same ledger runs behind the sequencer, which makes blocks, and behind everybody else, who
 * replays them: signers, auditors, the simulator. Two ledgers that took the same blocks hold the
 * same state, the same log, and make the same seals.
 */

#include "commons/apply.h"
#include "ledger/block.h"
#include "note/checkpoint.h"
#include "note/merkle.h"

#define LEDGER_SEALS_KEPT 64 /* the newest seals, to check countersignatures against */

/* A seal's place in the log. */
struct sealed {
	uint64_t height;
	struct ledger_time time;
	struct digest seal;   /* its leaf hash */
	uint64_t size;        /* leaves of the log that ends with it */
	struct digest root;   /* and its root */
	uint64_t acts;        /* entered in its block */
	uint64_t records;     /* of the state */
	struct digest state;  /* its root */
};

struct ledger {
	struct state state;
	struct commons commons;
	struct arena scratch; /* of reading acts; ACT_SCRATCH_SIZE */
	bool founded;
	uint64_t height; /* of the newest block */
	struct ledger_time time;
	struct merkle_frontier log;
	uint64_t acts;        /* entered in the block that is open */
	uint64_t seals;       /* made so far */
	struct sealed sealed[LEDGER_SEALS_KEPT]; /* [n % kept]: the n-th */
	struct bytes genesis; /* its note; borrowed from whoever founded */
};

enum outcome {
	OUTCOME_ENTERED,
	OUTCOME_ALREADY,   /* entered before: submitting is idempotent */
	OUTCOME_REFUSED,   /* by the charter or the procedure */
	OUTCOME_MALFORMED, /* not an act */
};

struct receipt {
	enum outcome outcome;
	struct digest act;      /* its id; zero when malformed */
	uint64_t height, index; /* block and leaf: of ENTERED; block: of ALREADY */
	struct refusal refusal; /* of REFUSED; borrows until the next act */
	struct fault fault;     /* of MALFORMED */
};

/* A ledger without a federation, in `state_size` octets of zero memory at `state_memory` and in
 * `memory`. */
void ledger_init(struct ledger *ledger, uint8_t *state_memory, size_t state_size,
                 const struct commons_memory *memory);

/*
 * The first block: the genesis and its manifest (empty when it imports nothing). Fills in the
 * receipt; on ENTERED writes the seal of block 0. The note must stay where it is as long
 * as the ledger lives.
 */
void ledger_found(struct ledger *ledger, struct bytes note, struct bytes manifest,
                  struct receipt *receipt, struct writer *seal);

/* Opens the next block. `time` is not before that of the last one. */
void ledger_begin(struct ledger *ledger, struct ledger_time time);

/* Tries to enter an act in the open block. Nothing changes unless it is ENTERED. */
void ledger_enter(struct ledger *ledger, struct bytes note, struct receipt *receipt);

/* What would become of the act in the block that is open, or in one opened now: nothing changes. */
void ledger_try(struct ledger *ledger, struct bytes note, struct receipt *receipt);

/* Whether anything in the open block has changed the state so far. */
bool ledger_changed(const struct ledger *ledger);

/*
 * Closes the block: ceremonies, jobs and sessions that are due. True, and the seal written, when
 * something changed or `seal_anyway`.
 */
bool ledger_end(struct ledger *ledger, bool seal_anyway, struct writer *seal);

/*
 * Replays one block of somebody else's. True when it is the next block, every act enters, and its
 * seal is ours, octet for octet; otherwise false, `*why` says what is wrong, and the ledger is good
 * for nothing more: whoever made the block is wrong, or we are.
 */
bool ledger_replay(struct ledger *ledger, const struct block *block, const char **why) CHECKED;

/* The newest seal; false before the first. */
bool ledger_last_seal(const struct ledger *ledger, struct sealed *sealed);

/* The seal of that height, if it is among the newest. */
bool ledger_seal_at(const struct ledger *ledger, uint64_t height, struct sealed *sealed);

/* What a seal says; its text is seal_write() of it. */
void ledger_seal_of(const struct ledger *ledger, const struct sealed *sealed, struct seal *seal);

/* The checkpoint that ends with that seal. */
struct checkpoint ledger_checkpoint(const struct ledger *ledger, const struct sealed *sealed);

/*
 * Checks a countersignature: a seal-sign act by a countersigner, on a seal of ours. True: `*sealed` is
 * the seal, `*party` the signer (borrowed from the note), and `cosignature` the line it adds to
 * the checkpoint, 72 octets.
 */
bool ledger_countersigned(const struct ledger *ledger, struct bytes note,
                          struct sealed *sealed, struct bytes *party, uint8_t cosignature[72],
                          const char **why);

#endif
