/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_FETCH_H
#define COMITY_ROOTD_FETCH_H

/* fetch.h - asking one primary for a newer zone, and taking it (RFC 5936, RFC 1995, RFC 8945).
 */

#include "base/bytes.h"
#include "host/net/held.h"
#include "host/net/tls.h"
#include "prog/rootd/builder.h"
#include "prog/rootd/config.h"

/* What a client needs for primaries that speak TLS. */
struct fetch_tls {
	const struct tls_library *library;
	struct tls_context *context;
};

/* Who is told of changes before the image is there. */
struct fetch_listener {
	void (*heard)(void *context, const struct verdict *verdict, struct bytes changes);
	void *context;
};

/* What a secondary has. */
struct fetch_have {
	const struct held *held;       /* NULL: nothing */
	const struct rrset_list *zone; /* in it */
	struct builder
		*ready; /* one that waits for changes of it, or has no process; used up */
};

enum fetched {
	FETCHED_NOTHING, /* the primary answered: there is nothing newer */
	FETCHED_ZONE,    /* image and transfer file are in the builder's memory */
	FETCHED_FAILED,  /* told on standard error */
};

/*
 * Asks `primary` for the zone at `apex`. `surely_newer`: a NOTIFY
 * said so, and the SOA need not be asked for first. After FETCHED_ZONE the builder and its
 * verdict are the caller's, to be ended.
 */
enum fetched fetch(struct config *config, const struct fetch_tls *tls,
                   const struct peer *primary, struct bytes apex, const struct fetch_have *have,
                   bool surely_newer, const struct fetch_listener *listener,
                   struct builder *builder, struct verdict *verdict);

#endif
