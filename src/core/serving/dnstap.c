/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/dnstap.h"

#include "base/must.h"

/* Numbers of fields in dnstap.proto, with what their values are written as. */
#define VARINT(field)  ((field) << 3)
#define OCTETS(field)  ((field) << 3 | 2)
#define FIXED32(field) ((field) << 3 | 5)

#define FRAME_IDENTITY 1
#define FRAME_VERSION  2
#define FRAME_TYPE     15

#define MESSAGE_TYPE               1
#define MESSAGE_SOCKET_FAMILY      2
#define MESSAGE_SOCKET_PROTOCOL    3
#define MESSAGE_RESPONSE_TIME_SEC  12
#define MESSAGE_RESPONSE_TIME_NSEC 13

#define TYPE_IS_MESSAGE    1
#define TYPE_AUTH_RESPONSE 2

/* A tag, and room for the octets of its value; where these begin. */
static uint32_t room(struct writer *to, unsigned tag, unsigned octets)
{
	uint32_t at;

	write_octet(to, (uint8_t)tag);
	at = (uint32_t)to->used;
	for (unsigned i = 0; i < octets; i++)
		write_octet(to, 0);
	return at;
}

static void number(struct writer *to, unsigned tag, uint8_t value)
{
	write_octet(to, (uint8_t)tag);
	write_octet(to, value);
}

static void text(struct writer *to, unsigned tag, struct bytes value)
{
	uint32_t at = room(to, tag, 3);

	value = bytes_first(value, DNSTAP_IDENTITY_MAX);
	dnstap_put_field3(to->at + at - 1, tag, (uint32_t)value.size);
	write_bytes(to, value);
}

static void begin_head(struct dnstap_head *head, enum transport transport, unsigned family,
                       struct bytes identity, struct bytes version)
{
	struct writer to = {.at = head->octets, .size = sizeof(head->octets)};

	write_u32(&to, 0); /* the size of the frame */
	text(&to, OCTETS(FRAME_IDENTITY), identity);
	text(&to, OCTETS(FRAME_VERSION), version);
	number(&to, VARINT(FRAME_TYPE), TYPE_IS_MESSAGE);
	(void)room(&to, DNSTAP_MESSAGE, 3);
	head->message_at = (uint32_t)to.used;
	number(&to, VARINT(MESSAGE_TYPE), TYPE_AUTH_RESPONSE);
	number(&to, VARINT(MESSAGE_SOCKET_FAMILY), (uint8_t)(1 + family));
	number(&to, VARINT(MESSAGE_SOCKET_PROTOCOL), (uint8_t)(1 + transport));
	head->time_at = room(&to, VARINT(MESSAGE_RESPONSE_TIME_SEC), 5);
	(void)room(&to, FIXED32(MESSAGE_RESPONSE_TIME_NSEC), 4);
	head->size = (uint32_t)to.used;
	must(!to.full);
}

void dnstap_begin(struct dnstap *dnstap, enum transport transport, struct bytes identity,
                  struct bytes version)
{
	*dnstap = (struct dnstap){0};
	for (unsigned family = 0; family < 2; family++)
		begin_head(&dnstap->head[family], transport, family, identity, version);
}

void dnstap_set_time(struct dnstap *dnstap, uint32_t seconds, uint32_t nanoseconds)
{
	for (unsigned family = 0; family < 2; family++) {
		uint8_t *at = dnstap->head[family].octets + dnstap->head[family].time_at;

		for (unsigned i = 0; i < 4; i++)
			at[i] = (uint8_t)(seconds >> 7 * i | 0x80);
		at[4] = (uint8_t)(seconds >> 28);
		for (unsigned i = 0; i < 4; i++) /* a fixed32 is little endian */
			at[6 + i] = (uint8_t)(nanoseconds >> 8 * i);
	}
}

/* ---- the stream ---- */

#define CONTROL_CONTENT_TYPE 1 /* the one field of a control frame */

void dnstap_write_control(struct writer *to, enum dnstap_control control)
{
	struct bytes type = BYTES(DNSTAP_CONTENT_TYPE);
	bool typed = control != DNSTAP_STOP && control != DNSTAP_FINISH;

	write_u32(to, 0); /* a frame of no octets: a control frame follows */
	write_u32(to, (uint32_t)(4 + (typed ? 8 + type.size : 0)));
	write_u32(to, control);
	if (!typed)
		return;
	write_u32(to, CONTROL_CONTENT_TYPE);
	write_u32(to, (uint32_t)type.size);
	write_bytes(to, type);
}

static uint32_t load32(const uint8_t *at)
{
	return load16(at) << 16 | load16(at + 2);
}

/* True when one of the fields is our content type; false, too, when they are not whole. */
static bool takes_ours(struct bytes fields)
{
	bool ours = false;

	while (fields.size >= 8) {
		size_t size = load32(fields.at + 4);
		struct bytes value = bytes_first(bytes_from(fields, 8), size);

		if (value.size != size)
			return false;
		if (load32(fields.at) == CONTROL_CONTENT_TYPE &&
		    bytes_same(value, BYTES(DNSTAP_CONTENT_TYPE)))
			ours = true;
		fields = bytes_from(fields, 8 + size);
	}
	return ours && fields.size == 0;
}

int dnstap_read_control(struct bytes octets, uint32_t *control)
{
	size_t size;

	if (octets.size < 12)
		return 0;
	size = load32(octets.at + 4);
	if (load32(octets.at) != 0 || size < 4 || size > DNSTAP_CONTROL_MAX - 8)
		return -1;
	if (octets.size < 8 + size)
		return 0;
	*control = load32(octets.at + 8);
	if (*control == DNSTAP_ACCEPT && !takes_ours((struct bytes){octets.at + 12, size - 4}))
		return -1;
	return (int)(8 + size);
}
