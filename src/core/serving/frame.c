/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/frame.h"

#include <string.h>

#include "base/must.h"
#include "serving/octets.h"

#define ETHERNET_SIZE 14
#define TAG_SIZE      4
#define IPV4_SIZE     20
#define IPV6_SIZE     40
#define UDP_SIZE      8

#define ETHERTYPE_IPV4  0x0800
#define ETHERTYPE_IPV6  0x86dd
#define ETHERTYPE_VLAN  0x8100 /* IEEE 802.1Q: a customer's tag */
#define ETHERTYPE_OUTER 0x88a8 /* IEEE 802.1ad: a provider's, before it */

#define PROTOCOL_UDP 17
#define HOPS         64 /* what our sockets send, too */

/* ---- checksums (RFC 1071) ---- */

__extension__ typedef unsigned __int128 wide;

/*
 * A sum of octets taken as 16-bit numbers of this machine: the one's complement sum is the same
 * in either byte order, but for the order of the two octets of the result (RFC 1071 section 2).
 * What is summed after it must begin at an even octet of the whole.
 */
static inline uint64_t sum_of(const uint8_t *octets, size_t size, uint64_t before)
{
	wide even = before, odd = 0;
	uint64_t a = 0, b, low, high;

	for (; size >= 16; octets += 16, size -= 16) {
		memcpy(&a, octets, 8);
		memcpy(&b, octets + 8, 8);
		even += a;
		odd += b;
	}
	if (size >= 8) {
		memcpy(&a, octets, 8);
		even += a;
		octets += 8;
		size -= 8;
	}
	a = 0;
	memcpy(&a, octets, size);
	even += odd;
	even += a;
	low = (uint64_t)even;
	high = (uint64_t)(even >> 64);
	/* Four numbers of 16 bits: 2^16 is 1 here. */
	return (low & 0xffffffff) + (low >> 32) + high;
}

