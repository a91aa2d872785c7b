/* SPDX-License-Identifier: Apache-2.0 */
#include "signing/schedule.h"

#include "base/must.h"
#include "base/sort.h"
#include "dns/serial.h"
#include "state/content.h"
#include "state/holding.h"
#include "state/party.h"

struct work *work_of_open_job(struct work_cache *cache, const struct state *state,
                              const struct digest *federation)
{
	struct custody custody;
	struct job job;

	custody_get(state, &custody);
	if (!job_get(state, custody.job, &job)) {
		cache->built = false;
		return NULL;
	}
	if (!cache->built || cache->work.job.number != job.number) {
		cache->arena.used = 0;
		work_build(state, federation, &job, &cache->arena, &cache->work);
		cache->built = true;
	}
	return &cache->work;
}

unsigned work_threshold(const struct work *work)
{
	bool both = work->job.kind == JOB_ZONE && work->ksk.threshold > work->zsk.threshold;

	return both ? work->ksk.threshold : work->zsk.threshold;
}

bool work_has_signer(const struct work *work, struct bytes party)
{
	return group_member_of(&work->zsk, party) != NULL &&
	       (work->job.kind != JOB_ZONE || group_member_of(&work->ksk, party) != NULL);
}

unsigned work_signer_count(const struct work *work)
{
	unsigned count = 0;

	for (unsigned i = 0; i < work->zsk.count; i++)
		count += work_has_signer(work, work->zsk.member[i].party);
	return count;
}

unsigned work_missing_quorum(const struct work *work)
{
	return work_signer_count(work) - work_threshold(work) + 1;
}

bool parties_list_has(struct bytes list, struct bytes party)
{
	struct bytes word;

	if (bytes_same(list, BYTES("none")))
		return false;
	while (text_word(&list, &word))
		if (bytes_same(word, party))
			return true;
	return false;
}

unsigned session_missing_count(const struct state *state, const struct session *session,
                               struct bytes party)
{
	unsigned count = 0;

	for (unsigned i = 0; i < session->count; i++) {
		struct bytes missing;

		if (answered_get(state, session->job, session->number, session->member[i].party,
		                 &missing))
			count += parties_list_has(missing, party);
	}
	return count;
}

/* Free of the sessions of this job so far: owes nothing, is not missing, not at fault. What a
 * signer owed from a pool that it has replaced since is void: those nonces are gone. */
static bool free_of_sessions(const struct state *state, const struct work *work,
                             const struct job *job, struct bytes party,
                             const struct signer *signer)
{
	const struct session_member *member;

	if (accused_get(state, job->number, party))
		return false;
	for (uint32_t s = 0; s < job->sessions; s++) {
		struct session session;
		struct bytes missing;
		bool there = session_get(state, job->number, s, &session);

		must(there);
		member = session_member_of(&session, party);
		if (member == NULL || memcmp(member->pool, signer->pool, sizeof(member->pool)) != 0)
			continue;
		if (!answered_get(state, job->number, s, party, &missing) ||
		    session_missing_count(state, &session, party) >= work_missing_quorum(work))
			return false;
	}
	return true;
}

/* Whether it held a session of this job up, with whatever pool. It may be free again with a new pool, for a
 * machine that was started again is a good one; but whoever makes that a habit is not to hold up another session
 * as long as others can do without it (ROAST counts on each holding up one). */
static bool held_up(const struct state *state, const struct work *work, const struct job *job,
                    struct bytes party)
{
	for (uint32_t s = 0; s < job->sessions; s++) {
		struct session session;
		struct bytes missing;

		if (session_get(state, job->number, s, &session) &&
		    session_member_of(&session, party) != NULL &&
		    (!answered_get(state, job->number, s, party, &missing) ||
		     session_missing_count(state, &session, party) >= work_missing_quorum(work)))
			return true;
	}
	return false;
}

struct candidate {
	bool missed;
	int64_t missed_at;
	bool held_up;        /* a session of this job */
	struct digest order; /* spreads the work over those that are equally responsive */
	uint32_t member;     /* index into the group */
};

static int more_responsive(const void *a, const void *b, const void *context)
{
	const struct candidate *x = a, *y = b;

	(void)context;
	if (x->missed != y->missed)
		return x->missed ? 1 : -1;
	if (x->missed && x->missed_at != y->missed_at)
		return x->missed_at < y->missed_at ? -1 : 1;
	if (x->held_up != y->held_up)
		return x->held_up ? 1 : -1;
	return memcmp(x->order.octet, y->order.octet, DIGEST_SIZE);
}

