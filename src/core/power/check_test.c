/* SPDX-License-Identifier: Apache-2.0 */
/* What a check finds: charters that hide something, and charters that do not. */
#include "power/check.h"

#include <stdlib.h>
#include <time.h>

#include "power/members.h"
#include "tap.h"

static uint8_t reading[CHARTER_MEMORY] __attribute__((aligned(16)));
static struct arena memory;
static struct charter charter;
static struct check check;

static const char *const NAMES[] = {"aurelia",   "borealia", "cascadia", "delmare", "estuary",
                                    "fjordland", "gaul",     "hibernia", "iberia"};

/* Checks a charter with this head and these articles over so many sages, and states after them. */
static void look_with(const char *head, const char *articles, size_t sages, size_t states)
{
	static struct charter_party parties[9];
	static char text[CHARTER_SIZE_MAX];
	struct arena arena = {reading, sizeof(reading), 0};
	int size = snprintf(text, sizeof(text),
	                    "comity-charter/1\nversion 1\nlanguages en\ntitle en Test\n"
	                    "chamber states of kind state\n%s\n%s",
	                    head, articles);
	struct charter_fault fault;

	if (charter_read((struct bytes){(uint8_t *)text, (size_t)size}, &arena, &charter, &fault) != OK)
		bail_out(fault.at.why);
	for (size_t i = 0; i < sages + states; i++)
		parties[i] = (struct charter_party){.name = bytes_of(NAMES[i]),
		                                    .kind = bytes_of(i < sages ? "sage" : "state"),
		                                    .weight = charter_weight(&charter, bytes_of(NAMES[i]))};
	memory.used = 0;
	check_charter(&charter, parties, sages + states, &memory, &check);
}

static void look(const char *articles, size_t states)
{
	look_with("signers states\n", articles, 0, states);
}

static const struct finding *find(enum finding_kind kind)
{
	for (size_t i = 0; i < check.finding_count; i++)
		if (check.findings[i].kind == kind)
			return &check.findings[i];
	return NULL;
}

/* What is found of that kind of path. */
static const struct finding *found_by(enum path_kind kind)
{
	for (size_t i = 0; i < check.finding_count; i++)
		if (check.findings[i].path != NULL && check.findings[i].path->kind == kind)
			return &check.findings[i];
	return NULL;
}

static const struct path *path(enum path_kind kind, bool ruling)
{
	for (size_t i = 0; i < check.perils[0].count; i++)
		if (check.perils[0].path[i].kind == kind && check.perils[0].path[i].ruling == ruling)
			return &check.perils[0].path[i];
	return NULL;
}

#define OWN                                                                                        \
	"rule delegate.update holder & checked\nrule delegate.drop-ds holder\n"                    \
	"rule delegate.transfer holder & recipient, objection 30d by interested\n"                 \
	"rule delegate.withdraw holder\nrule host.update holder\nrule party.withdraw holder\n"
#define REVOKE "rule delegate.revoke ruling & states > 2/3 excluding concerned, cure 90d\n"
#define RETIRE "rule delegate.retire states > 2/3 excluding concerned, vote 30d, sunset 1826d\n"
#define ALL    "article 9 entrenched\nen Last\nrule charter.entrench all\n"

static void sound(void)
{
	look("article 1 entrenched\nen Own\n" OWN REVOKE "\narticle 2\nen Common\n"
	     "rule party.admit states > 2/3\nrule charter.amend states >= 3/4\n"
	     "rule emergency.freeze 3 of states excluding concerned, sunset 72h, ratify 7d by states > 2/3\n\n" ALL,
	     7);
	ok(!check.refused && check.finding_count == 0, "seven equals: nothing is found");
	ok(check.peril_count == 1 && check.perils[0].holders == 7, "who is alike is one group");
	ok(path(PATH_RULE, false) == NULL && path(PATH_RULE, true)->count == 5,
	   "a ruling and five of the six others take a delegation; nothing less does");
	ok(path(PATH_AMEND, false) == NULL && path(PATH_ENTRENCH, false) == NULL,
	   "no amendment does: what is entrenched needs the holder too");
	ok(path(PATH_KEY, false)->count == 5 && check.threshold == 5, "the key: five of seven");
	ok(path(PATH_FREEZE, false)->count == 3, "three hold a change back");
	ok(path(PATH_GUARD, false) == NULL, "nobody stops the holder");
}

