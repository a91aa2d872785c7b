/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_KEEP_H
#define COMITY_ROOTD_KEEP_H

/*
 * keep.h - what the main thread does while the workers answer: it looks for new images,
 * transfer files, secrets, certificates and status pages, hears the couriers, and exchanges
 * what is served.
 */

#include <signal.h>

#include "prog/rootd/server.h"

/* Signals reach the main thread only, and only while it waits with `*waiting`. */
void keep_take_signals(sigset_t *waiting);

/* A descriptor that becomes readable when a file in the folder of a zone was put in place. */
int keep_watch(const struct server *server);

/* Until a signal ends it. */
void keep_serving(struct server *server, int watch, const sigset_t *waiting);

#endif
