/* SPDX-License-Identifier: Apache-2.0 */
/* Differences of zones: small ones by hand, random ones by their definition over sets of lines. */
#include "dns/zonediff.h"

#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "dns/zonetext.h"
#include "tap.h"

#define ROUNDS 300
#define LINES  96 /* of which a random zone has some */

static uint8_t memory[4 << 20];
static struct arena arena = {memory, sizeof(memory), 0};

static struct rrset_list zone_of(const char *text)
{
	struct rrset_list zone;
	struct fault fault;

	if (!zone_read_text(bytes_of(text), &arena, &zone, &fault))
		bail_out(fault.why);
	return zone;
}

static const char *difference(const struct rrset_list *old, const struct rrset_list *new)
{
	static char text[1 << 16];
	struct writer w = {.at = (uint8_t *)text, .size = sizeof(text) - 1};

	zone_diff_write_text(&w, old, new);
	if (w.full)
		bail_out("a difference too long");
	text[w.used] = '\0';
	return text;
}

static bool is(const char *old, const char *new, const char *expected)
{
	struct rrset_list a, b;
	const char *got;

	arena.used = 0;
	a = zone_of(old);
	b = zone_of(new);
	got = difference(&a, &b);
	if (strcmp(got, expected) == 0)
		return true;
	printf("# %s\n", got);
	return false;
}

#define SOA(serial) ". 60 IN SOA a. h. " #serial " 1800 900 604800 30\n"
#define SIG(type, tag) "cn. 60 IN RRSIG " type " 15 1 60 20260101000000 20250101000000 " tag " . AAAA\n"

static void by_hand(void)
{
	ok(is("", "", "") && is(SOA(1), SOA(1), ""), "the same zone: nothing");
	ok(is("", SOA(1), "+ " SOA(1)) && is(SOA(1), "", "- " SOA(1)), "all of it, from and to no zone");
	ok(is(SOA(1) "cn. 60 IN NS a.cn.\n", SOA(2) "cn. 60 IN NS a.cn.\n", "- " SOA(1) "+ " SOA(2)),
	   "the SOA alone");
	ok(is(". 60 IN NS a.\n" SOA(1) "aa. 60 IN NS a.\ncn. 60 IN NS a.\n",
	      ". 60 IN NS a.\n" SOA(2) "cn. 60 IN NS a.\nzz. 60 IN NS a.\n",
	      "- " SOA(1) "+ " SOA(2) "- aa. 60 IN NS a.\n+ zz. 60 IN NS a.\n"),
	   "owners that go at the front and come at the end");
	ok(is("cn. 60 IN NS a.cn.\ncn. 60 IN NS c.cn.\n", "cn. 60 IN NS b.cn.\ncn. 60 IN NS c.cn.\n",
	      "- cn. 60 IN NS a.cn.\n+ cn. 60 IN NS b.cn.\n"),
	   "one record of a set");
	ok(is("cn. 60 IN NS a.cn.\ncn. 60 IN NS b.cn.\n", "cn. 90 IN NS a.cn.\ncn. 90 IN NS b.cn.\n",
	      "- cn. 60 IN NS a.cn.\n+ cn. 90 IN NS a.cn.\n- cn. 60 IN NS b.cn.\n+ cn. 90 IN NS b.cn.\n"),
	   "another TTL: each record goes and comes");
	ok(is("cn. 60 IN DS 1 15 9 aa\n" SIG("DS", "7") SIG("NSEC", "7") "cn. 60 IN NSEC . DS RRSIG NSEC\n",
	      "cn. 60 IN DS 1 15 9 aa\n" SIG("DS", "8") SIG("NSEC", "7") "cn. 60 IN NSEC . DS RRSIG NSEC\n",
	      "- " SIG("DS", "7") "+ " SIG("DS", "8")),
	   "a signature alone");
}

/* ---- random zones, as sets of lines ---- */

/* Line `i`, in canonical order: names a00. a01. ..., each with two name servers and two addresses. */
static char *put_line(char *to, unsigned i, unsigned ttl)
{
	if (i % 4 < 2)
		return to + sprintf(to, "a%02u. %u IN A 192.0.2.%u\n", i / 4, ttl, i % 4);
	return to + sprintf(to, "a%02u. %u IN NS ns%u.\n", i / 4, ttl, i % 4);
}

