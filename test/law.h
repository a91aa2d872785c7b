/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_LAW_H
#define COMITY_TEST_LAW_H

/*
 * law.h - comity-charter(7) is the law: a test that rests on a sentence of it quotes it,
 * and fails when the page no longer says so. Include it after tap.h.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The page without marks of scdoc, with one blank between words. */
static inline const char *law_page(void)
{
	static char page[1 << 16];
	char path[4096];
	size_t used = 0;
	FILE *from;

	if (page[0] != 0)
		return page;
	if (getenv("COMITY_SOURCE") == NULL)
		bail_out("COMITY_SOURCE must name the source tree");
	snprintf(path, sizeof(path), "%s/man/comity-charter.7.scd", getenv("COMITY_SOURCE"));
	from = fopen(path, "r");
	if (from == NULL)
		bail_out("no man/comity-charter.7.scd");
	for (int c = fgetc(from); c != EOF && used < sizeof(page) - 1; c = fgetc(from)) {
		if (c == '*' || c == '_' || c == '\\')
			continue;
		if (c == '\n' || c == '\t')
			c = ' ';
		if (c != ' ' || (used > 0 && page[used - 1] != ' '))
			page[used++] = (char)c;
	}
	fclose(from);
	page[used] = 0;
	return page;
}

static inline bool law(const char *quote)
{
	if (strstr(law_page(), quote) != NULL)
		return true;
	printf("# comity-charter(7) does not say: %s\n", quote);
	return false;
}

#endif
