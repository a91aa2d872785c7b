/* SPDX-License-Identifier: Apache-2.0 */
/* comity zone diff: what leads from one zone to another, of files or of releases. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "dns/dname.h"
#include "dns/zonediff.h"
#include "dns/zonetext.h"
#include "host/memory.h"
#include "prog/comity/json.h"
#include "prog/comity/log_replay.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/view.h"

#define ZONE_FILE_MAX ((size_t)64 << 20)
#define TYPES_MAX     32 /* in one TLD; what is more is not named */

/* One of the two. */
struct side {
	const char *argument;
	bool is_serial;
	uint64_t serial; /* of its SOA, once read */
	struct bytes text;
	struct rrset_list zone;
};

/* The changes of one TLD, or of the apex itself. */
struct tally {
	struct bytes name; /* view of a dname */
	uint64_t removed, added;
	uint16_t type[TYPES_MAX];
	unsigned types;
};

struct comparison {
	struct command *command;
	struct side side[2];
	uint64_t removed, added;
	struct tally *tally; /* in canonical order */
	size_t tallies;
};

/* ---- the two zones ---- */

/* A release that was asked for passes: the text of its zone is kept. */
static void release_seen(void *context, const struct ledger *ledger, const struct release *release)
{
	struct comparison *c = context;
	struct rrset_list zone = zone_list(&ledger->commons.published.work.zone);

	for (unsigned i = 0; i < 2; i++) {
		struct side *side = &c->side[i];
		struct writer w = writer_in(&c->command->memory);

		if (!side->is_serial || side->serial != release->serial)
			continue;
		zone_write_text(&w, &zone);
		side->text = writer_keep(&w, &c->command->memory);
	}
}

static int no_release(const struct command *command, const struct side *side)
{
	fail(command, EXIT_NO, "no release has the serial {0}", "没有序列号为 {0} 的发布",
	     VALUES(bytes_of(side->argument)));
	next_step(command, "the newest: comity release list; a file of that name: ./{0}",
	          "最近的：comity release list；同名的文件：./{0}", VALUES(bytes_of(side->argument)));
	return EXIT_NO;
}

/* Zones of releases, derived from the log that the node publishes. */
static int releases_derive(struct comparison *c)
{
	static struct log_replay log;
	static struct view view;
	int code;

	if (!c->side[0].is_serial && !c->side[1].is_serial)
		return EXIT_DONE;
	if (!view_take(c->command, &view))
		return EXIT_MISHAP;
	log = (struct log_replay){.command = c->command, .release = release_seen, .context = c};
	code = log_replay_run(&log, string_of(c->command, view.public));
	for (unsigned i = 0; i < 2 && code == EXIT_DONE; i++)
		if (c->side[i].is_serial && c->side[i].text.size == 0)
			code = no_release(c->command, &c->side[i]);
	return code;
}

static struct bytes apex_of(const struct side *side)
{
	return side->zone.at[0].owner;
}

static int side_read(struct command *command, struct side *side)
{
	struct bytes name = bytes_of(side->argument), rdata;
	const struct rrset *soa = NULL;
	struct fault fault;
	struct arena arena;

	if (!side->is_serial && !read_input(command, side->argument, ZONE_FILE_MAX, &side->text))
		return EXIT_MISHAP;
	arena = memory_reserve(ZONE_TEXT_ARENA_SIZE(side->text.size));
	if (!zone_read_text(side->text, &arena, &side->zone, &fault)) {
		fail(command, EXIT_NO, "{0}: line {1}: {2}", "{0}：第 {1} 行：{2}",
		     VALUES(name, number_text(command, fault.line), bytes_of(fault.why)));
		next_step(command, "a zone is read as comity zone export writes it: comity-zone(5)",
		          "所读的区须为 comity zone export 所写的形式：comity-zone(5)", NULL);
		return EXIT_NO;
	}
	if (side->zone.count > 0)
		soa = rrset_find(&side->zone, apex_of(side), TYPE_SOA);
	if (soa == NULL)
		return fail(command, EXIT_NO, "{0} is not a zone: it does not begin with an apex that has an SOA",
		            "{0} 不是区：开头没有带 SOA 的顶点", VALUES(name));
	/* RFC 1035 section 3.3.13: five numbers end it, the serial the first. */
	rdata = bytes_from(soa->rdata[0], soa->rdata[0].size - 20);
	side->serial = (uint64_t)rdata.at[0] << 24 | (uint64_t)rdata.at[1] << 16 |
	               (uint64_t)rdata.at[2] << 8 | rdata.at[3];
	return EXIT_DONE;
}

static struct bytes name_text(struct command *command, struct bytes name)
{
	struct writer w = writer_in(&command->memory);

	dname_write_text(&w, name);
	return writer_keep(&w, &command->memory);
}

static int sides_take(struct comparison *c)
{
	int code = releases_derive(c);

	for (unsigned i = 0; i < 2 && code == EXIT_DONE; i++)
		code = side_read(c->command, &c->side[i]);
	if (code == EXIT_DONE && !bytes_same(apex_of(&c->side[0]), apex_of(&c->side[1])))
		return fail(c->command, EXIT_NO, "the one is the zone {0}, the other {1}", "一个是区 {0}，另一个是区 {1}",
		            VALUES(name_text(c->command, apex_of(&c->side[0])),
		                   name_text(c->command, apex_of(&c->side[1]))));
	return code;
}

/* ---- counting ---- */

/* The tally of the TLD that `owner` is or lies below; canonical order keeps its names together. */
static struct tally *tally_of(struct comparison *c, struct bytes owner)
{
	struct bytes name = dname_last(owner, dname_label_count(apex_of(&c->side[1])) + 1);

