/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/rssac002.h"

#include <stdio.h>
#include <string.h>

#include "serving/day.h"
#include "serving/metrics.h"
#include "tap.h"

static struct rssac002_day day;
static char text[METRICS_TEXT_MAX + 1];

static void fill(void)
{
	struct tally_channel *udp = day.counts.channel[TRANSPORT_UDP];
	struct tally_channel *tcp = day.counts.channel[TRANSPORT_TCP];

	day.service = BYTES("b.root.example");
	day.start = (struct ledger_time){1764028800};
	udp[0].request[1] = 10;
	udp[1].request[1] = 5;
	udp[1].request[18] = 2;
	udp[0].response[30] = 9;
	udp[1].response[256] = 6;
	tcp[1].request[2] = 3;
	tcp[1].response[4] = 3;
	day.counts.rcode[0] = 11;
	day.counts.rcode[3] = 7;
	day.counts.rcode[23] = 1;
	day.senders[TALLY_V4] = 4;
	day.senders[TALLY_V6] = 3;
	day.senders[TALLY_V6_64] = 2;
	day.load[0] = (struct rssac002_load){{2025112500}, 2, 1333000, 0};
	day.load[1] = (struct rssac002_load){{7}, 5, 300, 2};
	day.load[2] = (struct rssac002_load){{2025112501}, 0, 0, 0};
	day.load_count = 3;
	day.counts.zone_rcode[2][3] = 4;
	day.counts.zone_transfer[0][TALLY_WHOLE] = 5;
	day.counts.zone_transfer[2][TALLY_CHANGES] = 6;
}

#define HEAD(metric)                                                                           \
	"---\nversion: rssac002v5\nservice: b.root.example\n"                                  \
	"start-period: 2025-11-25T00:00:00Z\nmetric: " metric "\n"

static bool gives(enum rssac002_metric metric, const char *want)
{
	struct writer to = {.at = (uint8_t *)text, .size = sizeof(text) - 1};

	rssac002_write(&to, metric, &day);
	text[to.used] = '\0';
	if (!to.full && strcmp(text, want) == 0)
		return true;
	printf("# got\n%s", text);
	return false;
}

static void yaml(void)
{
	ok(gives(RSSAC002_TRAFFIC_VOLUME,
	         HEAD("traffic-volume") "dns-udp-queries-received-ipv4: 10\n"
	                                "dns-udp-queries-received-ipv6: 7\n"
	                                "dns-tcp-queries-received-ipv4: 0\n"
	                                "dns-tcp-queries-received-ipv6: 3\n"
	                                "dns-udp-responses-sent-ipv4: 9\n"
	                                "dns-udp-responses-sent-ipv6: 6\n"
	                                "dns-tcp-responses-sent-ipv4: 0\n"
	                                "dns-tcp-responses-sent-ipv6: 3\n"),
	   "traffic-volume");
	ok(gives(RSSAC002_TRAFFIC_SIZES,
	         HEAD("traffic-sizes") "udp-request-sizes:\n  16-31: 15\n  288-: 2\n"
	                               "udp-response-sizes:\n  480-495: 9\n  4096-: 6\n"
	                               "tcp-request-sizes:\n  32-47: 3\n"
	                               "tcp-response-sizes:\n  64-79: 3\n"),
	   "traffic-sizes, the last steps open");
	ok(gives(RSSAC002_RCODE_VOLUME, HEAD("rcode-volume") "0: 11\n3: 7\n23: 1\n"),
	   "rcode-volume");
	ok(gives(RSSAC002_UNIQUE_SOURCES,
	         HEAD("unique-sources") "num-sources-ipv4: 4\nnum-sources-ipv6: 3\n"
	                                "num-sources-ipv6-aggregate: 2\n"),
	   "unique-sources");
	ok(gives(RSSAC002_LOAD_TIME,
	         HEAD("load-time") "time:\n  2025112500: 2\n  2025112501: 0\n"),
	   "load-time");
	ok(gives(RSSAC002_ZONE_SIZE, HEAD("zone-size") "size:\n  2025112500: 1333000\n"),
	   "zone-size, where it is known");
	day.load_count = 0;
	ok(gives(RSSAC002_LOAD_TIME, HEAD("load-time") "time: {}\n"),
	   "of a day without a load");
	ok(gives(RSSAC002_ZONE_SIZE, HEAD("zone-size") "size: {}\n"), "nor a size");
}