/* No removal as a sanction: every way to break it is found. */
static void sanctions(void)
{
	static const struct {
		const char *rules;
		enum finding_kind kind;
		const char *what;
	} BROKEN[] = {
		{"rule delegate.withdraw holder | states > 2/3\n", FINDING_SANCTION, "the many withdraw a name"},
		{"rule delegate.transfer recipient & states > 2/3\n", FINDING_SANCTION, "they give it to another"},
		{"rule host.update states > 1/2\n", FINDING_SANCTION, "they change its addresses"},
		{"rule delegate.revoke states > 2/3 excluding concerned, cure 90d\n", FINDING_SANCTION,
	         "they revoke it without a ruling"},
		{"rule delegate.revoke ruling & states > 2/3\n", FINDING_HASTE, "no time to cure"},
		{REVOKE "rule delegate.retire states > 2/3, sunset 30d\n", FINDING_HASTE,
	         "a retirement of a month, where an award leaves three"},
		{"rule party.rekey states > 2/3, vote 14d\n", FINDING_SANCTION, "they give themselves its keys"},
		{"rule party.rekey states > 2/3, vote 14d, objection 30d by states\n" REVOKE, FINDING_KINDS,
	         "nothing, where the old keys can object"},
	};
	char text[4000];

	for (size_t i = 0; i < sizeof(BROKEN) / sizeof(BROKEN[0]); i++) {
		const struct finding *sanction, *haste;

		snprintf(text, sizeof(text),
		         "article 1 entrenched\nen Own\nrule delegate.update holder\nrule delegate.drop-ds holder\n"
		         "rule party.withdraw holder\n%s\narticle 2\nen Common\nrule charter.amend states >= 3/4\n\n" ALL,
		         BROKEN[i].rules);
		look(text, 7);
		sanction = find(FINDING_SANCTION);
		haste = find(FINDING_HASTE);
		ok((sanction != NULL) == (BROKEN[i].kind == FINDING_SANCTION) &&
		           (haste != NULL) == (BROKEN[i].kind == FINDING_HASTE) &&
		           check.refused == (BROKEN[i].kind != FINDING_KINDS),
		   BROKEN[i].what);
	}
	look("article 1 entrenched\nen Own\n" OWN RETIRE "\narticle 2\nen Common\nrule party.admit states > 1/2\n"
	     "rule charter.amend states >= 3/4\n\n" ALL, 7);
	ok(check.refused && find(FINDING_UNDERMINED)->path->kind == PATH_JOIN_RETIRE &&
	           find(FINDING_UNDERMINED)->have == 4 && find(FINDING_UNDERMINED)->need == 5,
	   "four admit friends until five retire it");
	look("article 1\nen Own\n" OWN "rule charter.amend all\nrule delegate.grant states > 1/2\n", 3);
	ok(find(FINDING_SANCTION) == NULL, "where only holders change what is theirs, no sanction is possible");
	look("article 1 entrenched\nen Own\n" OWN REVOKE RETIRE
	     "rule delegate.operate recipient & states > 2/3 excluding concerned, vote 3d\n"
	     "rule party.rekey states > 2/3 excluding concerned, vote 14d, objection 30d by interested\n"
	     "\narticle 2\nen Common\nrule party.admit states > 2/3\nrule charter.amend states >= 3/4\n\n" ALL, 7);
	ok(!check.refused && check.finding_count == 0, "all rules of succession: nothing is found");
	ok(path(PATH_RETIRE, false)->count == 5 && path(PATH_OPERATE, false)->count == 5 &&
	           path(PATH_RULE, false) == NULL && path(PATH_JOIN_RETIRE, false) == NULL,
	   "five retire a name in five years, or have it kept; nobody takes it without a ruling");
}

