/* SPDX-License-Identifier: Apache-2.0 */
/* comity party impact, and the same where an act is shown before it is signed or voted on. */
#include "prog/comity/party_impact.h"

#include <string.h>

#include "base/must.h"
#include "commons/proposal.h"
#include "prog/comity/charter_check_words.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/tally.h"

/* The charter over those who are there, and over those who would be. */
struct compared {
	const struct view *view;
	const struct impact *impact;
	const struct charter *charter;
	struct charter_party *parties[2];
	size_t count[2];
	struct check *check[2];
};

static void party_add(struct compared *c, unsigned when, const struct charter_party *party)
{
	if (c->count[when] < GAME_PARTIES_MAX)
		c->parties[when][c->count[when]++] = *party;
}

/* Those who are there, with the suspensions that stand; and what the change makes of them. */
static void memberships(struct command *command, struct compared *c)
{
	const struct impact *impact = c->impact;
	struct charter_party comes = {.name = impact->party,
	                              .kind = impact->kind,
	                              .weight = charter_weight(c->charter, impact->party)};
	struct party p;

	for (size_t index = 0; party_next(view_state(c->view), &index, &p);) {
		struct charter_party party = view_voter(command, c->view, c->charter, &p);
		bool meant = bytes_same(p.name, impact->party);

		party_add(c, 0, &party);
		party.suspended = party.suspended || (meant && impact->change == IMPACT_SUSPENDED);
		if (!meant || impact->change == IMPACT_SUSPENDED)
			party_add(c, 1, &party);
	}
	if (impact->change == IMPACT_COMES)
		party_add(c, 1, &comes);
}

/* False: there is nobody to compare with. */
static bool compare(struct command *command, const struct view *view, const struct impact *impact, struct compared *c)
{
	*c = (struct compared){.view = view, .impact = impact, .charter = &view->ledger.commons.charter};
	for (unsigned when = 0; when < 2; when++)
		c->parties[when] = arena_take_array(&command->memory, GAME_PARTIES_MAX, sizeof(**c->parties));
	memberships(command, c);
	if (c->count[0] == 0 || c->count[1] == 0)
		return false;
	for (unsigned when = 0; when < 2; when++) {
		c->check[when] = arena_take(&command->memory, sizeof(**c->check));
		check_charter(c->charter, c->parties[when], c->count[when], &command->memory, c->check[when]);
	}
	return true;
}

/* What is counted is told as it is, or as it was and would be. */
static struct bytes change_text(const struct command *command, struct bytes before, struct bytes after)
{
	return bytes_same(before, after) ? before : sentence(command, "{0} -> {1}", "{0} -> {1}", VALUES(before, after));
}

static struct bytes search_change(const struct command *command, const struct search *before, const struct search *after)
{
	return change_text(command, search_text(command, before), search_text(command, after));
}

static bool search_differs(const struct search *a, const struct search *b)
{
	return a->found != b->found || a->exact != b->exact || (a->found && a->count != b->count);
}

static bool rule_differs(const struct rule_report *a, const struct rule_report *b)
{
	return search_differs(&a->smallest, &b->smallest) || search_differs(&a->blocking, &b->blocking) ||
	       search_differs(&a->absent, &b->absent);
}

/* How many of those parties a chamber or list has, whose votes count. */
static size_t members_of(const struct compared *c, unsigned when, const struct charter_set *set)
{
	size_t members = 0;

	for (size_t i = 0; i < c->count[when]; i++) {
		const struct charter_party *party = &c->parties[when][i];

		members += !party->suspended && charter_set_has(set, party->name, party->kind);
	}
	return members;
}

static void tell_change(const struct command *command, const struct compared *c)
{
	const struct bytes *values = VALUES(c->impact->party, c->impact->kind);

	switch (c->impact->change) {
	case IMPACT_COMES:
		tell(command, "what follows when {0} becomes a party of kind {1}:", "{0} 成为类别 {1} 的缔约方之后：", values);
		break;
	case IMPACT_GOES:
		tell(command, "what follows when {0} leaves:", "{0} 退出之后：", values);
		break;
	case IMPACT_SUSPENDED:
		tell(command, "what follows when the votes of {0} are suspended; its delegations, servers and shares of the key stay as they are:",
		     "中止 {0} 的表决权之后（其授权、服务器与密钥份额不变）：", values);
		break;
	}
}

