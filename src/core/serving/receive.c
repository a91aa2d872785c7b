/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/receive.h"

#include <string.h>

#include "base/must.h"
#include "base/sort.h"
#include "dns/dname.h"
#include "dns/zonemd.h"

/* ---- requests ---- */

static void write_question(struct writer *to, uint16_t id, struct bytes apex, uint16_t type,
                           uint16_t authorities)
{
	struct message_header header = {.id = id, .count = {1, 0, authorities, 0}};

	message_write_header(to, &header);
	write_bytes(to, apex);
	write_u16(to, type);
	write_u16(to, CLASS_IN);
}

void receive_write_request(struct writer *to, uint16_t id, struct bytes apex,
                           const struct serial *have)
{
	write_question(to, id, apex, have == NULL ? TYPE_AXFR : TYPE_IXFR, have != NULL);
	if (have == NULL)
		return;
	/* RFC 1995 section 3: the SOA of what we have; nothing of it counts but the serial. */
	write_bytes(to, apex);
	write_u16(to, TYPE_SOA);
	write_u16(to, CLASS_IN);
	write_u32(to, 0);
	write_u16(to, 2 + 20);
	write_u16(to, 0); /* two root names */
	write_u32(to, have->value);
	for (unsigned i = 0; i < 4; i++)
		write_u32(to, 0);
}

void receive_write_soa_request(struct writer *to, uint16_t id, struct bytes apex)
{
	write_question(to, id, apex, TYPE_SOA, 0);
}

/* ---- messages ---- */

static struct serial serial_of(const struct rr *soa)
{
	const uint8_t *at = soa->rdata.at + soa->rdata.size - 20;

	return (struct serial){(uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	                       (uint32_t)at[2] << 8 | at[3]};
}

/* Why the header, or the question, is not that of an answer to us; NULL when it is, `*at`
 * behind it. */
static const char *check_front(struct bytes message, uint16_t id, struct bytes apex,
                               uint16_t type, struct message_header *header, size_t *at)
{
	struct question question;

	*at = MESSAGE_HEADER_SIZE;
	if (message_read_header(message, header) != OK)
		return "a message too short for a header";
	if (header->id != id || (header->flags & MESSAGE_QR) == 0 ||
	    MESSAGE_OPCODE(header->flags) != OPCODE_QUERY)
		return "not an answer to our request";
	if (MESSAGE_RCODE(header->flags) != RCODE_NOERROR)
		return "the primary says no";
	if ((header->flags & MESSAGE_TC) != 0 || header->count[SECTION_QUESTION] > 1)
		return "a message that is no part of a transfer";
	if (header->count[SECTION_QUESTION] == 0)
		return NULL;
	if (message_read_question(message, at, &question) != OK || question.type != type ||
	    question.qclass != CLASS_IN || !bytes_same(dname_bytes(&question.name), apex))
		return "another question than ours";
	return NULL;
}

bool receive_read_soa(struct bytes message, uint16_t id, struct bytes apex,
                      struct serial *serial, const char **why)
{
	uint8_t room[2048];
	struct arena arena = {room, sizeof(room), 0};
	struct message_header header;
	struct message_rr front;
	struct rr rr;
	size_t at, peek;

	*why = check_front(message, id, apex, TYPE_SOA, &header, &at);
	if (*why != NULL)
		return false;
	*why = "no SOA in the answer";
	peek = at;
	if (header.count[SECTION_ANSWER] == 0 ||
	    message_read_rr(message, &peek, &front) != OK || front.type != TYPE_SOA ||
	    front.rdata.size > 2 * DNAME_SIZE_MAX + 20 ||
	    rr_read_message(message, &at, &arena, &rr) != OK || !bytes_same(rr.owner, apex))
		return false;
	*serial = serial_of(&rr);
	return true;
}

/* ---- the stream ---- */

void receive_begin(struct receiving *r, uint16_t id, struct bytes apex,
                   const struct serial *have, size_t room, struct arena *records,
                   struct arena *octets)
{
	*r = (struct receiving){.arena = octets,
	                        .change = (void *)arena_rest(records).at,
	                        .room = room,
	                        .apex = apex,
	                        .type = have == NULL ? TYPE_AXFR : TYPE_IXFR,
	                        .id = id};
	must(records->size - records->used >= room * sizeof(*r->change));
	if (have != NULL)
		r->have = *have;
}

struct serial receive_serial(const struct receiving *r)
{
	return serial_of(&r->soa);
}

static enum received refuse(struct receiving *r, const char *why)
{
	r->state = RECEIVING_ENDED;
	r->why = why;
	return RECEIVED_REFUSED;
}

static enum received add(struct receiving *r, const struct rr *rr, enum change_kind kind,
                         bool mark)
{
	if (r->count == r->room)
		return refuse(r, "more records than we take");
	if (!dname_in_domain(rr->owner, r->apex))
		return refuse(r, "a record outside the zone");
	if (mark)
		r->mark = r->count;
	r->change[r->count++] = (struct change){*rr, (uint8_t)kind, mark};
	return RECEIVED_MORE;
}

static enum received end(struct receiving *r, enum received how)
{
	r->state = RECEIVING_ENDED;
	return how;
}

static enum received take_first(struct receiving *r, const struct rr *rr, bool is_soa)
{
	enum serial_order order;