static void two_steps(void)
{
	const struct finding *finding;

	/* What has no rule cannot be done; to make one is as hard as to change what is entrenched. */
	look("article 1 entrenched\nen Own\n" OWN "\narticle 2\nen Common\nrule charter.amend states > 1/2\n\n" ALL, 7);
	ok(!check.refused && path(PATH_AMEND, false) == NULL,
	   "rules that are missing, of revocation, of retirement, of keys, are made by charter.entrench alone");
	look("article 1 entrenched\nen Own\n" OWN "\narticle 2\nen Common\nrule charter.amend states > 1/2\n" RETIRE "\n" ALL, 7);
	finding = found_by(PATH_AMEND);
	ok(check.refused && finding != NULL && finding->kind == FINDING_UNDERMINED && finding->have == 4 &&
	           finding->need == 0 && finding->path->count == 4,
	   "a rule of retirement that is not entrenched is amended: four take what only all could");
	/* Removal needs eight of nine, in an article that more than half may rewrite. */
	look("article 1\nen Own\n" OWN "rule delegate.revoke states >= 8/9\nrule charter.amend states > 1/2\n", 9);
	finding = find(FINDING_TWO_STEP);
	ok(finding != NULL && finding->have == 5 && finding->need == 8 && !finding->refuses,
	   "amend the rule, then take: five instead of eight; said, where nothing is entrenched");
	/* The amendment rule asks for eight of nine, and can be lowered by whoever is admitted. */
	look("article 1\nen Own\n" OWN REVOKE "rule party.admit 3 of states\n"
	     "rule charter.amend states >= 8/9\n",
	     9);
	finding = find(FINDING_TWO_STEP);
	ok(finding != NULL && finding->path->kind == PATH_JOIN_AMEND && finding->have == 3,
	   "admit, amend, take: three");
	ok(find(FINDING_NOT_PROPER) != NULL && check.refused, "and three of nine may not admit: not proper");
	/* The hardest rule is a share, admission is easy: the entrenched clause falls. */
	look("article 1 entrenched\nen Own\n" OWN REVOKE "\narticle 2\nen Common\n"
	     "rule party.admit states > 1/2\nrule charter.amend states >= 8/9\n\n"
	     "article 9 entrenched\nen Last\nrule charter.entrench states >= 8/9\n",
	     9);
	finding = find(FINDING_UNDERMINED);
	ok(finding != NULL && finding->path->kind == PATH_JOIN_ENTRENCH && finding->have == 5 &&
	           finding->need == 8,
	   "five admit friends until nine tenths are theirs: entrenched in vain");
	/* Admission is entrenched as well, but the amendment of the rest is not needed for it. */
	look("article 1 entrenched\nen Own\n" OWN REVOKE "\narticle 2\nen Common\n"
	     "rule party.admit states >= 8/9\nrule charter.amend states > 1/2\n\n"
	     "article 9 entrenched\nen Last\nrule charter.entrench states >= 8/9\n",
	     9);
	finding = find(FINDING_UNDERMINED);
	ok(finding != NULL && finding->path->kind == PATH_AMEND_JOIN_ENTRENCH && finding->have == 5,
	   "five amend the rule of admission, admit, and amend what is entrenched");
	ok(path(PATH_AMEND_JOIN_ENTRENCH, false)->first == charter_rule(&charter, BYTES("charter.amend")),
	   "the first step is told");
}

