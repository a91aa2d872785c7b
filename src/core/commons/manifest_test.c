/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest as comity-import(5) wants it, and each thing that is refused, with the line and
 * why. */
#include "commons/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "commons/apply.h"
#include "commons/standing.h"
#include "tap.h"

#define MEMORY ((size_t)4 << 20)

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define HEAD  "comity-import/1\napex: .\nsource: " ZEROS "\n"
#define HOST                                                                                   \
	"\nhost/ns.bb.\nowner: borealia\nusers: aa bb\nact: genesis\n"                         \
	"+ ns.bb. 172800 IN A 192.0.2.1\n+ ns.bb. 172800 IN AAAA 2001:db8::1\n"
#define AA                                                                                     \
	"\ntld/aa\nholder: aurelia\nact: genesis\n"                                            \
	"+ aa. 172800 IN NS ns.aa.\n+ aa. 172800 IN NS ns.bb.\n+ aa. 86400 IN DS 1 13 "        \
	"2 " ZEROS "\n+ ns.aa. 172800 IN A 192.0.2.2\n"
#define BB                                                                                     \
	"\ntld/bb\nholder: borealia\nact: genesis\n"                                           \
	"+ bb. 172800 IN NS ns.bb.\n"
#define WAIVER "\nwaiver/bb/ns-count\nexpires: 2027-11-22T00:00:00Z\nact: genesis\n"

static struct state state;
static struct commons commons;

/* A state of two parties and an apex, and nothing else. */
static void begin(void)
{
	static const char *const NAMES[] = {"aurelia", "borealia"};
	static struct arena memory, scratch;
	struct text lines = {.rest = BYTES("apex: .\nsoa: a. b. 1 1 1 1\nttl: 1 1 1 1\n"
	                                   "signatures: 21d 14d\nsigning: 2s 20m 1h\n")};
	const char *why;
	struct apex apex;

	if (memory.at == NULL) {
		memory = tap_memory(MEMORY);
		scratch = tap_memory(COMMONS_SCRATCH_SIZE);
	}
	memset(memory.at, 0, memory.size);
	state_init(&state, memory.at, memory.size);
	commons_init(&commons, &state, &(struct commons_memory){.scratch = scratch});
	commons.now.seconds = 1795352400;
	for (unsigned i = 0; i < 2; i++) {
		struct party party = {bytes_of(NAMES[i]), BYTES("state"), 1, BYTES(""),
		                      BYTES("genesis")};
		party_put(&state, &commons.scratch, &party);
	}
	if (!apex_read(&lines, &apex, &why))
		bail_out(why);
	standing_put_apex(&commons, &apex, BYTES("genesis"));
}

static void accepted(const char *what, const char *manifest)
{
	struct refusal refusal = {0};

	begin();
	if (!ok(manifest_put(&commons, bytes_of(manifest), &refusal), what))
		printf("# %s: %.*s\n", reason_word(refusal.reason), (int)refusal.detail[0].size,
		       (const char *)refusal.detail[0].at);
}

static void refused(const char *what, const char *manifest, enum reason reason,
                    const char *detail)
{
	struct refusal refusal = {0};

	begin();
	if (!ok(!manifest_put(&commons, bytes_of(manifest), &refusal) &&
	                refusal.reason == reason &&
	                bytes_same(refusal.detail[0], bytes_of(detail)),
	        what))
		printf("# %s: %.*s\n",
		       refusal.reason == REASON_NONE ? "accepted" : reason_word(refusal.reason),
		       (int)refusal.detail[0].size, (const char *)refusal.detail[0].at);
}

static void broken(const char *what, const char *manifest, const char *detail)
{
	refused(what, manifest, REASON_DERIVES, detail);
}

static void as_it_should_be(void)
{
	struct holding holding;
	struct host host;

	accepted("a host, two TLDs, a waiver", HEAD HOST AA BB WAIVER);
	ok(holding_get(&state, BYTES("aa"), &holding) &&
	           bytes_same(holding.holder, BYTES("aurelia")) &&
	           host_get(&state, BYTES("ns.bb."), &host) && host_user_count(&host) == 2 &&
	           waiver_stands(&state, BYTES("bb"), BYTES("ns-count"), commons.now),
	   "stand as they were written");
	accepted("nothing", HEAD);
	accepted("a TLD that is held and not delegated",
	         HEAD "\ntld/aa\nholder: aurelia\nact: genesis\n");
}

