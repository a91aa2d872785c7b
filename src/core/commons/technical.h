/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_TECHNICAL_H
#define COMITY_COMMONS_TECHNICAL_H

/*
 * technical.h - the technical rules that a delegation can be judged by without asking the network
 * (comity-check(7), TECHNICAL RULES); reachability takes attesters.
 *
 * They judge a survey: what the delegation names, and what addresses those names have. The state
 * makes one of its records, the import one of a foreign zone (importing.h), and both
 * hear the same verdict.
 */

#include <stdbool.h>
#include <stddef.h>

#include "commons/commons.h"
#include "commons/refusal.h"
#include "dns/referral.h"
#include "dns/rr.h"

enum technical_rule {
	TECHNICAL_NS_COUNT,
	TECHNICAL_DS_SHA1,
	TECHNICAL_IPV6,
	TECHNICAL_REFERRAL_SIZE,
	TECHNICAL_RULES
};

#define TECHNICAL_NS_MAX REFERRAL_NS_MAX

/* A delegation as the rules see it. Zero is a delegation without name servers. */
struct technical_survey {
	unsigned ns_count;
	struct bytes ns[TECHNICAL_NS_MAX]; /* names, wire; what is beyond is only counted */
	bool sha1;                         /* a DS with a SHA-1 digest */
	bool a, aaaa;                      /* some name server has such an address */
	bool outside; /* a name server outside this zone: its addresses are not ours to know */
};

/* Adds an NS or DS of the TLD; any other type is passed over. */
void technical_survey_add(struct technical_survey *survey, uint16_t type, struct bytes rdata);

/* The rules that the delegation of `tld` (wire) breaks: bits 1 << rule. */
unsigned technical_broken(const struct technical_survey *survey, struct bytes tld);

/* The reason of a refusal by that rule, and the word by which a waiver names it. */
enum reason technical_reason(enum technical_rule rule);
const char *technical_word(enum technical_rule rule);

/* Which of them breaks, without a waiver, the delegation of that TLD that stands, `records` being its lines. REASON_NONE:
 * none. */
enum reason technical_fault(const struct commons *commons, struct bytes label, struct bytes records);

#endif
