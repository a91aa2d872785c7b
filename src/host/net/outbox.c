/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/outbox.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

void outbox_begin(struct outbox *o)
{
	o->held = held_of(o->sending.transfer);
	held_take(o->held);
	o->first = o->count = 0;
}

void outbox_end(struct outbox *o)
{
	held_give(o->held);
	o->held = NULL;
}

/* Makes the next batch; false when there is nothing left to make. */
static bool fill(struct outbox *o)
{
	uint64_t now = (uint64_t)time(NULL);

	o->first = o->count = 0;
	for (unsigned i = 0; i < OUTBOX_BATCH && sending_next(&o->sending, now, &o->message[i]);
	     i++)
		for (unsigned p = 0; p < o->message[i].part_count; p++)
			o->part[o->count++] = (struct iovec){
				.iov_base = (void *)(uintptr_t)o->message[i].part[p].at,
				.iov_len = o->message[i].part[p].size,
			};
	return o->count != 0;
}

/* Goes past what was sent. */
static void advance(struct outbox *o, size_t sent)
{
	while (o->first < o->count && sent >= o->part[o->first].iov_len)
		sent -= o->part[o->first++].iov_len;
	if (sent == 0)
		return;
	o->part[o->first].iov_base = (uint8_t *)o->part[o->first].iov_base + sent;
	o->part[o->first].iov_len -= sent;
}

enum outbox_state outbox_send(struct outbox *o, int descriptor, bool *progress)
{
	if (o->first == o->count && !fill(o))
		return OUTBOX_DONE;
	while (o->first < o->count) {
		struct msghdr header = {.msg_iov = o->part + o->first,
		                        .msg_iovlen = o->count - o->first};
		ssize_t sent = sendmsg(descriptor, &header, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == EAGAIN ? OUTBOX_WAITS : OUTBOX_LOST;
		*progress = true;
		advance(o, (size_t)sent);
	}
	return o->sending.ended ? OUTBOX_DONE : OUTBOX_WAITS;
}

/* Gathers parts into one run of octets: a record of TLS for each part would be many small ones.
 */
static size_t gather(const struct outbox *o, uint8_t *to, size_t room)
{
	size_t size = 0;

	for (unsigned i = o->first; i < o->count && size < room; i++) {
		size_t more =
			o->part[i].iov_len < room - size ? o->part[i].iov_len : room - size;

		memcpy(to + size, o->part[i].iov_base, more);
		size += more;
	}
	return size;
}

enum outbox_state outbox_send_tls(struct outbox *o, const struct tls_library *library,
                                  struct tls *tls, int descriptor, bool *progress)
{
	uint8_t octets[TLS_SEND_MAX];

	if (o->first == o->count && !fill(o))
		return OUTBOX_DONE;
	while (o->first < o->count) {
		ssize_t sent = library->send(tls, descriptor, octets,
		                             gather(o, octets, sizeof(octets)));

		if (sent <= 0)
			return sent == 0 ? OUTBOX_WAITS : OUTBOX_LOST;
		*progress = true;
		advance(o, (size_t)sent);
	}
	return o->sending.ended ? OUTBOX_DONE : OUTBOX_WAITS;
}
