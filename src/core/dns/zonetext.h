/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_ZONETEXT_H
#define COMITY_DNS_ZONETEXT_H

/*
 * zonetext.h - a zone as text, in the one form we export (*.zone).
 *
 * One record a line (rr.h), each line ended by LF, in canonical order of owner,
 * type number and RDATA (RFC 4034 section 6), the signatures at their place as
 * type RRSIG. One zone has one text, and any reader of master files reads it.
 * Master files of others are not read here.
 */

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"
#include "base/writer.h"
#include "dns/rrset.h"

/* Writes the text of `zone`. */
void zone_write_text(struct writer *writer, const struct rrset_list *zone);

/* Octets of arena that reading a text of that many octets may take. */
#define ZONE_TEXT_ARENA_SIZE(text_size) (48 * (text_size) + (1u << 20))

/*
 * Reads all of `text` into the arena; nothing points into `text` afterwards.
 * Accepts only what zone_write_text() would print. False, `*fault` set with the
 * line and `*zone` untouched otherwise; what was taken from the arena then
 * stays taken.
 */
bool zone_read_text(struct bytes text, struct arena *arena, struct rrset_list *zone,
                    struct fault *fault) CHECKED;

#endif
