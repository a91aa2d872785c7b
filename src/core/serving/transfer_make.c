/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/transfer_make.h"

#include "base/must.h"
#include "dns/dname.h"
#include "dns/message.h"
#include "dns/rdata.h"
#include "dns/zonediff.h"
#include "serving/mapped.h"

#define POINTER     0xc000u /* RFC 1035 section 4.1.4 */
#define POINTER_MAX 0x3fffu

/* A message ends here unless one record is larger: compression reaches no farther. */
#define MESSAGE_TARGET 16384

#define NAMES_MAX                                                                              \
	4096u /* a power of two; more than twice the names that a message remembers            \
	       */

struct make {
	const struct rrset_list *zone;
	struct bytes apex;
	struct rr soa;
	struct writer apex_octets, soa_octets, messages, deltas, bodies, changes;
	struct transfer_message message; /* at hand; `at` counts from the first body */
	size_t base;                     /* where its body begins in the message */
	uint32_t names;                  /* that it remembers */
	struct known_name {
		struct bytes name;
		uint16_t at;      /* in the message */
		uint16_t message; /* number of the message that remembers it, from 1 */
	} known[NAMES_MAX];
};

/* ---- compression ---- */

static uint32_t hash_name(struct bytes name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < name.size; i++)
		hash = (hash ^ name.at[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static uint16_t message_number(const struct make *m)
{
	return (uint16_t)(m->messages.used / sizeof(struct transfer_message) + 1);
}

/* The place of a name, or where it would be. */
static struct known_name *find_name(struct make *m, struct bytes name)
{
	uint32_t i = hash_name(name);

	for (;; i++) {
		struct known_name *known = &m->known[i % NAMES_MAX];
		if (known->message != message_number(m) || bytes_same(known->name, name))
			return known;
	}
}

static size_t position(const struct make *m)
{
	return m->base + m->bodies.used - m->message.at;
}

/* A name with a pointer to what the message already has of it. */
static void put_name(struct make *m, struct bytes name)
{
	for (; name.size > 1; name = dname_parent(name)) {
		struct known_name *known = find_name(m, name);

		if (known->message == message_number(m)) {
			write_u16(&m->bodies, (uint16_t)(POINTER | known->at));
			return;
		}
		if (position(m) <= POINTER_MAX && m->names < NAMES_MAX / 2) {
			*known = (struct known_name){name, (uint16_t)position(m),
			                             message_number(m)};
			m->names++;
		}
		write_bytes(&m->bodies, bytes_first(name, 1u + name.at[0]));
	}
	write_octet(&m->bodies, 0);
}

/* RFC 3597 section 4: names are compressed only in the RDATA of the types of RFC 1035. */
static bool compressible(uint16_t type)
{
	return type == TYPE_NS || type == TYPE_CNAME || type == TYPE_SOA || type == TYPE_PTR ||
	       type == TYPE_MX;
}

static void put_rdata(struct make *m, const struct rr *rr)
{
	struct bytes names[RDATA_NAMES_MAX], rdata = rr->rdata;
	unsigned count = compressible(rr->type) ? rdata_names(rr->type, rdata, names) : 0;

	for (unsigned i = 0; i < count; i++) {
		size_t before = (size_t)(names[i].at - rdata.at);

		write_bytes(&m->bodies, bytes_first(rdata, before));
		put_name(m, names[i]);
		rdata = bytes_from(rdata, before + names[i].size);
	}
	write_bytes(&m->bodies, rdata);
}

static void put_record(struct make *m, const struct rr *rr)
{
	size_t size_at, size;

	put_name(m, rr->owner);
	write_u16(&m->bodies, rr->type);
	write_u16(&m->bodies, CLASS_IN);
	write_u32(&m->bodies, rr->ttl);
	size_at = m->bodies.used;
	write_u16(&m->bodies, 0);
	put_rdata(m, rr);
	size = m->bodies.used - size_at - 2;
	if (m->bodies.full)
		return;
	m->bodies.at[size_at] = (uint8_t)(size >> 8);
	m->bodies.at[size_at + 1] = (uint8_t)size;
}

/* ---- messages ---- */

static size_t base_of(const struct make *m)
{
	size_t base = MESSAGE_HEADER_SIZE + m->apex.size + 4;

	return m->messages.used == 0 ? base + m->soa_octets.used : base;
}

static void begin_message(struct make *m)
{
	m->message = (struct transfer_message){.at = (uint32_t)m->bodies.used};
	m->base = base_of(m);
	m->names = 0;
	for (struct bytes n = m->apex; n.size > 1; n = dname_parent(n)) {
		uint16_t at = (uint16_t)(MESSAGE_HEADER_SIZE + (m->apex.size - n.size));
		*find_name(m, n) = (struct known_name){n, at, message_number(m)};
		m->names++;
	}
}

static void end_message(struct make *m)
{
	m->message.size = (uint16_t)(m->bodies.used - m->message.at);
	write_bytes(&m->messages, (struct bytes){(uint8_t *)&m->message, sizeof(m->message)});
}

/* Everything but the SOA, cut where a message is full. */
static enum mishap put_zone(struct make *m)
{
	struct rr_walk walk = rr_walk_over(m->zone);
	struct rr rr;

	begin_message(m);
	while (rr_walk_next(&walk, &rr) && !m->bodies.full) {
		size_t most = rr.owner.size + 10 + rr.rdata.size;

		if (rr.type == TYPE_SOA)
			continue;
		if (most > TRANSFER_RECORD_MAX)
			return MISHAP_LIMIT;
		if (m->message.records != 0 && position(m) + most > MESSAGE_TARGET) {
			end_message(m);
			begin_message(m);
			if (m->messages.used / sizeof(m->message) >= UINT16_MAX)
				return MISHAP_LIMIT;
		}
		put_record(m, &rr);
		m->message.records++;
	}
	end_message(m);
	return OK;
}

/* The SOA as it may stand in any message: its owner points to the question. */
static void put_soa(struct make *m)
{
	struct rr soa = m->soa;
	uint8_t pointer[2] = {POINTER >> 8, MESSAGE_HEADER_SIZE};

	if (m->apex.size > 1)
		soa.owner = (struct bytes){pointer, sizeof(pointer)};
	rr_write_message(&m->soa_octets, &soa);
}

/* ---- deltas ---- */

static struct rr soa_of(const struct rrset_list *zone)
{
	const struct rrset *soa = rrset_find(zone, zone->at[0].owner, TYPE_SOA);

	must(soa != NULL && soa->count == 1);
	return (struct rr){soa->owner, soa->ttl, TYPE_SOA, soa->rdata[0]};
}

static struct serial serial_of(const struct rr *soa)
{
	struct bytes numbers = bytes_from(soa->rdata, soa->rdata.size - 20);

	return (struct serial){(uint32_t)numbers.at[0] << 24 | (uint32_t)numbers.at[1] << 16 |
	                       (uint32_t)numbers.at[2] << 8 | numbers.at[3]};
}

/* Writes the records that come, or those that go, the SOA left out; returns how many. */
static uint32_t write_changes(const struct rrset_list *old, const struct rrset_list *new, bool added,
                              struct writer *to)
{
	struct zone_diff diff = zone_diff_over(old, new);
	struct zone_change change;
	uint32_t records = 0;

	while (zone_diff_next(&diff, &change)) {
		if (change.added != added || change.rr.type == TYPE_SOA)
			continue;
		rr_write_message(to, &change.rr);
		records++;
	}
	return records;
}

uint32_t delta_write(const struct rrset_list *old, const struct rrset_list *new,
                     struct writer *to)
{
	struct rr before = soa_of(old), after = soa_of(new);
	uint32_t records = 2;

	rr_write_message(to, &before);
	records += write_changes(old, new, false, to);
	rr_write_message(to, &after);
	return records + write_changes(old, new, true, to);
}

/* How many deltas of the release before are dropped, the oldest first, to keep at most so many.
 */
static uint32_t first_to_keep(const struct transfer *before, uint32_t most)
{
	uint32_t i = before->delta_count;
	size_t octets = 0;

	while (i > 0 && before->delta_count - i < most &&
	       octets + before->delta[i - 1].size < TRANSFER_CHANGES_MAX)
		octets += before->delta[--i].size;
	return i;
}

static void keep_deltas(struct make *m, const struct transfer *before, uint32_t most)
{
	for (uint32_t i = first_to_keep(before, most); i < before->delta_count; i++) {
		struct transfer_delta delta = before->delta[i];
		struct bytes octets =
			bytes_first(bytes_from(before->file, delta.at), delta.size);

		delta.at = (uint32_t)m->changes.used;
		write_bytes(&m->deltas, (struct bytes){(uint8_t *)&delta, sizeof(delta)});
		write_bytes(&m->changes, octets);
	}
}

static void put_deltas(struct make *m, const struct transfer *before,
                       const struct rrset_list *old, const uint8_t digest[SHA384_SIZE])
{
	struct transfer_delta delta = {.at = 0};
	struct serial serial;

	if (before == NULL || !bytes_same(before->apex, m->apex))
		return;
	serial = (struct serial){before->header->serial};
	if (memcmp(before->header->zone, digest, SHA384_SIZE) == 0) {
		keep_deltas(m, before, TRANSFER_DELTAS_MAX);
		return;
	}
	if (serial_compare(serial, serial_of(&m->soa)) != SERIAL_BEFORE)
		return;
	keep_deltas(m, before, TRANSFER_DELTAS_MAX - 1);
	delta.from = serial.value;
	delta.to = serial_of(&m->soa).value;
	delta.at = (uint32_t)m->changes.used;
	delta.records = delta_write(old, m->zone, &m->changes);
	delta.size = (uint32_t)(m->changes.used - delta.at);
	write_bytes(&m->deltas, (struct bytes){(uint8_t *)&delta, sizeof(delta)});
}

/* ---- putting it together ---- */

/* Divides the scratch memory: most of it is for the two large tables. */
static void divide(struct make *m, struct arena *scratch)
{
	struct arena rest;

	m->apex_octets = (struct writer){.at = arena_take(scratch, DNAME_SIZE_MAX),
	                                 .size = DNAME_SIZE_MAX};
	m->soa_octets = (struct writer){.at = arena_take(scratch, TRANSFER_SOA_MAX),
	                                .size = TRANSFER_SOA_MAX};
	m->deltas.size = TRANSFER_DELTAS_MAX * sizeof(struct transfer_delta);
	m->deltas.at = arena_take(scratch, m->deltas.size);
	m->messages.size = UINT16_MAX * sizeof(struct transfer_message);
	m->messages.at = arena_take(scratch, m->messages.size);
	rest = arena_rest(scratch);
	m->bodies = (struct writer){.at = rest.at, .size = rest.size / 2};
	m->changes = (struct writer){.at = rest.at + rest.size / 2, .size = rest.size / 2};
}

/* Offsets were counted from the front of their table. */
static void move_offsets(struct make *m, const struct transfer_header *header)
{
	struct transfer_message *message = (void *)m->messages.at;
	struct transfer_delta *delta = (void *)m->deltas.at;

	for (uint32_t i = 0; i < header->message.count; i++)
		message[i].at += header->body.at;
	for (uint32_t i = 0; i < header->delta.count; i++)
		delta[i].at += header->change.at;
}

static enum mishap put_together(struct make *m, const uint8_t digest[SHA384_SIZE],
                                struct writer *to)
{
	struct transfer_header header = {.magic = TRANSFER_MAGIC,
	                                 .format = TRANSFER_FORMAT,
	                                 .byte_order = IMAGE_BYTE_ORDER,
	                                 .serial = serial_of(&m->soa).value,
	                                 .records = (uint32_t)rrset_list_records(m->zone)};
	const struct mapped_part parts[] = {
		{&m->apex_octets, 1, &header.apex},
		{&m->soa_octets, 1, &header.soa},
		{&m->messages, sizeof(struct transfer_message), &header.message},
		{&m->deltas, sizeof(struct transfer_delta), &header.delta},
		{&m->bodies, 1, &header.body},
		{&m->changes, 1, &header.change},
	};
	size_t start = to->used, count = sizeof(parts) / sizeof(parts[0]);
	enum mishap mishap;

	header.size = mapped_place(parts, count, sizeof(header));
	memcpy(header.zone, digest, SHA384_SIZE);
	move_offsets(m, &header);
	mishap = mapped_write(parts, count, &header, sizeof(header), to);
	if (mishap == OK)
		mapped_seal(to, start);
	return mishap;
}

enum mishap transfer_make(const struct rrset_list *zone, const uint8_t digest[SHA384_SIZE],
                          const struct transfer *before, const struct rrset_list *old,
                          struct arena scratch, struct writer *to)
{
	struct make *m = arena_take(&scratch, sizeof(*m));
	enum mishap mishap;

	m->zone = zone;
	m->apex = zone->at[0].owner;
	m->soa = soa_of(zone);
	divide(m, &scratch);
	write_bytes(&m->apex_octets, m->apex);
	put_soa(m);
	mishap = put_zone(m);
	if (mishap != OK)
		return mishap;
	put_deltas(m, before, old, digest);
	return put_together(m, digest, to);
}
