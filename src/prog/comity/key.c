/* SPDX-License-Identifier: Apache-2.0 */
/* comity key: a party's home and its keys; opening a ceremony for a key that nobody holds. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/text.h"
#include "host/file.h"
#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/key_lines.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

#define PUBLIC_EN "these lines are public; who founds or admits the party needs them"
#define PUBLIC_ZH "以上各行可公开；创立或接纳该方时需要它们"

struct request {
	const char *name, *kind, *origin, *agent;
	bool sequencer, operator;
	bool duty; /* a duty key, too */
	/* Where several hold a party's act keys: the number of this one, and how many sign; 0: all keys are here. */
	uint64_t officer, threshold;
};

static int request_read(struct command *command, int argc, char *argv[], struct request *r)
{
	static const struct option OPTIONS[] = {
		{"kind", required_argument, NULL, 'k'},    {"origin", required_argument, NULL, 'o'},
		{"agent", required_argument, NULL, 'a'},   {"sequencer", no_argument, NULL, 's'},
		{"duty", no_argument, NULL, 'd'},
		{"officer", required_argument, NULL, 'f'}, {"threshold", required_argument, NULL, 't'},
		{"operator", no_argument, NULL, 'p'},
		{NULL, 0, NULL, 0}};
	uint8_t public_key[32];
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1)
		switch (option) {
		case 'k':
			r->kind = optarg;
			break;
		case 'o':
			r->origin = optarg;
			break;
		case 'a':
			if (strlen(optarg) != 64 || !hex_read(bytes_of(optarg), public_key, 32))
				return misuse(command, "--agent: the public key, 64 hex digits",
				              "--agent：公钥，64 位十六进制数字");
			r->agent = optarg;
			break;
		case 's':
			r->sequencer = true;
			break;
		case 'd':
			r->duty = true;
			break;
		case 'p':
			r->operator = true;
			break;
		case 'f':
			if (!text_number(bytes_of(optarg), 999999, &r->officer) || r->officer == 0)
				return misuse(command, "--officer: the number of the key", "--officer：密钥编号");
			break;
		case 't':
			if (!text_number(bytes_of(optarg), PARTY_KEYS_MAX, &r->threshold) || r->threshold == 0)
				return misuse(command, "--threshold: how many officers sign, 1 to 16",
				              "--threshold：须有几位官员签署，1 至 16");
			break;
		default:
			return EXIT_MISUSE;
		}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (r->threshold > 0 && r->officer == 0)
		return misuse(command, "--threshold goes with --officer", "--threshold 与 --officer 同用");
	r->name = argv[optind];
	if (r->operator && (r->kind != NULL || r->sequencer || r->duty || r->officer > 0))
		return misuse(command, "--operator: an operator is no party; it has a name, an origin and one key",
		              "--operator：运营方并非缔约方；只有名称、来源与一把密钥");
	if (r->operator)
		r->kind = "operator";
	if (r->kind == NULL || r->origin == NULL)
		return misuse(command, "a kind and an origin: --kind KIND --origin ORIGIN",
		              "须给出类别与来源：--kind KIND --origin ORIGIN");
	if (!party_name_valid(bytes_of(r->name)) || !party_name_valid(bytes_of(r->kind)))
		return misuse(command, "names are 2 to 63 of a-z 0-9 -, not beginning or ending with -",
		              "名称由 2 至 63 个 a-z 0-9 - 组成，不以 - 开头或结尾");
	if (!origin_valid(bytes_of(r->origin)))
		return misuse(command, "an origin is 3 to 100 of a-z 0-9 . / -",
		              "来源由 3 至 100 个 a-z 0-9 . / - 组成");
	return EXIT_DONE;
}

static bool config_write(struct command *command, const struct request *r)
{
	char path[1024], text[500];
	int size = snprintf(text, sizeof(text), "[party]\nname = %s\nkind = %s\norigin = %s\n",
	                    r->name, r->kind, r->origin);

	if (r->operator)
		size = snprintf(text, sizeof(text), "[party]\nname = %s\norigin = %s\noperator = yes\n", r->name, r->origin);
	if (r->officer > 0)
		size += snprintf(text + size, sizeof(text) - (size_t)size,
		                 "number = %" PRIu64 "\nthreshold = %" PRIu64 "\n", r->officer,
		                 r->threshold > 0 ? r->threshold : 1);
	snprintf(path, sizeof(path), "%s/comity.conf", command->home_folder);
	return file_write(path, 0640, (struct bytes){(uint8_t *)text, (size_t)size}, true) == OK;
}

