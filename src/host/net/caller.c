/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/caller.h"

#include <netinet/in.h>
#include <string.h>
#include <time.h>

void caller_address(const struct sockaddr *address, uint8_t octets[ADDRESS_SIZE])
{
	memset(octets, 0, ADDRESS_SIZE);
	if (address->sa_family == AF_INET6) {
		memcpy(octets, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
		       ADDRESS_SIZE);
		return;
	}
	octets[10] = octets[11] = 0xff;
	memcpy(octets + 12, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
}

void caller_of(struct caller *caller, const struct sockaddr *address)
{
	caller_address(address, caller->address);
	caller->now = (uint64_t)time(NULL);
}
