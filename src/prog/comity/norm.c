/* SPDX-License-Identifier: Apache-2.0 */
/* comity norm: norms, who is bound to them, and what the ledger sees of that (comity-norm(7)). */
#include <stdio.h>

#include "act/show.h"
#include "base/must.h"
#include "commons/norming.h"
#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/norms.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

struct bytes norm_document(struct command *command, const struct norm_text *text)
{
	struct act embedding = {.embed = text->embedded};

	return act_embedded(&embedding, &command->memory);
}

struct bytes norm_title_of(struct command *command, const struct view *view, const struct adopted *a)
{
	struct norm_text text;
	struct fault fault;
	struct norm norm;

	if (!norm_text_get(view_state(view), a->id, a->version, &text) ||
	    !norm_read(norm_document(command, &text), &norm, &fault))
		return BYTES("-");
	return norm_title(&norm, bytes_of(command->chinese ? "zh" : "en"));
}

struct bytes duty_sentence(struct command *command, const struct duty *duty)
{
	return sentence(command, "{0}; broken when not so for {1}", "{0}；持续 {1} 不履行即为违反",
	                VALUES(bytes_of(duty_text(duty->kind, command->chinese)), span_text(command, duty->within)));
}

/* The norm of that name; false and told when it never was. */
static bool find(struct command *command, const struct view *view, const char *name, struct adopted *adopted)
{
	if (adopted_get(view_state(view), bytes_of(name), adopted))
		return true;
	fail(command, EXIT_NO, "there is no norm {0}", "没有规范 {0}", VALUES(bytes_of(name)));
	next_step(command, "comity norm list --all", "comity norm list --all", NULL);
	return false;
}

static unsigned bound_to(const struct view *view, struct bytes norm)
{
	struct adherence a;
	unsigned count = 0;

	for (size_t index = 0; adherence_next(view_state(view), &index, &a);)
		count += bytes_same(a.norm, norm) && adherence_binds(&a);
	return count;
}

/* How a party stands to a norm, in words. */
static struct bytes standing_text(struct command *command, const struct adherence *a, struct ledger_time now)
{
	bool whole = bytes_same(a->reserved, BYTES("none"));

	if (a->status == ADHERENCE_ENDED)
		return bytes_of(say(command, "not bound any more", "不再受约束"));
	if (a->status == ADHERENCE_DENOUNCED)
		return sentence(command, "denounced, bound until {0} ({1})", "已声明退出，受约束至 {0}（{1}）",
		                VALUES(time_text(command, a->until), distance_text(command, a->until, now)));
	if (whole)
		return bytes_of(say(command, "bound", "受约束"));
	return sentence(command, "bound, with a reservation to {0}", "受约束，对第 {0} 款作出保留", VALUES(a->reserved));
}

static struct bytes own_standing(struct command *command, const struct view *view, struct bytes norm)
{
	struct adherence a;

	if (!view->is_party)
		return BYTES("-");
	if (!adherence_get(view_state(view), norm, view->us, &a))
		return bytes_of(say(command, "not bound", "不受约束"));
	return standing_text(command, &a, view->now);
}

static void json_adopted(struct command *command, const struct view *view, const struct adopted *a)
{
	json_text(command, "norm", a->id);
	json_text(command, "status", a->status == NORM_STANDS ? BYTES("stands") : BYTES("repealed"));
	json_number(command, "version", a->version);
	json_time(command, "since", a->since);
	json_text(command, "act", a->act);
	json_text(command, "title", norm_title_of(command, view, a));
	json_number(command, "bound", bound_to(view, a->id));
}

static void table_adopted(struct table *t, struct command *command, const struct view *view,
                          const struct adopted *a)
{
	table_cell(t, a->id);
	table_cell(t, number_text(command, a->version));
	table_cell(t, number_text(command, bound_to(view, a->id)));
	table_cell(t, a->status == NORM_STANDS ? own_standing(command, view, a->id)
	                                       : bytes_of(say(command, "repealed", "已废止")));
	table_cell(t, norm_title_of(command, view, a));
}

