/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIM_FEDERATION_H
#define COMITY_SIM_FEDERATION_H

/*
 * federation.h - a whole federation in one process, in virtual time, from one seed.
 *
 * A sequencer and n parties, each with a ledger of its own that replays, countersigns and signs,
 * as comityd and signerd do. Nothing here waits or rolls dice: the same seed and the same calls
 * give the same octets. Parties can be stopped, started and made hostile.
 */

#include "ledger/finality.h"
#include "ledger/ledger.h"
#include "signing/custodian.h"

#define FEDERATION_MAX      CUSTODY_MEMBERS_MAX
#define FEDERATION_TICK_MS  100
#define FEDERATION_OUTCOMES 64

/* How a party misbehaves. */
enum hostility {
	HONEST,
	BAD_SHARE,   /* sends a wrong share in every session */
	BAD_SHARE_B, /* sends a wrong share in round B, where the ZONEMD is signed */
	BAD_DEAL,    /* deals a wrong share to the first other member */
	CANCELS,     /* deals last, so that all deals together have too low a degree */
	FALSE_ALARM, /* complains of an honest dealer */
	NO_SHARES,   /* keeps its shares to itself */
	MUTE,        /* is up, and says nothing on boards and in ceremonies */
};

struct secret_key {
	uint8_t secret[64]; /* libsodium's form: seed and public key */
};

struct federation;

struct node {
	struct federation *federation;
	char name[64];
	struct secret_key act, cosign, custody;
	struct secret_key spare; /* an act key that it does not have yet, or lost; see federation_key_lines() */
	bool uses_spare;         /* it signs acts with that */
	struct ledger ledger;
	struct finality finality;
	struct custodian custodian;
	struct custodian_host host;
	struct custodian_vault *vault;
	uint64_t countersigned; /* height */
	bool up;
	enum hostility hostility;
	struct kept {
		char name[40];
		uint8_t secret[32];
	} kept[16]; /* what the host keeps on disk */
	unsigned kept_count;
};

struct federation {
	uint64_t seed, random;
	unsigned count;
	struct node *node;
	struct ledger sequencer;
	struct finality finality; /* as the sequencer sees it */
	struct secret_key log;
	struct arena memory;   /* of notes, blocks and messages: all of history */
	struct bytes *block;   /* the journal: blocks as written */
	size_t blocks, block_room;
	bool open;             /* a block is: */
	struct bytes *pending; /* the notes that entered in it */
	size_t pendings, pending_room;
	struct bytes *board; /* messages in the order they were posted */
	size_t boards, board_room;
	struct bytes *voice; /* seal-sign notes of the newest seal */
	size_t voices, voice_room;
	int64_t clock;         /* milliseconds since 1970 */
	uint64_t bad_acts;     /* custodians' acts that were refused or malformed */
	struct bytes manifest;
	struct bytes seal; /* of the founding, which is in no block */
	bool verbose;
};

struct federation_options {
	uint64_t seed;
	unsigned parties;
	const char *const *names; /* sorted; NULL: names of our own */
	const char *const *kinds; /* NULL: "state"; one that is NULL: has keys, and is no founder */
	struct bytes charter;
	struct bytes manifest; /* empty: nothing is imported */
	const char *apex;      /* NULL: "." */
	const char *signatures; /* "21d 14d" when NULL */
	const char *signing;    /* "2s 20m 1h" when NULL */
	int64_t start;          /* seconds since 1970 */
	bool sequencer_only; /* parties have keys and no machines, until federation_start() */
	bool verbose;
};

/* Founds a federation; stops the process when it cannot. */
struct federation *federation_found(const struct federation_options *options);

/* Memory for the life of the process, zero. */
struct arena federation_memory(size_t size);

/* Signs the text with the act key of that party (and of `also`, or -1) and submits it. */
void federation_submit(struct federation *f, unsigned party, int also, struct bytes text,
                       struct receipt *receipt);

/* Submits a note as it is; it enters in the block that is open, or in a new one. */
void federation_submit_note(struct federation *f, struct bytes note, struct receipt *receipt);

/* An act of that party, its head filled in for the sequencer's state: until one day ahead. */
struct act federation_act(const struct federation *f, unsigned party, enum act_kind kind);

/* The same written, signed and submitted. */
void federation_say(struct federation *f, unsigned party, const struct act *act,
                    struct receipt *receipt);

/* The slot (CAS) of a record as it stands, for an act's `replaces`: hex, or "none". */
struct bytes federation_slot(struct federation *f, const char *key);

/* The key lines that the party is to have when its act key is lost: its spare one, and the others as they are. */
struct bytes federation_key_lines(struct federation *f, unsigned party);

/* One tick of virtual time: a block when something is due, everybody acts on it. */
void federation_tick(struct federation *f);

/* Ticks until `done` says so or that much time has passed; whether it was done. */
bool federation_until(struct federation *f, bool (*done)(const struct federation *f),
                      int64_t seconds);
void federation_run(struct federation *f, int64_t seconds);

/* Time passes at once, without ticks between: for what takes days. */
void federation_skip(struct federation *f, int64_t seconds);

/* A party's machine stops (what was in memory is gone), or starts again and catches up. */
void federation_stop(struct federation *f, unsigned party);
void federation_start(struct federation *f, unsigned party);

/* Signs `text` with a key named origin/p/party/number, as a note. */
struct bytes federation_sign(struct federation *f, const struct secret_key *key,
                             const char *party, unsigned number, struct bytes text);

/* The party's cosigning key over these octets. */
void federation_cosign(const struct federation *f, unsigned party, struct bytes message,
                       uint8_t signature[64]);

bool federation_has_release(const struct federation *f);
bool federation_is_quiet(const struct federation *f);

#endif
