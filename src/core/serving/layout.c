/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/layout.h"

#include "base/must.h"
#include "dns/dname.h"
#include "dns/message.h"
#include "dns/rdata.h"

#define POINTER 0xc000u /* RFC 1035 section 4.1.4 */

/* ---- tables ---- */

/* The share of the arena that each table gets, in sixteenths. */
static const uint8_t SHARE[TABLES] = {
	[TABLE_NODE] = 1, [TABLE_KEY] = 1,   [TABLE_CHILD] = 1,
	[TABLE_TYPE] = 1, [TABLE_PIECE] = 2, [TABLE_POINTER] = 2,
	[TABLE_CUT] = 1,  [TABLE_OCTET] = 6, [TABLE_DRAFT] = 1,
};

void tables_divide(struct tables *tables, const struct arena *arena, uint32_t draft_size)
{
	struct arena rest = arena_rest(arena);
	size_t sixteenth = rest.size / 16 / IMAGE_ALIGN * IMAGE_ALIGN, at = 0;

	*tables = (struct tables){
		.entry_size =
			{
				[TABLE_NODE] = sizeof(struct image_node),
				[TABLE_KEY] = sizeof(uint64_t),
				[TABLE_CHILD] = sizeof(uint32_t),
				[TABLE_TYPE] = sizeof(struct image_type),
				[TABLE_PIECE] = sizeof(struct image_piece),
				[TABLE_POINTER] = sizeof(uint16_t),
				[TABLE_CUT] = sizeof(struct image_cut),
				[TABLE_OCTET] = 1,
				[TABLE_DRAFT] = draft_size,
			},
	};
	for (unsigned t = 0; t < TABLES; at += SHARE[t++] * sixteenth)
		tables->table[t] =
			(struct writer){.at = rest.at + at, .size = SHARE[t] * sixteenth};
}

bool tables_full(const struct tables *tables)
{
	for (unsigned t = 0; t < TABLES; t++)
		if (tables->table[t].full)
			return true;
	return false;
}

uint32_t tables_count(const struct tables *tables, enum table table)
{
	return (uint32_t)(tables->table[table].used / tables->entry_size[table]);
}

uint32_t tables_add(struct tables *tables, enum table table, const void *entry)
{
	uint32_t index = tables_count(tables, table);

	write_bytes(&tables->table[table], (struct bytes){entry, tables->entry_size[table]});
	return index;
}

/* ---- a piece ---- */

size_t layout_size(const struct layout *l)
{
	return l->tables->table[TABLE_OCTET].used - l->first;
}

/* Of each name eight suffixes at most: names of many labels must not leave others without. */
static void remember(struct layout *l, struct bytes name, bool whole, size_t at)
{
	if ((whole || dname_label_count(name) <= LAYOUT_SUFFIX_LABELS) && l->suffixes < LAYOUT_SUFFIX_MAX &&
	    at <= LAYOUT_POINTER_MAX)
		l->suffix[l->suffixes++] = (struct layout_suffix){name, (uint16_t)at};
}

static void begin(struct layout *l, struct tables *tables, size_t base)
{
	l->tables = tables;
	l->first = (uint32_t)tables->table[TABLE_OCTET].used;
	l->base = base;
	l->suffixes = 0;
	l->additionals = 0;
	l->piece = (struct image_piece){.octets = l->first,
	                                .pointers = tables_count(tables, TABLE_POINTER),
	                                .cuts = tables_count(tables, TABLE_CUT)};
}

void layout_begin_behind(struct layout *l, struct tables *tables, struct bytes name)
{
	begin(l, tables, MESSAGE_HEADER_SIZE + name.size + 4);
	for (struct bytes n = name; n.size > 1; n = dname_parent(n))
		remember(l, n, n.size == name.size, MESSAGE_HEADER_SIZE + (name.size - n.size));
}

void layout_begin_anywhere(struct layout *l, struct tables *tables)
{
	begin(l, tables, 0);
}

static const struct layout_suffix *known(const struct layout *l, struct bytes name)
{
	for (unsigned i = 0; i < l->suffixes; i++)
		if (bytes_same(l->suffix[i].name, name))
			return &l->suffix[i];
	return NULL;
}

