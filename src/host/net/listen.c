/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define SOCKET_BUFFER (4 << 20) /* octets; the kernel may give less */
#define BACKLOG       1024

enum mishap listen_read(const char *text, struct listen_address *address)
{
	const char *at = strchr(text, '@');
	size_t size = at == NULL ? strlen(text) : (size_t)(at - text);
	struct listen_address read = {0};
	uint64_t port = LISTEN_PORT;
	char name[INET6_ADDRSTRLEN];

	if (size >= sizeof(name) ||
	    (at != NULL && !text_number(bytes_of(at + 1), UINT16_MAX, &port)))
		return MISHAP_MALFORMED;
	memcpy(name, text, size);
	name[size] = '\0';
	if (inet_pton(AF_INET, name, &read.socket.v4.sin_addr) == 1) {
		read.socket.v4.sin_family = AF_INET;
		read.socket.v4.sin_port = htons((uint16_t)port);
		read.size = sizeof(read.socket.v4);
		read.wildcard = read.socket.v4.sin_addr.s_addr == htonl(INADDR_ANY);
	} else if (inet_pton(AF_INET6, name, &read.socket.v6.sin6_addr) == 1) {
		read.socket.v6.sin6_family = AF_INET6;
		read.socket.v6.sin6_port = htons((uint16_t)port);
		read.size = sizeof(read.socket.v6);
		read.wildcard = IN6_IS_ADDR_UNSPECIFIED(&read.socket.v6.sin6_addr);
	} else {
		return MISHAP_MALFORMED;
	}
	*address = read;
	return OK;
}

void listen_write(const struct listen_address *address, char text[LISTEN_TEXT_MAX])
{
	char name[INET6_ADDRSTRLEN] = "";
	const void *octets = &address->socket.v4.sin_addr;

	if (address->socket.any.sa_family == AF_INET6)
		octets = &address->socket.v6.sin6_addr;
	inet_ntop(address->socket.any.sa_family, octets, name, sizeof(name));
	snprintf(text, LISTEN_TEXT_MAX, "%s@%u", name, ntohs(address->socket.v4.sin_port));
}

static void tell(const struct listen_address *address, const char *what)
{
	char name[LISTEN_TEXT_MAX];

	listen_write(address, name);
	fprintf(stderr, "comity: %s %s: %s\n", what, name, strerror(errno));
}

static int set(int descriptor, int level, int name, int value)
{
	return setsockopt(descriptor, level, name, &value, sizeof(value));
}

static int open_bound(const struct listen_address *address, int type, bool shared)
{
	bool v6 = address->socket.any.sa_family == AF_INET6;
	int descriptor = socket(address->socket.any.sa_family, type | SOCK_CLOEXEC, 0);

	if (descriptor >= 0 && (!shared || set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) == 0) &&
	    (type != SOCK_STREAM || set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1) == 0) &&
	    (!v6 || set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1) == 0) &&
	    bind(descriptor, &address->socket.any, address->size) == 0)
		return descriptor;
	tell(address, "binding");
	if (descriptor >= 0)
		close(descriptor);
	return -1;
}

enum mishap listen_udp(const struct listen_address *address, bool shared, int *descriptor)
{
	bool v6 = address->socket.any.sa_family == AF_INET6;
	int opened = open_bound(address, SOCK_DGRAM, shared), told = 0;

	if (opened < 0)
		return MISHAP_IO;
	(void)set(opened, SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER);
	(void)set(opened, SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER);
	/* Path MTU messages are easily forged; we send nothing that needs them. */
	if (v6)
		(void)set(opened, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
	else
		(void)set(opened, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
	if (address->wildcard)
		told = v6 ? set(opened, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
		          : set(opened, IPPROTO_IP, IP_PKTINFO, 1);
	if (told != 0) {
		tell(address, "packet information of");
		close(opened);
		return MISHAP_IO;
	}
	*descriptor = opened;
	return OK;
}

enum mishap listen_tcp(const struct listen_address *address, bool shared, int *descriptor)
{
	int opened = open_bound(address, SOCK_STREAM | SOCK_NONBLOCK, shared);

	if (opened < 0)
		return MISHAP_IO;
	if (set(opened, IPPROTO_TCP, TCP_NODELAY, 1) != 0 || listen(opened, BACKLOG) != 0) {
		tell(address, "listening on");
		close(opened);
		return MISHAP_IO;
	}
	*descriptor = opened;
	return OK;
}
