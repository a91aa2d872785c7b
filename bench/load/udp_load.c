/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp_load - asks the queries of a mix by UDP, as fast as they are answered (-w under way), at
 * a rate (-r), or without a look at answers (-F, a flood).
 *
 *     udp_load -a ADDRESS -p PORT -f MIX [-n SOCKETS] [-s SOURCE] [-w WINDOW | -r RATE | -F]
 *              [-t SECONDS] [-W WARM_SECONDS] [-c PROCESSOR]
 *
 * With -s each socket has an address of its own, from SOURCE (IPv4) upwards.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "meter.h"
#include "mix.h"
#include "window.h"

#define BATCH      32
#define HEAD_SIZE  32 /* octets of an answer that are looked at */
#define BUFFER     (8 << 20)
#define TIMEOUT_NS 500000000ull
#define BURST_MAX  4096 /* queries that are made up for at once when the rate was missed */

struct line { /* one socket */
	int descriptor;
	struct window window;
};

static struct {
	const char *address, *source, *file;
	int port, lines, window, processor;
	bool flood;
	double rate;
} want = {.address = "127.0.0.1", .port = 53, .lines = 8, .window = 512, .processor = -1};

static struct meter meter = {.seconds = 5, .warm_seconds = 1};
static struct mix mix;

static uint8_t query[BATCH][MIX_MESSAGE_MAX], answer[BATCH][HEAD_SIZE];
static struct iovec query_octets[BATCH], answer_octets[BATCH];
static struct mmsghdr queries[BATCH], answers[BATCH];

static void make_batches(void)
{
	for (unsigned i = 0; i < BATCH; i++) {
		query_octets[i].iov_base = query[i];
		answer_octets[i] = (struct iovec){answer[i], HEAD_SIZE};
		queries[i].msg_hdr =
			(struct msghdr){.msg_iov = &query_octets[i], .msg_iovlen = 1};
		answers[i].msg_hdr =
			(struct msghdr){.msg_iov = &answer_octets[i], .msg_iovlen = 1};
	}
}

static socklen_t address_of(const char *text, int port, struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (void *)to;
	struct sockaddr_in6 *v6 = (void *)to;

	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		give_up(text);
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)port);
	return sizeof(*v6);
}

static void bind_source(int descriptor, int index)
{
	struct sockaddr_in source = {.sin_family = AF_INET};

	if (inet_pton(AF_INET, want.source, &source.sin_addr) != 1)
		give_up(want.source);
	source.sin_addr.s_addr = htonl(ntohl(source.sin_addr.s_addr) + (uint32_t)index);
	if (bind(descriptor, (struct sockaddr *)&source, sizeof(source)) != 0)
		give_up("bind");
}

