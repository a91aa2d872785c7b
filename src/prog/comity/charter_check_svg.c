/* SPDX-License-Identifier: Apache-2.0 */
/* A check as a picture: bars for power, and a table of coalitions. Everything is in whole pixels. */
#include "prog/comity/charter_check_show.h"
#include "prog/comity/print.h"

#define MARGIN    24
#define LINE      22
#define BAR_LEFT  400 /* where bars begin */
#define BAR_WIDTH 440 /* of the largest */
#define NAMES_MAX 48  /* octets beside a bar; more stand above it */

struct drawing {
	struct command *command;
	const struct check *check;
	struct writer writer;
	struct arena writing; /* what the picture is written in: half of the command's memory */
	unsigned y;
};

/* Text between tags (XML 1.0 section 2.4). */
static void put_escaped(struct drawing *d, struct bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		switch (text.at[i]) {
		case '<':
			write_text(&d->writer, "&lt;");
			break;
		case '>':
			write_text(&d->writer, "&gt;");
			break;
		case '&':
			write_text(&d->writer, "&amp;");
			break;
		default:
			write_octet(&d->writer, text.at[i]);
		}
}

static void put_attribute(struct drawing *d, const char *name, unsigned value)
{
	write_octet(&d->writer, ' ');
	write_text(&d->writer, name);
	write_text(&d->writer, "=\"");
	write_number(&d->writer, value);
	write_octet(&d->writer, '"');
}

static void put_text(struct drawing *d, unsigned x, const char *class, struct bytes text)
{
	write_text(&d->writer, "<text");
	put_attribute(d, "x", x);
	put_attribute(d, "y", d->y);
	write_text(&d->writer, " class=\"");
	write_text(&d->writer, class);
	write_text(&d->writer, "\">");
	put_escaped(d, text);
	write_text(&d->writer, "</text>\n");
}

static void put_bar(struct drawing *d, unsigned above, unsigned height, const char *class,
                    uint64_t fraction, uint64_t most)
{
	write_text(&d->writer, "<rect");
	put_attribute(d, "x", BAR_LEFT);
	put_attribute(d, "y", d->y - above);
	put_attribute(d, "width", (unsigned)((fraction >> 20) * BAR_WIDTH / ((most >> 20) + 1)));
	put_attribute(d, "height", height);
	write_text(&d->writer, " class=\"");
	write_text(&d->writer, class);
	write_text(&d->writer, "\"/>\n");
}

static void draw_class(struct drawing *d, const struct rule_report *report, size_t class, uint64_t most)
{
	const struct figures *f = &report->figures;
	struct bytes banzhaf = percent_text(d->command, f->banzhaf[class], 2), both = banzhaf;
	struct bytes who = class_text(d->command, d->check, &report->game, class);

	if (who.size == 0)
		return;
	put_text(d, MARGIN, "name", who);
	if (who.size > NAMES_MAX)
		d->y += LINE;
	put_bar(d, 13, 8, "b", f->banzhaf[class], most);
	if (f->has_shapley) {
		put_bar(d, 5, 8, "s", f->shapley[class], most);
		both = sentence(d->command, "{0} / {1}", "{0} / {1}",
		                VALUES(banzhaf, percent_text(d->command, f->shapley[class], 2)));
	}
	put_text(d, BAR_LEFT + BAR_WIDTH + 8, "figure", both);
	d->y += LINE;
}

static bool decided_by_one(const struct rule_report *report)
{
	return !report->smallest.found || report->figures.way == FIGURES_NONE || report->game.classes == 1 ||
	       (report->smallest.count == 1 && report->figures.has_minimal &&
	        report->figures.minimal.limb[0] == 1);
}

static bool is_told(const struct check *check, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (game_same(&check->rules[i].game, &check->rules[index].game))
			return true;
	return false;
}

static void draw_power(struct drawing *d, const struct rule_report *report)
{
	const struct figures *f = &report->figures;
	uint64_t most = 0;

	for (size_t c = 0; c < report->game.classes; c++) {
		most = f->banzhaf[c] > most ? f->banzhaf[c] : most;
		most = f->shapley[c] > most ? f->shapley[c] : most;
	}
	d->y += LINE / 2;
	put_text(d, MARGIN, "head",
	         sentence(d->command, "{0}: power of each, in percent (Banzhaf / Shapley-Shubik)",
	                  "{0}：各方的权力，百分数（班扎夫 / 沙普利-舒比克）", VALUES(report->rule->name)));
	d->y += LINE;
	for (size_t c = 0; c < report->game.classes; c++)
		if (c != report->game.idle)
			draw_class(d, report, c, most);
}

static void draw_row(struct drawing *d, const char *class, const struct bytes *cells)
{
	static const unsigned AT[] = {MARGIN, 260, 340, 420, 500, 640};

	for (unsigned i = 0; i < sizeof(AT) / sizeof(AT[0]); i++)
		put_text(d, AT[i], class, cells[i]);
	d->y += LINE;
}

static void draw_table(struct drawing *d)
{
	struct command *c = d->command;

	d->y += LINE / 2;
	draw_row(d, "head",
	         VALUES(bytes_of(say(c, "rule", "规则")), bytes_of(say(c, "carry", "通过")),
	                bytes_of(say(c, "stop", "阻止")), bytes_of(say(c, "absent", "缺席")),
	                bytes_of(say(c, "minimal", "极小")), bytes_of(say(c, "veto", "否决"))));
	for (size_t i = 0; i < d->check->rule_count; i++) {
		const struct rule_report *report = &d->check->rules[i];
		bool veto[GAME_SEATS_MAX] = {false};

		for (size_t seat = 0; seat < report->game.seats; seat++)
			veto[seat] = report->veto[report->game.class_of[seat]];
		draw_row(d, "name",
		         VALUES(report->rule->name, search_text(c, &report->smallest),
		                search_text(c, &report->blocking), search_text(c, &report->absent),
		                report->figures.has_minimal ? natural_text(c, &report->figures.minimal)
		                                            : BYTES("-"),
		                seats_text(c, d->check, veto, report->game.seats)));
	}
}

static void draw(struct drawing *d)
{
	d->y = MARGIN + LINE / 2;
	for (size_t i = 0; i < d->check->rule_count; i++)
		if (!decided_by_one(&d->check->rules[i]) && !is_told(d->check, i))
			draw_power(d, &d->check->rules[i]);
	draw_table(d);
}

/* The half of the memory that is left for the picture; sentences take from the other. */
static struct arena split(struct command *command)
{
	size_t half = (command->memory.size - command->memory.used) / 2 & ~(size_t)15;
	struct arena other = {command->memory.at + command->memory.size - half, half, 0};

	command->memory.size -= half;
	return other;
}

struct bytes check_svg(struct command *command, const struct looked *looked)
{
	struct drawing d = {.command = command, .check = looked->check};
	struct writer head = {.size = 0};
	struct bytes body;

	d.writing = split(command);
	d.writer = writer_in(&d.writing);
	draw(&d);
	body = writer_keep(&d.writer, &d.writing);
	head = writer_in(&d.writing);
	write_text(&head, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height=\"");
	write_number(&head, d.y + MARGIN);
	write_text(&head, "\" viewBox=\"0 0 960 ");
	write_number(&head, d.y + MARGIN);
	write_text(&head, "\">\n<style>text{font:13px sans-serif;fill:#222}.head{font-weight:bold}"
	                  ".figure{fill:#555}.b{fill:#1f5f8b}.s{fill:#9cc3dd}</style>\n"
	                  "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
	write_bytes(&head, body);
	write_text(&head, "</svg>\n");
	return writer_keep(&head, &d.writing);
}