/* The same, hidden in what a rule rests on: who is in a chamber, what members weigh, who signs. */
static void hidden(void)
{
	const struct finding *finding;

	/* Removal is entrenched, and asks the sages: of whom any two of three states make as many as they like. */
	look_with("chamber sages of kind sage\nsigners states\n",
	          "article 1 entrenched\nen Own\n" OWN "rule delegate.revoke sages > 2/3\n\narticle 2\nen Common\n"
	          "rule party.admit 2 of {fjordland, gaul, hibernia}\nrule charter.amend states >= 5/6\n\n" ALL,
	          3, 6);
	finding = find(FINDING_UNDERMINED);
	ok(check.refused && finding != NULL && finding->path->kind == PATH_JOIN && finding->have == 2 &&
	           finding->need == 0 &&
	           bytes_same(finding->path->first->name, BYTES("party.admit")) &&
	           bytes_same(finding->path->rule->name, BYTES("delegate.revoke")),
	   "a chamber of kinds: two admit sages until those who are left without the holder take what nobody could");
	/* A delegation weighs: what members weigh can be amended by more than half of them. */
	look_with("weight aurelia 40\nsigners states\n",
	          "article 1\nen Own\n" OWN "rule delegate.revoke states > 5/6 by weight & states > 2/3\n"
	          "rule charter.amend states > 1/2\n",
	          0, 7);
	finding = find(FINDING_TWO_STEP);
	ok(finding != NULL && finding->path->kind == PATH_AMEND && finding->have == 4 && finding->need == 0,
	   "weights: four write others, and take what the heaviest alone could stop");
	for (size_t i = 0; i < finding->have; i++)
		ok(!bytes_same(check.parties[finding->path->seat[i]].name, check.parties[finding->peril->holder].name),
		   "of them none is the holder");
	/* Five of nine silence the other four, and are all who is left: also of the veto. */
	look("article 1\nen Own\n" OWN "rule delegate.revoke states > 2/3 & no veto of {aurelia, iberia}\n"
	     "rule party.suspend states > 1/2 excluding concerned\nrule charter.amend all\n",
	     9);
	finding = find(FINDING_TWO_STEP);
	ok(finding != NULL && finding->path->kind == PATH_SUSPEND && finding->have == 5 && finding->need == 0 &&
	           bytes_same(finding->path->first->name, BYTES("party.suspend")),
	   "suspension: five take what nobody could against a veto");
	/* A number of members, and all, count those who are suspended too. */
	look("article 1\nen Own\n" OWN "rule delegate.revoke 8 of states\n"
	     "rule party.suspend states > 1/2 excluding concerned\nrule charter.amend all\n",
	     9);
	ok(path(PATH_SUSPEND, false) == NULL, "not where a number of members is asked for");
	/* Who may be suspended stands where anybody may amend it; the rest is entrenched, but not by all. */
	look("article 1 entrenched\nen Own\n" OWN REVOKE "rule party.admit states >= 8/9\n\narticle 2\nen Common\n"
	     "rule party.suspend states >= 8/9 excluding concerned\nrule charter.amend states > 1/2\n\n"
	     "article 9 entrenched\nen Last\nrule charter.entrench states >= 8/9\n",
	     9);
	finding = find(FINDING_UNDERMINED);
	ok(check.refused && finding != NULL && finding->path->kind == PATH_AMEND_SUSPEND_ENTRENCH && finding->have == 5,
	   "amend who is suspended, suspend, amend what is entrenched: five instead of eight");
	/* Whoever is a party signs: four admit friends until those have the key. */
	look_with("signers all\n",
	          "article 1 entrenched\nen Own\n" OWN REVOKE "\narticle 2\nen Common\nrule party.admit states > 1/2\n"
	          "rule charter.amend all\n\n" ALL,
	          0, 7);
	finding = find(FINDING_ADMIT_BELOW_KEY);
	ok(finding != NULL && finding->have == 4 && finding->need == 5 && find(FINDING_AMEND_BELOW_KEY) == NULL,
	   "signers: who admits parties admits signers, with fewer than sign");
	look_with("signers of {aurelia, borealia, cascadia, delmare}\n",
	          "article 1 entrenched\nen Own\n" OWN REVOKE "\narticle 2\nen Common\nrule party.admit states > 1/2\n"
	          "rule charter.amend all\n\n" ALL,
	          0, 4);
	ok(find(FINDING_ADMIT_BELOW_KEY) == NULL, "not where the signers are named");
	/* The guardian stops what waits, alone and for good: so also every attempt to take that power from it. */
	look("article 1 entrenched\nen Own\nrule delegate.update holder, delay 1d\nrule delegate.drop-ds holder\n"
	     "rule party.withdraw holder\nrule emergency.cancel party gaul\n\narticle 2\nen Common\n"
	     "rule charter.amend states > 2/3, delay 30d\n\n" ALL,
	     7);
	ok(path(PATH_CANCEL, false) != NULL && path(PATH_CANCEL, false)->count == 1 && find(FINDING_NO_SUNSET) != NULL,
	   "cancel: one guardian stops a holder's change, without an end");
}