static void tell_members(const struct command *command, const struct compared *c)
{
	tell(command, "parties: {0}", "缔约方：{0}",
	     VALUES(change_text(command, number_text(command, c->count[0]), number_text(command, c->count[1]))));
	for (size_t i = 0; i < c->charter->set_count; i++) {
		const struct charter_set *set = &c->charter->sets[i];
		size_t before = members_of(c, 0, set), after = members_of(c, 1, set);

		if (set->kind != SET_LATER && before != after)
			tell(command, "votes in {0}: {1}", "{0} 中的表决方：{1}",
			     VALUES(set->name, change_text(command, number_text(command, before), number_text(command, after))));
	}
}

static void tell_rules(const struct command *command, const struct compared *c)
{
	struct table table = table_begin(command, 4);
	size_t same = 0;

	table_head(&table, "RULE", "规则");
	table_head(&table, "CARRY", "通过");
	table_head(&table, "STOP", "阻止");
	table_head(&table, "ABSENT", "缺席");
	for (size_t i = 0; i < c->check[0]->rule_count; i++) {
		const struct rule_report *before = &c->check[0]->rules[i], *after = &c->check[1]->rules[i];

		if (!rule_differs(before, after)) {
			same++;
			continue;
		}
		table_cell(&table, before->rule->name);
		table_cell(&table, search_change(command, &before->smallest, &after->smallest));
		table_cell(&table, search_change(command, &before->blocking, &after->blocking));
		table_cell(&table, search_change(command, &before->absent, &after->absent));
	}
	table_end(&table);
	tell(command, "how many carry and stop it, and whose silence stops it, stays the same in {0} rules", "通过、阻止及缺席人数不变的规则：{0} 项",
	     VALUES(number_text(command, same)));
}

/* Those who hold shares of the key that is in use, the party among them. */
static bool holds_share(const struct compared *c)
{
	return view_countersigns(c->view, c->impact->party);
}

static void tell_key(const struct command *command, const struct compared *c)
{
	const struct check *a = c->check[0], *b = c->check[1];
	bool signs = charter_signs(c->charter, c->impact->party, c->impact->kind);

	tell(command, "signers: {0}; as many sign together: {1}; as many away stop the renewal: {2}",
	     "签署方：{0}；共同签名须有：{1}；缺席即停止续签：{2}",
	     VALUES(change_text(command, number_text(command, a->signers), number_text(command, b->signers)),
	            change_text(command, number_text(command, a->threshold), number_text(command, b->threshold)),
	            change_text(command, number_text(command, a->signers - a->threshold + 1),
	                        number_text(command, b->signers - b->threshold + 1))));
	if (c->impact->change == IMPACT_COMES && signs)
		tell(command, "it has no share of the key, and countersigns nothing, before the next ceremonies: comity key open zsk, ksk, ksk-standby",
		     "在下一次仪式之前，它没有密钥份额，也不会签：comity key open zsk、ksk、ksk-standby", NULL);
	else if (c->impact->change == IMPACT_GOES && holds_share(c))
		tell(command, "it holds shares of the key: ceremonies without it come first (comity charter amend, then comity key open zsk, ksk, ksk-standby)",
		     "它持有密钥份额：须先举行不含它的仪式（comity charter amend，然后 comity key open zsk、ksk、ksk-standby）", NULL);
	else
		tell(command, "no ceremony follows", "无需举行仪式", NULL);
}

/* What it holds keeps it from leaving. */
static size_t holdings_of(const struct compared *c)
{
	const struct state *state = view_state(c->view);
	struct holding holding;
	struct server server;
	struct host host;
	size_t count = 0;

	for (size_t i = 0; holding_next(state, &i, &holding);)
		count += bytes_same(holding.holder, c->impact->party);
	for (size_t i = 0; host_next(state, &i, &host);)
		count += bytes_same(host.owner, c->impact->party);
	for (size_t i = 0; server_next(state, &i, &server);)
		count += bytes_same(server.owner, c->impact->party);
	return count;
}

