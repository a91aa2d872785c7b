/* SPDX-License-Identifier: Apache-2.0 */
/* Who is holder, recipient, concerned and interested in an act, as comity-charter(7) says. */
#include "commons/concern.h"

#include "tap.h"
#include "bare.h"
#include "law.h"

/* aur is aurelia's and uses a host of borealia's; bor is borealia's; cascadia has nothing. */
static void begin(void)
{
	bare_begin();
	bare_join("aurelia", "state");
	bare_join("borealia", "state");
	bare_join("cascadia", "state");
	bare_put("host/ns.bor.\nowner: borealia\nusers: aur bor\nact: genesis\n+ ns.bor. 172800 IN A 192.0.2.1\n");
	bare_put("tld/aur\nholder: aurelia\nact: genesis\n+ aur. 172800 IN NS ns.bor.\n");
	bare_put("tld/bor\nholder: borealia\nact: genesis\n+ bor. 172800 IN NS ns.bor.\n");
}

static struct signed_act act_of(enum act_kind kind, const char *by, const char *first,
                                const char *second, const char *records)
{
	return (struct signed_act){.act = {.kind = kind,
	                                   .by = bytes_of(by),
	                                   .field = {bytes_of(first), bytes_of(second)},
	                                   .records = bytes_of(records)}};
}

static bool parts_are(const struct signed_act *act, unsigned aurelia, unsigned borealia,
                      unsigned cascadia)
{
	struct concern concern;
	unsigned a, b, c;

	concern_find(&commons, act, &commons.scratch, &concern);
	a = concern_of(&commons, &concern, BYTES("aurelia"));
	b = concern_of(&commons, &concern, BYTES("borealia"));
	c = concern_of(&commons, &concern, BYTES("cascadia"));

	if (a == aurelia && b == borealia && c == cascadia)
		return true;
	printf("# %u %u %u\n", a, b, c);
	return false;
}

int main(void)
{
	struct signed_act act;

	begin();
	act = act_of(ACT_TRANSFER, "aurelia", "aur", "cascadia", "");
	ok(law("holder, recipient: the old and the new.++ concerned: both.++") &&
	           parts_are(&act, PART_HOLDER | PART_CONCERNED | PART_PROPOSER, 0,
	                     PART_RECIPIENT | PART_CONCERNED),
	   "a transfer concerns both sides");
	act = act_of(ACT_TRANSFER, "borealia", "bor", "cascadia", "");
	ok(law("interested: the holders of other names that use a host under it.") &&
	           parts_are(&act, PART_INTERESTED, PART_HOLDER | PART_CONCERNED | PART_PROPOSER,
	                     PART_RECIPIENT | PART_CONCERNED),
	   "and interests who holds another name that uses a host under it");
	act = act_of(ACT_DELEGATE, "cascadia", "cas", "none",
	             "+ cas. 172800 IN NS ns.bor.\n+ cas. 172800 IN NS ns.cas.\n"
	             "+ cas. 172800 IN NS ns.elsewhere.\n+ ns.cas. 172800 IN A 192.0.2.2\n");
	ok(law("interested: the owners of the hosts it uses.") &&
	           parts_are(&act, 0, PART_INTERESTED, PART_PROPOSER),
	   "a first delegation interests the owners of the hosts it uses");
	act = act_of(ACT_DELEGATE, "aurelia", "aur", "none", "+ aur. 172800 IN NS ns.bor.\n");
	ok(law("where nothing stands, nobody is.") &&
	           parts_are(&act, PART_HOLDER | PART_PROPOSER, 0, 0),
	   "a further one is its holder's, and concerns nobody");
	act = act_of(ACT_GRANT, "aurelia", "cas", "cascadia", "");
	ok(parts_are(&act, PART_PROPOSER, 0, PART_RECIPIENT), "a grant has a recipient");
	act = act_of(ACT_HOST, "borealia", "ns.bor.", "none",
	             "+ ns.bor. 172800 IN A 192.0.2.3\n");
	ok(parts_are(&act, PART_INTERESTED,
	             PART_HOLDER | PART_PROPOSER | PART_INTERESTED, 0),
	   "a host has an owner, and those whose names use it");
	act = act_of(ACT_WAIVE, "cascadia", "aur", "ipv6", "");
	ok(parts_are(&act, PART_HOLDER | PART_CONCERNED, 0, PART_PROPOSER),
	   "a waiver concerns the holder");
	act = act_of(ACT_FREEZE, "cascadia", "aur", "none", "");
	ok(law("emergency.freeze A name is frozen: its changes are held back.++ holder, concerned: the party that holds "
	       "the name.") &&
	           parts_are(&act, PART_HOLDER | PART_CONCERNED, 0, PART_PROPOSER),
	   "so does a freeze");
	act = act_of(ACT_WITHDRAW, "borealia", "party/borealia", "none", "");
	ok(law("interested: the holders of the names that use its hosts.") &&
	           parts_are(&act, PART_INTERESTED, PART_HOLDER | PART_PROPOSER | PART_INTERESTED, 0),
	   "who leaves interests those whose names use its hosts");
	return done_testing();
}
