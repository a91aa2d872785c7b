/* SPDX-License-Identifier: Apache-2.0 */
/* Two versions of a charter: which rules are the same, and what it takes to get there. */
#include "charter/amend.h"

#include <string.h>

#include "tap.h"

#include "law.h"

static uint8_t memory[2][CHARTER_MEMORY] __attribute__((aligned(16)));
static char texts[2][CHARTER_SIZE_MAX + 1];

static const char BASE[] =
	"comity-charter/1\n"
	"version 1\n"
	"languages en zh, equally authentic\n"
	"title en Base\n"
	"title zh 基础\n"
	"chamber states of kind state\n"
	"chamber others of kind operator\n"
	"list friends {aurelia, borealia}\n"
	"list guards {delmare, estuary}\n"
	"list judges {cascadia}\n"
	"weight aurelia 5\n"
	"weight borealia 2\n"
	"signers states\n"
	"\n"
	"article 1 entrenched\n"
	"en Our own\n"
	"zh 自己的\n"
	"rule delegate.update holder\n"
	"rule delegate.drop-ds holder\n"
	"rule party.withdraw holder\n"
	"rule charter.entrench all\n"
	"rule delegate.revoke states > 2/3 & 1 of friends, ratify 3d by 1 of judges\n"
	"\n"
	"article 2\n"
	"en In common\n"
	"zh 共有的\n"
	"rule delegate.grant states > 1/2 by weight & 1 of {aurelia, borealia}\n"
	"rule party.admit others > 1/2, objection 3d by friends\n"
	"rule charter.amend states >= 3/4, expedited 1d by 2 of guards\n"
	"arbitration answer 20d\n"
	"arbitration award 40d\n";

/* Charter `which` (0 or 1): the base with `old` put as `new` where it stands first. */
static struct charter version(unsigned which, const char *old, const char *new)
{
	struct arena arena = {memory[which], CHARTER_MEMORY, 0};
	const char *at = strstr(BASE, old);
	struct charter charter;
	struct charter_fault fault;

	if (at == NULL)
		bail_out(old);
	snprintf(texts[which], sizeof(texts[which]), "%.*s%s%s", (int)(at - BASE), BASE, new,
	         at + strlen(old));
	if (charter_read(bytes_of(texts[which]), &arena, &charter, &fault) != OK)
		bail_out(fault.at.why);
	return charter;
}

static bool same(const struct charter *a, const struct charter *b, const char *name)
{
	return charter_rule_same(a, charter_rule(a, bytes_of(name)), b,
	                         charter_rule(b, bytes_of(name)));
}

struct change {
	const char *old, *new;
	const char *differ; /* rules that are no longer the same; blanks around each */
	const char *takes;  /* the rule that governs the amendment */
};

static const struct change CHANGES[] = {
	{"version 1", "version 2", " ", "charter.amend"},
	{"title en Base", "title en Other", " ", "charter.amend"},
	{"In common", "Together", " ", "charter.amend"},
	{"signers states", "signers all", " ", "charter.amend"},
	{"> 1/2 by weight", "> 2/3 by weight", " delegate.grant ", "charter.amend"},
	{"weight borealia 2", "weight borealia 9", " delegate.grant ", "charter.amend"},
	{"1 of {aurelia, borealia}", "1 of {aurelia, cascadia}", " delegate.grant ",
         "charter.amend"},
	{"of kind operator", "of kind operator, user", " party.admit ", "charter.amend"},
	{"by friends", "by others", " party.admit ", "charter.amend"},
	{"rule party.admit others > 1/2, objection 3d by friends\n", "", " party.admit ",
         "charter.amend"},
	{"guards {delmare, estuary}", "guards {delmare, gaul}", " charter.amend ",
         "charter.amend"},
	{">= 3/4", "> 1/2", " charter.amend ", "charter.amend"},
	{"answer 20d", "answer 21d", " ", "charter.amend"},
	{"answer 20d", "answer 1m", " ", "charter.amend"},
	{"arbitration award 40d\n", "", " ", "charter.amend"},
	{"arbitration award 40d\n", "arbitration award 40d\nbatches 5 changes a day\n", " ", "charter.amend"},
	{"rule party.admit others > 1/2, objection 3d by friends\n",
	 "rule party.admit others > 1/2, objection 3d by friends\nrule delegate.retire states > 1/2\n",
	 " delegate.retire ", "charter.entrench"},
	{"rule party.admit others > 1/2, objection 3d by friends\n",
	 "rule party.admit others > 1/2, objection 3d by friends\nrule party.rekey states > 1/2\n",
	 " party.rekey ", "charter.entrench"},
	{"rule party.admit others > 1/2, objection 3d by friends\n",
	 "rule party.admit others > 1/2, objection 3d by friends\nrule emergency.freeze states > 1/2\n",
	 " emergency.freeze ", "charter.amend"},
	{"chamber states of kind state", "chamber states of kind state, city",
         " delegate.revoke delegate.grant charter.amend ", "charter.entrench"},
	{"friends {aurelia, borealia}", "friends {aurelia, delmare}",
         " delegate.revoke party.admit ", "charter.entrench"},
	{"judges {cascadia}", "judges {cascadia, delmare}", " delegate.revoke ",
         "charter.entrench"},
	{"Our own", "Ours", " ", "charter.entrench"},
	{"zh 自己的", "zh 己方的", " ", "charter.entrench"},
	{"rule delegate.drop-ds holder", "rule delegate.drop-ds proposer", " delegate.drop-ds ",
         "charter.entrench"},
	{"ratify 3d by 1 of judges", "ratify 3d by proposer", " delegate.revoke ",
         "charter.entrench"},
	{"rule charter.entrench all", "rule charter.entrench states > 1/2",
         " charter.entrench ", "charter.entrench"},
	{"article 1 entrenched", "article 1", " charter.entrench ", "charter.entrench"},
	{"article 2", "article 2 entrenched", " ", "charter.entrench"},
	{", equally authentic", ", en prevails", " ", "charter.entrench"},
	{"signers states\n", "signers states\ninactive after 3 missed duties in 90d\n", " ", "charter.entrench"},
};

