/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rrset.h"

#include "base/must.h"
#include "base/sort.h"
#include "dns/dname.h"

/* ---- making a list ---- */

/* A record to sort. `key` is the beginning of a form of the owner whose order
 * as octets is the canonical order of names, so most comparisons stop there. */
struct item {
	uint64_t key;
	const struct rr *rr;
};

/* The labels from the right, each octet kept and each label ended by 0; the octets 0 and 1
 * become 1 1 and 1 2, so that the end of a label sorts first. Its first eight octets. */
static uint64_t owner_key(struct bytes owner)
{
	uint64_t key = 0;
	unsigned octets = 0;

	for (unsigned labels = 1, count = dname_label_count(owner); labels <= count; labels++) {
		struct bytes label = dname_first_label(dname_last(owner, labels));

		for (size_t i = 0; i <= label.size; i++) {
			uint8_t c = i < label.size ? label.at[i] : 0;
			bool escaped = i < label.size && c <= 1;

			if (escaped && octets++ < 8)
				key = key << 8 | 1;
			if (octets++ < 8)
				key = key << 8 | (escaped ? c + 1u : c);
			if (octets >= 8)
				return key;
		}
	}
	return octets == 0 ? 0 : key << (8 * (8 - octets));
}

static int item_order(const void *a, const void *b, const void *context)
{
	const struct item *x = a, *y = b;

	(void)context;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return rr_compare(x->rr, y->rr);
}

static bool sorted(const struct rr *rr, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (rr_compare(&rr[i - 1], &rr[i]) >= 0)
			return false;
	return true;
}

/* What is under construction, from records in order. */
struct making {
	const struct rr *first; /* the caller's array, to say which record is at fault */
	struct rrset *set;
	size_t sets;
	struct bytes *rdata; /* of all sets, one after another */
	size_t rdatas;
};

static bool fault_of(struct fault *fault, const struct making *m, const struct rr *rr,
                     const char *why)
{
	*fault = (struct fault){(uint32_t)(rr - m->first) + 1, 0, why};
	return false;
}

static bool add_record(struct making *m, const struct rr *rr, struct fault *fault)
{
	struct rrset *last = m->sets == 0 ? NULL : &m->set[m->sets - 1];

	if (last != NULL && last->type == rr->type && bytes_same(last->owner, rr->owner)) {
		if (last->ttl != rr->ttl)
			return fault_of(fault, m, rr,
			                "another time to live than the rest of its set");
		last->count++;
	} else {
		m->set[m->sets++] = (struct rrset){.owner = rr->owner,
		                                   .type = rr->type,
		                                   .ttl = rr->ttl,
		                                   .count = 1,
		                                   .rdata = m->rdata + m->rdatas};
	}
	m->rdata[m->rdatas++] = rr->rdata;
	return true;
}

/* Signatures of one owner arrive in order of the type covered, as the owner's sets stand. */
static bool add_rrsig(struct making *m, size_t first, const struct rr *rr, struct fault *fault)
{
	uint16_t covered = (uint16_t)(rr->rdata.at[0] << 8 | rr->rdata.at[1]);
	struct rrset *set = NULL;

	for (size_t i = first; i < m->sets; i++)
		if (m->set[i].type == covered)
			set = &m->set[i];
	if (set == NULL)
		return fault_of(fault, m, rr, "a signature that covers no set of its owner");
	if (set->ttl != rr->ttl)
		return fault_of(fault, m, rr,
		                "a signature with another time to live than its set");
	if (set->rrsig_count == UINT16_MAX)
		return fault_of(fault, m, rr, "too many signatures of one set");
	if (set->rrsig_count++ == 0)
		set->rrsig = m->rdata + m->rdatas;
	m->rdata[m->rdatas++] = rr->rdata;
	return true;
}

/* The record of rank `i` in canonical order. */
static const struct rr *ranked(const struct rr *rr, const struct item *items, size_t i)
{
	return items == NULL ? &rr[i] : items[i].rr;
}

/* True when the record of rank `i` is the one before once more. */
static bool repeats(const struct making *m, const struct item *items, size_t i)
{
	const struct rr *rr = ranked(m->first, items, i), *before;

	if (i == 0)
		return false;
	before = ranked(m->first, items, i - 1);
	return before->ttl == rr->ttl && rr_compare(before, rr) == 0;
}

/* One owner's records, ranks `begin` up to `end`: first the data, then the signatures. */
static bool add_owner(struct making *m, const struct item *items, size_t begin, size_t end,
                      struct fault *fault)
{
	size_t first = m->sets;

	for (size_t i = begin; i < end; i++) {
		const struct rr *rr = ranked(m->first, items, i);
		if (rr->type != TYPE_RRSIG && !repeats(m, items, i) &&
		    !add_record(m, rr, fault))
			return false;
	}
	for (size_t i = begin; i < end; i++) {
		const struct rr *rr = ranked(m->first, items, i);
		if (rr->type == TYPE_RRSIG && !repeats(m, items, i) &&
		    !add_rrsig(m, first, rr, fault))
			return false;
	}
	return true;
}

