/* SPDX-License-Identifier: Apache-2.0 */
/* What one party could stop all the others with, and is refused (comity-act(5), BOUNDS). */
#include <stdarg.h>
#include <stdio.h>

#include "commons/bounds.h"
#include "commons/concern.h"
#include "commons/proposal.h"
#include "tap.h"

#include "bare.h"

#define NONE BYTES("none")

#define CHARTER                                                                                    \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\nchamber states of kind state\n"     \
	"signers states\n\narticle 1\nen A\n"                                                      \
	"rule delegate.update holder\nrule delegate.drop-ds holder\n"                              \
	"rule delegate.transfer holder & recipient\nrule delegate.withdraw holder\n"               \
	"rule party.withdraw holder\nrule waiver.grant states > 1/2, vote 4d\n"                    \
	"rule host.update holder\nrule server.update holder\n"                                     \
	"rule party.admit states > 1/2, vote 14d\nrule charter.amend states > 2/3\n"

static struct refusal refusal;

/* aur is aurelia's, bor borealia's; both use two name servers below bor. */
static void begin(void)
{
	static const char *const RECORDS[] = {
		"tld/aur\nholder: aurelia\nact: genesis\n+ aur. 1 IN NS a.bor.\n+ aur. 1 IN NS b.bor.\n",
		"tld/bor\nholder: borealia\nact: genesis\n+ bor. 1 IN NS a.bor.\n+ bor. 1 IN NS b.bor.\n",
		"host/a.bor.\nowner: borealia\nusers: aur bor\nact: genesis\n+ a.bor. 1 IN A 192.0.2.1\n",
		"host/b.bor.\nowner: borealia\nusers: aur bor\nact: genesis\n+ b.bor. 1 IN A 192.0.2.2\n",
		"waiver/aur/ns-count\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n",
		"waiver/aur/ipv6\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n",
		"waiver/bor/ipv6\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n",
		"waiver/bor/referral-size\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n",
	};

	bare_begin();
	bare_join("aurelia", "state");
	bare_join("borealia", "state");
	bare_join("cascadia", "state");
	bare_charter(BYTES(CHARTER));
	for (unsigned i = 0; i < sizeof(RECORDS) / sizeof(RECORDS[0]); i++)
		bare_put(RECORDS[i]);
	bare_founded();
}

/* Whether the act enters; commons.scratch.used then says how much memory it took. */
static bool enters(enum act_kind kind, const char *by, struct bytes first, struct bytes second, struct bytes third,
                   struct bytes records)
{
	struct act act = {.kind = kind, .field = {first, second, third}, .records = records};
	char id[64];

	return bare_say(&act, bytes_of(by), id, &refusal);
}

static bool delegates(const char *by, const char *label, struct bytes records)
{
	return enters(ACT_DELEGATE, by, bytes_of(label), bare_slot_of("tld", bytes_of(label), BYTES("")), BYTES(""),
	              records);
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
	return bare_made(&w);
}

static struct bytes signers(unsigned count, unsigned digest)
{
	struct writer w = writer_in(&room);

	line(&w, "+ bor. 1 IN NS a.bor.");
	line(&w, "+ bor. 1 IN NS b.bor.");
	for (unsigned i = 0; i < count; i++)
		line(&w, "+ bor. 1 IN DS %u 13 9 %0*x", i, (int)(2 * digest), i);
	return bare_made(&w);
}

static struct bytes addresses(const char *name, unsigned a, unsigned aaaa)
{
	struct writer w = writer_in(&room);

	for (unsigned i = 0; i < a; i++)
		line(&w, "+ %s 1 IN A 192.0.%u.%u", name, i / 256, i % 256);
	for (unsigned i = 0; i < aaaa; i++)
		line(&w, "+ %s 1 IN AAAA 2001:db8::%x", name, i + 1);
	return bare_made(&w);
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
	ok(enters(ACT_HOST, "borealia", BYTES("n0000.bor."), bare_slot(BYTES("host/n0000.bor.")), BYTES(""),
	          addresses("n0000.bor.", BOUNDS_ADDRESSES, BOUNDS_ADDRESSES)), "as many addresses of a host");
	ok(too_many(enters(ACT_HOST, "borealia", BYTES("n0000.bor."), bare_slot(BYTES("host/n0000.bor.")), BYTES(""),
	                   addresses("n0000.bor.", BOUNDS_ADDRESSES + 1, 0))), "one more A is refused");
	ok(too_many(enters(ACT_SERVER, "cascadia", BYTES("a.x."), BYTES("active"), NONE, addresses("a.x.", 1200, 0))),
	   "a root server of 1,200 addresses is refused");
	ok(too_many(enters(ACT_SERVER, "cascadia", BYTES("a.x."), BYTES("active"), NONE,
	                   addresses("a.x.", 1, BOUNDS_ADDRESSES + 1))), "and one of too many AAAA");
}

/* ---- hosts that nobody uses ---- */

static bool keeps(unsigned number, bool with)
{
	char name[40], key[60];

	snprintf(name, sizeof(name), "i%04u.aur.", number);
	snprintf(key, sizeof(key), "host/%s", name);
	return enters(ACT_HOST, "aurelia", bytes_of(name), bare_slot(bytes_of(key)), BYTES(""), addresses(name, with, 0));
}