int norm_list(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 5);
	struct adopted a;
	struct view view;
	bool all;

	if (!all_asked(command, argc, argv, &all))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "NORM", "规范");
	table_head(&t, "VERSION", "版本");
	table_head(&t, "BOUND", "受约束方数");
	table_head(&t, "WE", "本方");
	table_head(&t, "TITLE", "标题");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; adopted_next(view_state(&view), &index, &a);) {
		if (!all && a.status != NORM_STANDS)
			continue;
		if (command->json) {
			json_object(command, NULL);
			json_adopted(command, &view, &a);
			json_close_object(command);
		} else {
			table_adopted(&t, command, &view, &a);
		}
	}
	if (!command->json && t.cells == t.columns) {
		tell(command, "no norm is adopted", "尚未通过任何规范", NULL);
		next_step(command, "comity norm adopt FILE", "comity norm adopt FILE", NULL);
	}
	table_end(&t);
	return EXIT_DONE;
}

/* ---- show ---- */

static void json_adherences(struct command *command, const struct view *view, struct bytes norm)
{
	struct adherence a;

	json_array(command, "adherences");
	for (size_t index = 0; adherence_next(view_state(view), &index, &a);) {
		if (!bytes_same(a.norm, norm))
			continue;
		json_object(command, NULL);
		json_text(command, "party", a.party);
		json_text(command, "status", bytes_of(adherence_status_word(a.status)));
		json_number(command, "version", a.version);
		json_time(command, "since", a.since);
		if (a.status == ADHERENCE_ACCEPTED)
			json_null(command, "until");
		else
			json_time(command, "until", a.until);
		json_words(command, "reserved", a.reserved);
		json_text(command, "act", a.act);
		json_close_object(command);
	}
	json_close_array(command);
}

static void json_breach(struct command *command, const struct breach *b)
{
	struct writer w = writer_in(&command->memory);

	duty_write(&w, &b->duty);
	json_object(command, NULL);
	json_text(command, "norm", b->norm);
	json_text(command, "party", b->party);
	json_number(command, "paragraph", b->paragraph);
	json_text(command, "status", bytes_of(breach_status_word(b->status)));
	json_number(command, "version", b->version);
	json_text(command, "duty", writer_keep(&w, &command->memory));
	json_time(command, "since", b->since);
	if (b->count > 0)
		json_time(command, "opened", b->opened);
	else
		json_null(command, "opened");
	if (breach_lives(b))
		json_null(command, "until");
	else
		json_time(command, "until", b->until);
	json_number(command, "count", b->count);
	json_text_or_null(command, "saw", b->saw);
	json_text_or_null(command, "contested", b->contested);
	json_close_object(command);
}

static void json_breaches(struct command *command, const struct view *view, struct bytes norm)
{
	struct breach b;

	json_array(command, "breaches");
	for (size_t index = 0; breach_next(view_state(view), &index, &b);)
		if (bytes_same(b.norm, norm))
			json_breach(command, &b);
	json_close_array(command);
}

static void json_duties(struct command *command, const struct norm_text *text)
{
	json_array(command, "duties");
	for (unsigned i = 0; i < text->duties; i++) {
		struct writer w = writer_in(&command->memory);

		duty_write(&w, &text->duty[i].duty);
		json_object(command, NULL);
		json_number(command, "paragraph", text->duty[i].paragraph);
		json_text(command, "duty", writer_keep(&w, &command->memory));
		json_close_object(command);
	}
	json_close_array(command);
}

static struct bytes breach_state_text(struct command *command, const struct breach *b, struct ledger_time now)
{
	switch (b->status) {
	case BREACH_LAPSED:
		return sentence(command, "not kept since {0}; a breach {1}", "自 {0} 起未履行；{1}构成违反",
		                VALUES(time_text(command, b->since),
		                       distance_text(command, (struct ledger_time){b->since.seconds + b->duty.within},
		                                     now)));
	case BREACH_OPEN:
		return sentence(command, "in breach, opened {0}", "违反中，{0}开启",
		                VALUES(distance_text(command, b->opened, now)));
	case BREACH_CURED:
		return sentence(command, "cured {0}", "{0}已纠正", VALUES(distance_text(command, b->until, now)));
	default:
		return sentence(command, "ended {0}", "{0}终止", VALUES(distance_text(command, b->until, now)));
	}
}

