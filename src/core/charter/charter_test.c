/* SPDX-License-Identifier: Apache-2.0 */
/* Reading charters: what is accepted, what it becomes, and what is said of what is not. */
#include "charter/charter.h"

#include <stdarg.h>
#include <string.h>

#include "tap.h"

#include "law.h"

#define TEXT_MAX (1 << 16)

static uint8_t memory[CHARTER_MEMORY] __attribute__((aligned(16)));

/* Into `memory`; false, and `told` what is wrong, where the text is refused. */
static bool reads(struct bytes text, struct charter *charter, char told[500], enum mishap *m)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct charter_fault fault;
	struct writer w = {.at = (uint8_t *)told, .size = 499};

	*m = charter_read(text, &arena, charter, &fault);
	if (*m != OK)
		charter_fault_write(&fault, &w);
	told[w.used] = 0;
	return *m == OK;
}

/* The file of that path in the source tree; valid until the next call. */
static struct bytes file(const char *path)
{
	static uint8_t text[TEXT_MAX];
	char full[4096];
	size_t size;
	FILE *from;

	snprintf(full, sizeof(full), "%s/%s", getenv("COMITY_SOURCE"), path);
	from = fopen(full, "rb");
	if (from == NULL)
		bail_out(full);
	size = fread(text, 1, sizeof(text), from);
	fclose(from);
	return (struct bytes){text, size};
}

static bool is(struct bytes bytes, const char *text)
{
	return bytes_same(bytes, bytes_of(text));
}

/* --- What is accepted. */

static bool times_are(const struct charter *charter, const int64_t seconds[CHARTER_TIMES], uint16_t article)
{
	bool are = true;

	for (unsigned i = 0; i < CHARTER_TIMES; i++)
		are = are && charter->times.seconds[i] == seconds[i] && charter->time_article[i] == article;
	return are;
}

static void parameters(void)
{
	static const int64_t MINUTES[CHARTER_TIMES] = {1800, 900, 900, 3600, 1200, 900, 7200, 900, 1800, 900};
	static char text[TEXT_MAX], told[500];
	struct charter charter;
	struct bytes mission;
	enum mishap m;

	mission = file("examples/charters/mission.charter");
	snprintf(text, sizeof(text), "%.*sbatches 7 changes a day\n", (int)mission.size, (const char *)mission.at);
	ok(reads(bytes_of(text), &charter, told, &m) && times_are(&charter, MINUTES, 5),
	   "the times of the mission are minutes, and stand in its fifth article");
	ok(charter.batches == 7 && charter.batches_article == 9, "a limit of batches, in its ninth");
	ok(reads(file("examples/charters/seven-equals.charter"), &charter, told, &m) &&
	           times_are(&charter, CHARTER_TIMES_DEFAULT.seconds, 0) && charter.batches == CHARTER_BATCHES &&
	           charter.batches_article == 0,
	   "where a charter is silent, the defaults hold");
	ok(law("From 1 minute to 366 days each") && law("Where none says it, 1,000"), "as the law says");
}

static void seven_equals(void)
{
	struct bytes text = file("examples/charters/seven-equals.charter");
	struct charter charter;
	const struct charter_rule *rule;
	char told[500];
	enum mishap m;

	if (!ok(reads(text, &charter, told, &m), "seven-equals.charter reads"))
		bail_out(told);
	ok(charter.version == 1 && charter.language_count == 2 &&
	           is(charter.languages[1], "zh") && charter.prevails.size == 0 &&
	           is(charter.titles[0], "Commons of the root: seven equals"),
	   "its head");
	ok(charter.set_count == 1 && charter.sets[0].kind == SET_CHAMBER &&
	           is(charter.sets[0].words[0], "state") && charter.signers == charter.sets,
	   "its chamber signs");
	ok(charter_signs(&charter, BYTES("aurelia"), BYTES("state")) &&
	           !charter_signs(&charter, BYTES("aurelia"), BYTES("operator")),
	   "states are signers, operators are not");
	ok(charter.article_count == 9 && charter.rule_count == CHARTER_RULES_MAX - 2, "all rules but a guardian's, and that for registers");
	rule = charter_rule(&charter, BYTES("delegate.revoke"));
	ok(rule->article == 5 &&
	           is(rule->source, "rule delegate.revoke ruling & states > 2/3 excluding "
	                            "concerned, cure 90d"),
	   "a rule knows its article and its text");
	ok(rule->cure == 90 * SECONDS_A_DAY && rule->vote == CHARTER_VOTE_DEFAULT &&
	           rule->delay == 0 && rule->objection == 0 && rule->sunset == 0,
	   "and its times");
	ok(rule->consent.count == 3 && rule->consent.clauses[0].kind == CLAUSE_ALL_OF &&
	           rule->consent.clauses[0].span == 3 &&
	           rule->consent.clauses[1].kind == CLAUSE_RULING &&
	           rule->consent.clauses[2].kind == CLAUSE_SHARE &&
	           rule->consent.clauses[2].more_than && rule->consent.clauses[2].p == 2 &&
	           rule->consent.clauses[2].q == 3 &&
	           rule->consent.clauses[2].excluding_concerned &&
	           is(rule->consent.clauses[2].source, "states > 2/3 excluding concerned"),
	   "and its clauses");
	rule = charter_rule(&charter, BYTES("emergency.freeze"));
	ok(rule->vote == SECONDS_A_DAY && rule->sunset == 72 * SECONDS_AN_HOUR &&
	           rule->ratify == 7 * SECONDS_A_DAY && rule->ratified.count == 1 &&
	           rule->consent.clauses[0].number == 3,
	   "sunset and ratification");
	rule = charter_rule(&charter, BYTES("delegate.transfer"));
	ok(rule->objection == 30 * SECONDS_A_DAY && rule->objectors->kind == SET_INTERESTED &&
	           is(rule->objection_source, "objection 30d by interested"),
	   "a time to object");
	ok(charter_rule(&charter, BYTES("delegate")) == NULL, "no rule of another name");
	ok(charter_article(&charter, 5)->entrenched &&
	           !charter_article(&charter, 3)->entrenched &&
	           charter_article(&charter, 10) == NULL &&
	           is(charter_article(&charter, 4)->heading[0], "The key that nobody holds"),
	   "articles by number");
}

