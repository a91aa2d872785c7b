/* SPDX-License-Identifier: Apache-2.0 */
/* Games and figures: published ones, and three ways that agree. */
#include "power/figures.h"

#include <stdlib.h>
#include <time.h>

#include "power/search.h"
#include "tap.h"

static uint8_t reading[CHARTER_MEMORY] __attribute__((aligned(16)));
static struct arena memory;

/* A charter whose rule delegate.grant is `rule`. */
static struct charter charter_with(const char *head, const char *rule)
{
	static char text[CHARTER_SIZE_MAX];
	struct arena arena = {reading, sizeof(reading), 0};
	int size = snprintf(text, sizeof(text),
	                    "comity-charter/1\nversion 1\nlanguages en\ntitle en Test\n%ssigners all\n\n"
	                    "article 1\nen Test\nrule delegate.update holder\nrule delegate.drop-ds "
	                    "holder\nrule party.withdraw holder\nrule charter.amend all\n"
	                    "rule delegate.grant %s\n",
	                    head, rule);
	struct charter_fault fault;
	struct charter charter;

	if (charter_read((struct bytes){(uint8_t *)text, (size_t)size}, &arena, &charter, &fault) != OK)
		bail_out(fault.at.why);
	return charter;
}

static struct game game_with(const struct charter *charter, const struct charter_party *parties,
                             size_t count)
{
	struct game_setting setting = {.parties = parties, .count = count};
	struct game game;

	memory.used = 0;
	game_begin(&game, &setting, &memory);
	game_rule(&game, &setting, charter_rule(charter, BYTES("delegate.grant")));
	game_seal(&game, &memory);
	return game;
}

/* A fraction of 2^60 in parts of 10^6, rounded. */
static uint64_t millionths(uint64_t of)
{
	return ((of >> 20) * 1000000 + ((uint64_t)1 << 39)) >> 40;
}

static uint64_t banzhaf_of(const struct game *game, const struct figures *f, size_t seat)
{
	return millionths(f->banzhaf[game->class_of[seat]]);
}

static uint64_t shapley_of(const struct game *game, const struct figures *f, size_t seat)
{
	return millionths(f->shapley[game->class_of[seat]]);
}

/* Whether what both have is the same. */
static bool figures_agree(const struct game *game, const struct figures *a, const struct figures *b)
{
	if (natural_compare(&a->winning, &b->winning) != 0)
		return false;
	if (a->has_minimal && b->has_minimal && natural_compare(&a->minimal, &b->minimal) != 0)
		return false;
	for (size_t c = 0; c < game->classes; c++)
		if (natural_compare(&a->swings[c], &b->swings[c]) != 0 || a->banzhaf[c] != b->banzhaf[c] ||
		    (a->has_shapley && b->has_shapley && a->shapley[c] != b->shapley[c]))
			return false;
	return true;
}

static void security_council(void)
{
	struct charter charter = charter_with(
		"chamber council of kind permanent, elected\nchamber permanent of kind permanent\n",
		"9 of council & no veto of permanent");
	struct charter_party parties[15] = {0};
	struct figures f;
	struct search s;
	struct game game, dual;
	uint16_t *one;

	for (size_t i = 0; i < 15; i++)
		parties[i] = (struct charter_party){
			.name = BYTES("x"),
			.kind = bytes_of(i < 5 ? "permanent" : "elected"),
			.weight = 1,
		};
	game = game_with(&charter, parties, 15);
	figures_find(&game, &memory, &f);
	ok(f.way == FIGURES_BY_CLASSES && f.monotone, "Security Council: by classes, monotone");
	ok(f.winning.limb[0] == 848, "848 coalitions win");
	ok(f.minimal.limb[0] == 210, "210 of them are minimal: 10 over 4");
	/* 421/2145 and 4/2145 (Shapley and Shubik); 848/5080 and 84/5080 (Banzhaf). */
	ok(shapley_of(&game, &f, 0) == 196270 && shapley_of(&game, &f, 5) == 1865,
	   "Shapley-Shubik 421/2145 and 4/2145");
	ok(banzhaf_of(&game, &f, 0) == 166929 && banzhaf_of(&game, &f, 5) == 16535,
	   "Banzhaf 848/5080 and 84/5080");
	search_smallest(&game, &memory, &s);
	ok(s.found && s.exact && s.count == 9, "nine at least");
	game_dual(&game, &dual, &memory);
	search_smallest(&dual, &memory, &s);
	ok(s.found && s.exact && s.count == 1, "one can stop it");
	ok(search_proper(&game, &memory, &one) == SEARCH_PROPER, "proper");
}

