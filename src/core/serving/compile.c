/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/compile.h"

#include <string.h>

#include "base/must.h"
#include "dns/dname.h"
#include "dns/message.h"
#include "dns/nsec.h"
#include "dns/rdata.h"
#include "dns/zonemd.h"
#include "serving/image.h"
#include "serving/mapped.h"
#include "serving/workshop.h"

static uint32_t count(const struct compile *c, enum table table)
{
	return tables_count(&c->tables, table);
}

static uint32_t add(struct compile *c, enum table table, const void *entry)
{
	return tables_add(&c->tables, table, entry);
}

static struct draft *drafts(const struct compile *c)
{
	return (struct draft *)(void *)c->tables.table[TABLE_DRAFT].at;
}

static struct image_node *nodes(const struct compile *c)
{
	return (struct image_node *)(void *)c->tables.table[TABLE_NODE].at;
}

static struct image_piece *pieces(const struct compile *c)
{
	return (struct image_piece *)(void *)c->tables.table[TABLE_PIECE].at;
}

/* ---- the names of the zone ---- */

static bool is_wildcard(struct bytes name)
{
	return name.at[0] == 1 && name.at[1] == '*';
}

/* How many labels two names share at their ends. */
static unsigned shared_labels(struct bytes a, struct bytes b)
{
	unsigned na = dname_label_count(a), nb = dname_label_count(b), most = na < nb ? na : nb;
	unsigned labels = 0;

	while (labels < most &&
	       bytes_same(dname_last(a, labels + 1), dname_last(b, labels + 1)))
		labels++;
	return labels;
}

/* Adds the empty non-terminals between the name before and `name` (RFC 4592 section 2.2.2). */
static void add_empty(struct compile *c, struct bytes name)
{
	uint32_t before = count(c, TABLE_DRAFT);

	if (before == 0 || c->tables.table[TABLE_DRAFT].full)
		return;
	unsigned labels = shared_labels(drafts(c)[before - 1].name, name) + 1;
	for (; labels < dname_label_count(name); labels++)
		add(c, TABLE_DRAFT,
		    &(struct draft){.name = dname_last(name, labels), .kind = IMAGE_EMPTY});
}

/* Adds an owner that is not below a zone cut. */
static enum mishap add_owner(struct compile *c, const struct rrset_list *sets)
{
	struct draft draft = {sets->at[0].owner, *sets, IMAGE_DATA};
	enum mishap m = workshop_check_types(c, sets);

	if (m != OK)
		return m;
	if (workshop_set_of(sets, TYPE_NS) != NULL && !bytes_same(draft.name, c->apex))
		draft.kind = IMAGE_CUT;
	if (c->is_signed && workshop_set_of(sets, TYPE_NSEC) == NULL)
		return workshop_refuse(c, sets->at, "no NSEC at a name of a signed zone");
	add_empty(c, draft.name);
	if (is_wildcard(dname_last(draft.name, dname_label_count(c->apex) + 1)))
		return workshop_refuse(c, sets->at, "a name below a wildcard: this server has none");
	add(c, TABLE_DRAFT, &draft);
	return OK;
}

static enum mishap check_apex(struct compile *c)
{
	const struct rrset_list *zone = c->zone;

	if (zone->count == 0) {
		*c->fault = (struct fault){0, 0, "an empty zone"};
		return MISHAP_MALFORMED;
	}
	c->apex = zone->at[0].owner;
	const struct rrset *soa = rrset_find(zone, c->apex, TYPE_SOA);
	if (soa == NULL || soa->count != 1)
		return workshop_refuse(c, zone->at, "not one SOA at the first name");
	if (rrset_find(zone, c->apex, TYPE_NS) == NULL)
		return workshop_refuse(c, zone->at, "no NS at the apex");
	if (dname_label_count(c->apex) > IMAGE_APEX_LABELS_MAX)
		return workshop_refuse(c, zone->at, "an apex of too many labels");
	c->is_signed = rrset_find(zone, c->apex, TYPE_NSEC) != NULL;
	return OK;
}