/* Whether the same was found of those who are there. */
static bool was_found(const struct check *check, const struct finding *finding)
{
	for (size_t i = 0; i < check->finding_count; i++)
		if (check->findings[i].kind == finding->kind && check->findings[i].rule == finding->rule)
			return true;
	return false;
}

static void tell_findings(const struct command *command, const struct compared *c)
{
	const struct check *after = c->check[1];

	for (size_t i = 0; i < after->finding_count; i++)
		if (!was_found(c->check[0], &after->findings[i]))
			tell(command, after->findings[i].refuses ? "!!  {0}" : "..  {0}",
			     after->findings[i].refuses ? "!!  {0}" : "..  {0}", VALUES(finding_text(command, after, &after->findings[i])));
}

void tell_impact(struct command *command, const struct view *view, const struct impact *impact)
{
	struct compared c;

	if (!compare(command, view, impact, &c))
		return;
	tell_change(command, &c);
	tell_members(command, &c);
	tell_rules(command, &c);
	tell_key(command, &c);
	if (impact->change == IMPACT_GOES && holdings_of(&c) > 0)
		tell(command, "it holds names or servers, {0} in all: it cannot leave before it has passed them on or given them up",
		     "它持有名称或服务器共 {0} 项：移交或放弃之前不能退出", VALUES(number_text(command, holdings_of(&c))));
	tell_findings(command, &c);
}

static void json_pair(struct command *command, const char *key, size_t before, size_t after)
{
	json_object(command, key);
	json_number(command, "before", before);
	json_number(command, "after", after);
	json_close_object(command);
}

static void json_search(struct command *command, const char *key, const struct search *search)
{
	if (search->found && search->exact)
		json_number(command, key, search->count);
	else
		json_null(command, key);
}

static void json_rules(struct command *command, const struct compared *c)
{
	json_array(command, "rules");
	for (size_t i = 0; i < c->check[0]->rule_count; i++) {
		json_object(command, NULL);
		json_text(command, "rule", c->check[0]->rules[i].rule->name);
		json_bool(command, "differs", rule_differs(&c->check[0]->rules[i], &c->check[1]->rules[i]));
		for (unsigned when = 0; when < 2; when++) {
			const struct rule_report *report = &c->check[when]->rules[i];

			json_object(command, when == 0 ? "before" : "after");
			json_search(command, "carry", &report->smallest);
			json_search(command, "stop", &report->blocking);
			json_search(command, "absent", &report->absent);
			json_close_object(command);
		}
		json_close_object(command);
	}
	json_close_array(command);
}

static const char *change_word(enum impact_change change)
{
	return change == IMPACT_COMES ? "comes" : change == IMPACT_GOES ? "goes" : "suspended";
}

void json_impact(struct command *command, const char *key, const struct view *view, const struct impact *impact)
{
	struct compared c;

	if (!compare(command, view, impact, &c)) {
		json_null(command, key);
		return;
	}
	json_object(command, key);
	json_text(command, "party", impact->party);
	json_text(command, "change", bytes_of(change_word(impact->change)));
	json_pair(command, "parties", c.count[0], c.count[1]);
	json_array(command, "chambers");
	for (size_t i = 0; i < c.charter->set_count; i++) {
		const struct charter_set *set = &c.charter->sets[i];

		if (set->kind == SET_LATER)
			continue;
		json_object(command, NULL);
		json_text(command, "chamber", set->name);
		json_pair(command, "votes", members_of(&c, 0, set), members_of(&c, 1, set));
		json_close_object(command);
	}
	json_close_array(command);
	json_rules(command, &c);
	json_pair(command, "signers", c.check[0]->signers, c.check[1]->signers);
	json_pair(command, "threshold", c.check[0]->threshold, c.check[1]->threshold);
	json_bool(command, "holds_share", holds_share(&c));
	json_number(command, "holds", holdings_of(&c));
	json_array(command, "findings");
	for (size_t i = 0; i < c.check[1]->finding_count; i++)
		if (!was_found(c.check[0], &c.check[1]->findings[i])) {
			json_object(command, NULL);
			json_text(command, "finding", bytes_of(finding_word(c.check[1]->findings[i].kind)));
			json_bool(command, "refuses", c.check[1]->findings[i].refuses);
			json_close_object(command);
		}
	json_close_array(command);
	json_close_object(command);
}

