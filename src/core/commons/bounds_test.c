/* SPDX-License-Identifier: Apache-2.0 */
/* What one party could stop all the others with, and is refused (comity-act(5), BOUNDS). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "commons/apply.h"
#include "commons/bounds.h"
#include "commons/standing.h"
#include "tap.h"

#define BEGIN  1795352400
#define MEMORY ((size_t)256 << 20)
#define NONE   BYTES("none")

#define CHARTER                                                                                    \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\nchamber states of kind state\n"     \
	"signers states\n\narticle 1\nen A\n"                                                      \
	"rule delegate.update holder\nrule delegate.drop-ds holder\n"                              \
	"rule delegate.transfer holder & recipient\nrule delegate.withdraw holder\n"               \
	"rule party.withdraw holder\nrule waiver.grant states > 1/2, vote 4d\n"                    \
	"rule host.update holder\nrule server.update holder\n"                                     \
	"rule party.admit states > 1/2, vote 14d\nrule charter.amend states > 2/3\n"

static struct state state;
static struct commons commons;
static struct arena room; /* of the acts of one test */
static struct refusal refusal;
static int64_t acts; /* each lives a second longer than the one before: no two are the same */

static struct arena memory_of(size_t size)
{
	void *at = calloc(1, size);

	if (at == NULL)
		bail_out("no memory");
	return (struct arena){at, size, 0};
}

/* aur is aurelia's, bor borealia's; both may have as many name servers as they like. */
static void begin(void)
{
	static const char *const PARTIES[] = {"aurelia", "borealia", "cascadia"};
	static const char *const RECORDS[] = {
		"tld/aur\nholder: aurelia\nact: genesis\n+ aur. 1 IN NS a.bor.\n+ aur. 1 IN NS b.bor.\n",
		"tld/bor\nholder: borealia\nact: genesis\n+ bor. 1 IN NS a.bor.\n+ bor. 1 IN NS b.bor.\n",
		"waiver/aur/ns-count\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n",
		"host/a.bor.\nowner: borealia\nusers: aur bor\nact: genesis\n+ a.bor. 1 IN A 192.0.2.1\n",
		"host/b.bor.\nowner: borealia\nusers: aur bor\nact: genesis\n+ b.bor. 1 IN A 192.0.2.2\n",
		"waiver/aur/ipv6\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n",
		"waiver/bor/ipv6\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n",
		"waiver/bor/referral-size\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n",
	};
	struct text lines = {.rest = BYTES("apex: .\nsoa: a. b. 1 1 1 1\nttl: 1 1 1 1\n"
	                                   "signatures: 21d 14d\nsigning: 2s 20m 1h\n")};
	struct arena memory = memory_of(MEMORY);
	struct charter_fault fault;
	struct charter charter;
	struct apex apex;
	const char *why;

	state_init(&state, memory.at, memory.size);
	commons_init(&commons, &state,
	             &(struct commons_memory){.scratch = memory_of(COMMONS_SCRATCH_SIZE),
	                                      .charter = memory_of(COMMONS_CHARTER_SIZE)});
	room = memory_of((size_t)8 << 20);
	commons.origin = BYTES("root.comity.example");
	commons.now.seconds = BEGIN;
	for (unsigned i = 0; i < 3; i++) {
		struct party party = {bytes_of(PARTIES[i]), BYTES("state"), 1, BYTES(""), BYTES("genesis")};

		party_put(&state, &commons.scratch, &party);
	}
	if (!apex_read(&lines, &apex, &why))
		bail_out(why);
	standing_put_apex(&commons, &apex, BYTES("genesis"));
	if (charter_read(BYTES(CHARTER), &commons.scratch, &charter, &fault) != OK)
		bail_out(fault.at.why);
	if (!standing_put_charter(&commons, BYTES(CHARTER), NULL, &charter, BYTES("genesis"), &refusal))
		bail_out("the first charter");
	for (unsigned i = 0; i < sizeof(RECORDS) / sizeof(RECORDS[0]); i++)
		state_put(&state, bytes_of(RECORDS[i]));
	state_commit(&state);
}

static void end(void)
{
	free(commons.scratch.at);
	free(commons.charter_memory.at);
	free(room.at);
	free(state.index);
}

/* The slot of the record of that key. */
static struct bytes slot(const char *key)
{
	struct digest leaf;
	char *hex = arena_take(&room, 2 * DIGEST_SIZE);

	if (!state_leaf(&state, bytes_of(key), &leaf))
		return NONE;
	hex_write(hex, digest_bytes(&leaf));
	return (struct bytes){(uint8_t *)hex, 2 * DIGEST_SIZE};
}

/* Whether the act enters; commons.scratch.used then says how much memory it took. */
static bool enters(enum act_kind kind, const char *by, struct bytes first, struct bytes second, struct bytes third,
                   struct bytes records)
{
	struct act made = {.kind = kind, .origin = commons.origin, .charter = 1, .by = bytes_of(by),
	                   .until = {commons.now.seconds + 3600 + acts++}, .field = {first, second, third},
	                   .records = records};
	struct state_mark mark = state_mark(&state);
	struct writer w = writer_in(&room);
	struct signed_act act = {.act = {0}};
	struct fault fault;
	struct bytes text;

