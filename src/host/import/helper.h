/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_HELPER_H
#define COMITY_HOST_IMPORT_HELPER_H

/*
 * helper.h - asks the import helper (comity-import-helper, a process of its own, sandboxed) what a
 * zone holds. The helper gets open descriptors and nothing else: no file, no network, no
 * environment.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "host/import/telling.h"
#include "host/net/listen.h"

struct helper_question {
	int source;       /* the file, or the connected socket */
	bool transfer;    /* it is a socket: ask for the zone by AXFR */
	const char *apex; /* text of an absolute name */
	int anchors;      /* a file, or -1: nothing is verified */
	bool inception;   /* verify for the moment at which the SOA's signature begins to hold, */
	struct ledger_time at; /* or for this one */
	bool open;        /* without the sandbox: for debuggers and sanitizers */
};

/*
 * Runs the helper to its end. The telling lives in the arena, which has room for TELLING_SIZE_MAX
 * octets; it may be a fault of the source. MISHAP_IO, told on standard error: no helper, or it
 * died.
 */
enum mishap helper_ask(const struct helper_question *question, struct arena *arena,
                       struct telling *telling) CHECKED;

/* A TCP connection on which each end waits for the other for at most so long. -1, told on standard
 * error. */
int helper_connect(const struct listen_address *address, int seconds);

#endif