	if (!is_soa)
		return refuse(r, "a transfer that does not begin with the SOA");
	r->soa = *rr;
	r->state = RECEIVING_SECOND;
	if (r->type == TYPE_AXFR)
		return RECEIVED_MORE;
	order = serial_compare(serial_of(rr), r->have);
	return order == SERIAL_AFTER ? RECEIVED_MORE : end(r, RECEIVED_UP_TO_DATE);
}

/* RFC 1995 section 4: a second SOA, and it is ours: changes; any other record: the whole zone.
 */
static enum received take_second(struct receiving *r, const struct rr *rr, bool is_soa)
{
	if (r->type == TYPE_IXFR && is_soa) {
		if (serial_of(rr).value != r->have.value)
			return refuse(r, "changes that do not begin at our serial");
		r->state = RECEIVING_SOME;
		return add(r, rr, CHANGE_REMOVED, true);
	}
	if (is_soa)
		return refuse(r, "a zone of nothing but an SOA");
	r->state = RECEIVING_ALL;
	return add(r, rr, CHANGE_ADDED, false);
}

static enum received take_changes(struct receiving *r, const struct rr *rr, bool is_soa)
{
	const struct change *mark = &r->change[r->mark];
	struct serial serial;

	if (!is_soa)
		return add(r, rr, mark->kind, false);
	serial = serial_of(rr);
	if (mark->kind == CHANGE_REMOVED) {
		if (serial_compare(serial, serial_of(&mark->rr)) != SERIAL_AFTER)
			return refuse(r, "changes that do not lead to a later serial");
		return add(r, rr, CHANGE_ADDED, true);
	}
	if (serial.value != serial_of(&mark->rr).value)
		return refuse(r, "changes that do not begin where those before them end");
	if (serial.value == serial_of(&r->soa).value)
		return bytes_same(rr->rdata, r->soa.rdata)
		               ? end(r, RECEIVED_CHANGES)
		               : refuse(r, "two SOAs of one serial");
	return add(r, rr, CHANGE_REMOVED, true);
}

static enum received take_record(struct receiving *r, const struct rr *rr)
{
	bool is_soa = rr->type == TYPE_SOA && bytes_same(rr->owner, r->apex);

	switch (r->state) {
	case RECEIVING_FIRST:
		return take_first(r, rr, is_soa);
	case RECEIVING_SECOND:
		return take_second(r, rr, is_soa);
	case RECEIVING_ALL:
		if (!is_soa)
			return add(r, rr, CHANGE_ADDED, false);
		return bytes_same(rr->rdata, r->soa.rdata)
		               ? end(r, RECEIVED_ZONE)
		               : refuse(r, "a zone between two different SOAs");
	case RECEIVING_SOME:
		return take_changes(r, rr, is_soa);
	case RECEIVING_ENDED:
		break;
	}
	return refuse(r, "records behind the end of the transfer");
}

enum received receive_message(struct receiving *r, struct bytes message)
{
	enum received received = RECEIVED_MORE;
	struct message_header header;
	size_t at;
	const char *why = check_front(message, r->id, r->apex, r->type, &header, &at);
	struct rr rr;