	act_write(&w, &made);
	text = writer_keep(&w, &room);
	if (act_read(text, arena_rest(&room), &act.act, &fault) != OK)
		bail_out(fault.why);
	act.id = act.act.id;
	hex_write(act.id_text, digest_bytes(&act.id));
	commons.scratch.used = 0;
	refusal = (struct refusal){0};
	if (commons_decide(&commons, &act, &refusal))
		return true;
	state_undo(&state, mark);
	return false;
}

static bool delegates(const char *by, const char *label, struct bytes records)
{
	char key[80];

	snprintf(key, sizeof(key), "tld/%s", label);
	return enters(ACT_DELEGATE, by, bytes_of(label), slot(key), BYTES(""), records);
}

static void line(struct writer *w, const char *form, ...)
{
	char text[1100];
	va_list a;

	va_start(a, form);
	vsnprintf(text, sizeof(text), form, a);
	va_end(a);
	write_text(w, text);
	write_octet(w, '\n');
}

/* ---- sets ---- */

static struct bytes name_servers(const char *tld, unsigned count, const char *below)
{
	struct writer w = writer_in(&room);

	for (unsigned i = 0; i < count; i++)
		line(&w, "+ %s. 1 IN NS n%04u.%s.", tld, i, below);
	return writer_keep(&w, &room);
}

static struct bytes signers(unsigned count, unsigned digest)
{
	struct writer w = writer_in(&room);

	line(&w, "+ bor. 1 IN NS a.bor.");
	line(&w, "+ bor. 1 IN NS b.bor.");
	for (unsigned i = 0; i < count; i++)
		line(&w, "+ bor. 1 IN DS %u 13 9 %0*x", i, (int)(2 * digest), i);
	return writer_keep(&w, &room);
}

static struct bytes addresses(const char *name, unsigned a, unsigned aaaa)
{
	struct writer w = writer_in(&room);

	for (unsigned i = 0; i < a; i++)
		line(&w, "+ %s 1 IN A 192.0.%u.%u", name, i / 256, i % 256);
	for (unsigned i = 0; i < aaaa; i++)
		line(&w, "+ %s 1 IN AAAA 2001:db8::%x", name, i + 1);
	return writer_keep(&w, &room);
}

static bool too_many(bool entered)
{
	return !entered && refusal.reason == REASON_SET && commons.scratch.used < (1u << 20);
}

static void test_sets(void)
{
	begin();
	ok(delegates("borealia", "bor", signers(BOUNDS_DS, BOUNDS_DS_DIGEST)), "as many DS as a name may have");
	ok(too_many(delegates("borealia", "bor", signers(BOUNDS_DS + 1, 32))) &&
	           too_many(delegates("borealia", "bor", signers(300, 32))), "one more is refused, and so are 300");
	ok(too_many(delegates("borealia", "bor", signers(1, BOUNDS_DS_DIGEST + 1))), "a longer digest is refused");
	ok(delegates("aurelia", "aur", name_servers("aur", BOUNDS_NS, "bor")), "as many NS, below a name with many DS");
	ok(too_many(delegates("aurelia", "aur", name_servers("aur", BOUNDS_NS + 1, "bor"))), "one more is refused");
	ok(too_many(delegates("aurelia", "aur", name_servers("aur", 1200, "bor"))),
	   "1,200 are refused before anything is collected of them");
	ok(enters(ACT_HOST, "borealia", BYTES("n0000.bor."), slot("host/n0000.bor."), BYTES(""),
	          addresses("n0000.bor.", BOUNDS_ADDRESSES, BOUNDS_ADDRESSES)), "as many addresses of a host");
	ok(too_many(enters(ACT_HOST, "borealia", BYTES("n0000.bor."), slot("host/n0000.bor."), BYTES(""),
	                   addresses("n0000.bor.", BOUNDS_ADDRESSES + 1, 0))), "one more A is refused");
	ok(too_many(enters(ACT_SERVER, "cascadia", BYTES("a.x."), BYTES("active"), NONE, addresses("a.x.", 1200, 0))),
	   "a root server of 1,200 addresses is refused");
	ok(too_many(enters(ACT_SERVER, "cascadia", BYTES("a.x."), BYTES("active"), NONE,
	                   addresses("a.x.", 1, BOUNDS_ADDRESSES + 1))), "and one of too many AAAA");
	end();
}

/* ---- hosts that everybody uses ---- */

static void test_users(void)
{
	struct writer w;

	begin();
	for (unsigned h = 0; h < BOUNDS_NS; h++) {
		w = writer_in(&commons.scratch);
		line(&w, "host/n%04u.bor.\nowner: borealia", h);
		write_text(&w, "users:");
		for (unsigned i = 0; i < 24000; i++) {
			char label[64];

			snprintf(label, sizeof(label), " b-a-name-of-many-octets-%05u", i);
			write_text(&w, label);
		}
		line(&w, "\nact: genesis\n+ n%04u.bor. 1 IN A 192.0.2.%u", h, h);
		state_put(&state, writer_bytes(&w));
	}
	state_commit(&state);
	ok(delegates("aurelia", "aur", name_servers("aur", BOUNDS_NS, "bor")),
	   "name servers that 24,000 others use: 32 of them, in the memory of one act");
	ok(delegates("aurelia", "aur", name_servers("aur", 2, "bor")), "and away from them again");
	end();
}

int main(void)
{
	test_sets();
	test_users();
	return done_testing();
}
