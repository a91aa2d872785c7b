/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ORDINARY_CHAIN_H
#define COMITY_SERVING_ORDINARY_CHAIN_H

/*
 * chain.h - how a zone denies what it has not, and whether it does so for all of it: by NSEC
 * (RFC 4035 section 2.3), by NSEC3 (RFC 5155 section 7.1), or not at all.
 *
 * Whatever is refused is told as a text that stays, and with what it is about.
 */

#include <stdbool.h>

#include "dns/nsec3.h"
#include "dns/rrset.h"
#include "serving/ordinary/file.h"

struct chain {
	bool by_nsec, by_nsec3;
	struct nsec3_way way; /* by_nsec3: of all its NSEC3s */
};

/*
 * Which chain a zone has that begins with its apex. One by NSEC is preferred; of several by
 * NSEC3, the first that an NSEC3PARAM at the apex names without flags, with SHA-1 and no more
 * than ORDINARY_ITERATIONS_MAX iterations (RFC 5155 section 7.1). NULL, and `*chain` is set;
 * else why it is refused, and `*about` is.
 */
const char *chain_find(const struct rrset_list *zone, struct chain *chain,
                       const struct rrset **about);

/* Every authoritative owner and zone cut has an NSEC, which points to the next, the last one to
 * the apex: NULL. Else why not, and `*about` is set. */
const char *chain_check_nsec(const struct rrset_list *zone, const struct rrset **about);

/*
 * Whether the set of NSEC3 is one of the chain: NULL, and `*is_of` is set. An owner that is no
 * hash right below the apex, or has several of them, is refused.
 */
const char *chain_takes(const struct chain *chain, struct bytes apex, const struct rrset *set,
                        bool *is_of);

/*
 * Notes in the nodes of `zone`, which are `node`, by which NSEC3s they are denied. These form
 * one chain; what is authoritative has one of its own, but for delegations without DS and empty
 * non-terminals that one with Opt-Out covers; and there is none of no name. NULL; else why the
 * zone is refused, and `*about` is the name.
 */
const char *chain_link(const struct ordinary *zone, struct ordinary_node *node,
                       struct bytes *about);

#endif