static void two_chambers(void)
{
	struct bytes text = file("examples/charters/two-chambers.charter");
	struct charter charter;
	char told[500];
	enum mishap m;

	if (!ok(reads(text, &charter, told, &m), "two-chambers.charter reads"))
		bail_out(told);
	ok(charter.set_count == 3 && charter.sets[1].count == 2 &&
	           charter_set_has(&charter.sets[1], BYTES("xx"), BYTES("operator")) &&
	           !charter_set_has(&charter.sets[1], BYTES("xx"), BYTES("state")),
	   "a chamber of two kinds");
	ok(charter.sets[2].kind == SET_LATER && is(charter.sets[2].name, "arbitrators") &&
	           !charter_set_has(&charter.sets[2], BYTES("arbitrators"), BYTES("state")),
	   "a list that is filled later");
	ok(charter_signs(&charter, BYTES("xx"), BYTES("anything")), "all sign");
}

/* Each part of the text, put together again, is the text. */
static void articles_are_the_text(void)
{
	struct bytes text = file("examples/charters/two-chambers.charter");
	struct charter charter;
	const uint8_t *at;
	char told[500];
	enum mishap m;
	bool joined;

	if (!reads(text, &charter, told, &m))
		bail_out(told);
	at = charter.articles[0].text.at;
	joined = bytes_same(charter.text, text);
	for (size_t i = 0; i < charter.article_count; i++) {
		joined = joined && charter.articles[i].text.at == at;
		at += charter.articles[i].text.size + 1; /* the empty line */
	}
	ok(joined && at == text.at + text.size + 1,
	   "articles and empty lines are the whole text");
}

/* What every page, template and test of ours calls a charter has what it must. */
static void the_page(void)
{
	static char page[TEXT_MAX];
	struct bytes text = file("man/comity-charter.7.scd");
	struct charter charter;
	char told[500], *from, *to;
	enum mishap m;

	memcpy(page, text.at, text.size);
	page[text.size < sizeof(page) ? text.size : sizeof(page) - 1] = 0;
	from = strstr(page, "```\ncomity-charter/1\n");
	to = from == NULL ? NULL : strstr(from + 4, "```");
	if (to == NULL)
		bail_out("comity-charter(7) has no example");
	from += 4;
	ok(reads((struct bytes){(uint8_t *)from, (size_t)(to - from)}, &charter, told, &m),
	   "the example in comity-charter(7) reads");
	for (size_t i = 0; i < CHARTER_RULES_MAX; i++) {
		char name[64];

		snprintf(name, sizeof(name), " %s %s", CHARTER_RULE_NAMES[i].name,
		         CHARTER_RULE_NAMES[i].needed ? "(needed)" : "");
		ok(law(name), name);
	}
}

/* --- What is not accepted. */

/* Every line that follows a changed line keeps its number. */
static const char *const BASE[] = {
	"comity-charter/1",
	"version 1",
	"languages en zh, equally authentic",
	"title en Base",
	"title zh 基础",
	"chamber states of kind state",
	"chamber others of kind stakeholder, operator",
	"list friends {aurelia, borealia}",
	"list arbitrators",
	"weight aurelia 5",
	"weight borealia 2",
	"signers states",
	"",
	"article 1 entrenched",
	"en Our own",
	"zh 自己的",
	"rule delegate.update holder",
	"rule delegate.drop-ds holder",
	"rule party.withdraw holder",
	"rule charter.entrench all",
	"",
	"article 3",
	"en In common",
	"en Words, and more words.",
	"zh 共有的",
	"rule delegate.grant states > 2/3",
	"rule charter.amend states >= 3/4, vote 30d",
};

