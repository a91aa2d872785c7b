/* SPDX-License-Identifier: Apache-2.0 */
#include "host/home.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "act/genesis.h"
#include "base/hex.h"
#include "base/text.h"

struct reading {
	struct home *home;
	const char *why;
};

static bool set_text(struct reading *r, char *to, size_t size, const char *value)
{
	r->why = "too long";
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

static bool set_party(struct reading *r, const char *name, const char *value)
{
	struct home *h = r->home;

	if (strcmp(name, "name") == 0) {
		r->why = "not a name of a party";
		return party_name_valid(bytes_of(value)) &&
		       set_text(r, h->party, sizeof(h->party), value);
	}
	if (strcmp(name, "kind") == 0) {
		r->why = "not a kind of party";
		return party_name_valid(bytes_of(value)) && set_text(r, h->kind, sizeof(h->kind), value);
	}
	if (strcmp(name, "origin") == 0) {
		r->why = "not an origin";
		return origin_valid(bytes_of(value)) && set_text(r, h->origin, sizeof(h->origin), value);
	}
	if (strcmp(name, "number") == 0 || strcmp(name, "threshold") == 0) {
		r->why = "not a number from 1 to 16";
		return set_number(name[0] == 'n' ? &h->number : &h->threshold, value);
	}
	if (strcmp(name, "genesis") == 0) {
		r->why = "not 64 hex digits";
		h->genesis_known = hex_read(bytes_of(value), h->genesis.octet, DIGEST_SIZE);
		return h->genesis_known;
	}
	if (strcmp(name, "socket") == 0) {
		r->why = "too long";
		return snprintf(h->socket, sizeof(h->socket), "%s%s%s",
		                value[0] == '/' ? "" : h->folder, value[0] == '/' ? "" : "/",
		                value) < (int)sizeof(h->socket);
	}
	r->why = "no such option";
	return false;
}

static int handle(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;

	/* The other sections are comityd's, which checks them. */
	return strcmp(section, "party") != 0 || set_party(r, name, value);
}

enum mishap home_read(struct home *home, const char *folder)
{
	struct reading r = {home, "not a line of the form name = value"};
	char path[1024];
	int line;

	*home = (struct home){.threshold = 1};
	if (snprintf(home->folder, sizeof(home->folder), "%s", folder) >= (int)sizeof(home->folder))
		return MISHAP_LIMIT;
	snprintf(home->signer, sizeof(home->signer), "%s/signer", folder);
	snprintf(home->socket, sizeof(home->socket), "%s/node/run/comity.sock", folder);
	snprintf(path, sizeof(path), "%s/comity.conf", folder);
	line = ini_parse(path, handle, &r);
	if (line != 0 || home->party[0] == '\0' || home->origin[0] == '\0') {
		if (line > 0)
			fprintf(stderr, "comity: %s: line %d: %s\n", path, line, r.why);
		else
			fprintf(stderr, "comity: %s: %s\n", path,
			        line < 0 ? "cannot be read: is this a home? (comity key new)"
			                 : "[party] has no name or no origin");
		return line < 0 ? MISHAP_IO : MISHAP_MALFORMED;
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
