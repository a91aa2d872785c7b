/* SPDX-License-Identifier: Apache-2.0 */
/* The technical rules that the state alone can judge; reachability takes attesters. */
#include "base/must.h"
#include "commons/linking.h"
#include "dns/dname.h"

#define NS_MIN          2
#define NS_MAX          13
#define DS_DIGEST_SHA1  1
#define REFERRAL_MAX    512 /* RFC 1035 section 4.2.1 */
#define QNAME_MAX       255
#define HEADER_SIZE     12
#define QUESTION_FIXED  4  /* QTYPE, QCLASS */
#define RR_FIXED        10 /* TYPE, CLASS, TTL, RDLENGTH */
#define POINTER_SIZE    2

/* Octets of `name` in a message where `known` names stand already: the labels that none of them
 * ends in, and a pointer (RFC 1035 section 4.1.4). */
static size_t compressed_size(struct bytes name, const struct bytes *known, unsigned count)
{
	for (struct bytes rest = name; dname_label_count(rest) > 0; rest = dname_parent(rest))
		for (unsigned i = 0; i < count; i++)
			if (dname_in_domain(known[i], rest))
				return name.size - rest.size + POINTER_SIZE;
	return name.size;
}

size_t technical_referral_size(struct bytes tld, const struct bytes *ns, unsigned count, bool a,
                               bool aaaa)
{
	struct bytes known[NS_MAX + 1] = {tld};
	size_t size = HEADER_SIZE + QNAME_MAX + QUESTION_FIXED;

	must(count <= NS_MAX);
	for (unsigned i = 0; i < count; i++) {
		/* The owner is a pointer into the question. */
		size += POINTER_SIZE + RR_FIXED + compressed_size(ns[i], known, i + 1);
		known[i + 1] = ns[i];
	}
	return size + (a ? POINTER_SIZE + RR_FIXED + 4 : 0) + (aaaa ? POINTER_SIZE + RR_FIXED + 16 : 0);
}

struct survey {
	unsigned ns_count;
	struct bytes ns[NS_MAX];
	bool sha1, a, aaaa;
	bool outside; /* a name server outside this zone: its addresses are not ours to know */
};

static void survey_addresses(const struct commons *commons, struct survey *s, struct bytes ns,
                             struct bytes records, struct arena *scratch)
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
                        struct arena *scratch, struct survey *s)
{
	struct bytes lines = records;
	struct rr rr;

	while (record_rr(&lines, scratch, &rr)) {
		if (rr.type == TYPE_DS)
			s->sha1 = s->sha1 || (rr.rdata.size > 3 && rr.rdata.at[3] == DS_DIGEST_SHA1);
		if (rr.type != TYPE_NS)
			continue;
		if (s->ns_count < NS_MAX)
			s->ns[s->ns_count] = rr.rdata;
		s->ns_count++;
	}
	for (unsigned i = 0; i < s->ns_count && i < NS_MAX; i++)
		survey_addresses(commons, s, s->ns[i], records, scratch);
}

const char *technical_rule_word(enum reason reason)
{
	return reason_word(reason);
}

enum reason technical_fault(const struct commons *commons, struct bytes label,
                            struct bytes records)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct survey s = {0};
	struct dname tld;
	struct {
		bool broken;
		enum reason reason;
	} rule[4];

	if (records.size == 0 || !commons_tld_name(commons, label, &tld))
		return REASON_NONE; /* not delegated: nothing to judge */
	survey_make(commons, records, &scratch, &s);
	bool count = s.ns_count < NS_MIN || s.ns_count > NS_MAX;
	rule[0].broken = count;
	rule[0].reason = REASON_NS_COUNT;
	rule[1].broken = s.sha1;
	rule[1].reason = REASON_DS_SHA1;
	rule[2].broken = !s.aaaa && !s.outside;
	rule[2].reason = REASON_IPV6;
	rule[3].broken = !count && technical_referral_size(dname_bytes(&tld), s.ns, s.ns_count, s.a,
	                                                   s.aaaa) > REFERRAL_MAX;
	rule[3].reason = REASON_REFERRAL_SIZE;
	for (unsigned i = 0; i < 4; i++)
		if (rule[i].broken &&
		    !waiver_stands(commons->state, label, bytes_of(technical_rule_word(rule[i].reason)),
		                   commons->now))
			return rule[i].reason;
	return REASON_NONE;
}