#define BASE_LINES (sizeof(BASE) / sizeof(BASE[0]))

/* The base with line `number` (from 1) put as `line`, or left out where NULL. */
static struct bytes base_with(unsigned number, const char *line)
{
	static char text[TEXT_MAX];
	size_t used = 0;

	for (unsigned i = 1; i <= BASE_LINES; i++) {
		const char *put = i == number ? line : BASE[i - 1];

		if (put == NULL)
			continue;
		memcpy(text + used, put, strlen(put));
		used += strlen(put);
		text[used++] = '\n';
	}
	return (struct bytes){(uint8_t *)text, used};
}

struct change {
	unsigned number;  /* of the line */
	const char *line; /* put in its place; NULL: nothing */
	const char *told; /* NULL: it is accepted */
};

static const struct change CHANGES[] = {
	{1, "comity-charter/2",
         "line 1, column 1: a charter begins with comity-charter/1: "
         "\"comity-charter/2\""},
	{1, "comity-charter/1 ", "line 1, column 17: expected the end of the line"},
	{2, "version 2", NULL},
	{2, "version 0", "line 2, column 9: expected a version from 1 to 999999999: \"0\""},
	{2, "version 01", "line 2, column 9: expected a version from 1 to 999999999: \"01\""},
	{2, "version 1000000000",
         "line 2, column 9: expected a version from 1 to 999999999: \"1000000000\""},
	{3, "languages en zh",
         "line 3, column 16: expected \", equally authentic\" or \", TAG "
         "prevails\""},
	{3, "languages en zh, zh prevails", NULL},
	{3, "languages en zh, fr prevails",
         "line 3, column 18: not a language of this charter: \"fr\""},
	{3, "languages en zh en, equally authentic",
         "line 3, column 17: a language given twice: \"en\""},
	{3, "languages en zh fr, equally authentic",
         "line 6, column 1: expected a title for each language, in their order: \"chamber\""},
	{3, "languages english",
         "line 3, column 11: expected a language: two or three letters: \"english\""},
	{4, "title en Two  blanks", "line 4, column 14: two blanks together"},
	{4, "title en Cafe\xcc\x81", "line 4, column 13: not in Normalization Form C"},
	{4, "title en ", "line 4, column 10: an empty line"},
	{6, "chamber states of kind",
         "line 6, column 15: expected \"of kind\" and the kinds of its parties"},
	{6, "chamber states of kind ", "line 6, column 24: a name is missing"},
	{6, "chamber states of kind state, state",
         "line 6, column 31: a kind given twice: \"state\""},
	{6, "chamber all of kind state",
         "line 6, column 9: a word of the language, not free as a name: \"all\""},
	{6, "chamber States of kind state", "line 6, column 9: a name is missing: \"States\""},
	{6, "chamber states  of kind state",
         "line 6, column 15: expected \"of kind\" and the kinds of its parties"},
	{7, "chamber states of kind operator",
         "line 7, column 9: a second chamber or list of this name: \"states\""},
	{7, "chamber 2nd of kind operator",
         "line 7, column 9: not a name: 2 to 63 of a-z, 0-9 and -, a letter first, no - at the "
         "end: \"2nd\""},
	{7, "chambre others of kind operator",
         "line 7, column 1: expected chambers, lists, weights and then the signers: "
         "\"chambre\" (did you mean \"chamber\"?)"},
	{8, "list friends {borealia, aurelia}",
         "line 8, column 25: names stand in ascending order, each once: \"aurelia\""},
	{8, "list friends {aurelia, aurelia}",
         "line 8, column 24: names stand in ascending order, each once: \"aurelia\""},
	{8, "list friends {}", "line 8, column 15: a name is missing"},
	{8, "list friends {aurelia,borealia}",
         "line 8, column 22: expected a comma and a blank, or }"},
	{8, "list others {aurelia}",
         "line 8, column 6: a second chamber or list of this name: \"others\""},
	{9, "chamber late of kind state",
         "line 9, column 1: expected chambers, lists, weights and then the signers: "
         "\"chamber\""},
	{10, "weight aurelia 0",
         "line 10, column 16: expected a weight from 1 to 1000000: \"0\""},
	{10, "weight cascadia 2",
         "line 11, column 8: weights stand in ascending order of names, each name once: "
         "\"borealia\""},
	{12, "signers all", NULL},
	{12, "signers friends", NULL},
	{12, "signers of {aurelia}", NULL},
	{12, "signers stats",
         "line 12, column 9: expected all, a chamber, a list or of {a, b}: "
         "\"stats\" (did you mean \"states\"?)"},
	{12, "signers parties",
         "line 12, column 9: expected all, a chamber, a list or of {a, b}: \"parties\""},
	{12, "signers arbitrators",
         "line 12, column 9: the charter does not name the members of this list: "
         "\"arbitrators\""},
	{12, "signers {aurelia}",
         "line 12, column 9: expected all, a chamber, a list or of {a, b}: \"{aurelia\""},
	{12, "signers states\ninactive after 3 missed duties in 90d", NULL},
	{12, "signers states\ninactive after 1 missed duties in 90d",
         "line 13, column 17: expected \"inactive after K missed duties in SPAN\", K from 2 to 12, at most 366d"},
	{12, "signers states\ninactive after 13 missed duties in 90d",
         "line 13, column 16: expected \"inactive after K missed duties in SPAN\", K from 2 to 12, at most 366d: "
         "\"13\""},
	{12, "signers states\ninactive after 3 missed duties in 367d",
         "line 13, column 35: expected \"inactive after K missed duties in SPAN\", K from 2 to 12, at most 366d: "
         "\"367d\""},
	{6, "chamber states of kind state, recognised by iso3166",
         "line 12, column 9: a register gives and takes no share of the key: \"states\""},
	{7, "chamber others of kind operator, recognised by iso3166", "a register, and no rule register.adopt: \"iso3166\""},
	{7, "chamber others of kind operator, recognised by",
         "line 7, column 44: expected the end of the line"},
	{26, "rule delegate.grant recognised by iso3166 & states > 2/3\nrule register.adopt all", NULL},
	{26, "rule delegate.transfer recognised by iso3166\nrule register.adopt all",
         "line 26, column 6: only party.admit, party.suspend, delegate.grant and delegate.retire ask a register: "
         "\"delegate.transfer recognised by iso3166\""},
	{26, "rule party.suspend removed iso3166",
         "line 26, column 27: expected \"recognised by\" or \"removed from\" and the name of a register"},
	{13, "rule delegate.revoke ruling",
         "line 13, column 1: a rule stands in an article: \"rule\""},
	{13, "\n", "line 14, column 1: expected an article"},
	{14, "article 1",
         "line 20, column 1: this rule stands in an entrenched article: "
         "\"charter.entrench\""},
	{14, "article 0", "line 14, column 9: expected a number from 1 to 999: \"0\""},
	{14, "article 1000", "line 14, column 9: expected a number from 1 to 999: \"1000\""},
	{14, "article 1 for ever", "line 14, column 10: expected the end of the line"},
	{15, NULL,
         "line 15, column 1: an article has words in every language, in their order: "
         "\"zh\""},
	{16, NULL,
         "line 16, column 1: an article has words in every language, in their order: "
         "\"rule\""},
	{16, "zh \xe2\x80\xae",
         "line 16, column 4: not a letter, mark, number, punctuation or "
         "symbol of Unicode 14.0.0"},
	{17, NULL, "a rule that every charter needs is missing: \"delegate.update\""},
	{17, "rule delegate.updat holder",
         "line 17, column 6: no rule has this name: "
         "\"delegate.updat\" (did you mean "
         "\"delegate.update\"?)"},
	{17, "rule delegate.drop-ds holder",
         "line 18, column 6: a second rule of this name: \"delegate.drop-ds\""},
	{17, "rule delegate.update", "line 17, column 21: an expression is missing"},
	{17, "rule delegate.update ", "line 17, column 22: an expression is missing"},
	{20, NULL, "line 14, column 1: an entrenched article, and no rule charter.entrench"},
	{20, "rulle charter.entrench all",
         "line 20, column 1: expected words, then rules, then times and limits, then an empty line and an article: "
         "\"rulle\" (did you mean \"rule\"?)"},
	{20, "rule charter.entrench all\nen Too late.",
         "line 21, column 1: expected words, then rules, then times and limits, then an empty line and an article: "
         "\"en\""},
	{22, "article 1", "line 22, column 9: articles stand in ascending order: \"1\""},
	{22, "article 02", "line 22, column 9: expected a number from 1 to 999: \"02\""},
	{27, "rule charter.amend all\n", "line 29: expected an article"},

	{27, "rule charter.amend all\narbitration answer 1m\narbitration comply 366d\nbatches 1 changes a day", NULL},
	{27, "rule charter.amend all\nbatches 1000000 changes a day\narbitration raise 90s", NULL},
	{20, "rule charter.entrench all\narbitration plead 30m", NULL},
	{27, "arbitration answer 30d\nrule charter.amend all",
         "line 28, column 1: expected words, then rules, then times and limits, then an empty line and an article: "
         "\"rule\""},
	{27, "rule charter.amend all\narbitraton answer 30d",
         "line 28, column 1: expected words, then rules, then times and limits, then an empty line and an article: "
         "\"arbitraton\" (did you mean \"arbitration\"?)"},
	{27, "rule charter.amend all\narbitration anwser 30d",
         "line 28, column 13: no time of an arbitration has this name: \"anwser\" (did you mean \"answer\"?)"},
	{27, "rule charter.amend all\narbitration notice 30d",
         "line 28, column 13: no time of an arbitration has this name: \"notice\""},
	{27, "rule charter.amend all\narbitration answer",
         "line 28, column 19: expected a span of time: 14d, 72h, 30m or 90s"},
	{27, "rule charter.amend all\narbitration answer 0d",
         "line 28, column 20: expected a span of time: 14d, 72h, 30m or 90s: \"0d\""},
	{27, "rule charter.amend all\narbitration answer 59s",
         "line 28, column 20: a time of an arbitration is from 1 minute to 366 days: \"59s\" (did you mean \"1m\"?)"},
	{27, "rule charter.amend all\narbitration award 367d",
         "line 28, column 19: a time of an arbitration is from 1 minute to 366 days: \"367d\" "
         "(did you mean \"366d\"?)"},
	{27, "rule charter.amend all\narbitration award 30d 12h",
         "line 28, column 22: expected the end of the line"},
	{27, "rule charter.amend all\narbitration rank 9d\narbitration rank 8d",
         "line 29, column 13: a time given twice: \"rank\""},
	{27, "rule charter.amend all\nbatches 0 changes a day",
         "line 28, column 9: expected a number of changes from 1 to 1000000: \"0\""},
	{27, "rule charter.amend all\nbatches 1000001 changes a day",
         "line 28, column 9: expected a number of changes from 1 to 1000000: \"1000001\""},
	{27, "rule charter.amend all\nbatches 5 a day", "line 28, column 10: expected \"changes a day\""},
	{27, "rule charter.amend all\nbatches 5 changes a day\nbatches 5 changes a day",
         "line 29, column 1: a limit of batches given twice: \"batches\""},

	{26, "rule delegate.grant holder", NULL},
	{26, "rule delegate.grant Holder",
         "line 26, column 21: no clause begins so: \"Holder\""},
	{26, "rule delegate.grant houlder",
         "line 26, column 21: no clause begins so: \"houlder\" (did you mean \"holder\"?)"},
	{26, "rule delegate.grant statse > 2/3",
         "line 26, column 21: no clause begins so: \"statse\" (did you mean \"states\"?)"},
	{26, "rule delegate.grant  holder", "line 26, column 21: one blank too many"},
	{26, "rule delegate.grant holder ",
         "line 26, column 28: expected &, |, a comma and a timing, or the end of the line"},
	{26, "rule delegate.grant holder and checked",
         "line 26, column 28: expected &, |, a comma and a timing, or the end of the line: "
         "\"and\" (did you mean \"&\"?)"},
	{26, "rule delegate.grant holder &checked",
         "line 26, column 28: expected &, |, a comma and a timing, or the end of the line: "
         "\"&checked\""},
	{26, "rule delegate.grant holder & ", "line 26, column 30: an expression is missing"},
	{26, "rule delegate.grant states",
         "line 26, column 27: expected > or >= and a fraction"},
	{26, "rule delegate.grant states > 2",
         "line 26, column 31: expected a fraction p/q, p "
         "from 1 to q, q at most 1000"},
	{26, "rule delegate.grant states > 0/3",
         "line 26, column 30: expected a fraction p/q, p "
         "from 1 to q, q at most 1000: \"0/3\""},
	{26, "rule delegate.grant states > 2/1001",
         "line 26, column 32: expected a fraction p/q, p from 1 to q, q at most 1000: "
         "\"1001\""},
	{26, "rule delegate.grant states > 4/3",
         "line 26, column 30: more than the whole: "
         "\"4/3\""},
	{26, "rule delegate.grant states > 1/1",
         "line 26, column 30: nothing is more than the whole: \"1/1\""},
	{26, "rule delegate.grant states >= 1/1", NULL},
	{26, "rule delegate.grant states > 2/3 by weight", NULL},
	{26, "rule delegate.grant states > 2/3 of vots cast",
         "line 26, column 34: expected &, |, a comma and a timing, or the end of the line: "
         "\"of\""},
	{26, "rule delegate.grant states > 2/3 excluding concerned by weight",
         "line 26, column 54: expected &, |, a comma and a timing, or the end of the line: "
         "\"by\""},
	{26, "rule delegate.grant 3 of friends",
         "line 26, column 21: more than the set has "
         "names: \"3 of friends\""},
	{26, "rule delegate.grant 2 of friends & 2 of {cascadia, delmare}", NULL},
	{26, "rule delegate.grant 3 of {cascadia, delmare}",
         "line 26, column 21: more than the set has names: \"3 of {cascadia, delmare}\""},
	{26, "rule delegate.grant 0 of states",
         "line 26, column 21: expected a number from 1 to 512: \"0\""},
	{26, "rule delegate.grant 513 of states",
         "line 26, column 21: expected a number from 1 to 512: \"513\""},
	{26, "rule delegate.grant 2 of sates",
         "line 26, column 26: no such chamber or list: "
         "\"sates\" (did you mean \"states\"?)"},
	{26, "rule delegate.grant 2 of arbitrators",
         "line 26, column 26: the charter does not name the members of this list: "
         "\"arbitrators\""},
	{26, "rule delegate.grant no veto of {aurelia}", NULL},
	{26, "rule delegate.grant no vetoes of {aurelia}",
         "line 26, column 23: expected \"veto of\" and a set of parties"},
	{26, "rule delegate.grant objections friends < 3",
         "line 26, column 42: more than the set has names: \"3\""},
	{26, "rule delegate.grant objections friends <= 2",
         "line 26, column 39: expected < and a number"},
	{26, "rule delegate.grant party x",
         "line 26, column 27: not a name: 2 to 63 of a-z, 0-9 and -, no - at either end: "
         "\"x\""},
	{26, "rule delegate.grant party aurelia-",
         "line 26, column 27: not a name: 2 to 63 of a-z, 0-9 and -, no - at either end: "
         "\"aurelia-\""},
	{26, "rule delegate.grant party -aurelia",
         "line 26, column 27: not a name: 2 to 63 of a-z, 0-9 and -, no - at either end: "
         "\"-aurelia\""},
	{26, "rule delegate.grant lal",
         "line 26, column 21: no clause begins so: \"lal\" (did you mean \"all\"?)"},
	{26, "rule delegate.grant quorum 1/2 & quorum 1/2 of friends by weight", NULL},
	{26, "rule delegate.grant holder & recipient | checked",
         "line 26, column 40: & and | meet without parentheses: \"|\""},
	{26, "rule delegate.grant (holder & recipient) | checked", NULL},
	{26, "rule delegate.grant (holder & recipient) & checked",
         "line 26, column 21: parentheses that change nothing: \"(holder & recipient)\""},
	{26, "rule delegate.grant checked & (holder & recipient)",
         "line 26, column 31: parentheses that change nothing: \"(holder & recipient)\""},
	{26, "rule delegate.grant (holder | checked)",
         "line 26, column 21: parentheses that change nothing: \"(holder | checked)\""},
	{26, "rule delegate.grant (holder) | checked",
         "line 26, column 21: parentheses around a single clause: \"(holder)\""},
	{26, "rule delegate.grant ((holder | checked)) & all",
         "line 26, column 22: parentheses that change nothing: \"(holder | checked)\""},
	{26, "rule delegate.grant (holder | checked & all",
         "line 26, column 39: & and | meet without parentheses: \"&\""},
	{26, "rule delegate.grant (holder | checked", "line 26, column 38: expected &, | or )"},
	{26, "rule delegate.grant holder)",
         "line 26, column 27: expected &, |, a comma and a timing, or the end of the line"},

	{26,
         "rule delegate.grant all, vote 14d, delay 2d, cure 1h, sunset 3m, ratify 4s by all",
         NULL},
	{26, "rule delegate.grant all, comment 7d, vote 14d", NULL},
	{26, "rule delegate.grant all, coment 7d",
         "line 26, column 26: no timing begins so: \"coment\" (did you mean \"comment\"?)"},
	{26, "rule delegate.grant all, vote 14d, comment 7d",
         "line 26, column 36: timings stand in the order comment, vote, late quorum, objection, "
         "expedited, delay, cure, sunset, ratify: \"comment\""},
	{26, "rule delegate.grant all, delay 2d, vote 14d",
         "line 26, column 36: timings stand in the order comment, vote, late quorum, objection, "
         "expedited, delay, cure, sunset, ratify: \"vote\""},
	{26, "rule delegate.grant all, vote 14d, delay 2d, vote 3d",
         "line 26, column 46: a timing given twice: \"vote\""},
	{26, "rule delegate.grant all, votes 14d",
         "line 26, column 26: no timing begins so: \"votes\" (did you mean \"vote\"?)"},
	{26, "rule delegate.grant all, late quorom extends 2d",
         "line 26, column 26: no timing begins so: \"late\" (did you mean \"late quorum "
         "extends\"?)"},
	{26, "rule delegate.grant all, late quorum extends 2d",
         "line 26, column 26: this rule has no quorum: \"late quorum extends\""},
	{26, "rule delegate.grant all & quorum 1/2, late quorum extends 2d", NULL},
	{26, "rule delegate.grant all,vote 14d",
         "line 26, column 24: expected &, |, a comma and a timing, or the end of the line"},
	{26, "rule delegate.grant all, vote 14",
         "line 26, column 31: expected a span of time: 14d, 72h, 30m or 90s: \"14\""},
	{26, "rule delegate.grant all, vote 0d",
         "line 26, column 31: expected a span of time: 14d, 72h, 30m or 90s: \"0d\""},
	{26, "rule delegate.grant all, vote",
         "line 26, column 30: expected a span of time: 14d, 72h, 30m or 90s"},
	{26, "rule delegate.grant all, objection 3d",
         "line 26, column 38: expected \"by\" and "
         "who decides"},
	{26, "rule delegate.grant all, objection 3d by intrested",
         "line 26, column 42: no such chamber or list: \"intrested\" (did you mean "
         "\"interested\"?)"},
	{26, "rule delegate.grant all, vote 3d, expedited 2d by states > 2/3", NULL},
	{26, "rule delegate.grant all, vote 2d, expedited 2d by states > 2/3",
         "line 26, column 35: not shorter than the vote: \"expedited 2d\""},
	{26, "rule delegate.grant all, expedited 14d by states > 2/3",
         "line 26, column 26: not shorter than the vote: \"expedited 14d\""},
	{26, "rule delegate.grant all, objection 3d by states, expedited 2d by 1 of states",
         "line 26, column 50: a time to object cannot be expedited: \"expedited 2d\""},
	{26, "rule delegate.grant all, expedited 2d by all & no veto of states",
         "line 26, column 42: vetoes and objections cannot be expedited: \"all & no veto of "
         "states\""},
};

