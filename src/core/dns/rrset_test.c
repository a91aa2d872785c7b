/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rrset.h"

#include <string.h>

#include "dns/dname.h"
#include "tap.h"

static uint8_t memory[1 << 20];
static struct arena arena = {memory, sizeof(memory), 0};

static struct rr record(const char *line)
{
	struct fault fault;
	struct rr rr = {0};

	if (!rr_read_text(bytes_of(line), &arena, &rr, &fault))
		bail_out(line);
	return rr;
}

static struct bytes owner(const char *text)
{
	static struct dname name[8];
	static unsigned next;
	struct dname *n = &name[next++ % 8];

	if (dname_read_text(bytes_of(text), n) != OK)
		bail_out(text);
	return dname_bytes(n);
}

/* A small zone, in no order, with one record twice. */
static const char *const ZONE[] = {
	"b.cn. 60 IN A 192.0.2.1",
	"cn. 60 IN NS b.cn.",
	". 60 IN NS a.b.c.",
	"cn. 60 IN RRSIG NSEC 15 1 60 20260101000000 20250101000000 7 . AAAA",
	"cn. 60 IN NSEC net. NS DS RRSIG NSEC",
	"cn. 60 IN RRSIG DS 15 1 60 20260101000000 20250101000000 7 . BBBB",
	"cn. 60 IN RRSIG DS 15 1 60 20260101000000 20250101000000 6 . BBBB",
	"cn. 60 IN DS 5 15 9 aa",
	"cn. 60 IN DS 4 15 9 aa",
	"cn. 60 IN NS a.cn.",
	"cn. 60 IN NS b.cn.",
	"a.b.c. 60 IN A 192.0.2.2",
	". 60 IN NSEC cn. NS RRSIG NSEC",
};
#define ZONE_COUNT (sizeof(ZONE) / sizeof(ZONE[0]))

static void making(struct rrset_list *list)
{
	struct rr rr[ZONE_COUNT];
	struct fault fault = {0};
	const struct rrset *ds;

	for (size_t i = 0; i < ZONE_COUNT; i++)
		rr[i] = record(ZONE[i]);
	ok(rrset_list_make(rr, ZONE_COUNT, &arena, list, &fault),
	   "a list of records in no order");
	bool sorted = true;
	for (size_t i = 1; i < list->count; i++)
		sorted = sorted && rrset_compare(&list->at[i - 1], &list->at[i]) < 0;
	ok(list->count == 7 && sorted, "is seven sets in order");
	ok(rrset_list_records(list) == ZONE_COUNT - 1, "without the duplicate");
	ds = rrset_find(list, owner("cn."), TYPE_DS);
	ok(ds != NULL && ds->count == 2 && ds->rdata[0].at[1] == 4,
	   "records in order of their octets");
	ok(ds != NULL && ds->rrsig_count == 2 && ds->rrsig[0].at[17] == 6 &&
	           ds->rrsig[1].at[17] == 7,
	   "signatures with the set they cover");
}

static void finding(const struct rrset_list *list)
{
	struct rrset_list cn = rrset_list_at(list, owner("cn."));
	const struct rrset *nsec;

	ok(cn.count == 3 && cn.at[0].type == TYPE_NS && cn.at[2].type == TYPE_NSEC,
	   "the sets of one owner");
	ok(rrset_list_at(list, owner("com.")).count == 0 &&
	           rrset_find(list, owner("cn."), TYPE_A) == NULL,
	   "what is not there is not found");
	ok(rrset_list_has(list, owner("b.c.")) && rrset_list_has(list, owner("c.")) &&
	           rrset_list_has(list, owner("a.b.c.")) &&
	           !rrset_list_has(list, owner("x.c.")) && !rrset_list_has(list, owner("b.")),
	   "empty non-terminals exist");
	nsec = rrset_find_covering(list, owner("com."), TYPE_NSEC);
	ok(nsec != NULL && bytes_same(nsec->owner, owner("cn.")),
	   "the NSEC that covers a name");
	nsec = rrset_find_covering(list, owner("cn."), TYPE_NSEC);
	ok(nsec != NULL && bytes_same(nsec->owner, owner("cn.")), "or matches it");
	nsec = rrset_find_covering(list, owner("aaa."), TYPE_NSEC);
	ok(nsec != NULL && bytes_same(nsec->owner, owner(".")), "or stands at the apex");
	ok(rrset_find_covering(list, owner("."), TYPE_DS) == NULL, "none before the first");
}

static void walking(const struct rrset_list *list)
{
	struct rr_walk walk = rr_walk_over(list);
	struct rr rr, before;
	size_t count = 0;
	bool sorted = true;

	for (; rr_walk_next(&walk, &rr); before = rr)
		sorted = sorted && (count++ == 0 || rr_compare(&before, &rr) < 0);
	ok(sorted && count == ZONE_COUNT - 1, "a walk passes every record in canonical order");
	walk = rr_walk_over(&(struct rrset_list){NULL, 0});
	ok(!rr_walk_next(&walk, &rr) && !rr_walk_next(&walk, &rr), "and none of an empty list");
}

static bool fails(const char *a, const char *b, uint32_t index)
{
	struct rr rr[2] = {record(a), record(b)};
	struct rrset_list list;
	struct fault fault = {0};

	return !rrset_list_make(rr, 2, &arena, &list, &fault) && fault.line == index;
}

static void refusing(void)
{
	ok(fails("a. 1 IN A 192.0.2.1", "a. 2 IN A 192.0.2.2", 2), "two TTLs in one set");
	ok(fails("a. 1 IN A 192.0.2.1", "a. 2 IN A 192.0.2.1", 2) ||
	           fails("a. 1 IN A 192.0.2.1", "a. 2 IN A 192.0.2.1", 1),
	   "even of one record twice");
	ok(fails("a. 1 IN A 192.0.2.1",
	         "a. 1 IN RRSIG NS 15 1 1 20260101000000 20250101000000 7 . AAAA", 2),
	   "a signature over nothing");
	ok(fails("a. 1 IN RRSIG A 15 1 1 20260101000000 20250101000000 7 . AAAA",
	         "a. 2 IN A 192.0.2.1", 1),
	   "a signature with another TTL");
}

int main(void)
{
	struct rrset_list list = {0};

	making(&list);
	finding(&list);
	walking(&list);
	refusing();
	return done_testing();
}
