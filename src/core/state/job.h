/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_JOB_H
#define COMITY_STATE_JOB_H

/*
 * job.h - what is being signed, and what was (comity-custody(7)).
 *
 *     job/<n>                          the open job: what to sign, over which content
 *     session/<job>/<n>                an attempt: which members, with which nonces
 *     answered/<job>/<n>/<party>       a member has done its part, and whom it misses
 *     accused/<job>/<party>            a member that sent a wrong share
 *     signatures/<job>/<n>/<first>     finished signatures of an attempt, embedded
 *     rrsig/<owner>/<type>             the signature of an RRset of the current release
 *     release/<serial>                 a release
 *     zone/current                     the release that no other supersedes
 */

#include "state/custody.h"

enum job_kind { JOB_CONFIRM, JOB_ZONE };

#define JOB_GROUPS_MAX 6

struct job_group {
	enum group_kind kind;
	uint64_t number;
};

struct job {
	uint64_t number;
	enum job_kind kind;
	struct ledger_time opened;
	uint32_t serial;    /* of the zone; 0 when a group is confirmed */
	uint32_t inception; /* of new signatures, seconds since 1970 */
	uint32_t items;     /* signatures of round A */
	struct digest digest; /* SHA-256 over the SHA-256 of each message of round A */
	uint32_t sessions;    /* opened so far */
	unsigned group_count; /* the DNSKEY set, KSK first; or the one to be confirmed */
	struct job_group group[JOB_GROUPS_MAX];
};

bool job_get(const struct state *state, uint64_t number, struct job *job);
void job_put(struct state *state, struct arena *arena, const struct job *job);
/* Everything of a job but what it made: job, session, answered, accused, signatures. */
void job_sweep(struct state *state, uint64_t number);

struct session_member {
	struct bytes party;
	uint8_t pool[16];
	uint32_t first; /* index of its nonces for item 0 */
	uint32_t count; /* of the pool, whose root is: */
	struct digest root;
};

struct session {
	uint64_t job, number;
	struct ledger_time opened;
	struct ledger_time grace; /* from then on members name who is missing */
	unsigned count;
	struct session_member member[CUSTODY_MEMBERS_MAX]; /* sorted by party */
};

bool session_get(const struct state *state, uint64_t job, uint64_t number,
                 struct session *session);
void session_put(struct state *state, struct arena *arena, const struct session *session);
const struct session_member *session_member_of(const struct session *session,
                                               struct bytes party);

/* Whether the party has answered in the session; `missing` is whom it named, or "none". */
bool answered_get(const struct state *state, uint64_t job, uint64_t session, struct bytes party,
                  struct bytes *missing);
void answered_put(struct state *state, struct arena *arena, uint64_t job, uint64_t session,
                  struct bytes party, struct bytes shares, struct bytes missing);

bool accused_get(const struct state *state, uint64_t job, struct bytes party);
void accused_put(struct state *state, struct arena *arena, uint64_t job, struct bytes party,
                 struct bytes act);

/*
 * Walks the runs of finished signatures of a session, by first index: start with
 * *index = 0. `*lines` are embedded lines of one signature each.
 */
bool signatures_next(const struct state *state, uint64_t job, uint64_t session, size_t *index,
                     uint32_t *first, struct bytes *lines);
void signatures_put(struct state *state, struct arena *arena, uint64_t job, uint64_t session,
                    uint32_t first, struct bytes lines);

/* One such line taken off. */
bool signature_take(struct bytes *lines, uint8_t signature[64]);
void signature_write(struct writer *writer, const uint8_t signature[64]);

struct signed_rrset {
	struct digest covers; /* rrset_digest() of what is signed (signing/work.h) */
	enum group_kind group;
	uint64_t group_number;
	uint32_t inception, expiration; /* seconds since 1970 */
	uint8_t signature[64];
};

/* `owner` is the text of the name, `type` the word. */
bool signed_rrset_get(const struct state *state, struct bytes owner, struct bytes type,
                      struct signed_rrset *signed_rrset);
void signed_rrset_put(struct state *state, struct arena *arena, struct bytes owner,
                      struct bytes type, const struct signed_rrset *signed_rrset);

struct release {
	uint32_t serial;
	uint64_t job, session;
	uint64_t records;   /* of the signed zone */
	struct digest zone; /* SHA-256 of its text */
	uint8_t zonemd[SHA384_SIZE];
	struct ledger_time opened, entered, expires;
	struct bytes act;
};

bool release_get(const struct state *state, uint32_t serial, struct release *release);
void release_put(struct state *state, struct arena *arena, const struct release *release);

/* The release that no other supersedes; false before the first. */
bool release_current(const struct state *state, struct release *release);
void release_set_current(struct state *state, struct arena *arena, const struct release *release);

#endif
