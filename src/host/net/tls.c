/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/tls.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAME      "comity-tls.so"
#define PATH_SIZE 4096

/* Beside the program, where it was built; else where it was installed. */
static void find_module(char path[PATH_SIZE])
{
	ssize_t size = readlink("/proc/self/exe", path, PATH_SIZE - sizeof(NAME) - 1);
	char *slash;

	path[size > 0 ? size : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash != NULL) {
		memcpy(slash + 1, NAME, sizeof(NAME));
		if (access(path, R_OK) == 0)
			return;
	}
	snprintf(path, PATH_SIZE, "%s/%s", COMITY_LIBEXEC, NAME);
}

const struct tls_library *tls_load(void)
{
	char path[PATH_SIZE];
	void *module;
	const struct tls_library *library;

	find_module(path);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	library = module == NULL ? NULL : dlsym(module, TLS_SYMBOL);
	if (library == NULL)
		fprintf(stderr, "comity-rootd: TLS: %s\n", dlerror());
	return library;
}
