/* SPDX-License-Identifier: Apache-2.0 */
#include "host/conf.h"

#include <ini.h>
#include <string.h>

#include "base/text.h"

struct reading {
	struct text lines;
	conf_option *option;
	void *context;
	struct fault *fault;
	bool failed;
};

static void fail(struct reading *r, const char *why)
{
	*r->fault = (struct fault){r->lines.line, 0, why};
	r->failed = true;
}

/* The last line may lack its LF. */
static bool line_take(struct text *lines, struct bytes *line)
{
	if (text_line(lines, line))
		return true;
	*line = lines->rest;
	lines->rest = bytes_from(*line, line->size);
	lines->line++;
	return line->size > 0;
}

/* inih would take the rest of a line that is too long for a line of its own, and a NUL for its end. */
static char *line_give(char *to, int room, void *stream)
{
	struct reading *r = stream;
	struct bytes line;

	if (r->failed || !line_take(&r->lines, &line))
		return NULL;
	if (line.size + 2 > (size_t)room) {
		fail(r, "the line is too long");
		return NULL;
	}
	if (line.size > 0 && memchr(line.at, '\0', line.size) != NULL) {
		fail(r, "an octet that no text has");
		return NULL;
	}
	if (line.size > 0)
		memcpy(to, line.at, line.size);
	memcpy(to + line.size, "\n", 2);
	return to;
}

static int option_give(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	const char *why = "no such option";

	if (r->option(r->context, section, name, value, &why))
		return 1;
	fail(r, why);
	return 0;
}

bool conf_read(struct bytes text, conf_option *option, void *context, struct fault *fault)
{
	struct reading r = {{.rest = text}, option, context, fault, false};
	int line = ini_parse_stream(line_give, &r, option_give, &r);

	if (line < 0)
		*fault = (struct fault){0, 0, "no memory"};
	/* inih reads on behind a line that it does not understand: the first is told. */
	if (line > 0 && (!r.failed || (uint32_t)line < fault->line))
		*fault = (struct fault){(uint32_t)line, 0, "not a line of the form name = value"};
	return line == 0 && !r.failed;
}