/* Of an act that comes, goes or suspends itself. */
static bool of_act(const struct view *view, const struct act *act, struct impact *impact)
{
	struct party party;

	if (act->kind == ACT_ACCEDE) {
		*impact = (struct impact){IMPACT_COMES, act->by, act_field(act, "kind")};
		return !party_get(view_state(view), act->by, &party);
	}
	if (act->kind == ACT_WITHDRAW && bytes_starts(act_field(act, "subject"), BYTES("party/")))
		*impact = (struct impact){.change = IMPACT_GOES, .party = act->by};
	else if (act->kind == ACT_SUSPEND && !bytes_same(act_field(act, "expires"), BYTES("none")))
		*impact = (struct impact){.change = IMPACT_SUSPENDED, .party = act_field(act, "party")};
	else if (act->kind == ACT_RULING && bytes_same(act_field(act, "remedy"), BYTES("suspend")))
		*impact = (struct impact){.change = IMPACT_SUSPENDED, .party = act_field(act, "party")};
	else
		return false;
	if (!party_get(view_state(view), impact->party, &party))
		return false;
	impact->kind = party.kind;
	return true;
}

bool impact_of_act(struct command *command, const struct view *view, const struct act *act, struct impact *impact)
{
	struct proposal proposal;
	struct act proposed;

	if (act->kind != ACT_CONSENT && act->kind != ACT_OBJECT)
		return of_act(view, act, impact);
	return proposal_get(view_state(view), act_field(act, "act"), &proposal) && proposal_lives(&proposal) &&
	       proposal_act(command, &proposal, &proposed) && of_act(view, &proposed, impact);
}

/* Who is meant: somebody who is there, and goes or is suspended; or who would come, as that kind. */
static bool impact_meant(struct command *command, const struct view *view, struct impact *impact, bool suspended)
{
	struct party party;
	bool there;

	if (!party_name_valid(impact->party) || (impact->kind.size > 0 && !party_name_valid(impact->kind))) {
		misuse_of(command, "not a name, or not a kind: {0}", "不是名称或类别：{0}", VALUES(impact->party));
		return false;
	}
	there = party_get(view_state(view), impact->party, &party);
	if (there && impact->kind.size > 0) {
		misuse_of(command, "{0} is a party already, of kind {1}", "{0} 已是缔约方，类别 {1}", VALUES(impact->party, party.kind));
		return false;
	}
	if (!there && (impact->kind.size == 0 || suspended)) {
		misuse_of(command, "{0} is not a party: --kind says which kind it would be", "{0} 不是缔约方：请用 --kind 说明其类别",
		          VALUES(impact->party));
		return false;
	}
	impact->change = !there ? IMPACT_COMES : suspended ? IMPACT_SUSPENDED : IMPACT_GOES;
	if (there)
		impact->kind = party.kind;
	return true;
}

int party_impact(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"kind", required_argument, NULL, 'k'},
	                                        {"suspended", no_argument, NULL, 's'},
	                                        {NULL, 0, NULL, 0}};
	struct impact impact = {.change = IMPACT_GOES};
	bool suspended = false;
	struct view view;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == 'k')
			impact.kind = bytes_of(optarg);
		else if (option == 's')
			suspended = true;
		else
			return EXIT_MISUSE;
	}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	impact.party = bytes_of(argv[optind]);
	if (!impact_meant(command, &view, &impact, suspended))
		return EXIT_MISUSE;
	if (command->json) {
		json_impact(command, NULL, &view, &impact);
		return EXIT_DONE;
	}
	view_head(command, &view);
	tell_impact(command, &view, &impact);
	return EXIT_DONE;
}
