/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_DNSTAP_H
#define COMITY_SERVING_DNSTAP_H

/*
 * dnstap.h - responses as dnstap tells them: a protocol buffer each (dnstap.proto,
 * AUTH_RESPONSE), in a frame of the stream that collectors read (Frame Streams).
 *
 * The sizes in a frame stand in varints of a fixed width, so that nearly all of it is made
 * once: a frame is a copy of that, a few numbers, and the response.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "serving/answer.h"
#include "serving/octets.h"

#define DNSTAP_IDENTITY_MAX 128 /* octets of who tells, and of its version */
#define DNSTAP_HEAD_MAX                                                                        \
	(2 * DNSTAP_IDENTITY_MAX + 128) /* octets of a frame but for the response */

#define DNSTAP_HEAD_SHORT 80 /* octets of most heads, at most */

/* Fields of dnstap.proto that differ from frame to frame: number, and what their values are
 * written as. */
#define DNSTAP_MESSAGE          (14 << 3 | 2) /* octets: of the frame, not the message */
#define DNSTAP_QUERY_ADDRESS    (4 << 3 | 2)  /* octets */
#define DNSTAP_QUERY_PORT       (6 << 3)      /* varint */
#define DNSTAP_RESPONSE_MESSAGE (14 << 3 | 2) /* octets */

/* What all frames of one family have in common. Behind it come port, address and response. */
struct dnstap_head {
	uint8_t octets[DNSTAP_HEAD_MAX];
	uint32_t size;
	uint32_t message_at; /* all behind is the message; before it its size, a varint of 3
	                        octets */
	uint32_t time_at;    /* varint of 5 octets, a tag, four octets: dnstap_set_time() */
};

struct dnstap {
	struct dnstap_head head[2]; /* IPv4, IPv6 */
};

/* Prepares the heads for responses by `transport`; `identity` and `version` may be empty, and
 * are cut to DNSTAP_IDENTITY_MAX. */
void dnstap_begin(struct dnstap *dnstap, enum transport transport, struct bytes identity,
                  struct bytes version);

/* The moment of the responses that follow, seconds since 1970 and nanoseconds. */
void dnstap_set_time(struct dnstap *dnstap, uint32_t seconds, uint32_t nanoseconds);

/* A varint of three octets, the first one lowest. Each of the sums moves what is above seven
 * bits up by one. */
static inline uint32_t dnstap_varint3(uint32_t value)
{
	value += value & ~0x7fu;
	value += value & ~0x7fffu;
	return value | 0x8080;
}

/* Puts a field whose value is a varint of three octets, or begins with one. */
static inline void dnstap_put_field3(uint8_t *at, uint32_t tag, uint32_t value)
{
	store32(at, __builtin_bswap32(dnstap_varint3(value) << 8 | tag));
}

/*
 * Writes the frame of a response at `to`, which has room for DNSTAP_HEAD_MAX and the response;
 * returns its size. `address` and `port` are the asker's.
 */
static inline size_t dnstap_put(uint8_t *to, const struct dnstap *dnstap, struct bytes address,
                                uint16_t port, struct bytes response)
{
	const struct dnstap_head *head = &dnstap->head[address.size != 4];
	uint8_t *at = to + head->size;

	memcpy(to, head->octets, DNSTAP_HEAD_SHORT); /* of a known size: a few moves */
	if (head->size > DNSTAP_HEAD_SHORT)
		memcpy(to, head->octets, head->size);
	dnstap_put_field3(at, DNSTAP_QUERY_PORT, port);
	at[4] = DNSTAP_QUERY_ADDRESS;
	at[5] = (uint8_t)address.size;
	memcpy(at + 6, address.at, 4);
	at += 6 + 4;
	if (address.size != 4) {
		memcpy(at, address.at + 4, 12);
		at += 12;
	}
	dnstap_put_field3(at, DNSTAP_RESPONSE_MESSAGE, (uint32_t)response.size);
	at += 4;
	memcpy(at, response.at, response.size);
	at += response.size;
	store32(to, (uint32_t)(at - to) - 4);
	dnstap_put_field3(to + head->message_at - 4, DNSTAP_MESSAGE,
	                  (uint32_t)(at - to) - head->message_at);
	return (size_t)(at - to);
}

/* ---- the stream ---- */

#define DNSTAP_CONTENT_TYPE "protobuf:dnstap.Dnstap"
#define DNSTAP_CONTROL_MAX  512 /* octets of a control frame we read */

enum dnstap_control {
	DNSTAP_ACCEPT = 1,
	DNSTAP_START,
	DNSTAP_STOP,
	DNSTAP_READY,
	DNSTAP_FINISH
};

/* Writes a control frame, with our content type unless it is DNSTAP_STOP or DNSTAP_FINISH. */
void dnstap_write_control(struct writer *to, enum dnstap_control control);

/*
 * Reads a control frame from the front of what a collector sent: 0 when more is to come, its
 * octets when it is whole, and -1 when it is none. `*control` is its kind; DNSTAP_ACCEPT only
 * when it takes our content type.
 */
int dnstap_read_control(struct bytes octets, uint32_t *control);

#endif