static bool make(const struct rr *rr, const struct item *items, size_t count,
                 struct arena *arena, struct rrset_list *list, struct fault *fault)
{
	struct making m = {.first = rr};
	size_t end;

	m.set = arena_take_array(arena, count, sizeof(*m.set));
	m.rdata = arena_take_array(arena, count, sizeof(*m.rdata));
	for (size_t begin = 0; begin < count; begin = end) {
		struct bytes owner = ranked(rr, items, begin)->owner;

		for (end = begin + 1; end < count; end++)
			if (!bytes_same(ranked(rr, items, end)->owner, owner))
				break;
		if (!add_owner(&m, items, begin, end, fault))
			return false;
	}
	*list = (struct rrset_list){m.set, m.sets};
	return true;
}

bool rrset_list_make(const struct rr *rr, size_t count, struct arena *arena,
                     struct rrset_list *list, struct fault *fault)
{
	struct item *items, *scratch;

	if (sorted(rr, count))
		return make(rr, NULL, count, arena, list, fault);
	items = arena_take_array(arena, count, sizeof(*items));
	for (size_t i = 0; i < count; i++)
		items[i] = (struct item){owner_key(rr[i].owner), &rr[i]};
	scratch = arena_take_array(arena, count, sizeof(*scratch));
	sort_nearly(items, scratch, count, sizeof(*items), item_order, NULL);
	return make(rr, items, count, arena, list, fault);
}

/* ---- looking up ---- */

int rrset_compare(const struct rrset *a, const struct rrset *b)
{
	int d = dname_order(a->owner, b->owner);

	if (d != 0)
		return d;
	return a->type == b->type ? 0 : a->type < b->type ? -1 : 1;
}

/* How many rrsets stand before (owner, type). */
static size_t rank(const struct rrset_list *list, struct bytes owner, uint32_t type)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int d = dname_order(list->at[middle].owner, owner);

		if (d < 0 || (d == 0 && list->at[middle].type < type))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct rrset *rrset_find(const struct rrset_list *list, struct bytes owner, uint16_t type)
{
	size_t i = rank(list, owner, type);

	if (i < list->count && list->at[i].type == type && bytes_same(list->at[i].owner, owner))
		return &list->at[i];
	return NULL;
}

struct rrset_list rrset_list_at(const struct rrset_list *list, struct bytes owner)
{
	size_t first = rank(list, owner, 0), end = first;

	while (end < list->count && bytes_same(list->at[end].owner, owner))
		end++;
	return (struct rrset_list){list->at + first, end - first};
}

size_t rrset_list_before(const struct rrset_list *list, struct bytes owner)
{
	return rank(list, owner, 0);
}

bool rrset_list_has(const struct rrset_list *list, struct bytes name)
{
	size_t i = rank(list, name, 0);

	return i < list->count && dname_in_domain(list->at[i].owner, name);
}

const struct rrset *rrset_find_covering(const struct rrset_list *list, struct bytes name,
                                        uint16_t type)
{
	for (size_t i = rank(list, name, (uint32_t)type + 1); i-- > 0;)
		if (list->at[i].type == type)
			return &list->at[i];
	return NULL;
}

/* ---- walking ---- */

struct rr_walk rr_walk_over(const struct rrset_list *list)
{
	return (struct rr_walk){.list = list, .phase = WALK_AFTER_RRSIG};
}

/* Record `record` of what `set` has in this phase; false when it has no more. */
static bool pick(const struct rrset *set, enum walk_phase phase, uint32_t record, struct rr *rr)
{
	if (phase == WALK_RRSIG) {
		if (record >= set->rrsig_count)
			return false;
		*rr = (struct rr){set->owner, set->ttl, TYPE_RRSIG, set->rrsig[record]};
		return true;
	}
	if (record >= set->count || (set->type < TYPE_RRSIG) != (phase == WALK_BEFORE_RRSIG))
		return false;
	*rr = (struct rr){set->owner, set->ttl, set->type, set->rdata[record]};
	return true;
}

static void walk_to_next_owner(struct rr_walk *walk)
{
	const struct rrset_list *list = walk->list;

	walk->first = walk->end++;
	while (walk->end < list->count &&
	       bytes_same(list->at[walk->end].owner, list->at[walk->first].owner))
		walk->end++;
}

bool rr_walk_next(struct rr_walk *walk, struct rr *rr)
{
	for (;;) {
		for (; walk->set < walk->end; walk->set++, walk->record = 0)
			if (pick(&walk->list->at[walk->set], walk->phase, walk->record, rr)) {
				walk->record++;
				return true;
			}
		if (walk->phase != WALK_AFTER_RRSIG) {
			walk->phase++;
		} else {
			if (walk->end == walk->list->count)
				return false;
			walk_to_next_owner(walk);
			walk->phase = WALK_BEFORE_RRSIG;
		}
		walk->set = walk->first;
	}
}

size_t rrset_list_records(const struct rrset_list *list)
{
	size_t records = 0;

	for (size_t i = 0; i < list->count; i++)
		records += list->at[i].count + list->at[i].rrsig_count;
	return records;
}
