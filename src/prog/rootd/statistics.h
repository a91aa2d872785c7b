/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_STATISTICS_H
#define COMITY_ROOTD_STATISTICS_H

/*
 * statistics.h - the tallies of all workers together: a day's numbers into files (RSSAC002),
 * and the present ones for whoever asks.
 *
 * A worker counts in its own tally without a lock; everything here is the main thread's, but
 * for statistics_now().
 */

#include <stdbool.h>
#include <stddef.h>

#include "serving/metrics.h"
#include "serving/tally.h"
#include "serving/zones.h"

struct statistics;

/*
 * Makes `count` tallies. `folder` is where files go, NULL for none; `service` is the name they
 * tell. `apex` is that of the main zone; `zones` has the others with their numbers, NULL for
 * none. What was counted of this day before a restart is taken from there, of the others
 * only when they were the same.
 */
struct statistics *statistics_make(size_t count, const char *folder, const char *service,
                                   struct bytes apex, const struct zones *zones);

/* The tally of a worker. */
struct tally *statistics_tally(struct statistics *statistics, size_t worker);

/* A release of the zone of that number is served that was there for so many seconds. */
void statistics_load(struct statistics *statistics, uint32_t zone, struct serial serial,
                     uint32_t seconds);

/* A transfer of that release takes so many octets. */
void statistics_size(struct statistics *statistics, uint32_t zone, struct serial serial,
                     size_t octets);

/* What is being served of a zone now. */
void statistics_serving(struct statistics *statistics, uint32_t zone, struct serial serial,
                        uint32_t records);

/* The block that the operator's node applied last; 0: no ledger is known. */
void statistics_height(struct statistics *statistics, uint64_t height);

/* Writes what is due: a day's files after its end, and what is kept over a restart every
 * minute. Called about every second. */
void statistics_look(struct statistics *statistics);

/* Writes what is kept over a restart. */
void statistics_keep(struct statistics *statistics);

/* What is being served, the counts since the start, and the senders of this day. Any thread may
 * ask. */
void statistics_now(struct statistics *statistics, struct metrics *metrics);

#endif
