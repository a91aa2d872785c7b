/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xdp_load - udp_load by AF_XDP, IPv4: cheaper than any server, so that the server is the
 * limit.
 *
 *     xdp_load -i INTERFACE -s ADDRESS -m MAC -a ADDRESS -M MAC -p PORT -f MIX [-w WINDOW] [-r
 * RATE]
 *              [-t SECONDS] [-W WARM_SECONDS] [-c PROCESSOR]
 *
 * -s and -m are its own addresses, -a and -M those of the server.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frame.h"
#include "meter.h"
#include "mix.h"
#include "window.h"
#include "xdp_queue.h"

#define PORTS      16
#define FIRST_PORT 20000
#define BATCH      256
#define LEAST      32 /* frames sent at once */
#define TIMEOUT_NS 500000000ull
#define BURST_MAX  2000

static struct {
	const char *interface, *source, *source_mac, *server, *server_mac, *file;
	unsigned port, window;
	int processor;
	double rate;
} want = {.port = 53, .window = 1024, .processor = -1};

static struct meter meter = {.seconds = 5, .warm_seconds = 1};
static struct mix mix;
static struct xdp_queue queue;
static struct window window[PORTS];
static uint8_t head[FRAME_MESSAGE];
static uint64_t given; /* the warming up included */
static unsigned under_way;

static void read_mac(const char *text, uint8_t mac[6])
{
	unsigned octet[6];

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", &octet[0], &octet[1], &octet[2], &octet[3],
	           &octet[4], &octet[5]) != 6)
		give_up(text);
	for (unsigned i = 0; i < 6; i++)
		mac[i] = (uint8_t)octet[i];
}

static void make_head(void)
{
	read_mac(want.server_mac, head);
	read_mac(want.source_mac, head + 6);
	frame_put16(head + FRAME_TYPE, 0x800);
	head[FRAME_IP] = 0x45;
	head[FRAME_IP_TTL] = 64;
	head[FRAME_IP_PROTOCOL] = 17;
	frame_put16(head + FRAME_DESTINATION_PORT, want.port);
	if (inet_pton(AF_INET, want.source, head + FRAME_SOURCE) != 1 ||
	    inet_pton(AF_INET, want.server, head + FRAME_DESTINATION) != 1)
		give_up("address");
}

static void note_answer(const uint8_t *frame, size_t size, uint64_t now)
{
	const uint8_t *message = frame + FRAME_MESSAGE;
	unsigned port;
	uint64_t sent_at;

	if (size < FRAME_MESSAGE + 12)
		return;
	port = frame_get16(frame + FRAME_DESTINATION_PORT) - FIRST_PORT;
	sent_at =
		port < PORTS ? window_answer(&window[port], (uint16_t)frame_get16(message)) : 0;
	if (sent_at == 0) {
		meter.late++;
		return;
	}
	under_way--;
	meter_answer(&meter, message, size - FRAME_MESSAGE, now > sent_at ? now - sent_at : 0);
}

static void take(uint64_t now)
{
	uint32_t at, count = xsk_ring_cons__peek(&queue.in, BATCH, &at);

	for (uint32_t i = 0; i < count; i++) {
		const struct xdp_desc *in = xsk_ring_cons__rx_desc(&queue.in, at + i);

		note_answer(queue.memory + in->addr, in->len, now);
		queue.spare[queue.spare_count++] = in->addr & ~(uint64_t)(XDP_FRAME_SIZE - 1);
	}
	xsk_ring_cons__release(&queue.in, count);
	for (unsigned i = 0; i < PORTS; i++)
		if (window[i].tail != window[i].head) {
			unsigned lost = window_expire(&window[i], now - TIMEOUT_NS);

			under_way -= lost;
			meter.lost += lost;
		}
}

/* The sum of UDP is left out, as IPv4 allows: to check it is the work of the interface. */
static size_t make_query(uint8_t *frame, unsigned port, uint64_t now)
{
	uint16_t size;
	const uint8_t *message = mix_next(&mix, &size);
	uint16_t sum;

	memcpy(frame, head, sizeof(head));
	memcpy(frame + FRAME_MESSAGE, message, size);
	frame_put16(frame + FRAME_MESSAGE, window_send(&window[port], now));
	frame_put16(frame + FRAME_SOURCE_PORT, FIRST_PORT + port);
	frame_put16(frame + FRAME_IP_SIZE, size + 28u);
	sum = frame_fold(frame_add(frame + FRAME_IP, 20, 0));
	memcpy(frame + FRAME_IP_SUM, &sum, 2);
	frame_put16(frame + FRAME_UDP_SIZE, size + 8u);
	return FRAME_MESSAGE + (size_t)size;
}

/* How many may be sent now. */
static unsigned allowed(uint64_t now)
{
	uint64_t due;

	if (want.rate <= 0) {
		unsigned room = want.window > under_way ? want.window - under_way : 0;
		return room < LEAST ? 0 : room;
	}
	due = (uint64_t)((double)(now - meter.begun_at) * 1e-9 * want.rate);
	if (due > given + BURST_MAX)
		given = due - BURST_MAX;
	return (unsigned)(due - given);
}

static void give(uint64_t now)
{
	static unsigned port;
	unsigned count = allowed(now);
	uint32_t at;

	port = (port + 1) % PORTS;
	count = count < BATCH ? count : BATCH;
	count = count < queue.spare_count ? count : queue.spare_count;
	if (count == 0 || window_room(&window[port]) < count ||
	    xsk_ring_prod__reserve(&queue.out, count, &at) != count)
		return;
	for (unsigned i = 0; i < count; i++) {
		uint64_t frame = queue.spare[--queue.spare_count];
		size_t size = make_query(queue.memory + frame, port, now);

		*xsk_ring_prod__tx_desc(&queue.out, at + i) =
			(struct xdp_desc){.addr = frame, .len = (uint32_t)size};
	}
	xsk_ring_prod__submit(&queue.out, count);
	queue.sending += count;
	under_way += count;
	meter.sent += count;
	given += count;
}

static bool read_options(int argc, char *argv[])
{
	int option;

	while ((option = getopt(argc, argv, "i:s:m:a:M:p:f:w:r:t:W:c:")) > 0)
		switch (option) {
		case 'i':
			want.interface = optarg;
			break;
		case 's':
			want.source = optarg;
			break;
		case 'm':
			want.source_mac = optarg;
			break;
		case 'a':
			want.server = optarg;
			break;
		case 'M':
			want.server_mac = optarg;
			break;
		case 'p':
			want.port = (unsigned)atoi(optarg);
			break;
		case 'f':
			want.file = optarg;
			break;
		case 'w':
			want.window = (unsigned)atoi(optarg);
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
	return want.interface != NULL && want.source != NULL && want.source_mac != NULL &&
	       want.server != NULL && want.server_mac != NULL && want.file != NULL &&
	       optind == argc;
}

int main(int argc, char *argv[])
{
	if (!read_options(argc, argv))
		return 2;
	meter_pin(want.processor);
	mix = mix_read(want.file);
	make_head();
	xdp_open(&queue, want.interface);
	meter_begin(&meter);
	for (uint64_t now = meter_now(); meter_goes_on(&meter, now); now = meter_now()) {
		xdp_turn(&queue);
		take(now);
		give(now);
		xdp_push(&queue);
	}
	meter_tell(&meter);
	return 0;
}
