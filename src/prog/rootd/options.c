/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/text.h"
#include "prog/rootd/transfers.h"

const char OPTIONS_USAGE[] =
	"usage: comity-rootd --image FILE [--listen ADDRESS[@PORT]]... [--workers N] [--user "
	"NAME]\n"
	"             [--from-text FILE] [--zone FILE]... [--config FILE] [--status FILE] "
	"[--nsid TEXT]\n"
	"             [--tell-id TEXT] [--tell-hostname TEXT] [--tell-version TEXT]\n"
	"             [--udp-size OCTETS] [--tcp-connections N] [--tcp-per-source N]\n"
	"             [--tcp-idle SECONDS] [--cookie-secrets FILE]\n"
	"             [--rate-limit N] [--rate-slip N] [--statistics FOLDER]\n"
	"             [--service NAME] [--metrics PATH|ADDRESS@PORT]\n"
	"             [--dnstap PATH] [--dnstap-every N] [--xdp INTERFACE] [--pin]\n"
	"             [--allow-older] [--no-zonemd] [--no-sandbox]\n"
	"       comity-rootd [--any-shape] [--origin NAME] [--no-zonemd] --compile ZONE IMAGE\n"
	"       comity-rootd --check IMAGE\n";

enum {
	IMAGE = 1,
	ZONE,
	ANY_SHAPE,
	LISTEN,
	WORKERS,
	USER,
	STATUS,
	NSID,
	TELL_ID,
	TELL_HOSTNAME,
	TELL_VERSION,
	UDP_SIZE,
	TCP_CONNECTIONS,
	TCP_PER_SOURCE,
	TCP_IDLE,
	COOKIE_SECRETS,
	RATE_LIMIT,
	METRICS,
	DNSTAP,
	DNSTAP_EVERY,
	STATISTICS,
	SERVICE,
	RATE_SLIP,
	CONFIG,
	XDP,
	PIN,
	ALLOW_OLDER,
	NO_SANDBOX,
	COMPILE_IT,
	CHECK_IT,
	ORIGIN,
	FROM_TEXT,
	NO_ZONEMD,
};

static const struct option LONG[] = {
	{"image", required_argument, NULL, IMAGE},
	{"listen", required_argument, NULL, LISTEN},
	{"workers", required_argument, NULL, WORKERS},
	{"user", required_argument, NULL, USER},
	{"status", required_argument, NULL, STATUS},
	{"nsid", required_argument, NULL, NSID},
	{"tell-id", required_argument, NULL, TELL_ID},
	{"tell-hostname", required_argument, NULL, TELL_HOSTNAME},
	{"tell-version", required_argument, NULL, TELL_VERSION},
	{"udp-size", required_argument, NULL, UDP_SIZE},
	{"tcp-connections", required_argument, NULL, TCP_CONNECTIONS},
	{"tcp-per-source", required_argument, NULL, TCP_PER_SOURCE},
	{"tcp-idle", required_argument, NULL, TCP_IDLE},
	{"config", required_argument, NULL, CONFIG},
	{"cookie-secrets", required_argument, NULL, COOKIE_SECRETS},
	{"metrics", required_argument, NULL, METRICS},
	{"dnstap", required_argument, NULL, DNSTAP},
	{"dnstap-every", required_argument, NULL, DNSTAP_EVERY},
	{"statistics", required_argument, NULL, STATISTICS},
	{"service", required_argument, NULL, SERVICE},
	{"rate-limit", required_argument, NULL, RATE_LIMIT},
	{"rate-slip", required_argument, NULL, RATE_SLIP},
	{"xdp", required_argument, NULL, XDP},
	{"pin", no_argument, NULL, PIN},
	{"allow-older", no_argument, NULL, ALLOW_OLDER},
	{"no-sandbox", no_argument, NULL, NO_SANDBOX},
	{"zone", required_argument, NULL, ZONE},
	{"any-shape", no_argument, NULL, ANY_SHAPE},
	{"compile", no_argument, NULL, COMPILE_IT},
	{"check", no_argument, NULL, CHECK_IT},
	{"origin", required_argument, NULL, ORIGIN},
	{"from-text", required_argument, NULL, FROM_TEXT},
	{"no-zonemd", no_argument, NULL, NO_ZONEMD},
	{NULL, 0, NULL, 0},
};

static bool number(const char *text, unsigned least, unsigned most, unsigned *to)
{
	uint64_t value;

	if (!text_number(bytes_of(text), most, &value) || value < least)
		return false;
	*to = (unsigned)value;
	return true;
}

static bool identity(const char *text, struct bytes *to)
{
	*to = bytes_of(text);
	return to->size >= 1 && to->size <= ANSWER_IDENTITY_MAX;
}

/* Any octets: "0x" and lower-case hex, or the text itself. */
static bool nsid(const char *text, struct options *options)
{
	struct bytes hex = bytes_from(bytes_of(text), 2);

	if (!bytes_starts(bytes_of(text), BYTES("0x")))
		return identity(text, &options->identity.nsid);
	if (hex.size / 2 > sizeof(options->nsid) || hex.size == 0 ||
	    !hex_read(hex, options->nsid, hex.size / 2))
		return false;
	options->identity.nsid = (struct bytes){options->nsid, hex.size / 2};
	return true;
}

