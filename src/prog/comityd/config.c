/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "host/conf.h"
#include "host/file.h"

/* A path in the file is taken from the home folder unless it begins at the root. */
static bool path_set(const struct config *c, char *to, size_t size, const char *value)
{
	int put = value[0] == '/' ? snprintf(to, size, "%s", value)
	                          : snprintf(to, size, "%s/%s", c->home, value);

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
static bool rootd_set(struct config *c, const char *name, const char *value)
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

/* Options of the observer, which reads them itself. */
static bool is_observer_option(const char *name)
{
	return strcmp(name, "vantage") == 0 || strcmp(name, "resolver") == 0 || strcmp(name, "pause") == 0;
}

static bool node_set(struct config *c, const char *name, const char *value, const char **why)
{
	struct {
		const char *name;
		char *to;
		size_t size;
	} paths[] = {{"folder", c->node, sizeof(c->node)},
	             {"socket", c->socket, sizeof(c->socket)},
	             {"programs", c->programs, sizeof(c->programs)}};

	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (strcmp(name, paths[i].name) == 0) {
			*why = "a path too long";
			return path_set(c, paths[i].to, paths[i].size, value);
		}
	return false;
}

static bool option(void *context, const char *section, const char *name, const char *value,
                   const char **why)
{
	struct config *c = context;

	*why = "no such option";
	if (strcmp(section, "node") == 0)
		return node_set(c, name, value, why);
	if (strcmp(section, "signer") == 0 && strcmp(name, "home") == 0) {
		*why = "a path too long";
		return path_set(c, c->signer, sizeof(c->signer), value);
	}
	if (strcmp(section, "signer") == 0)
		return false;
	if (strcmp(section, "observer") == 0)
		return is_observer_option(name);
	if (strcmp(section, "rootd") == 0) {
		*why = "too many options";
		return rootd_set(c, name, value);
	}
	if (strcmp(section, "party") == 0)
		return is_party_option(name);
	*why = "no such section";
	return false;
}

bool config_take(struct config *config, const char *home, struct bytes text, struct fault *fault)
{
	*config = (struct config){.children = 0};
	*fault = (struct fault){0, 0, "a path too long"};
	if (snprintf(config->home, sizeof(config->home), "%s", home) >= (int)sizeof(config->home) ||
	    !path_set(config, config->node, sizeof(config->node), "node") ||
	    !path_set(config, config->socket, sizeof(config->socket), "node/run/comity.sock"))
		return false;
	return conf_read(text, option, config, fault);
}

void config_free(struct config *config)
{
	for (unsigned i = 0; i < config->children; i++)
		for (unsigned a = 0; a < config->child[i].arguments; a++)
			free((void *)(uintptr_t)config->child[i].argument[a]);
	*config = (struct config){.children = 0};
}

enum mishap config_read(struct config *config, const char *home)
{
	uint8_t memory[CONF_SIZE_MAX + 64] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes text = {NULL, 0};
	char path[FILE_PATH_MAX];
	struct fault fault;
	enum mishap mishap;

	if (!file_path(path, home, "comity.conf"))
		return MISHAP_LIMIT;
	mishap = file_read(path, CONF_SIZE_MAX, &arena, &text, NULL);
	if (mishap != OK)
		return mishap;
	if (config_take(config, home, text, &fault))
		return OK;
	fprintf(stderr, "comityd: %s: line %u: %s\n", path, fault.line, fault.why);
	config_free(config);
	return MISHAP_MALFORMED;
}