/* An article freed of its entrenchment cannot keep charter.entrench: it goes too. */
static struct charter to_version(const struct change *change)
{
	static char old[400], new[400];

	if (strcmp(change->new, "article 1") != 0)
		return version(1, change->old, change->new);
	snprintf(old, sizeof(old),
	         "article 1 entrenched\nen Our own\nzh 自己的\n"
	         "rule delegate.update holder\nrule delegate.drop-ds holder\n"
	         "rule party.withdraw holder\nrule charter.entrench all\n");
	snprintf(new, sizeof(new),
	         "article 1\nen Our own\nzh 自己的\n"
	         "rule delegate.update holder\nrule delegate.drop-ds holder\n"
	         "rule party.withdraw holder\n");
	return version(1, old, new);
}

static void changes(void)
{
	struct charter from = version(0, "version 1", "version 1");

	for (size_t i = 0; i < sizeof(CHANGES) / sizeof(CHANGES[0]); i++) {
		const struct change *change = &CHANGES[i];
		struct charter to = to_version(change);
		const struct charter_rule *takes = charter_amending_rule(&from, &to);
		bool good = bytes_same(takes->name, bytes_of(change->takes));
		char name[64], what[200];

		for (size_t r = 0; r < CHARTER_RULES_MAX; r++) {
			snprintf(name, sizeof(name), " %s ", CHARTER_RULE_NAMES[r].name);
			good = good && same(&from, &to, CHARTER_RULE_NAMES[r].name) ==
			                       (strstr(change->differ, name) == NULL);
		}
		/* A name of a test is one line. */
		snprintf(what, sizeof(what), "%.*s", (int)strcspn(change->new, "\n"), change->new);
		ok(good, change->new[0] == 0 ? "a rule left out" : what);
	}
	ok(law("that changes, takes out or adds an entrenched article, or one word of it;") &&
	           law("that changes a chamber, a list or the weights which a rule in an "
	               "entrenched "
	               "article rests on;") &&
	           law("that changes the languages, or which of them prevails;") &&
	           law("that changes the line inactive, or brings or takes it;") &&
	           law("that makes a rule which the charter does not have, and which touches what a party holds:"),
	   "as comity-charter(7) has it");
}

static void moved(void)
{
	struct charter from = version(0, "version 1", "version 1");
	struct charter to = version(1, "article 2", "article 7");

	ok(charter_rule(&to, BYTES("delegate.grant"))->article == 7 &&
	           same(&from, &to, "delegate.grant"),
	   "a rule in an article of another number is the same");
}

/* Where nothing is entrenched yet, entrenching is an ordinary amendment. */
static void the_first_entrenchment(void)
{
	static const char OLD[] = "article 1 entrenched\nen Our own\nzh 自己的\n"
				  "rule delegate.update holder\nrule delegate.drop-ds holder\n"
				  "rule party.withdraw holder\nrule charter.entrench all\n";
	static const char NEW[] = "article 1\nen Our own\nzh 自己的\n"
				  "rule delegate.update holder\nrule delegate.drop-ds holder\n"
				  "rule party.withdraw holder\n";
	struct charter from = version(0, OLD, NEW);
	struct charter to = version(1, "version 1", "version 2");

	ok(law("when the charter has a rule charter.entrench, that rule governs") &&
	           bytes_same(charter_amending_rule(&from, &to)->name, BYTES("charter.amend")),
	   "the first entrenchment is by charter.amend");
}

#define RULED(answer)                                                                                  \
	"rule delegate.revoke ruling & states > 2/3, cure 9d\n\narticle 2\nen In common\nzh 共有的\n" \
	"rule charter.amend states >= 3/4\narbitration answer " answer "\n"

/* What an entrenched rule rests on, a ruling, is not made a matter of minutes by less than that rule. */
static void less_time(void)
{
	const char *rest = strstr(BASE, "rule delegate.revoke");
	struct charter from, to;

	if (rest == NULL)
		bail_out("no rule delegate.revoke");
	from = version(0, rest, RULED("20d"));
	to = version(1, rest, RULED("19d"));
	ok(bytes_same(charter_amending_rule(&from, &to)->name, BYTES("charter.entrench")) &&
	           law("that gives less time in an arbitration, where an entrenched rule asks for a ruling"),
	   "less time takes charter.entrench");
	to = version(1, rest, RULED("21d"));
	ok(bytes_same(charter_amending_rule(&from, &to)->name, BYTES("charter.amend")), "more of it does not");
}

int main(void)
{
	less_time();
	changes();
	moved();
	the_first_entrenchment();
	return done_testing();
}
