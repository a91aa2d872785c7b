/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096

/* Beside the program, where it was built; else where it was installed. */
static void find_module(const char *name, char path[PATH_SIZE])
{
	ssize_t size = readlink("/proc/self/exe", path, PATH_SIZE / 2);
	char *slash;

	path[size > 0 ? size : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash != NULL) {
		snprintf(slash + 1, PATH_SIZE / 2, "%s", name);
		if (access(path, R_OK) == 0)
			return;
	}
	snprintf(path, PATH_SIZE, "%s/%s", COMITY_LIBEXEC, name);
}

const void *module_load(const char *name, const char *symbol, const char **why)
{
	char path[PATH_SIZE];
	void *module;
	const void *found;

	find_module(name, path);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	found = module == NULL ? NULL : dlsym(module, symbol);
	if (found == NULL)
		*why = dlerror();
	return found;
}
