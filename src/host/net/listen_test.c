/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/listen.h"

#include <string.h>

#include <tap.h> /* of the tests; "tap.h" is our neighbour */

static bool refused(const char *text)
{
	struct listen_address address;

	return listen_read(text, &address) == MISHAP_MALFORMED;
}

int main(void)
{
	struct listen_address a = {0};

	ok(listen_read("192.0.2.1@5353", &a) == OK && a.socket.any.sa_family == AF_INET &&
	           a.socket.v4.sin_port == htons(5353) && !a.wildcard,
	   "an IPv4 address and a port");
	ok(listen_read("2001:db8::1", &a) == OK && a.socket.any.sa_family == AF_INET6 &&
	           a.socket.v6.sin6_port == htons(53) && a.size == sizeof(struct sockaddr_in6),
	   "an IPv6 address and port 53");
	ok(listen_read("0.0.0.0", &a) == OK && a.wildcard && listen_read("::@1", &a) == OK &&
	           a.wildcard,
	   "all addresses");
	ok(refused("") && refused("@53") && refused("localhost") && refused("192.0.2.1@") &&
	           refused("192.0.2.1@65536") && refused("192.0.2.1@053") &&
	           refused("192.0.2.1:53") && refused("[::1]@53") &&
	           refused("1234:1234:1234:1234:1234:1234:1234:1234:1234:1234"),
	   "and nothing else");
	return done_testing();
}
