/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVERD_WORKER_H
#define COMITY_OBSERVERD_WORKER_H

/*
 * worker.h - the process that holds the duty key: finds checks that are waited for, has them made, signs
 * what was found, and sends. Its network is the socket of its node.
 */

/* Works over a connected socket until the peer is gone; an exit status. */
int worker_run(const char *home, int socket, int asker);

#endif
