/* SPDX-License-Identifier: Apache-2.0 */
#include "power/check.h"

#include "base/must.h"

/* Rules that change nothing: two coalitions may carry them at once, and nothing is lost. */
static bool only_blocks(const struct charter_rule *rule)
{
	return bytes_starts(rule->name, BYTES("emergency."));
}

struct bytes check_seat_name(const struct check *check, size_t seat)
{
	static const char *const ROLES[GAME_ROLES] = {"holder", "recipient", "interested"};

	if (seat < check->count)
		return check->parties[seat].name;
	must(seat < check->count + GAME_ROLES);
	return bytes_of(ROLES[seat - check->count]);
}

static struct finding *found(struct check *check, enum finding_kind kind, bool refuses,
                             const struct charter_rule *rule)
{
	struct finding *finding = &check->findings[check->finding_count];

	/* The last place keeps the last: what refuses stands in `refused` anyhow. */
	if (check->finding_count + 1 < FINDINGS_MAX)
		check->finding_count++;
	*finding = (struct finding){.kind = kind, .refuses = refuses, .rule = rule};
	check->refused = check->refused || refuses;
	return finding;
}

/* The same of a holder; once for all holders of whom the same is to be said. */
static void found_of(struct check *check, struct finding what)
{
	struct finding *finding;

	for (size_t i = 0; i < check->finding_count; i++) {
		finding = &check->findings[i];
		if (finding->kind == what.kind && finding->rule == what.rule &&
		    finding->have == what.have && finding->need == what.need &&
		    (what.path == NULL || finding->path->kind == what.path->kind)) {
			finding->others++;
			return;
		}
	}
	finding = found(check, what.kind, what.refuses, what.rule);
	*finding = what;
}

static void build(const struct check *check, const struct charter_expression *expression,
                  const struct charter_rule *rule, enum game_stance stance, struct game *game,
                  struct arena *arena)
{
	struct game_setting setting = {
		.parties = check->parties,
		.count = check->count,
		.stance = stance,
		.roles = true,
		.ruling = true,
		.checked = true,
	};

	game_begin(game, &setting, arena);
	if (rule != NULL)
		game_rule(game, &setting, rule);
	else
		game_expression(game, &setting, expression);
	game_seal(game, arena);
}

static void note_clauses(struct rule_report *report, const struct charter_expression *expression)
{
	for (size_t i = 0; i < expression->count; i++) {
		const struct charter_clause *clause = &expression->clauses[i];

		report->asks_ruling = report->asks_ruling || clause->kind == CLAUSE_RULING;
		report->asks_checks = report->asks_checks || clause->kind == CLAUSE_CHECKED;
		report->asks_register = report->asks_register || charter_clause_asks_register(clause);
		report->asks_touched = report->asks_touched ||
		                       (clause->set != NULL && clause->set->kind == SET_INTERESTED);
	}
}

/* Seats that stop the rule alone. */
static void find_vetoes(struct rule_report *report, struct arena *arena)
{
	const struct game *game = &report->game;
	uint64_t sum[GAME_ROWS_MAX];

	report->veto = arena_take_array(arena, game->classes, sizeof(*report->veto));
	for (size_t c = 0; c < game->classes && report->smallest.found; c++) {
		for (size_t r = 0; r < game->rows; r++)
			sum[r] = game->total[r] - game->class_weight[c * game->rows + r];
		report->veto[c] = !game_wins(game, sum);
	}
}

/* The figures of a rule; those of an earlier one where both ask for the same. */
static void find_figures(struct check *check, struct rule_report *report, struct arena *arena)
{
	for (struct rule_report *r = check->rules; r < report; r++)
		if (game_same(&r->game, &report->game)) {
			report->figures = r->figures;
			return;
		}
	figures_find(&report->game, arena, &report->figures);
	check->work += report->figures.work;
}

