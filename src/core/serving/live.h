/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_LIVE_H
#define COMITY_SERVING_LIVE_H

/*
 * live.h - a zone and its image, kept in step with its changes: from release to release only
 * what changed is laid out again.
 *
 * What was laid out stays where it is, for whoever still answers from the image before; what is
 * new comes behind it. Of nodes and pieces there are two tables in turn, so nobody may hold the
 * image before the last when changes are applied. Changes that add or take away a name, or
 * alter what kind of node it is, are not applied: the zone is then compiled anew (compile.h).
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "dns/rrset.h"
#include "serving/image.h"
#include "serving/workshop.h"

#define LIVE_ROOM ((size_t)16 << 20) /* octets behind the image, for what is new */
#define LIVE_PAGE 4096               /* what is new begins at a multiple of this */

#define LIVE_CHANGES_MAX 4096 /* records of a chain; for more, compiling anew is as fast */

/* Octets of memory that a live zone of so many records takes, and its changes until it is full.
 */
#define LIVE_MEMORY(records) (1024 * (size_t)(records) + 8 * LIVE_ROOM)

/* The records of a chain of deltas, and where each run of them begins. */
struct live_chain {
	struct rr rr[LIVE_CHANGES_MAX];
	size_t count;
	size_t run[LIVE_CHANGES_MAX + 1];
	size_t runs;
};

struct live {
	struct rrset *set; /* the zone's, in order */
	size_t set_count, set_room;
	struct arena memory; /* for names and data of changes */
	struct image image[2];
	struct image_header header[2];
	struct image_node *node[2];
	unsigned current;
	struct tables tables; /* that grow: pointers, cuts, types, octets; pieces of either
	                         image in turn */
	uint8_t *piece[2];
	uint8_t *dirty; /* by node: to be laid out again */
	struct live_chain *chain;
	struct workshop workshop;
	struct compile compile;
	struct fault fault;
	bool broken; /* changes failed halfway: nothing can be applied any more */
};

/*
 * Begins with an image and the zone that it was made of, which stay in place. LIVE_ROOM octets
 * behind the multiple of LIVE_PAGE where the image's file ends can be written. Tables are
 * copied into `memory`, which becomes the live zone's: LIVE_MEMORY octets.
 */
void live_begin(struct live *live, const struct image *image, const struct rrset_list *zone,
                const struct arena *memory);

/*
 * Applies a chain of deltas: runs of records as a transfer file has them (transfer.h). `zone`
 * is the digest of the zone they lead to. Returns its image, valid until the call after the
 * next; NULL, `*why` set, when that zone has to be compiled anew: no image that was given out
 * has changed then, and no more changes can be applied.
 */
const struct image *live_apply(struct live *live, struct bytes changes,
                               const uint8_t zone[SHA384_SIZE], const char **why) CHECKED;

/* The same for a zone alone, without an image: LIVE_MEMORY octets of memory, too. */
void live_begin_zone(struct live *live, const struct rrset_list *zone,
                     const struct arena *memory);

/* Applies a chain of deltas to a zone alone. False, `*why` set: the zone is in no state to be
 * looked at. */
bool live_apply_zone(struct live *live, struct bytes changes, const char **why) CHECKED;

/* The owners of the records of the last chain that was applied, in canonical order, each once:
 * LIVE_CHANGES_MAX at most. Returns how many. */
size_t live_changed(const struct live *live, struct bytes *owner);

/* The zone as it is now; a view. */
struct rrset_list live_zone(const struct live *live);

#endif