static void tell_breach(struct command *command, const struct view *view, const struct breach *b)
{
	tell(command, "{0}, paragraph {1}: {2}; {3}", "{0}，第 {1} 款：{2}；{3}",
	     VALUES(b->party, number_text(command, b->paragraph), breach_state_text(command, b, view->now),
	            bytes_of(duty_text(b->duty.kind, command->chinese))));
	if (b->status == BREACH_OPEN && !bytes_same(b->saw, BYTES("none")))
		tell(command, "  what showed it: {0}", "  依据：{0}", VALUES(b->saw));
	if (b->status == BREACH_OPEN && !bytes_same(b->contested, BYTES("none")))
		tell(command, "  {0} contests it: act {1}", "  {0} 提出异议：文书 {1}", VALUES(b->party, id_text(b->contested)));
}

static void tell_adherences(struct command *command, const struct view *view, const struct adopted *norm)
{
	struct adherence a;

	for (size_t index = 0; adherence_next(view_state(view), &index, &a);)
		if (bytes_same(a.norm, norm->id))
			tell(command, "{0}: {1}; version {2}, since {3}", "{0}：{1}；第 {2} 版，自 {3}",
			     VALUES(a.party, standing_text(command, &a, view->now), number_text(command, a.version),
			            time_text(command, a.since)));
}

/* Lines in the reader's language where the norm has it, else all of them. */
static void tell_paragraph(struct command *command, const struct norm *norm, unsigned number)
{
	const struct norm_paragraph *p = &norm->paragraph[number - 1];
	struct text lines = {.rest = p->words};
	struct bytes ours = bytes_of(command->chinese ? "zh " : "en "), line;
	bool has = false;

	for (unsigned i = 0; i < norm->languages; i++)
		has = has || bytes_same(norm->language[i], bytes_first(ours, 2));
	printf("%u  ", number);
	for (bool first = true; text_line(&lines, &line);) {
		if (has && !bytes_starts(line, ours))
			continue;
		if (!first)
			printf("   ");
		print_text(command, has ? bytes_from(line, ours.size) : line);
		putchar('\n');
		first = false;
	}
	if (p->has_duty)
		tell(command, "   the ledger sees this: {0}", "   账本可见：{0}", VALUES(duty_sentence(command, &p->duty)));
}

static void tell_norm(struct command *command, const struct view *view, const struct adopted *a)
{
	struct norm_text text;
	struct fault fault;
	struct norm norm;
	struct breach b;

	view_head(command, view);
	if (a->status == NORM_STANDS && norm_text_get(view_state(view), a->id, a->version, &text) &&
	    norm_read(norm_document(command, &text), &norm, &fault)) {
		tell(command, "norm {0}, version {1}: {2}", "规范 {0}，第 {1} 版：{2}",
		     VALUES(a->id, number_text(command, a->version), norm_title_of(command, view, a)));
		tell(command, "from: {0}", "出处：{0}", VALUES(norm.source));
		for (unsigned i = 1; i <= norm.count; i++)
			tell_paragraph(command, &norm, i);
		if (norm.notice > 0)
			tell(command, "who denounces it is bound for another {0}", "声明退出者仍受约束 {0}",
			     VALUES(span_text(command, norm.notice)));
	} else {
		tell(command, "norm {0}: repealed {1}, act {2}", "规范 {0}：{1}废止，文书 {2}",
		     VALUES(a->id, distance_text(command, a->since, view->now), id_text(a->act)));
	}
	tell_adherences(command, view, a);
	for (size_t index = 0; breach_next(view_state(view), &index, &b);)
		if (bytes_same(b.norm, a->id))
			tell_breach(command, view, &b);
}

int norm_show(struct command *command, int argc, char *argv[])
{
	struct norm_text text;
	struct adopted a;
	struct view view;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!find(command, &view, argv[optind], &a))
		return EXIT_NO;
	if (!command->json) {
		tell_norm(command, &view, &a);
		return EXIT_DONE;
	}
	json_object(command, NULL);
	view_json_head(command, &view);
	json_adopted(command, &view, &a);
	if (norm_text_get(view_state(&view), a.id, a.version, &text)) {
		json_text(command, "text", norm_document(command, &text));
		json_number(command, "notice", (uint64_t)text.notice);
		json_duties(command, &text);
	}
	json_adherences(command, &view, a.id);
	json_breaches(command, &view, a.id);
	json_close_object(command);
	return EXIT_DONE;
}

