/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs in the kernel on each frame that an interface receives: hands to AF_XDP what is a plain
 * UDP datagram for an address and port of ours, and leaves all else where it was going.
 * serving/frame.h says what is plain, and looks at everything again.
 */
#include <linux/bpf.h>
#include <linux/types.h>
/* These two in this order. */
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_filter.h"

#define ETHERNET_SIZE 14
#define TAG_SIZE      4
#define IPV4_SIZE     20
#define IPV6_SIZE     40
#define UDP_SIZE      8
#define PROTOCOL_UDP  17

/* Named as bpf_helpers.h has it: what is not there comes to the kernel's own sockets. */
struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} queues SEC(".maps");

const volatile struct xdp_filter filter = {0};

static __always_inline __u16 plain16(const __u8 *at)
{
	return *(const __u16 *)at;
}

static __always_inline __u32 plain32(const __u8 *at)
{
	return (__u32)plain16(at + 2) << 16 | plain16(at);
}

static __always_inline int is_ours(const __u8 *frame)
{
	for (int i = 0; i < 6; i++)
		if (frame[i] != filter.mac[i])
			return 0;
	return 1;
}

static __always_inline int is_header_right(const __u8 *ip)
{
	__u32 sum = 0;

	for (int i = 0; i < IPV4_SIZE; i += 2)
		sum += plain16(ip + i);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* A datagram of `size` octets: to fill its packet, and to be no longer than is taken. (Whether
 * the frame has so many is seen later: to look here takes CAP_PERFMON besides.) */
static __always_inline int is_plain_udp(const __u8 *udp, __u32 size)
{
	return plain16(udp + 4) == bpf_htons(size) && size <= UDP_SIZE + filter.message_max &&
	       plain16(udp) != 0;
}

static __always_inline int is_for_us_v4(const __u8 *ip, const __u8 *end)
{
	const __u8 *udp = ip + IPV4_SIZE;
	__u32 size, address;
	__u16 port;

	if (udp + UDP_SIZE > end || ip[0] != 0x45 || ip[9] != PROTOCOL_UDP ||
	    (plain16(ip + 6) & bpf_htons(0xbfff)) != 0)
		return 0;
	size = bpf_ntohs(plain16(ip + 2));
	if (size < IPV4_SIZE + UDP_SIZE || !is_plain_udp(udp, size - IPV4_SIZE) ||
	    !is_header_right(ip) || ip[12] == 0 || ip[12] == 127 || ip[12] >= 224)
		return 0;
	address = plain32(ip + 16);
	port = plain16(udp + 2);
	if (address == plain32(ip + 12))
		return 0;
	for (__u32 i = 0; i < XDP_TARGETS_MAX && i < filter.v4_count; i++)
		if (address == filter.v4[i].address && port == filter.v4[i].port)
			return 1;
	return 0;
}

static __always_inline int is_same_v6(const __u8 *address, const volatile __u32 *other)
{
	return plain32(address) == other[0] && plain32(address + 4) == other[1] &&
	       plain32(address + 8) == other[2] && plain32(address + 12) == other[3];
}

/* Senders of one link only are left to the kernel, with the groups and :: and ::1. */
static __always_inline int is_for_us_v6(const __u8 *ip, const __u8 *end)
{
	const __u8 *udp = ip + IPV6_SIZE;
	__u32 size;
	__u16 port;

	if (udp + UDP_SIZE > end || ip[0] >> 4 != 6 || ip[6] != PROTOCOL_UDP ||
	    plain16(udp + 6) == 0)
		return 0;
	size = bpf_ntohs(plain16(ip + 4));
	if (size < UDP_SIZE || !is_plain_udp(udp, size) || ip[8] == 0 || ip[8] >= 0xfe)
		return 0;
	port = plain16(udp + 2);
	for (__u32 i = 0; i < XDP_TARGETS_MAX && i < filter.v6_count; i++)
		if (port == filter.v6[i].port && is_same_v6(ip + 24, filter.v6[i].address))
			return 1;
	return 0;
}

SEC("xdp")
int comity(struct xdp_md *context)
{
	const __u8 *frame = (const __u8 *)(long)context->data;
	const __u8 *end = (const __u8 *)(long)context->data_end;
	const __u8 *ip = frame + ETHERNET_SIZE;
	__u16 type;
	int ours;

	if (ip + 2 * TAG_SIZE > end || !is_ours(frame) || (frame[6] & 1) != 0)
		return XDP_PASS;
	type = plain16(frame + 12);
	for (int tags = 0; tags < 2; tags++)
		if (type == bpf_htons(0x8100) || type == bpf_htons(0x88a8)) {
			if (ip + TAG_SIZE > end)
				return XDP_PASS;
			type = plain16(ip + 2);
			ip += TAG_SIZE;
		}
	if (type == bpf_htons(0x0800))
		ours = is_for_us_v4(ip, end);
	else if (type == bpf_htons(0x86dd))
		ours = is_for_us_v6(ip, end);
	else
		return XDP_PASS;
	return ours ? bpf_redirect_map(&queues, context->rx_queue_index, XDP_PASS) : XDP_PASS;
}

/* The kernel asks for one; what we call is for programs of any license. */
char LICENSE[] SEC("license") = "Apache-2.0";
