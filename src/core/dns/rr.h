/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_RR_H
#define COMITY_DNS_RR_H

/*
 * rr.h - one resource record of class IN (RFC 1035 section 3.2), and its line.
 *
 * The line is `owner TTL IN TYPE rdata` with single blanks between and no LF:
 * what every master-file reader understands without $ORIGIN or $TTL.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "dns/ttl.h"
#include "dns/type.h"

struct rr {
	struct bytes owner; /* view of a name (dname.h) */
	uint32_t ttl;       /* seconds, 0..TTL_MAX */
	uint16_t type;
	struct bytes rdata; /* checked, names in lower case (rdata.h) */
};

/*
 * Reads all of `line`; owner and RDATA are copied into the arena. Lenient as
 * rdata_read_text() and dname_read_text() are; blanks are single, the class is
 * IN in capitals. False, `*fault` set with line 1 and the column, and `*rr` untouched
 * otherwise; what was taken from the arena then stays taken. Takes at most
 * 8 * line.size + 128 octets.
 */
bool rr_read_text(struct bytes line, struct arena *arena, struct rr *rr,
                  struct fault *fault) CHECKED;

/*
 * Reads a line that an act may hold: of type NS, A, AAAA or DS, every name as
 * dname_read_strict() wants it, and only the one form that rr_write_text()
 * prints. Otherwise as rr_read_text().
 */
bool rr_read_strict(struct bytes line, struct arena *arena, struct rr *rr,
                    struct fault *fault) CHECKED;

/*
 * Reads the record at `*at` of a message into the arena, names uncompressed and in lower case, and moves
 * past it. Mishaps of message_read_rr() and rdata_read_message(); MISHAP_MALFORMED: another class
 * than IN, or a TTL above TTL_MAX (which RFC 2181 section 8 wants taken for zero in an answer, but
 * a zone has none). Takes at most 255 + 66,000 octets.
 */
enum mishap rr_read_message(struct bytes message, size_t *at, struct arena *arena,
                            struct rr *rr) CHECKED;

/* Writes the record as it stands in a message, without compression. */
void rr_write_message(struct writer *writer, const struct rr *rr);

/* Writes the line in its one canonical form, without LF. */
void rr_write_text(struct writer *writer, const struct rr *rr);

/* True when rr_write_text() would write exactly `line`. */
bool rr_prints_as(const struct rr *rr, struct bytes line, struct arena scratch);

/* Canonical order of owners, then type numbers, then RDATA as octets (RFC 4034
 * section 6): <0, 0, >0. The TTL does not count. */
int rr_compare(const struct rr *a, const struct rr *b);

#endif
