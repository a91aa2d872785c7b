/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "host/conf.h"

/* A path in the file is taken from the home folder unless it begins at the root. */
static bool path_set(const struct config *c, char *to, size_t size, const char *value,
                     const char **why)
{
	int put = value[0] == '/' ? snprintf(to, size, "%s", value)
	                          : snprintf(to, size, "%s/%s", c->home, value);

	*why = "a path too long";
	return put > 0 && (size_t)put < size;
}

static char *copy(const char *text)
{
	char *made = strdup(text);

	if (made == NULL)
		memory_fail(strlen(text));
	return made;
}

/* "[rootd]" "listen = 127.0.0.1@53": each line becomes an option of the program. */
static bool rootd_set(struct config *c, const char *name, const char *value, const char **why)
{
	struct config_child *child = NULL;
	char option[100];

	for (unsigned i = 0; i < c->children; i++)
		if (strcmp(c->child[i].program, "rootd") == 0)
			child = &c->child[i];
	if (child == NULL) {
		child = &c->child[c->children++];
		child->program = "rootd";
	}
	*why = "too many options";
	if (child->arguments + 2 + CONFIG_ARGS_OURS > CONFIG_ARGS_MAX)
		return false;
	snprintf(option, sizeof(option), "--%s", name);
	child->argument[child->arguments++] = copy(option);
	child->argument[child->arguments++] = copy(value);
	return true;
}

/* Options of the party, which the command line and the signer read (host/home.h). */
static bool is_party_option(const char *name)
{
	static const char *const NAMES[] = {"name", "kind", "origin", "genesis", "socket",
	                                    "number", "threshold"};

	for (unsigned i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (strcmp(name, NAMES[i]) == 0)
			return true;
	return false;
}

static bool take(void *context, const char *section, const char *name, const char *value,
                 const char **why)
{
	struct config *c = context;

	*why = "no such option";
	if (strcmp(section, "node") == 0) {
		if (strcmp(name, "folder") == 0)
			return path_set(c, c->node, sizeof(c->node), value, why);
		if (strcmp(name, "socket") == 0)
			return path_set(c, c->socket, sizeof(c->socket), value, why);
		if (strcmp(name, "programs") == 0)
			return path_set(c, c->programs, sizeof(c->programs), value, why);
		return false;
	}
	if (strcmp(section, "signer") == 0)
		return strcmp(name, "home") == 0 && path_set(c, c->signer, sizeof(c->signer), value, why);
	if (strcmp(section, "rootd") == 0)
		return rootd_set(c, name, value, why);
	if (strcmp(section, "party") == 0)
		return is_party_option(name);
	*why = "no such section";
	return false;
}

enum mishap config_read(struct config *config, const char *home)
{
	struct fault fault;
	enum mishap mishap;
	char path[1000];

	*config = (struct config){.children = 0};
	snprintf(config->home, sizeof(config->home), "%s", home);
	snprintf(config->node, sizeof(config->node), "%s/node", home);
	snprintf(config->socket, sizeof(config->socket), "%s/node/run/comity.sock", home);
	snprintf(path, sizeof(path), "%s/comity.conf", home);
	mishap = conf_read(path, take, config, &fault);
	if (mishap == MISHAP_MALFORMED)
		fprintf(stderr, "comityd: %s: line %u: %s\n", path, fault.line, fault.why);
	else if (mishap != OK)
		fprintf(stderr, "comityd: %s: cannot be read\n", path);
	return mishap;
}
