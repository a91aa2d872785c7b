/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/report.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "host/net/listen.h"
#include "serving/metrics.h"

#define REQUEST_MAX     4096
#define HEAD_MAX        256
#define PATIENCE_MILLIS 2000 /* for a whole request, and again for the response */

/* ---- listening ---- */

static enum mishap complain(const char *where, const char *why)
{
	fprintf(stderr, "comity: %s: %s\n", where, why);
	return MISHAP_IO;
}

static enum mishap listen_unix(const char *path, int *listener)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int opened;

	if (strlen(path) >= sizeof(address.sun_path))
		return complain(path, "too long for a socket");
	strcpy(address.sun_path, path);
	opened = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	(void)unlink(path); /* of a server before us */
	if (opened >= 0 &&
	    bind(opened, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    chmod(path, 0666) == 0 && listen(opened, 8) == 0) {
		*listener = opened;
		return OK;
	}
	complain(path, strerror(errno));
	if (opened >= 0)
		close(opened);
	return MISHAP_IO;
}

static bool is_loopback(const struct listen_address *address)
{
	if (address->socket.any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&address->socket.v6.sin6_addr);
	return ntohl(address->socket.v4.sin_addr.s_addr) >> 24 == 127;
}

enum mishap report_listen(const char *where, int *listener)
{
	struct listen_address address;

	if (where[0] == '/')
		return listen_unix(where, listener);
	if (listen_read(where, &address) != OK || !is_loopback(&address)) {
		complain(where, "neither a path nor an address of the loopback interface");
		return MISHAP_MALFORMED;
	}
	return listen_tcp(&address, false, listener);
}

/* ---- serving ---- */

static int millis_left(const struct timespec *begun)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return PATIENCE_MILLIS - (int)(1000 * (now.tv_sec - begun->tv_sec) +
	                               (now.tv_nsec - begun->tv_nsec) / 1000000);
}

/* Waits until the descriptor is ready or time is up. */
static bool wait_ready(int descriptor, short events, const struct timespec *begun)
{
	struct pollfd one = {.fd = descriptor, .events = events};
	int left = millis_left(begun);

	return left > 0 && poll(&one, 1, left) > 0;
}

/* The request up to its empty line; what METRICS_MORE says when there is none. */
static enum metrics_request receive(int descriptor)
{
	uint8_t request[REQUEST_MAX];
	struct timespec begun;
	size_t size = 0;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	while (size < sizeof(request) && wait_ready(descriptor, POLLIN, &begun)) {
		ssize_t n = recv(descriptor, request + size, sizeof(request) - size, 0);
		enum metrics_request asked;

		if (n <= 0)
			break;
		size += (size_t)n;
		asked = metrics_read_request((struct bytes){request, size});
		if (asked != METRICS_MORE)
			return asked;
	}
	return METRICS_MORE;
}

static void send_all(int descriptor, struct bytes octets, const struct timespec *begun)
{
	while (octets.size != 0 && wait_ready(descriptor, POLLOUT, begun)) {
		ssize_t n = send(descriptor, octets.at, octets.size, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		octets = bytes_from(octets, (size_t)n);
	}
}

static void respond(int descriptor, const char *status, struct bytes text)
{
	char head[HEAD_MAX];
	struct timespec begun;
	int size = snprintf(head, sizeof(head),
	                    "HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4\r\n"
	                    "Content-Length: %zu\r\nConnection: close\r\n\r\n",
	                    status, text.size);

	clock_gettime(CLOCK_MONOTONIC, &begun);
	send_all(descriptor, (struct bytes){(uint8_t *)head, (size_t)size}, &begun);
	send_all(descriptor, text, &begun);
}

static void serve_one(const struct report *report, int descriptor, uint8_t *room)
{
	struct writer to = {.at = room, .size = report->text_max};

	switch (receive(descriptor)) {
	case METRICS_WANTED:
		report->write(report->context, &to);
		respond(descriptor, "200 OK", writer_bytes(&to));
		break;
	case METRICS_OTHER:
		respond(descriptor, "404 Not Found", BYTES("/metrics is all there is\n"));
		break;
	case METRICS_MALFORMED:
		respond(descriptor, "400 Bad Request", BYTES("GET /metrics HTTP/1.1\n"));
		break;
	case METRICS_MORE:
		break;
	}
	close(descriptor);
}

_Noreturn void report_serve(const struct report *report)
{
	uint8_t *room = mmap(NULL, report->text_max, PROT_READ | PROT_WRITE,
	                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pollfd listener = {.fd = report->listener, .events = POLLIN};

	if (room == MAP_FAILED)
		memory_fail(report->text_max);
	for (;;) {
		int descriptor;

		if (poll(&listener, 1, -1) <= 0)
			continue;
		descriptor = accept4(report->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (descriptor >= 0)
			serve_one(report, descriptor, room);
	}
}
