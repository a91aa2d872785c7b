/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rr.h"

#include <string.h>

#include "tap.h"

static uint8_t memory[1 << 16];

static bool reads(const char *line, struct rr *rr, struct fault *fault)
{
	static struct arena arena;

	arena = (struct arena){memory, sizeof(memory), 0};
	*fault = (struct fault){0};
	return rr_read_text(bytes_of(line), &arena, rr, fault);
}

static bool strict(const char *line)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct fault fault;
	struct rr rr;

	return rr_read_strict(bytes_of(line), &arena, &rr, &fault);
}

static void lines(void)
{
	struct rr rr;
	struct fault fault;

	ok(reads("cn. 172800 IN NS A.DNS.cn.", &rr, &fault) && rr.ttl == 172800 &&
	           rr.type == TYPE_NS && bytes_same(rr.owner, BYTES("\2cn\0")) &&
	           bytes_same(rr.rdata, BYTES("\1a\3dns\2cn\0")),
	   "a record");
	ok(!reads("cn 172800 IN NS a.", &rr, &fault) && fault.column == 1, "a relative owner");
	ok(!reads("cn. -1 IN NS a.", &rr, &fault) && fault.column == 5, "a bad TTL");
	ok(!reads("cn. 2147483648 IN NS a.", &rr, &fault) && fault.column == 5,
	   "a TTL of 32 bits (RFC 2181 section 8)");
	ok(!reads("cn. 1 CH NS a.", &rr, &fault) && fault.column == 7, "another class");
	ok(!reads("cn. 1 IN XX a.", &rr, &fault) && fault.column == 10, "no type");
	ok(!reads("cn. 1 IN NS", &rr, &fault) && fault.column == 12, "no data");
	ok(!reads("cn. 1 IN DS 1 8 x aa", &rr, &fault) && fault.column == 17,
	   "the column of the field that is wrong");
	ok(!reads("cn.  1 IN NS a.", &rr, &fault) && !reads(" cn. 1 IN NS a.", &rr, &fault) &&
	           !reads("cn. 1 IN NS a. ", &rr, &fault) &&
	           !reads("cn. 1 IN NS\ta.", &rr, &fault),
	   "single blanks only");
}

static void acts(void)
{
	static const char *const good[] = {
		"cn. 172800 IN NS a.dns.cn.",
		"a.dns.cn. 172800 IN A 203.119.25.1",
		"a.dns.cn. 172800 IN AAAA 2001:dc7::1",
		"cn. 86400 IN DS 57724 8 9 5d04",
	};
	static const char *const bad[] = {
		"CN. 172800 IN NS a.dns.cn.",
		"cn. 172800 IN NS A.dns.cn.",
		"cn. 172800 IN NS a\\.dns.cn.",
		"*.cn. 172800 IN NS a.dns.cn.",
		"cn. 0172800 IN NS a.dns.cn.",
		"a.dns.cn. 172800 IN AAAA 2001:dc7:0:0:0:0:0:1",
		"a.dns.cn. 172800 IN A \\# 4 01020304",
		"cn. 86400 IN DS 57724 8 9 5D04",
		"cn. 86400 IN TXT \"x\"",
		"cn. 86400 IN CNAME a.",
		"cn. 86400 IN NS a-.",
	};
	bool all = true, none = false;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		all = all && strict(good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		none = none || strict(bad[i]);
	ok(all, "records an act may hold");
	ok(!none, "and records it may not");
}

static void order(void)
{
	struct rr a = {BYTES("\2cn\0"), 1, TYPE_NS, BYTES("\1a\0")};
	struct rr b = {BYTES("\2cn\0"), 2, TYPE_NS, BYTES("\1a\0")};
	struct rr c = {BYTES("\2cn\0"), 1, TYPE_NS, BYTES("\1b\0")};
	struct rr d = {BYTES("\2cn\0"), 1, TYPE_DS, BYTES("")};
	struct rr e = {BYTES("\1a\2cn\0"), 1, TYPE_A, BYTES("")};

	ok(rr_compare(&a, &b) == 0, "the TTL does not count");
	ok(rr_compare(&a, &c) < 0 && rr_compare(&c, &d) < 0 && rr_compare(&d, &e) < 0 &&
	           rr_compare(&e, &a) > 0,
	   "owner, type, data");
}

int main(void)
{
	lines();
	acts();
	order();
	return done_testing();
}
