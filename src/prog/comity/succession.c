/* SPDX-License-Identifier: Apache-2.0 */
/* comity tld retire, plan, operate, resume; party rekey; and what is told of them. */
#include "prog/comity/succession.h"

#include "act/show.h"
#include "arbitration/measure.h"
#include "commons/freeze.h"
#include "commons/operation.h"
#include "commons/retirement.h"
#include "commons/vacancy.h"
#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/key_lines.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/tld.h"

/* ---- what is told ---- */

const char *event_word(enum event_sort sort)
{
	static const char *const WORDS[EVENT_SORTS] = {
		[EVENT_RETIREMENT] = "retirement",
		[EVENT_OPERATION] = "operation",
		[EVENT_VACANCY] = "vacancy",
		[EVENT_FREEZE] = "freeze",
	};

	return WORDS[sort];
}

static bool retirement_event(const struct view *view, struct event *event)
{
	struct retirement r;

	if (!retirement_get(view_state(view), event->label, &r))
		return false;
	event->ground = r.ground;
	event->until = r.ends;
	event->latest = r.latest;
	event->act = r.act;
	return true;
}

static bool operation_event(const struct view *view, struct event *event)
{
	struct operation operation;
	struct measure interim;

	if (measure_get(view_state(view), "interim", event->label, view->now, &interim)) {
		event->party = interim.operator;
		event->until = interim.expires;
		event->act = interim.dispute;
		return true;
	}
	if (!operation_get(view_state(view), event->label, &operation) ||
	    !operation_stands(view_state(view), &operation, view->now))
		return false;
	event->party = operation.operator;
	event->ground = operation.ground;
	event->until = operation.until;
	event->act = operation.act;
	return true;
}

static bool vacancy_event(const struct view *view, struct event *event)
{
	struct holding holding;

	if (!vacancy_get(view_state(view), event->label, &event->until, &event->act) ||
	    !holding_get(view_state(view), event->label, &holding))
		return false;
	event->party = holding.holder;
	return true;
}

static bool freeze_event(const struct view *view, struct event *event)
{
	struct measure frozen;
	struct freeze freeze;

	if (measure_get(view_state(view), "frozen", event->label, view->now, &frozen)) {
		event->until = frozen.expires;
		event->act = frozen.dispute;
		return true;
	}
	if (!freeze_get(view_state(view), event->label, &freeze) ||
	    freeze.until.seconds <= view->now.seconds)
		return false;
	event->until = freeze.until;
	event->act = freeze.act;
	return true;
}

bool event_get(const struct view *view, struct bytes label, enum event_sort sort, struct event *event)
{
	static bool (*const GET[EVENT_SORTS])(const struct view *view, struct event *event) = {
		[EVENT_RETIREMENT] = retirement_event,
		[EVENT_OPERATION] = operation_event,
		[EVENT_VACANCY] = vacancy_event,
		[EVENT_FREEZE] = freeze_event,
	};

	*event = (struct event){.sort = sort, .label = label};
	if (!GET[sort](view, event))
		return false;
	if (sort != EVENT_RETIREMENT)
		event->latest = event->until;
	return true;
}

struct bytes event_text(const struct command *command, const struct view *view, const struct event *event)
{
	const struct bytes *values =
		VALUES(event->label, event->party, show_word(event->ground, command->chinese),
	               time_text(command, event->until), distance_text(command, event->until, view->now),
	               time_text(command, event->latest), id_text(event->act));

	switch (event->sort) {
	case EVENT_RETIREMENT:
		return sentence(command, "{0} is being retired ({2}): it resolves until {3} ({4}); at the latest until {5}; act {6}",
		                "{0} 正在退役（{2}）：解析至 {3}（{4}），最迟至 {5}；文书 {6}", values);
	case EVENT_OPERATION:
		if (event->ground.size == 0)
			return sentence(command, "{0} is kept by {1} in its holder's place, by award, until {3} ({4}); dispute {6}",
			                "{0} 依裁决由 {1} 代持有者管理，至 {3}（{4}）；争端 {6}", values);
		return sentence(command, "{0} is kept by {1} in its holder's place until {3} ({4}): {2}; act {6}",
		                "{0} 由 {1} 代持有者管理，至 {3}（{4}）：{2}；文书 {6}", values);
	case EVENT_VACANCY:
		return sentence(command, "{0} was taken from {1} by an award on {3}, and resolves as it is until a successor serves it; dispute {6}",
		                "{0} 已于 {3} 依裁决自 {1} 收回，在继任方提供服务之前照常解析；争端 {6}", values);
	case EVENT_FREEZE:
	case EVENT_SORTS:
		break;
	}
	return sentence(command, "{0} is frozen until {3} ({4}): it resolves, and nothing of it changes; act {6}",
	                "{0} 已冻结至 {3}（{4}）：继续解析，内容不得变更；文书 {6}", values);
}

