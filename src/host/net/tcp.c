/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/must.h"
#include "dns/message.h"
#include "host/net/outbox.h"
#include "host/net/sender.h"

#define PREFIX_SIZE  2    /* octets of the size before each message (RFC 1035 section 4.2.2) */
#define QUERY_MAX    4096 /* octets; whoever sends a longer query is cut off */
#define ANSWERS_ROOM (4 * (PREFIX_SIZE + MESSAGE_SIZE_MAX + ANSWER_SLACK))
#define ANSWER_ROOM  (PREFIX_SIZE + MESSAGE_SIZE_MAX + ANSWER_SLACK) /* what one may need */
#define EVENTS       64
#define TRANSFERS    64 /* at the same time, a worker */

struct connection {
	int descriptor; /* -1: free */
	bool ending;    /* the other side has said all it will */
	bool waiting;   /* for room to write */
	time_t active;  /* when it last asked something, seconds of the monotonic clock */
	struct connection *older, *newer; /* in order of `active`; free ones by `newer` only */
	size_t query_size;                /* octets received, not yet answered */
	size_t unsent_size;               /* octets answered that could not be sent, ... */
	size_t unsent_from;               /* ... beginning here */
	union sender sender;
	struct asker asker; /* its address is that of `sender` */
	struct buffers *buffers;
	struct outbox *outbox; /* of a transfer under way; NULL: none */
};

/* Apart from the connections, so that memory is touched only by those in use. */
struct buffers {
	uint8_t query[PREFIX_SIZE + QUERY_MAX];
	uint8_t unsent[ANSWERS_ROOM];
};

struct tcp {
	const struct tcp_worker *worker;
	int epoll;
	time_t now;
	struct connection *oldest, *newest, *free;
	struct outbox *free_outbox;
	uint8_t answers[ANSWERS_ROOM]; /* of one read */
};

/* ---- connections ---- */

static void *pages(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(size);
	return at;
}

static void unlink_connection(struct tcp *tcp, struct connection *c)
{
	*(c->older != NULL ? &c->older->newer : &tcp->oldest) = c->newer;
	*(c->newer != NULL ? &c->newer->older : &tcp->newest) = c->older;
}

static void link_newest(struct tcp *tcp, struct connection *c)
{
	c->active = tcp->now;
	c->older = tcp->newest;
	c->newer = NULL;
	*(tcp->newest != NULL ? &tcp->newest->newer : &tcp->oldest) = c;
	tcp->newest = c;
}

static void end_transfer(struct tcp *tcp, struct connection *c)
{
	outbox_end(c->outbox);
	c->outbox->next = tcp->free_outbox;
	tcp->free_outbox = c->outbox;
	c->outbox = NULL;
}

static void end_connection(struct tcp *tcp, struct connection *c)
{
	if (c->outbox != NULL)
		end_transfer(tcp, c);
	close(c->descriptor);
	unlink_connection(tcp, c);
	c->descriptor = -1;
	c->newer = tcp->free;
	tcp->free = c;
}

/* Tells epoll what the connection waits for; false when it will not. */
static bool watch(struct tcp *tcp, struct connection *c, int how)
{
	struct epoll_event event = {.events = c->waiting ? EPOLLOUT : EPOLLIN, .data.ptr = c};

	return epoll_ctl(tcp->epoll, how, c->descriptor, &event) == 0;
}

