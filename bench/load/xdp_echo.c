/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xdp_echo - what the path by AF_XDP allows: udp_echo, in the frames as they came.
 *
 *     xdp_echo -i INTERFACE -p PORT -S SIZES
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "echo.h"
#include "frame.h"
#include "meter.h"
#include "xdp_queue.h"

#define BATCH 64

static struct xdp_queue queue;
static struct echo echo;
static unsigned port = 53;

static void exchange(uint8_t *a, uint8_t *b, size_t size)
{
	uint8_t octets[6];

	memcpy(octets, a, size);
	memcpy(a, b, size);
	memcpy(b, octets, size);
}

/* Makes the response in place; the size of its frame, 0 when there shall be none. */
static size_t respond(uint8_t *frame, size_t size)
{
	size_t message_size;

	if (size <= FRAME_MESSAGE || frame_get16(frame + FRAME_TYPE) != 0x800 ||
	    frame[FRAME_IP] != 0x45 || frame[FRAME_IP_PROTOCOL] != 17 ||
	    frame_get16(frame + FRAME_DESTINATION_PORT) != port)
		return 0;
	message_size = frame_get16(frame + FRAME_UDP_SIZE);
	if (message_size < 8 || message_size - 8 > size - FRAME_MESSAGE)
		return 0;
	message_size =
		echo_make(&echo, frame + FRAME_MESSAGE, message_size - 8, FRAME_MESSAGE_MAX);
	exchange(frame, frame + 6, 6);
	exchange(frame + FRAME_SOURCE, frame + FRAME_DESTINATION, 4);
	exchange(frame + FRAME_SOURCE_PORT, frame + FRAME_DESTINATION_PORT, 2);
	frame[FRAME_IP_TTL] = 64;
	frame_finish(frame, message_size);
	return message_size == 0 ? 0 : FRAME_MESSAGE + message_size;
}

static void answer(uint32_t count, uint32_t at)
{
	struct xdp_desc response[BATCH];
	uint32_t responses = 0, to;

	for (uint32_t i = 0; i < count; i++) {
		const struct xdp_desc *in = xsk_ring_cons__rx_desc(&queue.in, at + i);
		size_t size = respond(queue.memory + in->addr, in->len);

		if (size != 0)
			response[responses++] =
				(struct xdp_desc){.addr = in->addr, .len = (uint32_t)size};
		else
			queue.spare[queue.spare_count++] =
				in->addr & ~(uint64_t)(XDP_FRAME_SIZE - 1);
	}
	xsk_ring_cons__release(&queue.in, count);
	while (responses != 0 &&
	       xsk_ring_prod__reserve(&queue.out, responses, &to) != responses) {
		xdp_push(&queue);
		xdp_turn(&queue);
	}
	for (uint32_t i = 0; i < responses; i++)
		*xsk_ring_prod__tx_desc(&queue.out, to + i) = response[i];
	if (responses == 0)
		return;
	xsk_ring_prod__submit(&queue.out, responses);
	queue.sending += responses;
	if (xsk_ring_prod__needs_wakeup(&queue.out))
		xdp_push(&queue);
}

static void serve(void)
{
	struct pollfd readable = {.fd = queue.descriptor, .events = POLLIN};

	for (;;) {
		uint32_t at, count;

		xdp_turn(&queue);
		count = xsk_ring_cons__peek(&queue.in, BATCH, &at);
		if (count != 0) {
			answer(count, at);
			continue;
		}
		xdp_push(&queue);
		if (queue.sending == 0)
			(void)poll(&readable, 1, 100);
	}
}

int main(int argc, char *argv[])
{
	const char *interface = NULL, *sizes = NULL;
	int option;

	while ((option = getopt(argc, argv, "i:p:S:")) > 0)
		switch (option) {
		case 'i':
			interface = optarg;
			break;
		case 'p':
			port = (unsigned)atoi(optarg);
			break;
		case 'S':
			sizes = optarg;
			break;
		default:
			return 2;
		}
	if (interface == NULL || sizes == NULL)
		return 2;
	echo_begin(&echo, sizes);
	xdp_open(&queue, interface);
	serve();
}
