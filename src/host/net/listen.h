/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_LISTEN_H
#define COMITY_HOST_NET_LISTEN_H

/* listen.h - the addresses a server listens on, and their sockets. */

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/mishap.h"

#define LISTEN_PORT 53

/* An IPv4 or IPv6 address and a port. */
struct listen_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} socket;
	socklen_t size;
	bool wildcard; /* 0.0.0.0 or ::, so each answer must name the address that was asked */
};

/* Reads "ADDRESS" or "ADDRESS@PORT". MISHAP_MALFORMED, and `*address` untouched, otherwise. */
enum mishap listen_read(const char *text, struct listen_address *address) CHECKED;

/* The same, with another port where none is said. */
enum mishap listen_read_port(const char *text, uint16_t port,
                             struct listen_address *address) CHECKED;

#define LISTEN_TEXT_MAX 64 /* characters of "ADDRESS@PORT" and NUL at most */

/* Writes "ADDRESS@PORT". */
void listen_write(const struct listen_address *address, char text[LISTEN_TEXT_MAX]);

/*
 * Opens a socket and binds it; `*descriptor` is the caller's to close. `shared` lets
 * several sockets of this user share the address (SO_REUSEPORT). MISHAP_IO, told
 * on standard error.
 */
enum mishap listen_udp(const struct listen_address *address, bool shared,
                       int *descriptor) CHECKED;
enum mishap listen_tcp(const struct listen_address *address, bool shared,
                       int *descriptor) CHECKED;

#define LISTEN_INHERITED_MAX 64

/* Sockets that a service manager bound for us: descriptors from 3 on, as many as LISTEN_FDS
 * says, where LISTEN_PID is our process id (sd_listen_fds(3)). */
struct listen_inherited {
	int udp[LISTEN_INHERITED_MAX];
	bool wildcard[LISTEN_INHERITED_MAX]; /* of udp[] */
	size_t udp_count;
	int tcp[LISTEN_INHERITED_MAX];
	size_t tcp_count;
};

/* Takes them, makes each ready as listen_udp() and listen_tcp() do, and forgets the variables.
 * None is no mishap. MISHAP_IO, told on standard error: one is no such socket, or there are too
 * many. */
enum mishap listen_inherit(struct listen_inherited *inherited) CHECKED;

#endif
