/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_POWER_SEARCH_H
#define COMITY_POWER_SEARCH_H

/*
 * search.h - the smallest coalition that wins, and whether two that share nobody can.
 *
 * Exact for every charter a person would write: classes and bounds leave little to try. What is
 * tried is counted, and past SEARCH_STEPS the answer says that it is a bound.
 */

#include "power/game.h"

#define SEARCH_STEPS 4000000

struct search {
	bool found;   /* there is such a coalition */
	bool exact;   /* otherwise: none was found below `count`, and the search was given up */
	size_t count; /* its seats */
	uint16_t *taken; /* [class]: how many of it are in it; where it was found */
	uint64_t steps;  /* what was tried */
};

/* The smallest coalition that wins. Not found and exact: nobody can win, not even all together. */
void search_smallest(const struct game *game, struct arena *arena, struct search *search);

enum search_proper {
	SEARCH_PROPER,     /* no two winning coalitions are without a common member */
	SEARCH_NOT_PROPER, /* `one`, [class], wins, and so do all others together */
	SEARCH_UNDECIDED,  /* given up */
};

enum search_proper search_proper(const struct game *game, struct arena *arena, uint16_t **one);

#endif
