/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp_echo - what the path allows: a server that thinks nothing. Each query comes back with QR
 * set, filled up to the size of an answer that a real server gave.
 *
 *     udp_echo -a ADDRESS -p PORT -S SIZES
 *
 * SIZES: two octets each, big-endian, given out in turn.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "echo.h"
#include "meter.h"

#define BATCH  64
#define BUFFER (4 << 20)

static uint8_t room[BATCH][ECHO_ROOM];
static struct sockaddr_storage sender[BATCH];
static struct iovec room_of[BATCH], octets[BATCH];
static struct mmsghdr query[BATCH], response[BATCH];

static int listen_at(const char *address, int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int descriptor = socket(AF_INET, SOCK_DGRAM, 0), size = BUFFER;

	if (inet_pton(AF_INET, address, &at.sin_addr) != 1 ||
	    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) != 0 ||
	    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) != 0 ||
	    bind(descriptor, (struct sockaddr *)&at, sizeof(at)) != 0)
		give_up(address);
	return descriptor;
}

static void make_batch(void)
{
	for (unsigned i = 0; i < BATCH; i++) {
		room_of[i] = (struct iovec){room[i], ECHO_ROOM};
		query[i].msg_hdr = (struct msghdr){
			.msg_name = &sender[i], .msg_iov = &room_of[i], .msg_iovlen = 1};
	}
}

static void send_all(int descriptor, unsigned count)
{
	for (unsigned from = 0; from < count;) {
		int sent = sendmmsg(descriptor, response + from, count - from, 0);

		from += sent > 0 ? (unsigned)sent : 1;
	}
}

static void serve(int descriptor, struct echo *echo)
{
	for (;;) {
		unsigned count = 0;
		int received;

		for (unsigned i = 0; i < BATCH; i++)
			query[i].msg_hdr.msg_namelen = sizeof(sender[i]);
		received = recvmmsg(descriptor, query, BATCH, MSG_WAITFORONE, NULL);
		for (int i = 0; i < received; i++) {
			size_t size = echo_make(echo, room[i], query[i].msg_len, ECHO_ROOM);

			if (size == 0)
				continue;
			octets[count] = (struct iovec){room[i], size};
			response[count] = query[i];
			response[count].msg_hdr.msg_iov = &octets[count];
			count++;
		}
		send_all(descriptor, count);
	}
}

int main(int argc, char *argv[])
{
	const char *address = "127.0.0.1", *sizes = NULL;
	int option, port = 53;
	static struct echo echo;

	while ((option = getopt(argc, argv, "a:p:S:")) > 0)
		switch (option) {
		case 'a':
			address = optarg;
			break;
		case 'p':
			port = atoi(optarg);
			break;
		case 'S':
			sizes = optarg;
			break;
		default:
			return 2;
		}
	if (sizes == NULL)
		return 2;
	echo_begin(&echo, sizes);
	make_batch();
	serve(listen_at(address, port), &echo);
}