static void changes(void)
{
	struct charter charter;
	char told[500], name[200];
	enum mishap m;

	ok(reads(base_with(0, NULL), &charter, told, &m), "the base reads");
	for (size_t i = 0; i < sizeof(CHANGES) / sizeof(CHANGES[0]); i++) {
		const struct change *c = &CHANGES[i];
		bool good = reads(base_with(c->number, c->line), &charter, told, &m);

		snprintf(name, sizeof(name), "line %u: %.*s", c->number,
		         (int)strcspn(c->line == NULL ? "(left out)" : c->line, "\n"),
		         c->line == NULL ? "(left out)" : c->line);
		if (!ok(good == (c->told == NULL) && (good || strcmp(told, c->told) == 0),
		        name))
			printf("# told: %s\n", told);
	}
}

static void weights_are_needed(void)
{
	char text[TEXT_MAX], told[500];
	struct bytes base = base_with(26, "rule delegate.grant states > 1/2 by weight");
	struct charter charter;
	enum mishap m;
	char *at;

	memcpy(text, base.at, base.size);
	text[base.size] = 0;
	at = strstr(text, "weight aurelia");
	memmove(at, strstr(text, "signers"), strlen(strstr(text, "signers")) + 1);
	ok(!reads(bytes_of(text), &charter, told, &m) &&
	           strcmp(told,
	                  "line 24, column 34: no party has a weight here: \"by weight\"") == 0,
	   "by weight without weights");
}

