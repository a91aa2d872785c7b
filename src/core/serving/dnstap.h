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
#define DNSTAP_FRAME_MAX (DNSTAP_HEAD_MAX + 65535)

/* What all frames of one family have in common, and where the rest goes. */
struct dnstap_head {
	uint8_t octets[DNSTAP_HEAD_MAX];
	uint32_t size;
	uint16_t message_size_at; /* varint of 3 octets: of everything from `message_at` */
	uint16_t message_at;
	uint16_t protocol_at;      /* one octet */
	uint16_t address_at;       /* 4 or 16 octets */
	uint16_t port_at;          /* varint of 3 octets */
	uint16_t time_at;          /* varint of 5 octets, a tag, four octets */
	uint16_t response_size_at; /* varint of 3 octets */
};

struct dnstap {
	struct dnstap_head head[2]; /* IPv4, IPv6 */
};

/* Prepares the heads; `identity` and `version` may be empty, and are cut to
 * DNSTAP_IDENTITY_MAX. */
void dnstap_begin(struct dnstap *dnstap, struct bytes identity, struct bytes version);

static inline void dnstap_put_varint3(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value | 0x80);
	at[1] = (uint8_t)(value >> 7 | 0x80);
	at[2] = (uint8_t)(value >> 14);
}

static inline void dnstap_put_varint5(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 7 * i | 0x80);
	at[4] = (uint8_t)(value >> 28);
}

/*
 * Writes the frame of a response at `to`, which has room for DNSTAP_HEAD_MAX and the response;
 * returns its size. `port` is the asker's, `nanoseconds` belongs to asker->now.
 */
static inline size_t dnstap_put(uint8_t *to, const struct dnstap *dnstap,
                                const struct asker *asker, uint16_t port, uint32_t nanoseconds,
                                struct bytes response)
{
	const struct dnstap_head *head = &dnstap->head[asker->address.size != 4];
	uint32_t size = head->size + (uint32_t)response.size - 4;

	memcpy(to, head->octets, head->size);
	store16(to, size >> 16);
	store16(to + 2, size & 0xffff);
	dnstap_put_varint3(to + head->message_size_at, size + 4 - head->message_at);
	to[head->protocol_at] = (uint8_t)(1 + asker->transport);
	if (asker->address.size == 4)
		memcpy(to + head->address_at, asker->address.at, 4);
	else
		memcpy(to + head->address_at, asker->address.at, 16);
	dnstap_put_varint3(to + head->port_at, port);
	dnstap_put_varint5(to + head->time_at, asker->now);
	memcpy(to + head->time_at + 6, &nanoseconds, 4); /* little endian, as a fixed32 is */
	dnstap_put_varint3(to + head->response_size_at, (uint32_t)response.size);
	memcpy(to + head->size, response.at, response.size);
	return head->size + response.size;
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
