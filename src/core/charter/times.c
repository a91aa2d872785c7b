/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/times.h"

#include "base/must.h"

static const char *const WORDS[CHARTER_TIMES] = {
	[TIME_ANSWER] = "answer",         [TIME_APPOINT] = "appoint",     [TIME_RANK] = "rank",
	[TIME_PLEAD] = "plead",           [TIME_RAISE] = "raise",         [TIME_CHALLENGE] = "challenge",
	[TIME_AWARD] = "award",           [TIME_CORRECT] = "correct",     [TIME_CORRECTING] = "correcting",
	[TIME_COMPLY] = "comply",
};

const struct charter_times CHARTER_TIMES_DEFAULT = {{
	[TIME_ANSWER] = 30 * SECONDS_A_DAY,
	[TIME_APPOINT] = 15 * SECONDS_A_DAY,
	[TIME_RANK] = 15 * SECONDS_A_DAY,
	[TIME_PLEAD] = 90 * SECONDS_A_DAY,
	[TIME_RAISE] = 15 * SECONDS_A_DAY,
	[TIME_CHALLENGE] = 30 * SECONDS_A_DAY,
	[TIME_AWARD] = 180 * SECONDS_A_DAY,
	[TIME_CORRECT] = 30 * SECONDS_A_DAY,
	[TIME_CORRECTING] = 45 * SECONDS_A_DAY,
	[TIME_COMPLY] = 30 * SECONDS_A_DAY,
}};

const char *charter_time_word(enum charter_time time)
{
	must(time < CHARTER_TIMES);
	return WORDS[time];
}
