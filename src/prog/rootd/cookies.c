/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/cookies.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX 4096 /* octets: the secrets and what is said of them */

bool cookies_load(const char *path, struct cookie_secrets *secrets)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t text[FILE_MAX];
	const char *why = NULL;
	ssize_t size = -1;

	if (descriptor >= 0)
		size = read(descriptor, text, sizeof(text));
	if (size < 0)
		why = strerror(errno);
	else if (!cookie_read_secrets((struct bytes){text, (size_t)size}, secrets))
		why = "not one to four secrets of 32 hex digits, a line each";
	if (descriptor >= 0)
		close(descriptor);
	sodium_memzero(text, sizeof(text));
	if (why != NULL)
		fprintf(stderr, "comity-rootd: %s: %s\n", path, why);
	return why == NULL;
}
