/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/commons.h"

#include "base/must.h"
#include "base/sort.h"
#include "dns/dname.h"

/* The text of the charter that stands, in `arena`. */
static struct bytes charter_text(const struct state *state, struct arena *arena)
{
	struct bytes record = {NULL, 0};
	bool there = state_get(state, BYTES("charter"), &record);
	struct text lines;
	struct act embedding = {0};

	must(there);
	lines = record_lines(record);
	record_value(&lines, "version");
	record_value(&lines, "digest");
	record_value(&lines, "act");
	embedding.embed = record_run(&lines, "|");
	return act_embedded(&embedding, arena);
}

void commons_load_charter(struct commons *commons)
{
	struct charter_fault fault;
	struct bytes text;

	commons->charter_memory.used = 0;
	text = charter_text(commons->state, &commons->charter_memory);
	enum mishap read = charter_read(text, &commons->charter_memory, &commons->charter, &fault);
	must(read == OK);
}

unsigned commons_signers(const struct commons *commons,
                         struct bytes name[CUSTODY_MEMBERS_MAX + 1])
{
	struct party party;
	unsigned count = 0;
	size_t index = 0;

	while (count <= CUSTODY_MEMBERS_MAX && party_next(commons->state, &index, &party))
		if (charter_signs(&commons->charter, party.name, party.kind))
			name[count++] = party.name;
	return count;
}

bool commons_replaces(const struct commons *commons, const struct act *act, struct bytes key,
                      struct refusal *refusal)
{
	struct digest stands, named;
	bool there = state_leaf(commons->state, key, &stands);
	bool slot = act_slot(act, "replaces", &named);

	if (there == slot && (!there || digest_same(&stands, &named)))
		return true;
	return refuse_name(refusal, REASON_STALE, key);
}

bool commons_tld_name(const struct commons *commons, struct bytes label, struct dname *name)
{
	struct dname apex;

	apex_name_get(commons->state, &apex);
	return dname_prepend(label, dname_bytes(&apex), name) == OK;
}

bool commons_zone_job_is_open(const struct commons *commons)
{
	struct custody custody;
	struct job job;

	custody_get(commons->state, &custody);
	return job_get(commons->state, custody.job, &job) && job.kind == JOB_ZONE;
}

void commons_put_content(struct commons *commons, struct writer *writer)
{
	if (writer->full)
		memory_fail(writer->size);
	content_put(commons->state, &commons->scratch, commons_zone_job_is_open(commons),
	            commons->now, writer_bytes(writer));
}

void commons_bury_content(struct commons *commons, struct bytes key, struct bytes act)
{
	content_bury(commons->state, &commons->scratch, commons_zone_job_is_open(commons),
	             commons->now, key, act);
}
