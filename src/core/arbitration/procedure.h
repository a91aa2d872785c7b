/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ARBITRATION_PROCEDURE_H
#define COMITY_ARBITRATION_PROCEDURE_H

/*
 * procedure.h - the way of a dispute from notice to execution (comity-arbitration(7)).
 *
 * After the PCA rules of 2012 and the UNCITRAL rules of 2013: phases, each with a span of ledger
 * time and a default for silence. A value with two verbs: what somebody does, and time. No names,
 * no records: the test walks through every state there is, and each path ends.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "charter/times.h"

enum phase {
	PHASE_NOTICE,     /* the respondent may answer */
	PHASE_APPOINT,    /* each side appoints an arbitrator */
	PHASE_DRAW,       /* a draw is called for, and what decides it is not there yet */
	PHASE_RANK,       /* each side strikes and ranks for the chair */
	PHASE_PLEAD,      /* evidence; interim measures; challenges */
	PHASE_CHALLENGE,  /* an arbitrator is challenged: the clock of the pleadings stands */
	PHASE_DELIBERATE, /* the panel decides by majority */
	PHASE_CORRECT,    /* a side may ask once for a correction of the award */
	PHASE_CORRECTING, /* the panel may decide again */
	PHASE_COMPLY,     /* the respondent may comply by itself */
	PHASE_RATIFY,     /* the parties outside the case decide by rule delegate.revoke, and the holder has the
	                     time to cure that the rule gives */
	PHASE_CLOSED,
	PHASES
};

/* What is drawn in PHASE_DRAW. */
enum draw {
	DRAW_SEATS,      /* of the sides that were silent */
	DRAW_CHAIR,      /* among those whom the ranks leave equal */
	DRAW_DECIDER,    /* who decides a challenge */
	DRAW_SUBSTITUTE, /* in place of an arbitrator */
	DRAWS
};

/* A draw that is not made by then is none, and the dispute lapses; seconds, 30 days. */
#define DRAW_TIME ((int64_t)30 * SECONDS_A_DAY)

enum ending {
	ENDING_NONE,       /* not closed */
	ENDING_WITHDRAWN,  /* by the claimant, before an answer */
	ENDING_SETTLED,    /* by both sides */
	ENDING_LAPSED,     /* no draw, or no award, in time: nothing changes */
	ENDING_DISMISSED,  /* by the award */
	ENDING_COMPLIED,   /* the claimant says so */
	ENDING_EXECUTED,   /* by the machine */
	ENDING_UNRATIFIED, /* the others did not agree: nothing changes */
	ENDING_IMPOSSIBLE, /* what the award orders can no longer be done */
	ENDING_CURED,      /* before the award took effect, what it blames was cured: nothing changes */
	ENDINGS
};

/* The closed list. The first four touch whose a delegation is, or what it says: they need
 * ratification. None takes a name out of the zone. */
enum remedy {
	REMEDY_RESTORE,     /* the delegation is set to these records */
	REMEDY_TRANSFER,    /* another party becomes the holder; the records stay */
	REMEDY_REVOKE,      /* the holder loses the name; it keeps resolving until a successor serves it */
	REMEDY_INTERIM,     /* a party operates the name for a time */
	REMEDY_FREEZE,      /* the delegation stays as it is for a time */
	REMEDY_LIFT_WAIVER,
	REMEDY_BREACH,      /* it is declared */
	REMEDY_SUSPEND,     /* a party's votes do not count for a time */
	REMEDY_COSTS,       /* who bears them is declared */
	REMEDY_DISMISS,     /* nothing */
	REMEDIES
};

enum side { SIDE_CLAIMANT, SIDE_RESPONDENT, SIDES };

#define SEATS      3 /* one a side, by number of the side; the chair */
#define SEAT_CHAIR 2
#define MAJORITY   2
#define CHALLENGES_MAX 3 /* by one side in one dispute */

struct procedure {
	enum phase phase;
	enum ending ending;
	int64_t deadline;       /* of the phase; of no meaning in RATIFY and CLOSED */
	enum draw draw;         /* DRAW: of whom */
	int64_t rest;           /* CHALLENGE, and DRAW for one: what is left of the pleadings */
	int64_t raise_until;    /* PLEAD: challenges may be raised before */
	uint8_t seats;          /* bit by seat: it is taken */
	uint8_t ranked;         /* bit by side */
	uint8_t settled;        /* bit by side */
	uint8_t raised[SIDES];  /* challenges */
	enum remedy award;      /* from CORRECT on */
};

enum step {
	STEP_TIME,       /* the deadline has come */
	STEP_ANSWER,     /* by the respondent */
	STEP_APPOINT,    /* by a side */
	STEP_RANK,       /* by a side */
	STEP_DRAWN,      /* what decides the draw is there */
	STEP_CHALLENGE,  /* by a side */
	STEP_REPLACE,    /* the challenge is conceded or upheld */
	STEP_KEEP,       /* the challenge is rejected */
	STEP_AWARD,      /* a majority has decided the same */
	STEP_CORRECT,    /* a side asks for correction */
	STEP_SETTLE,     /* by a side */
	STEP_RATIFIED,   /* the others agreed, and it was executed */
	STEP_UNRATIFIED, /* they did not */
	STEP_IMPOSSIBLE, /* it cannot be executed */
	STEP_CURED,      /* a majority of the panel finds that what the award blames is cured */
	STEPS
};

/* What the step leaves to be done by whoever keeps the records. */
enum need {
	NEED_NOTHING,
	NEED_DRAW,       /* fix among whom is drawn, and wait for what decides it; then STEP_DRAWN */
	NEED_SEATS,      /* draw for the sides that were silent; then the list for the chair */
	NEED_LIST,       /* the list for the chair */
	NEED_CHAIR,      /* seat the chair, by the ranks that there are */
	NEED_DECIDER,    /* draw who decides the challenge */
	NEED_SUBSTITUTE, /* draw one in place of the challenged */
	NEED_RATIFY,     /* open the vote of the others */
	NEED_EXECUTE,    /* do what the award orders, or take STEP_IMPOSSIBLE */
	NEED_STOP,       /* end the vote of the others */
};

/* A dispute that begins now. Each of the times is more than none; the same ones go with it to its end. */
void procedure_begin(struct procedure *procedure, const struct charter_times *times,
                     int64_t now);

/*
 * Takes a step; `side` is who takes it, where a side does, and `award` the remedy of STEP_AWARD.
 * False, and nothing changed: there is no such step now. STEP_TIME is for when `now` has reached
 * the deadline.
 */
bool procedure_take(struct procedure *procedure, const struct charter_times *times,
                    enum step step, enum side side, enum remedy award, int64_t now,
                    enum need *need);

/* Whether the phase ends by a deadline of its own; RATIFY ends by that of its vote. */
bool procedure_is_timed(const struct procedure *procedure);

/* Whether the remedy touches a delegation, and so asks for ratification. */
bool remedy_takes(enum remedy remedy);

/* Whether the remedy is about a TLD only. */
bool remedy_of_tld(enum remedy remedy);

const char *phase_word(enum phase phase);
const char *draw_word(enum draw draw);
const char *ending_word(enum ending ending);
const char *remedy_word(enum remedy remedy);

/* The one of that word; PHASES, DRAWS, ENDINGS, REMEDIES for any other word. */
enum phase phase_of(struct bytes word);
enum draw draw_of(struct bytes word);
enum ending ending_of(struct bytes word);
enum remedy remedy_of(struct bytes word);

#endif
