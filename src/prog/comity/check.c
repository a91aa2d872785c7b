/* SPDX-License-Identifier: Apache-2.0 */
/* comity check: asks the name servers of a delegation, and judges it by the sixteen technical checks. */
#include <stdio.h>
#include <string.h>

#include "host/memory.h"
#include "host/observing/known.h"
#include "host/observing/resolvers.h"
#include "host/observing/runner.h"
#include "observing/check.h"
#include "observing/verdict.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/signature_line.h"
#include "prog/comity/tld.h"

#define RESOLVERS_MAX 8

enum { OPTION_ACT = OPTION_BEHIND, OPTION_RESOLVER, OPTION_SIGHTINGS };

struct checking {
	struct bytes label;
	struct tld_changes changes;
	const char *act;       /* --act FILE */
	const char *sightings; /* --sightings FILE */
	const char *resolver[RESOLVERS_MAX];
	unsigned resolvers;
	struct asking asking;
	struct bytes seen; /* text of the sightings */
	struct findings findings;
};

static int options_read(struct command *command, int argc, char *argv[], struct checking *c)
{
	static const struct option OPTIONS[] = {TLD_CHANGE_OPTIONS,
	                                        {"act", required_argument, NULL, OPTION_ACT},
	                                        {"resolver", required_argument, NULL, OPTION_RESOLVER},
	                                        {"sightings", required_argument, NULL, OPTION_SIGHTINGS},
	                                        {NULL, 0, NULL, 0}};
	uint8_t octets[IPV6_SIZE];
	int option, code = EXIT_DONE;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1 && code == EXIT_DONE) {
		if (option == '?')
			return EXIT_MISUSE;
		if (option == OPTION_ACT)
			c->act = optarg;
		else if (option == OPTION_SIGHTINGS)
			c->sightings = optarg;
		else if (option != OPTION_RESOLVER)
			code = tld_change_option(command, option, &c->changes);
		else if (c->resolvers == RESOLVERS_MAX || address_read(bytes_of(optarg), octets) == 0)
			code = misuse_of(command, "--resolver: at most 8 addresses, not {0}",
			                 "--resolver：至多 8 个地址，而非 {0}", VALUES(bytes_of(optarg)));
		else
			c->resolver[c->resolvers++] = optarg;
	}
	if (code != EXIT_DONE)
		return code;
	if (c->act != NULL && (c->changes.count > 0 || c->changes.set != NULL))
		return misuse(command, "either --act FILE, or changes to what stands",
		              "或用 --act FILE，或更改现有记录，二者取一");
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	c->label = tld_label(command, argv[optind]);
	return EXIT_DONE;
}

/* ---- the question ---- */

/* The resolvers that were named, or those of this machine. */
static struct bytes resolver_lines(struct command *command, const struct checking *c)
{
	struct writer w = writer_in(&command->memory);

	for (unsigned i = 0; i < c->resolvers; i++)
		write_field(&w, "resolver", bytes_of(c->resolver[i]));
	if (c->resolvers == 0)
		resolvers_of_machine(&w);
	return writer_keep(&w, &command->memory);
}

/* The delegation as the act in a file has it. */
static int by_act(struct command *command, struct checking *c)
{
	struct bytes content, lines, text;
	struct fault fault;
	struct act act;

	if (!read_input(command, c->act, NOTE_SIZE_MAX, &content))
		return EXIT_MISHAP;
	text = note_text(content, &lines);
	if (act_read(text, arena_rest(&command->memory), &act, &fault) != OK)
		return fail(command, EXIT_NO, "{0}, line {1}: {2}", "{0} 第 {1} 行：{2}",
		            VALUES(bytes_of(c->act), number_text(command, fault.line), bytes_of(fault.why)));
	if (act.kind != ACT_DELEGATE || !bytes_same(act_field(&act, "tld"), c->label))
		return fail(command, EXIT_NO, "{0} is not a delegate act of {1}", "{0} 不是 {1} 的 delegate 文书",
		            VALUES(bytes_of(c->act), c->label));
	c->asking.records = act.records;
	return EXIT_DONE;
}

/* The delegation that stands, with the changes of the options. */
static int by_changes(struct command *command, struct checking *c, const struct view *view)
{
	static struct rr_lines set;
	struct holding holding = {.records = BYTES("")};
	int code;

	(void)holding_get(view_state(view), c->label, &holding);
	rr_lines_take(command, &set, holding.records);
	code = tld_changes_make(command, &c->changes, c->asking.tld, holding.records, &set);
	if (code == EXIT_DONE)
		c->asking.records = rr_lines_text(command, &set);
	return code;
}

static bool of_state(void *context, struct bytes key, struct bytes *record)
{
	return state_get(context, key, record);
}

