/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/live.h"

#include <string.h>

#include "base/must.h"
#include "base/sort.h"
#include "dns/dname.h"
#include "dns/nsec.h"
#include "dns/rdata.h"

#define RECORD_ROOM                                                                            \
	((size_t)1 << 18) /* octets of memory that reading one record never needs all of */

/* ---- beginning ---- */

static void *take(struct live *live, size_t size)
{
	struct arena rest = arena_rest(&live->memory);

	arena_keep(&live->memory, &rest, size);
	return rest.at;
}

/* A table that grows: what the image has of it, and room. */
static void copy_table(struct live *live, enum table table, const void *entries, uint32_t count)
{
	struct writer *w = &live->tables.table[table];
	size_t size = (size_t)count * live->tables.entry_size[table];

	*w = (struct writer){.size = size + LIVE_ROOM / 2};
	w->at = take(live, w->size);
	write_bytes(w, (struct bytes){entries, size});
}

/* What every live zone has. */
static void copy_zone(struct live *live, const struct rrset_list *zone)
{
	live->chain = take(live, sizeof(*live->chain));
	live->set_room = zone->count + LIVE_CHANGES_MAX;
	live->set = take(live, live->set_room * sizeof(*live->set));
	live->set_count = zone->count;
	memcpy(live->set, zone->at, zone->count * sizeof(*live->set));
}

void live_begin(struct live *live, const struct image *image, const struct rrset_list *zone,
                const struct arena *memory)
{
	const struct image_header *h = image->header;
	size_t nodes = image->node_count * sizeof(struct image_node);
	size_t end = (image->file.size + LIVE_PAGE - 1) / LIVE_PAGE * LIVE_PAGE;

	*live = (struct live){.memory = arena_rest(memory)};
	tables_divide(&live->tables, &(struct arena){NULL, 0, 0}, sizeof(struct draft));
	copy_table(live, TABLE_POINTER, image->pointer, h->pointer.count);
	copy_table(live, TABLE_CUT, image->cut, h->cut.count);
	copy_table(live, TABLE_TYPE, image->type, h->type.count);
	copy_table(live, TABLE_PIECE, image->piece, h->piece.count);
	live->piece[0] = live->tables.table[TABLE_PIECE].at;
	live->piece[1] = take(live, live->tables.table[TABLE_PIECE].size);
	memcpy(live->piece[1], image->piece, h->piece.count * sizeof(struct image_piece));
	for (unsigned i = 0; i < 2; i++) {
		live->node[i] = take(live, nodes);
		memcpy(live->node[i], image->node, nodes);
		live->image[i] = *image;
		live->header[i] = *h;
	}
	live->dirty = take(live, image->node_count);
	live->tables.table[TABLE_OCTET] =
		(struct writer){.at = (uint8_t *)(uintptr_t)image->file.at,
	                        .size = end + LIVE_ROOM,
	                        .used = end};
	copy_zone(live, zone);
}

void live_begin_zone(struct live *live, const struct rrset_list *zone,
                     const struct arena *memory)
{
	*live = (struct live){.memory = arena_rest(memory)};
	copy_zone(live, zone);
}

struct rrset_list live_zone(const struct live *live)
{
	return (struct rrset_list){live->set, live->set_count};
}

/* ---- the zone ---- */