/* Percent of the Union's population on 1 January 2024, in hundredths, as the Council took it for
 * 2025 (docs/power.md). */
static const uint32_t EU[27] = {1849, 1517, 1323, 1078, 833, 423, 401, 262, 242, 236, 234, 231, 213, 202,
                                143,  132,  125,  121,  119, 86,  64,  47,  42,  30,  21,  15,  12};

static void council_of_the_union(void)
{
	struct charter charter = charter_with(
		"chamber council of kind state\nweight xx 1\n",
		"(council >= 11/20 & council >= 13/20 by weight) | 24 of council");
	struct charter_party parties[27] = {0};
	struct figures f, g;
	struct search s;
	struct game game, dual;
	clock_t from;
	uint16_t *one;
	uint64_t sum = 0;

	for (size_t i = 0; i < 27; i++)
		parties[i] = (struct charter_party){.kind = BYTES("state"), .weight = EU[i]};
	game = game_with(&charter, parties, 27);
	from = clock();
	ok(figures_by(FIGURES_BY_SEATS, &game, &memory, &f), "Council of the EU: 2^27 coalitions");
	printf("# %.2f s of CPU\n", (double)(clock() - from) / CLOCKS_PER_SEC);
	/* 13.2 % of coalitions win (Petroczy and Csato, Group Decision and Negotiation 2026). */
	ok((millionths(f.passing) + 500) / 1000 == 132, "13.2 percent of coalitions win");
	for (size_t i = 0; i < 27; i++)
		sum += shapley_of(&game, &f, i);
	ok(sum > 999980 && sum < 1000020, "Shapley-Shubik: together one");
	search_smallest(&game, &memory, &s);
	ok(s.found && s.exact && s.count == 15, "fifteen at least");
	game_dual(&game, &dual, &memory);
	search_smallest(&dual, &memory, &s);
	ok(s.found && s.exact && s.count == 4, "the blocking minority has four members at least");
	ok(search_proper(&game, &memory, &one) == SEARCH_PROPER, "proper");
	ok(figures_by(FIGURES_BY_SUMS, &game, &memory, &g) && figures_agree(&game, &f, &g),
	   "and the same by sums");
}

/* Shares of votes in the Fund, in hundredths of a percent: the seven largest chairs as published,
 * the other eighteen alike (docs/power.md). */
static void fund(void)
{
	static const uint32_t CHAIRS[7] = {1649, 614, 608, 546, 531, 453, 420};
	struct charter charter = charter_with("chamber board of kind chair\nweight xx 1\n",
	                                      "board >= 17/20 by weight");
	struct charter_party parties[25] = {0};
	struct figures f, g;
	struct search s;
	struct game game, dual;

	for (size_t i = 0; i < 25; i++)
		parties[i] = (struct charter_party){
			.kind = BYTES("chair"),
			.weight = i < 7 ? CHAIRS[i] : i < 20 ? 288 : 287,
		};
	game = game_with(&charter, parties, 25);
	figures_find(&game, &memory, &f);
	ok(f.has_shapley && f.has_minimal, "the Fund's 85 percent");
	ok(figures_by(FIGURES_BY_SUMS, &game, &memory, &g) && figures_agree(&game, &f, &g),
	   "the same by sums");
	game_dual(&game, &dual, &memory);
	search_smallest(&dual, &memory, &s);
	ok(s.found && s.count == 1 && s.taken[game.class_of[0]] == 1,
	   "the largest alone stops it: 16.49 percent are more than 15");
	parties[0].vote = VOTE_NO;
	game = game_with(&charter, parties, 25);
	search_smallest(&game, &memory, &s);
	ok(!s.found && s.exact, "all others together do not carry it");
	parties[0].vote = VOTE_NONE;
	parties[0].weight = 1400;
	game = game_with(&charter, parties, 25);
	game_dual(&game, &dual, &memory);
	search_smallest(&dual, &memory, &s);
	ok(s.found && s.count == 2, "with less than 15 percent it could not");
}