static int question_make(struct command *command, struct checking *c)
{
	struct view view;
	int code;

	if (!view_take(command, &view))
		return EXIT_MISHAP;
	c->asking.tld = tld_owner(command, &view, c->label);
	code = c->act != NULL ? by_act(command, c) : by_changes(command, c, &view);
	if (code != EXIT_DONE)
		return code;
	if (c->asking.records.size == 0)
		return fail(command, EXIT_NO, "{0} is not delegated: there is nothing to check; say --ns",
		            "{0} 未授权：无可检查；请用 --ns", VALUES(c->label));
	c->asking.resolvers = resolver_lines(command, c);
	c->asking.addresses = known_addresses(of_state, &view.ledger.state, c->asking.records, &command->memory);
	return EXIT_DONE;
}

/* ---- the answer ---- */

static int ask(struct command *command, struct checking *c)
{
	static struct sightings sightings;
	struct arena memory = memory_reserve(SIGHTINGS_SIZE_MAX), room = memory_reserve(VERDICT_ARENA_SIZE);
	struct writer w = writer_in(&command->memory);
	struct asking again;
	struct bytes text;

	asking_write(&w, &c->asking);
	text = writer_keep(&w, &command->memory);
	if (asking_read(text, arena_rest(&command->memory), &again) != OK)
		return fail(command, EXIT_MISUSE, "these records are no delegation of {0}", "这些记录不构成 {0} 的授权",
		            VALUES(c->label));
	if (!command->json)
		remark(command, "asking the name servers; one that is silent takes 8 s",
		       "正在查询各名称服务器；每台无响应者需时 8 秒", NULL);
	if (runner_ask(text, runner_is_open(), &memory, &c->seen) != OK)
		return fail(command, EXIT_MISHAP, "the name servers could not be asked", "无法查询名称服务器", NULL);
	if (sightings_read(c->seen, &sightings) != OK)
		return fail(command, EXIT_MISHAP, "what the check helper told is not understood",
		            "检查助手的回报无法理解", NULL);
	verdict_find(&c->asking, &sightings, &room, &c->findings);
	return EXIT_DONE;
}

static const char *verdict_word(const struct findings *f, enum check check)
{
	return (f->failed & 1u << check) != 0 ? "fails" : (f->unable & 1u << check) != 0 ? "unable" : "holds";
}

static struct bytes finding_text(struct command *command, const struct finding *finding)
{
	struct writer w = writer_in(&command->memory);

	finding_write(&w, finding, command->chinese);
	return writer_keep(&w, &command->memory);
}

static void tell_check(struct command *command, const struct findings *f, enum check check)
{
	bool failed = (f->failed & 1u << check) != 0, unable = (f->unable & 1u << check) != 0;
	struct bytes word = bytes_of(say(command, verdict_word(f, check), failed ? "不合格" : unable ? "无法判定" : "合格"));
	struct bytes mark = failed ? painted(command, "31", word) : unable ? painted(command, "33", word) : word;

	tell(command, "{0} {1}: {2}", "{0} {1}：{2}",
	     VALUES(bytes_of(check_id(check)), mark, bytes_of(check_title(check, command->chinese))));
	for (unsigned i = 0; i < f->count; i++)
		if (f->finding[i].check == check)
			tell(command, "     {0}", "     {0}", VALUES(finding_text(command, &f->finding[i])));
	if (failed)
		tell(command, "     why: {0}", "     缘由：{0}", VALUES(bytes_of(check_reason(check, command->chinese))));
}

static void json_check(struct command *command, const struct findings *f, enum check check)
{
	json_object(command, NULL);
	json_text(command, "check", bytes_of(check_id(check)));
	json_text(command, "verdict", bytes_of(verdict_word(f, check)));
	json_text(command, "title", bytes_of(check_title(check, command->chinese)));
	json_array(command, "findings");
	for (unsigned i = 0; i < f->count; i++)
		if (f->finding[i].check == check)
			json_text(command, NULL, finding_text(command, &f->finding[i]));
	json_close_array(command);
	json_close_object(command);
}

static int count_of(unsigned checks)
{
	int count = 0;

	for (; checks != 0; checks &= checks - 1)
		count++;
	return count;
}

int check_run(struct command *command, int argc, char *argv[])
{
	static struct checking c;
	struct findings *f = &c.findings;
	int code = options_read(command, argc, argv, &c);

	if (code == EXIT_DONE)
		code = question_make(command, &c);
	if (code == EXIT_DONE)
		code = ask(command, &c);
	if (code != EXIT_DONE)
		return code;
	if (c.sightings != NULL && !write_output(command, c.sightings, c.seen))
		return EXIT_MISHAP;
	for (enum check check = 0; check < CHECKS; check++) {
		if (command->json)
			json_check(command, f, check);
		else
			tell_check(command, f, check);
	}
	if (!command->json)
		tell(command, "{0}: {1} of 16 checks hold, {2} fail, {3} unable",
		     "{0}：16 项检查中 {1} 项合格，{2} 项不合格，{3} 项无法判定",
		     VALUES(c.asking.tld, number_text(command, (uint64_t)count_of(CHECKS_ALL & ~(f->failed | f->unable))),
		            number_text(command, (uint64_t)count_of(f->failed)),
		            number_text(command, (uint64_t)count_of(f->unable))));
	return f->failed != 0 ? EXIT_NO : f->unable != 0 ? EXIT_MISHAP : EXIT_DONE;
}
