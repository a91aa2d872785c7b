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
#include "serving/octets.h"
#include "serving/tally.h"

#define PREFIX_SIZE  2    /* octets of the size before each message (RFC 1035 section 4.2.2) */
#define QUERY_MAX    4096 /* octets; whoever sends a longer query is cut off */
#define ANSWER_ROOM  (PREFIX_SIZE + MESSAGE_SIZE_MAX + ANSWER_SLACK) /* what one may need */
#define ANSWERS_ROOM (4 * ANSWER_ROOM)
#define ANSWERED_MAX (QUERY_MAX / MESSAGE_HEADER_SIZE + 2) /* messages of one read */
#define EVENTS       256 /* of a round: what has ended is seen before what is new is counted */
#define TRANSFERS    64 /* at the same time, a worker */

struct connection {
	int descriptor; /* -1: free */
	bool ending;    /* the other side has said all it will */
	bool waiting;   /* for room to write */
	bool kept;      /* something was kept in its buffers */
	time_t active;  /* when it last asked something, seconds of the monotonic clock */
	struct connection *older, *newer; /* in order of `active`; free ones by `newer` only */
	struct connection *before, *next; /* of the same bucket: see bucket_of() */
	size_t query_size;                /* octets received, not yet answered */
	size_t unsent_size;               /* octets of an answer that could not be sent, ... */
	size_t unsent_from;               /* ... beginning here */
	union sender sender;
	struct asker asker; /* its address is that of `sender` */
	struct buffers *buffers;
	struct outbox *outbox; /* of a transfer under way; NULL: none */
	struct tls *tls;       /* NULL: none */
};

/*
 * What is kept for a connection from one round to the next: the start of a query, and the rest
 * of one answer; what it asked behind that is answered when that is out. So who does not read
 * holds a page or two, and who asks and reads like nearly everybody none.
 */
struct buffers {
	_Alignas(4096) uint8_t query[PREFIX_SIZE + QUERY_MAX];
	uint8_t unsent[ANSWER_ROOM];
};

/* One message of a read. */
struct answered {
	size_t query_end;  /* in tcp.received */
	size_t answer_end; /* in tcp.answers */
	size_t query_size;
	struct outcome outcome;
};

struct tcp {
	const struct tcp_worker *worker;
	int epoll;
	time_t now;           /* seconds of the monotonic clock */
	uint32_t seconds;     /* since 1970 */
	struct tap_ring *tap; /* NULL: nobody is told */
	struct connection *oldest, *newest, *free;
	struct connection **bucket;
	size_t bucket_mask;
	uint64_t bucket_key;        /* SECRET random */
	struct outbox *free_outbox; /* that was used before */
	struct outbox
		*outboxes; /* TRANSFERS of them; memory is touched only by those ever used */
	size_t outboxes_used;
	uint8_t received[PREFIX_SIZE + QUERY_MAX + ANSWER_SLACK]; /* of one read */
	uint8_t answers[ANSWERS_ROOM];                            /* to them */
	struct answered answered[ANSWERED_MAX];
	size_t answered_count, answers_size;
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

/* ---- sources ---- */

/* A source is an IPv4 address or an IPv6 /64. */
static bool same_source(struct bytes a, struct bytes b)
{
	return a.size == b.size && memcmp(a.at, b.at, a.size == 4 ? 4 : 8) == 0;
}

static struct connection **bucket_of(const struct tcp *tcp, struct bytes address)
{
	uint64_t source = address.size == 4 ? load16(address.at) << 16 | load16(address.at + 2)
	                                    : load64(address.at);

	return &tcp->bucket[tally_mix(source ^ tcp->bucket_key) >> 32 & tcp->bucket_mask];
}

static bool too_many_of(const struct tcp *tcp, struct bytes address)
{
	size_t count = 0;

	for (const struct connection *c = *bucket_of(tcp, address); c != NULL; c = c->next)
		count += same_source(c->asker.address, address);
	return count >= tcp->worker->per_source_max;
}

static void link_source(struct tcp *tcp, struct connection *c)
{
	struct connection **bucket = bucket_of(tcp, c->asker.address);

	c->before = NULL;
	c->next = *bucket;
	if (c->next != NULL)
		c->next->before = c;
	*bucket = c;
}

static void unlink_source(struct tcp *tcp, struct connection *c)
{
	if (c->before != NULL)
		c->before->next = c->next;
	else
		*bucket_of(tcp, c->asker.address) = c->next;
	if (c->next != NULL)
		c->next->before = c->before;
}

/* ---- beginning and ending ---- */

/* Gives the memory of its buffers back. */
static void forget(struct connection *c)
{
	if (c->kept)
		(void)madvise(c->buffers, sizeof(*c->buffers), MADV_DONTNEED);
	c->kept = false;
}

/* Room for a transfer; NULL when so many are under way. */
static struct outbox *take_outbox(struct tcp *tcp)
{
	struct outbox *outbox = tcp->free_outbox;