static void judge_report(struct check *check, struct rule_report *report, const uint16_t *one)
{
	const struct charter_rule *rule = report->rule;

	if (!report->figures.monotone)
		found(check, FINDING_NOT_MONOTONE, true, rule);
	if (!report->smallest.found && report->smallest.exact)
		found(check, FINDING_NOBODY, false, rule);
	if (report->blocks) {
		if (rule->sunset == 0 && bytes_same(rule->name, BYTES("emergency.cancel")) &&
		    report->smallest.found)
			found(check, FINDING_NO_SUNSET, false, rule);
		return;
	}
	if (report->proper == SEARCH_NOT_PROPER)
		found(check, FINDING_NOT_PROPER, true, rule)->one = one;
	if (report->proper == SEARCH_UNDECIDED)
		found(check, FINDING_PROPER_UNKNOWN, true, rule);
	if (bytes_same(rule->name, BYTES("charter.amend")) && report->absent.found &&
	    report->absent.count == 1 && check->count > 1)
		found(check, FINDING_ONE_ABSENT, false, rule);
}

static void report_rule(struct check *check, const struct charter_rule *rule, struct arena *arena)
{
	struct rule_report *report = &check->rules[check->rule_count++];
	struct game dual, silent, silent_dual, ratify;
	uint16_t *one;

	*report = (struct rule_report){.rule = rule, .blocks = only_blocks(rule)};
	note_clauses(report, &rule->consent);
	note_clauses(report, &rule->fast);
	report->asks_touched = report->asks_touched ||
	                       (rule->objectors != NULL && rule->objectors->kind == SET_INTERESTED);
	build(check, NULL, rule, GAME_OPPOSED, &report->game, arena);
	build(check, NULL, rule, GAME_SILENT, &silent, arena);
	game_dual(&report->game, &dual, arena);
	game_dual(&silent, &silent_dual, arena);
	search_smallest(&report->game, arena, &report->smallest);
	search_smallest(&dual, arena, &report->blocking);
	search_smallest(&silent, arena, &report->silent);
	search_smallest(&silent_dual, arena, &report->absent);
	if (rule->ratify != 0) {
		build(check, &rule->ratified, NULL, GAME_OPPOSED, &ratify, arena);
		search_smallest(&ratify, arena, &report->ratifies);
	}
	report->proper = search_proper(&report->game, arena, &one);
	find_vetoes(report, arena);
	find_figures(check, report, arena);
	check->work += report->smallest.steps + report->blocking.steps + report->silent.steps +
	               report->absent.steps + report->ratifies.steps;
	judge_report(check, report, one);
}

static const struct path *path_of(const struct peril *peril, enum path_kind kind, bool ruling)
{
	for (size_t i = 0; i < peril->count; i++)
		if (peril->path[i].kind == kind && peril->path[i].ruling == ruling)
			return &peril->path[i];
	return NULL;
}

/* The one that takes fewer; either may be NULL. */
static const struct path *fewer(const struct path *a, const struct path *b)
{
	if (a == NULL || b == NULL)
		return a == NULL ? b : a;
	return b->count < a->count ? b : a;
}

/* Whether a rule by which a delegation is changed stands in an entrenched article. */
static bool is_entrenched(const struct charter *charter)
{
	static const char *const RULES[] = {"delegate.update", "delegate.drop-ds", "delegate.transfer",
	                                    "delegate.withdraw", "delegate.revoke",   "delegate.retire",
	                                    "delegate.operate", "party.rekey"};

	for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++) {
		const struct charter_rule *rule = charter_rule(charter, bytes_of(RULES[i]));

		if (rule != NULL && !path_open(charter, rule))
			return true;
	}
	return false;
}

/* No removal of a delegation as a sanction: only a ruling takes it, and only after time to cure; or a retirement, that
 * lasts no shorter. */
static void judge_sanction(struct check *check, const struct peril *peril)
{
	const struct path *free = path_of(peril, PATH_RULE, false);
	bool refuses = is_entrenched(check->charter);

	if (free != NULL)
		found_of(check, (struct finding){
			.kind = FINDING_SANCTION,
			.refuses = refuses,
			.rule = free->rule,
			.peril = peril,
			.path = free,
			.have = free->count,
		});
}

