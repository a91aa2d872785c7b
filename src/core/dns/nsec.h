/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_NSEC_H
#define COMITY_DNS_NSEC_H

/*
 * nsec.h - NSEC RDATA and its type bitmap (RFC 4034 section 4).
 *
 * A bitmap that was checked has its windows in ascending order, each of 1 to 32
 * octets of which the last is not zero, so one set of types has one bitmap.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"

/* Writes the bitmap of `types`, in any order, duplicates allowed. */
void type_bitmap_write(struct writer *writer, const uint16_t *types, size_t count);

/* True when `bitmap` is well formed (section 4.1.2). An empty one is. */
bool type_bitmap_check(struct bytes bitmap);

/* True when the checked `bitmap` holds `type`. */
bool type_bitmap_has(struct bytes bitmap, uint16_t type);

/* The smallest type of the checked `bitmap` that is `*type` or greater: true and
 * `*type` set, or false when there is none. */
bool type_bitmap_next(struct bytes bitmap, uint32_t *type);

/* Writes NSEC RDATA: the next owner in wire format and the bitmap of `types`. */
void nsec_write(struct writer *writer, struct bytes next, const uint16_t *types, size_t count);

/* Takes checked NSEC RDATA apart; both are views into it. */
void nsec_read(struct bytes rdata, struct bytes *next, struct bytes *bitmap);

/*
 * True when the NSEC at `owner` with the next name `next` proves that `name`
 * does not exist: name stands after owner, and before next or, at the end of
 * the chain, where next is the apex, anywhere after owner (RFC 4034 section 6.1).
 */
bool nsec_covers(struct bytes owner, struct bytes next, struct bytes name);

#endif