static void table_breach(struct table *t, struct command *command, const struct view *view, const struct breach *b)
{
	table_cell(t, b->norm);
	table_cell(t, number_text(command, b->paragraph));
	table_cell(t, b->party);
	table_cell(t, breach_state_text(command, b, view->now));
	table_cell(t, b->saw);
}

int norm_breaches(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 5);
	struct breach b;
	struct view view;
	bool all;

	if (!all_asked(command, argc, argv, &all))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "NORM", "规范");
	table_head(&t, "PARAGRAPH", "款");
	table_head(&t, "PARTY", "缔约方");
	table_head(&t, "STATUS", "状态");
	table_head(&t, "SHOWN BY", "依据");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; breach_next(view_state(&view), &index, &b);) {
		if (!all && b.status != BREACH_OPEN)
			continue;
		if (command->json)
			json_breach(command, &b);
		else
			table_breach(&t, command, &view, &b);
	}
	if (!command->json && t.cells == t.columns)
		tell(command, "nobody is in breach of a norm", "没有任何一方违反规范", NULL);
	table_end(&t);
	return EXIT_DONE;
}

/* ---- acts ---- */

int norm_adopt(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct fault fault;
	struct bytes text;
	struct norm norm;
	struct writer w;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!read_input(command, argv[optind], NORM_SIZE_MAX, &text))
		return EXIT_MISHAP;
	if (!norm_read(text, &norm, &fault))
		return fail(command, EXIT_NO, "{0} is not a norm: line {1}: {2}", "{0} 不是规范：第 {1} 行：{2}",
		            VALUES(bytes_of(argv[optind]), number_text(command, fault.line), bytes_of(fault.why)));
	if (!draft_begin(command, &draft, ACT_NORM))
		return EXIT_MISHAP;
	draft_set(&draft, "norm", norm.id);
	w = writer_in(&command->memory);
	act_write_embedded(&w, text);
	draft.act.embed = writer_keep(&w, &command->memory);
	return draft_finish(command, &draft);
}

/* An act about the norm that the first argument names. EXIT_DONE, or another exit code. */
static int begin_about(struct command *command, struct draft *draft, enum act_kind kind, const char *name,
                       struct adopted *adopted)
{
	if (!draft_begin(command, draft, kind))
		return EXIT_MISHAP;
	if (!find(command, &draft->view, name, adopted))
		return EXIT_NO;
	draft_set(draft, "norm", arena_copy(&command->memory, adopted->id));
	return EXIT_DONE;
}

/* Acts of a norm and nothing else, or of a norm and its version. */
static int simple(struct command *command, int argc, char *argv[], enum act_kind kind)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct adopted a;
	int code;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	code = begin_about(command, &draft, kind, argv[optind], &a);
	if (code != EXIT_DONE)
		return code;
	if (kind == ACT_ACCEPT)
		draft_set(&draft, "version", number_text(command, a.version));
	return draft_finish(command, &draft);
}

int norm_repeal(struct command *command, int argc, char *argv[])
{
	return simple(command, argc, argv, ACT_REPEAL);
}

int norm_accept(struct command *command, int argc, char *argv[])
{
	return simple(command, argc, argv, ACT_ACCEPT);
}

int norm_denounce(struct command *command, int argc, char *argv[])
{
	return simple(command, argc, argv, ACT_DENOUNCE);
}

int norm_reserve(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct adopted a;
	struct writer w;
	int code;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1)
		return EXIT_MISUSE;
	if (argc - optind < 2)
		return misuse(command, "a norm, and the paragraphs of the reservation", "请给出规范，以及所保留的各款");
	code = begin_about(command, &draft, ACT_RESERVE, argv[optind], &a);
	if (code != EXIT_DONE)
		return code;
	w = writer_in(&command->memory);
	for (int i = optind + 1; i < argc; i++) {
		write_text(&w, i > optind + 1 ? " " : "");
		write_text(&w, argv[i]);
	}
	draft_set(&draft, "paragraphs", writer_keep(&w, &command->memory));
	draft_set(&draft, "version", number_text(command, a.version));
	return draft_finish(command, &draft);
}

int norm_contest(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct adopted a;
	int code;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 2))
		return EXIT_MISUSE;
	code = begin_about(command, &draft, ACT_CONTEST, argv[optind], &a);
	if (code != EXIT_DONE)
		return code;
	draft_set(&draft, "paragraph", bytes_of(argv[optind + 1]));
	return draft_finish(command, &draft);
}
