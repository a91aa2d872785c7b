/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/config.h"

#include <ini.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/text.h"
#include "host/net/tls.h"

struct reading {
	struct config *config; /* of the zone at hand */
	struct config *main_zone;
	char section[INI_MAX_LINE];
	const char *why;
};

/* ---- keys ---- */

static const struct tsig_key *find_key(const struct config *config, struct bytes text)
{
	struct dname name;

	if (dname_read_text(text, &name) != OK)
		return NULL;
	for (size_t i = 0; i < config->keys; i++)
		if (bytes_same(dname_bytes(&config->key[i].name), dname_bytes(&name)))
			return &config->key[i];
	return NULL;
}

static bool begin_key(struct reading *r, struct bytes name)
{
	struct config *c = r->main_zone;

	r->why = "too many keys";
	if (c->keys == CONFIG_KEYS_MAX)
		return false;
	r->why = "a key twice, or a name that is not absolute";
	if (find_key(c, name) != NULL || dname_read_text(name, &c->key[c->keys].name) != OK)
		return false;
	c->keys++;
	return true;
}

static bool key_set(struct reading *r, const char *name, const char *value)
{
	struct tsig_key *key = &r->main_zone->key[r->main_zone->keys - 1];
	size_t size;

	if (strcmp(name, "algorithm") == 0) {
		r->why = "not hmac-sha256 or hmac-sha512";
		return tsig_algorithm_read(bytes_of(value), &key->algorithm);
	}
	if (strcmp(name, "secret") != 0)
		return false;
	r->why = "not a secret of 1 to 128 octets in base64";
	if (!base64_read(bytes_of(value), key->secret, sizeof(key->secret), &size) || size == 0)
		return false;
	key->secret_size = (uint8_t)size;
	return true;
}

/* ---- who may ---- */

static struct bytes address_octets(const struct listen_address *address)
{
	if (address->socket.any.sa_family == AF_INET)
		return (struct bytes){(const uint8_t *)&address->socket.v4.sin_addr, 4};
	return (struct bytes){(const uint8_t *)&address->socket.v6.sin6_addr, 16};
}

/* "ADDRESS" or "ADDRESS/BITS", as the core has it. */
static bool read_prefix(struct bytes text, struct permit *permit)
{
	char octets[64];
	struct listen_address address;
	const uint8_t *slash = memchr(text.at, '/', text.size);
	size_t size = slash == NULL ? text.size : (size_t)(slash - text.at);
	uint64_t bits;
	bool v4;

	if (size >= sizeof(octets))
		return false;
	memcpy(octets, text.at, size);
	octets[size] = '\0';
	if (memchr(octets, '@', size) != NULL || listen_read(octets, &address) != OK)
		return false;
	v4 = address.socket.any.sa_family == AF_INET;
	bits = v4 ? 32 : 128;
	if (slash != NULL && !text_number(bytes_from(text, size + 1), bits, &bits))
		return false;
	permit_address(address_octets(&address), permit->address);
	permit->prefix_size = (uint8_t)(v4 ? 96 + bits : bits);
	return true;
}

/* The name behind "tls": one that a certificate has, or "*". */
static bool read_tls_name(struct reading *r, struct bytes *rest, char name[CONFIG_NAME_MAX])
{
	struct bytes word;

	r->why = "no name of a certificate, or *, behind tls";
	if (!text_word(rest, &word) || word.size >= CONFIG_NAME_MAX)
		return false;
	if (bytes_same(word, BYTES("*")))
		return true;
	memcpy(name, word.at, word.size);
	name[word.size] = '\0';
	return true;
}

/* "key NAME", and "tls" or "tls NAME", behind an address. */
static bool read_conditions(struct reading *r, struct bytes rest, const struct tsig_key **key,
                            bool *tls, char *name)
{
	struct bytes word;

	while (text_word(&rest, &word)) {
		if (tls != NULL && bytes_same(word, BYTES("tls"))) {
			*tls = true;
			if (name != NULL && !read_tls_name(r, &rest, name))
				return false;
			continue;
		}
		r->why = "no such key before this line";
		if (!bytes_same(word, BYTES("key")) || !text_word(&rest, &word))
			break;
		*key = find_key(r->main_zone, word);
		if (*key == NULL)
			return false;
	}
	r->why = "something behind the address that is not known";
	return rest.size == 0;
}

