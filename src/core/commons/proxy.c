/* SPDX-License-Identifier: Apache-2.0 */
/* proxy: who votes for a party where it is silent (comity-charter(7), JUDGMENT). */
#include "commons/proposal.h"

bool proxy_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes proxy = act_field(&act->act, "proxy");
	struct record_key key;
	struct party party;
	struct writer w;

	if (!party_get(commons->state, proxy, &party))
		return refuse_name(refusal, REASON_PROXY, proxy);
	if (!commons_replaces(commons, &act->act, record_key(&key, "proxy", act->act.by, BYTES("")), refusal))
		return false;
	w = record_begin(&commons->scratch, record_key(&key, "proxy", act->act.by, BYTES("")));
	write_field(&w, "proxy", proxy);
	write_field(&w, "act", act_id_text(act));
	record_put(commons->state, &w);
	/* It speaks at once, in every case where the party is silent. */
	proposals_settle(commons, PROPOSAL_OPEN);
	proposals_settle(commons, PROPOSAL_RATIFYING);
	return true;
}
