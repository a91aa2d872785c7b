/* SPDX-License-Identifier: Apache-2.0 */
#include "host/beside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool beside_folder(char folder[BESIDE_PATH_SIZE])
{
	char own[BESIDE_PATH_SIZE];
	ssize_t size = readlink("/proc/self/exe", own, sizeof(own) - 1);
	const char *slash = size > 0 ? memrchr(own, '/', (size_t)size) : NULL;

	if (slash == NULL)
		return false;
	memcpy(folder, own, (size_t)(slash - own));
	folder[slash - own] = '\0';
	return true;
}

void beside_find(char path[BESIDE_PATH_SIZE], const char *name)
{
	char folder[BESIDE_PATH_SIZE];

	if (beside_folder(folder) &&
	    snprintf(path, BESIDE_PATH_SIZE, "%s/%s", folder, name) < BESIDE_PATH_SIZE &&
	    access(path, F_OK) == 0)
		return;
	snprintf(path, BESIDE_PATH_SIZE, "%s/%s", COMITY_LIBEXEC, name);
}
