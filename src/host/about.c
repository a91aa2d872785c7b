/* SPDX-License-Identifier: Apache-2.0 */
#include "host/about.h"

#include <stdio.h>
#include <string.h>

bool about_tell(int argc, char *const argv[], const char *program, const char *usage)
{
	if (argc != 2)
		return false;
	if (strcmp(argv[1], "--version") == 0)
		return printf("%s %s\n", program, COMITY_VERSION) > 0;
	return usage != NULL && strcmp(argv[1], "--help") == 0 && fputs(usage, stdout) >= 0;
}
