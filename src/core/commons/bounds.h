/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_BOUNDS_H
#define COMITY_COMMONS_BOUNDS_H

/*
 * bounds.h - how much an act may bring (comity-act(5), FIELDS), so that whatever enters can be served.
 *
 * Every door looks here: commons_decide() before anything else does, manifest_put(), and importing_write().
 */

#include "commons/refusal.h"

/* Records of one owner and type. */
#define BOUNDS_NS        32 /* more than the 13 that stand without a waiver */
#define BOUNDS_DS        16
#define BOUNDS_DS_DIGEST 64 /* octets */
#define BOUNDS_ADDRESSES 8  /* A, and as many AAAA */

/* The most records that one owner has of a type. */
unsigned bounds_of_type(uint16_t type);

/* REASON_NONE; or REASON_SET where a set of these "+ " lines, which stand in canonical order, is larger than
 * that, or a digest longer. */
enum reason bounds_fault(struct bytes records);

#endif
