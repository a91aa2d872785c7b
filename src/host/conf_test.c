/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of comity.conf: the first that is not understood is told, with its own reason. */
#include "host/conf.h"

#include <string.h>

#include "tap.h"

/* Takes options "a" and "b" of a section "s"; sees how many it was shown. */
static bool take(void *context, const char *section, const char *name, const char *value,
                 const char **why)
{
	unsigned *seen = context;

	*seen += 1;
	*why = "too long";
	if (strlen(value) > 4)
		return false;
	*why = "no such option";
	return strcmp(section, "s") == 0 && (strcmp(name, "a") == 0 || strcmp(name, "b") == 0);
}

static bool is_fault(const char *text, unsigned line, const char *why, unsigned seen_least,
                     unsigned seen_most)
{
	struct fault fault = {.line = 0};
	unsigned seen = 0;

	return !conf_read(bytes_of(text), take, &seen, &fault) && fault.line == line &&
	       strcmp(fault.why, why) == 0 && seen >= seen_least && seen <= seen_most;
}

int main(void)
{
	static const char NO_LINE[] = "not a line of the form name = value";
	struct fault fault = {.line = 7};
	unsigned seen = 0;
	char text[600];

	ok(conf_read(BYTES("# x\n[s]\na = 1\n\nb=2 ; y\n"), take, &seen, &fault) && seen == 2 && fault.line == 7,
	   "lines that stand");
	ok(is_fault("[s]\na = 1\nnonsense\nb = 2\n", 3, NO_LINE, 1, 2),
	   "a line without = is called that, whatever was asked of the lines around it");
	ok(is_fault("[s]\nnonsense\nc = 1\n", 2, NO_LINE, 0, 1), "the first of two faults is told");
	ok(is_fault("[s]\nc = 1\nnonsense\n", 2, "no such option", 1, 1),
	   "and nothing is read behind what was refused");
	ok(is_fault("[s]\na = 1\nb = 12345\n", 3, "too long", 2, 2), "a value that is refused, with its reason");
	ok(is_fault("nonsense", 1, NO_LINE, 0, 0), "without a newline at the end");
	memset(text, 'x', sizeof(text));
	memcpy(text, "[s]\na = ", 8);
	memcpy(text + sizeof(text) - 7, "\nb = 1", 7);
	ok(is_fault(text, 2, "the line is too long", 0, 0), "a line that no reader would have whole");
	return done_testing();
}