static void begin_connection(struct tcp *tcp, int descriptor, const union sender *sender)
{
	struct connection *c;
	int yes = 1;

	if (tcp->free == NULL)
		end_connection(tcp,
		               tcp->oldest); /* RFC 7766 section 6.2.3 leaves us the choice */
	c = tcp->free;
	tcp->free = c->newer;
	c->descriptor = descriptor;
	c->sender = *sender;
	c->asker = (struct asker){
		.transport = TRANSPORT_TCP,
		.address = sender_address(&c->sender),
		.keepalive = (uint16_t)(10 * tcp->worker->idle_seconds), /* RFC 7828 */
	};
	c->ending = c->waiting = false;
	c->query_size = c->unsent_size = c->unsent_from = 0;
	link_newest(tcp, c);
	(void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	if (!watch(tcp, c, EPOLL_CTL_ADD))
		end_connection(tcp, c);
}

static void accept_all(struct tcp *tcp, int listener)
{
	union sender sender = {0};
	socklen_t size = sizeof(sender);
	int descriptor;

	while ((descriptor = accept4(listener, &sender.any, &size,
	                             SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		begin_connection(tcp, descriptor, &sender);
		size = sizeof(sender);
	}
	if ((errno == EMFILE || errno == ENFILE) && tcp->oldest != NULL)
		end_connection(tcp, tcp->oldest); /* and the one waiting comes next round */
}

/* ---- sending ---- */

/* Sends what it can of `size` octets; returns how many, or -1 when the connection is lost. */
static ssize_t send_some(int descriptor, const uint8_t *octets, size_t size)
{
	size_t sent = 0;

	while (sent < size) {
		ssize_t n = send(descriptor, octets + sent, size - sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? (ssize_t)sent : -1;
		sent += (size_t)n;
	}
	return (ssize_t)sent;
}

/* Sends answers, and keeps what has to wait. False when the connection is lost. */
static bool send_answers(struct connection *c, const uint8_t *octets, size_t size)
{
	ssize_t sent = send_some(c->descriptor, octets, size);

	if (sent < 0)
		return false;
	must(c->unsent_size == 0 && size - (size_t)sent <= sizeof(c->buffers->unsent));
	c->unsent_from = 0;
	c->unsent_size = size - (size_t)sent;
	memcpy(c->buffers->unsent, octets + sent, c->unsent_size);
	return true;
}

static bool send_unsent(struct connection *c)
{
	ssize_t sent =
		send_some(c->descriptor, c->buffers->unsent + c->unsent_from, c->unsent_size);

	if (sent < 0)
		return false;
	c->unsent_from += (size_t)sent;
	c->unsent_size -= (size_t)sent;
	return true;
}

/* It asked, or took something that it had asked for. */
static void note_active(struct tcp *tcp, struct connection *c)
{
	unlink_connection(tcp, c);
	link_newest(tcp, c);
}

/* Goes on with a transfer. False when the connection is lost. */
static bool send_transfer(struct tcp *tcp, struct connection *c)
{
	bool progress = false;
	enum outbox_state state = outbox_send(c->outbox, c->descriptor, &progress);

	if (progress)
		note_active(tcp, c);
	if (state == OUTBOX_DONE)
		end_transfer(tcp, c);
	return state != OUTBOX_LOST;
}

/* ---- answering ---- */

/* The whole query at the front of `octets`, its prefix left out; false when it is not all
 * there. */
static bool next_query(const uint8_t *octets, size_t size, size_t *query_size)
{
	if (size < PREFIX_SIZE)
		return false;
	*query_size = (size_t)octets[0] << 8 | octets[1];
	return size - PREFIX_SIZE >= *query_size;
}

/* A query that takes more than the image. Returns the size of its response; 0 when there is none, or
 * a transfer that now has begun. */
static size_t attend_to(struct tcp *tcp, struct connection *c, const struct answerer *server,
                        uint8_t *message, size_t size)
{
	struct outbox *outbox = tcp->free_outbox;
	struct answerer without = *server;
	struct sending none;
	struct attended attended;

	without.transfer = NULL;
	attended = attend(outbox == NULL ? &without : server, &c->asker, message, size,
	                  MESSAGE_SIZE_MAX + ANSWER_SLACK,
	                  outbox == NULL ? &none : &outbox->sending);
	if (attended.notified)
		served_tell(tcp->worker->served, &attended);
	if (attended.sending) {
		tcp->free_outbox = outbox->next;
		c->outbox = outbox;
		outbox_begin(outbox);
	}
	return attended.size;
}

/*
 * Answers the whole queries that were received, as long as nothing has to wait for
 * room and no transfer is under way. False when the connection shall end: lost, or a query that is too long.
 */
static bool answer_received(struct tcp *tcp, struct connection *c,
                            const struct answerer *server)
{
	size_t from = 0, used = 0, size;

	c->asker.now = (uint32_t)time(NULL);
	while (c->unsent_size == 0 && c->outbox == NULL &&
	       next_query(c->buffers->query + from, c->query_size - from, &size)) {
		uint8_t *to = tcp->answers + used;
		size_t answered;

		memcpy(to + PREFIX_SIZE, c->buffers->query + from + PREFIX_SIZE, size);
		answered = (server->expired ? answer_expired : answer)(
				   server, &c->asker, to + PREFIX_SIZE, size,
				   MESSAGE_SIZE_MAX + ANSWER_SLACK)
		                   .size;
		if (answered == ANSWER_ATTEND)
			answered = attend_to(tcp, c, server, to + PREFIX_SIZE, size);
		from += PREFIX_SIZE + size;
		if (answered == 0)
			continue;
		to[0] = (uint8_t)(answered >> 8);
		to[1] = (uint8_t)answered;
		used += PREFIX_SIZE + answered;
		if (sizeof(tcp->answers) - used >= ANSWER_ROOM)
			continue;
		if (!send_answers(c, tcp->answers, used))
			return false;
		used = 0;
	}
	if (from != 0) {
		c->query_size -= from;
		memmove(c->buffers->query, c->buffers->query + from, c->query_size);
		note_active(tcp, c);
	}
	if (used != 0 && !send_answers(c, tcp->answers, used))
		return false;
	return c->query_size < PREFIX_SIZE ||
	       ((size_t)c->buffers->query[0] << 8 | c->buffers->query[1]) <= QUERY_MAX;
}

/* Receives what there is and fits. False when the connection is lost. */
static bool receive(struct connection *c)
{
	ssize_t n;

	do
		n = recv(c->descriptor, c->buffers->query + c->query_size,
		         sizeof(c->buffers->query) - c->query_size, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN;
	c->ending = n == 0;
	c->query_size += (size_t)n;
	return true;
}

/* One round with a connection that is ready. False when it shall end. */
static bool work(struct tcp *tcp, struct connection *c, const struct answerer *server)
{
	bool waited = c->waiting;

	if (waited ? !send_unsent(c) : !receive(c))
		return false;
	if (c->unsent_size == 0 && c->outbox == NULL && !answer_received(tcp, c, server))
		return false;
	if (c->unsent_size == 0 && c->outbox != NULL) {
		if (!send_transfer(tcp, c))
			return false;
		/* What was asked behind it. */
		if (c->outbox == NULL && !answer_received(tcp, c, server))
			return false;
	}
	c->waiting = c->unsent_size != 0 || c->outbox != NULL;
	if (c->ending && !c->waiting)
		return false;
	return c->waiting == waited || watch(tcp, c, EPOLL_CTL_MOD);
}

/* ---- the loop ---- */

static time_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void end_idle(struct tcp *tcp)
{
	while (tcp->oldest != NULL &&
	       tcp->now - tcp->oldest->active >= (time_t)tcp->worker->idle_seconds)
		end_connection(tcp, tcp->oldest);
}

static void make_connections(struct tcp *tcp, size_t count)
{
	struct connection *connections = pages(count * sizeof(*connections));
	struct buffers *buffers = pages(count * sizeof(*buffers));

	for (size_t i = count; i-- > 0;) {
		connections[i] = (struct connection){.descriptor = -1, .buffers = &buffers[i]};
		connections[i].newer = tcp->free;
		tcp->free = &connections[i];
	}
}

static void make_outboxes(struct tcp *tcp)
{
	struct outbox *outboxes = pages(TRANSFERS * sizeof(*outboxes));

	for (size_t i = TRANSFERS; i-- > 0;) {
		outboxes[i].next = tcp->free_outbox;
		tcp->free_outbox = &outboxes[i];
	}
}

static struct tcp *make(const struct tcp_worker *worker)
{
	struct tcp *tcp = pages(sizeof(*tcp));

	tcp->worker = worker;
	make_connections(tcp, worker->connections_max);
	make_outboxes(tcp);
	tcp->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < worker->listener_count; i++) {
		struct epoll_event event = {.events = EPOLLIN,
		                            .data.ptr =
		                                    (void *)(uintptr_t)&worker->listeners[i]};
		if (epoll_ctl(tcp->epoll, EPOLL_CTL_ADD, worker->listeners[i], &event) != 0)
			memory_fail(sizeof(event));
	}
	return tcp;
}

static bool is_listener(const struct tcp *tcp, const void *at)
{
	const int *listener = at;

	return listener >= tcp->worker->listeners &&
	       listener < tcp->worker->listeners + tcp->worker->listener_count;
}

_Noreturn void tcp_serve(const struct tcp_worker *worker)
{
	struct tcp *tcp = make(worker);
	struct epoll_event event[EVENTS];

	for (;;) {
		int count = epoll_wait(tcp->epoll, event, EVENTS, 1000);
		const struct answerer *server = served_take(worker->served, worker->worker);

		tcp->now = seconds_now();
		/* Connections first: a new one may end an old one whose event is in this round.
		 */
		for (int i = 0; i < count; i++) {
			struct connection *c = event[i].data.ptr;
			if (!is_listener(tcp, c) && c->descriptor >= 0 && !work(tcp, c, server))
				end_connection(tcp, c);
		}
		served_give(worker->served, worker->worker);
		for (int i = 0; i < count; i++)
			if (is_listener(tcp, event[i].data.ptr))
				accept_all(tcp, *(const int *)event[i].data.ptr);
		end_idle(tcp);
	}
}
