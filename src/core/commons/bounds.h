/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_BOUNDS_H
#define COMITY_COMMONS_BOUNDS_H

/*
 * bounds.h - how much an act may bring (comity-act(5), FIELDS), so that whatever enters can be served.
 *
 * Every door looks here: commons_decide() before anything else does, manifest_put(), and importing_write().
 */

#include "commons/commons.h"

/* Records of one owner and type. */
#define BOUNDS_NS        32 /* more than the 13 that stand without a waiver */
#define BOUNDS_DS        16
#define BOUNDS_DS_DIGEST 64 /* octets */
#define BOUNDS_ADDRESSES 8  /* A, and as many AAAA */

/* Hosts below one TLD that no TLD uses. */
#define BOUNDS_HOSTS_IDLE 256

/* Root servers. */
#define BOUNDS_SERVERS       50
#define BOUNDS_PARTY_SERVERS 8

/*
 * Octets of the largest messages that such content makes, behind header and question, in the apex for which they are
 * the most; no more than LAYOUT_SIZE_MAX (serving/layout.h), test/largest_test.c. A record has 10 octets between
 * owner and RDATA, and an owner that stands in the message already has 2. Every set has one signature.
 *
 * A referral: 32 names, 16 DS and their signature, addresses of 32 names and their signatures. The priming response:
 * the signature of the NS set and 50 names of the zone, whose ends are the apex; the longer that is, the shorter are
 * they, and the longer are signatures, by twice as much.
 */
#define BOUNDS_SIGNATURE_SIZE(apex) (2 + 10 + 18 + (apex) + 64)
#define BOUNDS_GLUE_SIZE            (BOUNDS_ADDRESSES * (2 + 10 + 4 + 2 + 10 + 16))
#define BOUNDS_REFERRAL_SIZE                                                                       \
	(BOUNDS_NS * (2 + 10 + 255) + BOUNDS_DS * (2 + 10 + 4 + BOUNDS_DS_DIGEST) +                \
	 BOUNDS_SIGNATURE_SIZE(255) + BOUNDS_NS * (BOUNDS_GLUE_SIZE + 2 * BOUNDS_SIGNATURE_SIZE(255)))
#define BOUNDS_PRIMING_SIZE                                                                        \
	(BOUNDS_SIGNATURE_SIZE(251) +                                                              \
	 BOUNDS_SERVERS * (2 + 10 + 255 - 251 + 2 + BOUNDS_GLUE_SIZE + 2 * BOUNDS_SIGNATURE_SIZE(251)))

/* The most records that one owner has of a type. */
unsigned bounds_of_type(uint16_t type);

/* REASON_NONE; or REASON_SET where a set of these "+ " lines, which stand in canonical order, is larger than
 * that, or a digest longer. */
enum reason bounds_fault(struct bytes records);

/* Whether one more host that nobody uses may be below the TLD; else REASON_HOSTS. */
bool bounds_host_fits(const struct commons *commons, struct bytes label, struct refusal *refusal);

/* Whether the party may have one more root server; else REASON_SERVERS. */
bool bounds_server_fits(const struct commons *commons, struct bytes party, struct refusal *refusal);

#endif
