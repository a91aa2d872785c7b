/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* Octets; the kernel may give less. In a flood the buffer for what comes is full, and everyone
 * waits as long as it takes to answer that; it holds what comes in a hundred milliseconds at
 * 20,000 queries a second. */
#define RECEIVE_BUFFER (1 << 20)
#define SEND_BUFFER    (4 << 20)
#define BACKLOG       1024

enum mishap listen_read(const char *text, struct listen_address *address)
{
	return listen_read_port(text, LISTEN_PORT, address);
}

enum mishap listen_read_port(const char *text, uint16_t default_port,
                             struct listen_address *address)
{
	const char *at = strchr(text, '@');
	size_t size = at == NULL ? strlen(text) : (size_t)(at - text);
	struct listen_address read = {0};
	uint64_t port = default_port;
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

/* Makes a UDP socket ready to be served; false when it will not tell where queries went to. */
static bool ready_udp(int descriptor, bool v6, bool wildcard)
{
	(void)set(descriptor, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
	(void)set(descriptor, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
	/* Path MTU messages are easily forged; we send nothing that needs them. */
	if (v6)
		(void)set(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
	else
		(void)set(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
	if (!wildcard)
		return true;
	return (v6 ? set(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
	           : set(descriptor, IPPROTO_IP, IP_PKTINFO, 1)) == 0;
}

static bool ready_tcp(int descriptor)
{
	/* RFC 7413, RFC 7766 section 5: where the machine has it turned on. */
	(void)set(descriptor, IPPROTO_TCP, TCP_FASTOPEN, BACKLOG);
	return set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1) == 0 &&
	       listen(descriptor, BACKLOG) == 0;
}

enum mishap listen_udp(const struct listen_address *address, bool shared, int *descriptor)
{
	int opened = open_bound(address, SOCK_DGRAM, shared);

	if (opened < 0)
		return MISHAP_IO;
	if (!ready_udp(opened, address->socket.any.sa_family == AF_INET6, address->wildcard)) {
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
	if (!ready_tcp(opened)) {
		tell(address, "listening on");
		close(opened);
		return MISHAP_IO;
	}
	*descriptor = opened;
	return OK;
}

/* ---- sockets that were bound for us ---- */

#define FIRST_INHERITED 3

static bool flag(int descriptor, int get, int put, int bit)
{
	int flags = fcntl(descriptor, get);

	return flags >= 0 && fcntl(descriptor, put, flags | bit) == 0;
}

static bool take_inherited(int descriptor, struct listen_inherited *to)
{
	struct listen_address address = {.size = sizeof(address.socket)};
	int type = 0;
	socklen_t size = sizeof(type);
	bool v6;

	if (getsockname(descriptor, &address.socket.any, &address.size) != 0 ||
	    getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
	    !flag(descriptor, F_GETFD, F_SETFD, FD_CLOEXEC))
		return false;
	v6 = address.socket.any.sa_family == AF_INET6;
	if (!v6 && address.socket.any.sa_family != AF_INET)
		return false;
	if (type == SOCK_STREAM) {
		to->tcp[to->tcp_count++] = descriptor;
		return ready_tcp(descriptor) && flag(descriptor, F_GETFL, F_SETFL, O_NONBLOCK);
	}
	address.wildcard = v6 ? IN6_IS_ADDR_UNSPECIFIED(&address.socket.v6.sin6_addr)
	                      : address.socket.v4.sin_addr.s_addr == htonl(INADDR_ANY);
	to->wildcard[to->udp_count] = address.wildcard;
	to->udp[to->udp_count++] = descriptor;
	return type == SOCK_DGRAM && ready_udp(descriptor, v6, address.wildcard) &&
	       fcntl(descriptor, F_SETFL, 0) == 0; /* blocking, as its worker wants it */
}

enum mishap listen_inherit(struct listen_inherited *inherited)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	uint64_t whose = 0, sockets = 0;
	enum mishap m = OK;

	*inherited = (struct listen_inherited){0};
	if (pid == NULL || count == NULL || !text_number(bytes_of(pid), INT32_MAX, &whose) ||
	    whose != (uint64_t)getpid())
		return OK;
	if (!text_number(bytes_of(count), LISTEN_INHERITED_MAX, &sockets))
		m = MISHAP_IO;
	for (int i = 0; i < (int)sockets && m == OK; i++)
		if (!take_inherited(FIRST_INHERITED + i, inherited))
			m = MISHAP_IO;
	if (m != OK)
		fputs("comity: LISTEN_FDS: not sockets of ours\n", stderr);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return m;
}
