/* SPDX-License-Identifier: Apache-2.0 */
/* comity-rootd(8): serves one zone image by UDP and TCP. Knows no ledger and holds no key. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/must.h"
#include "host/about.h"
#include "host/sandbox.h"
#include "prog/rootd/compile.h"
#include "prog/rootd/keep.h"
#include "prog/rootd/rights.h"
#include "prog/rootd/sockets.h"
#include "prog/rootd/telling.h"

/* Makes the image of a text. Where that is no zone, an image that is there is served. */
static enum mishap begin_with_text(const struct options *options)
{
	const struct compile_start start = {.zone = options->text,
	                                    .origin = &options->origin,
	                                    .image = options->image,
	                                    .zonemd = options->zonemd,
	                                    .user = options->user,
	                                    .sandbox = options->sandbox};
	enum mishap m = compile_start(&start);

	if (m == OK || access(options->image, F_OK) != 0)
		return m;
	fprintf(stderr, "comity-rootd: %s: the image that is there stays\n", options->text);
	return OK;
}

static void allow(struct server *s)
{
	s->attendant = (struct attendant){.key = s->config.key,
	                                  .key_count = s->config.keys,
	                                  .take = s->config.take,
	                                  .take_count = s->config.takes,
	                                  .notify = s->config.notify,
	                                  .notify_count = s->config.notifies};
}

/* Starts what brings zones in, and loads what is served first. EXIT_YES, or what to exit with.
 */
static int open_zones(struct server *s)
{
	int code;

	allow(s);
	for (struct config *c = &s->config; c != NULL; c = c->next)
		c->sandbox = s->options->sandbox;
	if (s->config.primaries + s->config.secondaries != 0 &&
	    courier_start(s->options, &s->config, &s->courier) != OK)
		return EXIT_MISHAP;
	if (others_open(s->options, &s->config, &s->others) != OK)
		return EXIT_MISHAP;
	if (certificate_load(&s->config, &s->certificate) != OK)
		return EXIT_REFUSED;
	code = server_load(s);
	if (code != EXIT_YES)
		return code;
	for (size_t z = 0; z < ZONES_MAX; z++)
		s->served.notified[z] = -1;
	s->served.notified[0] = s->courier.tell;
	others_hear(s->others, &s->served);
	s->served.current = &s->now->answerer;
	return EXIT_YES;
}

/* Opens the sockets of `count` workers, `each` of them for one of --workers, and the frames of
 * an interface for more. */
static enum mishap open_workers(struct server *s, const struct listen_inherited *inherited,
                                size_t each, size_t count, struct worker *workers)
{
	sockets_allow(s->options);
	for (size_t w = 0; w < count; w++)
		workers[w].number = w / each;
	for (size_t w = 0; w < count; w += each)
		if (sockets_open(s, inherited, workers + w) != OK)
			return MISHAP_IO;
	s->served.worker_count =
		count + sockets_open_xdp(s->options, workers,
	                                 each - 1 - (s->config.tls_listens != 0),
	                                 workers + count);
	return OK;
}

/* Gives up what serving needs not, and has all threads begin. */
static enum mishap begin(struct server *s, struct worker *workers, struct telling *telling)
{
	const struct options *options = s->options;

	workers_await((unsigned)s->served.worker_count + telling_threads(options));
	if ((options->user != NULL && sandbox_become(options->user) != OK) ||
	    (options->sandbox && sandbox_drop_capabilities() != OK) ||
	    (options->sandbox && rights_see(s) != OK) || workers_start(s, workers) != OK ||
	    telling_start(options, telling) != OK)
		return MISHAP_IO;
	workers_meet();
	if (options->sandbox && rights_call(options) != OK)
		return MISHAP_IO;
	workers_meet();
	return OK;
}

static int serve(const struct options *options)
{
	static struct server server = {.courier = {-1, -1}};
	static struct telling telling;
	struct server *s = &server;
	struct listen_inherited inherited;
	struct worker *workers;
	sigset_t waiting;
	size_t each, sockets;
	int watch, code;

	s->options = options;
	config_begin(&s->config);
	if (options->text != NULL && begin_with_text(options) != OK)
		return EXIT_REFUSED;
	if (options->config != NULL && config_read(options->config, &s->config) != OK)
		return EXIT_REFUSED;
	if (listen_inherit(&inherited) != OK)
		return EXIT_MISHAP;
	each = (options->listen_count == 0 ? inherited.udp_count : options->listen_count) + 1 +
	       (s->config.tls_listens != 0);
	sockets = options->workers * each;
	if (sockets + options->workers > SERVED_WORKERS_MAX)
		return EXIT_MISUSE;
	workers = calloc(sockets + options->workers, sizeof(*workers));
	if (workers == NULL)
		memory_fail(sizeof(*workers));
	code = open_zones(s);
	if (code != EXIT_YES)
		return code;
	if (open_workers(s, &inherited, each, sockets, workers) != OK)
		return EXIT_MISHAP;
	s->statistics =
		statistics_make(s->served.worker_count, options->statistics, options->service,
	                        image_apex(s->now->answerer.image), s->now->answerer.zones);
	if (telling_open(s, workers, &telling) != OK)
		return EXIT_MISHAP;
	server_tell_statistics(s);
	others_tell(s->others, s->statistics);
	workers_give_tables(s, &telling.tap, workers);
	watch = keep_watch(s);
	keep_take_signals(&waiting);
	if (begin(s, workers, &telling) != OK)
		return EXIT_MISHAP;
	server_tell_release(&s->now->release.image, "serving");
	keep_serving(s, watch, &waiting);
	return EXIT_YES;
}

static int check(const struct options *options)
{
	struct release release;
	enum mishap m = release_load(options->image, &release);

	if (m != OK)
		return m == MISHAP_IO ? EXIT_MISHAP : EXIT_REFUSED;
	server_tell_release(&release.image, "good image:");
	release_free(&release);
	return EXIT_YES;
}

int main(int argc, char *argv[])
{
	static struct options options;
	enum mishap m;

	if (about_tell(argc, argv, "comity-rootd", OPTIONS_USAGE))
		return EXIT_YES;
	if (!options_read(argc, argv, &options))
		return EXIT_MISUSE;
	switch (options.what) {
	case COMPILE:
		m = compile_zone(options.zone, &options.origin, options.image,
		                 options.any_shape, options.zonemd);
		return m == OK ? EXIT_YES : m == MISHAP_IO ? EXIT_MISHAP : EXIT_REFUSED;
	case CHECK:
		return check(&options);
	case SERVE:
		break;
	}
	return serve(&options);
}
