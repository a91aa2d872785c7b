/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/sockets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

void sockets_allow(const struct options *options)
{
	rlim_t wanted =
		(rlim_t)options->workers * (options->tcp_connections + 2 * LISTEN_MAX + 1) + 64;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Sockets of one worker: what it opened, or what all share. */
struct sockets {
	int udp[LISTEN_MAX];
	bool wildcard[LISTEN_MAX];
	size_t udp_count;
	int *tcp; /* kept */
	size_t tcp_count;
};

static enum mishap open_sockets(const struct options *options, struct sockets *sockets)
{
	bool shared = options->workers > 1;

	for (size_t a = 0; a < options->listen_count; a++) {
		sockets->wildcard[a] = options->listen[a].wildcard;
		if (listen_udp(&options->listen[a], shared, &sockets->udp[a]) != OK ||
		    listen_tcp(&options->listen[a], shared, &sockets->tcp[a]) != OK)
			return MISHAP_IO;
	}
	return OK;
}

static struct tcp_worker tcp_worker_of(const struct options *options, const int *listeners,
                                       size_t count)
{
	return (struct tcp_worker){.listeners = listeners,
	                           .listener_count = count,
	                           .connections_max = options->tcp_connections,
	                           .per_source_max = options->tcp_per_source,
	                           .idle_seconds = options->tcp_idle};
}

/* DNS over TLS, in a thread of its own: a handshake holds up no query by TCP. */
static enum mishap open_tls(const struct server *s, struct worker *worker)
{
	int *listeners = calloc(s->config.tls_listens, sizeof(*listeners));

	if (listeners == NULL)
		memory_fail(s->config.tls_listens * sizeof(*listeners));
	for (size_t i = 0; i < s->config.tls_listens; i++)
		if (listen_tcp(&s->config.tls_listen[i], s->options->workers > 1,
		               &listeners[i]) != OK)
			return MISHAP_IO;
	worker->tcp = tcp_worker_of(s->options, listeners, s->config.tls_listens);
	worker->tcp.tls = s->certificate.library;
	worker->tcp.context = s->certificate.context;
	return OK;
}

enum mishap sockets_open(const struct server *s, const struct listen_inherited *inherited,
                         struct worker *workers)
{
	struct sockets own = {.udp_count = s->options->listen_count,
	                      .tcp_count = s->options->listen_count};

	if (s->options->listen_count == 0) {
		own.udp_count = inherited->udp_count;
		own.tcp_count = inherited->tcp_count;
	}
	own.tcp = calloc(own.tcp_count + 1, sizeof(*own.tcp));
	if (own.tcp == NULL)
		memory_fail(own.tcp_count * sizeof(*own.tcp));
	if (s->options->listen_count == 0) {
		memcpy(own.udp, inherited->udp, own.udp_count * sizeof(*own.udp));
		memcpy(own.wildcard, inherited->wildcard,
		       own.udp_count * sizeof(*own.wildcard));
		memcpy(own.tcp, inherited->tcp, own.tcp_count * sizeof(*own.tcp));
	} else if (open_sockets(s->options, &own) != OK) {
		return MISHAP_IO;
	}
	for (size_t a = 0; a < own.udp_count; a++) {
		workers[a].udp.descriptor = own.udp[a];
		workers[a].udp.wildcard = own.wildcard[a];
	}
	workers[own.udp_count].tcp = tcp_worker_of(s->options, own.tcp, own.tcp_count);
	if (s->config.tls_listens != 0)
		return open_tls(s, &workers[own.udp_count + 1]);
	return OK;
}

size_t sockets_open_xdp(const struct options *options, const struct worker *first,
                        size_t udp_count, struct worker *workers)
{
	union sender address[LISTEN_MAX] = {0};
	struct xdp_targets targets = {address, udp_count};
	const struct xdp_library *library;
	struct xdp *xdp;
	size_t count;

	if (options->xdp == NULL)
		return 0;
	for (size_t a = 0; a < udp_count; a++) {
		socklen_t size = sizeof(address[a]);

		if (getsockname(first[a].udp.descriptor, &address[a].any, &size) != 0)
			return 0;
	}
	xdp = xdp_open(options->xdp, options->workers, &targets, &library);
	count = xdp == NULL ? 0 : library->queues(xdp);
	for (size_t q = 0; q < count; q++) {
		workers[q].xdp =
			(struct xdp_worker){.library = library, .xdp = xdp, .queue = q};
		workers[q].number = q;
	}
	return count;
}