static void prevailing(void)
{
	struct charter charter;
	char told[500];
	enum mishap m;

	ok(law("or one prevails") &&
	           reads(base_with(3, "languages en zh, zh prevails"), &charter, told, &m) &&
	           is(charter.prevails, "zh"),
	   "one language prevails");
}

static void weights(void)
{
	struct charter charter;
	char told[500];
	enum mishap m;

	if (!reads(base_with(0, NULL), &charter, told, &m))
		bail_out(told);
	ok(charter_weight(&charter, BYTES("aurelia")) == 5 &&
	           charter_weight(&charter, BYTES("borealia")) == 2,
	   "weights as given");
	ok(law("A party that is not named has weight 1.") &&
	           charter_weight(&charter, BYTES("cascadia")) == 1,
	   "and 1 where none is");
	ok(is(charter.weights_source, "weight aurelia 5\nweight borealia 2\n"),
	   "and their lines");
}

/* A text that ends too early is short or broken, never accepted and never read beyond. */
static void cut_short(void)
{
	struct bytes text = base_with(0, NULL);
	struct charter charter;
	uint8_t *exact;
	char told[500];
	enum mishap m;
	bool refused = true, shorts = true;

	for (size_t size = 0; size < text.size; size++) {
		bool at_line = size == 0 || text.at[size - 1] == '\n';

		exact = malloc(size + 1); /* so that a sanitizer sees one octet too many */
		memcpy(exact, text.at, size);
		refused = refused && !reads((struct bytes){exact, size}, &charter, told, &m);
		shorts = shorts && (m == MISHAP_SHORT || (at_line && m == MISHAP_MALFORMED));
		free(exact);
	}
	ok(refused, "no beginning of a charter is a charter");
	ok(shorts, "and most of them are short");
}

