/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/metrics.h"

static void write_head(struct writer *to, const char *name, const char *type, const char *help)
{
	write_text(to, "# HELP ");
	write_text(to, name);
	write_octet(to, ' ');
	write_text(to, help);
	write_text(to, "\n# TYPE ");
	write_text(to, name);
	write_octet(to, ' ');
	write_text(to, type);
	write_octet(to, '\n');
}

static void write_value(struct writer *to, const char *name, const char *labels, uint64_t value)
{
	write_text(to, name);
	write_text(to, labels);
	write_octet(to, ' ');
	write_number(to, value);
	write_octet(to, '\n');
}

static void write_one(struct writer *to, const char *name, const char *type, const char *help,
                      uint64_t value)
{
	write_head(to, name, type, help);
	write_value(to, name, "", value);
}

static const char *const CHANNEL[TALLY_TRANSPORTS][TALLY_FAMILIES] = {
	{"{transport=\"udp\",family=\"ipv4\"}", "{transport=\"udp\",family=\"ipv6\"}"},
	{"{transport=\"tcp\",family=\"ipv4\"}", "{transport=\"tcp\",family=\"ipv6\"}"},
};

static void write_channels(struct writer *to, const struct tally_counts *counts,
                           const char *name, const char *help,
                           uint64_t (*sum)(const struct tally_channel *))
{
	write_head(to, name, "counter", help);
	for (unsigned t = 0; t < TALLY_TRANSPORTS; t++)
		for (unsigned f = 0; f < TALLY_FAMILIES; f++)
			write_value(to, name, CHANNEL[t][f], sum(&counts->channel[t][f]));
}

static void write_rcodes(struct writer *to, const struct tally_counts *counts)
{
	static const char name[] = "comity_rootd_responses_by_rcode_total";

	write_head(to, name, "counter", "Responses sent, by RCODE.");
	for (size_t i = 0; i < TALLY_RCODES; i++) {
		write_text(to, name);
		write_text(to, "{rcode=\"");
		write_number(to, i);
		write_text(to, "\"} ");
		write_number(to, counts->rcode[i]);
		write_octet(to, '\n');
	}
}

/* Upper ends of the buckets, in steps of 16 octets: what sizes mean something to DNS. */
static const uint16_t BUCKETS[] = {6, 8, 16, 32, 48, 64, 77, 96, 128, 256};

/* A bucket `le` holds what is shorter than it, which of whole octets is what is at most one
 * less. */
static void write_sizes(struct writer *to, const struct tally_counts *counts)
{
	static const char name[] = "comity_rootd_response_size_octets";
	uint64_t sum = 0, octets = 0;
	size_t step = 0;

	write_head(to, name, "histogram",
	           "Sizes of responses by UDP; the sum is that of the middles of steps of 16.");
	for (size_t b = 0; b <= sizeof(BUCKETS) / sizeof(BUCKETS[0]); b++) {
		bool last = b == sizeof(BUCKETS) / sizeof(BUCKETS[0]);
		size_t end = last ? TALLY_RESPONSE_SIZES : BUCKETS[b];

		for (; step < end; step++) {
			uint64_t n = counts->channel[TRANSPORT_UDP][0].response[step] +
			             counts->channel[TRANSPORT_UDP][1].response[step];
			sum += n;
			octets += n * (16 * step + 8);
		}
		write_text(to, name);
		write_text(to, "_bucket{le=\"");
		if (last)
			write_text(to, "+Inf");
		else
			write_number(to, 16 * end - 1);
		write_text(to, "\"} ");
		write_number(to, sum);
		write_octet(to, '\n');
	}
	write_text(to, name);
	write_value(to, "_sum", "", octets);
	write_text(to, name);
	write_value(to, "_count", "", sum);
}

static void write_senders(struct writer *to, const uint64_t senders[TALLY_SENDERS])
{
	static const char name[] = "comity_rootd_sources_today";

	write_head(to, name, "gauge", "Senders seen since 00:00 UTC, about.");
	write_value(to, name, "{kind=\"ipv4\"}", senders[TALLY_V4]);
	write_value(to, name, "{kind=\"ipv6\"}", senders[TALLY_V6]);
	write_value(to, name, "{kind=\"ipv6/64\"}", senders[TALLY_V6_64]);
}

/* Begins the line of a zone: a backslash of its name would be one of the format, too. */
static void write_zone(struct writer *to, const char *name, const struct metrics_zone *zone,
                       const char *more)
{
	write_text(to, name);
	write_text(to, "{zone=\"");
	for (size_t i = 0; i < zone->name.size; i++) {
		if (zone->name.at[i] == '\\')
			write_octet(to, '\\');
		write_octet(to, zone->name.at[i]);
	}
	write_text(to, more);
}

static void write_zones(struct writer *to, const char *name, const char *help,
                        const struct metrics *m, bool serials)
{
	write_head(to, name, "gauge", help);
	for (size_t z = 0; z < ZONES_MAX; z++) {
		const struct metrics_zone *zone = &m->zone[z];

		if (zone->name.size == 0 || zone->records == 0)
			continue;
		write_zone(to, name, zone, "\"} ");
		write_number(to, serials ? zone->serial.value : zone->records);
		write_octet(to, '\n');
	}
}

