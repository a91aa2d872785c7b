/* SPDX-License-Identifier: Apache-2.0 */
/* comity watch: blocks, acts, countersignatures and releases as they come. */
#include "prog/comity/watch.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "act/show.h"
#include "base/hex.h"
#include "base/text.h"
#include "note/note.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/public_log.h"

static int64_t now_milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool hung_up(struct watching *w)
{
	fail(w->command, EXIT_MISHAP, "the node hung up", "节点断开了连接", NULL);
	return false;
}

bool watch_ask(struct watching *w, enum ipc_type question, struct bytes body)
{
	return ipc_say(&w->command->node, question, body) == OK || hung_up(w);
}

static bool give(struct watching *w, enum ipc_type type, struct bytes body)
{
	struct block block;

	if (type == IPC_BLOCK)
		return block_read(body, &block) != OK || w->block(w, &block);
	if (type == IPC_VOICE)
		return w->voice == NULL || w->voice(w, body);
	return w->answer == NULL || w->answer(w, type, body);
}

bool watch_run(struct watching *w)
{
	int64_t deadline = now_milliseconds() + w->seconds * 1000;
	bool going = true;

	if (!command_node(w->command) || !watch_ask(w, IPC_WATCH, BYTES("")))
		return false;
	while (going) {
		size_t used = w->command->memory.used;
		int64_t left = w->seconds < 0 ? 1000 : deadline - now_milliseconds();
		struct pollfd p = {w->command->node.socket, POLLIN, 0};
		enum ipc_type type;
		struct bytes body;

		if (left <= 0) {
			w->timed_out = true;
			break;
		}
		if (poll(&p, 1, left > 1000 ? 1000 : (int)left) > 0 && !ipc_receive(&w->command->node))
			return hung_up(w);
		while (going && ipc_take(&w->command->node, &type, &body))
			going = give(w, type, body);
		fflush(stdout);
		w->command->memory.used = used;
	}
	return true;
}

bool watch_span(struct command *command, const char *text, int64_t *seconds)
{
	if (time_span_read(bytes_of(text), seconds))
		return true;
	misuse(command, "--for: a span is 30s, 10m, 2h, 1d", "--for：时长的写法是 30s、10m、2h、1d");
	return false;
}

/* What `comity watch` waits for, and has seen. */
struct waiting {
	const char *act; /* digits its id begins with; NULL: for ever */
	bool entered;
	uint64_t height; /* of its block, when entered */
	bool done;
	bool any_final;
	uint64_t final; /* newest block that was told as final */
	uint64_t zone;  /* job of the zone that was told as published */
};

static void tell_act(struct watching *w, const struct block *block, const struct act *act)
{
	struct command *command = w->command;
	struct writer writer = writer_in(&command->memory);
	struct bytes text, id;

	act_show(&writer, act, command->chinese);
	text = writer_keep(&writer, &command->memory);
	writer = writer_in(&command->memory);
	write_digest(&writer, &act->id);
	id = writer_keep(&writer, &command->memory);
	if (!command->json) {
		tell(command, "{0}  block {1}  {2}  {3}", "{0}  区块 {1}  {2}  {3}",
		     VALUES(time_text(command, block->time), number_text(command, block->height),
		            id_text(id), text));
		return;
	}
	json_object(command, NULL);
	json_text(command, "event", BYTES("act"));
	json_number(command, "height", block->height);
	json_time(command, "time", block->time);
	json_text(command, "act", id);
	json_text(command, "kind", bytes_of(act_row(act->kind)->word));
	json_text(command, "by", act->by);
	json_text(command, "sentence", text);
	json_close_object(command);
}

static void tell_seal(struct watching *w, const struct block *block)
{
	struct command *command = w->command;
	struct fault fault;
	struct seal seal;

	if (block->seal.size == 0 || seal_read(block->seal, &seal, &fault) != OK)
		return;
	if (!command->json) {
		tell(command, "{0}  block {1}  sealed: {2} acts, {3} records", "{0}  区块 {1}  已封存：{2} 份文书，{3} 条记录",
		     VALUES(time_text(command, block->time), number_text(command, block->height),
		            number_text(command, seal.acts), number_text(command, seal.records)));
		return;
	}
	json_object(command, NULL);
	json_text(command, "event", BYTES("seal"));
	json_number(command, "height", block->height);
	json_time(command, "time", block->time);
	json_number(command, "acts", seal.acts);
	json_number(command, "records", seal.records);
	json_close_object(command);
}

