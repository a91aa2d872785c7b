/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_FRAME_H
#define COMITY_SERVING_FRAME_H

/*
 * frame.h - a query as it stands in an Ethernet frame, and its response in the same octets.
 *
 * Taken is what is usual: one or two VLAN tags or none (IEEE 802.1Q), IPv4 without options and
 * whole (RFC 791), or IPv6 without extension headers (RFC 8200), and UDP (RFC 768) that fills
 * its packet, from one sender to one receiver, with checksums that are right. All else is for
 * the kernel to judge, or, where it came this far, for nobody.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define FRAME_HEAD_MAX  70   /* octets before the message: Ethernet, two tags, IPv6, UDP */
#define FRAME_QUERY_MAX 1024 /* octets of a message that is taken */
#define FRAME_MTU_MIN                                                                          \
	1280 /* octets of a packet (RFC 8200 section 5); more are given, not less */

/* Where a query stands in its frame. */
struct frame {
	uint16_t ip;      /* of the IP header, octets from the start */
	uint16_t udp;     /* of the UDP header */
	uint16_t message; /* of the query */
	uint16_t size;    /* of it, octets: at most FRAME_QUERY_MAX */
	uint16_t port;    /* of the sender, never 0 */
	bool v6;
};

enum frame_kind {
	FRAME_QUERY,   /* `*frame` is complete */
	FRAME_OTHER,   /* nothing of what is taken */
	FRAME_DAMAGED, /* but for a checksum */
};

/* Reads a frame of any octets. `*frame` is to be looked at for FRAME_QUERY only. */
enum frame_kind frame_read(const uint8_t *octets, size_t size, struct frame *frame);

/* The octets of the sender's address, 4 or 16: a view into the frame. */
static inline struct bytes frame_sender(const uint8_t *octets, const struct frame *frame)
{
	return frame->v6 ? (struct bytes){octets + frame->ip + 8, 16}
	                 : (struct bytes){octets + frame->ip + 12, 4};
}

/* Octets that a message may have in a packet of at most `mtu`, at least FRAME_MTU_MIN. */
static inline size_t frame_room(const struct frame *frame, size_t mtu)
{
	return mtu - (size_t)(frame->message - frame->ip);
}

/*
 * Makes the frame that was read carry the `size` octets that now stand at frame->message back
 * to its sender: addresses and ports change places, tags stay, lengths and checksums are made
 * anew (that of UDP is never 0, which would say that there is none). `size` is at most
 * frame_room() of any MTU. The octets of the frame.
 */
size_t frame_reply(uint8_t *octets, const struct frame *frame, size_t size);

#endif
