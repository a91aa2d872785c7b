/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/conduit.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PREFIX_SIZE 2

uint64_t conduit_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void conduit_allow(struct conduit *c, unsigned milliseconds)
{
	c->deadline = conduit_clock() + milliseconds;
}

/* Waits until the descriptor is ready; false when the deadline comes first. */
static bool await(const struct conduit *c, short events)
{
	struct pollfd wait = {.fd = c->descriptor, .events = events};

	for (;;) {
		uint64_t now = conduit_clock();
		int ready;

		if (now >= c->deadline)
			return false;
		ready = poll(&wait, 1, (int)(c->deadline - now));
		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
	}
}

static bool connected(struct conduit *c)
{
	int error = 0;
	socklen_t size = sizeof(error);

	return await(c, POLLOUT) &&
	       getsockopt(c->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
	       error == 0;
}

bool conduit_open(struct conduit *c, const struct listen_address *address,
                  unsigned milliseconds, const char **why)
{
	int yes = 1;

	conduit_allow(c, milliseconds);
	c->first = c->used = 0;
	c->tls = NULL;
	c->descriptor = socket(address->socket.any.sa_family,
	                       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	*why = "no socket";
	if (c->descriptor < 0)
		return false;
	(void)setsockopt(c->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	*why = "does not take a connection";
	if ((connect(c->descriptor, &address->socket.any, address->size) == 0 ||
	     errno == EINPROGRESS) &&
	    connected(c))
		return true;
	conduit_close(c);
	return false;
}

static bool greet(struct conduit *c)
{
	enum tls_state state;

	while ((state = c->library->shake_hands(c->tls, c->descriptor)) == TLS_WAITS)
		if (!await(c, c->library->has_unsent(c->tls) ? POLLOUT | POLLIN : POLLIN))
			return false;
	return state == TLS_READY;
}

bool conduit_secure(struct conduit *c, const struct tls_library *library,
                    struct tls_context *context, const char *name, const char **why)
{
	c->library = library;
	c->tls = library->connect(context, name);
	if (c->tls != NULL && greet(c))
		return true;
	*why = name == NULL ? "does not speak TLS 1.3"
	                    : "does not show by TLS 1.3 that it is who it should be";
	conduit_close(c);
	return false;
}

void conduit_close(struct conduit *c)
{
	if (c->tls != NULL)
		c->library->end(c->tls);
	c->tls = NULL;
	if (c->descriptor >= 0)
		close(c->descriptor);
	c->descriptor = -1;
}

static bool send_all_tls(struct conduit *c, struct bytes octets)
{
	ssize_t n;

	while ((n = c->library->send(c->tls, c->descriptor, octets.at, octets.size)) == 0)
		if (!await(c, POLLOUT))
			return false;
	while (n > 0 && c->library->has_unsent(c->tls))
		if (!await(c, POLLOUT) || !c->library->flush(c->tls, c->descriptor))
			return false;
	return n > 0;
}

static bool send_all(struct conduit *c, struct bytes octets)
{
	if (c->tls != NULL)
		return send_all_tls(c, octets);
	while (octets.size != 0) {
		ssize_t n = send(c->descriptor, octets.at, octets.size, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (n < 0 && !await(c, POLLOUT))
			return false;
		if (n > 0)
			octets = bytes_from(octets, (size_t)n);
	}
	return true;
}

bool conduit_send(struct conduit *c, struct bytes message)
{
	uint8_t octets[PREFIX_SIZE + 4096];

	if (message.size > sizeof(octets) - PREFIX_SIZE)
		return false;
	octets[0] = (uint8_t)(message.size >> 8);
	octets[1] = (uint8_t)message.size;
	memcpy(octets + PREFIX_SIZE, message.at, message.size);
	return send_all(c, (struct bytes){octets, PREFIX_SIZE + message.size});
}

/* Receives what there is, at least an octet. */
static bool receive_some(struct conduit *c)
{
	if (c->first != 0 && sizeof(c->octets) - c->used < PREFIX_SIZE + CONDUIT_MESSAGE_MAX) {
		memmove(c->octets, c->octets + c->first, c->used - c->first);
		c->used -= c->first;
		c->first = 0;
	}
	for (;;) {
		size_t room = sizeof(c->octets) - c->used;
		ssize_t n = c->tls == NULL ? recv(c->descriptor, c->octets + c->used, room, 0)
		                           : c->library->receive(c->tls, c->descriptor,
		                                                 c->octets + c->used, room);

		if (n > 0) {
			c->used += (size_t)n;
			return true;
		}
		if (n == 0 || (errno != EAGAIN && errno != EINTR) || !await(c, POLLIN))
			return false;
	}
}

bool conduit_has_some(const struct conduit *c)
{
	return c->used != c->first || (c->tls != NULL && c->library->has_more(c->tls));
}

bool conduit_receive(struct conduit *c, struct bytes *message)
{
	size_t size;

	for (;;) {
		size_t here = c->used - c->first;

		size = here < PREFIX_SIZE
		               ? 0
		               : (size_t)c->octets[c->first] << 8 | c->octets[c->first + 1];
		if (here >= PREFIX_SIZE && here - PREFIX_SIZE >= size)
			break;
		if (!receive_some(c))
			return false;
	}
	*message = (struct bytes){c->octets + c->first + PREFIX_SIZE, size};
	c->first += PREFIX_SIZE + size;
	return true;
}
