/* SPDX-License-Identifier: Apache-2.0 */
/* comity release, comity zone export: zones that were signed, and the one that is published. */
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/text.h"
#include "host/file.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/view.h"
#include "state/job.h"

#define ZONE_SIZE_MAX ((size_t)256 << 20)

/* Walks the releases that the state keeps. */
static bool release_next(const struct view *view, size_t *index, struct release *release)
{
	struct bytes record;
	uint64_t serial;

	if (!state_next(view_state(view), BYTES("release/"), index, &record))
		return false;
	return text_number(record_key_part(state_key(record), 1), UINT32_MAX, &serial) &&
	       release_get(view_state(view), (uint32_t)serial, release);
}

static bool is_current(const struct view *view, const struct release *release)
{
	struct release current;

	return release_current(view_state(view), &current) && current.serial == release->serial;
}

static struct bytes hex_of(struct command *command, struct bytes octets)
{
	struct writer w = writer_in(&command->memory);

	write_hex(&w, octets);
	return writer_keep(&w, &command->memory);
}

/* With the text of its zone, where there is one to tell. */
static void json_release(struct command *command, const struct view *view,
                         const struct release *r, struct bytes zone)
{
	json_object(command, NULL);
	json_number(command, "serial", r->serial);
	json_bool(command, "current", is_current(view, r));
	json_number(command, "records", r->records);
	json_text(command, "zone_sha256", hex_of(command, digest_bytes(&r->zone)));
	json_text(command, "zonemd", hex_of(command, (struct bytes){r->zonemd, SHA384_SIZE}));
	json_number(command, "job", r->job);
	json_number(command, "session", r->session);
	json_time(command, "opened", r->opened);
	json_time(command, "entered", r->entered);
	json_time(command, "expires", r->expires);
	json_text(command, "act", r->act);
	if (zone.size > 0)
		json_text(command, "zone", zone);
	json_close_object(command);
}

int release_list(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 5);
	struct release r;
	struct view view;

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "SERIAL", "序列号");
	table_head(&t, "ENTERED", "登记");
	table_head(&t, "GOOD UNTIL", "有效至");
	table_head(&t, "RECORDS", "记录数");
	table_head(&t, "ACT", "文书");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; release_next(&view, &index, &r);) {
		if (command->json) {
			json_release(command, &view, &r, BYTES(""));
			continue;
		}
		table_cell(&t, join_text(command, number_text(command, r.serial),
		                         bytes_of(is_current(&view, &r) ? " *" : "")));
		table_cell(&t, time_text(command, r.entered));
		table_cell(&t, time_text(command, r.expires));
		table_cell(&t, number_text(command, r.records));
		table_cell(&t, id_text(r.act));
	}
	if (!command->json && t.cells == t.columns)
		tell(command, "no zone is released yet", "尚未发布任何区", NULL);
	table_end(&t);
	return EXIT_DONE;
}

