/* SPDX-License-Identifier: Apache-2.0 */
/* charter-amend: the whole new text of the charter, or of the apex record. */
#include "charter/amend.h"
#include "commons/proposal.h"
#include "commons/registering.h"
#include "commons/standing.h"

static bool apex_amend(struct commons *commons, const struct signed_act *act,
                       struct bytes text, struct refusal *refusal)
{
	struct text lines = {.rest = text};
	struct apex before, apex;
	const char *why = NULL;

	apex_get(commons->state, &before);
	if (!commons_replaces(commons, &act->act, BYTES("apex"), refusal))
		return false;
	if (!apex_read(&lines, &apex, &why) || lines.rest.size != 0)
		return refuse_name(refusal, REASON_APEX, bytes_of(why));
	if (!bytes_same(dname_bytes(&apex.name), dname_bytes(&before.name)))
		return refuse(refusal, REASON_APEX);
	standing_put_apex(commons, &apex, act_id_text(act));
	return true;
}

static bool refuse_text(struct commons *commons, const struct charter_fault *fault,
                        struct refusal *refusal)
{
	struct writer w = writer_in(&commons->scratch);

	charter_fault_write(fault, &w);
	return refuse_name(refusal, REASON_CHARTER_TEXT, writer_keep(&w, &commons->scratch));
}

bool charter_amend_apply(struct commons *commons, const struct signed_act *act,
                         struct refusal *refusal)
{
	struct bytes text = act_embedded(&act->act, &commons->scratch);
	struct arena *scratch = &commons->scratch;
	struct charter_fault fault;
	struct charter before, after;

	if (!bytes_same(act_field(&act->act, "subject"), BYTES("charter")))
		return apex_amend(commons, act, text, refusal);
	if (!commons_replaces(commons, &act->act, BYTES("charter"), refusal))
		return false;
	if (charter_read(text, scratch, &after, &fault) != OK)
		return refuse_text(commons, &fault, refusal);
	if (after.version != commons->charter.version + 1)
		return refuse(refusal, REASON_VERSION);
	/* The charter that stands, kept while it is replaced. */
	if (charter_read(arena_copy(scratch, commons->charter.text), scratch, &before, &fault) != OK)
		return refuse_text(commons, &fault, refusal);
	if (!registering_leaves_somebody(commons, &after))
		return refuse(refusal, REASON_REGISTER_EMPTY);
	if (!standing_put_charter(commons, text, &before, &after, act_id_text(act), refusal))
		return false;
	proposals_abort(commons, &before);
	return true;
}
