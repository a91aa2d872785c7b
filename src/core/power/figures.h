/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_POWER_FIGURES_H
#define COMITY_POWER_FIGURES_H

/*
 * figures.h - how much a seat weighs in a game: Banzhaf, Shapley-Shubik, minimal coalitions.
 *
 * A seat swings a coalition that loses without it and wins with it. Banzhaf's index is a seat's
 * part of all swings; Shapley's and Shubik's is how often, of all orders in which the seats can
 * join, it is the one that makes the coalition win (Felsenthal and Machover, The Measurement of
 * Voting Power, 1998, definitions 3.1.1, 3.2.2 and 6.2.3).
 *
 * All counts are exact. Three ways lead to them, and where two can be gone they agree:
 *
 *     by classes   every number of seats of every class; up to 2^21 of those
 *     by seats     every coalition; up to 30 seats that weigh anything
 *     by sums      how many coalitions have which sums of weights; where there are up to 2^20
 *
 * The third does not count minimal coalitions; and where sums by size are too many, it counts
 * without sizes, and there is no Shapley-Shubik.
 */

#include "power/game.h"
#include "power/natural.h"

enum figures_way { FIGURES_NONE, FIGURES_BY_CLASSES, FIGURES_BY_SEATS, FIGURES_BY_SUMS };

#define FIGURES_SEATS_MAX 30

/* Octets of arena that any of it takes at most. */
#define FIGURES_MEMORY ((size_t)192 << 20)

struct figures {
	enum figures_way way;
	bool monotone; /* no coalition that wins loses by a yes more; shown, or by its form */
	bool has_minimal, has_shapley;
	uint64_t work;            /* profiles, words of 64 coalitions, or sums looked at */
	struct natural winning;   /* coalitions */
	struct natural minimal;   /* of those, the ones that lose with any member less */
	uint64_t passing;         /* winning / all, of 2^60 */
	struct natural *swings;   /* [class], of one seat */
	uint64_t *banzhaf;        /* [class], of one seat, of 2^60; all 0 where nobody swings */
	uint64_t *shapley;        /* [class], of one seat, of 2^60, too small by less than 2^-50 */
};

/* By the first way that can be gone. */
void figures_find(const struct game *game, struct arena *arena, struct figures *figures);

/* By that way; false when it cannot be gone. */
bool figures_by(enum figures_way way, const struct game *game, struct arena *arena,
                struct figures *figures);

/*
 * Hands out minimal coalitions, in no order that means anything: those of the game's classes, by
 * classes or by seats. Returns how many, at most `most`; taken[i * classes + class].
 */
size_t figures_minimal(const struct game *game, struct arena *arena, size_t most,
                       uint16_t *taken);

#endif