static void event_json(struct command *command, const struct view *view, const struct event *event)
{
	json_object(command, NULL);
	json_text(command, "event", bytes_of(event_word(event->sort)));
	json_text(command, "tld", event->label);
	if (event->party.size > 0)
		json_text(command, event->sort == EVENT_VACANCY ? "former" : "operator", event->party);
	if (event->ground.size > 0)
		json_text(command, "ground", event->ground);
	json_time(command, event->sort == EVENT_VACANCY ? "since" : "until", event->until);
	if (event->sort == EVENT_RETIREMENT)
		json_time(command, "latest", event->latest);
	json_text(command, "act", event->act);
	json_text(command, "text", event_text(command, view, event));
	json_close_object(command);
}

void events_json(struct command *command, const struct view *view, struct bytes label)
{
	struct event event;
	struct holding h;

	json_array(command, "events");
	for (size_t index = 0; holding_next(view_state(view), &index, &h);)
		for (enum event_sort sort = 0; sort < EVENT_SORTS; sort++)
			if ((label.size == 0 || bytes_same(label, h.label)) &&
			    event_get(view, h.label, sort, &event))
				event_json(command, view, &event);
	json_close_array(command);
}

/* ---- what is said ---- */

/* An act about a TLD; `names` are its other fields, one argument each; --expires where `expires`. */
static int say_of_tld(struct command *command, int argc, char *argv[], enum act_kind kind,
                      const char *const *names, bool expires)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"expires", required_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	const char *until = NULL;
	int option, count = 0;

	while (names[count] != NULL)
		count++;
	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN || !expires)
			return EXIT_MISUSE;
		until = optarg;
	}
	if (!arguments_are(command, argc, argv, 1 + count))
		return EXIT_MISUSE;
	if (expires && until == NULL)
		return misuse(command, "until when? --expires TIME", "至何时？--expires 时间");
	if (!draft_begin(command, &draft, kind))
		return EXIT_MISHAP;
	draft_set(&draft, "tld", tld_label(command, argv[optind]));
	for (int i = 0; i < count; i++)
		draft_set(&draft, names[i], bytes_of(argv[optind + 1 + i]));
	if (expires)
		draft_set(&draft, "expires", bytes_of(until));
	return draft_finish(command, &draft);
}

int tld_retire(struct command *command, int argc, char *argv[])
{
	return say_of_tld(command, argc, argv, ACT_RETIRE, (const char *const[]){"ground", NULL}, false);
}

int tld_plan(struct command *command, int argc, char *argv[])
{
	return say_of_tld(command, argc, argv, ACT_PLAN, (const char *const[]){"ends", NULL}, false);
}

int tld_operate(struct command *command, int argc, char *argv[])
{
	return say_of_tld(command, argc, argv, ACT_OPERATE, (const char *const[]){"operator", "ground", NULL}, true);
}

int tld_resume(struct command *command, int argc, char *argv[])
{
	return say_of_tld(command, argc, argv, ACT_RESUME, (const char *const[]){NULL}, false);
}

/* The keys of another party, from files that hold what `comity key show` prints. */
int party_rekey(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"threshold", required_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct key_list list = {.count = 0};
	const char *threshold = "1";
	struct bytes content;
	int option;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN)
			return EXIT_MISUSE;
		threshold = optarg;
	}
	if (argc - optind < 2)
		return misuse(command, "which party, and which keys? PARTY KEYFILE...", "哪一方，哪些密钥？PARTY KEYFILE...");
	if (!draft_begin(command, &draft, ACT_REKEY))
		return EXIT_MISHAP;
	for (int i = optind + 1; i < argc; i++)
		if (!read_input(command, argv[i], 16384, &content) || !key_list_add(command, &list, content))
			return EXIT_MISHAP;
	draft_set(&draft, "party", bytes_of(argv[optind]));
	draft_set(&draft, "threshold", bytes_of(threshold));
	draft_set(&draft, "key", key_list_text(command, &list));
	return draft_finish(command, &draft);
}