static bool ready(const struct state *state, const struct work *work, struct bytes party,
                  struct ledger_time now, struct signer *signer)
{
	struct pool pool;

	signer_get(state, party, signer);
	return pool_get(state, party, &pool) && pool.lease.seconds > now.seconds &&
	       memcmp(pool.id, signer->pool, sizeof(pool.id)) == 0 &&
	       pool.count - signer->next >= work_signatures(work);
}

static struct digest order_of(const struct job *job, struct bytes party)
{
	uint8_t buffer[100];
	struct writer w = {.at = buffer, .size = sizeof(buffer)};

	write_u64(&w, job->number);
	write_bytes(&w, party);
	return sha256(writer_bytes(&w));
}

static unsigned candidates(const struct state *state, const struct work *work,
                           const struct job *job, struct ledger_time now,
                           struct candidate candidate[CUSTODY_MEMBERS_MAX])
{
	unsigned count = 0;

	for (uint32_t i = 0; i < work->zsk.count; i++) {
		struct bytes party = work->zsk.member[i].party;
		struct signer signer;

		if (!work_has_signer(work, party) || !ready(state, work, party, now, &signer) ||
		    !free_of_sessions(state, work, job, party, &signer))
			continue;
		candidate[count++] = (struct candidate){signer.missed, signer.missed_at.seconds,
		                                        held_up(state, work, job, party),
		                                        order_of(job, party), i};
	}
	sort(candidate, count, sizeof(*candidate), more_responsive, NULL);
	return count;
}

static int by_party(const void *a, const void *b, const void *context)
{
	const struct session_member *x = a, *y = b;

	(void)context;
	return bytes_compare(x->party, y->party);
}

static void session_open(struct state *state, const struct work *work, struct job *job,
                         struct ledger_time now, const struct candidate *candidate,
                         struct arena *scratch)
{
	struct session session = {.job = job->number, .number = job->sessions, .opened = now};
	struct apex apex;

	apex_get(state, &apex);
	session.grace.seconds = now.seconds + apex.grace_seconds +
	                        work_signatures(work) / SESSION_ITEMS_A_SECOND;
	for (unsigned i = 0; i < work_threshold(work); i++) {
		struct session_member *m = &session.member[session.count++];
		struct signer signer;
		struct pool pool;

		m->party = work->zsk.member[candidate[i].member].party;
		signer_get(state, m->party, &signer);
		bool there = pool_get(state, m->party, &pool);
		must(there);
		m->count = pool.count;
		m->root = pool.root;
		memcpy(m->pool, signer.pool, sizeof(m->pool));
		m->first = signer.next;
		/* The indices are burned, whatever happens. */
		signer.next += work_signatures(work);
		signer_put(state, scratch, m->party, &signer);
	}
	sort(session.member, session.count, sizeof(session.member[0]), by_party, NULL);
	session_put(state, scratch, &session);
	job->sessions++;
	job_put(state, scratch, job);
}

static bool sessions_stalled(const struct state *state, const struct job *job,
                             struct ledger_time now, int64_t patience)
{
	struct session last;

	if (job->sessions == 0)
		return now.seconds >= job->opened.seconds + patience;
	bool there = session_get(state, job->number, job->sessions - 1, &last);
	must(there);
	return now.seconds >= last.grace.seconds + patience;
}

/* A job that nobody completed: the next one signs the content as it is then. */
static void job_give_up(struct state *state, struct ledger_time now, struct custody *custody,
                        struct work_cache *cache, struct arena *scratch)
{
	if (cache->work.job.kind == JOB_ZONE) {
		content_forget(state);
		content_set_due(state, scratch, now);
	}
	job_sweep(state, custody->job);
	custody->job = 0;
	custody_put(state, scratch, custody);
	cache->built = false;
}

static void sessions_step(struct state *state, const struct digest *federation,
                          struct ledger_time now, struct custody *custody,
                          struct work_cache *cache, struct arena *scratch)
{
	const struct work *work = work_of_open_job(cache, state, federation);
	struct candidate candidate[CUSTODY_MEMBERS_MAX];
	struct job job;
	unsigned free;

