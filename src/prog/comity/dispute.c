/* SPDX-License-Identifier: Apache-2.0 */
/* comity dispute: disputes, and what their sides and arbitrators do (comity-arbitration(7)). */
#include <string.h>

#include "act/show.h"
#include "arbitration/dispute.h"
#include "commons/proposal.h"
#include "prog/comity/draft.h"
#include "prog/comity/history.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/rr_lines.h"
#include "prog/comity/subject.h"
#include "prog/comity/tld.h"

#define EXHIBIT_SIZE_MAX ((size_t)64 << 20)

/* The dispute whose id begins with those digits, at least 4; false and told when there is none, or more than one. */
static bool find(struct command *command, const struct view *view, const char *prefix,
                 struct dispute *dispute)
{
	unsigned found = 0;
	struct dispute d;

	for (size_t index = 0; dispute_next(view_state(view), &index, &d);)
		if (strlen(prefix) >= 4 && bytes_starts(d.id, bytes_of(prefix))) {
			*dispute = d;
			found++;
		}
	if (found == 1)
		return true;
	if (found > 1)
		fail(command, EXIT_NO, "more than one dispute begins with {0}", "以 {0} 开头的争端不止一个",
		     VALUES(bytes_of(prefix)));
	else
		fail(command, EXIT_NO, "no dispute begins with {0} (4 hex digits or more)",
		     "没有以 {0} 开头的争端（至少 4 位十六进制数字）", VALUES(bytes_of(prefix)));
	next_step(command, "comity dispute list --all", "comity dispute list --all", NULL);
	return false;
}

/* What people say for a phase, and who is to do what in it. */
static const struct {
	const char *en, *zh;
} PHASE_TEXTS[] = {
	[PHASE_NOTICE] = {"notice: the respondent may answer", "通知：被申请方可以答辩"},
	[PHASE_APPOINT] = {"each side appoints an arbitrator", "双方各指定一名仲裁员"},
	[PHASE_DRAW] = {"a draw is waited for: the next release decides it", "等待抽签：由下一次发布决定"},
	[PHASE_RANK] = {"each side ranks the list for the chair", "双方就首席仲裁员名单排名"},
	[PHASE_PLEAD] = {"the sides plead", "双方陈述"},
	[PHASE_CHALLENGE] = {"an arbitrator is challenged", "仲裁员被请求回避"},
	[PHASE_DELIBERATE] = {"the arbitrators deliberate", "仲裁员评议"},
	[PHASE_CORRECT] = {"a side may ask for correction", "可请求更正"},
	[PHASE_CORRECTING] = {"the arbitrators correct", "仲裁员更正"},
	[PHASE_COMPLY] = {"the respondent may comply", "被申请方可自行履行"},
	[PHASE_RATIFY] = {"the other parties ratify", "由其他各方追认"},
	[PHASE_CLOSED] = {"closed", "已结案"},
};

static const struct {
	const char *en, *zh;
} ENDING_TEXTS[] = {
	[ENDING_NONE] = {"open", "未了结"},
	[ENDING_WITHDRAWN] = {"withdrawn by the claimant", "申请方撤回"},
	[ENDING_SETTLED] = {"settled by both sides", "双方和解"},
	[ENDING_LAPSED] = {"no award in time: nothing changes", "未及时裁断：一切不变"},
	[ENDING_DISMISSED] = {"dismissed", "请求未获支持"},
	[ENDING_COMPLIED] = {"complied with", "已自行履行"},
	[ENDING_EXECUTED] = {"executed", "已执行"},
	[ENDING_UNRATIFIED] = {"not ratified: nothing changes", "未获追认：一切不变"},
	[ENDING_IMPOSSIBLE] = {"could no longer be executed", "已无法执行"},
	[ENDING_CURED] = {"cured before it took effect: nothing changes", "在生效之前已补救：一切不变"},
};

_Static_assert(sizeof(PHASE_TEXTS) / sizeof(PHASE_TEXTS[0]) == PHASES &&
                       sizeof(ENDING_TEXTS) / sizeof(ENDING_TEXTS[0]) == ENDINGS,
               "each phase and each ending has its text");

static struct bytes standing_text(struct command *command, const struct dispute *d)
{
	const struct procedure *p = &d->procedure;

	return p->phase == PHASE_CLOSED
	               ? bytes_of(say(command, ENDING_TEXTS[p->ending].en, ENDING_TEXTS[p->ending].zh))
	               : bytes_of(say(command, PHASE_TEXTS[p->phase].en, PHASE_TEXTS[p->phase].zh));
}

