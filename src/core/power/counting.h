/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_POWER_COUNTING_H
#define COMITY_POWER_COUNTING_H

/*
 * counting.h - what the ways to the figures share. For power/ only.
 *
 * Idle seats, which weigh nothing, are left out: each doubles every count, and changes no index.
 */

#include "power/figures.h"

struct counting {
	const struct game *game;
	size_t seats;             /* that weigh anything */
	struct natural winning;   /* coalitions of those */
	struct natural minimal;
	struct natural *swings;   /* [class * (seats + 1) + size]: of all seats of the class together;
	                             size: of the coalition that loses */
	bool sizes;               /* otherwise all swings stand under size 0 */
	bool monotone;
	uint64_t work;            /* figures.work */
};

/* False: this way cannot be gone. */
bool count_by_classes(struct counting *counting, struct arena *arena);
bool count_by_seats(struct counting *counting, struct arena *arena);
bool count_by_sums(struct counting *counting, struct arena *arena);

/* Calls back for minimal coalitions, [class], until it says no. */
typedef bool on_minimal(void *context, const uint16_t *taken);
bool walk_minimal_by_classes(const struct game *game, struct arena *arena, on_minimal *call,
                             void *context);

static inline struct natural *swings_at(const struct counting *counting, size_t class, size_t size)
{
	return &counting->swings[class * (counting->seats + 1) + (counting->sizes ? size : 0)];
}

#endif