static bool add_permit(struct reading *r, const char *value, struct permit *permits,
                       size_t *count)
{
	struct bytes rest = bytes_of(value), word;
	struct permit permit = {0};

	r->why = "too many of them";
	if (*count == CONFIG_PERMITS_MAX)
		return false;
	r->why = "not an address or prefix";
	if (!text_word(&rest, &word) || !read_prefix(word, &permit) ||
	    !read_conditions(r, rest, &permit.key, &permit.tls_only, NULL))
		return false;
	permits[(*count)++] = permit;
	return true;
}

static bool add_peer(struct reading *r, const char *value, bool by_tls, struct peer *peers,
                     size_t *count)
{
	struct bytes rest = bytes_of(value), word;
	struct peer peer = {0};
	char octets[64];

	r->why = "too many of them";
	if (*count == CONFIG_PEERS_MAX)
		return false;
	r->why = "not an address";
	if (!text_word(&rest, &word) || word.size >= sizeof(octets))
		return false;
	memcpy(octets, word.at, word.size);
	octets[word.size] = '\0';
	if (listen_read(octets, &peer.address) != OK ||
	    !read_conditions(r, rest, &peer.key, by_tls ? &peer.tls : NULL, peer.tls_name))
		return false;
	if (peer.tls && listen_read_port(octets, TLS_PORT, &peer.address) != OK)
		return false;
	peers[(*count)++] = peer;
	return true;
}

static bool transfer_set(struct reading *r, const char *name, const char *value)
{
	struct config *c = r->config;

	if (strcmp(name, "allow") == 0)
		return add_permit(r, value, c->take, &c->takes);
	if (strcmp(name, "allow-notify") == 0)
		return add_permit(r, value, c->notify, &c->notifies);
	if (strcmp(name, "notify") == 0)
		return add_peer(r, value, false, c->secondary, &c->secondaries);
	return false;
}

/* Whoever is a primary may send NOTIFY, under its key. */
static bool add_primary(struct reading *r, const char *value)
{
	struct config *c = r->config;
	struct permit permit = {.prefix_size = 128};
	const struct peer *peer;

	if (!add_peer(r, value, true, c->primary, &c->primaries))
		return false;
	peer = &c->primary[c->primaries - 1];
	permit.key = peer->key;
	permit_address(address_octets(&peer->address), permit.address);
	r->why = "too many of them";
	if (c->notifies == CONFIG_PERMITS_MAX)
		return false;
	c->notify[c->notifies++] = permit;
	return true;
}

static bool choice(struct reading *r, const char *value, const char *yes, const char *no,
                   bool *to)
{
	r->why = "not a word that can stand here";
	*to = strcmp(value, yes) == 0;
	return *to || strcmp(value, no) == 0;
}

static bool primary_set(struct reading *r, const char *name, const char *value)
{
	struct config *c = r->config;

	if (strcmp(name, "primary") == 0)
		return add_primary(r, value);
	if (strcmp(name, "zonemd") == 0)
		return choice(r, value, "require", "check", &c->zonemd_required);
	if (strcmp(name, "expired") == 0)
		return choice(r, value, "serve", "refuse", &c->keep_expired);
	return false;
}

static bool secondary_set(struct reading *r, const char *name, const char *value)
{
	if (strcmp(name, "zone") != 0)
		return primary_set(r, name, value);
	r->why = "not an absolute domain name";
	return dname_read_text(bytes_of(value), &r->config->apex) == OK;
}

/* ---- the zones beside the main one ---- */

struct config *config_of_nobody(const struct config *config)
{
	struct config *zone = calloc(1, sizeof(*zone));

	if (zone == NULL)
		memory_fail(sizeof(*zone));
	zone->key = config->key;
	zone->keys = config->keys;
	zone->any_shape = true;
	return zone;
}

/* Begins the section of a zone, behind those before. */
static bool begin_zone(struct reading *r, struct bytes name)
{
	struct config **last = &r->main_zone->next;
	struct dname apex;

	r->why = "not an absolute domain name, or a zone twice";
	if (dname_read_text(name, &apex) != OK)
		return false;
	for (; *last != NULL; last = &(*last)->next)
		if (dname_compare(&(*last)->apex, &apex) == 0)
			return false;
	*last = config_of_nobody(r->main_zone);
	(*last)->apex = apex;
	r->config = *last;
	return true;
}