static struct bytes remedy_text(struct command *command, enum remedy remedy)
{
	return show_word(bytes_of(remedy_word(remedy)), command->chinese);
}

/* The next moment at which time alone decides: the end of the phase; and while others ratify, of their vote, or of the
 * time to cure. */
static bool deadline_of(const struct view *view, const struct dispute *d, struct ledger_time *deadline)
{
	struct proposal p;

	deadline->seconds = d->procedure.deadline;
	if (d->procedure.phase != PHASE_RATIFY)
		return procedure_is_timed(&d->procedure);
	if (!proposal_get(view_state(view), d->award, &p))
		return false;
	*deadline = p.status == PROPOSAL_OPEN ? p.vote_until : p.execute_at;
	return true;
}

static void json_times(struct command *command, const struct charter_times *times)
{
	json_object(command, "times");
	for (unsigned i = 0; i < CHARTER_TIMES; i++)
		json_number(command, charter_time_word((enum charter_time)i), (uint64_t)times->seconds[i]);
	json_close_object(command);
}

static void json_dispute(struct command *command, const struct view *view, const struct dispute *d)
{
	struct ledger_time deadline;

	json_text(command, "dispute", d->id);
	json_text(command, "phase", bytes_of(phase_word(d->procedure.phase)));
	json_text_or_null(command, "ending", bytes_of(ending_word(d->procedure.ending)));
	if (deadline_of(view, d, &deadline))
		json_time(command, "deadline", deadline);
	else
		json_null(command, "deadline");
	json_times(command, &d->times);
	json_time(command, "opened", d->opened);
	json_text(command, "subject", d->subject);
	json_text(command, "claimant", d->side[SIDE_CLAIMANT]);
	json_text(command, "respondent", d->side[SIDE_RESPONDENT]);
	json_text(command, "asked", bytes_of(remedy_word(d->asked)));
	json_array(command, "panel");
	for (unsigned i = 0; i < SEATS; i++)
		json_text_or_null(command, NULL, d->seat[i]);
	json_close_array(command);
	json_words(command, "list", d->list);
	if (d->procedure.phase == PHASE_DRAW)
		json_text(command, "draw", bytes_of(draw_word(d->procedure.draw)));
	else
		json_null(command, "draw");
	json_text_or_null(command, "award", d->award);
	if (d->procedure.phase >= PHASE_CORRECT && !bytes_same(d->award, BYTES("none")))
		json_text(command, "orders", bytes_of(remedy_word(d->procedure.award)));
	else
		json_null(command, "orders");
	json_number(command, "reason", d->reason);
}

static void table_dispute(struct table *t, struct command *command, const struct view *view,
                          const struct dispute *d)
{
	struct ledger_time deadline;

	table_cell(t, id_text(d->id));
	table_cell(t, d->subject);
	table_cell(t, d->side[SIDE_CLAIMANT]);
	table_cell(t, d->side[SIDE_RESPONDENT]);
	table_cell(t, deadline_of(view, d, &deadline) ? distance_text(command, deadline, view->now) : BYTES("-"));
	table_cell(t, standing_text(command, d));
}

int dispute_list(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 6);
	struct dispute d;
	struct view view;
	bool all;

	if (!all_asked(command, argc, argv, &all))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "ID", "编号");
	table_head(&t, "ABOUT", "标的");
	table_head(&t, "CLAIMANT", "申请方");
	table_head(&t, "RESPONDENT", "被申请方");
	table_head(&t, "ENDS", "截止");
	table_head(&t, "STATUS", "状态");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; dispute_next(view_state(&view), &index, &d);) {
		if (!all && d.procedure.phase == PHASE_CLOSED)
			continue;
		if (command->json) {
			json_object(command, NULL);
			json_dispute(command, &view, &d);
			json_close_object(command);
		} else {
			table_dispute(&t, command, &view, &d);
		}
	}
	if (!command->json && t.cells == t.columns)
		tell(command, "no dispute is open", "没有未了结的争端", NULL);
	table_end(&t);
	return EXIT_DONE;
}

