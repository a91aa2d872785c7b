/* SPDX-License-Identifier: Apache-2.0 */
/* accuse: a member sent a wrong share. The evidence convinces every node (signing/evidence.h). */
#include "commons/signing.h"
#include "signing/evidence.h"

/* The message of the item, as the ledger derives it: of round B only once round A is entered. */
static bool message_known(struct commons *commons, struct work *work, uint32_t index,
                          uint64_t session)
{
	uint8_t zonemd[SHA384_SIZE];

	if (index < work->items)
		return true;
	if (!work_has_round_b(work) || index > work->items ||
	    !signing_complete(commons, work, session, true))
		return false;
	work_compute_zonemd(work, zonemd);
	work_place_zonemd(work, zonemd, &commons->cache.arena);
	return true;
}

bool accuse_apply(struct commons *commons, const struct signed_act *act,
                  struct refusal *refusal)
{
	uint64_t index = act_number(&act->act, "index");
	struct bytes accused = act_field(&act->act, "member"), octets;
	struct session session;
	struct work *work = signing_work(commons, act, &session, refusal);
	bool guilty;

	if (work == NULL)
		return false;
	if (session_member_of(&session, accused) == NULL ||
	    session_member_of(&session, act->act.by) == NULL)
		return refuse(refusal, REASON_MEMBER);
	if (accused_get(commons->state, session.job, accused))
		return refuse(refusal, REASON_TWICE);
	if (index >= work_signatures(work) ||
	    !message_known(commons, work, (uint32_t)index, session.number)) {
		commons->cache.built = false;
		return refuse(refusal, REASON_INCOMPLETE);
	}
	guilty = record_blob(act->act.embed, &commons->scratch, &octets) &&
	         evidence_convicts(commons->state, commons->origin, &commons->genesis, work, &session,
	                           (uint32_t)index, accused, octets, &commons->scratch);
	if (index >= work->items)
		commons->cache.built = false; /* signatures of one session were put into the zone */
	if (!guilty)
		return refuse(refusal, REASON_PROOF);
	accused_put(commons->state, &commons->scratch, session.job, accused, act_id_text(act));
	return true;
}
