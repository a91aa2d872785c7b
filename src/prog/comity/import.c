/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/nouns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "dns/zonetext.h"
#include "host/file.h"
#include "host/import/helper.h"
#include "host/journal.h"
#include "host/import/map.h"
#include "host/memory.h"
#include "prog/comity/import_options.h"
#include "prog/comity/import_report.h"
#include "prog/comity/print.h"

#define PATIENCE_SECONDS 30 /* for a server that answers nothing */
#define MAP_SIZE_MAX     ((size_t)4 << 20)

struct import {
	struct command *command;
	struct import_options options;
	struct telling telling;
	struct map map;
	struct rrset_list zone;
	struct imported imported;
	struct import_report report;
};

static enum exit_code complain(const struct import *import, const char *path, const char *why)
{
	return (enum exit_code)fail(import->command, EXIT_MISHAP, "{0}: {1}", "{0}：{1}",
	                            VALUES(bytes_of(path), bytes_of(why)));
}

/* Bad input: where, and why. */
static enum exit_code turn_down(const struct import *import, const char *path, uint64_t line,
                             struct bytes why)
{
	return (enum exit_code)fail(import->command, EXIT_NO, "{0}:{1}: {2}", "{0}:{1}: {2}",
	                            VALUES(bytes_of(path), number_text(import->command, line), why));
}

static const char *source_name(const struct import_options *o)
{
	return o->from != NULL ? o->from : o->file;
}

/* ---- what goes in ---- */

static int open_file(const struct import *import, const char *path)
{
	int file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (file < 0)
		complain(import, path, strerror(errno));
	return file;
}

static enum exit_code ask(struct import *import)
{
	const struct import_options *o = &import->options;
	struct helper_question q = {
		.transfer = o->from != NULL,
		.apex = o->apex_text,
		.anchors = o->anchor != NULL ? open_file(import, o->anchor) : -1,
		.inception = o->inception,
		.at = o->at,
		.open = !o->sandbox,
	};
	struct arena arena;

	if (o->anchor != NULL && q.anchors < 0)
		return EXIT_MISHAP;
	q.source =
		q.transfer ? helper_connect(&o->server, PATIENCE_SECONDS) : open_file(import, o->file);
	if (q.source < 0)
		return EXIT_MISHAP;
	arena = memory_reserve(TELLING_SIZE_MAX);
	if (helper_ask(&q, &arena, &import->telling) != OK)
		return EXIT_MISHAP;
	if (!import->telling.fault)
		return EXIT_DONE;
	return turn_down(import, source_name(o), import->telling.fault_line, import->telling.why);
}

static enum exit_code read_map(struct import *import)
{
	const struct import_options *o = &import->options;
	struct arena arena = memory_reserve(MAP_ARENA_SIZE(MAP_SIZE_MAX) + MAP_SIZE_MAX);
	struct fault fault;
	struct bytes text;

	if (o->map == NULL) {
		map_of_countries(o->parties, &arena, &import->map);
		return EXIT_DONE;
	}
	if (file_read(o->map, MAP_SIZE_MAX, &arena, &text, NULL) != OK)
		return EXIT_MISHAP;
	if (map_read(text, o->parties, &arena, &import->map, &fault))
		return EXIT_DONE;
	return turn_down(import, o->map, fault.line, bytes_of(fault.why));
}

/* ---- records ---- */

static size_t line_count(struct bytes text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += text.at[i] == '\n';
	return count;
}

/* What the helper told, read by our own reader. */
static enum exit_code zone_make(struct import *import)
{
	struct bytes told = import->telling.records, line;
	struct arena arena = memory_reserve(ZONE_TEXT_ARENA_SIZE(told.size));
	struct rr *rr = arena_take_array(&arena, line_count(told), sizeof(*rr));
	struct text lines = {.rest = told};
	struct fault fault;
	size_t count = 0;

	while (text_line(&lines, &line))
		if (!rr_read_text(bytes_from(line, 2), &arena, &rr[count++], &fault))
			return complain(import, "the import helper", fault.why);
	import->report.records = count;
	if (rrset_list_make(rr, count, &arena, &import->zone, &fault))
		return EXIT_DONE;
	return (enum exit_code)fail(import->command, EXIT_NO, "{0}: record {1}: {2}", "{0}：第 {1} 条记录：{2}",
	                            VALUES(bytes_of(source_name(&import->options)),
	                                   number_text(import->command, fault.line), bytes_of(fault.why)));
}

