/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIGNERD_WORKER_H
#define COMITY_SIGNERD_WORKER_H

/*
 * worker.h - the process that holds shares: one descriptor, one folder, no network.
 *
 * It replays the ledger itself, countersigns seals that are its own, and signs only what it derived
 * (signing/custodian.h). Whoever is at the other end can keep it from working; it cannot make it lie.
 */

#include "base/mishap.h"

/*
 * Serves on descriptor `socket` for the party whose home this is, until the other end closes. The
 * exit status of the process: 0 the other end closed; 3 something failed, told on standard error.
 */
int worker_run(const char *home, int socket);

#endif