#define OPERATE "rule delegate.operate recipient & states >= 8/9 excluding concerned, vote 3d\n"
#define RETIRE_HARD "rule delegate.retire states >= 8/9 excluding concerned, vote 30d, sunset 1826d\n"

/* What lasts for a time, or takes its time, by those who were admitted for it. */
static void joined(void)
{
	const struct finding *finding;

	look("article 1 entrenched\nen Own\n" OWN REVOKE OPERATE "\narticle 2\nen Common\n"
	     "rule party.admit states >= 2/3\nrule charter.amend states >= 8/9\n\n" ALL, 9);
	finding = found_by(PATH_JOIN_OPERATE);
	ok(!check.refused && finding != NULL && finding->kind == FINDING_TWO_STEP && finding->have == 6 &&
	           finding->need == 8 && bytes_same(finding->path->rule->name, BYTES("delegate.operate")),
	   "six admit friends, one of whom then keeps the name: instead of eight; said, as it is for a time");
	for (size_t i = 0; i < finding->have; i++)
		ok(finding->path->seat[i] != finding->peril->holder, "of them none is the holder");
	look("article 1 entrenched\nen Own\n" OWN REVOKE OPERATE RETIRE_HARD "\narticle 2\nen Common\n"
	     "rule party.admit states >= 8/9\nrule charter.amend states > 1/2\n\n" ALL, 9);
	finding = found_by(PATH_AMEND_JOIN_OPERATE);
	ok(finding != NULL && finding->have == 5 && finding->need == 8 &&
	           bytes_same(finding->path->first->name, BYTES("charter.amend")),
	   "five amend admission, admit, and have the name kept");
	finding = found_by(PATH_AMEND_JOIN_RETIRE);
	ok(check.refused && finding != NULL && finding->kind == FINDING_UNDERMINED && finding->have == 5 &&
	           finding->need == 8 && bytes_same(finding->path->rule->name, BYTES("delegate.retire")),
	   "five amend admission, admit, and retire it");
	look("article 1 entrenched\nen Own\n" OWN REVOKE OPERATE RETIRE_HARD "rule party.admit states >= 8/9\n"
	     "\narticle 2\nen Common\nrule charter.amend states > 1/2\n\n" ALL, 9);
	ok(!check.refused && path(PATH_JOIN_OPERATE, false) == NULL && path(PATH_AMEND_JOIN_OPERATE, false) == NULL &&
	           path(PATH_AMEND_JOIN_RETIRE, false) == NULL && path(PATH_OPERATE, false)->count == 8,
	   "where admission is as hard and entrenched, no way is shorter");
	look("article 1 entrenched\nen Own\n" OWN REVOKE
	     "rule delegate.operate recipient & 6 of {aurelia, borealia, cascadia, delmare, estuary, fjordland, gaul}\n"
	     "\narticle 2\nen Common\nrule party.admit states > 1/2\nrule charter.amend states >= 8/9\n\n" ALL, 9);
	finding = found_by(PATH_JOIN_OPERATE);
	ok(finding == NULL && path(PATH_OPERATE, false)->count == 6, "nor where those who decide are named");
	look("article 1\nen Own\n" OWN REVOKE OPERATE "rule party.admit states > 1/2\nrule charter.amend states >= 8/9\n", 9);
	ok(!check.refused && find(FINDING_TWO_STEP) != NULL && find(FINDING_TWO_STEP)->path->kind == PATH_JOIN_OPERATE,
	   "where nothing is entrenched it is said");
}

