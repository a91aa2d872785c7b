/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/import_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/writer.h"
#include "host/import/map.h"
#include "prog/comity/print.h"

/* A waiver stands two years at most (comity-act(5)); a founding may be a day away. */
#define WAIVER_DAYS 729

enum {
	FROM = 1,
	APEX,
	ANCHOR,
	AT,
	MAP,
	PARTIES,
	COMMON,
	WAIVE_UNTIL,
	OUTPUT,
	VERBOSE,
	NO_SANDBOX,
};

static const struct option LONG[] = {
	{"from", required_argument, NULL, FROM},
	{"apex", required_argument, NULL, APEX},
	{"anchor", required_argument, NULL, ANCHOR},
	{"at", required_argument, NULL, AT},
	{"map", required_argument, NULL, MAP},
	{"parties", required_argument, NULL, PARTIES},
	{"common", required_argument, NULL, COMMON},
	{"waive-until", required_argument, NULL, WAIVE_UNTIL},
	{"output", required_argument, NULL, OUTPUT},
	{"verbose", no_argument, NULL, VERBOSE},
	{"no-sandbox", no_argument, NULL, NO_SANDBOX},
	{NULL, 0, NULL, 0},
};

static bool apex(const char *text, struct import_options *o)
{
	static char canonical[DNAME_TEXT_SIZE_MAX + 1];
	struct writer w = {.at = (uint8_t *)canonical, .size = sizeof(canonical) - 1};

	if (dname_read_text(bytes_of(text), &o->apex) != OK)
		return false;
	dname_write_text(&w, dname_bytes(&o->apex));
	canonical[w.used] = '\0';
	o->apex_text = canonical;
	return true;
}

static bool moment(const char *text, struct import_options *o)
{
	o->inception = strcmp(text, "inception") == 0;
	return o->inception || strcmp(text, "now") == 0 || time_read(bytes_of(text), &o->at);
}

/* Commas become blanks; each name is one of a party. */
static bool parties(const char *text, struct import_options *o)
{
	char *copy = strdup(text);
	struct bytes rest, name;

	if (copy == NULL)
		memory_fail(strlen(text));
	for (char *at = copy; *at != '\0'; at++)
		if (*at == ',')
			*at = ' ';
	o->parties = rest = bytes_of(copy);
	while (rest.size > 0)
		if (!text_word(&rest, &name) || !map_party_valid(name))
			return false;
	return o->parties.size > 0;
}

static bool take(int option, struct import_options *o)
{
	switch (option) {
	case FROM:
		o->from = optarg;
		return listen_read(optarg, &o->server) == OK;
	case APEX:
		return apex(optarg, o);
	case ANCHOR:
		o->anchor = optarg;
		return true;
	case AT:
		return moment(optarg, o);
	case MAP:
		o->map = optarg;
		return true;
	case PARTIES:
		return parties(optarg, o);
	case COMMON:
		o->common = bytes_of(optarg);
		return map_party_valid(o->common);
	case WAIVE_UNTIL:
		return time_read(bytes_of(optarg), &o->waive_until);
	case OUTPUT:
		o->output = optarg;
		return true;
	case 'v':
	case VERBOSE:
		o->verbose = true;
		return true;
	case NO_SANDBOX:
		o->sandbox = false;
		return true;
	default:
		return false;
	}
}

static bool is_among(struct bytes name, struct bytes names)
{
	struct bytes word;

	while (text_word(&names, &word))
		if (bytes_same(word, name))
			return true;
	return false;
}

static bool complete(const struct command *command, int argc, char *argv[], struct import_options *o)
{
	if (o->from == NULL && optind == argc) {
		misuse(command, "from where? FILE, or --from ADDRESS", "从何处导入？FILE，或 --from ADDRESS");
		return false;
	}
	if (!arguments_are(command, argc, argv, o->from == NULL ? 1 : 0))
		return false;
	o->file = o->from == NULL ? argv[optind] : NULL;
	if (o->parties.size > 0 && !is_among(o->common, o->parties)) {
		fail(command, EXIT_MISUSE, "{0}: the common holder is not among the parties",
		     "{0}：共同持有者不在各方之列", VALUES(o->common));
		return false;
	}
	return true;
}

static void defaults(struct import_options *o)
{
	int64_t now = time(NULL);

	*o = (struct import_options){
		.at = {now},
		.common = BYTES("commons"),
		.waive_until = {now - now % SECONDS_A_DAY +
	                        (int64_t)WAIVER_DAYS * SECONDS_A_DAY},
		.sandbox = true,
	};
	if (!apex(".", o))
		memory_fail(0);
}

bool import_options_read(struct command *command, int argc, char *argv[],
                         struct import_options *options)
{
	int option;

	defaults(options);
	while ((option = option_next(command, argc, argv, ":v", LONG)) != -1) {
		if (option == '?')
			return false;
		if (take(option, options))
			continue;
		misuse_of(command, "--{0}: not a value for it: {1}", "--{0}：不是该选项的值：{1}",
		          VALUES(bytes_of(LONG[option - FROM].name), bytes_of(optarg)));
		return false;
	}
	return complete(command, argc, argv, options);
}
