/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/transfer.h"

#include "base/must.h"
#include "dns/dname.h"
#include "dns/message.h"
#include "serving/mapped.h"

#define RR_FIXED 10 /* octets between owner and RDATA */

_Static_assert(sizeof(struct transfer_header) == 160, "the header has no padding");
_Static_assert(sizeof(struct transfer_message) == 8, "a message has no padding");
_Static_assert(sizeof(struct transfer_delta) == 20, "a delta has no padding");

/* ---- the file ---- */

static const void *entries(struct bytes file, struct image_table table, size_t entry_size)
{
	return mapped_entries(file, sizeof(struct transfer_header), table, entry_size);
}

MAPPED_BEGINS(struct transfer_header);

static const struct mapped_kind KIND = {TRANSFER_MAGIC,
                                        TRANSFER_FORMAT,
                                        sizeof(struct transfer_header),
                                        "too short for a transfer file",
                                        "not a transfer file",
                                        "a transfer file of another version"};

static bool find_tables(struct bytes file, struct transfer *transfer)
{
	const struct transfer_header *h = (const void *)file.at;

	*transfer = (struct transfer){
		.file = file,
		.header = h,
		.apex = {entries(file, h->apex, 1), h->apex.count},
		.soa = {entries(file, h->soa, 1), h->soa.count},
		.message = entries(file, h->message, sizeof(*transfer->message)),
		.delta = entries(file, h->delta, sizeof(*transfer->delta)),
		.message_count = h->message.count,
		.delta_count = h->delta.count,
	};
	return transfer->apex.at != NULL && transfer->soa.at != NULL &&
	       transfer->message != NULL && transfer->delta != NULL &&
	       entries(file, h->body, 1) != NULL && entries(file, h->change, 1) != NULL;
}

/* True when `size` octets at `at` lie in the table. */
static bool lies_in(const struct image_table *table, uint32_t at, size_t size)
{
	return at >= table->at && at - table->at <= table->count &&
	       size <= table->count - (at - table->at);
}

static bool messages_good(const struct transfer *t)
{
	size_t room = MESSAGE_SIZE_MAX - MESSAGE_HEADER_SIZE - t->apex.size - 4 -
	              2 * TRANSFER_SOA_MAX;

	uint64_t records = 1; /* the SOA */

	for (uint32_t i = 0; i < t->message_count; i++) {
		const struct transfer_message *m = &t->message[i];

		if (!lies_in(&t->header->body, m->at, m->size) || m->size > room ||
		    m->records > m->size / (1 + RR_FIXED))
			return false;
		records += m->records;
	}
	return t->message_count != 0 && records == t->header->records;
}

/* ---- deltas ---- */

size_t transfer_record_size(struct bytes octets)
{
	size_t at = 0;

	while (at < octets.size && octets.at[at] != 0) {
		if (octets.at[at] > DNAME_LABEL_MAX)
			return 0;
		at += 1u + octets.at[at];
	}
	if (at >= DNAME_SIZE_MAX || octets.size < at + 1 + RR_FIXED)
		return 0;
	at += 1 + RR_FIXED;
	at += (size_t)octets.at[at - 2] << 8 | octets.at[at - 1];
	return at <= octets.size ? at : 0;
}

/* Whole records, as many as it says, each small enough for a message of its own. */
static bool delta_good(const struct transfer *t, const struct transfer_delta *delta)
{
	struct bytes rest;
	uint32_t records = 0;

	if (!lies_in(&t->header->change, delta->at, delta->size))
		return false;
	for (rest = bytes_first(bytes_from(t->file, delta->at), delta->size); rest.size != 0;
	     records++) {
		size_t size = transfer_record_size(rest);

		if (size == 0 || size > TRANSFER_RECORD_MAX)
			return false;
		rest = bytes_from(rest, size);
	}
	return records == delta->records;
}

static bool deltas_good(const struct transfer *t)
{
	for (uint32_t i = 0; i < t->delta_count; i++) {
		const struct transfer_delta *delta = &t->delta[i], *next = delta + 1;

		if (!delta_good(t, delta))
			return false;
		if (i + 1 == t->delta_count)
			return delta->to == t->header->serial;
		if (next->from != delta->to || next->at != delta->at + delta->size)
			return false;
	}
	return true;
}

const char *transfer_open(struct bytes file, struct transfer *transfer)
{
	const char *why = mapped_check(file, &KIND);
	struct transfer opened;

	if (why != NULL)
		return why;
	if (!find_tables(file, &opened))
		return "its tables do not lie in it";
	if (!dname_check(opened.apex) || opened.soa.size == 0 ||
	    opened.soa.size > TRANSFER_SOA_MAX)
		return "its apex is out of order";
	if (!messages_good(&opened))
		return "a message of it is out of order";
	if (!deltas_good(&opened))
		return "a delta of it is out of order";
	*transfer = opened;
	return NULL;
}

struct bytes transfer_changes(const struct transfer *t, struct serial serial)
{
	uint32_t i = t->delta_count;

	while (i > 0 && t->delta[i - 1].from != serial.value)
		i--;
	if (i == 0)
		return (struct bytes){NULL, 0};
	const struct transfer_delta *first = &t->delta[i - 1],
				    *last = &t->delta[t->delta_count - 1];
	return bytes_first(bytes_from(t->file, first->at), last->at + last->size - first->at);
}

size_t transfer_octets(const struct transfer *t)
{
	return t->header->body.count;
}

/* ---- the zone in it ---- */

/* Puts a message together as it is sent, without its end. */
static struct bytes message_of(const struct transfer *t, uint32_t i, struct writer *to)
{
	const struct transfer_message *message = &t->message[i];

	message_write_header(to, &(struct message_header){.flags = MESSAGE_QR, .count = {1}});
	write_bytes(to, t->apex);
	write_u16(to, TYPE_AXFR);
	write_u16(to, CLASS_IN);
	if (i == 0)
		write_bytes(to, t->soa);
	write_bytes(to, bytes_first(bytes_from(t->file, message->at), message->size));
	return writer_bytes(to);
}

struct taking {
	struct arena *arena;
	struct rr *rr;
	size_t count;
	size_t room;
};

static enum mishap take_message(struct taking *t, struct bytes message, size_t at)
{
	enum mishap m = OK;

	while (at < message.size && m == OK) {
		if (t->count == t->room)
			return MISHAP_TRAILING;
		m = rr_read_message(message, &at, t->arena, &t->rr[t->count]);
		t->count += m == OK;
	}
	return m;
}

bool transfer_read_zone(const struct transfer *t, struct arena *arena, struct rrset_list *zone,
                        struct fault *fault)
{
	struct taking taking = {.arena = arena, .room = t->header->records};
	uint8_t *room = arena_take(arena, MESSAGE_SIZE_MAX);

	taking.rr = arena_take_array(arena, taking.room, sizeof(*taking.rr));
	for (uint32_t i = 0; i < t->message_count; i++) {
		struct writer to = {.at = room, .size = MESSAGE_SIZE_MAX};
		struct bytes message = message_of(t, i, &to);

		if (to.full || take_message(&taking, message,
		                            MESSAGE_HEADER_SIZE + t->apex.size + 4) != OK) {
			*fault = (struct fault){i + 1, 0,
			                        "a message of the transfer file does not read"};
			return false;
		}
	}
	return rrset_list_make(taking.rr, taking.count, arena, zone, fault);
}
