/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_RRSET_H
#define COMITY_DNS_RRSET_H

/*
 * rrset.h - RRsets (RFC 2181 section 5) with their signatures, and a zone as a
 * list of them.
 *
 * In an rrset the RDATAs are in canonical order without duplicates (RFC 4034
 * section 6.3), and so are the RDATAs of the RRSIGs that cover it; those RRSIGs
 * have the owner and the TTL of the rrset (RFC 4034 section 3). There is no
 * rrset of type RRSIG. A list is sorted by canonical owner, then by type number,
 * and has no two rrsets of one owner and type. rrset_list_make() and
 * zone_read_text() keep this; whoever builds a list by hand must.
 *
 * Everything points into memory of the caller's, usually one arena.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "dns/rr.h"

struct rrset {
	struct bytes owner; /* view of a name (dname.h) */
	uint16_t type;      /* not RRSIG */
	uint16_t rrsig_count;
	uint32_t ttl;              /* seconds */
	uint32_t count;            /* at least 1 */
	const struct bytes *rdata; /* `count` of them */
	const struct bytes *rrsig; /* `rrsig_count` RDATAs of type RRSIG */
};

struct rrset_list {
	const struct rrset *at;
	size_t count;
};

/*
 * Makes the list of the `count` records at `rr`, in any order, duplicates
 * dropped. The list and its arrays are taken from the arena; owners and RDATAs
 * stay where they are. Takes at most 176 * count + 256 octets. False, `*fault`
 * set (line: index into `rr`, from 1) and `*list` untouched: records of one set
 * differ in TTL (RFC 2181 section 5.2), an RRSIG covers no set here or has
 * another TTL than its set, or a set has more than 65,535 signatures.
 */
bool rrset_list_make(const struct rr *rr, size_t count, struct arena *arena,
                     struct rrset_list *list, struct fault *fault) CHECKED;

/* Canonical owner, then type number: <0, 0, >0. */
int rrset_compare(const struct rrset *a, const struct rrset *b);

/* The rrset of that owner and type; NULL when there is none. */
const struct rrset *rrset_find(const struct rrset_list *list, struct bytes owner,
                               uint16_t type);

/* The rrsets of that owner, as part of `list`; an empty list when there are none. */
struct rrset_list rrset_list_at(const struct rrset_list *list, struct bytes owner);

/* How many rrsets of `list` have an owner before `owner`: where its own begin, or would. */
size_t rrset_list_before(const struct rrset_list *list, struct bytes owner);

/* True when an owner of `list` is `name` or below it: `name` exists, as an owner
 * or as an empty non-terminal (RFC 4592 section 2.2.2). */
bool rrset_list_has(const struct rrset_list *list, struct bytes name);

/* The last rrset of `type` whose owner is `name` or stands before it; NULL when
 * there is none. For type NSEC this is the one that matches or covers `name`. */
const struct rrset *rrset_find_covering(const struct rrset_list *list, struct bytes name,
                                        uint16_t type);

/*
 * The records of a list one by one in canonical order, the signatures as
 * records of type RRSIG at their place among the types of their owner.
 *
 *	struct rr_walk walk = rr_walk_over(&list);
 *	while (rr_walk_next(&walk, &rr)) ...
 */
enum walk_phase { WALK_BEFORE_RRSIG, WALK_RRSIG, WALK_AFTER_RRSIG };

struct rr_walk {
	const struct rrset_list *list;
	size_t first, end; /* the rrsets of the owner at hand */
	size_t set;        /* the one the next record is from */
	uint32_t record;   /* and which of its records */
	enum walk_phase phase;
};

struct rr_walk rr_walk_over(const struct rrset_list *list);
bool rr_walk_next(struct rr_walk *walk, struct rr *rr);

/* Records in the list, signatures included. */
size_t rrset_list_records(const struct rrset_list *list);

#endif
