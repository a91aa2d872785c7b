/* SPDX-License-Identifier: Apache-2.0 */
/* answered, signatures, release: a session is done, or tells who keeps it from being done. */
#include "commons/signing.h"

#include "base/hex.h"
#include "base/must.h"
#include "commons/ceremony.h"
#include "commons/disputing.h"
#include "curve/ces1.h"
#include "state/clock.h"

#define RENEWAL_GRID (6 * SECONDS_AN_HOUR) /* renewals are gathered into one release */

struct work *signing_work(struct commons *commons, const struct signed_act *act,
                          struct session *session, struct refusal *refusal)
{
	struct work *work = work_of_open_job(&commons->cache, commons->state, &commons->genesis);

	if (work == NULL || work->job.number != act_number(&act->act, "job") ||
	    !session_get(commons->state, work->job.number, act_number(&act->act, "session"),
	                 session)) {
		refuse(refusal, REASON_JOB);
		return NULL;
	}
	return work;
}

static bool missing_are_members(const struct session *session, struct bytes missing)
{
	struct bytes word;

	if (bytes_same(missing, BYTES("none")))
		return true;
	while (text_word(&missing, &word))
		if (session_member_of(session, word) == NULL)
			return false;
	return true;
}

/* Those whom enough members miss go last the next time; but who has come back since, with a new pool, is here. */
static void missed_put(struct commons *commons, const struct work *work,
                       const struct session *session)
{
	for (unsigned i = 0; i < session->count; i++) {
		struct bytes party = session->member[i].party;
		struct signer signer;

		if (session_missing_count(commons->state, session, party) < work_missing_quorum(work))
			continue;
		signer_get(commons->state, party, &signer);
		if (signer.missed ||
		    memcmp(signer.pool, session->member[i].pool, sizeof(signer.pool)) != 0)
			continue;
		signer.missed = true;
		signer.missed_at = commons->now;
		signer_put(commons->state, &commons->scratch, party, &signer);
	}
}

bool answered_apply(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal)
{
	struct bytes missing = act_field(&act->act, "missing"), before;
	struct session session;
	const struct work *work = signing_work(commons, act, &session, refusal);

	if (work == NULL)
		return false;
	if (session_member_of(&session, act->act.by) == NULL)
		return refuse(refusal, REASON_MEMBER);
	if (commons->now.seconds < session.grace.seconds)
		return refuse(refusal, REASON_GRACE);
	if (answered_get(commons->state, session.job, session.number, act->act.by, &before))
		return refuse(refusal, REASON_TWICE);
	if (!missing_are_members(&session, missing) || parties_list_has(missing, act->act.by))
		return refuse(refusal, REASON_MEMBER);
	answered_put(commons->state, &commons->scratch, session.job, session.number, act->act.by,
	             act_field(&act->act, "shares"), missing);
	missed_put(commons, work, &session);
	return true;
}

static bool message_signed(struct commons *commons, const struct work *work, uint32_t index,
                           const uint8_t signature[64])
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct writer w = writer_in(&scratch);

	work_message(work, index, &w);
	must(!w.full);
	return ces1_verify(work_group(work, index)->public_key, writer_bytes(&w), signature);
}

bool signing_complete(struct commons *commons, struct work *work, uint64_t session, bool attach)
{
	uint32_t next = 0, first;
	struct bytes lines;
	size_t index = 0;

	while (signatures_next(commons->state, work->job.number, session, &index, &first, &lines)) {
		uint8_t signature[64];

		if (first != next)
			return false;
		for (; lines.size > 0; next++) {
			bool read = signature_take(&lines, signature);
			must(read && next < work->items);
			if (attach)
				work_attach(work, next, signature, &commons->cache.arena);
		}
	}
	return next == work->items;
}

bool signatures_apply(struct commons *commons, const struct signed_act *act,
                      struct refusal *refusal)
{
	struct bytes lines = act->act.embed, standing;
	uint64_t first = act_number(&act->act, "first");
	uint32_t other, index;
	struct session session;
	struct work *work = signing_work(commons, act, &session, refusal);
	uint8_t signature[64];

	if (work == NULL)
		return false;
	/* Runs follow one another, so that none can lie across another. */
	index = 0;
	for (size_t walk = 0; signatures_next(commons->state, session.job, session.number, &walk,
	                                      &other, &standing);)
		for (index = other; standing.size > 0 && signature_take(&standing, signature);)
			index++;
	if (first != index)
		return refuse(refusal, REASON_TWICE);
	for (; lines.size > 0; index++) {
		if (index >= work->items || !signature_take(&lines, signature))
			return refuse(refusal, REASON_JOB);
		if (!message_signed(commons, work, index, signature))
			return refuse(refusal, REASON_PROOF);
	}
	signatures_put(commons->state, &commons->scratch, session.job, session.number,
	               (uint32_t)first, act->act.embed);
	if (work->job.kind == JOB_CONFIRM && index == work->items)
		ceremony_confirmed(commons, work);
	return true;
}

/* The members that made it are responsive. */
static void members_signed(struct commons *commons, const struct session *session)
{
	for (unsigned i = 0; i < session->count; i++) {
		struct signer signer;

		signer_get(commons->state, session->member[i].party, &signer);
		if (signer.missed) {
			signer.missed = false;
			signer_put(commons->state, &commons->scratch, session->member[i].party, &signer);
		}
	}
}

