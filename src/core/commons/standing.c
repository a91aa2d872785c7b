/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/standing.h"

#include "charter/amend.h"

#define SIGNERS_MIN 2 /* FROST: MIN_PARTICIPANTS */

static void rules_put(struct commons *commons, const struct charter *before,
                      const struct charter *after)
{
	for (unsigned i = 0; i < CHARTER_RULES_MAX; i++) {
		struct bytes name = bytes_of(CHARTER_RULE_NAMES[i].name);
		struct record_key key;
		struct writer w;

		if (before != NULL && charter_rule_same(before, charter_rule(before, name), after,
		                                        charter_rule(after, name)))
			continue;
		w = record_begin(&commons->scratch, record_key(&key, "rule", name, BYTES("")));
		write_field_number(&w, "since", after->version);
		write_field_time(&w, "from", commons->now);
		record_put(commons->state, &w);
	}
}

/* Whether the parties there are have as many signers among them as can make a key. */
static bool signers_fit(const struct commons *commons, const struct charter *charter)
{
	struct party party;
	unsigned signers = 0;
	size_t index = 0;

	while (party_next(commons->state, &index, &party))
		signers += charter_signs(charter, party.name, party.kind);
	return signers >= SIGNERS_MIN && signers <= CUSTODY_MEMBERS_MAX;
}

bool standing_put_charter(struct commons *commons, struct bytes text,
                          const struct charter *before, const struct charter *after,
                          struct bytes act, struct refusal *refusal)
{
	struct digest digest = sha256(text);
	struct writer w;

	/* Before anything changes: the charter in memory is not taken back with the state. */
	if (!signers_fit(commons, after))
		return refuse(refusal, REASON_SIGNERS);
	w = record_begin(&commons->scratch, BYTES("charter"));
	write_field_number(&w, "version", after->version);
	write_field_digest(&w, "digest", &digest);
	write_field(&w, "act", act);
	act_write_embedded(&w, text);
	record_put(commons->state, &w);
	rules_put(commons, before, after);
	commons_load_charter(commons);
	return true;
}

void standing_put_apex(struct commons *commons, const struct apex *apex, struct bytes act)
{
	struct writer w = record_begin(&commons->scratch, BYTES("apex"));

	apex_write(&w, apex);
	write_field(&w, "act", act);
	commons_put_content(commons, &w);
}
