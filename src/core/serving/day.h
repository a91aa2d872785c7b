/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_DAY_H
#define COMITY_SERVING_DAY_H

/*
 * day.h - what a server has counted of a day, kept over a restart: a file that it writes for
 * itself (comity-rootd(8), --statistics).
 *
 * Numbers are in the byte order of the machine; a digest over the file tells a whole one.
 */

#include "base/bytes.h"
#include "base/digest.h"
#include "base/time.h"
#include "base/writer.h"
#include "serving/rssac002.h"
#include "serving/tally.h"

struct day {
	struct ledger_time start;     /* 00:00 UTC */
	uint64_t key;                 /* SECRET what senders are hashed with */
	struct tally_counts counts;   /* of the day so far */
	struct tally_sources sources; /* likewise */
	struct digest zones;          /* which zones their numbers mean */
	struct rssac002_load load[RSSAC002_LOADS_MAX];
	size_t load_count;
};

#define DAY_SIZE (sizeof(struct day) + 64) /* octets of the file at most */

void day_write(struct writer *to, const struct day *day);

/* Reads the file. False, and `*day` untouched, when it is torn, not of this machine, or no such
 * file. */
bool day_read(struct bytes file, struct day *day);

#endif