static bool note_act(struct command *command, struct bytes octets, struct act *act)
{
	struct arena scratch = {arena_take(&command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct fault fault;
	struct note note;

	return note_read(octets, &note, &fault) == OK &&
	       act_read(note.text, scratch, act, &fault) == OK;
}

static bool is_awaited(const struct waiting *waiting, const struct act *act)
{
	char hex[2 * DIGEST_SIZE];

	if (waiting->act == NULL)
		return false;
	hex_write(hex, digest_bytes(&act->id));
	return bytes_starts((struct bytes){(uint8_t *)hex, sizeof(hex)}, bytes_of(waiting->act));
}

static bool on_block(struct watching *w, const struct block *block)
{
	struct waiting *waiting = w->context;
	struct bytes notes = block->notes, note;
	struct act act;

	while (block_note(&notes, &note)) {
		if (!note_act(w->command, note, &act))
			continue;
		tell_act(w, block, &act);
		if (!is_awaited(waiting, &act))
			continue;
		waiting->entered = true;
		waiting->height = block->height;
	}
	tell_seal(w, block);
	return true;
}

/* Each voice may be the one that makes a block final: the node knows. */
static bool on_voice(struct watching *w, struct bytes note)
{
	struct command *command = w->command;
	struct act act;

	if (!note_act(command, note, &act) || act.kind != ACT_SEAL_SIGN)
		return true;
	if (command->json) {
		json_object(command, NULL);
		json_text(command, "event", BYTES("voice"));
		json_text(command, "party", act.by);
		json_number(command, "height", act_number(&act, "height"));
		json_close_object(command);
	} else {
		tell(command, "                         block {0}  {1} countersigns",
		     "                         区块 {0}  {1} 会签", VALUES(act_field(&act, "height"), act.by));
	}
	return watch_ask(w, IPC_STATUS, BYTES(""));
}

static void tell_final(struct watching *w, uint64_t height)
{
	struct command *command = w->command;

	if (!command->json) {
		tell(command, "                         block {0}  is final", "                         区块 {0}  已定案",
		     VALUES(number_text(command, height)));
		return;
	}
	json_object(command, NULL);
	json_text(command, "event", BYTES("final"));
	json_number(command, "height", height);
	json_close_object(command);
}

static bool on_report(struct watching *w, struct bytes report)
{
	struct waiting *waiting = w->context;
	uint64_t final, zone;

	if (text_number(field_of(report, "final"), INT64_MAX, &final) &&
	    (!waiting->any_final || final > waiting->final)) {
		waiting->any_final = true;
		waiting->final = final;
		tell_final(w, final);
	}
	if (text_number(field_of(report, "published-zone"), INT64_MAX, &zone) && zone != 0 &&
	    zone != waiting->zone) {
		waiting->zone = zone;
		if (!watch_ask(w, IPC_GET, BYTES("zone/current")))
			return false;
	}
	waiting->done = waiting->entered && waiting->any_final && waiting->final >= waiting->height;
	return !waiting->done;
}

static bool on_answer(struct watching *w, enum ipc_type type, struct bytes body)
{
	struct command *command = w->command;
	struct bytes record, serial;
	uint64_t number;

	if (type == IPC_REPORT)
		return on_report(w, body);
	if (type != IPC_RECORDS || !ipc_record_next(&body, &record))
		return true;
	serial = field_of(record, "serial");
	if (!text_number(serial, UINT32_MAX, &number))
		return true;
	if (!command->json) {
		tell(command, "                         release {0} is published", "                         发布 {0} 已公布",
		     VALUES(serial));
		return true;
	}
	json_object(command, NULL);
	json_text(command, "event", BYTES("release"));
	json_number(command, "serial", number);
	json_close_object(command);
	return true;
}

/* An act that entered before we watch: the state remembers it as long as it could be sent again, and
 * the log for ever. */
static void look_back(struct command *command, const struct view *view, struct waiting *waiting)
{
	struct bytes record;
	struct entry entry;
	size_t index = 0;
	uint64_t height;

	while (state_next(view_state(view), BYTES("seen/"), &index, &record))
		if (bytes_starts(record_key_part(state_key(record), 2), bytes_of(waiting->act)) &&
		    text_number(field_of(record, "height"), INT64_MAX, &height)) {
			waiting->entered = true;
			waiting->height = height;
		}
	if (!waiting->entered &&
	    log_find(command, view, bytes_of(waiting->act), &entry) == FOUND_ONE) {
		waiting->entered = true;
		waiting->height = entry.height;
	}
}

static int ended(struct watching *w, const struct waiting *waiting)
{
	if (waiting->act == NULL)
		return EXIT_DONE;
	if (!waiting->done && !waiting->entered)
		return fail(w->command, EXIT_NOT_YET, "{0} has not entered", "{0} 尚未登记",
		            VALUES(bytes_of(waiting->act)));
	if (!waiting->done)
		return fail(w->command, EXIT_NOT_YET, "{0} entered in block {1}, which is not final yet",
		            "{0} 登记于区块 {1}，尚未定案",
		            VALUES(bytes_of(waiting->act), number_text(w->command, waiting->height)));
	if (!w->command->json)
		tell(w->command, "{0} is in block {1}, which is final", "{0} 在区块 {1} 中，已定案",
		     VALUES(bytes_of(waiting->act), number_text(w->command, waiting->height)));
	return EXIT_DONE;
}

int watch(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"act", required_argument, NULL, 'a'},
	                                        {"for", required_argument, NULL, 'f'},
	                                        {NULL, 0, NULL, 0}};
	struct waiting waiting = {.act = NULL};
	struct watching w = {.command = command,
	                     .context = &waiting,
	                     .block = on_block,
	                     .voice = on_voice,
	                     .answer = on_answer,
	                     .seconds = -1};
	struct view view;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == '?' || (option == 'f' && !watch_span(command, optarg, &w.seconds)))
			return EXIT_MISUSE;
		if (option == 'a')
			waiting.act = optarg;
	}
	if (!arguments_are(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (waiting.act != NULL && strlen(waiting.act) < 4)
		return misuse(command, "--act: 4 hex digits or more", "--act：至少 4 位十六进制数字");
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!command->json)
		view_head(command, &view);
	waiting.any_final = view.any_final;
	waiting.final = view.final;
	(void)text_number(field_of(view.report, "published-zone"), INT64_MAX, &waiting.zone);
	if (waiting.act != NULL)
		look_back(command, &view, &waiting);
	waiting.done = waiting.entered && waiting.any_final && waiting.final >= waiting.height;
	if (!waiting.done && !watch_run(&w))
		return EXIT_MISHAP;
	return ended(&w, &waiting);
}
