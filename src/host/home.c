/* SPDX-License-Identifier: Apache-2.0 */
#include "host/home.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "act/genesis.h"
#include "base/hex.h"
#include "base/text.h"
#include "host/conf.h"
#include "host/file.h"

static bool set_text(const char **why, char *to, size_t size, const char *value)
{
	*why = "too long";
	return (size_t)snprintf(to, size, "%s", value) < size;
}

static bool set_number(unsigned *to, const char *value)
{
	uint64_t number;

	if (!text_number(bytes_of(value), PARTY_KEYS_MAX, &number) || number < 1)
		return false;
	*to = (unsigned)number;
	return true;
}

static bool set_party(struct home *h, const char *name, const char *value, const char **why)
{
	if (strcmp(name, "name") == 0) {
		*why = "not a name of a party";
		return party_name_valid(bytes_of(value)) &&
		       set_text(why, h->party, sizeof(h->party), value);
	}
	if (strcmp(name, "kind") == 0) {
		*why = "not a kind of party";
		return party_name_valid(bytes_of(value)) && set_text(why, h->kind, sizeof(h->kind), value);
	}
	if (strcmp(name, "origin") == 0) {
		*why = "not an origin";
		return origin_valid(bytes_of(value)) && set_text(why, h->origin, sizeof(h->origin), value);
	}
	if (strcmp(name, "number") == 0 || strcmp(name, "threshold") == 0) {
		*why = "not a number from 1 to 16";
		return set_number(name[0] == 'n' ? &h->number : &h->threshold, value);
	}
	if (strcmp(name, "operator") == 0) {
		*why = "yes, or left out";
		h->operator = strcmp(value, "yes") == 0;
		return h->operator;
	}
	if (strcmp(name, "genesis") == 0) {
		*why = "not 64 hex digits";
		h->genesis_known = hex_read(bytes_of(value), h->genesis.octet, DIGEST_SIZE);
		return h->genesis_known;
	}
	if (strcmp(name, "socket") == 0) {
		*why = "too long";
		return snprintf(h->socket, sizeof(h->socket), "%s%s%s",
		                value[0] == '/' ? "" : h->folder, value[0] == '/' ? "" : "/",
		                value) < (int)sizeof(h->socket);
	}
	*why = "no such option";
	return false;
}

static bool option(void *context, const char *section, const char *name, const char *value,
                   const char **why)
{
	/* The other sections are comityd's, which checks them. */
	return strcmp(section, "party") != 0 || set_party(context, name, value, why);
}

bool home_take(struct home *home, const char *folder, struct bytes text, struct fault *fault)
{
	*home = (struct home){.threshold = 1};
	*fault = (struct fault){0, 0, "a path too long"};
	if (snprintf(home->folder, sizeof(home->folder), "%s", folder) >= (int)sizeof(home->folder))
		return false;
	snprintf(home->signer, sizeof(home->signer), "%s/signer", folder);
	snprintf(home->socket, sizeof(home->socket), "%s/node/run/comity.sock", folder);
	if (!conf_read(text, option, home, fault))
		return false;
	*fault = (struct fault){0, 0, "[party] has no name or no origin"};
	return home->party[0] != '\0' && home->origin[0] != '\0';
}

enum mishap home_read(struct home *home, const char *folder)
{
	uint8_t memory[CONF_SIZE_MAX + 64] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes text = {NULL, 0};
	char path[FILE_PATH_MAX];
	struct fault fault;
	bool missing = false;
	enum mishap mishap;

	if (!file_path(path, folder, "comity.conf"))
		return MISHAP_LIMIT;
	mishap = file_read(path, CONF_SIZE_MAX, &arena, &text, &missing);
	if (mishap != OK)
		return mishap;
	if (missing) {
		fprintf(stderr, "comity: %s: cannot be read: is this a home? (comity key new)\n", path);
		return MISHAP_IO;
	}
	if (!home_take(home, folder, text, &fault)) {
		if (fault.line > 0)
			fprintf(stderr, "comity: %s: line %u: %s\n", path, fault.line, fault.why);
		else
			fprintf(stderr, "comity: %s: %s\n", path, fault.why);
		return MISHAP_MALFORMED;
	}
	home_key_path(home, "log", path);
	home->has_log = access(path, F_OK) == 0;
	return OK;
}

void home_key_path(const struct home *home, const char *role, char path[1024])
{
	snprintf(path, 1024, "%s/keys/%s.key", home->folder, role);
}

enum mishap home_keys(struct home *home, struct key *cosign, struct key *custody,
                      struct key *log)
{
	char path[1024];
	enum mishap mishap;

	home_key_path(home, "cosign", path);
	mishap = key_read(cosign, path);
	home_key_path(home, "custody", path);
	if (mishap == OK)
		mishap = key_read(custody, path);
	home_key_path(home, "log", path);
	if (mishap == OK && home->has_log)
		mishap = key_read(log, path);
	return mishap;
}