/* Of the zones beside the main one, what was answered at all. */
static void write_zone_rcodes(struct writer *to, const struct metrics *m)
{
	static const char name[] = "comity_rootd_zone_responses_total";

	write_head(to, name, "counter", "Responses from a zone beside the main one, by RCODE.");
	for (size_t z = 1; z < ZONES_MAX; z++)
		for (size_t i = 0; i < TALLY_RCODES && m->zone[z].name.size != 0; i++) {
			if (m->counts.zone_rcode[z][i] == 0)
				continue;
			write_zone(to, name, &m->zone[z], "\",rcode=\"");
			write_number(to, i);
			write_text(to, "\"} ");
			write_number(to, m->counts.zone_rcode[z][i]);
			write_octet(to, '\n');
		}
}

static void write_zone_transfers(struct writer *to, const struct metrics *m)
{
	static const char name[] = "comity_rootd_zone_transfers_total";

	write_head(to, name, "counter",
	           "Transfers begun: of a whole zone, and of its changes.");
	for (size_t z = 0; z < ZONES_MAX; z++) {
		if (m->zone[z].name.size == 0 || m->zone[z].records == 0)
			continue;
		write_zone(to, name, &m->zone[z], "\",kind=\"whole\"} ");
		write_number(to, m->counts.zone_transfer[z][TALLY_WHOLE]);
		write_octet(to, '\n');
		write_zone(to, name, &m->zone[z], "\",kind=\"changes\"} ");
		write_number(to, m->counts.zone_transfer[z][TALLY_CHANGES]);
		write_octet(to, '\n');
	}
}

void metrics_write(struct writer *to, const struct metrics *m)
{
	const struct tally_counts *c = &m->counts;

	write_channels(to, c, "comity_rootd_queries_total", "Messages received.",
	               tally_requests);
	write_channels(to, c, "comity_rootd_responses_total", "Messages sent.",
	               tally_responses);
	write_rcodes(to, c);
	write_sizes(to, c);
	write_senders(to, m->senders);
	write_one(to, "comity_rootd_cookies_known_total", "counter",
	          "Queries with a cookie of ours.", c->cookie_known);
	write_one(to, "comity_rootd_cookies_other_total", "counter",
	          "Queries with a cookie that is not ours yet.", c->cookie_other);
	write_one(to, "comity_rootd_rate_slipped_total", "counter",
	          "Responses over the limit that went out as TC or BADCOOKIE.",
	          c->rate_slipped);
	write_one(to, "comity_rootd_rate_dropped_total", "counter",
	          "Responses over the limit that were not sent.", c->rate_dropped);
	write_one(to, "comity_rootd_tcp_accepted_total", "counter", "Connections taken.",
	          c->tcp_accepted);
	write_one(to, "comity_rootd_tcp_refused_total", "counter",
	          "Connections over the limit of their sender.", c->tcp_refused);
	write_one(to, "comity_rootd_tcp_evicted_total", "counter",
	          "Connections closed to make room.", c->tcp_evicted);
	write_one(to, "comity_rootd_dnstap_lost_total", "counter",
	          "Messages dnstap had no room for.", c->dnstap_lost);
	write_one(to, "comity_rootd_xdp_received_total", "counter",
	          "Messages by UDP that came through AF_XDP.", c->xdp_received);
	write_one(to, "comity_rootd_xdp_refused_total", "counter",
	          "Frames given to AF_XDP that were damaged.", c->xdp_refused);
	write_zones(to, "comity_rootd_zone_serial", "Serials of the zones served.", m, true);
	write_zones(to, "comity_rootd_zone_records", "Records of the zones served.", m, false);
	write_zone_rcodes(to, m);
	write_zone_transfers(to, m);
	if (m->height != 0)
		write_one(to, "comity_rootd_ledger_height", "gauge",
		          "Block that the operator's node applied last.", m->height);
}

/* ---- requests ---- */

static bool ends_empty(struct bytes request)
{
	for (size_t i = 3; i < request.size; i++)
		if (memcmp(request.at + i - 3, "\r\n\r\n", 4) == 0)
			return true;
	return false;
}

enum metrics_request metrics_read_request(struct bytes request)
{
	struct bytes get = BYTES("GET "), wanted = BYTES("/metrics"), path = {NULL, 0};

	if (memcmp(request.at, get.at, request.size < get.size ? request.size : get.size) != 0)
		return METRICS_MALFORMED;
	if (!ends_empty(request))
		return METRICS_MORE;
	path = bytes_from(request, get.size);
	for (size_t i = 0; i < path.size; i++)
		if (path.at[i] == ' ' || path.at[i] == '?' || path.at[i] == '\r') {
			path.size = i;
			break;
		}
	return bytes_same(path, wanted) ? METRICS_WANTED : METRICS_OTHER;
}
