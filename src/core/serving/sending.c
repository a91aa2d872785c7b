/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/sending.h"

#include <string.h>

#include "base/must.h"
#include "serving/octets.h"

#define PREFIX_SIZE 2 /* octets of the size before each message (RFC 1035 section 4.2.2) */

#define CHANGES_FREE   (1u << 20) /* octets of deltas that are sent whatever the zone's size */
#define CHANGES_TARGET 32768 /* a message of deltas ends here unless one record is larger */

static enum sending_style style_of(const struct transfer *transfer,
                                   const struct transfer_request *request,
                                   struct bytes *changes)
{
	struct serial serial = {transfer->header->serial};
	size_t most = transfer_octets(transfer);

	if (!request->has_serial)
		return SENDING_ZONE;
	switch (serial_compare(request->serial, serial)) {
	case SERIAL_SAME:
	case SERIAL_AFTER:
		return SENDING_SOA;
	case SERIAL_OPPOSITE:
		return SENDING_ZONE;
	case SERIAL_BEFORE:
		break;
	}
	*changes = transfer_changes(transfer, request->serial);
	return changes->size == 0 || (changes->size > most && changes->size > CHANGES_FREE)
	               ? SENDING_ZONE
	               : SENDING_CHANGES;
}

void sending_begin(struct sending *s, const struct transfer *transfer,
                   const struct transfer_request *request)
{
	must(request->question.size <= SENDING_QUESTION_MAX);
	*s = (struct sending){.transfer = transfer, .request = *request};
	s->style = style_of(transfer, request, &s->rest);
	memcpy(s->question, request->question.at, request->question.size);
	s->request.question.at = s->question;
	if (request->key != NULL)
		tsig_chain_begin(&s->chain, request->key,
		                 (struct bytes){s->request.mac, request->mac_size});
}

/* ---- what stands in a message ---- */

static void add_part(struct sending_message *m, struct bytes part)
{
	if (part.size == 0)
		return;
	must(m->part_count < SENDING_PARTS);
	m->part[m->part_count++] = part;
	m->size += part.size;
}

/* As many whole records as a message takes; returns how many. */
static uint32_t take_changes(struct sending *s, struct bytes *body)
{
	size_t size = 0;
	uint32_t records = 0;

	while (size < s->rest.size) {
		size_t next = transfer_record_size(bytes_from(s->rest, size));

		must(next != 0); /* transfer_open() saw to it */
		if (size != 0 && size + next > CHANGES_TARGET)
			break;
		size += next;
		records++;
	}
	*body = bytes_first(s->rest, size);
	s->rest = bytes_from(s->rest, size);
	return records;
}

static uint32_t take_body(struct sending *s, struct bytes *body)
{
	const struct transfer_message *message;

	*body = (struct bytes){NULL, 0};
	if (s->style == SENDING_CHANGES)
		return take_changes(s, body);
	if (s->style == SENDING_SOA)
		return 0;
	message = &s->transfer->message[s->next_message++];
	*body = bytes_first(bytes_from(s->transfer->file, message->at), message->size);
	return message->records;
}

static bool is_last(const struct sending *s)
{
	switch (s->style) {
	case SENDING_CHANGES:
		return s->rest.size == 0;
	case SENDING_ZONE:
		return s->next_message == s->transfer->message_count;
	default:
		return true;
	}
}

/* ---- what is made for this requester ---- */

static void make_head(const struct sending *s, uint32_t records, bool opt, struct writer *to)
{
	struct message_header header = {
		.id = s->request.id,
		.flags = MESSAGE_QR | MESSAGE_AA |
	                 (s->request.recursion_desired ? MESSAGE_RD : 0),
		.count = {1, (uint16_t)records, 0, opt},
	};

	write_u16(to, 0); /* the size, known later */
	message_write_header(to, &header);
	write_bytes(to, s->request.question);
}

static void make_opt(const struct sending *s, struct writer *to)
{
	struct edns edns = {.udp_size = s->request.udp_size, .dnssec_ok = s->request.dnssec_ok};

	edns_write(to, &edns);
}

static void sign(struct sending *s, uint64_t now, struct sending_message *m,
                 struct writer *tail)
{
	for (unsigned i = 0; i < m->part_count; i++)
		tsig_chain_add(&s->chain,
		               i == 0 ? bytes_from(m->part[i], PREFIX_SIZE) : m->part[i]);
	tsig_chain_add(&s->chain, writer_bytes(tail));
	tsig_chain_sign(&s->chain, s->request.id, now, 0, now, tail);
	message_count_additional(m->head + PREFIX_SIZE);
}

bool sending_next(struct sending *s, uint64_t now, struct sending_message *m)
{
	struct writer head = {.at = m->head, .size = sizeof(m->head)};
	struct writer tail = {.at = m->tail, .size = sizeof(m->tail)};
	bool first = !s->begun, opt = first && s->request.edns;
	struct bytes body;
	uint32_t records;

	if (s->ended)
		return false;
	m->part_count = 0;
	m->size = 0;
	s->begun = true;
	records = take_body(s, &body);
	s->ended = is_last(s);
	/* The SOA stands at the begin and the end, and once where there is nothing between. */
	bool closing = s->ended && s->style != SENDING_SOA;
	make_head(s, records + first + closing, opt, &head);
	add_part(m, writer_bytes(&head));
	if (first)
		add_part(m, s->transfer->soa);
	add_part(m, body);
	if (closing)
		add_part(m, s->transfer->soa);
	if (opt)
		make_opt(s, &tail);
	if (s->request.key != NULL)
		sign(s, now, m, &tail);
	must(!head.full && !tail.full);
	add_part(m, writer_bytes(&tail));
	must(m->size <= PREFIX_SIZE + MESSAGE_SIZE_MAX);
	store16(m->head, (uint32_t)(m->size - PREFIX_SIZE));
	return true;
}
