/* SPDX-License-Identifier: Apache-2.0 */
/* Records that hold, and what is wrong with others. That every record of a federation holds is
 * tested where there is one: prog/sim/. */
#include "state/form.h"

#include <string.h>

#include "act/act.h"
#include "tap.h"

#define D64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define T1  "2026-11-22T13:00:00Z"

static uint8_t memory[ACT_SCRATCH_SIZE] __attribute__((aligned(16)));

static bool holds(const char *record)
{
	struct arena scratch = {memory, sizeof(memory), 0};

	return record_form_holds(bytes_of(record), scratch);
}

static const char *const GOOD[] = {
	"tld/aur\nholder: aurelia\nact: " D64 "\n+ aur. 172800 IN NS a.nic.aur.\n",
	"tld/aur\nholder: aurelia\nact: genesis\n",
	"tld/aur\ngone: " D64 "\n",
	"host/a.nic.aur.\nowner: aurelia\nusers: aur bor\nact: genesis\n",
	"host/a.nic.aur.\nowner: aurelia\nusers: none\nact: genesis\n",
	"zone/current\nserial: 2026112200\nzone: " D64 "\n",
	"timer/" T1 "/proposal/" D64 "\n",
	"vote/" D64 "/aurelia\nvote: abstain\nact: " D64 "\n",
	"was/tld/aur\nabsent: yes\n",
	"was/tld/aur\n| tld/aur\n| holder: aurelia\n",
	"rule/delegate.grant\nsince: 1\nfrom: " T1 "\n",
	"attestation/" D64 "/bor\nat: " T1 "\nvantage: as1\nfailed: N3 N12 D4\nunable: none\nseen: 1 " D64 "\nact: " D64 "\n",
	"checking/" D64 "\ntld: aur\nrun: failed\nsince: " T1 "\nuntil: " T1 "\nneeds: D1 D2\nquorum: 3\nheld: none\nfailed: D1\n",
	"register/iso3166\nversion: 1\nsince: " T1 "\nact: " D64 "\n| comity-register/1\n",
	"recognition/iso3166/aurelia\nstatus: removed\ncode: xa\nsince: " T1 "\n",
	"inactive/aurelia\nstatus: warned\nfrom: " T1 "\nmissed: " T1 " signer-duties 1\nmissed: " T1 " signer-duties 2\n",
	"suspension/aurelia\nexpires: " T1 "\nact: " D64 "\n",
	"proxy/aurelia\nproxy: borealia\nact: " D64 "\n",
	"freeze/aur\nholder: aurelia\nuntil: " T1 "\nratified: open\ncharter: 1\nact: " D64 "\n",
	("session/3/0\nopened: " T1 "\ngrace: " T1
	 "\nmember: aurelia 0123456789abcdef0123456789abcdef 0 100 " D64 "\n"),
	"answered/3/0/aurelia\nshares: none\nmissing: borealia cascadia\n",
	("apex\napex: .\nsoa: a.root-servers. hostmaster.root-servers. 1800 900 1202400 86400\n"
	 "ttl: 86400 518400 172800 518400\nsignatures: 21d 14d\nsigning: 2s 20m 1h\nact: genesis\n"),
};

static const char *const BAD[] = {
	"",
	"\n",
	"tld/aur",
	"tld\nholder: aurelia\nact: genesis\n",
	"tld/\nholder: aurelia\nact: genesis\n",
	"tld/aur/x\nholder: aurelia\nact: genesis\n",
	"tld/AUR\nholder: aurelia\nact: genesis\n",
	"tld/aur\nholder: aurelia\n",
	"tld/aur\nact: genesis\nholder: aurelia\n",
	"tld/aur\nholder: aurelia borealia\nact: genesis\n",
	"tld/aur\nholder: aurelia \nact: genesis\n",
	"tld/aur\nholder: aurelia\nact: none\n",
	"tld/aur\nholder: aurelia\nact: genesis\n+ aur. 172800 IN NS a.nic.aur\n",
	"tld/aur\nholder: aurelia\nact: genesis\n| a line\n",
	"tld/aur\nholder: aurelia\nact: genesis\nmore: lines\n",
	"tld/aur\nholder: aurelia\nact: genesis",
	"custody\ngone: " D64 "\n",
	"custody/x\nksk: 0\n",
	"nothing\n",
	"nothing/aur\nact: genesis\n",
	"vote/" D64 "\nvote: yes\nact: genesis\n",
	"vote/" D64 "/aurelia\nvote: maybe\nact: genesis\n",
	"release/x\n",
	"job/1\nkind: zone\nopened: " T1 "\nserial: 1\ninception: 1\nitems: 1\ndigest: " D64
	"\nsessions: 0\n",
	"apex\napex: .\nsoa: x\nttl: 1\nsignatures: 1\nsigning: 1\nact: genesis\n",
	"apex/x\n",
	"rule/delegate.grant\nsince: 1\n",
	"freeze/aur\nholder: aurelia\nuntil: " T1 "\nratified: perhaps\ncharter: 1\nact: " D64 "\n",
};

/* More members than there is room for would be read past the end. */
static void too_many(void)
{
	static char record[65536];
	size_t used = (size_t)snprintf(record, sizeof(record),
	                               "group/zsk/1\nthreshold: 5\nkey: " D64 "\ntag: 1\nsince: " T1 "\n");

	for (unsigned i = 0; i < 64; i++)
		used += (size_t)snprintf(record + used, sizeof(record) - used,
		                         "member: party-%u %u " D64 "\n", i, i + 1);
	ok(holds(record), "a group of 64 members");
	snprintf(record + used, sizeof(record) - used, "member: party-64 65 " D64 "\n");
	ok(!holds(record), "not one of 65");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++)
		ok(holds(GOOD[i]), "a record that holds");
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		if (!ok(!holds(BAD[i]), "a record that does not hold"))
			printf("# %s\n", BAD[i]);
	ok(record_form_known(BYTES("tld/aur")) && !record_form_known(BYTES("tlds/aur")),
	   "which kinds there are");
	too_many();
	return done_testing();
}
