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

static const char USAGE[] =
	"usage: comity import [OPTION]... FILE\n"
	"       comity import [OPTION]... --from ADDRESS[@PORT]\n"
	"  --apex NAME          of the zone; the root when not said\n"
	"  --anchor FILE        DS or DNSKEY records, or IANA's XML: verify DNSSEC and ZONEMD\n"
	"  --at TIME            verify for that moment, for \"inception\" or for \"now\"\n"
	"  --map FILE           which party holds which TLD\n"
	"  --parties NAME,...   the founders\n"
	"  --common NAME        holds every other TLD; \"commons\" when not said\n"
	"  --waive-until TIME   when waivers end; in two years when not said\n"
	"  --output FILE        the manifest; standard output when not said\n"
	"  --json --verbose --lang en|zh\n";

static const char USAGE_ZH[] =
	"用法：comity import [选项]... 文件\n"
	"      comity import [选项]... --from 地址[@端口]\n"
	"  --apex 名称          区的顶点；缺省为根\n"
	"  --anchor 文件        DS 或 DNSKEY 记录，或 IANA 的 XML：验证 DNSSEC 和 ZONEMD\n"
	"  --at 时间            按该时刻验证，或按 "
        "\"inception\"（签名起始时刻）、\"now\"（现在）\n"
	"  --map 文件           哪一方持有哪个顶级域\n"
	"  --parties 名称,...   创始各方\n"
	"  --common 名称        持有其余所有顶级域；缺省为 \"commons\"\n"
	"  --waive-until 时间   豁免的期限；缺省为两年\n"
	"  --output 文件        清单；缺省为标准输出\n"
	"  --json --verbose --lang en|zh\n";

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
	LANGUAGE,
	JSON,
	VERBOSE,
	NO_SANDBOX,
	HELP,
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
	{"lang", required_argument, NULL, LANGUAGE},
	{"json", no_argument, NULL, JSON},
	{"verbose", no_argument, NULL, VERBOSE},
	{"no-sandbox", no_argument, NULL, NO_SANDBOX},
	{"help", no_argument, NULL, HELP},
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

static bool language(const char *text, struct command *command)
{
	command->chinese = strcmp(text, "zh") == 0;
	return command->chinese || strcmp(text, "en") == 0;
}

static bool take(struct command *command, int option, struct import_options *o)
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
	case LANGUAGE:
		return language(optarg, command);
	case JSON:
		command->json = true;
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
	int left = argc - optind;

	if (left == 1 && o->from == NULL)
		o->file = argv[optind];
	else if (left != 0 || o->from == NULL)
		return false;
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
	while ((option = getopt_long(argc, argv, "v", LONG, NULL)) != -1)
		if (!take(command, option, options)) {
			if (option != '?' && option != HELP)
				fail(command, EXIT_MISUSE, "{0}: not a value for this option",
				     "{0}：不是该选项的值", VALUES(bytes_of(optarg)));
			fputs(say(command, USAGE, USAGE_ZH), stderr);
			return false;
		}
	if (complete(command, argc, argv, options))
		return true;
	fputs(say(command, USAGE, USAGE_ZH), stderr);
	return false;
}
