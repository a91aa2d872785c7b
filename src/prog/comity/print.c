/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/print.h"

#include <string.h>
#include <wchar.h>

#include "act/show.h"
#include "base/must.h"
#include "prog/comity/json.h"
#include "prog/comity/utf8.h"

/* The command's memory is its only part that printing changes. */
static struct arena *memory_of(const struct command *command)
{
	return (struct arena *)(uintptr_t)&command->memory;
}

const char *say(const struct command *command, const char *en, const char *zh)
{
	return command->chinese ? zh : en;
}

struct bytes sentence(const struct command *command, const char *en, const char *zh,
                      const struct bytes *values)
{
	const char *template = say(command, en, zh);
	struct bytes safe[10] = {{NULL, 0}};
	struct writer w;

	for (const char *c = template; *c != '\0'; c++)
		if (c[0] == '{' && c[1] >= '0' && c[1] <= '9' && c[2] == '}')
			safe[c[1] - '0'] = safe_text(command, values[c[1] - '0']);
	w = writer_in(memory_of(command));
	show_template(&w, template, safe);
	return writer_keep(&w, memory_of(command));
}

static void put_line(FILE *to, struct bytes line)
{
	fwrite(line.at, 1, line.size, to);
	fputc('\n', to);
}

void tell(const struct command *command, const char *en, const char *zh,
          const struct bytes *values)
{
	put_line(stdout, sentence(command, en, zh, values));
}

void remark(const struct command *command, const char *en, const char *zh,
            const struct bytes *values)
{
	put_line(stderr, sentence(command, en, zh, values));
}

int fail(const struct command *command, int code, const char *en, const char *zh,
         const struct bytes *values)
{
	struct bytes line = sentence(command, en, zh, values);

	fflush(stdout);
	if (command->json) {
		fputs("{\"error\":", stderr);
		json_write_string(stderr, line);
		fprintf(stderr, ",\"exit\":%d}\n", code);
		return code;
	}
	fputs("comity: ", stderr);
	put_line(stderr, line);
	return code;
}

void next_step(const struct command *command, const char *en, const char *zh,
               const struct bytes *values)
{
	if (command->json)
		return;
	fflush(stdout);
	fputs(say(command, "next: ", "下一步："), stderr);
	put_line(stderr, sentence(command, en, zh, values));
}

struct bytes safe_text(const struct command *command, struct bytes text)
{
	struct writer w = writer_in(memory_of(command));

	utf8_write_safe(&w, text, command->terminal);
	return writer_keep(&w, memory_of(command));
}

void print_text(const struct command *command, struct bytes text)
{
	struct bytes safe = safe_text(command, text);

	fwrite(safe.at, 1, safe.size, stdout);
}

struct bytes number_text(const struct command *command, uint64_t number)
{
	struct writer w = writer_in(memory_of(command));

	write_number(&w, number);
	return writer_keep(&w, memory_of(command));
}

struct bytes time_text(const struct command *command, struct ledger_time time)
{
	struct writer w = writer_in(memory_of(command));

	write_time(&w, time);
	w.at[10] = ' '; /* 2026-11-22T13:00:00Z */
	w.used--;
	write_text(&w, " UTC");
	return writer_keep(&w, memory_of(command));
}

/* The two largest units that are not zero; the second only where it says something. */
struct bytes span_text(const struct command *command, int64_t seconds)
{
	static const struct {
		int64_t size;
		const char *en, *zh;
	} UNITS[] = {{SECONDS_A_DAY, "d", "天"},
	             {SECONDS_AN_HOUR, "h", "小时"},
	             {SECONDS_A_MINUTE, "min", "分钟"},
	             {1, "s", "秒"}};
	struct writer w = writer_in(memory_of(command));
	unsigned u = 0;

	while (u < 3 && seconds < UNITS[u].size)
		u++;
	for (unsigned shown = 0; shown < 2 && u < 4; shown++, u++) {
		if (shown > 0 && seconds < UNITS[u].size)
			break;
		if (shown > 0)
			write_octet(&w, ' ');
		write_number(&w, (uint64_t)(seconds / UNITS[u].size));
		write_octet(&w, ' ');
		write_text(&w, say(command, UNITS[u].en, UNITS[u].zh));
		seconds %= UNITS[u].size;
	}
	return writer_keep(&w, memory_of(command));
}

struct bytes distance_text(const struct command *command, struct ledger_time time,
                           struct ledger_time now)
{
	int64_t seconds = time.seconds - now.seconds;
	struct bytes span = span_text(command, seconds < 0 ? -seconds : seconds);

	if (seconds == 0)
		return bytes_of(say(command, "now", "此刻"));
	return seconds < 0 ? sentence(command, "{0} ago", "{0}前", VALUES(span))
	                   : sentence(command, "in {0}", "{0}后", VALUES(span));
}

struct bytes id_text(struct bytes id)
{
	return id.size > SHOW_DIGEST ? bytes_first(id, SHOW_DIGEST) : id;
}

struct bytes said_text(const struct command *command, struct bytes act)
{
	if (bytes_same(act, BYTES("genesis")))
		return bytes_of(say(command, "as the founding says", "依创立文书"));
	return sentence(command, "as act {0} says", "依文书 {0}", VALUES(id_text(act)));
}

struct bytes join_text(const struct command *command, struct bytes a, struct bytes b)
{
	struct writer w = writer_in(memory_of(command));

	write_bytes(&w, a);
	write_bytes(&w, b);
	return writer_keep(&w, memory_of(command));
}

struct bytes painted(const struct command *command, const char *colour, struct bytes text)
{
	struct writer w = writer_in(memory_of(command));

	if (!command->colour)
		return text;
	write_text(&w, "\x1b[");
	write_text(&w, colour);
	write_text(&w, "m");
	write_bytes(&w, text);
	write_text(&w, "\x1b[m");
	return writer_keep(&w, memory_of(command));
}

struct table table_begin(const struct command *command, unsigned columns)
{
	must(columns <= TABLE_COLUMNS_MAX);
	return (struct table){.command = command, .columns = columns};
}

void table_cell(struct table *table, struct bytes text)
{
	if (table->cells == table->room) {
		struct bytes *old = table->cell;

		table->room = table->room == 0 ? 64 : 2 * table->room;
		table->cell = arena_take_array(memory_of(table->command), table->room, sizeof(text));
		if (table->cells > 0)
			memcpy(table->cell, old, table->cells * sizeof(text));
	}
	table->cell[table->cells++] = safe_text(table->command, text);
}

void table_head(struct table *table, const char *en, const char *zh)
{
	table_cell(table, bytes_of(say(table->command, en, zh)));
}

static void pad(unsigned blanks)
{
	while (blanks-- > 0)
		putchar(' ');
}

void table_end(struct table *table)
{
	unsigned width[TABLE_COLUMNS_MAX] = {0};

	if (table->cells <= table->columns)
		return;
	for (size_t i = 0; i < table->cells; i++) {
		unsigned w = utf8_width(table->cell[i]), *most = &width[i % table->columns];
		*most = w > *most ? w : *most;
	}
	for (size_t i = 0; i < table->cells; i++) {
		unsigned column = (unsigned)(i % table->columns);
		struct bytes cell = table->cell[i];

		fwrite(cell.at, 1, cell.size, stdout);
		if (column + 1 < table->columns)
			pad(width[column] - utf8_width(cell) + 2);
		else
			putchar('\n');
	}
}
