/* SPDX-License-Identifier: Apache-2.0 */
/* comity drill: what would still work if some parties were gone. Computed; nothing is touched. */
#include <stdio.h>
#include <string.h>

#include "act/show.h"
#include "charter/judge.h"
#include "prog/comity/custody.h"
#include "prog/comity/json.h"
#include "prog/comity/meaning.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

struct drill {
	struct command *command;
	struct view view;
	struct bytes absent; /* names, commas between */
	unsigned failures; /* of what keeps the zone going: finality, keys */
};

static bool is_absent(const struct drill *d, struct bytes party)
{
	struct bytes rest = d->absent;

	while (rest.size > 0) {
		const uint8_t *comma = memchr(rest.at, ',', rest.size);
		struct bytes name = comma == NULL ? rest : bytes_first(rest, (size_t)(comma - rest.at));

		if (bytes_same(name, party))
			return true;
		rest = bytes_from(rest, name.size + 1);
	}
	return false;
}

/* Whether all names are parties. */
static bool names_hold(struct drill *d)
{
	struct bytes rest = d->absent;
	struct party party;

	while (rest.size > 0) {
		const uint8_t *comma = memchr(rest.at, ',', rest.size);
		struct bytes name = comma == NULL ? rest : bytes_first(rest, (size_t)(comma - rest.at));

		if (!party_name_valid(name) || !party_get(view_state(&d->view), name, &party)) {
			fail(d->command, EXIT_MISUSE, "{0} is not a party", "{0} 不是缔约方", VALUES(name));
			return false;
		}
		rest = bytes_from(rest, name.size + 1);
	}
	return true;
}

/* One thing that works, or does not. */
static void outcome(struct drill *d, const char *sort, bool works, const char *en, const char *zh,
                    const struct bytes *values)
{
	struct command *command = d->command;
	struct bytes text = sentence(command, en, zh, values);

	d->failures += !works;
	if (!command->json) {
		tell(command, works ? "ok  {0}" : "!!  {0}", works ? "ok  {0}" : "!!  {0}", VALUES(text));
		return;
	}
	json_object(command, NULL);
	json_text(command, "what", bytes_of(sort));
	json_bool(command, "works", works);
	json_text(command, "sentence", text);
	json_close_object(command);
}

static void drill_finality(struct drill *d)
{
	struct bytes name[CUSTODY_MEMBERS_MAX];
	unsigned threshold, here = 0,
	                    count = commons_countersigners(&d->view.ledger.commons, name, &threshold);

	for (unsigned i = 0; i < count; i++)
		here += !is_absent(d, name[i]);
	outcome(d, "finality", here >= threshold,
	        here >= threshold ? "blocks become final: {0} of {1} countersigners are left, {2} are needed"
	                          : "no block becomes final: {0} of {1} countersigners are left, {2} are needed",
	        here >= threshold ? "区块可定案：{1} 个会签方中余 {0} 个，需 {2} 个"
	                          : "区块无法定案：{1} 个会签方中余 {0} 个，需 {2} 个",
	        VALUES(number_text(d->command, here), number_text(d->command, count),
	               number_text(d->command, threshold)));
}

static void drill_group(struct drill *d, enum group_kind kind)
{
	struct custody custody;
	struct group g;
	unsigned here = 0;

	custody_get(view_state(&d->view), &custody);
	if (!group_get(view_state(&d->view), kind, custody.active[kind], &g))
		return;
	for (unsigned i = 0; i < g.count; i++)
		here += !is_absent(d, g.member[i].party);
	outcome(d, group_word(kind), here >= g.threshold,
	        here >= g.threshold ? "the {3} signs, and renews: {0} of {1} holders are left, {2} are needed"
	                            : "the {3} cannot sign: {0} of {1} holders are left, {2} are needed",
	        here >= g.threshold ? "{3} 可签名与续签：{1} 方中余 {0} 方，需 {2} 方"
	                            : "{3} 无法签名：{1} 方中余 {0} 方，需 {2} 方",
	        VALUES(number_text(d->command, here), number_text(d->command, g.count),
	               number_text(d->command, g.threshold),
	               show_word(bytes_of(group_word(kind)), d->command->chinese)));
}

