/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/udp.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

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

/* Answers a batch in place and sends it; a message that gets no answer parts it. */
static void answer_batch(const struct udp_worker *worker, struct datagram_round *round,
                         struct batch *batch, int count)
{
	int unsent = 0;

	for (int i = 0; i < count; i++) {
		const union sender *sender = &batch->sender[i];
		size_t size = datagram_answer(round, sender_address(sender),
		                              sender_port(sender), batch->room[i],
		                              batch->query[i].msg_len, MESSAGE_ROOM);

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
	struct datagram_round round = {.worker = &worker->datagram};

	for (;;) {
		int count =
			recvmmsg(worker->descriptor, batch->query, BATCH, MSG_WAITFORONE, NULL);

		if (count <= 0) /* interrupted, or an error of one sender's packet */
			continue;
		datagram_begin(&round);
		answer_batch(worker, &round, batch, count);
		datagram_end(&round);
	}
}
