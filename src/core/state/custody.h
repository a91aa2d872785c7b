/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_CUSTODY_H
#define COMITY_STATE_CUSTODY_H

/*
 * custody.h - the keys that nobody holds: groups, the ceremonies that make them, and who
 * is ready to sign (comity-custody(7)).
 *
 *     custody                    ksk, ksk-standby, zsk: number of the active group, or 0;
 *                                zsk-next, zsk-old: published beside it during a roll, or 0;
 *                                jobs: how many were opened; job: the open one, or 0;
 *                                serial: the last one committed to
 *     group/<word>/<number>      threshold, key, tag, since, member...
 *     ceremony/<word>            number, phase, threshold, opened, deadline, session,
 *                                transcript, member..., excluded...
 *     deal/<word>/<party>        a deal of the ceremony that is under way, embedded
 *     confirmed/<word>/<party>   a confirmation of it
 *     pool/<party>               the nonces a signer is ready to use
 *     signer/<party>             which of them are assigned, and how it has answered
 */

#include "state/record.h"

#define CUSTODY_MEMBERS_MAX 64 /* signers of a federation */

enum group_kind { GROUP_KSK, GROUP_KSK_STANDBY, GROUP_ZSK, GROUPS };

const char *group_word(enum group_kind kind);
enum group_kind group_kind(struct bytes word); /* GROUPS for no such word */

struct custody {
	uint64_t active[GROUPS]; /* number of the active group, or 0 */
	uint64_t zsk_next;       /* published ahead of its use, or 0 (RFC 6781 section 4.1.1.1) */
	uint64_t zsk_old;        /* published until its signatures left the caches, or 0 */
	uint64_t jobs;           /* how many jobs were opened */
	uint64_t job;            /* the open one, or 0 */
	uint64_t serial;         /* the last SOA serial committed to, or 0 */
};

void custody_get(const struct state *state, struct custody *custody);
void custody_put(struct state *state, struct arena *arena, const struct custody *custody);

struct group_member {
	struct bytes party;
	uint16_t identifier;
	uint8_t verification_share[32]; /* Y_i */
};

struct group {
	enum group_kind kind;
	uint64_t number;
	uint16_t threshold;
	uint8_t public_key[32];
	uint16_t tag; /* of its DNSKEY */
	struct ledger_time since;
	unsigned count;
	struct group_member member[CUSTODY_MEMBERS_MAX]; /* identifiers rising */
};

bool group_get(const struct state *state, enum group_kind kind, uint64_t number,
               struct group *group);
void group_put(struct state *state, struct arena *arena, const struct group *group);
/* The member of that party, or NULL. */
const struct group_member *group_member_of(const struct group *group, struct bytes party);

enum ceremony_phase {
	CEREMONY_KEY,     /* encryption keys are posted */
	CEREMONY_DEAL,    /* shares are dealt */
	CEREMONY_CONFIRM, /* shares are confirmed, or complained of */
	CEREMONY_SIGN,    /* the new key signs the transcript */
	CEREMONY_DONE,
	CEREMONY_FAILED, /* too few are left */
	CEREMONY_PHASES
};

struct ceremony_member {
	struct bytes party;
	uint16_t identifier;
	bool has_key;
	uint8_t key[32]; /* its encryption key for this ceremony */
};

struct ceremony {
	enum group_kind kind;
	uint64_t number; /* of this attempt, and of the group it makes */
	enum ceremony_phase phase;
	uint16_t threshold;
	struct ledger_time opened, deadline; /* of the phase */
	bool has_session;
	struct digest session; /* the DKG's session identifier, from phase deal on */
	bool has_transcript;
	struct digest transcript; /* from phase confirm on */
	unsigned count;
	struct ceremony_member member[CUSTODY_MEMBERS_MAX]; /* identifiers rising */
	struct bytes excluded; /* "excluded" lines: party, number, reason */
};

bool ceremony_get(const struct state *state, enum group_kind kind, struct ceremony *ceremony);
void ceremony_put(struct state *state, struct arena *arena, const struct ceremony *ceremony);
struct ceremony_member *ceremony_member_of(struct ceremony *ceremony, struct bytes party);
const char *ceremony_phase_word(enum ceremony_phase phase);

/* The deal of that party in the ceremony under way, its octets in the arena. */
bool deal_get(const struct state *state, enum group_kind kind, struct bytes party,
              struct arena *arena, struct bytes *deal);
void deal_put(struct state *state, struct arena *arena, enum group_kind kind, struct bytes party,
              struct bytes embedded);
bool confirmed_get(const struct state *state, enum group_kind kind, struct bytes party);
void confirmed_put(struct state *state, struct arena *arena, enum group_kind kind,
                   struct bytes party);
/* Deals and confirmations go: the ceremony is over, or begins anew. */
void ceremony_sweep(struct state *state, enum group_kind kind);

struct pool {
	uint8_t id[16];
	uint32_t count;     /* pairs of nonces */
	struct digest root; /* over the commitments */
	struct ledger_time lease;
	struct bytes act;
};

bool pool_get(const struct state *state, struct bytes party, struct pool *pool);
void pool_put(struct state *state, struct arena *arena, struct bytes party,
              const struct pool *pool);

struct signer {
	uint8_t pool[16]; /* the pool that `next` counts in */
	uint32_t next;    /* first index not yet assigned */
	bool missed;      /* was named missing, and has not signed since */
	struct ledger_time missed_at;
};

/* All zero for a party that has none. */
void signer_get(const struct state *state, struct bytes party, struct signer *signer);
void signer_put(struct state *state, struct arena *arena, struct bytes party,
                const struct signer *signer);

#endif
