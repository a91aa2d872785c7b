/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp_load - asks the queries of a mix by TCP: on connections that stay, several under way on
 * each; or (-1) one query on each connection.
 *
 *     tcp_load -a ADDRESS -p PORT -f MIX [-n CONNECTIONS] [-w WINDOW | -1] [-r RATE] [-t
 * SECONDS]
 *              [-W WARM_SECONDS] [-c PROCESSOR]
 *
 * With -r no more than so many queries a second are sent in all.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "meter.h"
#include "mix.h"

#define PREFIX     2
#define WINDOW_MAX 64
#define ROOM       (1 << 17)
#define EVENTS     64

struct connection {
	int descriptor;
	bool connected;
	unsigned under_way;
	uint64_t sent_at; /* ns, when it last sent */
	size_t have;
	uint8_t room[ROOM]; /* what was received, not yet looked at */
};

static struct {
	const char *address, *file;
	int port, connections, processor;
	unsigned window;
	bool one;
	double rate;
} want = {.address = "127.0.0.1", .port = 53, .connections = 32, .processor = -1, .window = 16};

static struct meter meter = {.seconds = 5, .warm_seconds = 0.5};
static struct mix mix;
static uint64_t given; /* queries, the warming up included */
static int epoll;

static void dial(struct connection *c)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)want.port)};
	struct linger reset = {1, 0}; /* else the ports are soon used up */
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
	int yes = 1;

	c->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	c->connected = false;
	c->under_way = 0;
	c->have = 0;
	meter.connections++;
	if (c->descriptor < 0 || inet_pton(AF_INET, want.address, &to.sin_addr) != 1)
		give_up(want.address);
	(void)setsockopt(c->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	if (want.one)
		(void)setsockopt(c->descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	if (connect(c->descriptor, (struct sockaddr *)&to, sizeof(to)) != 0 &&
	    errno != EINPROGRESS)
		meter.errors++;
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->descriptor, &event) != 0)
		give_up("epoll");
}

static void redial(struct connection *c)
{
	close(c->descriptor);
	dial(c);
}

/* How many queries may be sent now. */
static unsigned allowed(uint64_t now)
{
	uint64_t due;

	if (want.rate <= 0)
		return want.window;
	due = (uint64_t)((double)(now - meter.begun_at) * 1e-9 * want.rate);
	return due <= given                ? 0
	       : due - given < want.window ? (unsigned)(due - given)
	                                   : want.window;
}

/* Fills the window of a connection, in one write. */
static void ask(struct connection *c, uint64_t now)
{
	static uint8_t octets[WINDOW_MAX * (PREFIX + MIX_MESSAGE_MAX)];
	unsigned more = want.window - c->under_way, may = allowed(now);
	size_t used = 0;

	more = more < may ? more : may;
	for (unsigned i = 0; i < more; i++) {
		uint16_t size;
		const uint8_t *message = mix_next(&mix, &size);

		octets[used++] = (uint8_t)(size >> 8);
		octets[used++] = (uint8_t)size;
		memcpy(octets + used, message, size);
		used += size;
	}
	if (used == 0)
		return;
	if (write(c->descriptor, octets, used) != (ssize_t)used) {
		meter.errors++;
		redial(c);
		return;
	}
	c->sent_at = now;
	c->under_way += more;
	meter.sent += more;
	given += more;
}

/* Counts the whole answers that were received. */
static void count(struct connection *c, uint64_t now)
{
	size_t at = 0;

	while (c->have - at >= PREFIX) {
		size_t size = (size_t)(c->room[at] << 8 | c->room[at + 1]);

		if (c->have - at < PREFIX + size || size < 12)
			break;
		meter_answer(&meter, c->room + at + PREFIX, size, now - c->sent_at);
		at += PREFIX + size;
		c->under_way -= c->under_way != 0;
	}
	memmove(c->room, c->room + at, c->have - at);
	c->have -= at;
}

/* Receives all there is. False when the connection has ended. */
static bool receive(struct connection *c)
{
	for (;;) {
		ssize_t got = read(c->descriptor, c->room + c->have, ROOM - c->have);

		if (got <= 0)
			return got < 0 && errno == EAGAIN;
		c->have += (size_t)got;
		count(c, meter_now());
	}
}

static void work(struct connection *c, uint32_t events)
{
	if (!c->connected && (events & EPOLLOUT) != 0) {
		c->connected = true;
		ask(c, meter_now());
	}
	if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0)
		return;
	if (!receive(c)) {
		meter.errors += !want.one || c->under_way != 0;
		redial(c);
	} else if (want.one && c->connected && c->under_way == 0) {
		redial(c);
	} else if (!want.one && c->under_way <= want.window / 2) {
		ask(c, meter_now());
	}
}

/* At a rate nobody waits for an event before asking. */
static void ask_around(struct connection *connections, uint64_t now)
{
	static int next;

	for (int i = 0; i < want.connections && allowed(now) != 0; i++) {
		struct connection *c = &connections[next++ % want.connections];

		if (c->connected && c->under_way < want.window)
			ask(c, now);
	}
}

static void run(struct connection *connections)
{
	struct epoll_event event[EVENTS];

	for (uint64_t now = meter_now(); meter_goes_on(&meter, now); now = meter_now()) {
		int ready = epoll_wait(epoll, event, EVENTS, want.rate > 0 ? 0 : 5);

		for (int i = 0; i < ready; i++)
			work(event[i].data.ptr, event[i].events);
		if (want.rate > 0 && !want.one)
			ask_around(connections, now);
	}
}

static bool read_options(int argc, char *argv[])
{
	int option;

	while ((option = getopt(argc, argv, "a:p:f:n:w:1r:t:W:c:")) > 0)
		switch (option) {
		case 'a':
			want.address = optarg;
			break;
		case 'p':
			want.port = atoi(optarg);
			break;
		case 'f':
			want.file = optarg;
			break;
		case 'n':
			want.connections = atoi(optarg);
			break;
		case 'w':
			want.window = (unsigned)atoi(optarg);
			break;
		case '1':
			want.one = true;
			break;
		case 'r':
			want.rate = atof(optarg);
			break;
		case 't':
			meter.seconds = atof(optarg);
			break;
		case 'W':
			meter.warm_seconds = atof(optarg);
			break;
		case 'c':
			want.processor = atoi(optarg);
			break;
		default:
			return false;
		}
	if (want.one)
		want.window = 1;
	return want.file != NULL && want.connections > 0 && want.window > 0 &&
	       want.window <= WINDOW_MAX && optind == argc;
}

int main(int argc, char *argv[])
{
	struct connection *connections;

	if (!read_options(argc, argv))
		return 2;
	meter_pin(want.processor);
	mix = mix_read(want.file);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	connections = calloc((size_t)want.connections, sizeof(*connections));
	if (connections == NULL || epoll < 0)
		give_up("memory");
	meter_begin(&meter);
	for (int i = 0; i < want.connections; i++)
		dial(&connections[i]);
	run(connections);
	meter_tell(&meter);
	return 0;
}