/* --- Limits. */

static char big[4 * TEXT_MAX];

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
	size_t used = strlen(big);
	va_list more;

	va_start(more, format);
	vsnprintf(big + used, sizeof(big) - used, format, more);
	va_end(more);
}

static void put_head(void)
{
	big[0] = 0;
	put("comity-charter/1\nversion 1\nlanguages en\ntitle en Big\n");
}

static void put_needed(void)
{
	put("\narticle 1\nen Big\n");
	for (size_t i = 0; i < CHARTER_RULES_MAX; i++)
		if (CHARTER_RULE_NAMES[i].needed)
			put("rule %s holder\n", CHARTER_RULE_NAMES[i].name);
}

static enum mishap read_big(struct charter *charter, char told[500])
{
	enum mishap m;

	(void)reads(bytes_of(big), charter, told, &m);
	return m;
}

static enum mishap with_sets(unsigned count, char told[500])
{
	struct charter charter;

	put_head();
	for (unsigned i = 0; i < count; i++)
		put("chamber c%u of kind state\n", i);
	put("signers all\n");
	put_needed();
	return read_big(&charter, told);
}

static enum mishap with_articles(unsigned count, char told[500])
{
	struct charter charter;

	put_head();
	put("signers all\n");
	put_needed();
	for (unsigned i = 2; i <= count; i++)
		put("\narticle %u\nen Big\n", i);
	return read_big(&charter, told);
}

