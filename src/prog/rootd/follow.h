/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_FOLLOW_H
#define COMITY_ROOTD_FOLLOW_H

/*
 * follow.h - from one release to the next by what changes, ahead of its image (live.h).
 *
 * A secondary's server hears of changes from its courier, which has them checked, and answers
 * from them a millisecond later. The image that is built of them meanwhile is for the next
 * start.
 */

#include "host/net/held.h"
#include "prog/rootd/courier.h"
#include "prog/rootd/release.h"
#include "serving/live.h"

struct follow {
	struct live live;
	struct arena memory, zone; /* what the served image may lie in, also when nothing can
	                              follow any more */
	bool ready;
};

/* Begins at a release, and the transfer file of the same zone; what was followed before has
 * ended. When the file does not read, nothing is followed. */
void follow_begin(struct follow *follow, const struct release *release,
                  const struct held *held);

/* The image after the changes; NULL, told on standard error, when it has to be waited for. */
const struct image *follow_apply(struct follow *follow, const struct courier_changes *head,
                                 struct bytes changes);

/* Gives the memory back: nothing is served from it any more. */
void follow_end(struct follow *follow);

/* What comes from a courier, word by word. */
struct hearing {
	uint8_t octets[1 + sizeof(struct courier_changes) + COURIER_CHANGES_MAX];
	size_t used;
};

/* Reads what is there. False: the courier has ended. */
bool hearing_read(struct hearing *hearing, int descriptor);

/* Takes the next whole word; the head and the octets of changes are valid until the next call
 * of either. */
bool hearing_take(struct hearing *hearing, enum courier_word *word,
                  struct courier_changes *head, struct bytes *changes);

#endif