/* Where the set of an owner and type stands, or would. */
static size_t place_of(const struct live *live, struct bytes owner, uint16_t type)
{
	struct rrset wanted = {.owner = owner, .type = type};
	size_t low = 0, high = live->set_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rrset_compare(&live->set[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct rrset *find_set(const struct live *live, struct bytes owner, uint16_t type)
{
	size_t i = place_of(live, owner, type);

	return i < live->set_count && live->set[i].type == type &&
	                       bytes_same(live->set[i].owner, owner)
	               ? &live->set[i]
	               : NULL;
}

static uint16_t type_of(const struct rr *rr)
{
	if (rr->type != TYPE_RRSIG)
		return rr->type;
	return (uint16_t)(rr->rdata.at[0] << 8 | rr->rdata.at[1]);
}

/* The RDATAs of `from` without the one at `index`. */
static const struct bytes *without(struct live *live, const struct bytes *from, size_t count,
                                   size_t index)
{
	struct bytes *to = arena_take_array(&live->memory, count, sizeof(*to));

	memcpy(to, from, index * sizeof(*to));
	memcpy(to + index, from + index + 1, (count - index - 1) * sizeof(*to));
	return to;
}

/* And with one more. */
static const struct bytes *with(struct live *live, const struct bytes *from, size_t count,
                                size_t index, struct bytes rdata)
{
	struct bytes *to = arena_take_array(&live->memory, count + 1, sizeof(*to));

	if (count != 0) {
		memcpy(to, from, index * sizeof(*to));
		memcpy(to + index + 1, from + index, (count - index) * sizeof(*to));
	}
	to[index] = rdata;
	return to;
}

/* How many RDATAs stand before this one. */
static size_t rdatas_before(const struct bytes *at, size_t count, struct bytes rdata)
{
	size_t i = 0;

	while (i < count && bytes_compare(at[i], rdata) < 0)
		i++;
	return i;
}

/* Room for the RDATAs of a set, one more than there are. */
static bool has_room(const struct live *live, size_t count)
{
	return live->memory.size - live->memory.used > (count + 2) * sizeof(struct bytes);
}

static const char *remove_record(struct live *live, const struct rr *rr)
{
	struct rrset *set = find_set(live, rr->owner, type_of(rr));
	bool rrsig = rr->type == TYPE_RRSIG;
	const struct bytes *at;
	size_t count, i;

	if (set == NULL)
		return "a change removes what is not there";
	at = rrsig ? set->rrsig : set->rdata;
	count = rrsig ? set->rrsig_count : set->count;
	if (!has_room(live, count))
		return "no room for changes";
	i = rdatas_before(at, count, rr->rdata);
	if (i == count || !bytes_same(at[i], rr->rdata))
		return "a change removes what is not there";
	at = without(live, at, count, i);
	if (rrsig) {
		set->rrsig = at;
		set->rrsig_count--;
	} else {
		set->rdata = at;
		set->count--;
	}
	return NULL;
}

static struct rrset *new_set(struct live *live, const struct rr *rr)
{
	size_t i = place_of(live, rr->owner, rr->type);

	if (live->set_count == live->set_room)
		return NULL;
	memmove(live->set + i + 1, live->set + i, (live->set_count - i) * sizeof(*live->set));
	live->set_count++;
	live->set[i] = (struct rrset){.owner = rr->owner, .type = rr->type, .ttl = rr->ttl};
	return &live->set[i];
}

static const char *add_data(struct live *live, const struct rr *rr)
{
	struct rrset *set = find_set(live, rr->owner, rr->type);
	size_t i;

	if (set == NULL)
		set = new_set(live, rr);
	if (set == NULL || !has_room(live, set->count))
		return "no room for changes";
	if (set->count == 0 && set->rrsig_count == 0)
		set->ttl = rr->ttl;
	if (set->ttl != rr->ttl)
		return "records of one set differ in TTL";
	i = rdatas_before(set->rdata, set->count, rr->rdata);
	if (i < set->count && bytes_same(set->rdata[i], rr->rdata))
		return "a change adds what is there";
	set->rdata = with(live, set->rdata, set->count, i, rr->rdata);
	set->count++;
	return NULL;
}

static const char *add_rrsig(struct live *live, const struct rr *rr)
{
	struct rrset *set = find_set(live, rr->owner, type_of(rr));
	size_t i;

	if (set == NULL || set->count == 0 || set->ttl != rr->ttl ||
	    set->rrsig_count == UINT16_MAX)
		return "a signature that covers no set";
	if (!has_room(live, set->rrsig_count))
		return "no room for changes";
	i = rdatas_before(set->rrsig, set->rrsig_count, rr->rdata);
	if (i < set->rrsig_count && bytes_same(set->rrsig[i], rr->rdata))
		return "a change adds what is there";
	set->rrsig = with(live, set->rrsig, set->rrsig_count, i, rr->rdata);
	set->rrsig_count++;
	return NULL;
}

/* Takes away the set of a change when nothing is left of it. */
static const char *drop_empty(struct live *live, const struct rr *rr)
{
	size_t i = place_of(live, rr->owner, type_of(rr));
	const struct rrset *set = find_set(live, rr->owner, type_of(rr));

	if (set == NULL || set->count != 0)
		return NULL;
	if (set->rrsig_count != 0)
		return "signatures of nothing";
	live->set_count--;
	memmove(live->set + i, live->set + i + 1, (live->set_count - i) * sizeof(*live->set));
	return NULL;
}

/* A delta: what goes and what comes, the SOAs in front. */
struct delta {
	const struct rr *removed, *added;
	size_t removed_count, added_count;
};

/* Data before its signatures when it comes, after them when it goes; the SOAs are data. */
static const char *apply_delta(struct live *live, const struct delta *d)
{
	const char *why = NULL;

	for (size_t i = 0; i < d->removed_count && why == NULL; i++)
		why = remove_record(live, &d->removed[i]);
	for (size_t i = 0; i < d->added_count && why == NULL; i++)
		if (d->added[i].type != TYPE_RRSIG)
			why = add_data(live, &d->added[i]);
	for (size_t i = 0; i < d->added_count && why == NULL; i++)
		if (d->added[i].type == TYPE_RRSIG)
			why = add_rrsig(live, &d->added[i]);
	for (size_t i = 0; i < d->removed_count && why == NULL; i++)
		why = drop_empty(live, &d->removed[i]);
	return why;
}

/* ---- what has to be laid out again ---- */

/* The node of that name, or the last one before it; `*same` tells which. */
static uint32_t find_node(const struct image *image, struct bytes name, bool *same)
{
	uint32_t low = 0, high = image->node_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (dname_order(image_name(image, &image->node[middle]), name) <= 0)
			low = middle;
		else
			high = middle;
	}
	*same = bytes_same(image_name(image, &image->node[low]), name);
	return low;
}

static bool below_cut(const struct image *image, struct bytes name)
{
	bool same;

	for (unsigned labels = dname_label_count(name); labels-- > image->apex_labels;) {
		uint32_t node = find_node(image, dname_last(name, labels), &same);

		if (same && image->node[node].kind == IMAGE_CUT)
			return true;
	}
	return false;
}

/* Whatever has these addresses beside it: name servers and mail exchangers of that name. */
static void mark_users(struct live *live, const struct image *image, struct bytes target)
{
	for (size_t i = 0; i < live->set_count; i++) {
		const struct rrset *set = &live->set[i];
		bool same;

		if (set->type != TYPE_NS && set->type != TYPE_MX)
			continue;
		for (uint32_t r = 0; r < set->count; r++) {
			struct bytes name =
				bytes_from(set->rdata[r], set->type == TYPE_MX ? 2 : 0);

			if (name.size != target.size || !bytes_same(name, target))
				continue;
			uint32_t node = find_node(image, set->owner, &same);
			live->dirty[node] |= same;
			break;
		}
	}
}

static const char *mark(struct live *live, const struct image *image, const struct rr *rr)
{
	bool same;
	uint32_t node;

	if (!dname_in_domain(rr->owner, image_apex(image)))
		return "a record outside the zone";
	node = find_node(image, rr->owner, &same);
	if (same)
		live->dirty[node] = 1;
	else if (!below_cut(image, rr->owner))
		return "a new name";
	if (rr->type == TYPE_A || rr->type == TYPE_AAAA)
		mark_users(live, image, rr->owner);
	return NULL;
}

static const char *mark_delta(struct live *live, const struct image *image,
                              const struct delta *d)
{
	const char *why = NULL;

	for (size_t i = 0; i < d->removed_count && why == NULL; i++)
		why = mark(live, image, &d->removed[i]);
	for (size_t i = 0; i < d->added_count && why == NULL; i++)
		why = mark(live, image, &d->added[i]);
	return why;
}

/* ---- laying out ---- */

static bool is_empty(const struct image_node *node)
{
	return node->kind == IMAGE_EMPTY;
}

/* The NSEC of a name must lead to the next name that has one, the last one's to the apex. */
static const char *check_nsec(const struct live *live, const struct image *image, uint32_t i,
                              const struct rrset_list *sets)
{
	const struct rrset *nsec = workshop_set_of(sets, TYPE_NSEC);
	struct bytes next, bitmap;
	uint32_t following = i + 1;

	if (!live->compile.is_signed)
		return i == 0 && nsec != NULL ? "a zone that becomes signed" : NULL;
	if (nsec == NULL || nsec->count != 1)
		return "no NSEC at a name of a signed zone";
	while (following < image->node_count && is_empty(&image->node[following]))
		following++;
	nsec_read(nsec->rdata[0], &next, &bitmap);
	if (!bytes_same(next, following == image->node_count
	                              ? image_apex(image)
	                              : image_name(image, &image->node[following])))
		return "a broken chain of NSEC";
	return NULL;
}

/* Puts a new NSEC piece where the one before was meant. */
static void replace_nsec(struct live *live, struct image *next, struct image_header *header,
                         uint32_t i, uint32_t before)
{
	struct image_node *node = live->node[!live->current];
	uint32_t piece = node[i].nsec;

	if (header->wildcard_nsec == before)
		header->wildcard_nsec = piece;
	for (i++; i < next->node_count && is_empty(&node[i]); i++)
		node[i].nsec = piece;
}

static const char *lay_out(struct live *live, struct image *next, struct image_header *header,
                           uint32_t i)
{
	struct image_node *node = &live->node[!live->current][i], before = *node, made;
	struct rrset_list all = live_zone(live);
	struct draft draft = {.name = image_name(next, node)};
	struct writer one = {.at = (uint8_t *)&made, .size = sizeof(made)};
	const char *why;

	draft.sets = rrset_list_at(&all, draft.name);
	draft.kind = draft.sets.count == 0                                     ? IMAGE_EMPTY
	             : i != 0 && workshop_set_of(&draft.sets, TYPE_NS) != NULL ? IMAGE_CUT
	                                                                       : IMAGE_DATA;
	if (draft.kind != (enum image_kind)before.kind)
		return "a name that becomes of another kind";
	why = check_nsec(live, next, i, &draft.sets);
	if (why != NULL)
		return why;
	live->tables.table[TABLE_NODE] = one;
	live->compile.tables = live->tables;
	if (workshop_check_types(&live->compile, &draft.sets) != OK ||
	    workshop_make_node(&live->workshop, &draft, &before.nsec) != OK)
		return live->fault.why;
	live->tables = live->compile.tables;
	if (tables_full(&live->tables))
		return "no room behind the image";
	made.name = node->name;
	before.nsec = node->nsec;
	*node = made;
	if (made.nsec != before.nsec)
		replace_nsec(live, next, header, i, before.nsec);
	return NULL;
}

/* The three pieces with a fixed place. */
static const char *lay_out_negative(struct live *live, struct image *next,
                                    const struct image_header *header)
{
	uint32_t count = tables_count(&live->tables, TABLE_PIECE);
	struct rrset_list all = live_zone(live);
	const struct rrset *soa = rrset_find(&all, image_apex(next), TYPE_SOA), *nsec = NULL;
	struct image_piece *piece;

	if (soa == NULL || soa->count != 1)
		return "not one SOA at the apex";
	for (uint32_t i = 0; i < next->node_count && header->wildcard_nsec != 0 && nsec == NULL;
	     i++)
		if (next->node[i].nsec == header->wildcard_nsec)
			nsec = rrset_find(&all, image_name(next, &next->node[i]), TYPE_NSEC);
	live->compile.tables = live->tables;
	if (workshop_make_negative(&live->workshop, soa, nsec) != OK)
		return live->fault.why;
	live->tables = live->compile.tables;
	if (tables_full(&live->tables))
		return "no room behind the image";
	piece = (void *)live->tables.table[TABLE_PIECE].at;
	memcpy(piece, piece + count, IMAGE_FIRST_FREE * sizeof(*piece));
	return NULL;
}

/* Makes the other tables of nodes and pieces ready: as they are now. */
static void begin_next(struct live *live, struct image *next, struct image_header *header)
{
	const struct image *now = &live->image[live->current];
	unsigned other = !live->current;
	struct writer *piece = &live->tables.table[TABLE_PIECE];

	memcpy(live->node[other], live->node[live->current],
	       now->node_count * sizeof(struct image_node));
	memcpy(live->piece[other], piece->at, piece->used);
	piece->at = live->piece[other];
	*header = live->header[live->current];
	*next = *now;
	next->node = live->node[other];
	next->header = header;
	next->piece = (const void *)live->piece[other];
	next->pointer = (const void *)live->tables.table[TABLE_POINTER].at;
	next->cut = (const void *)live->tables.table[TABLE_CUT].at;
	next->type = (const void *)live->tables.table[TABLE_TYPE].at;
}

static const char *make_next(struct live *live, struct image *next, struct image_header *header)
{
	const char *why = NULL;

	live->compile = (struct compile){.apex = image_apex(next),
	                                 .is_signed = header->wildcard_nsec != 0,
	                                 .fault = &live->fault};
	live->workshop.compile = &live->compile;
	struct rrset_list all = live_zone(live);
	live->compile.zone = &all;
	for (uint32_t i = 0; i < next->node_count && why == NULL; i++)
		if (live->dirty[i])
			why = lay_out(live, next, header, i);
	if (why == NULL)
		why = lay_out_negative(live, next, header);
	live->compile.zone = NULL;
	next->file.size = live->tables.table[TABLE_OCTET].used;
	return why;
}

/* ---- changes ---- */

static const char *read_chain(struct live *live, struct bytes changes, struct live_chain *chain)
{
	chain->count = chain->runs = 0;
	for (size_t at = 0; at < changes.size;) {
		struct rr *rr = &chain->rr[chain->count];

		if (chain->count == LIVE_CHANGES_MAX)
			return "more changes than are worth it";
		if (live->memory.size - live->memory.used < RECORD_ROOM)
			return "no room for changes";
		if (rr_read_message(changes, &at, &live->memory, rr) != OK)
			return "a change that is malformed";
		if (rr->type == TYPE_SOA)
			chain->run[chain->runs++] = chain->count;
		chain->count++;
	}
	chain->run[chain->runs] = chain->count;
	return chain->runs >= 2 && chain->runs % 2 == 0 && chain->run[0] == 0
	               ? NULL
	               : "changes that are no deltas";
}

static const char *apply_chain(struct live *live, const struct image *image,
                               const struct live_chain *chain)
{
	const char *why = NULL;

	for (size_t r = 0; r < chain->runs && why == NULL; r += 2) {
		const struct rr *removed = chain->rr + chain->run[r],
				*added = chain->rr + chain->run[r + 1];
		struct delta delta = {removed, added, chain->run[r + 1] - chain->run[r],
		                      chain->run[r + 2] - chain->run[r + 1]};

		if (image != NULL)
			why = mark_delta(live, image, &delta);
		if (why == NULL)
			why = apply_delta(live, &delta);
	}
	return why;
}

static uint32_t serial_of(const struct live *live, struct bytes apex)
{
	const struct rrset *soa = find_set(live, apex, TYPE_SOA);
	const uint8_t *at = soa->rdata[0].at + soa->rdata[0].size - 20;

	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const char *apply(struct live *live, struct bytes changes,
                         const uint8_t zone[SHA384_SIZE])
{
	struct image *next = &live->image[!live->current];
	struct image_header *header = &live->header[!live->current];
	struct live_chain *chain = live->chain;
	struct rrset_list all;
	const char *why;

	begin_next(live, next, header);
	memset(live->dirty, 0, next->node_count);
	why = read_chain(live, changes, chain);
	if (why == NULL)
		why = apply_chain(live, next, chain);
	if (why == NULL)
		why = make_next(live, next, header);
	if (why != NULL)
		return why;
	all = live_zone(live);
	header->serial = serial_of(live, image_apex(next));
	header->records = (uint32_t)rrset_list_records(&all);
	memcpy(header->zone, zone, SHA384_SIZE);
	return NULL;
}

static int owner_order(const void *a, const void *b, const void *context)
{
	(void)context;
	return dname_order(*(const struct bytes *)a, *(const struct bytes *)b);
}

size_t live_changed(const struct live *live, struct bytes *owner)
{
	const struct live_chain *chain = live->chain;
	size_t count = 0;

	for (size_t i = 0; i < chain->count; i++)
		owner[i] = chain->rr[i].owner;
	sort(owner, chain->count, sizeof(*owner), owner_order, NULL);
	for (size_t i = 0; i < chain->count; i++)
		if (i == 0 || !bytes_same(owner[count - 1], owner[i]))
			owner[count++] = owner[i];
	return count;
}

bool live_apply_zone(struct live *live, struct bytes changes, const char **why)
{
	*why = read_chain(live, changes, live->chain);
	if (*why == NULL)
		*why = apply_chain(live, NULL, live->chain);
	return *why == NULL;
}

const struct image *live_apply(struct live *live, struct bytes changes,
                               const uint8_t zone[SHA384_SIZE], const char **why)
{
	*why = live->broken ? "changes failed before" : apply(live, changes, zone);
	live->broken = *why != NULL;
	if (*why != NULL)
		return NULL;
	live->current = !live->current;
	return &live->image[live->current];
}
