/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of comity.conf: the first one that is wrong is told, with its own reason. */
#include "host/conf.h"

#include <string.h>

#include "tap.h"

static char seen[2000];

/* Knows the option "good" of any section, and keeps all that it is given. */
static bool take(void *context, const char *section, const char *name, const char *value,
                 const char **why)
{
	size_t used = strlen(seen);

	(void)context;
	snprintf(seen + used, sizeof(seen) - used, "[%s]%s=%s;", section, name, value);
	*why = strcmp(name, "bad") == 0 ? "a bad option" : "another option";
	return strcmp(name, "good") == 0;
}

static bool reads(struct bytes text, struct fault *fault)
{
	seen[0] = '\0';
	*fault = (struct fault){0, 0, "untouched"};
	return conf_read(text, take, NULL, fault);
}

static bool refused(const char *text, uint32_t line, const char *why)
{
	struct fault fault;

	return !reads(bytes_of(text), &fault) && fault.line == line && strcmp(fault.why, why) == 0;
}

static void forms(void)
{
	struct fault fault;

	ok(reads(BYTES(""), &fault) && seen[0] == '\0', "an empty file");
	ok(reads(BYTES("; a comment\n\n[a]\n# another\ngood = 1\r\n[b]\ngood=2 ; why"), &fault) &&
	           strcmp(seen, "[a]good=1;[b]good=2;") == 0,
	   "sections, comments, no LF at the end");
}

static void faults(void)
{
	static char text[1000];
	static const uint8_t NUL[] = "[a]\ngood = 1\0bad = 2\n";

	ok(refused("[a]\ngood = 1\nbad = 2\nodd = 3\n", 3, "a bad option"),
	   "the first option that is refused, and its reason");
	ok(strstr(seen, "odd") == NULL, "nothing behind it is read");
	ok(refused("[a]\nwhat is this\nbad = 2\n", 2, "not a line of the form name = value"),
	   "a line that is none, before an option that is refused");
	ok(refused("[a]\nbad = 2\nwhat is this\n", 2, "a bad option"), "and behind one");
	snprintf(text, sizeof(text), "[a]\ngood = %0300d = 1\n", 0);
	ok(refused(text, 2, "the line is too long") && seen[0] == '\0',
	   "a line that is too long is not cut, and its rest is no line of its own");
	struct fault fault;
	ok(!reads((struct bytes){NUL, sizeof(NUL) - 1}, &fault) && fault.line == 2 && seen[0] == '\0',
	   "a NUL ends nothing");
}

int main(void)
{
	forms();
	faults();
	return done_testing();
}
