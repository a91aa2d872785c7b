/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/log_replay.h"

#include <stdio.h>
#include <time.h>

#include "host/file.h"
#include "host/memory.h"
#include "prog/comity/print.h"

static bool checkpoint_get(struct log_replay *r, const char *folder)
{
	struct command *command = r->command;
	char path[FILE_PATH_MAX];
	struct bytes content;
	struct fault fault;

	if (!file_path(path, folder, "checkpoint") || !read_input(command, path, NOTE_SIZE_MAX, &content))
		return false;
	if (note_read(content, &r->note, &fault) != OK ||
	    checkpoint_read(r->note.text, &r->checkpoint, &fault) != OK) {
		fail(command, EXIT_NO, "{0}: line {1}: {2}", "{0}：第 {1} 行：{2}",
		     VALUES(bytes_of(path), number_text(command, fault.line), bytes_of(fault.why)));
		return false;
	}
	return true;
}

static void progress(struct log_replay *r)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!r->command->terminal || now.tv_sec == r->last_progress)
		return;
	r->last_progress = now.tv_sec;
	fprintf(stderr, "\r%s %llu/%llu", say(r->command, "replaying", "重放"),
	        (unsigned long long)r->replay.entries, (unsigned long long)r->replay.size);
}

static bool block_seen(void *context, const struct replay *replay)
{
	struct log_replay *r = context;
	struct release release;

	if (release_current(&replay->ledger->state, &release) && release.job != r->newest_job) {
		r->newest_job = release.job;
		r->releases++;
		if (r->release != NULL)
			r->release(r->context, replay->ledger, &release);
	}
	progress(r);
	return true;
}

int log_replay_run(struct log_replay *r, const char *folder)
{
	struct command *command = r->command;
	clock_t start = clock();
	bool missing, good;

	ledger_reserve(&r->ledger);
	if (!checkpoint_get(r, folder))
		return EXIT_MISHAP;
	r->replay = (struct replay){.ledger = &r->ledger,
	                            .size = r->checkpoint.size,
	                            .root = r->checkpoint.root,
	                            .block = block_seen,
	                            .context = r};
	good = replay_run(&r->replay, folder, &missing);
	r->milliseconds = (uint64_t)(clock() - start) * 1000 / CLOCKS_PER_SEC;
	if (command->terminal)
		fputs("\r\x1b[K", stderr);
	if (good)
		return EXIT_DONE;
	if (missing)
		return fail(command, EXIT_MISHAP, "cannot decide: a file is missing", "无法判定：缺少文件",
		            NULL);
	return fail(command, EXIT_NO, "REJECTED at entry {0}: {1}", "第 {0} 条不成立：{1}",
	            VALUES(number_text(command, r->replay.failed_at), bytes_of(r->replay.why)));
}
