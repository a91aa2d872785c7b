/* SPDX-License-Identifier: Apache-2.0 */
#include "host/observing/exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dns/address.h"

#define MESSAGE_MAX 65535
#define EDNS_SIZE   1232 /* octets by UDP that arrive in one piece */

struct endpoint {
	struct sockaddr_storage address;
	socklen_t size;
};

static uint8_t message[2 + MESSAGE_MAX];

static struct endpoint endpoint_of(const uint8_t *octets, size_t size)
{
	struct endpoint e = {.size = 0};

	if (size == IPV4_SIZE) {
		struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(EXCHANGE_PORT)};

		memcpy(&in.sin_addr, octets, IPV4_SIZE);
		memcpy(&e.address, &in, sizeof(in));
		e.size = sizeof(in);
	} else {
		struct sockaddr_in6 in = {.sin6_family = AF_INET6, .sin6_port = htons(EXCHANGE_PORT)};

		memcpy(&in.sin6_addr, octets, IPV6_SIZE);
		memcpy(&e.address, &in, sizeof(in));
		e.size = sizeof(in);
	}
	return e;
}

static bool is_from(const struct sockaddr_storage *from, const struct endpoint *e)
{
	const struct sockaddr_in *f4 = (const void *)from, *e4 = (const void *)&e->address;
	const struct sockaddr_in6 *f6 = (const void *)from, *e6 = (const void *)&e->address;

	if (from->ss_family != e->address.ss_family)
		return false;
	if (from->ss_family == AF_INET)
		return f4->sin_port == e4->sin_port && f4->sin_addr.s_addr == e4->sin_addr.s_addr;
	return f6->sin6_port == e6->sin6_port && memcmp(&f6->sin6_addr, &e6->sin6_addr, IPV6_SIZE) == 0;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Whether the socket is ready before the deadline. */
static bool ready(int socket, short events, int64_t deadline)
{
	struct pollfd p = {.fd = socket, .events = events};
	int64_t left;

	while ((left = deadline - now()) > 0) {
		int n = poll(&p, 1, (int)left);

		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
	}
	return false;
}

/* The question's octets; false without memory or randomness. */
static bool question_write(const struct question *q, uint16_t *id, uint8_t **octets, size_t *size)
{
	ldns_rdf *name = ldns_rdf_clone(q->name);
	ldns_pkt *packet;
	bool good;

	if (name == NULL)
		return false;
	packet = ldns_pkt_query_new(name, q->type, LDNS_RR_CLASS_IN, q->recursive ? LDNS_RD : 0);
	if (packet == NULL) {
		ldns_rdf_deep_free(name);
		return false;
	}
	ldns_pkt_set_edns_udp_size(packet, EDNS_SIZE);
	ldns_pkt_set_edns_do(packet, true);
	good = getrandom(id, sizeof(*id), 0) == sizeof(*id);
	ldns_pkt_set_id(packet, *id);
	good = good && ldns_pkt2wire(octets, packet, size) == LDNS_STATUS_OK;
	ldns_pkt_free(packet);
	return good;
}

/* Whether the octets are an answer to the question; they become `*answer`. */
static bool answer_read(const struct question *q, uint16_t id, const uint8_t *octets, size_t size,
                        ldns_pkt **answer)
{
	const ldns_rr *asked;
	ldns_pkt *packet;

	if (ldns_wire2pkt(&packet, octets, size) != LDNS_STATUS_OK)
		return false;
	asked = ldns_rr_list_rr_count(ldns_pkt_question(packet)) == 1
	                ? ldns_rr_list_rr(ldns_pkt_question(packet), 0)
	                : NULL;
	if (ldns_pkt_qr(packet) && ldns_pkt_id(packet) == id && asked != NULL &&
	    ldns_rr_get_type(asked) == q->type && ldns_dname_compare(ldns_rr_owner(asked), q->name) == 0) {
		*answer = packet;
		return true;
	}
	ldns_pkt_free(packet);
	return false;
}

/* ---- UDP ---- */

static enum reach listen_udp(int socket, const struct endpoint *e, const struct question *q, uint16_t id,
                             ldns_pkt **answer)
{
	int64_t deadline = now() + EXCHANGE_TIMEOUT;
	enum reach reach = REACH_SILENT;

	while (ready(socket, POLLIN, deadline)) {
		struct sockaddr_storage from;
		socklen_t from_size = sizeof(from);
		ssize_t n = recvfrom(socket, message, MESSAGE_MAX, 0, (struct sockaddr *)&from, &from_size);
		bool right;

		if (n < 0)
			continue;
		right = is_from(&from, e);
		if (!answer_read(q, id, message, (size_t)n, answer)) {
			reach = right ? REACH_GARBLED : reach;
			continue;
		}
		if (right)
			return REACH_ANSWERED;
		ldns_pkt_free(*answer);
		*answer = NULL;
		reach = REACH_ELSEWHERE;
	}
	return reach;
}

static bool is_no_way(int why)
{
	return why == ENETUNREACH || why == EADDRNOTAVAIL || why == EAFNOSUPPORT || why == EHOSTUNREACH ||
	       why == EPERM || why == EACCES;
}

enum reach exchange_udp(const uint8_t *octets, size_t size, const struct question *question,
                        ldns_pkt **answer)
{
	struct endpoint e = endpoint_of(octets, size);
	enum reach reach = REACH_UNROUTABLE;
	uint8_t *asked = NULL;
	size_t asked_size = 0;
	uint16_t id;
	int s = socket(e.address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*answer = NULL;
	if (s < 0 || !question_write(question, &id, &asked, &asked_size))
		goto closed;
	for (int i = 0; i < EXCHANGE_TRIES; i++) {
		if (sendto(s, asked, asked_size, 0, (const struct sockaddr *)&e.address, e.size) < 0) {
			reach = is_no_way(errno) ? REACH_UNROUTABLE : REACH_SILENT;
			break;
		}
		reach = listen_udp(s, &e, question, id, answer);
		if (reach != REACH_SILENT)
			break;
	}
closed:
	LDNS_FREE(asked);
	if (s >= 0)
		close(s);
	return reach;
}

/* ---- TCP ---- */

static bool send_all(int socket, const uint8_t *octets, size_t size, int64_t deadline)
{
	while (size > 0) {
		ssize_t n = ready(socket, POLLOUT, deadline) ? send(socket, octets, size, MSG_NOSIGNAL) : -1;

		if (n <= 0)
			return false;
		octets += n;
		size -= (size_t)n;
	}
	return true;
}

static bool receive_all(int socket, uint8_t *octets, size_t size, int64_t deadline)
{
	while (size > 0) {
		ssize_t n = ready(socket, POLLIN, deadline) ? recv(socket, octets, size, 0) : -1;

		if (n <= 0)
			return false;
		octets += n;
		size -= (size_t)n;
	}
	return true;
}

static enum reach connect_tcp(int socket, const struct endpoint *e, int64_t deadline)
{
	socklen_t size = sizeof(int);
	int why = 0;

	if (connect(socket, (const struct sockaddr *)&e->address, e->size) == 0)
		return REACH_ANSWERED;
	if (errno != EINPROGRESS)
		return is_no_way(errno) ? REACH_UNROUTABLE : REACH_SILENT;
	if (!ready(socket, POLLOUT, deadline) ||
	    getsockopt(socket, SOL_SOCKET, SO_ERROR, &why, &size) != 0 || why != 0)
		return REACH_SILENT;
	return REACH_ANSWERED;
}

static enum reach converse(int socket, const struct question *q, const uint8_t *asked, size_t asked_size,
                           uint16_t id, int64_t deadline, ldns_pkt **answer)
{
	uint8_t head[2] = {(uint8_t)(asked_size >> 8), (uint8_t)asked_size};
	size_t size;

	if (!send_all(socket, head, sizeof(head), deadline) ||
	    !send_all(socket, asked, asked_size, deadline) ||
	    !receive_all(socket, head, sizeof(head), deadline))
		return REACH_SILENT;
	size = (size_t)head[0] << 8 | head[1];
	if (!receive_all(socket, message, size, deadline))
		return REACH_SILENT;
	return answer_read(q, id, message, size, answer) ? REACH_ANSWERED : REACH_GARBLED;
}

enum reach exchange_tcp(const uint8_t *octets, size_t size, const struct question *question,
                        ldns_pkt **answer)
{
	struct endpoint e = endpoint_of(octets, size);
	int64_t deadline = now() + EXCHANGE_TRIES * EXCHANGE_TIMEOUT;
	enum reach reach = REACH_UNROUTABLE;
	uint8_t *asked = NULL;
	size_t asked_size = 0;
	uint16_t id;
	int s = socket(e.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*answer = NULL;
	if (s >= 0 && question_write(question, &id, &asked, &asked_size)) {
		reach = connect_tcp(s, &e, deadline);
		if (reach == REACH_ANSWERED)
			reach = converse(s, question, asked, asked_size, id, deadline, answer);
	}
	LDNS_FREE(asked);
	if (s >= 0)
		close(s);
	return reach;
}
