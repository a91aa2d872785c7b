/* SPDX-License-Identifier: Apache-2.0 */
/* Where a program looks for what belongs to it: this test itself is what stands there. */
#include "host/beside.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tap.h"

static bool same_file(const char *one, const char *other)
{
	struct stat first, second;

	return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

int main(int count, char **arguments)
{
	char folder[BESIDE_PATH_SIZE], path[BESIDE_PATH_SIZE];
	const char *name = count > 0 ? strrchr(arguments[0], '/') : NULL;
	char *long_name = malloc(2 * BESIDE_PATH_SIZE);

	must(name != NULL && long_name != NULL);
	beside_find(path, name + 1);
	ok(same_file(path, "/proc/self/exe"), "what stands beside the program is found there");
	ok(beside_folder(folder) && strncmp(path, folder, strlen(folder)) == 0 &&
	           strcmp(path + strlen(folder), name) == 0,
	   "in the program's own folder, which has no slash at its end");
	beside_find(path, "comity-not-built");
	ok(strcmp(path, COMITY_LIBEXEC "/comity-not-built") == 0,
	   "what is not there is looked for where it would be installed");
	memset(long_name, 'a', 2 * BESIDE_PATH_SIZE - 1);
	long_name[2 * BESIDE_PATH_SIZE - 1] = '\0';
	beside_find(path, long_name);
	ok(strlen(path) < BESIDE_PATH_SIZE && strncmp(path, COMITY_LIBEXEC "/a", sizeof(COMITY_LIBEXEC) + 1) == 0,
	   "a name too long for a path is cut, not written beyond it");
	free(long_name);
	return done_testing();
}