/* 193 states and as many others: two chambers, three, and votes weighed. */
static void large(void)
{
	static const char *const RULES[] = {
		"states > 2/3 & others > 1/2",
		"states > 2/3 & others > 1/2 & parties > 3/5 of votes cast",
		"states >= 17/20 by weight",
		"(states > 2/3 & others >= 1/3) | 9 of friends",
	};
	struct charter charter;
	struct charter_party *parties = calloc(386, sizeof(*parties));
	struct figures f;
	struct search s;
	struct game game;

	for (size_t i = 0; i < 386; i++)
		parties[i] = (struct charter_party){
			.name = i < 10 ? bytes_of((const char *[]){"aa", "ab", "ac", "ad", "ae", "af", "ag",
		                                                    "ah", "ai", "aj"}[i])
		                       : BYTES("zz"),
			.kind = bytes_of(i < 193 ? "state" : "other"),
			.weight = (uint32_t)(1 + i * i % 97),
		};
	for (size_t i = 0; i < 4; i++) {
		clock_t from = clock();

		charter = charter_with("chamber states of kind state\nchamber others of kind other\n"
		                       "list friends {aa, ab, ac, ad, ae, af, ag, ah, ai, aj}\nweight xx 1\n",
		                       RULES[i]);
		game = game_with(&charter, parties, 386);
		figures_find(&game, &memory, &f);
		search_smallest(&game, &memory, &s);
		printf("# %.2f s of CPU: %s\n", (double)(clock() - from) / CLOCKS_PER_SEC, RULES[i]);
		ok(f.way != FIGURES_NONE && f.has_shapley && s.found && s.exact, RULES[i]);
	}
	free(parties);
}

/* The judge's word on a coalition: it says yes, and the others no and object, or nothing. */
static bool judge_holds(const struct charter_rule *rule, struct charter_party *parties, size_t count,
                        unsigned in, bool opposed)
{
	struct charter_case c = {.parties = parties,
	                         .count = count,
	                         .comment_over = true,
	                         .vote_over = true,
	                         .objection_over = true,
	                         .expedited_over = true};
	struct charter_verdict verdict;

	for (size_t i = 0; i < count; i++) {
		parties[i].vote = in >> i & 1 ? VOTE_YES : opposed ? VOTE_NO : VOTE_NONE;
		parties[i].objects = opposed && !(in >> i & 1);
	}
	charter_judge(rule, &c, &verdict);
	for (size_t i = 0; i < count; i++) {
		parties[i].vote = VOTE_NONE;
		parties[i].objects = false;
	}
	return verdict.outcome == CHARTER_HOLDS;
}

static const char *const SMALL[] = {
	"all", "states > 1/2", "states > 1/2 of votes cast, vote 3d", "3 of parties excluding concerned",
	"states > 1/2 by weight & others >= 1/3", "quorum 2/3 & parties > 1/2 of votes cast by weight",
	"no veto of {aa, ab} & parties >= 1/2", "objections states < 2 & 2 of states",
	"parties > 1/2, objection 3d by {aa, ac}", "holder & 2 of others",
	"(states >= 2/3 & no veto of {aa, ab, ac}) | 5 of parties", "party ab | others >= 1/1 by weight",
	"quorum 1/2 of states by weight & states >= 1/1 of votes cast & 1 of others",
};

