/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_SENDER_H
#define COMITY_HOST_NET_SENDER_H

/* sender.h - who sent a query, as the kernel tells it. */

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/bytes.h"

union sender {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* The octets of the address: 4 or 16. A view into `sender`. */
static inline struct bytes sender_address(const union sender *sender)
{
	if (sender->any.sa_family == AF_INET)
		return (struct bytes){(const uint8_t *)&sender->v4.sin_addr, 4};
	return (struct bytes){(const uint8_t *)&sender->v6.sin6_addr, 16};
}

/* In both families it stands in the same place. */
static inline uint16_t sender_port(const union sender *sender)
{
	return ntohs(sender->v4.sin_port);
}

#endif
