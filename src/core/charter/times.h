/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_TIMES_H
#define COMITY_CHARTER_TIMES_H

/*
 * times.h - how long each step of an arbitration may take (comity-arbitration(7), THE WAY OF A DISPUTE).
 *
 * A charter says each at most once; where it is silent the default holds. Each is within CHARTER_TIME_MIN and
 * CHARTER_TIME_MAX: a step that lasts no time would be none, and a dispute is to end in the lifetime of those it is about.
 */

#include "base/bytes.h"
#include "base/time.h"

/* As they follow each other in a dispute. */
enum charter_time {
	TIME_ANSWER,     /* the respondent may answer */
	TIME_APPOINT,    /* each side appoints an arbitrator */
	TIME_RANK,       /* each side ranks the list for the chair */
	TIME_PLEAD,      /* the sides plead */
	TIME_RAISE,      /* a challenge may be raised, from when the pleadings begin or go on */
	TIME_CHALLENGE,  /* it is decided on */
	TIME_AWARD,      /* the panel decides */
	TIME_CORRECT,    /* a correction may be asked for */
	TIME_CORRECTING, /* the panel may decide again */
	TIME_COMPLY,     /* the respondent may comply */
	CHARTER_TIMES
};

#define CHARTER_TIME_MIN ((int64_t)SECONDS_A_MINUTE)
#define CHARTER_TIME_MAX ((int64_t)366 * SECONDS_A_DAY)

struct charter_times {
	int64_t seconds[CHARTER_TIMES];
};

/* 30, 15, 15, 90, 15, 30, 180, 30, 45, 30 days. */
extern const struct charter_times CHARTER_TIMES_DEFAULT;

/* The word of a time in a charter: "answer". */
const char *charter_time_word(enum charter_time time);

#endif