	if (c->tallies == 0 || !bytes_same(c->tally[c->tallies - 1].name, name))
		c->tally[c->tallies++] = (struct tally){.name = name};
	return &c->tally[c->tallies - 1];
}

static void tally_type(struct tally *tally, uint16_t type)
{
	for (unsigned i = 0; i < tally->types; i++)
		if (tally->type[i] == type)
			return;
	if (tally->types < TYPES_MAX)
		tally->type[tally->types++] = type;
}

static void count_changes(struct comparison *c)
{
	struct zone_diff diff = zone_diff_over(&c->side[0].zone, &c->side[1].zone);
	struct zone_change change;

	c->tally = arena_take_array(&c->command->memory, c->side[0].zone.count + c->side[1].zone.count,
	                            sizeof(*c->tally));
	while (zone_diff_next(&diff, &change)) {
		struct tally *tally = tally_of(c, change.rr.owner);

		*(change.added ? &tally->added : &tally->removed) += 1;
		*(change.added ? &c->added : &c->removed) += 1;
		tally_type(tally, change.rr.type);
	}
}

/* ---- telling ---- */

static struct bytes types_text(struct command *command, const struct tally *tally)
{
	struct writer w = writer_in(&command->memory);

	for (unsigned i = 0; i < tally->types; i++) {
		if (i > 0)
			write_octet(&w, ' ');
		type_write_text(&w, tally->type[i]);
	}
	return writer_keep(&w, &command->memory);
}

/* The label of a TLD; of the apex itself, its name. */
static struct bytes tally_name(const struct comparison *c, const struct tally *tally)
{
	struct bytes apex = apex_of(&c->side[1]), text = name_text(c->command, tally->name);
	size_t behind = apex.size == 1 ? 1 : name_text(c->command, apex).size + 1;

	return bytes_same(tally->name, apex) ? text : bytes_first(text, text.size - behind);
}

static void tell_summary(const struct comparison *c)
{
	struct table t = table_begin(c->command, 4);

	table_head(&t, "TLD", "顶级域");
	table_head(&t, "REMOVED", "移除");
	table_head(&t, "ADDED", "增加");
	table_head(&t, "TYPES", "类型");
	for (size_t i = 0; i < c->tallies; i++) {
		table_cell(&t, tally_name(c, &c->tally[i]));
		table_cell(&t, number_text(c->command, c->tally[i].removed));
		table_cell(&t, number_text(c->command, c->tally[i].added));
		table_cell(&t, types_text(c->command, &c->tally[i]));
	}
	table_end(&t);
}

static void tell_changes(const struct comparison *c)
{
	struct writer w = writer_in(&c->command->memory);

	zone_diff_write_text(&w, &c->side[0].zone, &c->side[1].zone);
	print_text(c->command, writer_keep(&w, &c->command->memory));
}

static void json_changes(const struct comparison *c, const char *key, bool added)
{
	struct zone_diff diff = zone_diff_over(&c->side[0].zone, &c->side[1].zone);
	struct zone_change change;

	json_array(c->command, key);
	while (zone_diff_next(&diff, &change)) {
		struct writer w = writer_in(&c->command->memory);

		if (change.added != added)
			continue;
		rr_write_text(&w, &change.rr);
		json_text(c->command, NULL, writer_bytes(&w));
	}
	json_close_array(c->command);
}

static void tell_json(const struct comparison *c, bool summary)
{
	struct command *command = c->command;

	json_object(command, NULL);
	json_text(command, "apex", name_text(command, apex_of(&c->side[1])));
	json_number(command, "old", c->side[0].serial);
	json_number(command, "new", c->side[1].serial);
	json_number(command, "records_removed", c->removed);
	json_number(command, "records_added", c->added);
	json_array(command, "tlds");
	for (size_t i = 0; i < c->tallies; i++) {
		const struct tally *tally = &c->tally[i];

		json_object(command, NULL);
		if (bytes_same(tally->name, apex_of(&c->side[1])))
			json_null(command, "tld"); /* the apex itself */
		else
			json_text(command, "tld", tally_name(c, tally));
		json_number(command, "removed", tally->removed);
		json_number(command, "added", tally->added);
		json_words(command, "types", types_text(command, tally));
		json_close_object(command);
	}
	json_close_array(command);
	if (!summary) {
		json_changes(c, "removed", false);
		json_changes(c, "added", true);
	}
	json_close_object(command);
}

static int tell_comparison(struct comparison *c, bool summary)
{
	count_changes(c);
	if (c->command->json) {
		tell_json(c, summary);
		return EXIT_DONE;
	}
	(summary ? tell_summary : tell_changes)(c);
	fflush(stdout);
	remark(c->command, "{0}: from serial {1} to {2}, {3} records removed, {4} added",
	       "{0}：由序列号 {1} 至 {2}，移除 {3} 条记录，增加 {4} 条",
	       VALUES(name_text(c->command, apex_of(&c->side[1])), number_text(c->command, c->side[0].serial),
	              number_text(c->command, c->side[1].serial), number_text(c->command, c->removed),
	              number_text(c->command, c->added)));
	return EXIT_DONE;
}

int zone_diff(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"summary", no_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	struct comparison c = {.command = command};
	bool summary = false;
	int option, code;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 's')
			return EXIT_MISUSE;
		summary = true;
	}
	if (!arguments_are(command, argc, argv, 2))
		return EXIT_MISUSE;
	for (unsigned i = 0; i < 2; i++) {
		c.side[i].argument = argv[optind + (int)i];
		c.side[i].is_serial = text_number(bytes_of(c.side[i].argument), UINT32_MAX, &c.side[i].serial);
	}
	code = sides_take(&c);
	return code != EXIT_DONE ? code : tell_comparison(&c, summary);
}