static void source_digest(struct import *import)
{
	struct arena arena = memory_reserve(2 * import->telling.records.size + 4096);
	struct writer w = writer_in(&arena);

	zone_write_text(&w, &import->zone);
	import->report.source = sha256(writer_keep(&w, &arena));
}

static uint32_t serial_of(const struct import *import)
{
	const struct rrset *soa =
		rrset_find(&import->zone, dname_bytes(&import->options.apex), TYPE_SOA);
	const uint8_t *at;

	if (soa == NULL)
		return 0;
	/* RFC 1035 section 3.3.13: the five numbers stand last. */
	at = soa->rdata[0].at + soa->rdata[0].size - 20;
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* ---- what comes out ---- */

static void tell_fault(const struct import *import, const struct importing_fault *fault)
{
	uint8_t octets[DNAME_TEXT_SIZE_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	dname_write_text(&w, fault->name);
	fail(import->command, EXIT_NO, "{0}: {1}: {2}", "{0}：{1}：{2}",
	     VALUES(bytes_of(source_name(&import->options)), writer_bytes(&w), bytes_of(fault->why)));
}

static enum exit_code manifest_make(struct import *import)
{
	const struct importing importing = {
		.apex = dname_bytes(&import->options.apex),
		.zone = import->zone,
		.share = import->map.share,
		.shares = import->map.count,
		.common = import->options.common,
		.source = import->report.source,
		.expires = import->options.waive_until,
	};
	size_t records = import->report.records;
	struct arena arena = memory_reserve(IMPORTING_ARENA_SIZE(records));
	struct arena out =
		memory_reserve(2 * import->telling.records.size + 1000 * records + 4096);
	struct importing_fault fault;
	struct writer w = writer_in(&out);

	if (!importing_write(&importing, &arena, &w, &import->imported, &fault)) {
		tell_fault(import, &fault);
		return EXIT_NO;
	}
	import->report.manifest = writer_keep(&w, &out);
	/* The node's journal keeps it in one frame. */
	if (import->report.manifest.size > JOURNAL_FRAME_MAX) {
		fail(import->command, EXIT_NO, "{0}: its manifest has {1} octets; a federation takes at most {2}",
		     "{0}：清单有 {1} 个八位组；联合体至多接受 {2} 个",
		     VALUES(bytes_of(source_name(&import->options)),
		            number_text(import->command, import->report.manifest.size),
		            number_text(import->command, JOURNAL_FRAME_MAX)));
		return EXIT_NO;
	}
	import->report.imported = &import->imported;
	return EXIT_DONE;
}

static enum exit_code manifest_put(const struct import *import)
{
	const char *path = import->options.output;
	enum mishap m;

	if (path != NULL)
		m = file_write(path, 0644, import->report.manifest, false);
	else if ((m = file_write_all(STDOUT_FILENO, import->report.manifest)) != OK)
		complain(import, "standard output", strerror(errno));
	return m == OK ? EXIT_DONE : EXIT_MISHAP;
}

static void report(struct import *import)
{
	FILE *to = import->options.output != NULL ? stdout : stderr;

	import->report.telling = &import->telling;
	import->report.shares = import->map.count;
	if (import->command->json)
		import_report_write_json(to, &import->options, &import->report);
	else
		import_report_write(to, import->command, &import->options, &import->report);
}

static bool verified(const struct telling *telling)
{
	return telling->dnssec != VERDICT_FAILED && telling->zonemd != VERDICT_FAILED;
}

static enum exit_code run(struct import *import)
{
	enum exit_code code = read_map(import);

	if (code == EXIT_DONE)
		code = ask(import);
	if (code == EXIT_DONE)
		code = zone_make(import);
	if (code != EXIT_DONE)
		return code;
	source_digest(import);
	import->report.serial = serial_of(import);
	if (!verified(&import->telling)) {
		report(import);
		return EXIT_NO;
	}
	code = manifest_make(import);
	if (code == EXIT_DONE)
		code = manifest_put(import);
	if (code == EXIT_DONE)
		report(import);
	return code;
}

int import_run(struct command *command, int argc, char *argv[])
{
	static struct import import;

	import.command = command;
	if (!import_options_read(command, argc, argv, &import.options))
		return EXIT_MISUSE;
	return (int)run(&import);
}
