/* SPDX-License-Identifier: Apache-2.0 */
/* comity charter check: what a charter does, before anybody signs it. */
#include <string.h>

#include "prog/comity/charter_check_show.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

/* How few carry it, and what was taken as given. */
static struct bytes carry_text(const struct command *command, const struct rule_report *report)
{
	struct bytes count = search_text(command, &report->smallest);

	if (report->asks_ruling)
		count = sentence(command, "{0} and a ruling", "{0}，另须裁决", VALUES(count));
	if (report->asks_checks)
		count = sentence(command, "{0} and checks", "{0}，另须检查", VALUES(count));
	if (report->asks_register)
		count = sentence(command, "{0} and a register", "{0}，另须名录", VALUES(count));
	return count;
}

/* A rule's row: who carries it, who stops it. */
static void rule_row(struct table *table, const struct check *check, const struct rule_report *report)
{
	const struct command *command = table->command;
	bool veto[GAME_SEATS_MAX] = {false};
	struct bytes minimal = BYTES("-");

	for (size_t i = 0; i < report->game.seats; i++)
		veto[i] = report->veto[report->game.class_of[i]];
	if (report->figures.way != FIGURES_NONE && report->figures.has_minimal)
		minimal = natural_text(command, &report->figures.minimal);
	table_cell(table, report->rule->name);
	table_cell(table, number_text(command, report->rule->article));
	table_cell(table, carry_text(command, report));
	table_cell(table, search_text(command, &report->blocking));
	table_cell(table, search_text(command, &report->absent));
	table_cell(table, minimal);
	table_cell(table, seats_text(command, check, veto, report->game.seats));
}

static void rules_tell(const struct command *command, const struct check *check)
{
	struct table table = table_begin(command, 7);

	table_head(&table, "RULE", "规则");
	table_head(&table, "ARTICLE", "条");
	table_head(&table, "CARRY", "通过");
	table_head(&table, "STOP", "阻止");
	table_head(&table, "ABSENT", "缺席");
	table_head(&table, "MINIMAL", "极小");
	table_head(&table, "VETO", "否决");
	for (size_t i = 0; i < check->rule_count; i++)
		rule_row(&table, check, &check->rules[i]);
	table_end(&table);
}

/* What a seat of each class weighs in a rule. */
static void power_tell(const struct command *command, const struct check *check,
                       const struct rule_report *report)
{
	const struct figures *f = &report->figures;
	const struct game *game = &report->game;
	struct table table = table_begin(command, 4);

	if (f->way == FIGURES_NONE) {
		tell(command, "power in {0}: too many different weights to count every coalition",
		     "{0} 中的权力：权重种类过多，无法逐一计数各联盟", VALUES(report->rule->name));
		return;
	}
	tell(command, "power in {0}: {1} % of all coalitions carry it", "{0} 中的权力：全部联盟中有 {1} % 可以通过",
	     VALUES(report->rule->name, percent_text(command, f->passing, 3)));
	table_head(&table, "EACH OF", "各方");
	table_head(&table, "HOW MANY", "数目");
	table_head(&table, "Banzhaf %", "班扎夫 %");
	table_head(&table, "Shapley-Shubik %", "沙普利-舒比克 %");
	for (size_t c = 0; c < game->classes; c++) {
		struct bytes who = class_text(command, check, game, c);
		size_t roles = c == game->idle ? game->seats - check->count : 0;

		if (who.size == 0)
			continue;
		for (size_t i = check->count; i < game->seats && roles > 0; i++)
			roles -= game->class_of[i] != c;
		table_cell(&table, who);
		table_cell(&table, number_text(command, game->class_size[c] - roles));
		table_cell(&table, natural_zero(&f->swings[c]) ? bytes_of(say(command, "none: its vote changes nothing", "无：其表决不改变任何结果"))
		                                               : percent_text(command, f->banzhaf[c], 3));
		table_cell(&table, f->has_shapley ? percent_text(command, f->shapley[c], 3) : BYTES("-"));
	}
	table_end(&table);
}

/* The first rule that asks for the same as this one: its figures are told once. */
static const struct rule_report *same_before(const struct check *check, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (game_same(&check->rules[i].game, &check->rules[index].game))
			return &check->rules[i];
	return NULL;
}

static bool one_seat_decides(const struct rule_report *report)
{
	return report->smallest.found && report->smallest.count == 1 && report->figures.has_minimal &&
	       report->figures.minimal.limb[0] == 1;
}

static void powers_tell(const struct command *command, const struct check *check)
{
	for (size_t i = 0; i < check->rule_count; i++) {
		const struct rule_report *report = &check->rules[i], *before = same_before(check, i);

		if (one_seat_decides(report) || !report->smallest.found)
			continue;
		if (before == NULL)
			power_tell(command, check, report);
		else
			tell(command, "power in {0}: as in {1}", "{0} 中的权力：与 {1} 相同",
			     VALUES(report->rule->name, before->rule->name));
	}
}

