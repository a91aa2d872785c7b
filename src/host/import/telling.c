/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/telling.h"

#include "base/must.h"
#include "base/text.h"

static const char *const WORDS[VERDICTS] = {
	[VERDICT_UNCHECKED] = "unchecked", [VERDICT_VERIFIED] = "verified",
	[VERDICT_ABSENT] = "absent",       [VERDICT_UNSUPPORTED] = "unsupported",
	[VERDICT_FAILED] = "failed",
};

const char *verdict_word(enum verdict verdict)
{
	must(verdict < VERDICTS);
	return WORDS[verdict];
}

/* ---- the helper's side ---- */

/* One line of printable ASCII, whatever it was. */
static void write_plain(struct writer *w, struct bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		write_octet(w, text.at[i] < ' ' || text.at[i] > '~' ? '?' : text.at[i]);
}

void telling_write_head(struct writer *writer, struct bytes form)
{
	write_field(writer, "form", form);
}

void telling_write_end(struct writer *writer, const struct telling *telling)
{
	write_field(writer, "dnssec", bytes_of(verdict_word(telling->dnssec)));
	write_field(writer, "zonemd", bytes_of(verdict_word(telling->zonemd)));
	write_field_time(writer, "at", telling->at);
	write_field_number(writer, "signatures", telling->signatures);
	write_text(writer, "why: ");
	write_plain(writer, telling->why.size > 0 ? telling->why : BYTES("-"));
	write_text(writer, "\nend\n");
}

void telling_write_fault(struct writer *writer, uint64_t line, struct bytes why)
{
	write_text(writer, "fault: ");
	write_number(writer, line);
	write_octet(writer, ' ');
	write_plain(writer, why.size > 0 ? why : BYTES("-"));
	write_text(writer, "\nend\n");
}

/* ---- the command's side ---- */

static bool is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] < ' ' || text.at[i] > '~')
			return false;
	return true;
}

static bool field(struct text *lines, const char *name, struct bytes *value)
{
	struct bytes line;

	return text_line(lines, &line) && text_field(line, name, value) && is_plain(*value);
}

static bool verdict(struct text *lines, const char *name, enum verdict *to)
{
	struct bytes value;

	if (!field(lines, name, &value))
		return false;
	for (*to = 0; *to < VERDICTS; ++*to)
		if (bytes_same(value, bytes_of(WORDS[*to])))
			return true;
	return false;
}

static bool end(struct text *lines)
{
	struct bytes line;

	return text_line(lines, &line) && bytes_same(line, BYTES("end")) && lines->rest.size == 0;
}

static bool read_fault(struct text *lines, struct telling *t)
{
	struct bytes value;

	t->fault = true;
	if (!field(lines, "fault", &value) ||
	    !text_word_number(&value, UINT32_MAX, &t->fault_line) || value.size == 0)
		return false;
	t->why = value;
	return end(lines);
}

static struct bytes record_lines(struct text *lines)
{
	struct bytes run = bytes_first(lines->rest, 0), line;

	while (text_peek(lines, &line) && bytes_starts(line, BYTES("+ ")) && text_line(lines, &line))
		run.size += line.size + 1;
	return run;
}

static bool read_zone(struct text *lines, struct telling *t)
{
	struct bytes value;

	if (!field(lines, "form", &t->form))
		return false;
	t->records = record_lines(lines);
	if (text_peek(lines, &value) && bytes_starts(value, BYTES("fault: ")))
		return read_fault(lines, t);
	return verdict(lines, "dnssec", &t->dnssec) && verdict(lines, "zonemd", &t->zonemd) &&
	       field(lines, "at", &value) && time_read(value, &t->at) &&
	       field(lines, "signatures", &value) &&
	       text_number(value, UINT32_MAX, &t->signatures) && field(lines, "why", &t->why) &&
	       end(lines);
}

enum mishap telling_read(struct bytes text, struct telling *telling)
{
	struct text lines = {.rest = text};
	struct telling t = {.form = BYTES("-")};
	struct bytes line;
	bool read;

	if (text_peek(&lines, &line) && bytes_starts(line, BYTES("fault: ")))
		read = read_fault(&lines, &t);
	else
		read = read_zone(&lines, &t);
	if (!read)
		return MISHAP_MALFORMED;
	*telling = t;
	return OK;
}
