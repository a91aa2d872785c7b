/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BENCH_FRAME_H
#define COMITY_BENCH_FRAME_H

/* frame.h - Ethernet, IPv4 without options, UDP: where things stand, and their sums (RFC 1071).
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	FRAME_TYPE = 12,
	FRAME_IP = 14,
	FRAME_IP_SIZE = 16,
	FRAME_IP_TTL = 22,
	FRAME_IP_PROTOCOL = 23,
	FRAME_IP_SUM = 24,
	FRAME_SOURCE = 26,
	FRAME_DESTINATION = 30,
	FRAME_UDP = 34,
	FRAME_SOURCE_PORT = 34,
	FRAME_DESTINATION_PORT = 36,
	FRAME_UDP_SIZE = 38,
	FRAME_UDP_SUM = 40,
	FRAME_MESSAGE = 42,
};

#define FRAME_MESSAGE_MAX 1472 /* octets of a message in 1500 of IPv4 */

static inline void frame_put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline unsigned frame_get16(const uint8_t *at)
{
	return (unsigned)(at[0] << 8 | at[1]);
}

/* Adds eight octets, as 32-bit words in the order of the machine. */
static inline uint64_t frame_add8(const uint8_t *octets)
{
	uint64_t eight;

	memcpy(&eight, octets, sizeof(eight));
	return (eight & 0xffffffff) + (eight >> 32);
}

/* Adds octets as words, which fold to those of 16 bits. */
static inline uint64_t frame_add(const uint8_t *octets, size_t size, uint64_t sum)
{
	uint16_t two;

	for (; size >= 32; size -= 32, octets += 32)
		sum += frame_add8(octets) + frame_add8(octets + 8) + frame_add8(octets + 16) +
		       frame_add8(octets + 24);
	for (; size >= 8; size -= 8, octets += 8)
		sum += frame_add8(octets);
	for (; size >= 2; size -= 2, octets += 2) {
		memcpy(&two, octets, sizeof(two));
		sum += two;
	}
	return size == 1 ? sum + *octets : sum; /* little-endian: its word's first octet */
}

static inline uint16_t frame_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Sets the sizes for a message of so many octets, and both sums. */
static inline void frame_finish(uint8_t *frame, size_t message_size)
{
	unsigned udp_size = (unsigned)message_size + 8;
	uint16_t sum, udp_size_wire = (uint16_t)(udp_size << 8 | udp_size >> 8);

	frame_put16(frame + FRAME_IP_SIZE, udp_size + 20);
	frame_put16(frame + FRAME_IP_SUM, 0);
	sum = frame_fold(frame_add(frame + FRAME_IP, 20, 0));
	memcpy(frame + FRAME_IP_SUM, &sum, 2);
	frame_put16(frame + FRAME_UDP_SIZE, udp_size);
	frame_put16(frame + FRAME_UDP_SUM, 0);
	sum = frame_fold(frame_add(frame + FRAME_SOURCE, 8 + udp_size,
	                           (uint64_t)(17 << 8) + udp_size_wire));
	sum = sum == 0 ? 0xffff : sum;
	memcpy(frame + FRAME_UDP_SUM, &sum, 2);
}

#endif
