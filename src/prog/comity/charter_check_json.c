/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/charter_check_show.h"
#include "prog/comity/json.h"
#include "prog/comity/print.h"

#define MINIMAL_MAX 100 /* classes of minimal coalitions that are told */

struct bytes natural_text(const struct command *command, const struct natural *number)
{
	struct arena *memory = (struct arena *)(uintptr_t)&command->memory;
	struct writer w = writer_in(memory);

	natural_write(&w, number);
	return writer_keep(&w, memory);
}

static void json_search(struct command *command, const char *key, const struct search *search)
{
	if (search->found)
		json_number(command, key, search->count);
	else
		json_null(command, key);
}

/* Parts of one, with twelve digits. */
static struct bytes fraction_text(const struct command *command, uint64_t fraction)
{
	struct arena *memory = (struct arena *)(uintptr_t)&command->memory;
	struct writer w = writer_in(memory);

	write_number(&w, fraction / NATURAL_ONE);
	write_octet(&w, '.');
	fraction %= NATURAL_ONE;
	for (unsigned i = 0; i < 12; i++) {
		fraction *= 10;
		write_octet(&w, (uint8_t)('0' + fraction / NATURAL_ONE));
		fraction %= NATURAL_ONE;
	}
	return writer_keep(&w, memory);
}

static void json_class(struct command *command, const struct check *check,
                       const struct rule_report *report, size_t class)
{
	const struct figures *f = &report->figures;

	json_object(command, NULL);
	json_array(command, "seats");
	for (size_t i = 0; i < report->game.seats; i++)
		if (report->game.class_of[i] == class)
			json_text(command, NULL, check_seat_name(check, i));
	json_close_array(command);
	json_bool(command, "veto", report->veto[class]);
	if (f->way != FIGURES_NONE) {
		json_bool(command, "dummy", natural_zero(&f->swings[class]));
		json_text(command, "swings", natural_text(command, &f->swings[class]));
		json_text(command, "banzhaf", fraction_text(command, f->banzhaf[class]));
		if (f->has_shapley)
			json_text(command, "shapley-shubik", fraction_text(command, f->shapley[class]));
	}
	json_close_object(command);
}

/* Minimal coalitions, as how many of each class. */
static void json_minimal(struct command *command, const struct rule_report *report)
{
	const struct game *game = &report->game;
	uint16_t *taken = arena_take_array(&command->memory, MINIMAL_MAX * game->classes, sizeof(*taken));
	struct arena rest = arena_rest(&command->memory);
	size_t count = figures_minimal(game, &rest, MINIMAL_MAX, taken);

	json_array(command, "coalitions");
	for (size_t i = 0; i < count; i++) {
		json_array(command, NULL);
		for (size_t c = 0; c < game->classes; c++)
			json_number(command, NULL, taken[i * game->classes + c]);
		json_close_array(command);
	}
	json_close_array(command);
}

static void json_rule(struct command *command, const struct check *check,
                      const struct rule_report *report)
{
	const struct figures *f = &report->figures;

	json_object(command, NULL);
	json_text(command, "rule", report->rule->name);
	json_number(command, "article", report->rule->article);
	json_number(command, "line", report->rule->line);
	json_bool(command, "monotone", f->monotone);
	if (report->proper == SEARCH_UNDECIDED)
		json_null(command, "proper");
	else
		json_bool(command, "proper", report->proper == SEARCH_PROPER);
	json_search(command, "carry", &report->smallest);
	json_search(command, "carry-silent", &report->silent);
	json_search(command, "stop", &report->blocking);
	json_search(command, "absent", &report->absent);
	if (report->rule->ratify != 0)
		json_search(command, "ratify", &report->ratifies);
	if (f->way != FIGURES_NONE) {
		json_text(command, "winning", natural_text(command, &f->winning));
		json_text(command, "passing", fraction_text(command, f->passing));
		if (f->has_minimal)
			json_text(command, "minimal", natural_text(command, &f->minimal));
	}
	json_array(command, "classes");
	for (size_t c = 0; c < report->game.classes; c++)
		json_class(command, check, report, c);
	json_close_array(command);
	json_minimal(command, report);
	json_close_object(command);
}

static void json_path(struct command *command, const struct check *check, const struct path *path)
{
	json_object(command, NULL);
	json_text(command, "path", bytes_of(path_word(path->kind)));
	if (path->first != NULL)
		json_text(command, "first", path->first->name);
	if (path->rule != NULL)
		json_text(command, "rule", path->rule->name);
	json_bool(command, "ruling", path->ruling);
	json_bool(command, "exact", path->exact);
	json_number(command, "count", path->count);
	if (path->silent_found)
		json_number(command, "silent", path->silent_count);
	json_array(command, "coalition");
	for (size_t i = 0; path->seat != NULL && i < path->count; i++)
		json_text(command, NULL, check_seat_name(check, path->seat[i]));
	json_close_array(command);
	json_text(command, "text", path_text(command, path));
	json_close_object(command);
}

static void json_peril(struct command *command, const struct check *check, const struct peril *peril)
{
	json_object(command, NULL);
	json_text(command, "holder", check->parties[peril->holder].name);
	json_number(command, "alike", peril->holders);
	json_array(command, "paths");
	for (size_t i = 0; i < peril->count; i++)
		json_path(command, check, &peril->path[i]);
	json_close_array(command);
	json_close_object(command);
}

static void json_finding(struct command *command, const struct check *check,
                         const struct finding *finding)
{
	json_object(command, NULL);
	json_text(command, "finding", bytes_of(finding_word(finding->kind)));
	json_bool(command, "refuses", finding->refuses);
	if (finding->rule != NULL) {
		json_text(command, "rule", finding->rule->name);
		json_number(command, "article", finding->rule->article);
		json_number(command, "line", finding->rule->line);
	}
	json_text(command, "text", finding_text(command, check, finding));
	json_close_object(command);
}

void check_json(struct command *command, const struct looked *looked)
{
	const struct check *check = looked->check;

	json_object(command, NULL);
	json_number(command, "version", looked->charter.version);
	json_number(command, "parties", looked->count);
	json_bool(command, "refused", check->refused);
	json_number(command, "signers", check->signers);
	json_number(command, "threshold", check->threshold);
	json_array(command, "rules");
	for (size_t i = 0; i < check->rule_count; i++)
		json_rule(command, check, &check->rules[i]);
	json_close_array(command);
	json_array(command, "holders");
	for (size_t i = 0; i < check->peril_count; i++)
		json_peril(command, check, &check->perils[i]);
	json_close_array(command);
	json_array(command, "findings");
	for (size_t i = 0; i < check->finding_count; i++)
		json_finding(command, check, &check->findings[i]);
	json_close_array(command);
	json_close_object(command);
}