/* The zone of the lines that are `in`; the sets in `late` have another TTL. */
static struct rrset_list zone_with(const bool in[LINES], const bool late[LINES / 2])
{
	static char text[LINES * 80];
	char *to = text;

	*to = '\0';
	for (unsigned i = 0; i < LINES; i++)
		if (in[i])
			to = put_line(to, i, late[i / 2] ? 90 : 60);
	return zone_of(text);
}

static bool same_records(const struct rrset_list *a, const struct rrset_list *b)
{
	return *difference(a, b) == '\0' && rrset_list_records(a) == rrset_list_records(b);
}

/* Whether the changes are those of the definition, each way in canonical order. */
static bool as_defined(const bool a[LINES], const bool a_late[LINES / 2], const bool b[LINES],
                       const bool b_late[LINES / 2])
{
	struct rrset_list old = zone_with(a, a_late), new = zone_with(b, b_late);
	struct zone_diff diff = zone_diff_over(&old, &new);
	struct zone_change change;
	struct rr before[2];
	unsigned removed = 0, added = 0, want_removed = 0, want_added = 0;
	bool held = true;

	for (unsigned i = 0; i < LINES; i++) {
		bool same = a[i] && b[i] && a_late[i / 2] == b_late[i / 2];
		want_removed += a[i] && !same;
		want_added += b[i] && !same;
	}
	while (zone_diff_next(&diff, &change)) {
		const struct rrset_list *has = change.added ? &new : &old;
		const struct rrset *set = rrset_find(has, change.rr.owner, change.rr.type);
		unsigned *count = change.added ? &added : &removed;

		held = held && set != NULL && set->ttl == change.rr.ttl &&
		       (*count == 0 || rr_compare(&before[change.added], &change.rr) < 0);
		before[change.added] = change.rr;
		(*count)++;
	}
	return held && removed == want_removed && added == want_added;
}

/* RFC 1995: who takes away what is removed and puts in what is added has the new zone. */
static bool leads_there(const struct rrset_list *old, const struct rrset_list *new)
{
	struct rr *rr = arena_take_array(&arena, 2 * LINES, sizeof(*rr)), one;
	struct zone_diff diff = zone_diff_over(old, new);
	struct rr_walk walk = rr_walk_over(old);
	struct zone_change change;
	struct rrset_list made;
	struct fault fault;
	size_t count = 0;

	while (rr_walk_next(&walk, &one))
		rr[count++] = one;
	while (zone_diff_next(&diff, &change)) {
		size_t i = 0;

		if (change.added) {
			rr[count++] = change.rr;
			continue;
		}
		while (i < count && (rr_compare(&rr[i], &change.rr) != 0 || rr[i].ttl != change.rr.ttl))
			i++;
		if (i == count)
			return false;
		rr[i] = rr[--count];
	}
	return rrset_list_make(rr, count, &arena, &made, &fault) && same_records(&made, new);
}

static void at_random(void)
{
	bool defined = true, leads = true, nothing = true;

	dice_seed();
	for (unsigned round = 0; round < ROUNDS; round++) {
		bool in[2][LINES], late[2][LINES / 2];

		for (unsigned z = 0; z < 2; z++) {
			for (unsigned i = 0; i < LINES; i++)
				in[z][i] = dice_below(4) != 0;
			for (unsigned i = 0; i < LINES / 2; i++)
				late[z][i] = dice_below(4) == 0;
		}
		arena.used = 0;
		struct rrset_list old = zone_with(in[0], late[0]), new = zone_with(in[1], late[1]);
		defined = defined && as_defined(in[0], late[0], in[1], late[1]);
		leads = leads && leads_there(&old, &new) && leads_there(&new, &old);
		nothing = nothing && same_records(&old, &old);
	}
	ok(defined, "random zones: the changes are what only one of them has, in canonical order");
	ok(leads, "and they lead from one to the other, both ways");
	ok(nothing, "and from a zone to itself there are none");
}

int main(void)
{
	by_hand();
	at_random();
	return done_testing();
}
