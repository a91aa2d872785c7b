/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_METRICS_H
#define COMITY_SERVING_METRICS_H

/* metrics.h - a server's counts as Prometheus reads them (its text format 0.0.4). */

#include "base/bytes.h"
#include "base/writer.h"
#include "dns/serial.h"
#include "serving/tally.h"

#define METRICS_TEXT_MAX (1 << 18) /* octets of the text */

/* A zone that is served. */
struct metrics_zone {
	struct bytes name; /* its apex as text; empty: there is none of that number */
	struct serial serial;
	uint32_t records; /* 0: it has not come yet */
};

struct metrics {
	struct tally_counts counts;
	uint64_t senders[TALLY_SENDERS];     /* seen in this period */
	struct metrics_zone zone[ZONES_MAX]; /* by their number */
	uint64_t height;                     /* of the ledger; 0: not known */
};

void metrics_write(struct writer *to, const struct metrics *metrics);

enum metrics_request { METRICS_MORE, METRICS_WANTED, METRICS_OTHER, METRICS_MALFORMED };

/* What an HTTP request asks for (RFC 9112): METRICS_WANTED is GET of /metrics, METRICS_OTHER of
 * anything else, METRICS_MORE when its empty line is still to come. */
enum metrics_request metrics_read_request(struct bytes request);

#endif
