/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_ZONEFILE_H
#define COMITY_DNS_ZONEFILE_H

/*
 * zonefile.h - a zone from a master file of anybody's (RFC 1035 section 5).
 *
 * Records in any order and any spelling: $ORIGIN and $TTL (RFC 2308 section 4),
 * owners, TTLs and classes left out, names relative to the origin, "@",
 * parentheses, comments, escapes, strings, types and data in the form of unknown
 * ones (RFC 3597). Records that are there twice are taken once. What is not well
 * formed is refused with its line and column. $INCLUDE is refused (the core opens
 * no files), and so are $GENERATE and other directives, and classes besides IN.
 *
 * The one form of ours is zonetext.h; what is read here and written there is
 * that form of the same zone.
 */

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"
#include "dns/rrset.h"

/* Octets of arena that reading a text of that many octets may take: nearly every octet of a
 * name or an owner may be left out of the text. Only what is used is touched. */
#define ZONE_FILE_ARENA_SIZE(text_size) (160 * (text_size) + (2u << 20))

/*
 * Reads all of `text` into the arena; nothing points into `text` afterwards. Names are
 * relative to `origin` (a view of a name) until $ORIGIN says otherwise; with NULL there, relative
 * names are refused until then. The text may end without a line feed. False,
 * `*fault` set with line and column (0: the line as a whole) and `*zone` untouched when it is not a master file, a
 * record is malformed, or the records make no rrsets (rrset_list_make()); what was taken from
 * the arena then stays taken.
 */
bool zone_file_read(struct bytes text, struct bytes origin, struct arena *arena,
                    struct rrset_list *zone, struct fault *fault) CHECKED;

#endif
