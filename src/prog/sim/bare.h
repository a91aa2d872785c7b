/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIM_BARE_H
#define COMITY_SIM_BARE_H

/*
 * bare.h - a commons by itself: acts are written, read and decided as ever, but nobody signs them, so that many
 * histories can be played in little time.
 *
 * It begins with the parties, the charter, and the name "held", which the first party holds.
 */

#include "commons/apply.h"

#define BARE_BEGIN 1795352400 /* the time of the founding */

struct bare {
	struct state state;
	struct commons commons;
	struct arena memory; /* of one act */
	struct state_mark founded;
	uint64_t height, acts;
};

struct bare_party {
	const char *name, *kind;
};

/* Founds anew; `why` says what is wrong with the charter. */
bool bare_found(struct bare *bare, struct bytes charter, const struct bare_party *party, size_t count,
                const char **why) CHECKED;

/* All that happened since the founding is forgotten. An amendment must not have taken effect. */
void bare_again(struct bare *bare);

/* Decides an act of `kind`, `field`, `embed` that `by` says. On true `id` is its id, hex. When it is
 * refused nothing has changed. */
bool bare_say(struct bare *bare, struct act *act, struct bytes by, char id[64], struct refusal *refusal);

/* Time passes, to so many seconds after the founding; what is due until then happens when it is due. */
void bare_wait(struct bare *bare, int64_t seconds);

/* The slot of the record of that key, for an act's `replaces`. Lives until the next act. */
struct bytes bare_slot(struct bare *bare, struct bytes key);

#endif
