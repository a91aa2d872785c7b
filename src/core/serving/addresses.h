/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ADDRESSES_H
#define COMITY_SERVING_ADDRESSES_H

/* addresses.h - the address sets of the names of one zone, found without a search: an image
 * asks for those of every name server of every delegation. */

#include <stdint.h>

#include "base/arena.h"
#include "dns/rrset.h"

struct addresses {
	const struct rrset_list *zone;
	uint32_t *slot; /* 1 + the first address set of a name, or 0; a power of two of them */
	uint32_t mask;
};

/* Notes all that `zone` has; it and the arena's memory stay in place. */
void addresses_note(struct addresses *addresses, const struct rrset_list *zone,
                    struct arena *arena);

/* The sets of that owner from the first address set on, of which others may be among them; an
 * empty list when it has no address. */
struct rrset_list addresses_of(const struct addresses *addresses, struct bytes owner);

#endif
