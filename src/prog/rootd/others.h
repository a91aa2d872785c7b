/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_OTHERS_H
#define COMITY_ROOTD_OTHERS_H

/*
 * others.h - the zones beside the main one: --zone, and the sections [zone] of the
 * configuration.
 *
 * Each has a file (compiled.h), a transfer file beside it, and where it has primaries or
 * secondaries a courier of its own. What is served of them is exchanged together with the main
 * zone; what was replaced is given back after that.
 */

#include <stdbool.h>

#include "host/net/served.h"
#include "prog/rootd/config.h"
#include "prog/rootd/options.h"
#include "prog/rootd/statistics.h"
#include "serving/zones.h"

struct others;

/*
 * The zones that `options` and `config` name, and their couriers, started. NULL when there are
 * none. MISHAP_IO, told on standard error. Kept until the end; `*config` must stay in place.
 */
enum mishap others_open(const struct options *options, struct config *config,
                        struct others **others) CHECKED;

/*
 * Reads all files for the first time. A zone that a primary has yet to bring may have none.
 * MISHAP_IO, MISHAP_MALFORMED, told on standard error: a file is missing or not good, its zone
 * is not the one it should be, or there are two zones of one apex. `main_apex` counts.
 */
enum mishap others_load(struct others *others, struct bytes main_apex) CHECKED;

/* Looks at files and couriers, at each file when `all`; true when something else is to be
 * served now. Takes NULL. */
bool others_look(struct others *others, bool all);

/* Adds what is to be served of them to `zones`; `zone` has room for ZONES_MAX - 1, and both
 * belong together. Takes NULL. */
void others_add(const struct others *others, struct zone *zone, struct zones *zones);

/* Gives back what was replaced: nothing that others_add() told before is served any more. Takes
 * NULL. */
void others_retire(struct others *others);

/* Tells what is served of them, and what will be from now on. Takes NULL. */
void others_tell(struct others *others, struct statistics *statistics);

/* Where the workers tell NOTIFYs for them. Takes NULL. */
void others_hear(const struct others *others, struct served *served);

/* The folders that their files are in; returns how many, at most ZONES_MAX - 1. Takes NULL. */
size_t others_folders(const struct others *others, const char *folders[]);

#endif
