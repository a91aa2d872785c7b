/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_RULE_H
#define COMITY_CHARTER_RULE_H

/*
 * rule.h - one rule of a charter: what it takes, and how long.
 *
 * The names of rules are a closed list. Lifetime and ownership as in clause.h.
 */

#include "base/time.h"
#include "charter/clause.h"

#define CHARTER_VOTE_DEFAULT ((int64_t)14 * SECONDS_A_DAY) /* comity-charter(7), TIMINGS */
#define CHARTER_FREEZE_DEFAULT ((int64_t)3 * SECONDS_A_DAY) /* a freeze whose rule has no sunset */
#define CHARTER_RETIRE_DEFAULT ((int64_t)1826 * SECONDS_A_DAY) /* from notice to end; five years */
#define CHARTER_OPERATE_MAX ((int64_t)366 * SECONDS_A_DAY) /* of interim operation, whatever the rule says */

struct charter_rule_name {
	const char *name;
	const char *acts; /* what it governs, for people: kinds of act of comity-act(5) */
	bool needed;      /* every charter has it */
	bool of_register; /* it may ask a register: of the party or the name that the act is about */
	bool own;         /* it touches what a party holds: where it is entrenched that there is none, see amend.h */
};

#define CHARTER_RULES_MAX 22
extern const struct charter_rule_name CHARTER_RULE_NAMES[CHARTER_RULES_MAX];

struct charter_rule {
	struct bytes name;
	struct bytes source; /* the whole line as written, LF left out */
	uint32_t line;       /* in the charter's text, from 1 */
	uint16_t article;    /* number of the article it stands in */

	struct charter_expression consent;

	/* All in seconds; 0 where the rule does not say. */
	int64_t vote;        /* never 0: CHARTER_VOTE_DEFAULT where the rule does not say */
	int64_t comment;     /* before which the rule's own expression does not hold */
	int64_t late_quorum; /* by how much a late quorum extends the vote */
	int64_t objection;
	int64_t expedited; /* shorter than `vote` */
	int64_t delay;
	int64_t cure;
	int64_t sunset;
	int64_t ratify;

	const struct charter_set *objectors; /* NULL without `objection` */
	struct bytes objection_source;       /* "objection 30d by interested" */
	struct bytes comment_source;         /* "comment 7d" */
	struct charter_expression fast;      /* what `expedited` takes */
	struct charter_expression ratified;  /* what `ratify` takes */
};

#endif