void signing_close(struct commons *commons, const struct session *session)
{
	struct custody custody;

	members_signed(commons, session);
	job_sweep(commons->state, session->job);
	custody_get(commons->state, &custody);
	custody.job = 0;
	custody_put(commons->state, &commons->scratch, &custody);
	commons->cache.built = false;
}

/* The new signatures become those of the current release; the ones of sets that are gone go. */
static void rrsigs_put(struct commons *commons, const struct work *work)
{
	for (uint32_t i = 0; i < work->items; i++) {
		const struct work_item *item = &work->item[i];
		const struct group *group = work_group(work, i);
		uint8_t owner[1024], type[16];
		struct writer o = {.at = owner, .size = sizeof(owner)};
		struct writer t = {.at = type, .size = sizeof(type)};
		struct signed_rrset s = {.covers = item->covers,
		                         .group = group->kind,
		                         .group_number = group->number,
		                         .inception = work->job.inception,
		                         .expiration = item->expiration};

		memcpy(s.signature, work_attached(work, i).at, sizeof(s.signature));
		work_item_name(work, i, &o, &t);
		signed_rrset_put(commons->state, &commons->scratch, writer_bytes(&o), writer_bytes(&t),
		                 &s);
	}
	work_forget_rrsigs(work, commons->state);
}

/* What only t signers can have made: the signature over the ZONEMD that the act names. Leaves the work as it
 * was when it is none, so that trying is cheap. */
static bool zonemd_signed(struct commons *commons, struct work *work,
                          const struct release *release, struct bytes signature)
{
	const struct bytes *before = work->zone.zonemd->rdata;
	size_t mark = commons->cache.arena.used;

	work_place_zonemd(work, release->zonemd, &commons->cache.arena);
	if (signature.size == 64 && message_signed(commons, work, work->items, signature.at))
		return true;
	work->zone.zonemd->rdata = before;
	commons->cache.arena.used = mark;
	return false;
}

/* What anybody can compute: the zone with these signatures has this ZONEMD, and is this text. */
static bool zone_derives(struct commons *commons, struct work *work,
                         const struct release *release, struct bytes signature)
{
	uint8_t zonemd[SHA384_SIZE];
	struct digest zone;

	work_compute_zonemd(work, zonemd);
	work_attach(work, work->items, signature.at, &commons->cache.arena);
	return memcmp(zonemd, release->zonemd, SHA384_SIZE) == 0 &&
	       release->expires.seconds == work->expires &&
	       work_zone_digest(work, &zone) == release->records && digest_same(&zone, &release->zone);
}

static bool release_fits(struct commons *commons, struct work *work,
                         const struct release *release, struct bytes signature,
                         struct refusal *refusal)
{
	if (release->serial != work->job.serial)
		return refuse(refusal, REASON_DERIVES);
	if (!zonemd_signed(commons, work, release, signature))
		return refuse(refusal, REASON_PROOF);
	if (signing_complete(commons, work, release->session, true) &&
	    zone_derives(commons, work, release, signature))
		return true;
	commons->cache.built = false; /* what was put into the zone is not its own */
	return refuse(refusal, REASON_DERIVES);
}

/* When the first signature comes down to the margin, or a little later, for all that do then. */
static void renewal_set(struct commons *commons, const struct work *work)
{
	struct ledger_time deadline;
	struct apex apex;

	apex_get(commons->state, &apex);
	deadline.seconds = ((int64_t)work->expires - apex.renewal_seconds + RENEWAL_GRID - 1) /
	                   RENEWAL_GRID * RENEWAL_GRID;
	if (deadline.seconds <= commons->now.seconds)
		deadline.seconds = commons->now.seconds + 1;
	timer_set(commons->state, &commons->scratch, deadline, BYTES("renewal"));
}

bool release_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	struct session session;
	struct work *work = signing_work(commons, act, &session, refusal);
	struct release release = {.act = act_id_text(act)};
	struct bytes signature;
	bool read;

	if (work == NULL)
		return false;
	if (work->job.kind != JOB_ZONE)
		return refuse(refusal, REASON_JOB);
	release.serial = (uint32_t)act_number(&act->act, "serial");
	release.job = session.job;
	release.session = session.number;
	release.records = act_counted(&act->act, "zone", &release.zone);
	read = hex_read(act_field(&act->act, "zonemd"), release.zonemd, SHA384_SIZE);
	must(read);
	release.opened = work->job.opened;
	release.entered = commons->now;
	release.expires = act_time(&act->act, "expires");
	signature = act_base64(&act->act, "signature", &commons->scratch);
	if (!signing_complete(commons, work, session.number, false))
		return refuse(refusal, REASON_INCOMPLETE);
	if (!release_fits(commons, work, &release, signature, refusal))
		return false;
	rrsigs_put(commons, work);
	release_put(commons->state, &commons->scratch, &release);
	release_set_current(commons->state, &commons->scratch, &release);
	renewal_set(commons, work);
	content_forget(commons->state);
	signing_close(commons, &session);
	/* The work is now the published zone; its place is taken by what was published before. */
	struct work_cache before = commons->published;
	commons->published = commons->cache;
	commons->published.built = true;
	commons->cache = before;
	commons->cache.built = false;
	disputing_released(commons, release.job);
	return true;
}