/* Exhibits of the dispute: who brought which file. */
static void tell_exhibits(struct command *command, const struct view *view, const struct dispute *d)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, "exhibit", d->id, BYTES("")), record;

	for (size_t index = 0; state_next(view_state(view), prefix, &index, &record);) {
		struct text lines = record_lines(record);
		struct bytes party = record_value(&lines, "party"), size = record_value(&lines, "size");

		tell(command, "exhibit of {0}: {1} octets, SHA-256 {2}", "{0} 的证据：{1} 字节，SHA-256 {2}",
		     VALUES(party, size, record_key_part(state_key(record), 2)));
	}
}

static void json_exhibits(struct command *command, const struct view *view, const struct dispute *d)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, "exhibit", d->id, BYTES("")), record;

	json_array(command, "exhibits");
	for (size_t index = 0; state_next(view_state(view), prefix, &index, &record);) {
		struct text lines = record_lines(record);

		json_object(command, NULL);
		json_text(command, "sha256", record_key_part(state_key(record), 2));
		json_text(command, "party", record_value(&lines, "party"));
		json_number(command, "size", record_number(&lines, "size"));
		json_close_object(command);
	}
	json_close_array(command);
}

static bool is_about_key(const void *context, const struct entry *entry)
{
	return entry->kind == ENTRY_ACT && act_is_about(&entry->act, *(const struct bytes *)context);
}

/* How long the steps that may still come take: those of the charter that it was opened under. */
static void tell_times(struct command *command, const struct dispute *d)
{
	struct bytes times = BYTES("");

	for (unsigned i = 0; i < CHARTER_TIMES; i++)
		times = sentence(command, i == 0 ? "{0}{1} {2}" : "{0}, {1} {2}", i == 0 ? "{0}{1} {2}" : "{0}，{1} {2}",
		                 VALUES(times, bytes_of(charter_time_word((enum charter_time)i)),
		                        span_text(command, d->times.seconds[i])));
	tell(command, "its times, of the charter it was opened under: {0}", "其各项期限（依提起时的宪章）：{0}", VALUES(times));
}

static void tell_show(struct command *command, const struct view *view, const struct dispute *d)
{
	static const char *const SEAT_EN[SEATS] = {"arbitrator of the claimant: {0}",
	                                           "arbitrator of the respondent: {0}", "chair: {0}"};
	static const char *const SEAT_ZH[SEATS] = {"申请方的仲裁员：{0}", "被申请方的仲裁员：{0}", "首席仲裁员：{0}"};

	static const char *const DRAW_EN[DRAWS] = {
		[DRAW_SEATS] = "drawn are the arbitrators of the sides that appointed none, of: {0}",
		[DRAW_CHAIR] = "drawn is the chair, where the ranks leave several equal, of: {0}",
		[DRAW_DECIDER] = "drawn is who decides the challenge, of: {0}",
		[DRAW_SUBSTITUTE] = "drawn is who takes the seat, of: {0}",
	};
	static const char *const DRAW_ZH[DRAWS] = {
		[DRAW_SEATS] = "从下列名单中为未指定仲裁员的一方抽签：{0}",
		[DRAW_CHAIR] = "排名相同者之中，从下列名单抽签产生首席仲裁员：{0}",
		[DRAW_DECIDER] = "从下列名单中抽签产生就回避作出决定者：{0}",
		[DRAW_SUBSTITUTE] = "从下列名单中抽签产生接任仲裁员：{0}",
	};
	struct ledger_time deadline;

	view_head(command, view);
	tell(command, "dispute {0}: {1} against {2}, about {3}; it asks to {4}", "争端 {0}：{1} 诉 {2}，标的 {3}；请求：{4}",
	     VALUES(d->id, d->side[SIDE_CLAIMANT], d->side[SIDE_RESPONDENT], d->subject,
	            remedy_text(command, d->asked)));
	tell(command, "it stands so: {0}", "现状：{0}", VALUES(standing_text(command, d)));
	if (deadline_of(view, d, &deadline))
		tell(command, d->procedure.phase == PHASE_DRAW ? "without a release until {0} ({1}) the dispute ends, and nothing changes"
		                                               : "until {0} ({1}), then silence decides",
		     d->procedure.phase == PHASE_DRAW ? "至 {0}（{1}）仍无发布，则争端终结，一切不变" : "至 {0}（{1}），此后以沉默论",
		     VALUES(time_text(command, deadline), distance_text(command, deadline, view->now)));
	if (d->procedure.phase < PHASE_RATIFY)
		tell_times(command, d);
	for (unsigned i = 0; i < SEATS; i++)
		tell(command, SEAT_EN[i], SEAT_ZH[i], VALUES(show_word(d->seat[i], command->chinese)));
	if (d->procedure.phase == PHASE_RANK)
		tell(command, "the list for the chair: {0}", "首席仲裁员名单：{0}", VALUES(d->list));
	if (d->procedure.phase == PHASE_DRAW)
		tell(command, DRAW_EN[d->procedure.draw], DRAW_ZH[d->procedure.draw], VALUES(d->list));
	if (d->procedure.phase == PHASE_CHALLENGE)
		tell(command, "{0} is challenged by {1}; {2} decides", "{1} 请求 {0} 回避；由 {2} 决定",
		     VALUES(d->challenged, d->raiser, d->decider));
	if (!bytes_same(d->award, BYTES("none")))
		tell(command, "the award, act {0}, orders: {1}", "裁决（文书 {0}）命令：{1}",
		     VALUES(id_text(d->award), remedy_text(command, d->procedure.award)));
	tell_exhibits(command, view, d);
}

