/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_XDP_FILTER_H
#define COMITY_HOST_NET_XDP_FILTER_H

/*
 * xdp_filter.h - what the program in the kernel (xdp.bpf.c) is told before it is loaded, by
 * whoever loads it (xdp_libxdp.c). Numbers of the network are in its byte order.
 */

#include <linux/types.h>

#define XDP_TARGETS_MAX 64 /* a family */

struct xdp_filter {
	__u8 mac[6];       /* of the interface: frames for another are not looked at */
	__u16 message_max; /* octets of a message that is taken */
	__u32 v4_count;
	__u32 v6_count;
	struct {
		__u32 address;
		__u16 port;
		__u16 unused;
	} v4[XDP_TARGETS_MAX];
	struct {
		__u32 address[4];
		__u16 port;
		__u16 unused;
	} v6[XDP_TARGETS_MAX];
};

#endif
