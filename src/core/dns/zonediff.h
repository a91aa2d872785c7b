/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_ZONEDIFF_H
#define COMITY_DNS_ZONEDIFF_H

/*
 * zonediff.h - what leads from one zone to another, record by record: the body of a difference
 * sequence of IXFR (RFC 1995 section 4), and what a person compares.
 *
 * A record with another TTL is another record: it goes and comes. Signatures are records like others.
 */

#include "base/writer.h"
#include "dns/rrset.h"

struct zone_change {
	bool added;   /* in the new zone only; otherwise in the old zone only */
	struct rr rr; /* borrows from the list it stands in */
};

/*
 * The changes one by one in canonical order, what is removed before what is added where both have the
 * same name, type and RDATA. Takes as many steps as both lists have records, and no memory.
 *
 *	struct zone_diff diff = zone_diff_over(&old, &new);
 *	while (zone_diff_next(&diff, &change)) ...
 */
struct zone_diff {
	struct rr_walk old_walk, new_walk;
	struct rr old_rr, new_rr; /* the next of each */
	bool old_left, new_left;
};

/* `old` and `new` stay where they are as long as the result is in use. */
struct zone_diff zone_diff_over(const struct rrset_list *old, const struct rrset_list *new);
bool zone_diff_next(struct zone_diff *diff, struct zone_change *change);

/* Writes all changes as text, a line each: "- " or "+ ", the record (rr.h), LF. */
void zone_diff_write_text(struct writer *writer, const struct rrset_list *old,
                          const struct rrset_list *new);

#endif
