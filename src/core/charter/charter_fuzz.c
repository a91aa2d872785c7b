/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/charter.h"

#include "base/words.h"
#include "charter/amend.h"
#include "charter/judge.h"
#include "fuzz.h"

#define PARTIES 9

static uint8_t memory[CHARTER_MEMORY] __attribute__((aligned(16)));

static bool within(struct bytes whole, struct bytes part)
{
	return part.size == 0 ||
	       (part.at >= whole.at && part.at + part.size <= whole.at + whole.size);
}

static void check_expression(struct bytes text, const struct charter_expression *e)
{
	must(e->count == 0 || e->clauses[0].span == e->count);
	for (size_t i = 0; i < e->count; i++) {
		const struct charter_clause *c = &e->clauses[i];

		must(c->span >= 1 && i + c->span <= e->count);
		must((c->span > 1) == charter_clause_joins(c));
		must(within(text, c->source) && c->source.size != 0);
		must(c->set == NULL || c->set->kind != SET_LATER);
		must(c->q == 0 || (c->p >= 1 && c->p <= c->q));
	}
}

/* Nine parties whose kinds and names the charter knows, as far as it names any. */
static void make_case(const struct charter *charter, uint64_t seed,
                      struct charter_party *parties)
{
	static const char *const NAMES[PARTIES] = {"aurelia", "borealia", "cascadia",
	                                           "delmare", "estuary",  "fjordland",
	                                           "gaul",    "hibernia", "iberia"};

	for (size_t i = 0; i < PARTIES;
	     i++, seed = seed * 6364136223846793005u + 1442695040888963407u) {
		const struct charter_set *set =
			charter->set_count == 0
				? NULL
				: &charter->sets[(seed >> 20) % charter->set_count];
		uint64_t bits = seed >> 33;

		parties[i] = (struct charter_party){
			.name = bytes_of(NAMES[i]),
			.kind = set == NULL || set->count == 0 ? BYTES("state") : set->words[0],
			.weight = charter_weight(charter, bytes_of(NAMES[i])),
			.vote = (enum charter_vote)(bits & 3),
			.objects = (bits >> 2 & 15) == 0,
			.holder = (bits >> 6 & 3) == 0,
			.recipient = (bits >> 8 & 3) == 0,
			.proposer = i == 0,
			.concerned = (bits >> 10 & 3) == 0,
			.interested = (bits >> 12 & 1) == 0,
			.suspended = (bits >> 13 & 7) == 0,
			.unlisted = (bits >> 16 & 3) == 0 && set != NULL ? set->recognised_by : BYTES(""),
		};
	}
}

static void check_words(const struct charter_rule *rule, const struct charter_case *c)
{
	uint8_t words[8000];
	struct fault fault;

	for (int language = CHARTER_EN; language <= CHARTER_ZH; language++) {
		struct writer w = {.at = words, .size = sizeof(words)};

		charter_tell(rule, c, (enum charter_language)language, &w);
		must(!w.full && w.used != 0);
		must(w.used > WORDS_SIZE_MAX || words_valid(writer_bytes(&w), &fault));
	}
}

/* A yes never makes it worse, and in the end there is a decision. */
static void check_judging(const struct charter_rule *rule, struct charter_party *parties)
{
	struct charter_listing listing = {BYTES("iso3166"), (enum charter_listing_status)((unsigned)parties[0].vote + parties[1].objects)};
	struct charter_case c = {.parties = parties, .count = PARTIES, .listings = &listing, .listing_count = 1};
	struct charter_verdict before, after;

	charter_judge(rule, &c, &before);
	must(before.outcome == CHARTER_FAILS || (!before.objected && !before.unavailable));
	check_words(rule, &c);
	for (size_t i = 0; i < PARTIES; i++) {
		enum charter_vote vote = parties[i].vote;

		parties[i].vote = VOTE_YES;
		charter_judge(rule, &c, &after);
		must(after.outcome >= before.outcome);
		parties[i].vote = vote;
	}
	c.vote_over = c.objection_over = c.expedited_over = c.comment_over = true;
	charter_judge(rule, &c, &after);
	must(after.outcome != CHARTER_OPEN);
	must(before.outcome != CHARTER_FAILS || after.outcome == CHARTER_FAILS);
	must(before.outcome != CHARTER_HOLDS || before.expedited ||
	     after.outcome == CHARTER_HOLDS);
	check_words(rule, &c);
}

/* Every register that the charter names, once. */
static void check_registers(const struct charter *charter)
{
	for (size_t i = 0; i < charter->register_count; i++) {
		must(within(charter->text, charter->registers[i]) && charter->registers[i].size != 0);
		must(i == 0 || !bytes_same(charter->registers[0], charter->registers[i]));
	}
	must(charter->register_count == 0 || charter_rule(charter, BYTES("register.adopt")) != NULL);
	must(charter->signers->recognised_by.size == 0);
	must((charter->inactive_missed != 0) == (charter->inactive_source.size != 0));
	must((charter->inactive_missed != 0) == (charter->inactive_within != 0));
}

static void check(const struct charter *charter, uint64_t seed)
{
	struct charter_party parties[PARTIES];

	for (size_t i = 0; i < charter->rule_count; i++) {
		const struct charter_rule *rule = &charter->rules[i];

		must(charter_rule(charter, rule->name) == rule);
		must(charter_article(charter, rule->article) != NULL);
		must(within(charter->text, rule->source) && rule->vote > 0);
		must((rule->ratify != 0) == (rule->ratified.count != 0));
		must((rule->expedited != 0) == (rule->fast.count != 0));
		must((rule->comment != 0) == (rule->comment_source.size != 0));
		must((rule->objection != 0) == (rule->objectors != NULL));
		check_expression(charter->text, &rule->consent);
		check_expression(charter->text, &rule->fast);
		check_expression(charter->text, &rule->ratified);
		make_case(charter, seed + i, parties);
		check_judging(rule, parties);
		must(charter_rule_same(charter, rule, charter, rule));
	}
}

/* Each number is within its bounds, and is a default or stands in an article. */
static void check_numbers(const struct charter *charter)
{
	for (unsigned i = 0; i < CHARTER_TIMES; i++) {
		int64_t seconds = charter->times.seconds[i];

		must(seconds >= CHARTER_TIME_MIN && seconds <= CHARTER_TIME_MAX);
		must(charter->time_article[i] != 0 ? charter_article(charter, charter->time_article[i]) != NULL
		                                   : seconds == CHARTER_TIMES_DEFAULT.seconds[i]);
	}
	must(charter->batches >= 1 && charter->batches <= CHARTER_BATCHES_MAX);
	must(charter->batches_article != 0 ? charter_article(charter, charter->batches_article) != NULL
	                                   : charter->batches == CHARTER_BATCHES);
}

/* Whatever the bytes, reading is total; what was read keeps its promises. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct charter_fault fault = {0};
	struct charter charter;
	struct bytes text = {data, size};
	uint8_t words[1000];
	struct writer w = {.at = words, .size = sizeof(words)};

	if (charter_read(text, &arena, &charter, &fault) != OK) {
		must(fault.at.why != NULL);
		charter_fault_write(&fault, &w);
		must(!w.full && w.used != 0);
		return 0;
	}
	must(fault.at.why == NULL && bytes_same(charter.text, text));
	must(charter_amending_rule(&charter, &charter) ==
	     charter_rule(&charter, BYTES("charter.amend")));
	check_registers(&charter);
	check_numbers(&charter);
	check(&charter, size * 0x9e3779b97f4a7c15u + text.at[size / 2]);
	return 0;
}
