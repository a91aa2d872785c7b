/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/module.h"

#include <dlfcn.h>
#include <stddef.h>

#include "host/beside.h"

const void *module_load(const char *name, const char *symbol, const char **why)
{
	char path[BESIDE_PATH_SIZE];
	void *module;
	const void *found;

	beside_find(path, name);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	found = module == NULL ? NULL : dlsym(module, symbol);
	if (found == NULL)
		*why = dlerror();
	return found;
}
