/* SPDX-License-Identifier: Apache-2.0 */
#include "host/conf.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

struct reading {
	FILE *file;
	conf_take *take;
	void *context;
	unsigned line;
	struct fault fault; /* line 0: none */
};

/* A piece that inih takes as a line: it counts them as we do. */
static char *next_line(char *line, int size, void *stream)
{
	struct reading *r = stream;

	if (r->fault.line != 0 || fgets(line, size, r->file) == NULL)
		return NULL;
	r->line++;
	if (strchr(line, '\n') != NULL || feof(r->file))
		return line;
	r->fault = (struct fault){.line = r->line, .why = "the line is too long"};
	return NULL;
}

static int handle(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	const char *why = "not understood";

	if (r->take(r->context, section, name, value, &why))
		return 1;
	r->fault = (struct fault){.line = r->line, .why = why};
	return 0;
}

enum mishap conf_read(const char *path, conf_take *take, void *context, struct fault *fault)
{
	struct reading r = {.file = fopen(path, "re"), .take = take, .context = context};
	int line;

	if (r.file == NULL)
		return MISHAP_IO;
	line = ini_parse_stream(next_line, &r, handle, &r);
	fclose(r.file);
	if (line == 0 && r.fault.line == 0)
		return OK;
	/* inih goes on behind a line that is none, and tells the first. */
	*fault = line > 0 && (r.fault.line == 0 || (unsigned)line < r.fault.line)
	                 ? (struct fault){.line = (unsigned)line, .why = "not a line of the form name = value"}
	                 : r.fault;
	return MISHAP_MALFORMED;
}
