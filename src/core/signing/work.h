/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIGNING_WORK_H
#define COMITY_SIGNING_WORK_H

/*
 * work.h - the messages of one job, as every party derives them.
 *
 * The work of a job is a pure function of the state: for a zone job, the zone of the
 * content at its opening and the list of RRsets whose signature is missing, stale or
 * soon too old; for a confirming job, one message that names the new group. Nobody is
 * ever handed a message to sign.
 *
 * Items 0..items-1 are round A. In a zone job one more item follows, number `items`:
 * the ZONEMD of the zone with exactly the signatures of round A (round B).
 */

#include "state/job.h"
#include "zone/derive.h"

/* The longest message: RRSIG RDATA and the canonical records of one RRset. */
#define WORK_MESSAGE_MAX 65536

struct work_item {
	uint32_t set; /* index into zone.set */
	bool ksk;     /* which of the two groups signs it */
	uint32_t expiration;
	struct digest covers;
};

struct work {
	struct job job;
	struct digest federation; /* SHA-256 of the genesis */
	struct group ksk, zsk;    /* a confirming job: the new group is `zsk` */
	struct zone zone;         /* zone jobs; with the signatures that are kept */
	uint32_t items;           /* of round A */
	struct work_item *item;   /* zone jobs: `items` of them, and the ZONEMD */
	struct digest digest;     /* what job.digest must be */
	uint32_t expires;         /* zone jobs: when the first signature expires */
};

/*
 * Builds the work of `job` over `state`; everything is taken from the arena. `job->items`,
 * `job->digest` and `job->sessions` are not looked at: the caller that opens a job fills them
 * from the result.
 */
void work_build(const struct state *state, const struct digest *federation,
                const struct job *job, struct arena *arena, struct work *work);

/* Whether the job has a second round. */
static inline bool work_has_round_b(const struct work *work)
{
	return work->job.kind == JOB_ZONE;
}

/* All items of both rounds: how many nonces a member needs. */
static inline uint32_t work_signatures(const struct work *work)
{
	return work->items + (work_has_round_b(work) ? 1 : 0);
}

/* The group that signs item `index`. */
const struct group *work_group(const struct work *work, uint32_t index);

/* Writes the message of item `index`. That of round B needs work_place_zonemd() first. */
void work_message(const struct work *work, uint32_t index, struct writer *writer);

/* Puts the signature of item `index` of a zone job into the zone; memory from the arena. */
void work_attach(struct work *work, uint32_t index, const uint8_t signature[64],
                 struct arena *arena);

/* The signature of item `index` as it stands in the zone; work_attach() put it there. */
struct bytes work_attached(const struct work *work, uint32_t index);

/* The ZONEMD digest of the zone with the signatures it has now; and a digest put in place. */
void work_compute_zonemd(const struct work *work, uint8_t digest[SHA384_SIZE]);
void work_place_zonemd(struct work *work, const uint8_t digest[SHA384_SIZE],
                       struct arena *arena);

/* Records and SHA-256 of the text of the signed zone (comity-zone(5)). */
uint64_t work_zone_digest(const struct work *work, struct digest *digest);

/* Owner text and type word of the RRset of an item: the key of its rrsig record. */
void work_item_name(const struct work *work, uint32_t index, struct writer *owner,
                    struct writer *type);

/* What a signature covers: SHA-256 over owner, type, TTL and canonical RDATAs. */
struct digest rrset_digest(const struct rrset *set);

/*
 * Signatures of the current release whose RRset is no longer in the zone: deletes
 * their records. Called when the release of this work is entered.
 */
void work_forget_rrsigs(const struct work *work, struct state *state);

#endif
