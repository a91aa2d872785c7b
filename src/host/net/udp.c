/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/udp.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>

#include "base/arena.h"
#include "host/net/sender.h"

#define BATCH        64
#define MESSAGE_ROOM 4096 /* octets; what is longer is cut, and then no query we can read */

struct control { /* room for packet information */
	_Alignas(struct cmsghdr) uint8_t octets[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/* Too large for a stack, and kept from one batch to the next. */
struct batch {
	struct mmsghdr query[BATCH];    /* as received; only packet information is reset */
	struct mmsghdr response[BATCH]; /* as sent: the same names and octets */
	struct iovec room_of[BATCH], octets[BATCH];
	union sender sender[BATCH];
	struct control control[BATCH];
	uint8_t room[BATCH][MESSAGE_ROOM];
};

static struct batch *batch_make(bool wildcard)
{
	struct batch *batch = mmap(NULL, sizeof(*batch), PROT_READ | PROT_WRITE,
	                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (batch == MAP_FAILED)
		memory_fail(sizeof(*batch));
	for (size_t i = 0; i < BATCH; i++) {
		struct msghdr header = {
			.msg_name = &batch->sender[i],
			.msg_namelen = sizeof(batch->sender[i]), /* then what its family has */
			.msg_iov = &batch->room_of[i],
			.msg_iovlen = 1,
			.msg_control = wildcard ? &batch->control[i] : NULL,
			.msg_controllen = wildcard ? sizeof(batch->control[i]) : 0,
		};

		batch->room_of[i] = (struct iovec){batch->room[i], MESSAGE_ROOM - ANSWER_SLACK};
		batch->octets[i].iov_base = batch->room[i];
		batch->query[i].msg_hdr = batch->response[i].msg_hdr = header;
		batch->response[i].msg_hdr.msg_iov = &batch->octets[i];
	}
	return batch;
}

/*
 * What told us to which address the query came tells the kernel from which the answer
 * goes. The interface is left to routing, except where the address is of one link only.
 */
static void answer_from(struct msghdr *query, struct msghdr *header)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(query);

	header->msg_controllen = query->msg_controllen;
	query->msg_controllen = sizeof(struct control);

	if (c != NULL && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo *info = (void *)CMSG_DATA(c);
		info->ipi_spec_dst = info->ipi_addr;
		info->ipi_ifindex = 0;
	} else if (c != NULL && c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
		struct in6_pktinfo *info = (void *)CMSG_DATA(c);
		if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr))
			info->ipi6_ifindex = 0;
	}
}

/* Sends messages `from` up to `to`; one that cannot be sent does not stop the others. */
static void send_all(int descriptor, struct batch *batch, int from, int to)
{
	while (from < to) {
		int sent =
			sendmmsg(descriptor, batch->response + from, (unsigned)(to - from), 0);
		from += sent > 0 ? sent : 1;
	}
}

/* What all queries of a batch have in common. */
struct round {
	const struct udp_worker *worker;
	const struct answerer *server;
	struct outcome (*answer)(const struct answerer *server, const struct asker *asker,
	                         uint8_t *message, size_t size, size_t room);
	struct asker asker;
	struct tap_ring *tap;  /* NULL: nobody is told */
	uint64_t microseconds; /* of a clock that does not go back */
	unsigned over;         /* answers over the limit so far */
};

static void take_time(struct round *round)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	round->asker.now = (uint32_t)now.tv_sec;
	round->tap = tap_begin(round->worker->tap, round->asker.now, (uint32_t)now.tv_nsec);
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	round->microseconds = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* An answer over the limit: withheld, or not sent at all. */
static void limit(struct round *round, uint8_t *message, struct outcome *outcome)
{
	const struct udp_worker *worker = round->worker;

	if (worker->slip != 0 && ++round->over % worker->slip == 0) {
		tally_one(&worker->tally->counts.rate_slipped);
		answer_withhold(message, outcome);
	} else {
		tally_one(&worker->tally->counts.rate_dropped);
		outcome->size = 0;
	}
}

/* The rare message that takes more than the image. */
static __attribute__((noinline)) struct outcome attend_to(const struct round *round,
                                                          uint8_t *message, size_t size)
{
	struct sending unused;
	struct attended attended =
		attend(round->server, &round->asker, message, size, MESSAGE_ROOM, &unused);

	if (attended.notified)
		served_tell(round->worker->served, &attended);
	return attend_outcome(&attended, message);
}

/* Answers one query in place; returns the size of the response, 0 when there shall be none. */
static inline size_t answer_one(struct round *round, const union sender *sender,
                                uint8_t *message, size_t size)
{
	const struct udp_worker *worker = round->worker;
	struct bytes address = sender_address(sender);
	struct tally_channel *channel = tally_channel(worker->tally, TRANSPORT_UDP, address);
	struct outcome outcome;

	tally_request(worker->tally, channel, address, size);
	round->asker.address = address;
	outcome = round->answer(round->server, &round->asker, message, size, MESSAGE_ROOM);
	if (outcome.size == ANSWER_ATTEND)
		outcome = attend_to(round, message, size);
	if (outcome.size != 0 && worker->rate != NULL && !outcome.known &&
	    !rate_allows(worker->rate, address, rate_kind_of(message), round->microseconds))
		limit(round, message, &outcome);
	if (outcome.size == 0)
		return 0;
	tally_response(worker->tally, channel, &outcome);
	if (round->tap != NULL)
		tap_tell(round->tap, worker->tally, address, sender,
		         (struct bytes){message, outcome.size});
	return outcome.size;
}

/* Answers a batch in place and sends it; a message that gets no answer parts it. */
static void answer_batch(struct round *round, struct batch *batch, int count)
{
	const struct udp_worker *worker = round->worker;
	int unsent = 0;

	for (int i = 0; i < count; i++) {
		size_t size = answer_one(round, &batch->sender[i], batch->room[i],
		                         batch->query[i].msg_len);

		if (worker->wildcard)
			answer_from(&batch->query[i].msg_hdr, &batch->response[i].msg_hdr);
		if (size == 0) {
			send_all(worker->descriptor, batch, unsent, i);
			unsent = i + 1;
			continue;
		}
		batch->response[i].msg_hdr.msg_namelen = batch->query[i].msg_hdr.msg_namelen;
		batch->octets[i].iov_len = size;
	}
	send_all(worker->descriptor, batch, unsent, count);
}

_Noreturn void udp_serve(const struct udp_worker *worker)
{
	struct batch *batch = batch_make(worker->wildcard);
	struct round round = {.worker = worker, .asker = {.transport = TRANSPORT_UDP}};

	for (;;) {
		int count =
			recvmmsg(worker->descriptor, batch->query, BATCH, MSG_WAITFORONE, NULL);

		if (count <= 0) /* interrupted, or an error of one sender's packet */
			continue;
		take_time(&round);
		round.server = served_take(worker->served, worker->worker);
		round.answer = round.server->expired ? answer_expired : answer;
		answer_batch(&round, batch, count);
		served_give(worker->served, worker->worker);
	}
}