	if (outbox != NULL)
		tcp->free_outbox = outbox->next;
	else if (tcp->outboxes_used < TRANSFERS)
		outbox = &tcp->outboxes[tcp->outboxes_used++];
	return outbox;
}

static void give_outbox(struct tcp *tcp, struct outbox *outbox)
{
	outbox->next = tcp->free_outbox;
	tcp->free_outbox = outbox;
}

static void end_transfer(struct tcp *tcp, struct connection *c)
{
	outbox_end(c->outbox);
	give_outbox(tcp, c->outbox);
	c->outbox = NULL;
}

static void end_connection(struct tcp *tcp, struct connection *c)
{
	if (c->outbox != NULL)
		end_transfer(tcp, c);
	if (c->tls != NULL)
		tcp->worker->tls->end(c->tls);
	c->tls = NULL;
	close(c->descriptor);
	unlink_connection(tcp, c);
	unlink_source(tcp, c);
	forget(c);
	c->descriptor = -1;
	c->newer = tcp->free;
	tcp->free = c;
}

/* RFC 7766 section 6.2.3 leaves us the choice. */
static void make_room(struct tcp *tcp)
{
	tally_one(&tcp->worker->tally->counts.tcp_evicted);
	end_connection(tcp, tcp->oldest);
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

	if (tcp->free == NULL)
		make_room(tcp);
	c = tcp->free;
	tcp->free = c->newer;
	c->descriptor = descriptor;
	c->sender = *sender;
	c->asker = (struct asker){
		.transport = TRANSPORT_TCP,
		.address = sender_address(&c->sender),
		.keepalive = (uint16_t)(10 * tcp->worker->idle_seconds), /* RFC 7828 */
		.tls = tcp->worker->tls != NULL,
	};
	c->ending = c->waiting = false;
	c->query_size = c->unsent_size = c->unsent_from = 0;
	link_newest(tcp, c);
	link_source(tcp, c);
	c->tls = tcp->worker->tls == NULL ? NULL
	                                  : tcp->worker->tls->accept(tcp->worker->context);
	if ((c->tls == NULL) != (tcp->worker->tls == NULL) || !watch(tcp, c, EPOLL_CTL_ADD))
		end_connection(tcp, c);
}

/* RFC 7766 section 6.2.2, RFC 9210 section 4.1: nobody takes all connections. */
static void take_connection(struct tcp *tcp, int descriptor, const union sender *sender)
{
	struct tally_counts *counts = &tcp->worker->tally->counts;

	tally_one(&counts->tcp_accepted);
	if (too_many_of(tcp, sender_address(sender))) {
		tally_one(&counts->tcp_refused);
		close(descriptor);
	} else {
		begin_connection(tcp, descriptor, sender);
	}
}

static void accept_all(struct tcp *tcp, int listener)
{
	union sender sender = {0};
	socklen_t size = sizeof(sender);
	int descriptor;

	while ((descriptor = accept4(listener, &sender.any, &size,
	                             SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		take_connection(tcp, descriptor, &sender);
		size = sizeof(sender);
	}
	if ((errno == EMFILE || errno == ENFILE) && tcp->oldest != NULL)
		make_room(tcp); /* and the one waiting comes next round */
}

/* ---- sending ---- */

/* TLS has octets that the socket did not take. */
static bool has_unsent(const struct tcp *tcp, const struct connection *c)
{
	return c->tls != NULL && tcp->worker->tls->has_unsent(c->tls);
}

/* The same under TLS, which takes octets whole or not at all. */
static ssize_t send_some_tls(const struct tcp *tcp, const struct connection *c,
                             const uint8_t *octets, size_t size)
{
	size_t sent = 0;

	while (sent < size) {
		size_t most = size - sent < TLS_SEND_MAX ? size - sent : TLS_SEND_MAX;
		ssize_t n = tcp->worker->tls->send(c->tls, c->descriptor, octets + sent, most);

		if (n <= 0)
			return n < 0 ? -1 : (ssize_t)sent;
		sent += (size_t)n;
	}
	return (ssize_t)sent;
}

/* Sends what it can of `size` octets; returns how many, or -1 when the connection is lost. */
static ssize_t send_some(const struct tcp *tcp, const struct connection *c,
                         const uint8_t *octets, size_t size)
{
	size_t sent = 0;

	if (c->tls != NULL)
		return send_some_tls(tcp, c, octets, size);
	while (sent < size) {
		ssize_t n = send(c->descriptor, octets + sent, size - sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? (ssize_t)sent : -1;
		sent += (size_t)n;
	}
	return (ssize_t)sent;
}

static bool send_unsent(const struct tcp *tcp, struct connection *c)
{
	ssize_t sent = send_some(tcp, c, c->buffers->unsent + c->unsent_from, c->unsent_size);

	if (sent < 0)
		return false;
	c->unsent_from += (size_t)sent;
	c->unsent_size -= (size_t)sent;
	if (c->unsent_size == 0 && c->query_size == 0)
		forget(c);
	return true;
}

/* Counts and tells a message whose answer is out, or nearly. */
static void count(const struct tcp *tcp, const struct connection *c, const struct answered *a)
{
	struct tally *tally = tcp->worker->tally;
	struct tally_channel *channel = tally_channel(tally, TRANSPORT_TCP, c->asker.address);
	size_t size = a->outcome.size;

	tally_request(tally, channel, c->asker.address, a->query_size);
	if (size == 0)
		return;
	tally_response(tally, channel, &a->outcome);
	if (tcp->tap != NULL)
		tap_tell(tcp->tap, tally, c->asker.address, sender_port(&c->sender),
		         (struct bytes){tcp->answers + a->answer_end - size, size});
}

/* Keeps the octets of a message's answer from `from` on. */
static void keep_rest(const struct tcp *tcp, struct connection *c, const struct answered *a,
                      size_t from)
{
	c->unsent_from = 0;
	c->unsent_size = a->answer_end - from;
	c->kept = true;
	memcpy(c->buffers->unsent, tcp->answers + from, c->unsent_size);
}

/*
 * Sends the answers that were made, and keeps the rest of the one that is partly out. `*done`
 * becomes how many octets of tcp->received that was for: what stands behind is answered later.
 * Where the socket takes no more, c->waiting is set. False when the connection is lost.
 */
static bool send_answers(struct tcp *tcp, struct connection *c, size_t *done)
{
	ssize_t result = send_some(tcp, c, tcp->answers, tcp->answers_size);
	size_t sent = (size_t)result, start = 0;

	if (result < 0)
		return false;
	c->waiting = sent < tcp->answers_size || has_unsent(tcp, c);
	for (size_t i = 0; i < tcp->answered_count; i++) {
		const struct answered *a = &tcp->answered[i];

		if (a->answer_end > sent && start >= sent)
			break;
		if (a->answer_end > sent)
			keep_rest(tcp, c, a, sent);
		count(tcp, c, a);
		*done = a->query_end;
		start = a->answer_end;
	}
	tcp->answered_count = tcp->answers_size = 0;
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
	enum outbox_state state = c->tls == NULL
	                                  ? outbox_send(c->outbox, c->descriptor, &progress)
	                                  : outbox_send_tls(c->outbox, tcp->worker->tls, c->tls,
	                                                    c->descriptor, &progress);

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

/* Who has the zone already is told so, and takes nothing. */
static void count_transfer(const struct tcp *tcp, uint32_t zone, enum sending_style style)
{
	uint64_t *counts = tcp->worker->tally->counts.zone_transfer[zone];

	if (style != SENDING_SOA)
		tally_one(&counts[style == SENDING_ZONE ? TALLY_WHOLE : TALLY_CHANGES]);
}

/* A query that takes more than the image. There is no response where a transfer now has begun.
 */
static struct outcome attend_to(struct tcp *tcp, struct connection *c,
                                const struct answerer *server, uint8_t *message, size_t size)
{
	struct outbox *outbox = take_outbox(tcp);
	struct attended attended =
		attend(server, &c->asker, message, size, MESSAGE_SIZE_MAX + ANSWER_SLACK,
	               outbox == NULL ? NULL : &outbox->sending);

	if (attended.notified)
		served_tell(tcp->worker->served, &attended);
	if (attended.sending) {
		c->outbox = outbox;
		count_transfer(tcp, attended.zone, outbox->sending.style);
		outbox_begin(outbox);
	} else if (outbox != NULL) {
		give_outbox(tcp, outbox);
	}
	return attend_outcome(&attended, message);
}

/* Notes a message whose answer, if it has one, stands behind those before it. */
static void note_answered(struct tcp *tcp, size_t query_end, size_t query_size,
                          const struct outcome *outcome)
{
	uint8_t *prefix = tcp->answers + tcp->answers_size;

	if (outcome->size != 0) {
		prefix[0] = (uint8_t)(outcome->size >> 8);
		prefix[1] = (uint8_t)outcome->size;
		tcp->answers_size += PREFIX_SIZE + outcome->size;
	}
	tcp->answered[tcp->answered_count++] = (struct answered){
		.query_end = query_end,
		.answer_end = tcp->answers_size,
		.query_size = query_size,
		.outcome = *outcome,
	};
}

/*
 * Answers the whole queries in tcp->received, as long as the socket takes the answers and no
 * transfer is under way; `*done` becomes how many octets that were. False when the connection
 * is lost.
 */
static bool answer_whole(struct tcp *tcp, struct connection *c, const struct answerer *server,
                         size_t *done)
{
	size_t at = 0, size;

	while (!c->waiting && c->outbox == NULL &&
	       next_query(tcp->received + at, c->query_size - at, &size)) {
		uint8_t *to = tcp->answers + tcp->answers_size + PREFIX_SIZE;
		struct outcome outcome;
		bool alone;

		memcpy(to, tcp->received + at + PREFIX_SIZE, size);
		outcome = (server->expired ? answer_expired : answer)(
			server, &c->asker, to, size, MESSAGE_SIZE_MAX + ANSWER_SLACK);
		alone = outcome.size == ANSWER_ATTEND;
		if (alone && tcp->answered_count == 0)
			outcome = attend_to(tcp, c, server, to, size);
		if (!alone || tcp->answered_count == 0) {
			at += PREFIX_SIZE + size;
			note_answered(tcp, at, size, &outcome);
		}
		/* What is attended to is done once: not before all before it is out. */
		if (alone || tcp->answered_count == ANSWERED_MAX ||
		    ANSWERS_ROOM - tcp->answers_size < ANSWER_ROOM) {
			if (!send_answers(tcp, c, done))
				return false;
			at = *done;
		}
	}
	return tcp->answered_count == 0 || send_answers(tcp, c, done);
}

/* The same, and keeps what is left. False when the connection shall end: lost, or a query that
 * is too long. */
static bool answer_received(struct tcp *tcp, struct connection *c,
                            const struct answerer *server)
{
	size_t done = 0;

	c->asker.now = tcp->seconds;
	if (!answer_whole(tcp, c, server, &done))
		return false;
	if (done != 0)
		note_active(tcp, c);
	c->query_size -= done;
	if (c->query_size == 0)
		return true;
	c->kept = true;
	memcpy(c->buffers->query, tcp->received + done, c->query_size);
	return c->query_size < PREFIX_SIZE ||
	       ((size_t)c->buffers->query[0] << 8 | c->buffers->query[1]) <= QUERY_MAX;
}

/* Takes what was kept, and answers as much of it as can be. */
static bool answer_kept(struct tcp *tcp, struct connection *c, const struct answerer *server)
{
	if (c->query_size != 0)
		memcpy(tcp->received, c->buffers->query, c->query_size);
	return answer_received(tcp, c, server);
}

static ssize_t receive_some(const struct tcp *tcp, const struct connection *c, uint8_t *to,
                            size_t size)
{
	ssize_t n;

	if (c->tls != NULL)
		return tcp->worker->tls->receive(c->tls, c->descriptor, to, size);
	do
		n = recv(c->descriptor, to, size, 0);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Takes what was kept, receives what there is and fits behind, and answers; `*more` tells
 * whether anything came. False when the connection is lost. */
static bool answer_more(struct tcp *tcp, struct connection *c, const struct answerer *server,
                        bool *more)
{
	ssize_t n;

	if (c->query_size != 0)
		memcpy(tcp->received, c->buffers->query, c->query_size);
	n = receive_some(tcp, c, tcp->received + c->query_size,
	                 PREFIX_SIZE + QUERY_MAX - c->query_size);
	*more = n > 0;
	if (n < 0)
		return errno == EAGAIN;
	c->ending = n == 0;
	c->query_size += (size_t)n;
	return answer_received(tcp, c, server);
}

/* Answers what TLS has here already, which no event tells of. */
static bool answer_unread(struct tcp *tcp, struct connection *c, const struct answerer *server)
{
	bool more = true; /* half a record gives nothing: an event will tell of the rest */

	while (more && c->tls != NULL && !c->waiting && c->outbox == NULL && !c->ending &&
	       tcp->worker->tls->has_more(c->tls)) {
		if (!answer_more(tcp, c, server, &more))
			return false;
		c->waiting = c->waiting || has_unsent(tcp, c);
	}
	return true;
}

/* One round with a connection of which `events` were told. False when it shall end. */
static bool work(struct tcp *tcp, struct connection *c, const struct answerer *server,
                 uint32_t events)
{
	bool waited = c->waiting, more;

	if ((events & (EPOLLERR | EPOLLHUP)) != 0) /* no answer would get there any more */
		return false;
	if (c->tls != NULL && !tcp->worker->tls->flush(c->tls, c->descriptor))
		return false;
	if (c->unsent_size != 0 && !send_unsent(tcp, c))
		return false;
	c->waiting = c->unsent_size != 0 || has_unsent(tcp, c);
	if (!c->waiting && c->outbox == NULL &&
	    !(waited ? answer_kept(tcp, c, server) : answer_more(tcp, c, server, &more)))
		return false;
	if (!c->waiting && c->outbox != NULL) {
		if (!send_transfer(tcp, c))
			return false;
		/* What was asked behind it. */
		if (c->outbox == NULL && !answer_kept(tcp, c, server))
			return false;
	}
	if (!answer_unread(tcp, c, server))
		return false;
	c->waiting =
		c->waiting || c->unsent_size != 0 || c->outbox != NULL || has_unsent(tcp, c);
	if (c->ending && !c->waiting)
		return false;
	return c->waiting == waited || watch(tcp, c, EPOLL_CTL_MOD);
}

/* ---- the loop ---- */

static void take_time(struct tcp *tcp)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	tcp->now = now.tv_sec;
	clock_gettime(CLOCK_REALTIME, &now);
	tcp->seconds = (uint32_t)now.tv_sec;
	tcp->tap = tap_begin(tcp->worker->tap, tcp->seconds, (uint32_t)now.tv_nsec);
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

static void make_buckets(struct tcp *tcp, size_t connections)
{
	size_t count = 1;

	while (count < connections)
		count *= 2;
	tcp->bucket = pages(count * sizeof(struct connection *));
	tcp->bucket_mask = count - 1;
	tcp->bucket_key = tcp->worker->tally->key;
}

static struct tcp *make(const struct tcp_worker *worker)
{
	struct tcp *tcp = pages(sizeof(*tcp));

	tcp->worker = worker;
	make_buckets(tcp, worker->connections_max);
	make_connections(tcp, worker->connections_max);
	tcp->outboxes = pages(TRANSFERS * sizeof(*tcp->outboxes));
	tcp->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < worker->listener_count; i++) {
		int yes = 1; /* connections have it from their listener */
		struct epoll_event event = {.events = EPOLLIN,
		                            .data.ptr =
		                                    (void *)(uintptr_t)&worker->listeners[i]};
		(void)setsockopt(worker->listeners[i], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
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

		take_time(tcp);
		/* Connections first: a new one may end an old one whose event is in this round.
		 */
		for (int i = 0; i < count; i++) {
			struct connection *c = event[i].data.ptr;
			if (!is_listener(tcp, c) && c->descriptor >= 0 &&
			    !work(tcp, c, server, event[i].events))
				end_connection(tcp, c);
		}
		tap_end(tcp->tap);
		served_give(worker->served, worker->worker);
		for (int i = 0; i < count; i++)
			if (is_listener(tcp, event[i].data.ptr))
				accept_all(tcp, *(const int *)event[i].data.ptr);
		end_idle(tcp);
	}
}
