/* SPDX-License-Identifier: Apache-2.0 */
/* comity charter: reading the text that stands, and proposing another. */
#include <stdio.h>
#include <string.h>

#include "prog/comity/charter_diff.h"
#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

/* The apex record as an amendment takes it: its five lines. */
static struct bytes apex_text(struct command *command, const struct view *view)
{
	struct writer w = writer_in(&command->memory);
	struct apex apex;

	apex_get(view_state(view), &apex);
	apex_write(&w, &apex);
	return writer_keep(&w, &command->memory);
}

static struct bytes act_of(const struct view *view, const char *key)
{
	struct bytes record;

	return state_get(view_state(view), bytes_of(key), &record) ? field_of(record, "act") : BYTES("");
}

static void json_text_of(struct command *command, const struct view *view, const char *subject,
                         struct bytes text)
{
	struct digest digest = sha256(text);
	struct writer w = writer_in(&command->memory);

	write_digest(&w, &digest);
	json_object(command, NULL);
	view_json_head(command, view);
	json_text(command, "subject", bytes_of(subject));
	if (strcmp(subject, "charter") == 0)
		json_number(command, "version", view->ledger.commons.charter.version);
	json_text(command, "sha256", writer_keep(&w, &command->memory));
	json_text(command, "act", act_of(view, subject));
	json_text(command, "text", text);
	json_close_object(command);
}

/* Whether the line is prose of that language: it begins with the tag. */
static bool line_is_in(struct bytes line, struct bytes tag)
{
	return bytes_starts(line, tag) && line.size > tag.size && line.at[tag.size] == ' ';
}

/* Prose in the reader's language, where the charter has it; the article's rules as they stand. */
static void tell_article(const struct command *command, const struct charter *charter,
                         const struct charter_article *article)
{
	struct text lines = {.rest = article->text};
	struct bytes ours = BYTES(""), line;

	for (size_t i = 0; i < charter->language_count; i++)
		if (bytes_same(charter->languages[i], bytes_of(command->chinese ? "zh" : "en")))
			ours = charter->languages[i];
	while (text_line(&lines, &line)) {
		bool prose = false;

		for (size_t i = 0; i < charter->language_count; i++)
			prose = prose || line_is_in(line, charter->languages[i]);
		if (prose && ours.size > 0 && !line_is_in(line, ours))
			continue;
		print_text(command, prose && ours.size > 0 ? bytes_from(line, ours.size + 1) : line);
		putchar('\n');
	}
}

static int show_article(struct command *command, const struct view *view, const char *argument)
{
	const struct charter *charter = &view->ledger.commons.charter;
	const struct charter_article *article = NULL;
	uint64_t number;

	if (text_number(bytes_of(argument), CHARTER_ARTICLE_MAX, &number))
		article = charter_article(charter, (uint32_t)number);
	if (article == NULL)
		return fail(command, EXIT_NO, "the charter has no article {0}", "宪章没有第 {0} 条",
		            VALUES(bytes_of(argument)));
	if (command->json)
		json_text_of(command, view, "article", article->text);
	else
		tell_article(command, charter, article);
	return EXIT_DONE;
}

int charter_show(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"apex", no_argument, NULL, 'a'}, {NULL, 0, NULL, 0}};
	const char *subject = "charter";
	struct bytes text;
	struct view view;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 'a')
			return EXIT_MISUSE;
		subject = "apex";
	}
	if (argc - optind > 1)
		return misuse(command, "at most one article", "至多一条");
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (optind < argc)
		return show_article(command, &view, argv[optind]);
	text = strcmp(subject, "apex") == 0 ? apex_text(command, &view)
	                                    : view.ledger.commons.charter.text;
	if (command->json) {
		json_text_of(command, &view, subject, text);
		return EXIT_DONE;
	}
	print_text(command, text);
	if (command->terminal)
		putchar('\n');
	remark(command, "this stands in {0}, {1}; to change it, save it, change it, and: comity charter amend FILE{2}",
	       "以上为 {0} 的现行文本（{1}）；如需修订，请保存后修改，再执行：comity charter amend FILE{2}",
	       VALUES(view.ledger.commons.origin, said_text(command, act_of(&view, subject)),
	              bytes_of(strcmp(subject, "apex") == 0 ? " --apex" : "")));
	return EXIT_DONE;
}

/*
 * What the new text changes, and a check of it over the parties that there are, before it is sent. A text that is
 * no charter is left to the trial, which says why. False: the check refuses, told.
 */
static bool is_sound(struct command *command, const struct view *view, struct bytes text, const char *name)
{
	struct looked before, after;
	struct charter_fault fault;
	struct charter charter;
	int code;

	if (charter_read(text, &command->memory, &charter, &fault) != OK)
		return true;
	if (!look_at(command, view->ledger.commons.charter.text, "charter", NULL, NULL, view, &before, &code) ||
	    !look_at(command, text, name, NULL, NULL, view, &after, &code))
		return false;
	if (!command->json) {
		charter_changes_tell(command, &before, &after, true);
		charter_deciding_tell(command, &before, &after, true);
		findings_tell(command, after.check, true);
	}
	if (!after.check->refused)
		return true;
	fail(command, EXIT_NO, "{0}: the check of this charter refuses it", "{0}：检查未能通过，此宪章予以拒绝", VALUES(bytes_of(name)));
	next_step(command, "comity charter check {0}", "comity charter check {0}", VALUES(bytes_of(name)));
	return false;
}

int charter_amend(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"apex", no_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct bytes text, before;
	struct writer w;
	bool apex = false;
	int option;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN)
			return EXIT_MISUSE;
		apex = true;
	}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!read_input(command, argv[optind], CHARTER_SIZE_MAX, &text) ||
	    !draft_begin(command, &draft, ACT_CHARTER_AMEND))
		return EXIT_MISHAP;
	if (text.size == 0 || text.at[text.size - 1] != '\n')
		return fail(command, EXIT_NO, "{0}: the last line does not end", "{0}：最后一行没有换行",
		            VALUES(bytes_of(argv[optind])));
	before = apex ? apex_text(command, &draft.view) : draft.view.ledger.commons.charter.text;
	if (bytes_same(before, text))
		return fail(command, EXIT_NO, "this is the text that stands", "这就是现行文本", NULL);
	if (!apex && !is_sound(command, &draft.view, text, argv[optind]))
		return EXIT_NO;
	draft_set(&draft, "subject", bytes_of(apex ? "apex" : "charter"));
	w = writer_in(&command->memory);
	act_write_embedded(&w, text);
	draft.act.embed = writer_keep(&w, &command->memory);
	return draft_finish(command, &draft);
}