static bool key_at(struct command *command, const struct request *r, const char *file,
                   const char *name, bool act)
{
	uint8_t public_key[32];
	char path[1024];
	struct key key;
	bool made;

	snprintf(path, sizeof(path), "%s/keys/%s.key", command->home_folder, file);
	if (!act || r->agent == NULL)
		made = key_make(&key, path, name) == OK;
	else
		made = hex_read(bytes_of(r->agent), public_key, 32) &&
		       key_adopt(&key, path, name, public_key) == OK;
	key_wipe(&key);
	return made;
}

/* Keys are numbered in the order act, cosign, custody, duty; the log key is named as the origin. */
static bool keys_make(struct command *command, const struct request *r)
{
	unsigned roles = r->officer != 0 || r->operator ? 1 : r->duty ? HOME_ROLES : HOME_ROLES_OF_ALL;

	for (unsigned i = 0; i < roles; i++) {
		unsigned long long number = r->officer != 0 ? r->officer : i + 1;
		char name[200];

		snprintf(name, sizeof(name), "%s/%c/%s/%llu", r->origin, r->operator ? 'o' : 'p', r->name, number);
		if (!key_at(command, r, HOME_ROLE_WORDS[i], name, i == 0))
			return false;
	}
	return !r->sequencer || key_at(command, r, "log", r->origin, false);
}

static void json_keys(struct command *command, struct bytes lines, struct bytes log)
{
	struct text text = {.rest = lines};
	struct bytes line, value, role;
	bool operator = command->home.operator;

	json_object(command, NULL);
	json_text_or_null(command, "party", bytes_of(operator ? "" : command->home.party));
	json_text_or_null(command, "operator", bytes_of(operator ? command->home.party : ""));
	json_text_or_null(command, "kind", bytes_of(operator ? "" : command->home.kind));
	json_text(command, "origin", bytes_of(command->home.origin));
	json_array(command, "keys");
	while (text_line(&text, &line)) {
		if (!text_field(line, "key", &value) || !text_word(&value, &role))
			continue;
		json_object(command, NULL);
		json_text(command, "role", role);
		json_text(command, "key", value);
		json_close_object(command);
	}
	json_close_array(command);
	json_text_or_null(command, "log", log);
	json_close_object(command);
}

static int show(struct command *command)
{
	struct bytes lines, log = BYTES("");

	if (!command_home(command))
		return EXIT_MISHAP;
	if (command->home.operator ? !home_key_lines(command, &lines)
	                           : !founder_lines(command, command->home_folder, &lines, &log))
		return EXIT_MISHAP;
	if (command->json) {
		json_keys(command, lines, log);
		return EXIT_DONE;
	}
	print_text(command, lines);
	if (log.size > 0) {
		fputs("log: ", stdout);
		print_text(command, log);
		putchar('\n');
	}
	return EXIT_DONE;
}

static void next_of_operator(const struct command *command)
{
	next_step(command,
	          "this line is public; parties that let the operator sign in their name need it: comity tld empower {0} --may 'CHANGE...' --key FILE",
	          "以上一行可公开；委任该运营方代其签署的缔约方需要它：comity tld empower {0} --may '更改...' --key 文件",
	          VALUES(bytes_of(command->home.party)));
}

int key_show(struct command *command, int argc, char *argv[])
{
	int code = no_options(command, argc, argv, 0) ? show(command) : EXIT_MISUSE;

	if (code != EXIT_DONE)
		return code;
	if (command->home.operator)
		next_of_operator(command);
	else
		next_step(command, PUBLIC_EN, PUBLIC_ZH, NULL);
	return code;
}

static int home_is_there(const struct command *command, const struct request *r)
{
	const struct home *home = &command->home;

	fail(command, EXIT_NO, "{0}: there is a home already, of {1}, {2}, {3}", "{0}：主目录已存在，属于 {1}（{2}，{3}）",
	     VALUES(bytes_of(command->home_folder), bytes_of(home->party), bytes_of(home->operator ? "operator" : home->kind),
	            bytes_of(home->origin)));
	if (r->duty && !home->operator)
		next_step(command, "a duty key for it: comity key next duty; then: comity party rotate",
		          "为其增设 duty 密钥：comity key next duty；然后：comity party rotate", NULL);
	else
		next_step(command, "its keys: comity key show; another home: comity --home DIR key new {0}",
		          "其密钥：comity key show；另建主目录：comity --home DIR key new {0}", VALUES(bytes_of(r->name)));
	return EXIT_NO;
}

/* The home that is there gets a log key, when it is the one that was meant and has none. */
static int sequencer_add(struct command *command, const struct request *r)
{
	const struct home *home = &command->home;

	if (!command_home(command))
		return EXIT_MISHAP;
	if (home->operator || !r->sequencer || home->has_log || strcmp(home->party, r->name) != 0 ||
	    strcmp(home->kind, r->kind) != 0 || strcmp(home->origin, r->origin) != 0 ||
	    home->number != r->officer)
		return home_is_there(command, r);
	if (!key_at(command, r, "log", r->origin, false))
		return EXIT_MISHAP;
	command->home.has_log = true;
	return EXIT_DONE;
}

