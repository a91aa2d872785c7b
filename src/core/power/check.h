/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_POWER_CHECK_H
#define COMITY_POWER_CHECK_H

/*
 * check.h - what a charter does, before anybody signs it (comity-charter(7), CHECK).
 *
 * Every rule as a game, with its figures; every holder's perils; and what is found wrong. Words
 * are check_tell.h's.
 */

#include "charter/amend.h"
#include "power/figures.h"
#include "power/path.h"

enum finding_kind {
	FINDING_NO_SIGNERS,   /* refused: nobody holds a share of the key */
	FINDING_NOT_MONOTONE, /* refused: a yes more makes a decision fall */
	FINDING_NOT_PROPER,   /* refused: two coalitions without a common member carry a rule */
	FINDING_PROPER_UNKNOWN, /* refused: whether they can is too hard to say */
	FINDING_KEY_BELOW_REVOKE, /* refused: fewer sign than the charter asks to take a name */
	FINDING_SANCTION,     /* a delegation is taken by a rule without its holder and without a ruling; refused where a
	                         rule of a delegation is entrenched */
	FINDING_HASTE,        /* the same: an award, or a retirement, takes effect before there is time to cure */
	FINDING_UNDERMINED,   /* refused: what is entrenched can be undone by fewer, by a detour */
	FINDING_TWO_STEP,     /* a detour takes a delegation with fewer than the rules ask */
	FINDING_AMEND_BELOW_KEY, /* fewer than sign can change who signs */
	FINDING_ADMIT_BELOW_KEY, /* fewer than sign can admit parties until those sign */
	FINDING_REGISTER,     /* whoever carries register.adopt decides who can be admitted, or what can be retired */
	FINDING_NOBODY,       /* nobody can carry the rule */
	FINDING_NO_SUNSET,    /* the power to cancel has no end */
	FINDING_SILENCE,      /* when the others say nothing, far fewer take a delegation */
	FINDING_ONE_ABSENT,   /* a single absent party stops every amendment */
	FINDING_KINDS
};

struct finding {
	enum finding_kind kind;
	bool refuses;
	const struct charter_rule *rule; /* NULL: of no rule */
	const struct peril *peril;       /* NULL: of no holder */
	const struct path *path;         /* NULL: of no path */
	const uint16_t *one; /* FINDING_NOT_PROPER: a coalition, [class], that wins beside the others */
	uint64_t have, need;
	size_t others; /* groups of holders of whom the same was found */
};

/* One rule. */
struct rule_report {
	const struct charter_rule *rule;
	struct game game;       /* opposed, with seats for the roles */
	struct figures figures; /* of that */
	bool asks_ruling, asks_checks, asks_register, asks_touched; /* what was taken as given; the interested have a seat */
	bool blocks;            /* changes nothing: need not be proper */
	struct search smallest; /* coalition that carries it */
	struct search blocking; /* coalition that stops it */
	struct search absent;   /* whose silence stops it, when all others say yes */
	struct search silent;   /* coalition that carries it while the others are silent */
	struct search ratifies; /* coalition that carries `ratify` */
	bool *veto;             /* [class]: one of it stops the rule alone */
	enum search_proper proper;
};

#define FINDINGS_MAX 256

struct check {
	const struct charter *charter;
	const struct charter_party *parties;
	size_t count;
	struct rule_report rules[CHARTER_RULES_MAX];
	size_t rule_count;
	struct peril *perils;
	size_t peril_count;
	size_t signers, threshold;
	struct finding findings[FINDINGS_MAX];
	size_t finding_count;
	bool refused;
	uint64_t work; /* coalitions, sums and bounds looked at: what the check took, on any machine */
};

/* Octets of arena that a check takes at most. */
#define CHECK_MEMORY (FIGURES_MEMORY + ((size_t)256 << 20))

/* Looks at the charter over that membership, 1 to GAME_PARTIES_MAX parties without votes and parts. */
void check_charter(const struct charter *charter, const struct charter_party *parties, size_t count,
                   struct arena *arena, struct check *check);

/* The name of a seat: a party's, or "holder", "recipient", "interested". */
struct bytes check_seat_name(const struct check *check, size_t seat);

#endif