/* What a check takes, counted, not timed: the same on every machine. */
static void work(void)
{
	static struct charter_party parties[193];
	static char names[193][8];

	look("article 1\nen Own\n" OWN REVOKE "rule charter.amend states > 2/3\n", 7);
	ok(check.work > 0 && check.work < 2000, "seven equals: under 2,000 steps");
	for (size_t i = 0; i < 193; i++) {
		snprintf(names[i], sizeof(names[i]), "p-%03u", (unsigned)i);
		parties[i] = (struct charter_party){
			.name = bytes_of(names[i]), .kind = bytes_of(i < 130 ? "state" : "operator"), .weight = 1};
	}
	memory.used = 0;
	check_charter(&charter, parties, 193, &memory, &check);
	printf("# 193 members: %lu steps\n", (unsigned long)check.work);
	ok(check.work < 20000, "193 members: under 20,000");
}

static void wrong(void)
{
	const struct finding *finding;

	look("article 1\nen Own\n" OWN "rule delegate.grant states >= 1/3\nrule charter.amend states > 2/3\n", 6);
	finding = find(FINDING_NOT_PROPER);
	ok(finding != NULL && bytes_same(finding->rule->name, BYTES("delegate.grant")) && finding->one[0] != 0,
	   "two of six, and two others: not proper");
	look("article 1\nen Own\n" OWN "rule delegate.revoke states >= 8/9\nrule charter.amend states >= 8/9\n", 9);
	finding = find(FINDING_KEY_BELOW_REVOKE);
	ok(finding != NULL && finding->have == 7 && finding->need == 8, "seven sign what eight must decide");
	look("article 1\nen Own\n" OWN "rule waiver.grant 2 of {nobody, nowhere}\nrule charter.amend states > 2/3\n"
	     "rule emergency.freeze 2 of states\nrule emergency.cancel 2 of states\n",
	     5);
	ok(find(FINDING_NOBODY) != NULL && !check.refused, "a rule that nobody can carry");
	ok(find(FINDING_NO_SUNSET) != NULL && find(FINDING_NOT_PROPER) == NULL,
	   "what only blocks need not be proper, but the power to cancel ends");
	ok(path(PATH_FREEZE, false)->count == 2 && path(PATH_CANCEL, false) == NULL,
	   "what never waits is never cancelled");
	look("article 1\nen Own\nrule delegate.update holder, delay 1d\nrule delegate.drop-ds holder\n"
	     "rule party.withdraw holder\nrule charter.amend all\nrule emergency.cancel 3 of states, sunset 730d\n",
	     7);
	ok(path(PATH_CANCEL, false)->count == 3 && find(FINDING_NO_SUNSET) == NULL,
	   "what waits can be, by the guardian");
	look("article 1\nen Own\n" OWN "rule delegate.revoke states > 2/3 of votes cast\nrule charter.amend all\n", 9);
	finding = find(FINDING_SILENCE);
	ok(finding != NULL && finding->have == 3 && finding->need == 7,
	   "of votes cast: three outvote the holder while all others are silent");
	ok(find(FINDING_ONE_ABSENT) != NULL, "one who is absent stops every amendment");
	look("article 1\nen Own\n" OWN "rule charter.amend states > 1/2\n", 9);
	ok(find(FINDING_AMEND_BELOW_KEY)->have == 5, "five change who signs, seven sign");
}

static void guards(void)
{
	look("article 1\nen Own\nrule delegate.update holder & no veto of {aurelia, gaul}\n"
	     "rule delegate.drop-ds holder\nrule party.withdraw holder\nrule charter.amend all\n",
	     7);
	ok(path(PATH_GUARD, false)->count == 1, "a guardian stops the holder's own change, alone");
}

/* A file below the source. */
static struct bytes file(const char *folder, const char *name, const char *end)
{
	static char content[2][MEMBERS_SIZE_MAX];
	static unsigned turn;
	const char *source = getenv("COMITY_SOURCE");
	char path[4096];
	size_t size;
	FILE *from;

	turn ^= 1;
	snprintf(path, sizeof(path), "%s/%s/%s%s", source == NULL ? "." : source, folder, name, end);
	from = fopen(path, "re");
	if (from == NULL)
		bail_out(path);
	size = fread(content[turn], 1, sizeof(content[turn]), from);
	fclose(from);
	return (struct bytes){(const uint8_t *)content[turn], size};
}