int release_show(struct command *command, int argc, char *argv[])
{
	struct release r;
	struct view view;
	uint64_t serial;
	bool there;

	if (!no_options(command, argc, argv, argc > 1 ? 1 : 0))
		return EXIT_MISUSE;
	if (optind < argc && !text_number(bytes_of(argv[optind]), UINT32_MAX, &serial))
		return misuse(command, "a serial is a number", "序列号是数字");
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	there = optind < argc ? release_get(view_state(&view), (uint32_t)serial, &r)
	                      : release_current(view_state(&view), &r);
	if (!there && optind == argc)
		return fail(command, EXIT_NOT_YET, "no zone is released yet", "尚未发布任何区", NULL);
	if (!there) {
		fail(command, EXIT_NO, "the state keeps no release {0}", "状态中没有发布 {0}",
		     VALUES(bytes_of(argv[optind])));
		next_step(command, "the newest: comity release list; all: comity act list --kind release",
		          "最近的：comity release list；全部：comity act list --kind release", NULL);
		return EXIT_NO;
	}
	if (command->json) {
		json_release(command, &view, &r, BYTES(""));
		return EXIT_DONE;
	}
	view_head(command, &view);
	tell(command, is_current(&view, &r) ? "release {0}, the current one" : "release {0}, superseded",
	     is_current(&view, &r) ? "发布 {0}，现行" : "发布 {0}，已被取代", VALUES(number_text(command, r.serial)));
	tell(command, "entered {0} by act {1}, from job {2}, session {3}",
	     "登记于 {0}，文书 {1}，任务 {2}，会话 {3}",
	     VALUES(time_text(command, r.entered), r.act, number_text(command, r.job),
	            number_text(command, r.session)));
	tell(command, "good until {0} ({1})", "有效至 {0}（{1}）",
	     VALUES(time_text(command, r.expires), distance_text(command, r.expires, view.now)));
	tell(command, "zone: {0} records, SHA-256 {1}", "区：{0} 条记录，SHA-256 {1}",
	     VALUES(number_text(command, r.records), hex_of(command, digest_bytes(&r.zone))));
	tell(command, "ZONEMD: {0}", "ZONEMD：{0}",
	     VALUES(hex_of(command, (struct bytes){r.zonemd, SHA384_SIZE})));
	return EXIT_DONE;
}

static uint64_t lines_of(struct bytes text)
{
	uint64_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += text.at[i] == '\n';
	return count;
}

/* The release whose zone the text is; false when the parties never signed it, as far as the state knows. */
static bool release_of(const struct view *view, struct bytes text, struct release *release)
{
	struct digest digest = sha256(text);
	uint64_t records = lines_of(text);

	for (size_t index = 0; release_next(view, &index, release);)
		if (digest_same(&release->zone, &digest) && release->records == records)
			return true;
	return false;
}

int zone_export(struct command *command, int argc, char *argv[])
{
	char path[FILE_PATH_MAX];
	const char *out = NULL;
	bool missing = false, to_file;
	struct release r, current;
	struct bytes text;
	struct view view;

	if (!no_options(command, argc, argv, argc > 1 ? 1 : 0))
		return EXIT_MISUSE;
	out = optind < argc ? argv[optind] : NULL;
	to_file = out != NULL && strcmp(out, "-") != 0;
	if (!view_take(command, &view) ||
	    !file_path(path, string_of(command, view.public), "zone") ||
	    file_read(path, ZONE_SIZE_MAX, &command->memory, &text, &missing) != OK)
		return EXIT_MISHAP;
	if (missing || !release_current(view_state(&view), &current)) {
		fail(command, EXIT_NOT_YET, "no zone is published yet in {0}", "{0} 中尚未公布任何区",
		     VALUES(view.public));
		next_step(command, "comity signing watch --release", "comity signing watch --release", NULL);
		return EXIT_NOT_YET;
	}
	if (!release_of(&view, text, &r)) {
		fail(command, EXIT_NO, "{0} is the zone of no release: its SHA-256 is in none of their records",
		     "{0} 不是任何一次发布的区：其 SHA-256 不在任何发布记录中", VALUES(bytes_of(path)));
		next_step(command, "do not use it; comity release list", "请勿使用；comity release list", NULL);
		return EXIT_NO;
	}
	if ((to_file || !command->json) && !write_output(command, out, text))
		return EXIT_MISHAP;
	if (command->json)
		json_release(command, &view, &r, to_file ? (struct bytes){NULL, 0} : text);
	else
		remark(command, "zone {0}, {1} records, as release act {2} says", "区 {0}，{1} 条记录，与发布文书 {2} 一致",
		       VALUES(number_text(command, r.serial), number_text(command, r.records), id_text(r.act)));
	if (r.serial == current.serial)
		return EXIT_DONE;
	return fail(command, EXIT_NOT_YET, "release {0} has superseded it, and is not published here yet",
	            "发布 {0} 已取代它，但尚未在此公布", VALUES(number_text(command, current.serial)));
}
