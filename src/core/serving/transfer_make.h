/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_TRANSFER_MAKE_H
#define COMITY_SERVING_TRANSFER_MAKE_H

/* transfer_make.h - from a zone, and the transfer file of the release before, to its transfer
 * file. */

#include "serving/transfer.h"

/* Octets that are enough for the file of a zone of so many records with so many octets of
 * deltas before it. */
#define TRANSFER_ROOM(records, changes)                                                        \
	(2048 * (size_t)(records) + 2 * (size_t)(changes) + (16u << 20))

/*
 * Writes the transfer file of `zone` into `to`, which begins at an address divisible by
 * IMAGE_ALIGN. The zone is one that image_compile() takes, `digest` is that of RFC 8976 over
 * it.
 *
 * `before`, and the zone `old` in it, are the release before, or NULL: its deltas are carried
 * on and the one that leads here is added, unless its apex is another, its serial is not before
 * this one, or both are the same zone; in the last case the deltas stay as they are, else they
 * are dropped.
 *
 * MISHAP_LIMIT: a record is too large for a message. MISHAP_FULL: `to` or `scratch` is too
 * small.
 */
enum mishap transfer_make(const struct rrset_list *zone, const uint8_t digest[SHA384_SIZE],
                          const struct transfer *before, const struct rrset_list *old,
                          struct arena scratch, struct writer *to) CHECKED;

/* Writes what leads from one zone to another as a delta: the SOA before, records only in `old`,
 * the SOA after, records only in `new`. Returns how many records. */
uint32_t delta_write(const struct rrset_list *old, const struct rrset_list *new,
                     struct writer *to);

#endif
