/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIGNING_SCHEDULE_H
#define COMITY_SIGNING_SCHEDULE_H

/*
 * schedule.h - which job is open, and who signs it: decided at the end of each block by
 * the state alone (comity-custody(7), SESSIONS; after ROAST, ePrint 2022/550, with the
 * ledger in the place of its coordinator).
 *
 * One job is open at a time. Its sessions open one after another, each among the first t
 * signers by responsiveness that are free: they have a pool with enough nonces left and
 * a lease that runs, owe no answer, and were named neither missing nor at fault.
 */

#include "signing/work.h"
#include "state/job.h"

/* A session may last this much longer for each so many items: computing is not absence. */
#define SESSION_ITEMS_A_SECOND 150

/* After its last session is past its grace by this much, a job begins anew. */
#define JOB_PATIENCE_SECONDS 30

/* So does one that had a session, and for which too few were free for this long since: nonces are not burned for
 * less. */
#define JOB_AGAIN_SECONDS 300

/* And one for which too few signers were ready for this long: its window has moved on. */
#define JOB_STALE_SECONDS 3600

/* The work of the open job, built once. It is a cache: what it holds follows from the state. */
struct work_cache {
	bool built;
	struct arena arena; /* its memory; the work lies at its front */
	struct work work;
};

/* The work of the open job; NULL when none is open. */
struct work *work_of_open_job(struct work_cache *cache, const struct state *state,
                              const struct digest *federation);

/*
 * The end of a block: opens a job that is due, a session that is due, or gives up a job whose
 * sessions all failed. Changes the state only when something opens or closes.
 */
void schedule_step(struct state *state, const struct digest *federation,
                   struct ledger_time now, struct arena scratch, struct work_cache *cache);

/* Whether the block clock must tick: a job is open, or could be opened. */
bool schedule_is_busy(const struct state *state);

/* Signers and threshold of a job: members of its groups, the largest of their thresholds. */
unsigned work_signer_count(const struct work *work);
unsigned work_threshold(const struct work *work);
bool work_has_signer(const struct work *work, struct bytes party);

/* How many members of the session named the party missing; and how many it takes. */
unsigned session_missing_count(const struct state *state, const struct session *session,
                               struct bytes party);
unsigned work_missing_quorum(const struct work *work);

/* Whether the blank-separated list of parties (or "none") holds the party. */
bool parties_list_has(struct bytes list, struct bytes party);

#endif
