/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_TLS_H
#define COMITY_HOST_NET_TLS_H

/*
 * tls.h - DNS over TLS (RFC 7858) and transfers over TLS (RFC 9103): TLS 1.3 with the protocol
 * "dot".
 *
 * The library that does it stands in a module of its own, which is loaded only where a
 * configuration asks for TLS: whoever has none starts without it and has less in memory.
 *
 * A session takes octets to send whole or not at all: what the socket does not take at once it
 * keeps itself, and takes no more until that is out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TLS_PORT     853
#define TLS_SEND_MAX 65536 /* octets that send() takes at most */

struct tls_context; /* one side's certificate and whom it trusts */
struct tls;         /* a session */

enum tls_state { TLS_READY, TLS_WAITS, TLS_FAILED };

/* What the module offers; its one symbol. */
struct tls_library {
	/* A server's certificate chain and its key, both PEM. NULL: `*why`. */
	struct tls_context *(*server)(const char *certificate, const char *key,
	                              const char **why);

	/* Another chain and key for a server, from the next accept() on, in whatever thread.
	 * False, and nothing changed: `*why`. */
	bool (*renew)(struct tls_context *context, const char *certificate, const char *key,
	              const char **why);

	/* Whom a client trusts: a file of certificates, PEM, or those of the system for NULL.
	 */
	struct tls_context *(*client)(const char *trusted, const char **why);

	struct tls *(*accept)(struct tls_context *context);

	/* A session to the server of that name; NULL: whoever it is (RFC 9103 section 9.3:
	 * opportunistic). */
	struct tls *(*connect)(struct tls_context *context, const char *name);

	void (*end)(struct tls *tls);

	/* Goes on with the handshake. TLS_WAITS: for the other side. A server's goes on in
	 * receive(), too. */
	enum tls_state (*shake_hands)(struct tls *tls, int descriptor);

	/* `size`, or 0 when the session has not got rid of what it took before, or -1 when it
	 * is lost. */
	ssize_t (*send)(struct tls *tls, int descriptor, const uint8_t *octets, size_t size);

	/* As recv(): octets, 0 at the end, -1 and EAGAIN when there is nothing yet. */
	ssize_t (*receive)(struct tls *tls, int descriptor, uint8_t *to, size_t size);

	/* Sends what was taken; false when the session is lost. */
	bool (*flush)(struct tls *tls, int descriptor);

	bool (*has_unsent)(const struct tls *tls);

	/* Octets are here that receive() would give though the socket has none. */
	bool (*has_more)(const struct tls *tls);
};

#define TLS_SYMBOL "comity_tls"

/* Loads the module. NULL, told on standard error, when there is none. */
const struct tls_library *tls_load(void);

#endif