static int connect_line(int index)
{
	struct sockaddr_storage server;
	socklen_t size = address_of(want.address, want.port, &server);
	int descriptor = socket(server.ss_family, SOCK_DGRAM | SOCK_NONBLOCK, 0), room = BUFFER;

	if (descriptor < 0)
		give_up("socket");
	/* More than the limit where we may, else what the limit gives. */
	if (!want.flood &&
	    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
		(void)setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (want.source != NULL)
		bind_source(descriptor, index);
	if (connect(descriptor, (struct sockaddr *)&server, size) != 0)
		give_up("connect");
	return descriptor;
}

/* Takes what has come. */
static void take(struct line *line)
{
	for (;;) {
		int count = recvmmsg(line->descriptor, answers, BATCH, MSG_DONTWAIT | MSG_TRUNC,
		                     NULL);
		uint64_t now = meter_now();

		for (int i = 0; i < count; i++) {
			uint16_t identifier = (uint16_t)(answer[i][0] << 8 | answer[i][1]);
			uint64_t sent_at = window_answer(&line->window, identifier);

			if (sent_at == 0)
				meter.late++;
			else
				meter_answer(&meter, answer[i], answers[i].msg_len,
				             now - sent_at);
		}
		if (count < BATCH)
			return;
	}
}

/* Sends up to `count` queries, at most BATCH; how many went. */
static unsigned give(struct line *line, unsigned count)
{
	uint64_t now = meter_now();
	int sent;

	for (unsigned i = 0; i < count; i++) {
		uint16_t size, identifier = window_send(&line->window, now);

		const uint8_t *octets = mix_next(&mix, &size);

		memcpy(query[i], octets, size);
		query[i][0] = (uint8_t)(identifier >> 8);
		query[i][1] = (uint8_t)identifier;
		query_octets[i].iov_len = size;
	}
	sent = sendmmsg(line->descriptor, queries, count, MSG_DONTWAIT);
	sent = sent < 0 ? 0 : sent;
	window_unsend(&line->window, count - (unsigned)sent);
	meter.sent += (unsigned)sent;
	return (unsigned)sent;
}

static uint64_t give_many(struct line *line, uint64_t count)
{
	uint64_t given = 0;

	while (given < count) {
		unsigned room = window_room(&line->window), now = BATCH;

		now = count - given < now ? (unsigned)(count - given) : now;
		if (room < now || give(line, now) < now)
			break;
		given += now;
	}
	return given;
}

/* Keeps `-w` queries under way, in whole batches where it is more than one. */
static void refill(struct line *line)
{
	unsigned each = (unsigned)(want.window / want.lines), out = line->window.under_way;

	if (each == 0)
		each = 1;
	if (out < each && (each - out >= BATCH || each < 2 * BATCH))
		give_many(line, each - out);
}

static void rest(struct line *line, uint64_t now)
{
	if (line->window.tail != line->window.head)
		meter.lost += window_expire(&line->window, now - TIMEOUT_NS);
}

static void ask_by_window(struct line *lines)
{
	for (uint64_t now = meter_now(); meter_goes_on(&meter, now); now = meter_now())
		for (int i = 0; i < want.lines; i++) {
			take(&lines[i]);
			rest(&lines[i], now);
			refill(&lines[i]);
		}
}

static void ask_at_rate(struct line *lines)
{
	uint64_t given = 0, end;

	for (uint64_t now = meter_now(); meter_goes_on(&meter, now); now = meter_now()) {
		uint64_t due = (uint64_t)((double)(now - meter.begun_at) * 1e-9 * want.rate),
			 from = given;

		if (due > given + BURST_MAX)
			from = given = due - BURST_MAX;
		for (int i = 0; i < want.lines; i++) {
			uint64_t share = (due - from) / (uint64_t)want.lines;

			take(&lines[i]);
			rest(&lines[i], now);
			given += give_many(&lines[i], i + 1 < want.lines ? share : due - given);
		}
	}
	/* What is still under way is waited for. */
	for (end = meter_now() + TIMEOUT_NS; meter_now() < end;)
		for (int i = 0; i < want.lines; i++)
			take(&lines[i]);
	for (int i = 0; i < want.lines; i++)
		rest(&lines[i], meter_now() + TIMEOUT_NS);
}

static void flood(struct line *lines)
{
	for (uint64_t now = meter_now(); meter_goes_on(&meter, now); now = meter_now())
		for (int i = 0; i < want.lines; i++) {
			take(&lines[i]);
			rest(&lines[i], now + TIMEOUT_NS); /* nobody waits for an answer */
			give(&lines[i], BATCH);
		}
}

static bool read_options(int argc, char *argv[])
{
	int option;

	while ((option = getopt(argc, argv, "a:p:f:n:s:w:r:Ft:W:c:")) > 0)
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
			want.lines = atoi(optarg);
			break;
		case 's':
			want.source = optarg;
			break;
		case 'w':
			want.window = atoi(optarg);
			break;
		case 'r':
			want.rate = atof(optarg);
			break;
		case 'F':
			want.flood = true;
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
	return want.file != NULL && want.lines > 0 && optind == argc;
}

int main(int argc, char *argv[])
{
	struct line *lines;

	if (!read_options(argc, argv))
		return 2;
	meter_pin(want.processor);
	mix = mix_read(want.file);
	make_batches();
	lines = calloc((size_t)want.lines, sizeof(*lines));
	if (lines == NULL)
		give_up("memory");
	for (int i = 0; i < want.lines; i++)
		lines[i].descriptor = connect_line(i);
	meter_begin(&meter);
	if (want.flood)
		flood(lines);
	else if (want.rate > 0)
		ask_at_rate(lines);
	else
		ask_by_window(lines);
	meter_tell(&meter);
	return 0;
}
