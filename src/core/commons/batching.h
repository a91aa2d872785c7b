/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_BATCHING_H
#define COMITY_COMMONS_BATCHING_H

/*
 * batching.h - what became of each item of a batch, and how much one who signs them changes in a day.
 *
 *     batch/<act-id>             by, item: LABEL CHANGE REASON ARTICLE ...
 *     batched/<party or key>     since, changes
 *
 * Each item is judged as if it were an act of its own, of the party that keeps the TLD: it takes effect, or
 * is refused and changes nothing. A batch of which nothing takes effect is refused as a whole. The
 * record stands for BATCH_KEPT.
 *
 * A day begins with the first batch, and its record goes 24 hours later. Items that only drop DS are not counted.
 */

#include "commons/commons.h"

#define BATCH_KEPT ((int64_t)400 * SECONDS_A_DAY) /* seconds for which batch/<act-id> stays */

struct batch_result {
	struct bytes label, change;
	enum reason reason; /* REASON_NONE: it took effect */
	uint16_t article;   /* of the charter that decided; 0 where none did */
};

/* Takes the next result off `*lines`, which begins as batch_results() gave it. False at the end. */
bool batch_result_next(struct bytes *lines, struct batch_result *result);

/* The results of that batch; false when there is no record of it. */
bool batch_results(const struct state *state, struct bytes act, struct bytes *lines);

#endif