#define LISTED "chamber listed of kind state, recognised by codes\nsigners states\n"

/* Who says what stands in a register decides whose votes are counted. */
static void registers(void)
{
	const struct finding *finding;

	look_with(LISTED, "article 1\nen Own\n" OWN "rule delegate.revoke listed > 2/3 & no veto of listed\n"
	          "rule register.adopt states > 1/2\nrule charter.amend all\n", 0, 9);
	finding = find(FINDING_TWO_STEP);
	ok(finding != NULL && finding->path->kind == PATH_REGISTER && finding->have == 5 && finding->need == 0 &&
	           bytes_same(finding->path->first->name, BYTES("register.adopt")),
	   "a register: five strike the others off, and take what nobody could against a veto");
	look_with(LISTED, "article 1 entrenched\nen Own\n" OWN "rule delegate.revoke ruling & listed > 2/3 excluding concerned, cure 90d\n"
	          "\narticle 2\nen Common\nrule register.adopt states > 1/2\nrule charter.amend all\n\n" ALL, 0, 9);
	finding = find(FINDING_UNDERMINED);
	ok(check.refused && finding != NULL && finding->path->kind == PATH_REGISTER && finding->have == 5 && finding->need == 6,
	   "where it is entrenched, that is refused");
	look_with(LISTED, "article 1 entrenched\nen Own\n" OWN "rule delegate.revoke ruling & listed > 2/3 excluding concerned, cure 90d\n"
	          "rule register.adopt states > 2/3\n\narticle 2\nen Common\nrule charter.amend all\n\n" ALL, 0, 9);
	ok(!check.refused, "not where it takes as many as the rule itself");
	look_with(LISTED, "article 1\nen Own\n" OWN "rule delegate.revoke states > 2/3 & no veto of states\n"
	          "rule register.adopt states > 1/2\nrule charter.amend all\n", 0, 9);
	ok(path(PATH_REGISTER, false) == NULL, "nor where the rule counts a chamber that no register recognises");
	/* Struck off the chamber that admits, others have no say in who comes; who comes is counted everywhere. */
	look_with(LISTED, "article 1\nen Own\n" OWN "rule delegate.revoke states > 5/6\nrule party.admit listed > 5/6\n"
	          "rule register.adopt states > 1/2\nrule charter.amend all\n", 0, 9);
	finding = find(FINDING_TWO_STEP);
	ok(finding != NULL && finding->path->kind == PATH_REGISTER && finding->have == 5 && finding->need == 8,
	   "a register, then admission, then the rule: five instead of eight");
	look_with(LISTED, "article 1 entrenched\nen Own\n" OWN REVOKE "\narticle 2\nen Common\n"
	          "rule party.admit recognised by codes & states > 1/2\nrule register.adopt states > 2/3\n"
	          "rule charter.amend all\n\n" ALL, 0, 9);
	finding = find(FINDING_REGISTER);
	ok(finding != NULL && finding->have == 7 && finding->need == 5 &&
	           bytes_same(finding->rule->name, BYTES("party.admit")),
	   "who admits asks a register, and it is said who decides what stands there");
}

/* As many are inactive as the floor allows: who is left could amend the charter counted among all. */
static void inactivity(void)
{
	const struct path *told;

	look_with("signers states\ninactive after 3 missed duties in 90d\n",
	          "article 1 entrenched\nen Own\n" OWN REVOKE "\narticle 2\nen Common\nrule charter.amend states > 2/3\n\n" ALL, 0, 9);
	told = path(PATH_INACTIVE, true);
	ok(told != NULL && told->count == 5 && path(PATH_RULE, true)->count == 6 && !check.refused,
	   "seven of nine are left: five instead of six, told and not refused");
	look_with("signers states\ninactive after 3 missed duties in 90d\n",
	          "article 1 entrenched\nen Own\n" OWN REVOKE "\narticle 2\nen Common\nrule charter.amend all\n\n" ALL, 0, 9);
	ok(path(PATH_INACTIVE, true) == NULL, "where an amendment takes all, nobody is ever suspended so");
}

