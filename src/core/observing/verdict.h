/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVING_VERDICT_H
#define COMITY_OBSERVING_VERDICT_H

/*
 * verdict.h - which technical checks a delegation fails, from what was seen of its servers.
 *
 * The judging half: no network, no clock. The same sightings give the same findings everywhere, so
 * anybody can hold an attestation against the sightings it names.
 */

#include "act/check.h"
#include "observing/asking.h"
#include "observing/sighting.h"

#define FINDINGS_MAX       96
#define VERDICT_ARENA_SIZE ((size_t)1 << 20)

/* Why; each has one sentence with two holes. */
enum cause {
	CAUSE_FEW,          /* fewer than two name servers */
	CAUSE_MANY,         /* more than thirteen */
	CAUSE_SHARED,       /* a, b: two names have one address */
	CAUSE_NAME,         /* a: is no host name */
	CAUSE_NO_ADDRESS,   /* a: has no address */
	CAUSE_UDP,          /* a, b: does not answer by UDP: how */
	CAUSE_TCP,          /* a, b */
	CAUSE_NOT_ASKED,    /* a: no way there from here */
	CAUSE_NOBODY,       /* no server answered */
	CAUSE_LAME,         /* a, b: answers so */
	CAUSE_ONE_NETWORK,  /* all addresses lie in one network */
	CAUSE_GLUE,         /* a, b: this server gives other addresses for that name */
	CAUSE_NO_GLUE,      /* a: nobody answers with authority for this name */
	CAUSE_NS,           /* a: its NS records are others than the act's */
	CAUSE_NS_DIFFER,    /* a, b: have different NS */
	CAUSE_SOA_DIFFER,   /* a, b: have different SOA */
	CAUSE_REFERRAL,     /* a: octets */
	CAUSE_SPECIAL,      /* a, b: name and address */
	CAUSE_OPEN,         /* a: looks up names for strangers */
	CAUSE_ELSEWHERE,    /* a: answers come from another address */
	CAUSE_DIGEST,       /* a: tag; the digest has not the length of its type */
	CAUSE_ALGORITHM,    /* a: tag */
	CAUSE_NO_KEY,       /* a, b: tag, server */
	CAUSE_CHAIN,        /* a, b: server, why */
	CAUSES
};

struct finding {
	enum check check;
	enum cause cause;
	bool unable;       /* the check could not be made; else it failed */
	struct bytes a, b; /* text for the holes; perhaps empty */
};

struct findings {
	unsigned failed, unable; /* sets of checks, disjoint: a check that failed was made */
	unsigned count;          /* what is beyond FINDINGS_MAX is not kept, but counts for the sets */
	struct finding finding[FINDINGS_MAX];
};

/*
 * Judges the delegation. The findings borrow from asking, sightings and the arena, which has
 * VERDICT_ARENA_SIZE octets left. Sightings of other servers than the asking's are passed over.
 */
void verdict_find(const struct asking *asking, const struct sightings *sightings, struct arena *arena,
                  struct findings *findings);

/* The sentence of a finding, without full stop. */
void finding_write(struct writer *writer, const struct finding *finding, bool chinese);

#endif
