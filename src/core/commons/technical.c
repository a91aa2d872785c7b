/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/technical.h"

#include "base/must.h"
#include "commons/linking.h"
#include "dns/dname.h"
#include "dns/referral.h"

#define NS_MIN         2
#define NS_MAX         TECHNICAL_NS_MAX
#define DS_DIGEST_SHA1 1

void technical_survey_add(struct technical_survey *survey, uint16_t type, struct bytes rdata)
{
	if (type == TYPE_DS)
		survey->sha1 = survey->sha1 || (rdata.size > 3 && rdata.at[3] == DS_DIGEST_SHA1);
	if (type != TYPE_NS)
		return;
	if (survey->ns_count < NS_MAX)
		survey->ns[survey->ns_count] = rdata;
	survey->ns_count++;
}

static unsigned if_broken(bool broken, enum technical_rule rule)
{
	return broken ? 1u << rule : 0;
}

unsigned technical_broken(const struct technical_survey *s, struct bytes tld)
{
	bool count = s->ns_count < NS_MIN || s->ns_count > NS_MAX;
	bool size = !count && referral_size(tld, s->ns, s->ns_count, s->a, s->aaaa) > REFERRAL_SIZE_MAX;

	return if_broken(count, TECHNICAL_NS_COUNT) | if_broken(s->sha1, TECHNICAL_DS_SHA1) |
	       if_broken(!s->aaaa && !s->outside, TECHNICAL_IPV6) |
	       if_broken(size, TECHNICAL_REFERRAL_SIZE);
}

enum reason technical_reason(enum technical_rule rule)
{
	static const enum reason REASONS[TECHNICAL_RULES] = {
		[TECHNICAL_NS_COUNT] = REASON_NS_COUNT,
		[TECHNICAL_DS_SHA1] = REASON_DS_SHA1,
		[TECHNICAL_IPV6] = REASON_IPV6,
		[TECHNICAL_REFERRAL_SIZE] = REASON_REFERRAL_SIZE,
	};

	must(rule < TECHNICAL_RULES);
	return REASONS[rule];
}

const char *technical_word(enum technical_rule rule)
{
	return reason_word(technical_reason(rule));
}

/* ---- the delegation of a record of the state ---- */

static void survey_addresses(const struct commons *commons, struct technical_survey *s,
                             struct bytes ns, struct bytes records, struct arena *scratch)
{
	struct bytes lines, label;
	struct rr rr;

	if (!link_label_of(commons, ns, &label)) {
		s->outside = true;
		return;
	}
	lines = link_addresses(commons, ns, records, scratch);
	while (record_rr(&lines, scratch, &rr)) {
		s->a = s->a || rr.type == TYPE_A;
		s->aaaa = s->aaaa || rr.type == TYPE_AAAA;
	}
}

static void survey_make(const struct commons *commons, struct bytes records,
                        struct arena *scratch, struct technical_survey *s)
{
	struct bytes lines = records;
	struct rr rr;

	while (record_rr(&lines, scratch, &rr))
		technical_survey_add(s, rr.type, rr.rdata);
	for (unsigned i = 0; i < s->ns_count && i < NS_MAX; i++)
		survey_addresses(commons, s, s->ns[i], records, scratch);
}

enum reason technical_fault(const struct commons *commons, struct bytes label,
                            struct bytes records)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct technical_survey survey = {0};
	struct dname tld;
	unsigned broken;

	if (records.size == 0 || !commons_tld_name(commons, label, &tld))
		return REASON_NONE; /* not delegated: nothing to judge */
	survey_make(commons, records, &scratch, &survey);
	broken = technical_broken(&survey, dname_bytes(&tld));
	for (enum technical_rule rule = 0; rule < TECHNICAL_RULES; rule++)
		if ((broken & 1u << rule) != 0 &&
		    !waiver_stands(commons->state, label, bytes_of(technical_word(rule)), commons->now))
			return technical_reason(rule);
	return REASON_NONE;
}