int dispute_show(struct command *command, int argc, char *argv[])
{
	struct bytes key;
	struct dispute d;
	struct view view;
	unsigned count;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!find(command, &view, argv[optind], &d))
		return EXIT_NO;
	if (command->json) {
		json_object(command, NULL);
		view_json_head(command, &view);
		json_dispute(command, &view, &d);
		json_exhibits(command, &view, &d);
		json_close_object(command);
		return EXIT_DONE;
	}
	tell_show(command, &view, &d);
	tell(command, "what was said, by the public log:", "公开日志中的发言：", NULL);
	key = join_text(command, BYTES("dispute/"), d.id);
	return history_tell(command, &view, is_about_key, &key, UINT32_MAX, &count) ? EXIT_DONE : EXIT_MISHAP;
}

int dispute_open(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 3))
		return EXIT_MISUSE;
	if (!draft_begin(command, &draft, ACT_DISPUTE))
		return EXIT_MISHAP;
	draft_set(&draft, "subject", bytes_of(argv[optind]));
	draft_set(&draft, "respondent", bytes_of(argv[optind + 1]));
	draft_set(&draft, "remedy", bytes_of(argv[optind + 2]));
	return draft_finish(command, &draft);
}

/* Begins an act in the dispute whose id begins so. EXIT_DONE, or another exit code. */
static int begin_in(struct command *command, struct draft *draft, enum act_kind kind,
                    const char *id)
{
	struct dispute d;

	if (!draft_begin(command, draft, kind))
		return EXIT_MISHAP;
	if (!find(command, &draft->view, id, &d))
		return EXIT_NO;
	draft_set(draft, "dispute", arena_copy(&command->memory, d.id));
	return EXIT_DONE;
}

/* An act in a dispute whose further fields are the further arguments. */
static int simple(struct command *command, int argc, char *argv[], enum act_kind kind, int fields)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	int code;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 1 + fields))
		return EXIT_MISUSE;
	code = begin_in(command, &draft, kind, argv[optind]);
	for (int i = 1; code == EXIT_DONE && i <= fields; i++)
		draft.act.field[i] = bytes_of(argv[optind + i]);
	return code == EXIT_DONE ? draft_finish(command, &draft) : code;
}

int dispute_answer(struct command *command, int argc, char *argv[])
{
	return simple(command, argc, argv, ACT_ANSWER, 0);
}

int dispute_appoint(struct command *command, int argc, char *argv[])
{
	return simple(command, argc, argv, ACT_APPOINT, 1);
}

int dispute_challenge(struct command *command, int argc, char *argv[])
{
	return simple(command, argc, argv, ACT_CHALLENGE, 2);
}

int dispute_correct(struct command *command, int argc, char *argv[])
{
	return simple(command, argc, argv, ACT_CORRECT, 0);
}

int dispute_settle(struct command *command, int argc, char *argv[])
{
	return simple(command, argc, argv, ACT_SETTLE, 0);
}

int dispute_rank(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct writer w;
	int code;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1)
		return EXIT_MISUSE;
	if (argc - optind < 2)
		return misuse(command, "a dispute, and names in the order of preference", "请给出争端编号，以及按偏好排列的名字");
	code = begin_in(command, &draft, ACT_RANK, argv[optind]);
	if (code != EXIT_DONE)
		return code;
	w = writer_in(&command->memory);
	for (int i = optind + 1; i < argc; i++) {
		write_text(&w, i > optind + 1 ? " " : "");
		write_text(&w, argv[i]);
	}
	draft_set(&draft, "ranks", writer_keep(&w, &command->memory));
	return draft_finish(command, &draft);
}