/* Finds the nodes. What stands below a zone cut is glue, or occluded. */
static enum mishap find_names(struct compile *c)
{
	struct bytes cut = {NULL, 0};
	struct rrset_list sets;

	for (size_t i = 0; i < c->zone->count; i += sets.count) {
		struct bytes owner = c->zone->at[i].owner;

		sets = (struct rrset_list){c->zone->at + i, 1};
		while (i + sets.count < c->zone->count &&
		       bytes_same(c->zone->at[i + sets.count].owner, owner))
			sets.count++;
		if (!dname_in_domain(owner, c->apex))
			return workshop_refuse(c, sets.at, "a name outside the zone");
		if (cut.size != 0 && dname_in_domain(owner, cut))
			continue;
		enum mishap m = add_owner(c, &sets);
		if (m != OK)
			return m;
		if (workshop_set_of(&sets, TYPE_NS) != NULL && i != 0)
			cut = owner;
	}
	return OK;
}

/* The last node that is `name` or stands before it. */
static uint32_t predecessor(const struct compile *c, struct bytes name)
{
	uint32_t low = 0,
		 high = count(c, TABLE_DRAFT); /* the apex is not after any name of its zone */

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (dname_order(drafts(c)[middle].name, name) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Every NSEC must point to the next owner that has one, the last one to the apex. */
static enum mishap check_chain(struct compile *c)
{
	struct bytes next = c->apex, bitmap;
	const struct rrset *nsec = NULL;

	if (!c->is_signed)
		return OK;
	for (uint32_t i = 0; i < count(c, TABLE_DRAFT); i++) {
		const struct draft *draft = &drafts(c)[i];
		if (draft->kind == IMAGE_EMPTY)
			continue;
		nsec = workshop_set_of(&draft->sets, TYPE_NSEC);
		if (nsec->count != 1 || !bytes_same(next, draft->name))
			return workshop_refuse(c, nsec, "a broken chain of NSEC");
		nsec_read(nsec->rdata[0], &next, &bitmap);
	}
	if (!bytes_same(next, c->apex))
		return workshop_refuse(c, nsec, "a chain of NSEC that does not end at the apex");
	return OK;
}

/* ---- putting the image together ---- */

/* The pieces with a fixed place; `*denier` becomes the node whose NSEC denies a wildcard at the apex. */
static enum mishap make_negative(struct workshop *w, uint32_t *denier)
{
	struct compile *c = w->compile;
	const struct rrset *soa = workshop_set_of(&drafts(c)[0].sets, TYPE_SOA), *nsec = NULL;
	struct dname wildcard;

	*denier = 0;
	if (c->is_signed && dname_prepend(BYTES("*"), c->apex, &wildcard) == OK) {
		*denier = predecessor(c, dname_bytes(&wildcard));
		while (drafts(c)[*denier].kind == IMAGE_EMPTY)
			(*denier)--;
		nsec = workshop_set_of(&drafts(c)[*denier].sets, TYPE_NSEC);
	}
	return workshop_make_negative(w, soa, nsec);
}

static enum mishap make_nodes(struct workshop *w)
{
	struct compile *c = w->compile;
	uint32_t nsec = 0;

	for (uint32_t i = 0; i < count(c, TABLE_DRAFT) && !tables_full(&c->tables); i++) {
		enum mishap m = workshop_make_node(w, &drafts(c)[i], &nsec);
		if (m != OK)
			return m;
	}
	return OK;
}

static void make_children(struct compile *c)
{
	unsigned labels = dname_label_count(c->apex) + 1;
	uint32_t i, keys;

	add(c, TABLE_KEY, &(uint64_t){IMAGE_KEY_FIRST});
	for (i = 0; i < count(c, TABLE_NODE); i++) {
		uint8_t label[8] = {0};
		struct bytes first = dname_first_label(drafts(c)[i].name);

		if (nodes(c)[i].labels != labels)
			continue;
		memcpy(label, first.at, first.size < 8 ? first.size : 8);
		add(c, TABLE_KEY, &(uint64_t){image_label_key(label, first.size)});
		add(c, TABLE_CHILD, &i);
	}
	add(c, TABLE_CHILD, &i);
	do
		keys = add(c, TABLE_KEY, &(uint64_t){IMAGE_KEY_REST}) + 1;
	while ((keys & (keys - 1)) != 0 && !c->tables.table[TABLE_KEY].full);
}

/* Where the octets will stand: offsets were counted from the front of their table. */
static void move_octets(struct compile *c, uint32_t by)
{
	for (uint32_t i = 0; i < count(c, TABLE_NODE); i++)
		nodes(c)[i].name += by;
	for (uint32_t i = 0; i < count(c, TABLE_PIECE); i++)
		pieces(c)[i].octets += by;
}

static enum mishap put_together(struct compile *c, uint32_t wildcard_nsec, struct writer *to)
{
	struct image_header header = {.magic = IMAGE_MAGIC,
	                              .format = IMAGE_FORMAT,
	                              .byte_order = IMAGE_BYTE_ORDER,
	                              .apex_labels = dname_label_count(c->apex),
	                              .records = (uint32_t)rrset_list_records(c->zone),
	                              .wildcard_nsec = wildcard_nsec};
	struct bytes soa = workshop_set_of(&drafts(c)[0].sets, TYPE_SOA)->rdata[0];
	struct bytes numbers = bytes_from(soa, soa.size - 20);
	struct image_table *const place[] = {
		[TABLE_NODE] = &header.node,   [TABLE_KEY] = &header.key,
		[TABLE_CHILD] = &header.child, [TABLE_TYPE] = &header.type,
		[TABLE_PIECE] = &header.piece, [TABLE_POINTER] = &header.pointer,
		[TABLE_CUT] = &header.cut,     [TABLE_OCTET] = &header.octet, /* the last */
	};
	struct mapped_part parts[TABLE_OCTET + 1];
	size_t start = to->used;
	enum mishap m;

	header.serial = (uint32_t)numbers.at[0] << 24 | (uint32_t)numbers.at[1] << 16 |
	                (uint32_t)numbers.at[2] << 8 | numbers.at[3];
	zonemd_digest(c->zone, c->apex, header.zone);
	write_bytes(&c->tables.table[TABLE_OCTET],
	            BYTES("\0\0\0\0\0\0\0\0")); /* image_label_key() reads on */
	for (unsigned i = 0; i <= TABLE_OCTET; i++)
		parts[i] = (struct mapped_part){&c->tables.table[i], c->tables.entry_size[i],
		                                place[i]};
	header.size = mapped_place(parts, TABLE_OCTET + 1, sizeof(header));
	move_octets(c, header.octet.at);
	m = mapped_write(parts, TABLE_OCTET + 1, &header, sizeof(header), to);
	if (m == OK)
		mapped_seal(to, start);
	return m;
}

enum mishap image_compile(const struct rrset_list *zone, const struct arena *arena,
                          struct writer *to, struct fault *fault)
{
	struct compile c = {.zone = zone, .fault = fault};
	struct arena work = arena_rest(arena);
	struct workshop *w = arena_take(&work, sizeof(*w));
	struct addresses addresses;
	uint32_t wildcard_nsec;
	enum mishap m;

	w->compile = &c;
	addresses_note(&addresses, zone, &work);
	c.addresses = &addresses;
	tables_divide(&c.tables, &work, sizeof(struct draft));
	m = check_apex(&c);
	if (m == OK)
		m = find_names(&c);
	if (tables_full(&c.tables))
		return MISHAP_FULL;
	if (m == OK)
		m = check_chain(&c);
	if (m == OK)
		m = make_negative(w, &wildcard_nsec);
	if (m == OK)
		m = make_nodes(w);
	if (m != OK)
		return m;
	if (tables_full(&c.tables))
		return MISHAP_FULL;
	make_children(&c);
	if (c.is_signed)
		wildcard_nsec = nodes(&c)[wildcard_nsec].nsec;
	return put_together(&c, wildcard_nsec, to);
}