static enum mishap with_weights(unsigned count, char told[500])
{
	struct charter charter;

	put_head();
	for (unsigned i = 0; i < count; i++)
		put("weight p%03u 1\n", i);
	put("signers all\n");
	put_needed();
	return read_big(&charter, told);
}

static enum mishap with_clauses(unsigned count, char told[500])
{
	struct charter charter;

	put_head();
	put("signers all\n");
	put_needed();
	put("rule delegate.grant all");
	for (unsigned i = 1; i < count; i++)
		put(" & all");
	put("\n");
	return read_big(&charter, told);
}

static enum mishap with_depth(unsigned depth, char told[500])
{
	struct charter charter;

	put_head();
	put("signers all\n");
	put_needed();
	put("rule delegate.grant ");
	for (unsigned i = 0; i < depth; i++)
		put("all %s (", i % 2 == 0 ? "&" : "|");
	put("all %s all", depth % 2 == 0 ? "&" : "|");
	for (unsigned i = 0; i < depth; i++)
		put(")");
	put("\n");
	return read_big(&charter, told);
}

static enum mishap with_words(unsigned size, char told[500])
{
	struct charter charter;

	put_head();
	put("signers all\n");
	put_needed();
	put("\narticle 2\nen %0*d\n", (int)size - 3, 0);
	return read_big(&charter, told);
}

