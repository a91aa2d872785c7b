/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/tls.h"

#include <dlfcn.h>
#include <stdio.h>

#include "host/beside.h"

#define NAME "comity-tls.so"

const struct tls_library *tls_load(void)
{
	char path[BESIDE_PATH_SIZE];
	void *module;
	const struct tls_library *library;

	beside_find(path, NAME);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	library = module == NULL ? NULL : dlsym(module, TLS_SYMBOL);
	if (library == NULL)
		fprintf(stderr, "comity-rootd: TLS: %s\n", dlerror());
	return library;
}
