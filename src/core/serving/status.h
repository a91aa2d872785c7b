/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_STATUS_H
#define COMITY_SERVING_STATUS_H

/*
 * status.h - the status page: what a root server knows of its ledger.
 *
 * `comityd` keeps it, `rootd` maps it (comity-image(5)). Numbers are big
 * endian; a digest over the page tells a whole page from one that is just being
 * written, so reader and writer need no lock: a reader that finds a torn page keeps
 * what it had and looks again.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/time.h"
#include "base/writer.h"
#include "dns/serial.h"

#define STATUS_SIZE 160 /* octets of the page */

struct status {
	uint64_t height;           /* of the last block that was applied */
	uint64_t size;             /* entries in the log */
	struct digest root;        /* of the log's tree at that size */
	struct ledger_time time;   /* of that block */
	bool expects;              /* the next two are set: only this release may be served */
	struct serial serial;      /* of the expected release */
	uint8_t zone[SHA384_SIZE]; /* its digest (RFC 8976) */
};

/* Writes the STATUS_SIZE octets of the page. */
void status_write(struct writer *writer, const struct status *status);

/* Reads a page; octets behind it are ignored. False, and `*status` untouched, when it is torn
 * or no status page. */
bool status_read(struct bytes page, struct status *status);

#endif
