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
	struct mmsghdr message[BATCH];
	struct iovec octets[BATCH];
	union sender sender[BATCH];
	struct control control[BATCH];
	uint8_t room[BATCH][MESSAGE_ROOM];
};

/* Makes message `i` ready to be received. */
static inline void reset(struct batch *batch, size_t i, bool wildcard)
{
	struct msghdr *header = &batch->message[i].msg_hdr;

	header->msg_namelen = sizeof(batch->sender[i]);
	header->msg_controllen = wildcard ? sizeof(batch->control[i]) : 0;
	batch->octets[i].iov_len = MESSAGE_ROOM - ANSWER_SLACK;
}

static struct batch *batch_make(bool wildcard)
{
	struct batch *batch = mmap(NULL, sizeof(*batch), PROT_READ | PROT_WRITE,
	                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (batch == MAP_FAILED)
		memory_fail(sizeof(*batch));
	for (size_t i = 0; i < BATCH; i++) {
		batch->octets[i].iov_base = batch->room[i];
		batch->message[i].msg_hdr = (struct msghdr){
			.msg_name = &batch->sender[i],
			.msg_iov = &batch->octets[i],
			.msg_iovlen = 1,
			.msg_control = wildcard ? &batch->control[i] : NULL,
		};
		reset(batch, i, wildcard);
	}
	return batch;
}

/*
 * What told us to which address the query came tells the kernel from which the answer
 * goes. The interface is left to routing, except where the address is of one link only.
 */
static void answer_from(struct msghdr *header)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(header);

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
			sendmmsg(descriptor, batch->message + from, (unsigned)(to - from), 0);
		from += sent > 0 ? sent : 1;
	}
}

/* Coarse is enough for cookies, and cheap. */
static uint32_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return (uint32_t)now.tv_sec;
}

/* The rare message that takes more than the image. */
static __attribute__((noinline)) size_t attend_to(const struct udp_worker *worker,
                                                  const struct answerer *server,
                                                  const struct asker *asker,
                                                  struct batch *batch, int i)
{
	struct sending unused;
	struct attended attended =
		attend(server, asker, batch->room[i], batch->message[i].msg_len, MESSAGE_ROOM, &unused);

	if (attended.notified)
		served_tell(worker->served, &attended);
	return attended.size;
}

typedef struct outcome answer_function(const struct answerer *server, const struct asker *asker,
                                       uint8_t *message, size_t size, size_t room);

/* Answers a batch in place and sends it; a message that gets no answer parts it. */
static inline void answer_batch(const struct udp_worker *worker, const struct answerer *server,
                                struct batch *batch, int count, answer_function *answer_one)
{
	struct asker asker = {.transport = TRANSPORT_UDP, .now = seconds_now()};
	int unsent = 0;

	for (int i = 0; i < count; i++) {
		asker.address = sender_address(&batch->sender[i]);
		size_t size = answer_one(server, &asker, batch->room[i],
		                         batch->message[i].msg_len, MESSAGE_ROOM)
		                      .size;

		if (size == ANSWER_ATTEND)
			size = attend_to(worker, server, &asker, batch, i);
		if (size == 0) {
			send_all(worker->descriptor, batch, unsent, i);
			unsent = i + 1;
			continue;
		}
		batch->octets[i].iov_len = size;
		if (worker->wildcard)
			answer_from(&batch->message[i].msg_hdr);
	}
	send_all(worker->descriptor, batch, unsent, count);
	for (int i = 0; i < count; i++)
		reset(batch, (size_t)i, worker->wildcard);
}

_Noreturn void udp_serve(const struct udp_worker *worker)
{
	struct batch *batch = batch_make(worker->wildcard);
	const struct answerer *server;

	for (;;) {
		int count = recvmmsg(worker->descriptor, batch->message, BATCH, MSG_WAITFORONE,
		                     NULL);

		if (count <= 0) /* interrupted, or an error of one sender's packet */
			continue;
		server = served_take(worker->served, worker->worker);
		if (server->expired)
			answer_batch(worker, server, batch, count, answer_expired);
		else
			answer_batch(worker, server, batch, count, answer);
		served_give(worker->served, worker->worker);
	}
}