/* Retirement, or interim operation, by fewer than its rule and the charter's hardest amendment ask. What lasts for a time,
 * and leaves the name to its holder, is said and not refused. */
static void judge_joined(struct check *check, const struct peril *peril, enum path_kind own, enum path_kind join,
                         enum path_kind amend_join)
{
	const struct path *open = fewer(path_of(peril, own, false), path_of(peril, PATH_ENTRENCH, false)),
			  *detour = fewer(path_of(peril, join, false), path_of(peril, amend_join, false));
	bool refuses = own != PATH_OPERATE && is_entrenched(check->charter);

	if (detour == NULL || (open != NULL && open->count <= detour->count))
		return;
	found_of(check, (struct finding){
		.kind = refuses ? FINDING_UNDERMINED : FINDING_TWO_STEP,
		.refuses = refuses,
		.rule = detour->first,
		.peril = peril,
		.path = detour,
		.have = detour->count,
		.need = open == NULL ? 0 : open->count,
	});
}

/* An award that cannot be cured, and a retirement that is over sooner than an award. */
static void judge_haste(struct check *check)
{
	const struct charter_rule *revoke = charter_rule(check->charter, BYTES("delegate.revoke"));
	const struct charter_rule *retire = charter_rule(check->charter, BYTES("delegate.retire"));
	int64_t cure = revoke == NULL ? 0 : revoke->cure;

	if (revoke != NULL && revoke->cure == 0)
		found(check, FINDING_HASTE, is_entrenched(check->charter), revoke);
	if (retire != NULL && (retire->sunset != 0 ? retire->sunset : CHARTER_RETIRE_DEFAULT) < cure)
		found(check, FINDING_HASTE, is_entrenched(check->charter), retire);
}

/* A detour that takes fewer than the rules themselves, and the charter's hardest amendment, ask. */
static void judge_detours(struct check *check, const struct peril *peril)
{
	static const enum path_kind DETOURS[] = {PATH_JOIN,          PATH_AMEND,
	                                         PATH_JOIN_AMEND,    PATH_JOIN_ENTRENCH,
	                                         PATH_AMEND_JOIN,    PATH_AMEND_JOIN_ENTRENCH,
	                                         PATH_SUSPEND,       PATH_SUSPEND_AMEND,
	                                         PATH_AMEND_SUSPEND, PATH_SUSPEND_ENTRENCH,
	                                         PATH_AMEND_SUSPEND_ENTRENCH,
	                                         PATH_REGISTER,      PATH_REGISTER_AMEND,
	                                         PATH_AMEND_REGISTER, PATH_REGISTER_ENTRENCH,
	                                         PATH_AMEND_REGISTER_ENTRENCH};
	bool entrenched = is_entrenched(check->charter);
	const struct path *told = NULL;

	for (unsigned ruling = 0; ruling < 2; ruling++) {
		const struct path *open = fewer(path_of(peril, PATH_RULE, false),
		                                path_of(peril, PATH_ENTRENCH, false)),
				  *detour = NULL;

		if (ruling)
			open = fewer(open, path_of(peril, PATH_RULE, true));
		for (size_t i = 0; i < sizeof(DETOURS) / sizeof(DETOURS[0]); i++)
			detour = fewer(detour, path_of(peril, DETOURS[i], ruling));
		if (detour == NULL || (open != NULL && open->count <= detour->count) ||
		    (told != NULL && told->count <= detour->count))
			continue;
		told = detour;
		found_of(check, (struct finding){
			.kind = entrenched ? FINDING_UNDERMINED : FINDING_TWO_STEP,
			.refuses = entrenched,
			.rule = detour->first != NULL ? detour->first : detour->by,
			.peril = peril,
			.path = detour,
			.have = detour->count,
			.need = open == NULL ? 0 : open->count,
		});
	}
}

