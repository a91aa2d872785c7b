/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/config.h"

#include <string.h>

#include "fuzz.h"

static void check_path(const char *path, size_t room)
{
	must(memchr(path, '\0', room) != NULL && (path[0] == '/' || path[0] == '\0'));
}

/* Whatever the text, all that was made is given back; and what was taken fits. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config;
	struct fault fault = {0};

	if (!config_take(&config, "/home/of/a/node", (struct bytes){data, size}, &fault)) {
		must(fault.why != NULL);
		config_free(&config);
		return 0;
	}
	check_path(config.node, sizeof(config.node));
	check_path(config.socket, sizeof(config.socket));
	check_path(config.programs, sizeof(config.programs));
	check_path(config.signer, sizeof(config.signer));
	must(config.children <= CONFIG_CHILDREN_MAX);
	for (unsigned i = 0; i < config.children; i++)
		must(config.child[i].arguments + CONFIG_ARGS_OURS <= CONFIG_ARGS_MAX &&
		     config.child[i].arguments % 2 == 0);
	config_free(&config);
	return 0;
}
