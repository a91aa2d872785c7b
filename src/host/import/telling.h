/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_TELLING_H
#define COMITY_HOST_IMPORT_TELLING_H

/*
 * telling.h - what the import helper tells the command, over a pipe:
 *
 *     form: xz
 *     + . 86400 IN SOA ...          every record, in the order of the source
 *     dnssec: verified
 *     zonemd: absent
 *     at: 2026-01-05T04:00:00Z      the moment that was verified for
 *     signatures: 2789              that were checked
 *     why: ...                      of what failed, or "-"
 *     end
 *
 * or, when the source cannot be read, "fault: LINE WHY" and "end". The helper reads what anybody
 * may have written; so what it tells is read as if anybody had.
 */

#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "base/time.h"
#include "base/writer.h"

#define TELLING_SIZE_MAX ((size_t)1 << 30) /* octets */

enum verdict {
	VERDICT_UNCHECKED,   /* no anchor was given */
	VERDICT_VERIFIED,
	VERDICT_ABSENT,      /* of ZONEMD: there is none, and that is proved */
	VERDICT_UNSUPPORTED, /* of ZONEMD: none of a scheme and hash that we know */
	VERDICT_FAILED,
	VERDICTS
};

struct telling {
	struct bytes form;    /* "plain", "gzip", "xz" or "transfer" */
	struct bytes records; /* "+ " lines */
	enum verdict dnssec, zonemd;
	struct ledger_time at;
	uint64_t signatures;
	struct bytes why;   /* printable ASCII */
	bool fault;         /* nothing but these two: */
	uint64_t fault_line; /* of the source, or message of the transfer; 0: as a whole */
};

const char *verdict_word(enum verdict verdict);

/* What the helper writes before the records, and behind them. */
void telling_write_head(struct writer *writer, struct bytes form);
void telling_write_end(struct writer *writer, const struct telling *telling);
void telling_write_fault(struct writer *writer, uint64_t line, struct bytes why);

/* Reads all of `text`; the telling borrows from it. MISHAP_MALFORMED: not a telling, or cut
 * short. Whether the lines of records are records is not looked at. */
enum mishap telling_read(struct bytes text, struct telling *telling) CHECKED;

#endif
