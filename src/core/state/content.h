/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_CONTENT_H
#define COMITY_STATE_CONTENT_H

/*
 * content.h - the records a zone is derived from, and what they were when a job
 * began to sign it.
 *
 * Content is apex, tld/, host/ and server/. A job signs the content of one moment
 * while acts go on changing it. So as long as a zone job is open, whoever changes a
 * content record first keeps what it was:
 *
 *     was/<key>    | the record, line by line        or: absent: yes
 *
 * A walk over the content of the job sees those in place of the current ones.
 */

#include "state/record.h"

/* Content changed since the last release was opened: a new one is due. */
bool content_is_due(const struct state *state);
void content_set_due(struct state *state, struct arena *arena, struct ledger_time time);
void content_clear_due(struct state *state);

/* Puts a content record (or buries it), keeping what it was when `job_open`, and makes
 * a release due. */
void content_put(struct state *state, struct arena *arena, bool job_open,
                 struct ledger_time time, struct bytes record);
void content_bury(struct state *state, struct arena *arena, bool job_open,
                  struct ledger_time time, struct bytes key, struct bytes act);

/* Forgets what was kept: the job is closed. */
void content_forget(struct state *state);

/* The content record of that key as the open job sees it; old ones are put together in the
 * arena. False for none, and for a tombstone. */
bool content_get(const struct state *state, struct bytes key, struct arena *arena,
                 struct bytes *record);

/* Walks the content records that begin with `prefix` as the open job sees them. */
bool content_next(const struct state *state, struct bytes prefix, size_t *index,
                  struct arena *arena, struct bytes *record);

#endif
