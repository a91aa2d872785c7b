/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/rssac002.h"

static const char *const NAME[RSSAC002_METRICS] = {
	[RSSAC002_TRAFFIC_VOLUME] = "traffic-volume",
	[RSSAC002_TRAFFIC_SIZES] = "traffic-sizes",
	[RSSAC002_RCODE_VOLUME] = "rcode-volume",
	[RSSAC002_UNIQUE_SOURCES] = "unique-sources",
	[RSSAC002_LOAD_TIME] = "load-time",
	[RSSAC002_ZONE_SIZE] = "zone-size",
};

static const char *const TRANSPORT[TALLY_TRANSPORTS] = {"udp", "tcp"};
static const char *const FAMILY[TALLY_FAMILIES] = {"ipv4", "ipv6"};

const char *rssac002_name(enum rssac002_metric metric)
{
	return NAME[metric];
}

static void write_pair(struct writer *to, const char *indent, uint64_t key, uint64_t value)
{
	write_text(to, indent);
	write_number(to, key);
	write_text(to, ": ");
	write_number(to, value);
	write_octet(to, '\n');
}

static void write_volume(struct writer *to, const struct tally_counts *counts, const char *what,
                         uint64_t (*sum)(const struct tally_channel *))
{
	for (unsigned t = 0; t < TALLY_TRANSPORTS; t++)
		for (unsigned f = 0; f < TALLY_FAMILIES; f++) {
			write_text(to, "dns-");
			write_text(to, TRANSPORT[t]);
			write_text(to, what);
			write_text(to, FAMILY[f]);
			write_text(to, ": ");
			write_number(to, sum(&counts->channel[t][f]));
			write_octet(to, '\n');
		}
}

/* Steps of 16 octets, those with nothing left out; the last is open. */
static void write_sizes(struct writer *to, const char *transport, const char *what,
                        const uint64_t *v4, const uint64_t *v6, size_t steps)
{
	write_text(to, transport);
	write_text(to, what);
	for (size_t i = 0; i < steps; i++) {
		if (v4[i] + v6[i] == 0)
			continue;
		write_text(to, "  ");
		write_number(to, 16 * i);
		write_octet(to, '-');
		if (i != steps - 1)
			write_number(to, 16 * i + 15);
		write_text(to, ": ");
		write_number(to, v4[i] + v6[i]);
		write_octet(to, '\n');
	}
}

static void write_all_sizes(struct writer *to, const struct tally_counts *counts)
{
	for (unsigned t = 0; t < TALLY_TRANSPORTS; t++) {
		const struct tally_channel *c = counts->channel[t];

		write_sizes(to, TRANSPORT[t], "-request-sizes:\n", c[0].request, c[1].request,
		            TALLY_REQUEST_SIZES);
		write_sizes(to, TRANSPORT[t], "-response-sizes:\n", c[0].response,
		            c[1].response, TALLY_RESPONSE_SIZES);
	}
}

static void write_sources(struct writer *to, const uint64_t senders[TALLY_SENDERS])
{
	write_field_number(to, "num-sources-ipv4", senders[TALLY_V4]);
	write_field_number(to, "num-sources-ipv6", senders[TALLY_V6]);
	write_field_number(to, "num-sources-ipv6-aggregate", senders[TALLY_V6_64]);
}

/* "WHAT:" and a pair for each release of the zone; "WHAT: {}" where there is none. */
static void write_releases(struct writer *to, const char *what, const struct rssac002_day *day,
                           uint32_t zone, bool sizes)
{
	bool any = false;

	write_text(to, what);
	for (size_t i = 0; i < day->load_count; i++) {
		const struct rssac002_load *load = &day->load[i];

		if (load->zone != zone || (sizes && load->octets == 0))
			continue;
		write_text(to, any ? "" : ":\n");
		write_pair(to, "  ", load->serial.value, sizes ? load->octets : load->seconds);
		any = true;
	}
	write_text(to, any ? "" : ": {}\n");
}

static void write_rcodes(struct writer *to, const uint64_t rcode[TALLY_RCODES])
{
	for (size_t i = 0; i < TALLY_RCODES; i++)
		if (rcode[i] != 0)
			write_pair(to, "", i, rcode[i]);
}

static void write_head(struct writer *to, enum rssac002_metric metric,
                       const struct rssac002_day *day, struct bytes service)
{
	write_text(to, "---\nversion: rssac002v5\n");
	write_field(to, "service", service);
	write_field_time(to, "start-period", day->start);
	write_field(to, "metric", bytes_of(NAME[metric]));
}

void rssac002_write(struct writer *to, enum rssac002_metric metric,
                    const struct rssac002_day *day)
{
	write_head(to, metric, day, day->service);
	switch (metric) {
	case RSSAC002_TRAFFIC_VOLUME:
		write_volume(to, &day->counts, "-queries-received-", tally_requests);
		write_volume(to, &day->counts, "-responses-sent-", tally_responses);
		break;
	case RSSAC002_TRAFFIC_SIZES:
		write_all_sizes(to, &day->counts);
		break;
	case RSSAC002_RCODE_VOLUME:
		write_rcodes(to, day->counts.rcode);
		break;
	case RSSAC002_UNIQUE_SOURCES:
		write_sources(to, day->senders);
		break;
	case RSSAC002_LOAD_TIME:
		write_releases(to, "time", day, 0, false);
		break;
	case RSSAC002_ZONE_SIZE:
	default:
		write_releases(to, "size", day, 0, true);
		break;
	}
}

void rssac002_write_zone(struct writer *to, enum rssac002_metric metric,
                         const struct rssac002_day *day, uint32_t zone, struct bytes service)
{
	write_head(to, metric, day, service);
	if (metric == RSSAC002_RCODE_VOLUME)
		write_rcodes(to, day->counts.zone_rcode[zone]);
	else
		write_releases(to, metric == RSSAC002_LOAD_TIME ? "time" : "size", day, zone,
		               metric == RSSAC002_ZONE_SIZE);
}