/* All who are left, or everybody, agree; those who are gone are silent until the vote is over. */
static bool rule_can_pass(const struct drill *d, const struct charter_rule *rule, bool everybody)
{
	struct charter_party *party;
	struct charter_case c = {.comment_over = true, .vote_over = true, .objection_over = true, .expedited_over = true};
	struct charter_verdict verdict;
	struct party p;
	bool first = true;

	party = arena_take_array(&d->command->memory, CHARTER_MEMBERS_MAX, sizeof(*party));
	for (size_t index = 0; c.count < CHARTER_MEMBERS_MAX && party_next(view_state(&d->view), &index, &p);) {
		struct charter_party *one = &party[c.count++];
		bool here = everybody || !is_absent(d, p.name);

		*one = view_voter(d->command, &d->view, &d->view.ledger.commons.charter, &p);
		one->vote = here ? VOTE_YES : VOTE_NONE;
		/* The case is about one of those who are left. */
		if (here && first) {
			one->holder = one->recipient = one->proposer = one->concerned = true;
			first = false;
		}
	}
	c.parties = party;
	charter_judge(rule, &c, &verdict);
	return verdict.outcome == CHARTER_HOLDS;
}

/* A rule that waits for what there is not yet (a ruling, checks) is no matter of who is away. */
static void drill_rules(struct drill *d)
{
	const struct charter *charter = &d->view.ledger.commons.charter;
	unsigned failures = d->failures;

	for (size_t i = 0; i < charter->rule_count; i++) {
		const struct charter_rule *rule = &charter->rules[i];
		bool can = rule_can_pass(d, rule, false), could = can || rule_can_pass(d, rule, true);

		outcome(d, string_of(d->command, rule->name), can,
		        can     ? "can be agreed: {0}"
		        : could ? "cannot be agreed: {0}"
		                : "cannot be agreed, even with everybody here: {0}",
		        can     ? "可获同意：{0}"
		        : could ? "无法获同意：{0}"
		                : "即使全体在场也无法获同意：{0}",
		        VALUES(rule_text(d->command, &d->view, rule)));
	}
	d->failures = failures;
}

static void drill_names(struct drill *d)
{
	unsigned theirs = 0, all = 0;
	struct release release;
	struct holding h;

	for (size_t index = 0; holding_next(view_state(&d->view), &index, &h);) {
		theirs += is_absent(d, h.holder);
		all++;
	}
	outcome(d, "names", true, "all {0} TLDs keep resolving; {1} of them are held by who is gone, and cannot change",
	        "全部 {0} 个顶级域继续解析；其中 {1} 个由缺席者持有，无法变更",
	        VALUES(number_text(d->command, all), number_text(d->command, theirs)));
	if (release_current(view_state(&d->view), &release))
		outcome(d, "zone", true, "without one more signature, the zone stays good until {0} ({1})",
		        "即使不再有任何签名，现有的区仍有效至 {0}（{1}）",
		        VALUES(time_text(d->command, release.expires),
		               distance_text(d->command, release.expires, d->view.now)));
}

int drill(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"without", required_argument, NULL, 'w'},
	                                        {NULL, 0, NULL, 0}};
	struct drill d = {.command = command};
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 'w')
			return EXIT_MISUSE;
		d.absent = bytes_of(optarg);
	}
	if (!arguments_are(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (d.absent.size == 0)
		return misuse(command, "without whom? --without PARTY,PARTY", "假定谁缺席？--without 缔约方,缔约方");
	if (!view_take(command, &d.view))
		return EXIT_MISHAP;
	if (!names_hold(&d))
		return EXIT_MISUSE;
	if (!command->json) {
		view_head(command, &d.view);
		tell(command, "a drill on a copy of the state, without: {0}", "在状态副本上推演，假定缺席：{0}",
		     VALUES(d.absent));
	}
	drill_finality(&d);
	for (enum group_kind k = 0; k < GROUPS; k++)
		drill_group(&d, k);
	drill_rules(&d);
	drill_names(&d);
	return d.failures == 0 ? EXIT_DONE : EXIT_NO;
}