static enum mishap with_size(size_t size, char told[500])
{
	struct charter charter;

	put_head();
	put("signers all\n");
	put_needed();
	put("\narticle 2\nen 0\n");
	while (strlen(big) + 1001 + 5 <= size)
		put("en %0997d\n", 0);
	put("en %0*d\n", (int)(size - strlen(big) - 4), 0);
	return strlen(big) == size ? read_big(&charter, told) : MISHAP_IO;
}

static void limits(void)
{
	char told[500];

	ok(with_sets(32, told) == OK && with_sets(33, told) == MISHAP_LIMIT &&
	           law("32 chambers and lists"),
	   told);
	ok(with_articles(128, told) == OK && with_articles(129, told) == MISHAP_LIMIT &&
	           law("128 articles"),
	   told);
	ok(with_weights(512, told) == OK && with_weights(513, told) == MISHAP_LIMIT &&
	           law("512 weights"),
	   told);
	ok(with_clauses(63, told) == OK && with_clauses(64, told) == MISHAP_LIMIT &&
	           law("64 clauses in an expression"),
	   told);
	ok(with_depth(8, told) == OK && with_depth(9, told) == MISHAP_LIMIT &&
	           law("8 parentheses deep"),
	   told);
	ok(with_words(1000, told) == OK && with_words(1001, told) == MISHAP_LIMIT &&
	           law("1,000 octets a line"),
	   told);
	ok(with_size(CHARTER_SIZE_MAX, told) == OK &&
	           with_size(CHARTER_SIZE_MAX + 1, told) == MISHAP_LIMIT &&
	           law("24,576 octets of text"),
	   told);
}

/* `count` clauses of twelve octets, which take as much memory for an octet as any. */
static void put_dense(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put("%s1 of {aa}", i == 0 ? "" : " & ");
}

static void memory_is_enough(void)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct charter_fault fault;
	struct charter charter;
	unsigned room;

	put_head();
	for (unsigned l = 0; l < 5; l++) {
		put("list l%u {", l);
		for (unsigned i = 0; i < 246; i++)
			put("%s%c%c", i == 0 ? "" : ", ", 'a' + i / 26, 'a' + i % 26);
		put("}\n");
	}
	put("signers all\n\narticle 1 entrenched\nen Big\n");
	room = (unsigned)((CHARTER_SIZE_MAX - strlen(big)) / CHARTER_RULES_MAX); /* octets a rule */
	for (size_t i = 0; i < CHARTER_RULES_MAX; i++) {
		put("rule %s ", CHARTER_RULE_NAMES[i].name);
		put_dense((room - 48) / 12 - 16);
		put(", ratify 1d by ");
		put_dense(16);
		put("\n");
	}
	ok(charter_read(bytes_of(big), &arena, &charter, &fault) == OK, "a dense charter");
	printf("# %zu octets of text, %zu of %zu of arena\n", strlen(big), arena.used,
	       CHARTER_MEMORY);
	ok(arena.used <= CHARTER_MEMORY && arena.used > CHARTER_MEMORY / 3 * 2,
	   "CHARTER_MEMORY is enough, and not much too much");
}

int main(void)
{
	if (getenv("COMITY_SOURCE") == NULL)
		bail_out("COMITY_SOURCE must name the source tree");
	parameters();
	seven_equals();
	two_chambers();
	articles_are_the_text();
	the_page();
	changes();
	weights_are_needed();
	weights();
	prevailing();
	cut_short();
	limits();
	memory_is_enough();
	return done_testing();
}
