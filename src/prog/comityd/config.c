/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/config.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

struct reading {
	struct config *config;
	const char *why;
};

/* A path in the file is taken from the home folder unless it begins at the root. */
static bool path_set(struct reading *r, char *to, size_t size, const char *value)
{
	int put = value[0] == '/' ? snprintf(to, size, "%s", value)
	                          : snprintf(to, size, "%s/%s", r->config->home, value);

	r->why = "a path too long";
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
static bool rootd_set(struct reading *r, const char *name, const char *value)
{
	struct config *c = r->config;
	struct config_child *child = NULL;
	char option[100];

	for (unsigned i = 0; i < c->children; i++)
		if (strcmp(c->child[i].program, "rootd") == 0)
			child = &c->child[i];
	if (child == NULL) {
		child = &c->child[c->children++];
		child->program = "rootd";
	}
	r->why = "too many options";
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

static bool set(struct reading *r, const char *section, const char *name, const char *value)
{
	struct config *c = r->config;

	r->why = "no such option";
	if (strcmp(section, "node") == 0) {
		if (strcmp(name, "folder") == 0)
			return path_set(r, c->node, sizeof(c->node), value);
		if (strcmp(name, "socket") == 0)
			return path_set(r, c->socket, sizeof(c->socket), value);
		if (strcmp(name, "programs") == 0)
			return path_set(r, c->programs, sizeof(c->programs), value);
		return false;
	}
	if (strcmp(section, "signer") == 0)
		return strcmp(name, "home") == 0 && path_set(r, c->signer, sizeof(c->signer), value);
	if (strcmp(section, "rootd") == 0)
		return rootd_set(r, name, value);
	if (strcmp(section, "party") == 0)
		return is_party_option(name);
	r->why = "no such section";
	return false;
}

static int handle(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;

	return set(r, section, name, value) ? 1 : 0;
}

enum mishap config_read(struct config *config, const char *home)
{
	struct reading r = {config, "not a line of the form name = value"};
	char path[1000];
	int line;

	*config = (struct config){.children = 0};
	snprintf(config->home, sizeof(config->home), "%s", home);
	snprintf(config->node, sizeof(config->node), "%s/node", home);
	snprintf(config->socket, sizeof(config->socket), "%s/node/run/comity.sock", home);
	snprintf(path, sizeof(path), "%s/comity.conf", home);
	line = ini_parse(path, handle, &r);
	if (line < 0) {
		fprintf(stderr, "comityd: %s: cannot be read\n", path);
		return MISHAP_IO;
	}
	if (line > 0) {
		fprintf(stderr, "comityd: %s: line %d: %s\n", path, line, r.why);
		return MISHAP_MALFORMED;
	}
	return OK;
}