/* The ordinary rule of removal, against the key; and what few can do while others say nothing. */
static void judge_peril(struct check *check, const struct peril *peril)
{
	if (peril->revoke > check->threshold)
		found_of(check, (struct finding){
			.kind = FINDING_KEY_BELOW_REVOKE,
			.refuses = true,
			.rule = charter_rule(check->charter, BYTES("delegate.revoke")),
			.peril = peril,
			.have = check->threshold,
			.need = peril->revoke,
		});
	for (size_t i = 0; i < peril->count; i++) {
		const struct path *path = &peril->path[i];

		if ((path->kind == PATH_RULE || path->kind == PATH_RETIRE) && path->silent_found && 2 * path->silent_count < path->count)
			found_of(check, (struct finding){
				.kind = FINDING_SILENCE,
				.rule = path->rule,
				.peril = peril,
				.path = path,
				.have = path->silent_count,
				.need = path->count,
			});
	}
	judge_sanction(check, peril);
	judge_joined(check, peril, PATH_RETIRE, PATH_JOIN_RETIRE, PATH_AMEND_JOIN_RETIRE);
	judge_joined(check, peril, PATH_OPERATE, PATH_JOIN_OPERATE, PATH_AMEND_JOIN_OPERATE);
	judge_detours(check, peril);
}

/* That few can carry the rule by which those who sign are changed. */
static void judge_signers_by(struct check *check, const char *rule, enum finding_kind kind)
{
	struct finding *finding;

	for (size_t i = 0; i < check->rule_count; i++) {
		const struct rule_report *report = &check->rules[i];

		if (!bytes_same(report->rule->name, bytes_of(rule)) || !report->smallest.found ||
		    report->smallest.count >= check->threshold)
			continue;
		finding = found(check, kind, false, report->rule);
		finding->have = report->smallest.count;
		finding->need = check->threshold;
	}
}

/* What those few decide who say what stands in a register. */
static void judge_registers(struct check *check)
{
	const struct charter_rule *adopt = charter_rule(check->charter, BYTES("register.adopt"));

	for (size_t i = 0; i < check->rule_count; i++) {
		const struct rule_report *report = &check->rules[i];
		struct finding *finding;

		if (!report->asks_register || adopt == NULL)
			continue;
		finding = found(check, FINDING_REGISTER, false, report->rule);
		for (size_t r = 0; r < check->rule_count; r++)
			if (check->rules[r].rule == adopt)
				finding->have = check->rules[r].smallest.count;
		finding->need = report->smallest.count;
	}
}

/* Who changes `signers`, or admits whoever is one by being a party, changes who holds the key. */
static void judge_key(struct check *check)
{
	if (check->signers == 0) {
		found(check, FINDING_NO_SIGNERS, true, NULL);
		return;
	}
	judge_signers_by(check, "charter.amend", FINDING_AMEND_BELOW_KEY);
	if (check->charter->signers->kind != SET_NAMES)
		judge_signers_by(check, "party.admit", FINDING_ADMIT_BELOW_KEY);
}

void check_charter(const struct charter *charter, const struct charter_party *parties, size_t count,
                   struct arena *arena, struct check *check)
{
	must(count >= 1 && count <= GAME_PARTIES_MAX);
	*check = (struct check){.charter = charter, .parties = parties, .count = count};
	check->signers = path_signers(charter, parties, count);
	check->threshold = charter_signing_threshold((uint32_t)check->signers);
	for (size_t i = 0; i < charter->rule_count; i++)
		report_rule(check, &charter->rules[i], arena);
	judge_key(check);
	judge_haste(check);
	judge_registers(check);
	check->peril_count = path_find(charter, parties, count, arena, &check->perils);
	for (size_t i = 0; i < check->peril_count; i++) {
		check->work += check->perils[i].steps;
		judge_peril(check, &check->perils[i]);
	}
}