static void test_idle_hosts(void)
{
	struct signed_act transfer = {.act = {.kind = ACT_TRANSFER, .by = BYTES("aurelia"), .field = {BYTES("aur"), BYTES("cascadia")}}};
	struct concern concern;
	unsigned entered = 0;

	begin();
	for (unsigned i = 0; i < BOUNDS_HOSTS_IDLE; i++)
		entered += keeps(i, true);
	ok(entered == BOUNDS_HOSTS_IDLE, "as many hosts that nobody uses");
	ok(!keeps(entered, true) && refusal.reason == REASON_HOSTS, "one more is refused");
	ok(!keeps(entered, false) && refusal.reason == REASON_RECORDS, "what never was leaves nothing behind");
	ok(keeps(0, false) && keeps(entered, true), "one that goes makes room");
	for (unsigned i = 0; i < 20000; i++) {
		struct writer w = writer_in(&commons.scratch);

		line(&w, "host/j%05u.aur.\nowner: aurelia\nusers: bor\nact: genesis", i);
		state_put(&state, writer_bytes(&w));
	}
	commons.scratch.used = 0;
	concern_find(&commons, &transfer, &commons.scratch, &concern);
	ok(commons.scratch.used < 1000 && (concern_of(&commons, &concern, BYTES("borealia")) & PART_INTERESTED) != 0 &&
	           (concern_of(&commons, &concern, BYTES("cascadia")) & PART_INTERESTED) == 0,
	   "of 20,000 hosts that a transfer is about, no more is kept than who is interested");
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

			snprintf(label, sizeof(label), " b-many-octets-%05u", i);
			write_text(&w, label);
		}
		line(&w, "\nact: genesis\n+ n%04u.bor. 1 IN A 192.0.2.%u", h, h);
		state_put(&state, writer_bytes(&w));
	}
	state_commit(&state);
	ok(delegates("aurelia", "aur", name_servers("aur", BOUNDS_NS, "bor")),
	   "name servers that 24,000 others use: 32 of them, in the memory of one act");
	state_commit(&state);
	ok(delegates("aurelia", "aur", name_servers("aur", 2, "bor")), "and away from them again");
}

/* ---- root servers ---- */

static bool serves(const char *by, unsigned number)
{
	char name[40];

	snprintf(name, sizeof(name), "%c%c.x.", 'a' + number / 26, 'a' + number % 26);
	return enters(ACT_SERVER, by, bytes_of(name), BYTES("active"), bare_slot_of("server", bytes_of(name), BYTES("")),
	              addresses(name, BOUNDS_ADDRESSES, BOUNDS_ADDRESSES));
}

static void test_servers(void)
{
	unsigned entered = 0;

	begin();
	for (unsigned i = 0; i < BOUNDS_PARTY_SERVERS; i++)
		entered += serves("aurelia", i);
	ok(entered == BOUNDS_PARTY_SERVERS, "as many root servers of one party");
	ok(!serves("aurelia", entered) && refusal.reason == REASON_SERVERS, "one more is refused");
	ok(serves("aurelia", 0), "one that it has may change");
	for (unsigned i = entered; i < BOUNDS_SERVERS; i++) {
		struct writer w = writer_in(&room);

		line(&w, "server/z%02u.x.\nowner: p%02u\nact: genesis\n+ z%02u.x. 1 IN A 192.0.2.%u", i, i / 8, i, i);
		state_put(&state, writer_bytes(&w));
	}
	ok(!serves("cascadia", entered) && refusal.reason == REASON_SERVERS, "nobody has one more than there may be");
	ok(enters(ACT_SERVER, "aurelia", BYTES("aa.x."), BYTES("retired"), bare_slot(BYTES("server/aa.x.")), BYTES("")) &&
	           serves("cascadia", entered), "one that is retired makes room");
}

/* ---- who asks to be a party ---- */

static bool applies(const char *name, unsigned keys)
{
	static const char *const OWN[] = {"act", "cosign", "duty", "custody"};
	struct act act = {.kind = ACT_ACCEDE, .field = {BYTES("state"), BYTES("1"), NONE}};
	struct writer w = {.at = arena_take(&room, 2000), .size = 2000};
	char id[64];

	for (unsigned i = 0; i < 4; i++)
		write_bytes(&w, bare_key(name, OWN[i], keys + i));
	act.field[3] = writer_bytes(&w);
	return bare_say(&act, bytes_of(name), id, &refusal);
}

static unsigned open_proposals(void)
{
	struct proposal p;
	unsigned open = 0;

	for (size_t index = 0; proposal_next(&state, &index, &p);)
		open += p.status == PROPOSAL_OPEN;
	return open;
}

static void test_applicants(void)
{
	unsigned entered = 0;
	char name[40];

	begin();
	ok(applies("outsider", 1), "somebody asks to be a party");
	ok(!applies("outsider", 5) && refusal.reason == REASON_APPLIES, "who asks again, with other keys, is refused");
	for (unsigned i = 1; i < PROPOSALS_ACCEDE_MAX; i++) {
		snprintf(name, sizeof(name), "outsider-%u", i);
		entered += applies(name, 1);
	}
	ok(entered == PROPOSALS_ACCEDE_MAX - 1, "as many as may");
	ok(!applies("one-more", 1) && refusal.reason == REASON_APPLICATIONS, "one more is refused");
	ok(enters(ACT_PROXY, "aurelia", BYTES("borealia"), NONE, BYTES(""), BYTES("")) &&
	           open_proposals() == PROPOSALS_ACCEDE_MAX, "a proxy: each is looked at once, and stays");
	bare_wait(15 * BARE_DAY);
	ok(open_proposals() == 0 && applies("one-more", 1) && applies("outsider", 5), "when they have ended, others may ask");
}

int main(void)
{
	test_sets();
	test_servers();
	test_applicants();
	test_idle_hosts();
	test_users();
	return done_testing();
}