static bool gives_zone(enum rssac002_metric metric, uint32_t zone, const char *want)
{
	struct writer to = {.at = (uint8_t *)text, .size = sizeof(text) - 1};

	rssac002_write_zone(&to, metric, &day, zone, BYTES("b.root.example arpa."));
	text[to.used] = '\0';
	if (!to.full && strstr(text, "service: b.root.example arpa.\n") != NULL &&
	    strcmp(strstr(text, "metric: "), want) == 0)
		return true;
	printf("# got\n%s", text);
	return false;
}

static void zones(void)
{
	ok(gives_zone(RSSAC002_RCODE_VOLUME, 2, "metric: rcode-volume\n3: 4\n") &&
	           gives_zone(RSSAC002_LOAD_TIME, 2, "metric: load-time\ntime:\n  7: 5\n") &&
	           gives_zone(RSSAC002_ZONE_SIZE, 2, "metric: zone-size\nsize:\n  7: 300\n"),
	   "another zone has its own");
	ok(gives_zone(RSSAC002_LOAD_TIME, 1, "metric: load-time\ntime: {}\n"), "a third none");
}

static bool told(const char *line)
{
	return strstr(text, line) != NULL;
}

static void prometheus(void)
{
	static struct metrics metrics;
	struct writer to = {.at = (uint8_t *)text, .size = sizeof(text) - 1};

	metrics.counts = day.counts;
	metrics.senders[TALLY_V6_64] = 2;
	metrics.zone[0] = (struct metrics_zone){BYTES("."), {2025112501}, 9};
	metrics.zone[1] = (struct metrics_zone){BYTES("later."), {0}, 0};
	metrics.zone[2] = (struct metrics_zone){BYTES("a\\001.arpa."), {7}, 3};
	metrics_write(&to, &metrics);
	text[to.used] = '\0';
	ok(!to.full &&
	           told("\ncomity_rootd_queries_total{transport=\"udp\",family=\"ipv6\"} "
	                "7\n") &&
	           told("\ncomity_rootd_responses_by_rcode_total{rcode=\"23\"} 1\n") &&
	           told("\ncomity_rootd_sources_today{kind=\"ipv6/64\"} 2\n") &&
	           told("\ncomity_rootd_zone_serial{zone=\".\"} 2025112501\n") &&
	           !told("ledger_height"),
	   "counters and gauges");
	ok(told("\ncomity_rootd_zone_serial{zone=\"a\\\\001.arpa.\"} 7\n") &&
	           told("\ncomity_rootd_zone_records{zone=\"a\\\\001.arpa.\"} 3\n") &&
	           told("\ncomity_rootd_zone_responses_total{zone=\"a\\\\001.arpa.\",rcode=\"3\"} "
	                "4\n") &&
	           !told("later."),
	   "of each zone that has come");
	ok(told("\ncomity_rootd_zone_transfers_total{zone=\".\",kind=\"whole\"} 5\n") &&
	           told("\ncomity_rootd_zone_transfers_total{zone=\"a\\\\001.arpa.\",kind="
	                "\"changes\"} 6\n"),
	   "transfers of every zone");
	ok(told("_bucket{le=\"255\"} 0\n") && told("_bucket{le=\"511\"} 9\n") &&
	           told("_bucket{le=\"4095\"} 9\n") && told("_bucket{le=\"+Inf\"} 15\n") &&
	           told("_octets_count 15\n"),
	   "a histogram");
}

static void restart(void)
{
	static struct day written, read;
	static uint8_t file[DAY_SIZE];
	struct writer to = {.at = file, .size = sizeof(file)};

	written = (struct day){.start = {1764028800}, .key = 7, .counts = day.counts};
	written.sources.seen[TALLY_V6][77] = 9;
	day_write(&to, &written);
	ok(!to.full && day_read(writer_bytes(&to), &read) &&
	           memcmp(&written, &read, sizeof(read)) == 0,
	   "a day is kept over a restart");
	file[to.used / 2] ^= 1;
	ok(!day_read(writer_bytes(&to), &read), "unless its file is torn");
	written.start.seconds++;
	to.used = 0;
	day_write(&to, &written);
	ok(!day_read(writer_bytes(&to), &read), "or begins at no midnight");
}

int main(void)
{
	fill();
	zones();
	yaml();
	prometheus();
	restart();
	return done_testing();
}
