/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_TELLING_H
#define COMITY_ROOTD_TELLING_H

/* telling.h - who is told while the server serves: Prometheus, and a dnstap collector. */

#include "host/net/report.h"
#include "host/net/tap.h"
#include "prog/rootd/workers.h"

struct telling {
	struct tap tap;
	struct report report;
};

/* Opens what others are told by; a ring for each of served.worker_count workers. MISHAP_IO,
 * told on standard error. */
enum mishap telling_open(const struct server *server, const struct worker *workers,
                         struct telling *telling) CHECKED;

/* Threads besides the workers. */
unsigned telling_threads(const struct options *options);

/* Starts these. MISHAP_IO, told on standard error. */
enum mishap telling_start(const struct options *options, struct telling *telling) CHECKED;

#endif
