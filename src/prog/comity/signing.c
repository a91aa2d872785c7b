/* SPDX-License-Identifier: Apache-2.0 */
/* comity signing watch: ceremonies, jobs and sessions as they go on. */
#include <stdio.h>

#include "prog/comity/custody.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/watch.h"

/* Lines that were told last, kept where the watcher's memory is not given back. */
struct told {
	char line[CUSTODY_LINES_MAX][1000];
	unsigned count;
	struct command asking; /* has a connection of its own: the other one only listens */
	struct arena memory;
	bool failed;
	bool once_released; /* end when: */
	bool released;      /* a release stands, and nothing waits that is not in it */
};

static bool was_told(const struct told *told, struct bytes line)
{
	for (unsigned i = 0; i < told->count; i++)
		if (bytes_same(bytes_of(told->line[i]), line))
			return true;
	return false;
}

static void remember(struct told *told, const struct custody_lines *lines)
{
	told->count = lines->count;
	for (unsigned i = 0; i < lines->count; i++)
		snprintf(told->line[i], sizeof(told->line[i]), "%.*s", (int)lines->line[i].size,
		         (const char *)lines->line[i].at);
}

/* What is new since the last block; all of it the first time. */
static bool tell_news(struct told *told, bool first)
{
	struct command *command = &told->asking;
	struct custody_lines lines;
	struct release release;
	struct custody custody;
	struct view view;
	bool news = first;

	if (!view_take(command, &view))
		return false;
	if (first && !command->json)
		view_head(command, &view);
	custody_describe(command, &view, &lines);
	for (unsigned i = 0; i < lines.count; i++) {
		bool new = first || !was_told(told, lines.line[i]);

		news = news || new;
		if (new && !command->json)
			tell(command, "{0}  {1}", "{0}  {1}",
			     VALUES(time_text(command, view.ledger.time), lines.line[i]));
	}
	if (news && command->json) {
		struct progress progress = custody_progress(&view);

		json_object(command, NULL);
		view_json_head(command, &view);
		json_number(command, "wanted", progress.wanted);
		json_number(command, "signed", progress.made);
		json_custody(command, &view);
		json_close_object(command);
	}
	remember(told, &lines);
	custody_get(view_state(&view), &custody);
	told->released = release_current(view_state(&view), &release) &&
	                 !content_is_due(view_state(&view)) && custody.job == 0;
	view_drop(&view);
	return true;
}

static bool on_block(struct watching *w, const struct block *block)
{
	struct told *told = w->context;
	size_t used = told->asking.memory.used;

	if (block->seal.size == 0)
		return true;
	told->failed = !tell_news(told, false);
	told->asking.memory.used = used;
	return !told->failed && !(told->once_released && told->released);
}

int signing_watch(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"for", required_argument, NULL, 'f'},
	                                        {"release", no_argument, NULL, 'r'},
	                                        {"once", no_argument, NULL, 'o'},
	                                        {NULL, 0, NULL, 0}};
	static struct told told;
	struct watching w = {.command = command, .context = &told, .block = on_block, .seconds = -1};
	bool once = false;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == '?' || (option == 'f' && !watch_span(command, optarg, &w.seconds)))
			return EXIT_MISUSE;
		told.once_released = told.once_released || option == 'r';
		once = once || option == 'o';
	}
	if (!arguments_are(command, argc, argv, 0))
		return EXIT_MISUSE;
	told.asking = *command;
	told.asking.node = (struct ipc){.socket = -1};
	told.asking.memory = (struct arena){arena_take(&command->memory, command->memory.size / 2),
	                                    command->memory.size / 2, 0};
	if (once && (told.once_released || w.seconds >= 0))
		return misuse(command, "--once waits for nothing: no --release, no --for",
		              "--once 不等待：不可与 --release、--for 同用");
	if (!tell_news(&told, true))
		return EXIT_MISHAP;
	once = once || (told.once_released && told.released);
	if ((!once && !watch_run(&w)) || told.failed)
		return EXIT_MISHAP;
	return told.once_released && !told.released ? EXIT_NOT_YET : EXIT_DONE;
}
