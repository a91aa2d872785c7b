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
		record_put(commons->state, &w);
	}
}

bool standing_put_charter(struct commons *commons, struct bytes text,
                          const struct charter *before, const struct charter *after,
                          struct bytes act, struct refusal *refusal)
{
	struct bytes signer[CUSTODY_MEMBERS_MAX + 1];
	struct digest digest = sha256(text);
	struct writer w = record_begin(&commons->scratch, BYTES("charter"));
	unsigned signers;

	write_field_number(&w, "version", after->version);
	write_field_digest(&w, "digest", &digest);
	write_field(&w, "act", act);
	act_write_embedded(&w, text);
	record_put(commons->state, &w);
	rules_put(commons, before, after);
	commons_load_charter(commons);
	signers = commons_signers(commons, signer);
	return (signers >= SIGNERS_MIN && signers <= CUSTODY_MEMBERS_MAX) ||
	       refuse(refusal, REASON_SIGNERS);
}

void standing_put_apex(struct commons *commons, const struct apex *apex, struct bytes act)
{
	struct writer w = record_begin(&commons->scratch, BYTES("apex"));

	apex_write(&w, apex);
	write_field(&w, "act", act);
	commons_put_content(commons, &w);
}
