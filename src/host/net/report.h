/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_REPORT_H
#define COMITY_HOST_NET_REPORT_H

/*
 * report.h - one text by HTTP, for whoever on this machine asks (Prometheus).
 *
 * One request a connection and one connection at a time, with a limit of time for each: enough for
 * a collector that comes every few seconds.
 */

#include <stddef.h>

#include "base/mishap.h"
#include "base/writer.h"

struct report {
	int listener;
	void (*write)(void *context, struct writer *to); /* the text */
	void *context;
	size_t text_max; /* octets of it */
};

/*
 * Opens a listener: a path, which begins with '/', is a Unix socket that any user may connect to; anything else is
 * ADDRESS@PORT of the loopback interface. MISHAP_MALFORMED: neither. MISHAP_IO. Both told
 * on standard error.
 */
enum mishap report_listen(const char *where, int *listener) CHECKED;

/* Serves it for ever. */
_Noreturn void report_serve(const struct report *report);

#endif