static void broken_lines(void)
{
	broken("another head", "comity-import/2\n",
	       "line 1: a manifest begins with \"comity-import/1\"");
	broken("another apex", "comity-import/1\napex: lab.\n",
	       "line 2: the apex of the genesis");
	broken("no source", "comity-import/1\napex: .\nsource: 00\n",
	       "line 3: SHA-256 of the zone that was read");
	broken("no empty line", HEAD "tld/aa\n",
	       "line 4: records are separated by empty lines");
	broken("nothing behind an empty line", HEAD "\n",
	       "line 4: no record behind an empty line");
	broken("two empty lines", HEAD "\n\n",
	       "line 5: not the key of a host, a TLD or a waiver");
	broken("a record of another kind", HEAD "\nparty/eve\n",
	       "line 5: not the key of a host, a TLD or a waiver");
	broken("records out of order", HEAD BB AA,
	       "line 10: records not sorted by key, or one twice");
	broken("a record twice", HEAD BB BB,
	       "line 10: records not sorted by key, or one twice");
	broken("a holder that is no founder", HEAD "\ntld/aa\nholder: cascadia\nact: genesis\n",
	       "line 6: not a founder");
	broken("a holder that is no name, and longer than any key",
	       HEAD "\ntld/aa\nholder: " ZEROS ZEROS ZEROS ZEROS ZEROS ZEROS ZEROS "\nact: genesis\n",
	       "line 6: not a founder");
	broken("a label in capitals", HEAD "\ntld/AA\nholder: aurelia\nact: genesis\n",
	       "line 5: not a label");
	broken("two labels", HEAD "\ntld/a.a\nholder: aurelia\nact: genesis\n",
	       "line 5: not a label");
	broken("by another act", HEAD "\ntld/aa\nholder: aurelia\nact: " ZEROS "\n",
	       "line 7: act: genesis");
	broken("users out of order",
	       HEAD "\nhost/ns.bb.\nowner: borealia\nusers: bb aa\nact: genesis\n",
	       "line 7: users: labels, sorted");
	broken("records out of order in one",
	       HEAD "\ntld/aa\nholder: aurelia\nact: genesis\n"
	            "+ aa. 1 IN NS ns.bb.\n+ aa. 1 IN NS ns.aa.\n",
	       "line 9: records not in canonical order, one twice, or two TTLs in one set");
	broken("an address in another form",
	       HEAD "\ntld/aa\nholder: aurelia\nact: genesis\n+ ns.aa. 1 IN AAAA 0::1\n",
	       "line 8: not the one form of this record");
	broken("records of a waiver", HEAD WAIVER "+ bb. 1 IN NS ns.bb.\n",
	       "line 8: records are separated by empty lines");
	broken("a rule that there is not",
	       HEAD "\nwaiver/bb/size\nexpires: 2027-11-22T00:00:00Z\nact: genesis\n",
	       "line 5: not waiver/label/rule");
	broken("a waiver of what is no label",
	       HEAD "\nwaiver/b b/ipv6\nexpires: 2027-11-22T00:00:00Z\nact: genesis\n",
	       "line 5: not waiver/label/rule");
	broken("a waiver of no label",
	       HEAD "\nwaiver//ipv6\nexpires: 2027-11-22T00:00:00Z\nact: genesis\n",
	       "line 5: not waiver/label/rule");
	broken("a waiver until no time", HEAD "\nwaiver/bb/ipv6\nexpires: soon\nact: genesis\n",
	       "line 6: expires: a time");
}

#define TLD(lines) HEAD "\ntld/aa\nholder: aurelia\nact: genesis\n" lines

static void broken_links(void)
{
	static const char BELONGS[] = "aa: a record that does not belong to the TLD";

	broken("a delegation of another name", TLD("+ bb. 1 IN NS ns.aa.\n"), BELONGS);
	broken("a delegation below the TLD",
	       TLD("+ aa. 1 IN NS ns.aa.\n+ nic.aa. 1 IN NS ns.aa.\n"
	           "+ ns.aa. 1 IN A 192.0.2.1\n"),
	       BELONGS);
	broken("a DS below the TLD",
	       TLD("+ aa. 1 IN NS ns.aa.\n+ nic.aa. 1 IN DS 1 13 2 " ZEROS
	           "\n+ ns.aa. 1 IN A 192.0.2.1\n"),
	       BELONGS);
	broken("an address elsewhere",
	       TLD("+ aa. 1 IN NS ns.aa.\n+ ns.aa. 1 IN A 192.0.2.1\n"
	           "+ ns.bb. 1 IN A 192.0.2.1\n"),
	       BELONGS);
	broken("a DS of what is not delegated", TLD("+ aa. 1 IN DS 1 13 2 " ZEROS "\n"),
	       "aa: a DS without a name server");
	broken("a name server without addresses", TLD("+ aa. 1 IN NS ns.aa.\n"),
	       "aa: a name server without host record, and without addresses of its own");
	broken("a name server of another TLD that is no host", TLD("+ aa. 1 IN NS ns.bb.\n"),
	       "aa: a name server without host record, and without addresses of its own");
	broken("addresses of no name server",
	       TLD("+ aa. 1 IN NS ns.aa.\n+ ns.aa. 1 IN A 192.0.2.1\n"
	           "+ www.aa. 1 IN A 192.0.2.1\n"),
	       "aa: addresses of what is no name server of its own");
	broken("a user that the host does not name",
	       HEAD "\nhost/ns.bb.\nowner: borealia\nusers: bb\nact: genesis\n" AA BB,
	       "aa: uses a host that does not name it among its users");
	broken("a user that does not use it",
	       HEAD "\nhost/ns.bb.\nowner: borealia\nusers: aa bb cc\nact: genesis\n" AA BB,
	       "ns.bb.: users that do not use it");
	broken("a host below what is not delegated",
	       HEAD "\nhost/ns.cc.\nowner: borealia\nusers: aa\nact: genesis\n"
	            "\ntld/aa\nholder: aurelia\nact: genesis\n+ aa. 1 IN NS ns.cc.\n",
	       "ns.cc.: a host below a TLD that is not delegated");
	refused("a rule that is neither met nor waived", HEAD HOST AA BB, REASON_NS_COUNT,
	        "bb");
}

int main(void)
{
	as_it_should_be();
	broken_lines();
	broken_links();
	return done_testing();
}