	if (why != NULL) {
		r->rcode =
			message.size >= MESSAGE_HEADER_SIZE ? MESSAGE_RCODE(header.flags) : 0;
		return refuse(r, why);
	}
	if (header.count[SECTION_ANSWER] == 0)
		return refuse(r, "a message without records");
	for (unsigned i = 0; i < header.count[SECTION_ANSWER]; i++) {
		if (rr_read_message(message, &at, r->arena, &rr) != OK)
			return refuse(r, "a record that is malformed");
		if (received ==
		    RECEIVED_UP_TO_DATE) /* RFC 1995 section 4: they may send all the same */
			continue;
		received = take_record(r, &rr);
		if (received == RECEIVED_REFUSED)
			return received;
	}
	return received;
}

void receive_write_changes(const struct receiving *r, struct writer *to)
{
	for (size_t i = 0; i < r->count; i++)
		rr_write_message(to, &r->change[i].rr);
}

/* ---- the zone ---- */

static int change_order(const void *a, const void *b, const void *context)
{
	const struct change *ca = a, *cb = b;

	(void)context;
	return rr_compare(&ca->rr, &cb->rr);
}

/* One run of changes applied to sorted records. */
struct applying {
	const struct rr *from;
	size_t from_count;
	struct rr *to;
	size_t to_count;
};

static bool remove_run(struct applying *a, const struct change *run, size_t count)
{
	size_t i = 0;

	a->to_count = 0;
	for (size_t f = 0; f < a->from_count; f++) {
		if (i < count && rr_compare(&a->from[f], &run[i].rr) == 0)
			i++;
		else
			a->to[a->to_count++] = a->from[f];
	}
	return i == count;
}

static bool add_run(struct applying *a, const struct change *run, size_t count)
{
	size_t i = 0;

	a->to_count = 0;
	for (size_t f = 0; f < a->from_count || i < count;) {
		int order = f == a->from_count ? 1
		            : i == count       ? -1
		                               : rr_compare(&a->from[f], &run[i].rr);

		if (order == 0)
			return false;
		a->to[a->to_count++] = order < 0 ? a->from[f++] : run[i++].rr;
	}
	return true;
}

/* The records of a zone but the SOA, in order. */
static size_t list_records(const struct rrset_list *zone, struct rr *to)
{
	struct rr_walk walk = rr_walk_over(zone);
	size_t count = 0;

	while (rr_walk_next(&walk, &to[count]))
		count += to[count].type != TYPE_SOA;
	return count;
}

/* Applies all runs one after the other; the records that are left, or NULL. */
static const struct rr *apply(const struct receiving *r, const struct rrset_list *old,
                              struct arena *arena, size_t *count, struct fault *fault)
{
	size_t most = rrset_list_records(old) + r->count + 2, run;
	struct rr *one = arena_take_array(arena, most, sizeof(*one));
	struct rr *other = arena_take_array(arena, most, sizeof(*other)), *swap;

	*count = list_records(old, one);
	for (size_t i = 0; i < r->count; i += run) {
		struct change *changes = r->change + i + 1; /* behind the mark */
		struct applying a = {.from = one, .from_count = *count, .to = other};
		bool removed = r->change[i].kind == CHANGE_REMOVED;

		for (run = 1; i + run < r->count && !r->change[i + run].mark; run++)
			;
		sort(changes, run - 1, sizeof(*changes), change_order, NULL);
		if (!(removed ? remove_run(&a, changes, run - 1)
		              : add_run(&a, changes, run - 1))) {
			*fault = (struct fault){0, 0,
			                        removed ? "a change removes what is not there"
			                                : "a change adds what is there"};
			return NULL;
		}
		*count = a.to_count;
		swap = one, one = other, other = swap;
	}
	return one;
}

bool receive_zone(const struct receiving *r, const struct rrset_list *old, struct arena *arena,
                  struct rrset_list *zone, struct fault *fault)
{
	const struct rr *kept;
	struct rr *all;
	size_t count = 0;

	must(r->state == RECEIVING_ENDED && r->why == NULL);
	if (old != NULL) {
		kept = apply(r, old, arena, &count, fault);
		if (kept == NULL)
			return false;
		all = arena_take_array(arena, count + 1, sizeof(*all));
		memcpy(all, kept, count * sizeof(*all));
	} else {
		all = arena_take_array(arena, r->count + 1, sizeof(*all));
		for (; count < r->count; count++)
			all[count] = r->change[count].rr;
	}
	all[count++] = r->soa;
	return rrset_list_make(all, count, arena, zone, fault);
}

/* ---- ZONEMD ---- */

const char *receive_check_zonemd(const struct rrset_list *zone,
                                 const uint8_t digest[SHA384_SIZE], bool required)
{
	struct bytes apex = zone->at[0].owner;
	const struct rrset *set = rrset_find(zone, apex, TYPE_ZONEMD);
	const struct rrset *soa = rrset_find(zone, apex, TYPE_SOA);
	bool checked = false;

	must(soa != NULL);
	for (uint32_t i = 0; set != NULL && i < set->count; i++) {
		struct zonemd zonemd = zonemd_read(set->rdata[i]);
		struct rr rr = {soa->owner, soa->ttl, TYPE_SOA, soa->rdata[0]};

		if (zonemd.scheme != ZONEMD_SCHEME_SIMPLE || zonemd.hash != ZONEMD_HASH_SHA384)
			continue;
		if (zonemd.serial.value != serial_of(&rr).value)
			return "a ZONEMD of another serial";
		if (!bytes_same(zonemd.digest, (struct bytes){digest, SHA384_SIZE}))
			return "not the zone that its ZONEMD says";
		checked = true;
	}
	return checked || !required ? NULL : "no ZONEMD that we can check";
}