static int home_make(struct command *command, const struct request *r)
{
	char keys[1024];

	snprintf(keys, sizeof(keys), "%s/keys", command->home_folder);
	if (file_make_folder(command->home_folder, 0750) != OK || file_make_folder(keys, 0700) != OK ||
	    !config_write(command, r) || !keys_make(command, r))
		return EXIT_MISHAP;
	return EXIT_DONE;
}

int key_new(struct command *command, int argc, char *argv[])
{
	struct request r = {.name = NULL};
	char conf[1024];
	int code = request_read(command, argc, argv, &r);

	if (code != EXIT_DONE)
		return code;
	if (command->home_folder == NULL)
		return misuse(command, "where? --home DIR", "建在哪里？请用 --home DIR");
	snprintf(conf, sizeof(conf), "%s/comity.conf", command->home_folder);
	code = access(conf, F_OK) == 0 ? sequencer_add(command, &r) : home_make(command, &r);
	if (code == EXIT_DONE)
		code = show(command);
	if (code != EXIT_DONE)
		return code;
	if (r.operator)
		next_of_operator(command);
	else if (r.sequencer || r.officer > 0)
		next_step(command, PUBLIC_EN, PUBLIC_ZH, NULL);
	else
		next_step(command,
		          PUBLIC_EN "; a party that will put the acts of all in order says the same again with --sequencer",
		          PUBLIC_ZH "；若由本方为各方文书定序，请加 --sequencer 再执行一次", NULL);
	return EXIT_DONE;
}

/* The first number that no key of the party has had, by the record and by the home. */
static bool next_number(struct command *command, uint32_t *number)
{
	struct key_list list = {.count = 0};
	struct bytes lines;
	struct view view;

	if (!view_take(command, &view) || !home_key_lines(command, &lines) ||
	    !key_list_add(command, &list, lines))
		return false;
	if (view.is_party && !key_list_add(command, &list, view.as.keys))
		return false;
	*number = 1;
	for (unsigned i = 0; i < list.count; i++)
		if (list.item[i].number >= *number)
			*number = list.item[i].number + 1;
	for (unsigned i = 0; i < HOME_ROLES; i++)
		if (next_key_line(command, HOME_ROLE_WORDS[i], &lines))
			*number += 1;
	return true;
}

static int next_is_no_operators(const struct command *command)
{
	fail(command, EXIT_NO, "no rotation gives an operator another key: each party names the key that signs for it",
	     "运营方的密钥不经轮换：由各缔约方指明代其签署的密钥", NULL);
	next_step(command,
	          "comity --home DIR key new {0} --operator --origin {1}; then each party: comity tld empower {0} --may 'CHANGE...' --key FILE",
	          "comity --home DIR key new {0} --operator --origin {1}；此后各缔约方：comity tld empower {0} --may '更改...' --key 文件",
	          VALUES(bytes_of(command->home.party), bytes_of(command->home.origin)));
	return EXIT_NO;
}

int key_next(struct command *command, int argc, char *argv[])
{
	struct request r = {.name = NULL};
	char name[300], file[32];
	struct bytes line;
	uint32_t number;
	unsigned role = 0;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	while (role < HOME_ROLES && strcmp(argv[optind], HOME_ROLE_WORDS[role]) != 0)
		role++;
	if (role == HOME_ROLES)
		return misuse(command, "a role: act, cosign, custody or duty", "角色：act、cosign、custody 或 duty");
	if (!command_home(command))
		return EXIT_MISHAP;
	if (command->home.operator)
		return next_is_no_operators(command);
	if (next_key_line(command, HOME_ROLE_WORDS[role], &line))
		return fail(command, EXIT_NO, "there is a next key already: {0}", "下一把密钥已存在：{0}",
		            VALUES(line));
	if (!next_number(command, &number))
		return EXIT_MISHAP;
	snprintf(name, sizeof(name), "%s/p/%s/%u", command->home.origin, command->home.party, number);
	snprintf(file, sizeof(file), "%s.next", HOME_ROLE_WORDS[role]);
	if (!key_at(command, &r, file, name, false) ||
	    !next_key_line(command, HOME_ROLE_WORDS[role], &line))
		return EXIT_MISHAP;
	if (command->json)
		json_keys(command, line, BYTES(""));
	else
		print_text(command, line);
	next_step(command, "to put it in use: comity party rotate", "启用：comity party rotate", NULL);
	return EXIT_DONE;
}

int key_open(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!draft_begin(command, &draft, ACT_OPEN))
		return EXIT_MISHAP;
	draft_set(&draft, "group", bytes_of(argv[optind]));
	return draft_finish(command, &draft);
}