/* What age(1) writes begins so, in octets or in lines. */
static bool is_encrypted(struct bytes content)
{
	return bytes_starts(content, BYTES("age-encryption.org/v1\n")) ||
	       bytes_starts(content, BYTES("-----BEGIN AGE ENCRYPTED FILE-----\n"));
}

int dispute_exhibit(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"open", no_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct bytes content;
	bool open = false;
	struct digest digest;
	struct writer w;
	int option, code;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN)
			return EXIT_MISUSE;
		open = true;
	}
	if (!arguments_are(command, argc, argv, 2))
		return EXIT_MISUSE;
	if (!read_input(command, argv[optind + 1], EXHIBIT_SIZE_MAX, &content))
		return EXIT_MISHAP;
	if (!open && !is_encrypted(content)) {
		fail(command, EXIT_NO, "{0} is not encrypted by age", "{0} 未经 age 加密", VALUES(bytes_of(argv[optind + 1])));
		next_step(command, "age -r RECIPIENT... -o FILE.age FILE; or, what everybody may read: --open",
		          "age -r 收件人... -o 文件.age 文件；任何人可读的：--open", NULL);
		return EXIT_NO;
	}
	code = begin_in(command, &draft, ACT_EXHIBIT, argv[optind]);
	if (code != EXIT_DONE)
		return code;
	digest = sha256(content);
	w = writer_in(&command->memory);
	write_number(&w, content.size);
	write_octet(&w, ' ');
	write_digest(&w, &digest);
	draft_set(&draft, "file", writer_keep(&w, &command->memory));
	return draft_finish(command, &draft);
}

int dispute_interim(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"expires", required_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	const char *expires = NULL;
	int option, code;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN)
			return EXIT_MISUSE;
		expires = optarg;
	}
	if (!arguments_are(command, argc, argv, 2))
		return EXIT_MISUSE;
	if (expires == NULL)
		return misuse(command, "until when? --expires TIME", "至何时？--expires 时间");
	code = begin_in(command, &draft, ACT_INTERIM, argv[optind]);
	if (code != EXIT_DONE)
		return code;
	draft_set(&draft, "measure", bytes_of(argv[optind + 1]));
	draft_set(&draft, "expires", bytes_of(expires));
	return draft_finish(command, &draft);
}

enum { OPTION_PARTY = OPTION_OWN, OPTION_WAIVER, OPTION_EXPIRES };

static int rule_records(struct command *command, struct draft *draft, int count, char *argv[])
{
	struct rr_lines set = {.count = 0};

	for (int i = 0; i < count; i++)
		if (!rr_lines_add(command, &set, bytes_of(argv[i] + 1), BYTES("")))
			return EXIT_MISUSE;
	if (set.count > 0)
		draft->act.records = rr_lines_text(command, &set);
	return EXIT_DONE;
}

int dispute_rule(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"party", required_argument, NULL, OPTION_PARTY},
	                                        {"waiver", required_argument, NULL, OPTION_WAIVER},
	                                        {"expires", required_argument, NULL, OPTION_EXPIRES},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	const char *party = "none", *rule = "none", *expires = "none";
	int option, code;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option == OPTION_PARTY)
			party = optarg;
		else if (option == OPTION_WAIVER)
			rule = optarg;
		else if (option == OPTION_EXPIRES)
			expires = optarg;
		else
			return EXIT_MISUSE;
	}
	if (argc - optind < 2)
		return misuse(command, "a dispute, and what is ordered", "请给出争端编号，以及裁决内容");
	for (int i = optind + 2; i < argc; i++)
		if (argv[i][0] != '+')
			return misuse_of(command, "{0}: a record begins with +", "{0}：记录以 + 开头",
			                 VALUES(bytes_of(argv[i])));
	code = begin_in(command, &draft, ACT_RULING, argv[optind]);
	if (code == EXIT_DONE)
		code = rule_records(command, &draft, argc - optind - 2, argv + optind + 2);
	if (code != EXIT_DONE)
		return code;
	draft_set(&draft, "remedy", bytes_of(argv[optind + 1]));
	draft_set(&draft, "party", bytes_of(party));
	draft_set(&draft, "rule", bytes_of(rule));
	draft_set(&draft, "expires", bytes_of(expires));
	return draft_finish(command, &draft);
}
