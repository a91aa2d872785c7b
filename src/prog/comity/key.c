/* SPDX-License-Identifier: Apache-2.0 */
/* comity key: a party's home and its keys. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "act/genesis.h"
#include "base/hex.h"
#include "base/text.h"
#include "host/file.h"
#include "prog/comity/home_lines.h"
#include "prog/comity/nouns.h"

struct request {
	const char *name, *kind, *origin, *agent;
	uint64_t number, threshold; /* of the act keys, when several persons hold them; 0 */
	bool sequencer;
};

static int request_read(struct command *command, int argc, char *argv[], struct request *r)
{
	static const struct option OPTIONS[] = {
		{"kind", required_argument, NULL, 'k'},  {"origin", required_argument, NULL, 'o'},
		{"agent", required_argument, NULL, 'a'}, {"sequencer", no_argument, NULL, 's'},
		{"number", required_argument, NULL, 'n'}, {"threshold", required_argument, NULL, 't'},
		{NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1)
		switch (option) {
		case 'k':
			r->kind = optarg;
			break;
		case 'o':
			r->origin = optarg;
			break;
		case 'a':
			r->agent = optarg;
			break;
		case 's':
			r->sequencer = true;
			break;
		case 'n':
		case 't':
			if (!text_number(bytes_of(optarg), PARTY_KEYS_MAX,
			                 option == 'n' ? &r->number : &r->threshold))
				return misuse(command, "key", "new", "--number and --threshold are 1 to 16");
			break;
		default:
			return misuse(command, "key", "new", "no such option");
		}
	if (optind + 1 != argc || r->kind == NULL || r->origin == NULL)
		return misuse(command, "key", "new", "a name, a kind and an origin");
	r->name = argv[optind];
	if (!party_name_valid(bytes_of(r->name)) || !party_name_valid(bytes_of(r->kind)))
		return misuse(command, "key", "new", "names are 2 to 63 of a-z 0-9 -, not beginning or ending with -");
	if ((r->number == 0) != (r->threshold == 0) || (r->number > 0 && r->sequencer))
		return misuse(command, "key", "new",
		              "a key that is one of several has --number and --threshold, and does not sequence");
	if (!origin_valid(bytes_of(r->origin)))
		return misuse(command, "key", "new", "an origin is 3 to 100 of a-z 0-9 . / -");
	return EXIT_DONE;
}

static bool config_write(struct command *command, const struct request *r)
{
	char path[1024], text[500];
	int size = snprintf(text, sizeof(text), "[party]\nname = %s\nkind = %s\norigin = %s\n",
	                    r->name, r->kind, r->origin);

	if (r->number > 0)
		size += snprintf(text + size, sizeof(text) - (size_t)size,
		                 "number = %" PRIu64 "\nthreshold = %" PRIu64 "\n", r->number,
		                 r->threshold);

	snprintf(path, sizeof(path), "%s/comity.conf", command->home_folder);
	if (access(path, F_OK) == 0) {
		fail(command, EXIT_NO, "%s: %s", path, say(command, "there is a home already", "主目录已存在"));
		return false;
	}
	return file_write(path, 0640, (struct bytes){(uint8_t *)text, (size_t)size}, true) == OK;
}

/*
 * Keys are numbered in the order act, cosign, custody; the log key is named as the origin. One of several
 * act keys has the number that was asked for, and stands alone.
 */
static bool keys_make(struct command *command, const struct request *r)
{
	static const char *const KEY_ROLES[] = {"act", "cosign", "custody"};
	uint8_t public_key[32];
	char path[1024], name[200];
	struct key key;
	bool made = true;

	for (unsigned i = 0; i < (r->number > 0 ? 1 : 3) && made; i++) {
		snprintf(path, sizeof(path), "%s/keys/%s.key", command->home_folder, KEY_ROLES[i]);
		snprintf(name, sizeof(name), "%s/p/%s/%u", r->origin, r->name,
		         r->number > 0 ? (unsigned)r->number : i + 1);
		if (i == 0 && r->agent != NULL)
			made = hex_read(bytes_of(r->agent), public_key, 32) &&
			       key_adopt(&key, path, name, public_key) == OK;
		else
			made = key_make(&key, path, name) == OK;
		key_wipe(&key);
	}
	if (made && r->sequencer) {
		snprintf(path, sizeof(path), "%s/keys/log.key", command->home_folder);
		made = key_make(&key, path, r->origin) == OK;
		key_wipe(&key);
	}
	return made;
}

int key_new(struct command *command, int argc, char *argv[])
{
	struct request r = {.name = NULL};
	char keys[1024];
	int code = request_read(command, argc, argv, &r);

	if (code != EXIT_DONE)
		return code;
	if (command->home_folder == NULL)
		return misuse(command, "key", "new", "where? --home DIR before the command");
	snprintf(keys, sizeof(keys), "%s/keys", command->home_folder);
	if (file_make_folder(command->home_folder, 0750) != OK || file_make_folder(keys, 0700) != OK)
		return EXIT_MISHAP;
	if (!config_write(command, &r) || !keys_make(command, &r))
		return EXIT_NO;
	if (!command->json)
		printf("%s %s: %s\n", say(command, "home of", "主目录"), r.name, command->home_folder);
	return EXIT_DONE;
}

int key_show(struct command *command, int argc, char *argv[])
{
	struct bytes lines;

	if (argc != 1)
		return misuse(command, argv[0], "show", "no arguments");
	if (!command_home(command) || !home_founder_lines(command, command->home_folder, &lines))
		return EXIT_MISHAP;
	print_text(lines);
	return EXIT_DONE;
}