/* Puts a name, compressed where it can be (RFC 1035 section 4.1.4). */
static void put_name(struct layout *l, struct bytes name)
{
	struct writer *octets = &l->tables->table[TABLE_OCTET];
	size_t size = name.size;

	for (; name.size > 1; name = dname_parent(name)) {
		const struct layout_suffix *suffix = known(l, name);

		if (suffix != NULL) {
			tables_add(l->tables, TABLE_POINTER,
			           &(uint16_t){(uint16_t)layout_size(l)});
			l->piece.pointer_count++;
			write_u16(octets, (uint16_t)(POINTER | suffix->at));
			return;
		}
		remember(l, name, name.size == size, l->base + layout_size(l));
		write_bytes(octets, bytes_first(name, 1u + name.at[0]));
	}
	write_octet(octets, 0);
}

/* RFC 3597 section 4: names are compressed only in the RDATA of the types of RFC 1035. */
static bool compressible(uint16_t type)
{
	return type == TYPE_NS || type == TYPE_SOA || type == TYPE_MX || type == TYPE_PTR;
}

static void put_rdata(struct layout *l, uint16_t type, struct bytes rdata)
{
	struct writer *octets = &l->tables->table[TABLE_OCTET];
	struct bytes names[RDATA_NAMES_MAX];
	unsigned count = compressible(type) ? rdata_names(type, rdata, names) : 0;

	for (unsigned i = 0; i < count; i++) {
		size_t before = (size_t)(names[i].at - rdata.at);

		write_bytes(octets, bytes_first(rdata, before));
		put_name(l, names[i]);
		rdata = bytes_from(rdata, before + names[i].size);
	}
	write_bytes(octets, rdata);
}

static void put_record(struct layout *l, const struct rrset *set, uint16_t type, uint32_t ttl,
                       struct bytes rdata)
{
	struct writer *octets = &l->tables->table[TABLE_OCTET];
	size_t size_at, size;

	put_name(l, set->owner);
	write_u16(octets, type);
	write_u16(octets, CLASS_IN);
	write_u32(octets, ttl);
	size_at = octets->used;
	write_u16(octets, 0);
	put_rdata(l, type, rdata);
	size = octets->used - size_at - 2;
	if (octets->full)
		return;
	octets->at[size_at] = (uint8_t)(size >> 8);
	octets->at[size_at + 1] = (uint8_t)size;
}

uint32_t layout_put_set(struct layout *l, const struct rrset *set, uint32_t ttl)
{
	for (uint32_t i = 0; i < set->count; i++)
		put_record(l, set, set->type, ttl, set->rdata[i]);
	return set->count;
}

uint32_t layout_put_rrsigs(struct layout *l, const struct rrset *set, uint32_t ttl)
{
	for (uint32_t i = 0; i < set->rrsig_count; i++)
		put_record(l, set, TYPE_RRSIG, ttl, set->rrsig[i]);
	return set->rrsig_count;
}

/* A message may end here. */
static void put_cut(struct layout *l)
{
	struct image_cut cut = {(uint16_t)layout_size(l), (uint16_t)l->additionals};

	tables_add(l->tables, TABLE_CUT, &cut);
	l->piece.cut_count++;
}

void layout_put_additional(struct layout *l, const struct rrset *set)
{
	put_cut(l);
	l->additionals += layout_put_set(l, set, set->ttl);
}

void layout_put_additional_rrsigs(struct layout *l, const struct rrset *set)
{
	put_cut(l);
	l->additionals += layout_put_rrsigs(l, set, set->ttl);
}

/* A record has 11 octets at least, so no count passes 16 bits where the size does not. */
enum mishap layout_end(struct layout *l, uint32_t answers, uint32_t authorities,
                       uint32_t *index)
{
	if (layout_size(l) > LAYOUT_SIZE_MAX)
		return MISHAP_LIMIT;
	l->piece.size = (uint16_t)layout_size(l);
	l->piece.counts = IMAGE_COUNTS(answers, authorities, l->additionals);
	*index = tables_add(l->tables, TABLE_PIECE, &l->piece);
	return OK;
}