/* A game is what the judge makes of its coalitions, and three ways lead to the same figures. */
static void small(void)
{
	static const char *const NAMES[8] = {"aa", "ab", "ac", "ad", "ae", "af", "ag", "ah"};
	bool agrees = true, same = true, silent = true, dual_holds = true;
	uint32_t dice = 1;

	for (size_t i = 0; i < 40 * sizeof(SMALL) / sizeof(SMALL[0]); i++) {
		const char *text = SMALL[i % (sizeof(SMALL) / sizeof(SMALL[0]))];
		struct charter charter = charter_with("chamber states of kind state\nchamber others of kind "
		                                      "other, third\nweight xx 1\n", text);
		const struct charter_rule *rule = charter_rule(&charter, BYTES("delegate.grant"));
		struct game_setting setting = {.stance = GAME_SILENT};
		struct charter_party parties[8] = {0};
		struct figures f[3];
		struct game game, quiet, dual;
		size_t count = 2 + i % 7;
		bool in[8], out[8];

		for (size_t p = 0; p < count; p++) {
			dice = dice * 1664525 + 1013904223;
			parties[p] = (struct charter_party){
				.name = bytes_of(NAMES[p]),
				.kind = bytes_of(dice >> 28 < 9 ? "state" : dice >> 28 < 12 ? "other" : "third"),
				.weight = 1 + (dice >> 20 & 7),
				.holder = p == 0,
				.concerned = (dice >> 16 & 7) == 0,
				.suspended = (dice >> 12 & 7) == 0,
			};
		}
		setting.parties = parties;
		setting.count = count;
		game = game_with(&charter, parties, count);
		game_dual(&game, &dual, &memory);
		game_begin(&quiet, &setting, &memory);
		game_rule(&quiet, &setting, rule);
		game_seal(&quiet, &memory);
		for (unsigned c = 0; c < 1u << count; c++) {
			bool no = judge_holds(rule, parties, count, c, true);
			bool nothing = judge_holds(rule, parties, count, c, false), wins;

			for (size_t p = 0; p < count; p++) {
				in[p] = c >> p & 1;
				out[p] = !in[p];
			}
			wins = game_coalition_wins(&game, in);
			agrees = agrees && (wins == (no && nothing) || strchr(text, '|') != NULL) &&
			         (!wins || (no && nothing));
			silent = silent && game_coalition_wins(&quiet, in) == nothing;
			dual_holds = dual_holds && game_coalition_wins(&dual, out) != wins;
		}
		for (unsigned way = 0; way < 3; way++)
			same = figures_by((enum figures_way)(FIGURES_BY_CLASSES + way), &game, &memory, &f[way]) &&
			       same && f[way].monotone && figures_agree(&game, &f[0], &f[way]);
		memory.used = 0;
	}
	ok(agrees, "a coalition wins when the judge says so whether the others say no or nothing");
	ok(silent, "and the silent game is the judge's when they say nothing");
	ok(dual_holds, "who is not in a coalition stops it, or does not");
	ok(same, "by classes, by seats and by sums: the same figures");
}

/* What is too much for all three ways is said to be. */
static void limits(void)
{
	struct charter charter = charter_with("weight xx 1\n", "parties > 1/2 by weight & parties > 1/2");
	struct charter_party parties[40] = {0};
	struct figures f;
	struct search s;
	struct game game;

	for (size_t i = 0; i < 40; i++)
		parties[i].weight = (uint32_t)(500000 + 1234 * i * i);
	game = game_with(&charter, parties, 40);
	figures_find(&game, &memory, &f);
	search_smallest(&game, &memory, &s);
	ok(f.way == FIGURES_NONE && s.found && s.exact && s.count == 21, "no figures, but a smallest coalition");
	charter = charter_with("weight xx 1\n", "parties > 1/2 by weight");
	for (size_t i = 0; i < 40; i++)
		parties[i].weight = (uint32_t)(5000 + 17 * i * i);
	game = game_with(&charter, parties, 40);
	figures_find(&game, &memory, &f);
	ok(f.way == FIGURES_BY_SUMS && !f.has_shapley, "sums without sizes: no Shapley-Shubik");
}

int main(void)
{
	memory.size = FIGURES_MEMORY + (64u << 20);
	memory.at = malloc(memory.size);
	security_council();
	council_of_the_union();
	fund();
	large();
	small();
	limits();
	free(memory.at);
	return done_testing();
}