/* The 16 bits of a sum, in the byte order of this machine. */
static inline uint16_t fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static inline uint16_t load_plain(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static inline void store_plain(uint8_t *at, uint16_t value)
{
	memcpy(at, &value, sizeof(value));
}

/* The sum of what UDP counts of the IP header (RFC 768; RFC 8200 section 8.1). */
static inline uint64_t pseudo_sum(const uint8_t *ip, bool v6, size_t udp_size)
{
	uint64_t sum = BIG16((uint16_t)udp_size) + (uint64_t)BIG16((uint16_t)PROTOCOL_UDP);

	return v6 ? sum_of(ip + 8, 32, sum) : sum_of(ip + 12, 8, sum);
}

/*
 * A checksum of 0 says in IPv4 that there is none. The sum of the addresses alone is
 * what a sender on this machine leaves to the network card that the frame never met.
 */
static bool is_whole(const uint8_t *ip, const uint8_t *udp, size_t udp_size, bool v6)
{
	uint16_t checksum = load_plain(udp + 6);
	uint64_t pseudo;

	if (checksum == 0)
		return !v6;
	pseudo = pseudo_sum(ip, v6, udp_size);
	return fold(sum_of(udp, udp_size, pseudo)) == 0xffff || checksum == fold(pseudo);
}

/* ---- reading ---- */

/* Where the packet begins, and its type; 0 when it is none of ours. */
static size_t read_link(const uint8_t *octets, size_t size, uint32_t *type)
{
	size_t at = ETHERNET_SIZE;

	if (size < ETHERNET_SIZE || (octets[6] & 1) != 0) /* a sender is no group */
		return 0;
	*type = load16(octets + 12);
	for (unsigned tags = 0; *type == ETHERTYPE_VLAN || *type == ETHERTYPE_OUTER; tags++) {
		if (tags == 2 || size < at + TAG_SIZE)
			return 0;
		*type = load16(octets + at + 2);
		at += TAG_SIZE;
	}
	return at;
}

static bool is_sender_v4(const uint8_t *address)
{
	return address[0] != 0 && address[0] != 127 && address[0] < 224;
}

static bool is_sender_v6(const uint8_t *address)
{
	static const uint8_t none[15];

	/* Neither :: nor ::1, nor a group. */
	return address[0] != 0xff && (memcmp(address, none, 15) != 0 || address[15] > 1);
}

static size_t read_v4(const uint8_t *ip, size_t room)
{
	size_t size;

	if (room < IPV4_SIZE + UDP_SIZE || ip[0] != 0x45 || ip[9] != PROTOCOL_UDP)
		return 0;
	size = load16(ip + 2);
	if (size < IPV4_SIZE + UDP_SIZE || size > room ||
	    (load16(ip + 6) & 0xbfff) != 0 || /* a fragment, or what RFC 791 reserves */
	    !is_sender_v4(ip + 12) || memcmp(ip + 12, ip + 16, 4) == 0)
		return 0;
	return size - IPV4_SIZE;
}

static size_t read_v6(const uint8_t *ip, size_t room)
{
	size_t size;

	if (room < IPV6_SIZE + UDP_SIZE || ip[0] >> 4 != 6 || ip[6] != PROTOCOL_UDP)
		return 0;
	size = load16(ip + 4);
	if (size < UDP_SIZE || size > room - IPV6_SIZE || !is_sender_v6(ip + 8) ||
	    memcmp(ip + 8, ip + 24, 16) == 0)
		return 0;
	return size;
}

enum frame_kind frame_read(const uint8_t *octets, size_t size, struct frame *frame)
{
	uint32_t type;
	size_t at = read_link(octets, size, &type), udp_size = 0, head = IPV4_SIZE;
	bool v6 = false;
	const uint8_t *ip, *udp;

	if (at == 0)
		return FRAME_OTHER;
	ip = octets + at;
	if (type == ETHERTYPE_IPV4) {
		udp_size = read_v4(ip, size - at);
	} else if (type == ETHERTYPE_IPV6) {
		udp_size = read_v6(ip, size - at);
		head = IPV6_SIZE;
		v6 = true;
	}
	if (udp_size == 0 || udp_size > UDP_SIZE + FRAME_QUERY_MAX)
		return FRAME_OTHER;
	udp = ip + head;
	if (load16(udp + 4) != udp_size || load16(udp) == 0)
		return FRAME_OTHER;
	if ((!v6 && fold(sum_of(ip, IPV4_SIZE, 0)) != 0xffff) ||
	    !is_whole(ip, udp, udp_size, v6))
		return FRAME_DAMAGED;
	frame->ip = (uint16_t)at;
	frame->udp = (uint16_t)(at + head);
	frame->message = (uint16_t)(at + head + UDP_SIZE);
	frame->size = (uint16_t)(udp_size - UDP_SIZE);
	frame->port = (uint16_t)load16(udp);
	frame->v6 = v6;
	return FRAME_QUERY;
}

/* ---- replying ---- */

static inline void exchange(uint8_t *octets, size_t size)
{
	uint8_t first[16];

	memcpy(first, octets, size);
	memcpy(octets, octets + size, size);
	memcpy(octets + size, first, size);
}

/*
 * Identification and DF stay those of the query: whoever lets its packets be cut gives each a
 * number of its own (RFC 6864 section 4), which the response then has between the same two
 * addresses, and which nobody can guess from another.
 */
static void head_v4(uint8_t *ip, size_t udp_size)
{
	ip[1] = 0;
	store16(ip + 2, (uint32_t)(IPV4_SIZE + udp_size));
	ip[8] = HOPS;
	store16(ip + 10, 0);
	exchange(ip + 12, 4);
	store_plain(ip + 10, (uint16_t)~fold(sum_of(ip, IPV4_SIZE, 0)));
}

static void head_v6(uint8_t *ip, size_t udp_size)
{
	store32(ip, 0x60000000);
	store16(ip + 4, (uint32_t)udp_size);
	ip[7] = HOPS;
	exchange(ip + 8, 16);
}

size_t frame_reply(uint8_t *octets, const struct frame *frame, size_t size)
{
	uint8_t *ip = octets + frame->ip, *udp = octets + frame->udp;
	size_t udp_size = UDP_SIZE + size;
	uint16_t checksum;

	must(udp_size <= UINT16_MAX - IPV6_SIZE);
	exchange(octets, 6);
	if (frame->v6)
		head_v6(ip, udp_size);
	else
		head_v4(ip, udp_size);
	exchange(udp, 2);
	store16(udp + 4, (uint32_t)udp_size);
	store16(udp + 6, 0);
	checksum = (uint16_t)~fold(sum_of(udp, udp_size, pseudo_sum(ip, frame->v6, udp_size)));
	store_plain(udp + 6, checksum == 0 ? 0xffff : checksum);
	return frame->message + size;
}