/* What each template's check says: found, but not refused; by how few a delegation is taken. */
static void templates(void)
{
	static const struct {
		const char *name;
		size_t parties, found, revoke, key; /* of the first holder */
	} TEMPLATES[] = {
		{"simple-bft", 4, 0, 3, 3},         {"one-state-one-vote", 12, 0, 8, 9},
		{"multistakeholder", 16, 0, 11, 11}, {"two-chambers", 11, 0, 8, 8},
		{"seven-equals", 7, 0, 5, 5},        {"security-council", 15, 3, 9, 11},
		{"double-majority", 27, 0, 15, 19},  {"weighted-85", 25, 1, 16, 17},
		{"council-12-12", 24, 0, 17, 17},    {"volunteer-registry", 19, 1, 3, 3},
		{"mission", 5, 2, 3, 4},              {"recognised-states", 7, 2, 5, 5},
	};

	for (size_t i = 0; i < sizeof(TEMPLATES) / sizeof(TEMPLATES[0]); i++) {
		struct arena arena = {reading, sizeof(reading), 0};
		struct bytes text = file("examples/charters", TEMPLATES[i].name, ".charter"),
			     members = file("examples/charters", TEMPLATES[i].name, ".members");
		struct charter_party *parties;
		struct charter_fault fault;
		size_t count = 0;
		clock_t from = clock();

		memory.used = 0;
		if (charter_read(text, &arena, &charter, &fault) != OK ||
		    members_read(members, &charter, &memory, &parties, &count, &fault) != OK)
			bail_out(fault.at.why);
		check_charter(&charter, parties, count, &memory, &check);
		printf("# %s: %.2f s of CPU, %lu steps\n", TEMPLATES[i].name, (double)(clock() - from) / CLOCKS_PER_SEC,
		       (unsigned long)check.work);
		ok(check.work < 500000000, "what equals another rule is not counted again");
		ok(!check.refused && check.finding_count == TEMPLATES[i].found && count == TEMPLATES[i].parties,
		   TEMPLATES[i].name);
		ok(path(PATH_RULE, false) == NULL && path(PATH_RULE, true)->count == TEMPLATES[i].revoke &&
		           path(PATH_AMEND, false) == NULL && path(PATH_ENTRENCH, false) == NULL &&
		           (path(PATH_KEY, false) == NULL ? 0 : path(PATH_KEY, false)->count) == TEMPLATES[i].key,
		   "only a ruling, or the key, takes a delegation");
	}
}

/* 193 states and 60 others, of two chambers; the whole check. */
static void assembly(void)
{
	static struct charter_party parties[253];
	static char names[253][8];
	struct arena arena = {reading, sizeof(reading), 0};
	struct charter_fault fault;
	clock_t from = clock();

	for (size_t i = 0; i < 253; i++) {
		snprintf(names[i], sizeof(names[i]), "p-%03u", (unsigned)i);
		parties[i] = (struct charter_party){
			.name = bytes_of(names[i]), .kind = bytes_of(i < 193 ? "state" : "operator"), .weight = 1};
	}
	memory.used = 0;
	if (charter_read(file("examples/charters", "two-chambers", ".charter"), &arena, &charter, &fault) != OK)
		bail_out(fault.at.why);
	check_charter(&charter, parties, 253, &memory, &check);
	printf("# 193 states and 60 others: %.2f s of CPU\n", (double)(clock() - from) / CLOCKS_PER_SEC);
	ok(check.rules[0].smallest.count == 129 + 31 && check.rules[0].figures.has_shapley,
	   "two chambers of 193 and 60: 129 and 31 carry what both must");
	ok(check.peril_count == 2 && !check.refused, "two groups of holders; nothing is refused");
}

int main(void)
{
	memory.size = CHECK_MEMORY;
	memory.at = malloc(memory.size);
	sound();
	sanctions();
	two_steps();
	hidden();
	joined();
	wrong();
	guards();
	registers();
	inactivity();
	templates();
	assembly();
	work();
	free(memory.at);
	return done_testing();
}
