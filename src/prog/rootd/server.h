/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_SERVER_H
#define COMITY_ROOTD_SERVER_H

/*
 * server.h - all that a server is made of, and what it serves at the moment.
 *
 * The workers see `served` only (served.h); the rest is the main thread's.
 */

#include <stdbool.h>

#include "host/net/served.h"
#include "prog/rootd/certificate.h"
#include "prog/rootd/config.h"
#include "prog/rootd/cookies.h"
#include "prog/rootd/courier.h"
#include "prog/rootd/follow.h"
#include "prog/rootd/options.h"
#include "prog/rootd/others.h"
#include "prog/rootd/release.h"
#include "prog/rootd/statistics.h"
#include "prog/rootd/transfers.h"

/* Exit codes (comity-rootd(8)). */
enum { EXIT_YES = 0, EXIT_REFUSED = 1, EXIT_MISUSE = 2, EXIT_MISHAP = 3 };

/* What is served at the moment, all in one piece so that it is exchanged at once. */
struct serving {
	struct answerer answerer;
	struct release release;
	struct status status;
	struct cookie_secrets secrets;
	struct held *held;           /* NULL: nothing to transfer */
	struct zones zones;          /* where there are others */
	struct zone zone[ZONES_MAX]; /* in `zones`; the main one first */
};

struct server {
	const struct options *options;
	struct config config;
	struct served served;
	struct serving *now;
	struct file_identity image_file,
		secrets_file; /* as they were before they were loaded first */
	struct attendant attendant;
	struct certificate certificate;
	struct courier courier;
	struct follow follow; /* where there is a primary */
	struct hearing hearing;
	struct others *others; /* NULL: there is the main zone only */
	struct statistics *statistics;
	bool expired; /* the courier says so */
};

/* Puts together what is to be served. `status` NULL: none is known; `held` NULL: nothing to
 * transfer. */
struct serving *server_make(const struct server *server, const struct release *release,
                            const struct status *status, const struct cookie_secrets *secrets,
                            struct held *held);

/* Serves `next` from now on, and gives back what the one before had alone. */
void server_exchange(struct server *server, struct serving *next);

/*
 * Loads what is served first, into server->now; waits for it where a primary has yet to bring
 * it. EXIT_YES; otherwise, told on standard error, what to exit with.
 */
int server_load(struct server *server);

/* Tells the statistics what is served now. */
void server_tell_statistics(const struct server *server);

/* Tells on standard error `what` is with an image. */
void server_tell_release(const struct image *image, const char *what);

#endif
