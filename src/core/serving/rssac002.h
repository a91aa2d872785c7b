/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_RSSAC002_H
#define COMITY_SERVING_RSSAC002_H

/*
 * rssac002.h - a day of a root server in numbers, as all root server operators publish it
 * (RSSAC002 version 5): one YAML text a metric.
 */

#include "base/bytes.h"
#include "base/time.h"
#include "base/writer.h"
#include "dns/serial.h"
#include "serving/tally.h"

enum rssac002_metric {
	RSSAC002_TRAFFIC_VOLUME,
	RSSAC002_TRAFFIC_SIZES,
	RSSAC002_RCODE_VOLUME,
	RSSAC002_UNIQUE_SOURCES,
	RSSAC002_LOAD_TIME,
	RSSAC002_ZONE_SIZE,
	RSSAC002_METRICS
};

#define RSSAC002_LOADS_MAX 256       /* releases of a day that are told, of all zones */
#define RSSAC002_TEXT_MAX  (1 << 15) /* octets of any of the texts */

/* A release that this day brought. */
struct rssac002_load {
	struct serial serial;
	uint32_t seconds; /* from when it was there to when it was served */
	uint32_t octets;  /* of a transfer of it; 0: not known, and not told */
	uint32_t zone;    /* its number; 0: the main one */
};

struct rssac002_day {
	struct bytes service;     /* "b.root-servers.org": whose numbers these are */
	struct ledger_time start; /* 00:00 UTC */
	struct tally_counts counts;
	uint64_t senders[TALLY_SENDERS];
	struct rssac002_load load[RSSAC002_LOADS_MAX];
	size_t load_count;
};

/* "traffic-volume" and so on. */
const char *rssac002_name(enum rssac002_metric metric);

void rssac002_write(struct writer *to, enum rssac002_metric metric,
                    const struct rssac002_day *day);

/* The same of the zone of that number beside the main one: RSSAC002_RCODE_VOLUME,
 * RSSAC002_LOAD_TIME or RSSAC002_ZONE_SIZE. `service` is whose numbers, and of what, they are.
 */
void rssac002_write_zone(struct writer *to, enum rssac002_metric metric,
                         const struct rssac002_day *day, uint32_t zone, struct bytes service);

#endif
