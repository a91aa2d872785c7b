/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_SOCKETS_H
#define COMITY_ROOTD_SOCKETS_H

/* sockets.h - what the workers listen at: UDP, TCP, TLS, and the frames of an interface. */

#include "prog/rootd/workers.h"

/* As many descriptors as connections and sockets may want, or as many as we may have. */
void sockets_allow(const struct options *options);

/* Gives one of --workers its sockets: a UDP thread each, one thread for TCP, and one for TLS.
 * MISHAP_IO, told on standard error. */
enum mishap sockets_open(const struct server *server, const struct listen_inherited *inherited,
                         struct worker *workers) CHECKED;

/*
 * Has the interface hand over what comes for the `udp_count` UDP sockets from `first` on: a
 * queue a worker, with a thread of its own. Those begin at `workers`; returns how many there
 * are.
 */
size_t sockets_open_xdp(const struct options *options, const struct worker *first,
                        size_t udp_count, struct worker *workers);

#endif