	if (work == NULL || !job_get(state, custody->job, &job) ||
	    !sessions_stalled(state, &job, now, 0))
		return;
	free = candidates(state, work, &job, now, candidate);
	/* ROAST: n - t + 1 sessions suffice when t signers are honest and stay up. */
	if (job.sessions < work_missing_quorum(work)) {
		if (free >= work_threshold(work))
			session_open(state, work, &job, now, candidate, scratch);
		else if (sessions_stalled(state, &job, now,
		                          job.sessions == 0 ? JOB_STALE_SECONDS : JOB_AGAIN_SECONDS))
			job_give_up(state, now, custody, cache, scratch);
	} else if (sessions_stalled(state, &job, now, JOB_PATIENCE_SECONDS)) {
		job_give_up(state, now, custody, cache, scratch);
	}
}

static bool server_stands(const struct state *state)
{
	struct server server;
	size_t index = 0;

	return server_next(state, &index, &server);
}

static bool zone_is_due(const struct state *state, const struct custody *custody)
{
	for (enum group_kind k = 0; k < GROUPS; k++)
		if (custody->active[k] == 0)
			return false;
	return content_is_due(state) && server_stands(state);
}

static bool group_awaits_confirmation(const struct state *state, struct job_group *group)
{
	for (enum group_kind k = 0; k < GROUPS; k++) {
		struct ceremony ceremony;

		if (ceremony_get(state, k, &ceremony) && ceremony.phase == CEREMONY_SIGN) {
			*group = (struct job_group){k, ceremony.number};
			return true;
		}
	}
	return false;
}

/* RFC 1982: after the last one, and today's when that is further on. */
static uint32_t next_serial(const struct custody *custody, struct ledger_time now)
{
	struct serial today = {time_day(now) * 100};

	if (custody->serial == 0)
		return today.value;
	struct serial next = serial_add((struct serial){(uint32_t)custody->serial}, 1);
	return serial_compare(today, next) == SERIAL_AFTER ? today.value : next.value;
}

static void job_add_group(struct job *job, enum group_kind kind, uint64_t number)
{
	if (number != 0)
		job->group[job->group_count++] = (struct job_group){kind, number};
}

static void job_open(struct state *state, const struct digest *federation,
                     struct custody *custody, struct job *job, struct work_cache *cache,
                     struct arena *scratch)
{
	custody->job = job->number = ++custody->jobs;
	cache->arena.used = 0;
	work_build(state, federation, job, &cache->arena, &cache->work);
	job->items = cache->work.items;
	job->digest = cache->work.digest;
	cache->work.job = *job;
	cache->built = true;
	job_put(state, scratch, job);
	custody_put(state, scratch, custody);
}

static void jobs_step(struct state *state, const struct digest *federation,
                      struct ledger_time now, struct custody *custody,
                      struct work_cache *cache, struct arena *scratch)
{
	struct job job = {.opened = now};

	if (custody->job != 0)
		return;
	if (group_awaits_confirmation(state, &job.group[0])) {
		job.kind = JOB_CONFIRM;
		job.group_count = 1;
	} else if (zone_is_due(state, custody)) {
		job.kind = JOB_ZONE;
		job.serial = next_serial(custody, now);
		custody->serial = job.serial;
		/* Clocks of validators differ: an hour. */
		job.inception = (uint32_t)(now.seconds - SECONDS_AN_HOUR);
		job_add_group(&job, GROUP_KSK, custody->active[GROUP_KSK]);
		job_add_group(&job, GROUP_KSK_STANDBY, custody->active[GROUP_KSK_STANDBY]);
		job_add_group(&job, GROUP_ZSK, custody->active[GROUP_ZSK]);
		job_add_group(&job, GROUP_ZSK, custody->zsk_next);
		job_add_group(&job, GROUP_ZSK, custody->zsk_old);
		content_clear_due(state);
	} else {
		return;
	}
	job_open(state, federation, custody, &job, cache, scratch);
}

void schedule_step(struct state *state, const struct digest *federation,
                   struct ledger_time now, struct arena scratch, struct work_cache *cache)
{
	struct custody custody;

	custody_get(state, &custody);
	jobs_step(state, federation, now, &custody, cache, &scratch);
	sessions_step(state, federation, now, &custody, cache, &scratch);
}

bool schedule_is_busy(const struct state *state)
{
	struct custody custody;
	struct job_group group;

	custody_get(state, &custody);
	return custody.job != 0 || group_awaits_confirmation(state, &group) ||
	       zone_is_due(state, &custody);
}
