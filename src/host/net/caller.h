/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_CALLER_H
#define COMITY_HOST_NET_CALLER_H

/* caller.h - who sent a message, and when: what the core wants to know of a socket's address. */

#include <sys/socket.h>

#include "serving/attend.h"

/* Fills in address and time; the rest of `*caller` stays as it is. */
void caller_of(struct caller *caller, const struct sockaddr *address);

/* The octets of an IPv4 address, as ::ffff:0:0/96, or of an IPv6 address. */
void caller_address(const struct sockaddr *address, uint8_t octets[ADDRESS_SIZE]);

#endif
