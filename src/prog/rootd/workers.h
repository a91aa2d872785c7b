/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_WORKERS_H
#define COMITY_ROOTD_WORKERS_H

/* workers.h - the threads that answer, what they count in, and how all begin together. */

#include <sched.h>
#include <stdbool.h>

#include "host/net/tap.h"
#include "host/net/tcp.h"
#include "host/net/udp.h"
#include "host/net/xdp.h"
#include "prog/rootd/server.h"

/* One of them a thread. */
struct worker {
	struct udp_worker udp;
	struct tcp_worker tcp;
	struct xdp_worker xdp;
	size_t number; /* which of --workers it belongs to */
};

bool worker_is_tcp(const struct worker *worker);

/* Gives all served.worker_count of them what they count in, and what limits them all. */
void workers_give_tables(struct server *server, struct tap *tap, struct worker *workers);

/* Starts all of them. MISHAP_IO, told on standard error. */
enum mishap workers_start(struct server *server, struct worker *workers) CHECKED;

/* Starts a thread; `processor` NULL: wherever the kernel likes. MISHAP_IO, told on standard
 * error. */
enum mishap workers_start_thread(void *(*run)(void *), void *argument,
                                 const cpu_set_t *processor) CHECKED;

/*
 * No thread reads a query before the sandbox stands, nor is it built before all have begun:
 * beginning takes calls that it does not allow. The main thread tells how many begin; then all
 * of them, and it, wait twice.
 */
void workers_await(unsigned threads);

/* Waits until all have begun, and again until the sandbox stands. */
void workers_wait(void);

/* The main thread's half of each of the two. */
void workers_meet(void);

#endif