static bool path_set(struct reading *r, const char *value, char to[CONFIG_PATH_MAX])
{
	int size = snprintf(to, CONFIG_PATH_MAX, "%s", value);

	r->why = "a path too long, or none";
	return size > 0 && size < CONFIG_PATH_MAX;
}

static bool zone_set(struct reading *r, const char *name, const char *value)
{
	if (strcmp(name, "file") == 0)
		return path_set(r, value, r->config->file);
	return transfer_set(r, name, value) || primary_set(r, name, value);
}

/* ---- TLS ---- */

static bool tls_set(struct reading *r, const char *name, const char *value)
{
	struct config *c = r->main_zone;

	if (strcmp(name, "certificate") == 0)
		return path_set(r, value, c->tls_certificate);
	if (strcmp(name, "key") == 0)
		return path_set(r, value, c->tls_key);
	if (strcmp(name, "trusted") == 0)
		return path_set(r, value, c->tls_trusted);
	if (strcmp(name, "listen") != 0)
		return false;
	r->why = "not an address, or too many of them";
	if (c->tls_listens == CONFIG_PEERS_MAX ||
	    listen_read_port(value, TLS_PORT, &c->tls_listen[c->tls_listens]) != OK)
		return false;
	c->tls_listens++;
	return true;
}

/* ---- the file ---- */

static bool set(struct reading *r, const char *section, const char *name, const char *value)
{
	bool begins = strcmp(section, r->section) != 0;
	size_t size = strlen(section) + 1;
	struct bytes key; /* or zone: the name behind the word */

	if (size <= sizeof(r->section))
		memcpy(r->section, section, size);
	r->why = "no such option";
	if (bytes_starts(bytes_of(section), BYTES("key "))) {
		key = bytes_from(bytes_of(section), 4);
		return (!begins || begin_key(r, key)) &&
		       ((r->why = "no such option"), key_set(r, name, value));
	}
	if (bytes_starts(bytes_of(section), BYTES("zone "))) {
		key = bytes_from(bytes_of(section), 5);
		return (!begins || begin_zone(r, key)) &&
		       ((r->why = "no such option"), zone_set(r, name, value));
	}
	r->config = r->main_zone;
	if (strcmp(section, "transfer") == 0)
		return transfer_set(r, name, value);
	if (strcmp(section, "secondary") == 0)
		return secondary_set(r, name, value);
	if (strcmp(section, "tls") == 0)
		return tls_set(r, name, value);
	r->why = "no such section";
	return false;
}

static int handle(void *user, const char *section, const char *name, const char *value)
{
	return set(user, section, name, value) ? 1 : 0;
}

static enum mishap refuse(const char *path, const char *why)
{
	fprintf(stderr, "comity-rootd: %s: %s\n", path, why);
	return MISHAP_MALFORMED;
}

void config_wipe(struct config *config)
{
	sodium_memzero(config->key, CONFIG_KEYS_MAX * sizeof(*config->key));
}

/* What is for all zones and is known now. */
static enum mishap finish_zones(const char *path, struct config *config)
{
	for (struct config *zone = config->next; zone != NULL; zone = zone->next) {
		if (zone->file[0] == '\0')
			return refuse(path, "a zone without a file");
		zone->keys = config->keys;
		memcpy(zone->tls_trusted, config->tls_trusted, sizeof(zone->tls_trusted));
	}
	return OK;
}

void config_begin(struct config *config)
{
	static struct tsig_key keys[CONFIG_KEYS_MAX];

	*config = (struct config){.key = keys, .apex = {.size = 1}};
}

enum mishap config_read(const char *path, struct config *config)
{
	struct reading r = {.config = config,
	                    .main_zone = config,
	                    .why = "not a line of the form name = value"};
	int line;

	config_begin(config);
	line = ini_parse(path, handle, &r);
	if (line < 0) {
		refuse(path, "cannot be read");
		return MISHAP_IO;
	}
	if (line > 0) {
		fprintf(stderr, "comity-rootd: %s:%d: %s\n", path, line, r.why);
		return MISHAP_MALFORMED;
	}
	for (size_t i = 0; i < config->keys; i++)
		if (config->key[i].secret_size == 0)
			return refuse(path, "a key without a secret");
	if (config->tls_listens != 0 &&
	    (config->tls_certificate[0] == '\0' || config->tls_key[0] == '\0'))
		return refuse(path, "TLS without a certificate and its key");
	return finish_zones(path, config);
}