/* A name that may stand in YAML and in the name of a file: letters, digits, '.' and '-'. */
static bool is_service(const char *text)
{
	size_t size = strspn(
		text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

	return size != 0 && size <= 255 && text[size] == '\0' && text[0] != '.';
}

static bool listen_on(const char *text, struct options *options)
{
	if (options->listen_count == LISTEN_MAX ||
	    listen_read(text, &options->listen[options->listen_count]) != OK)
		return false;
	options->listen_count++;
	return true;
}

static bool another_zone(const char *file, struct options *options)
{
	if (options->zone_count == sizeof(options->zones) / sizeof(options->zones[0]))
		return false;
	options->zones[options->zone_count++] = file;
	return true;
}

static bool take(int option, struct options *o)
{
	switch (option) {
	case IMAGE:
		o->image = optarg;
		return true;
	case ZONE:
		return another_zone(optarg, o);
	case ANY_SHAPE:
		o->any_shape = true;
		return true;
	case NO_ZONEMD:
		o->zonemd = false;
		return true;
	case LISTEN:
		return listen_on(optarg, o);
	case WORKERS:
		return number(optarg, 1, SERVED_WORKERS_MAX, &o->workers);
	case USER:
		o->user = optarg;
		return true;
	case STATUS:
		o->status = optarg;
		return true;
	case NSID:
		return nsid(optarg, o);
	case TELL_ID:
		return identity(optarg, &o->identity.id);
	case TELL_HOSTNAME:
		return identity(optarg, &o->identity.hostname);
	case TELL_VERSION:
		return identity(optarg, &o->identity.version);
	case UDP_SIZE:
		return number(optarg, 512, 4000, &o->udp_size);
	case TCP_CONNECTIONS:
		return number(optarg, 1, 100000, &o->tcp_connections);
	case TCP_PER_SOURCE:
		return number(optarg, 1, 100000, &o->tcp_per_source);
	case TCP_IDLE:
		return number(optarg, 1, 3600, &o->tcp_idle);
	case CONFIG:
		o->config = optarg;
		return true;
	case COOKIE_SECRETS:
		o->cookie_secrets = optarg;
		return true;
	case METRICS:
		o->metrics = optarg;
		return true;
	case DNSTAP:
		o->dnstap = optarg;
		return true;
	case DNSTAP_EVERY:
		return number(optarg, 1, 1000000, &o->dnstap_every);
	case STATISTICS:
		o->statistics = optarg;
		return true;
	case SERVICE:
		o->service = optarg;
		return is_service(optarg);
	case RATE_LIMIT:
		return number(optarg, 0, 1000000, &o->rate_limit);
	case RATE_SLIP:
		return number(optarg, 0, 100, &o->rate_slip);
	case XDP:
		o->xdp = optarg;
		return true;
	case PIN:
		o->pin = true;
		return true;
	case ALLOW_OLDER:
		o->allow_older = true;
		return true;
	case NO_SANDBOX:
		o->sandbox = false;
		return true;
	case COMPILE_IT:
		o->what = COMPILE;
		return true;
	case CHECK_IT:
		o->what = CHECK;
		return true;
	case FROM_TEXT:
		o->text = optarg;
		return true;
	case ORIGIN:
		return dname_read_relative(bytes_of(optarg), BYTES("\0"), &o->origin) == OK;
	default:
		return false;
	}
}

/* What is left of the arguments, and what was not said. */
static bool complete(int argc, char *argv[], struct options *o)
{
	int left = argc - optind;

	if (o->what == COMPILE && left == 2) {
		o->zone = argv[optind];
		o->image = argv[optind + 1];
		return true;
	}
	if (o->what == CHECK && left == 1) {
		o->image = argv[optind];
		return true;
	}
	if (o->what != SERVE || left != 0 || o->image == NULL)
		return false;
	o->transfer = transfers_path(o->image);
	if (o->listen_count == 0 && getenv("LISTEN_FDS") == NULL &&
	    (!listen_on("0.0.0.0", o) || !listen_on("::", o)))
		return false;
	return o->workers * (o->listen_count + 2) <= SERVED_WORKERS_MAX;
}

bool options_read(int argc, char *argv[], struct options *options)
{
	int option;

	*options = (struct options){.workers = 1,
	                            .tcp_connections = 1000,
	                            .tcp_per_source = 100,
	                            .tcp_idle = 10,
	                            .udp_size = ANSWER_UDP_SIZE,
	                            .rate_slip = 2,
	                            .dnstap_every = 1,
	                            .service = "root-server",
	                            .sandbox = true,
	                            .origin = {.size = 1}, /* the root */
	                            .zonemd = true};
	while ((option = getopt_long(argc, argv, "", LONG, NULL)) != -1)
		if (!take(option, options)) {
			if (option != '?')
				fprintf(stderr, "comity-rootd: not a value for this option: %s\n",
				        optarg);
			fputs(OPTIONS_USAGE, stderr);
			return false;
		}
	if (complete(argc, argv, options))
		return true;
	fputs(OPTIONS_USAGE, stderr);
	return false;
}
