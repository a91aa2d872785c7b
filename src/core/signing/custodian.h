/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIGNING_CUSTODIAN_H
#define COMITY_SIGNING_CUSTODIAN_H

/*
 * custodian.h - a party's part in custody: what its signer does, given the ledger.
 *
 * A custodian looks at the state and does what is its to do: takes part in ceremonies, keeps a
 * pool of nonces, answers in sessions, enters what they make. It signs nothing it was handed:
 * every message comes from work_build() over the ledger it replayed itself. What it does
 * depends on the state alone, so it may be asked as often as one likes.
 *
 * It touches nothing: clock, randomness, disk and wire are the host's. The host keeps what it is
 * told to keep on disk, synced, before the call returns; nonces never leave this memory.
 */

#include "frost/commit.h"
#include "frost/secret.h"
#include "signing/board.h"
#include "signing/evidence.h"
#include "signing/keygen.h"
#include "signing/schedule.h"

#define CUSTODIAN_POOL_MAX  BOARD_ITEMS_MAX
#define CUSTODIAN_SHARES    8
#define CUSTODIAN_SEED_SIZE 32
#define CUSTODIAN_SESSIONS  CUSTODY_MEMBERS_MAX /* of one job */
#define CUSTODIAN_RECENT    64

/* What the host does for a custodian. */
struct custodian_host {
	void *context;
	void (*random)(void *context, uint8_t *to, size_t size);
	/* Keeps a SECRET under a name of [a-z0-9-], sealed and synced, in place of what was there; or
	 * removes it. Stops the process when it cannot. */
	void (*keep)(void *context, const char *name, const uint8_t *secret, size_t size);
	void (*forget)(void *context, const char *name);
	/* Records, synced, that nonces of a pool are spent on this session. False: it cannot, or
	 * some of them were spent on another: nothing is signed then. */
	bool (*burn)(void *context, const uint8_t pool[16], uint32_t first, uint32_t count,
	             const struct digest *session);
	/* Signs the text with the custody key and submits it; signs and posts a message. */
	void (*submit)(void *context, struct bytes text);
	void (*post)(void *context, struct bytes text, struct bytes body);
};

/* SECRET. In memory that the host locks and wipes. */
struct custodian_vault {
	struct {
		bool held;
		enum group_kind kind;
		uint64_t number;
		uint8_t share[FROST_SCALAR_SIZE];
	} share[CUSTODIAN_SHARES];
	struct {
		bool held;
		uint64_t number;
		uint8_t seed[CUSTODIAN_SEED_SIZE];
	} ceremony[GROUPS];
	struct frost_nonces nonces[CUSTODIAN_POOL_MAX]; /* all zero when spent */
};

/* What others posted: of each signer, the pool that it had announced last. */
struct custodian_board {
	struct bytes party; /* in the custodian's own memory */
	uint8_t pool[16];
	uint32_t count; /* 0: nothing there */
	struct digest root;
	uint8_t *body; /* CUSTODIAN_POOL_MAX * FROST_COMMITMENT_SIZE octets */
};

struct custodian_session; /* custodian_session.c */

struct custodian {
	struct bytes party; /* whose; borrowed, constant */
	const struct custodian_host *host;
	struct custodian_vault *vault;
	struct arena memory; /* of boards; grows, never shrinks */
	struct custodian_board board[CUSTODY_MEMBERS_MAX];
	unsigned boards;
	uint8_t pool[16]; /* the pool whose nonces are in the vault; all zero: none */
	uint32_t pool_count;
	struct digest pool_root;
	bool pool_posted; /* its commitments are on the board */
	struct arena session_memory; /* of the sessions of one job */
	size_t session_room;         /* octets of it that those there are may come to need */
	uint64_t job;                /* the job they are of */
	struct custodian_session *session[CUSTODIAN_SESSIONS];
	struct {
		struct digest what;
		int64_t at; /* milliseconds */
	} recent[CUSTODIAN_RECENT]; /* what was submitted lately */
	unsigned recent_next;
	struct arena scratch; /* of one call */
};

struct custodian_memory {
	struct arena boards;   /* CUSTODIAN_BOARDS_SIZE for as many signers as there can be */
	struct arena sessions; /* CUSTODIAN_SESSIONS_SIZE */
	struct arena scratch;  /* CUSTODIAN_SCRATCH_SIZE */
};

#define CUSTODIAN_BOARDS_SIZE                                                                \
	((size_t)CUSTODY_MEMBERS_MAX * (CUSTODIAN_POOL_MAX * FROST_COMMITMENT_SIZE + 4096))
#define CUSTODIAN_SESSIONS_SIZE                                                                \
	((size_t)2 << 30) /* 64 signers, n-t+1 sessions, a root zone; touched as needed */
#define CUSTODIAN_SCRATCH_SIZE  ((size_t)32 << 20)

/* A custodian without shares or nonces. `vault` is all zero; party, host and vault stay where
 * they are. */
void custodian_init(struct custodian *custodian, struct bytes party,
                    const struct custodian_host *host, struct custodian_vault *vault,
                    const struct custodian_memory *memory);

/* Puts back what `keep` once kept under that name. False for a name that is none of ours. */
bool custodian_restore(struct custodian *custodian, const char *name, const uint8_t *secret,
                       size_t size);

/* The ledger as a custodian sees it. */
struct custodian_view {
	const struct state *state;
	struct bytes origin;
	struct digest genesis;
	struct work_cache *cache;
	uint32_t charter; /* version */
	struct ledger_time now; /* of the newest block, which is final */
	int64_t clock;          /* the machine's monotonic clock, milliseconds: for waiting only */
};

/* A message from a board. False: not one that can be used; `*why` says why. */
bool custodian_take(struct custodian *custodian, const struct custodian_view *view,
                    struct bytes message, const char **why);

/* Does what is to be done. To be called when the newest sealed block is final, after every
 * block and message, and when custodian_deadline() has passed. */
void custodian_step(struct custodian *custodian, const struct custodian_view *view);

/* Parts of it, one file each. */
void custodian_ceremonies(struct custodian *custodian, const struct custodian_view *view);
void custodian_pool(struct custodian *custodian, const struct custodian_view *view);
void custodian_sessions(struct custodian *custodian, const struct custodian_view *view);
bool custodian_take_shares(struct custodian *custodian, const struct custodian_view *view,
                           const struct board_message *message, const char **why);

/* Begins an act of this custodian: kind and head; the caller sets its fields. */
struct act custodian_act(const struct custodian *custodian, const struct custodian_view *view,
                         enum act_kind kind);

/* Submits it, unless the same was submitted in the last seconds. */
void custodian_submit(struct custodian *custodian, const struct custodian_view *view,
                      const struct act *act);

/* The share of that group; NULL when it is not held. SECRET. */
const uint8_t *custodian_share(const struct custodian *custodian, enum group_kind kind,
                               uint64_t number);

/* The board of that party; NULL when nothing was posted. */
const struct custodian_board *custodian_board_of(const struct custodian *custodian,
                                                 struct bytes party);

/* The place for what that party posts; NULL when there are too many. */
struct custodian_board *custodian_board_slot(struct custodian *custodian, struct bytes party);

#endif