static void peril_tell(const struct command *command, const struct check *check,
                       const struct peril *peril)
{
	tell(command, "without the consent of {0}:", "未经 {0} 同意：", VALUES(holder_text(command, check, peril)));
	if (peril->count == 0)
		tell(command, "  nobody can change or remove a delegation", "  无人可以变更或撤销授权", NULL);
	for (size_t i = 0; i < peril->count; i++) {
		const struct path *path = &peril->path[i];
		struct bytes count = number_text(command, path->count);

		if (path->silent_found && path->silent_count < path->count)
			count = sentence(command, "{0} ({1} while all others are silent)", "{0}（其他各方沉默时 {1}）",
			                 VALUES(count, number_text(command, path->silent_count)));
		tell(command, path->exact ? "  {0}: {1}" : "  at least {0}: {1}", path->exact ? "  {0} 方：{1}" : "  至少 {0} 方：{1}",
		     VALUES(count, path_text(command, path)));
	}
}

static void key_tell(const struct command *command, const struct check *check, const struct view *view)
{
	struct apex apex;

	tell(command, "the key: {0} hold shares, any {1} together can sign any zone; {2} that stay away stop refreshing",
	     "密钥：{0} 方持有份额，其中任意 {1} 方可以签名任何区；{2} 方缺席即停止续签",
	     VALUES(number_text(command, check->signers), number_text(command, check->threshold),
	            number_text(command, check->signers - check->threshold + 1)));
	if (view == NULL)
		return;
	apex_get(view_state(view), &apex);
	tell(command, "that is felt after {0} at the earliest, when the signatures that stand run out",
	     "其影响最早在 {0} 之后、现有签名到期时显现", VALUES(span_text(command, apex.renewal_seconds)));
}

/* What holds of all rules, unless a finding says otherwise. */
static void soundness_tell(const struct command *command, const struct check *check)
{
	for (size_t i = 0; i < check->finding_count; i++)
		if (check->findings[i].kind == FINDING_NOT_MONOTONE ||
		    check->findings[i].kind == FINDING_NOT_PROPER ||
		    check->findings[i].kind == FINDING_PROPER_UNKNOWN)
			return;
	tell(command, "every rule is monotone: no yes more undoes a decision; and every rule that changes something is proper: no two "
	              "coalitions without a common party carry it",
	     "各项规则均为单调：多一票赞成不会推翻决定；凡变更现状的规则均为正常：两个没有共同缔约方的联盟不能分别通过它", NULL);
}

static void tell_all(const struct command *command, const struct looked *looked, const struct view *view)
{
	const struct check *check = looked->check;

	tell(command, "charter version {0}, over {1} parties", "宪章第 {0} 版，{1} 个缔约方",
	     VALUES(number_text(command, looked->charter.version), number_text(command, looked->count)));
	tell(command, "carry: parties at least that carry the rule against all others; stop: that can stop it; absent: whose "
	              "silence stops it; minimal: coalitions that carry it and need every member",
	     "通过：在其他各方反对时通过该规则至少需要的缔约方数；阻止：足以阻止的数目；缺席：沉默即无法通过的数目；极小：缺一不可的联盟数",
	     NULL);
	rules_tell(command, check);
	soundness_tell(command, check);
	powers_tell(command, check);
	for (size_t i = 0; i < check->peril_count; i++)
		peril_tell(command, check, &check->perils[i]);
	if (check->signers > 0)
		key_tell(command, check, view);
	findings_tell(command, check, false);
	tell(command, check->refused ? "this charter is refused" : "nothing in this charter is refused",
	     check->refused ? "此宪章予以拒绝" : "此宪章未见应予拒绝之处", NULL);
}

struct options {
	const char *members, *svg;
	struct bytes members_text;
};

static int run(struct command *command, struct bytes text, const char *name, const struct options *options,
               const struct view *view)
{
	struct looked looked;
	int code;

	if (!look_at(command, text, name, options->members != NULL ? &options->members_text : NULL,
	             options->members, view, &looked, &code))
		return code;
	if (options->svg != NULL && !write_output(command, options->svg, check_svg(command, &looked)))
		return EXIT_MISHAP;
	if (command->json)
		check_json(command, &looked);
	else if (options->svg == NULL || strcmp(options->svg, "-") != 0)
		tell_all(command, &looked, view);
	return looked.check->refused ? EXIT_NO : EXIT_DONE;
}

int charter_check(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"members", required_argument, NULL, 'm'},
	                                        {"svg", required_argument, NULL, 's'},
	                                        {NULL, 0, NULL, 0}};
	struct options options = {.members = NULL};
	const char *name = "charter";
	struct bytes text;
	struct view view;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == 'm')
			options.members = optarg;
		else if (option == 's')
			options.svg = optarg;
		else
			return EXIT_MISUSE;
	}
	if (argc - optind > 1 || (argc == optind && options.members != NULL))
		return misuse(command, "at most one charter; --members goes with one", "至多一份宪章；--members 须与之同用");
	if (options.members != NULL &&
	    !read_input(command, options.members, MEMBERS_SIZE_MAX, &options.members_text))
		return EXIT_MISHAP;
	if (options.members == NULL && !view_take(command, &view))
		return EXIT_MISHAP;
	if (optind == argc) {
		text = view.ledger.commons.charter.text;
	} else {
		name = argv[optind];
		if (!read_input(command, name, CHARTER_SIZE_MAX, &text))
			return EXIT_MISHAP;
	}
	return run(command, text, name, &options, options.members == NULL ? &view : NULL);
}
