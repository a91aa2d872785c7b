/* SPDX-License-Identifier: Apache-2.0 */
#include "act/apex.h"

#include "base/mishap.h"
#include "base/time.h"

#define VALIDITY_MIN 3600
#define VALIDITY_MAX ((int64_t)365 * SECONDS_A_DAY)
#define TTL_MOST     (7 * SECONDS_A_DAY) /* as RFC 9199 advises and every root does */

static bool line_field(struct text *lines, const char *name, struct bytes *value)
{
	struct bytes line;

	return text_line(lines, &line) && text_field(line, name, value);
}

static bool word_dname(struct bytes *rest, struct dname *name)
{
	struct bytes word;

	return text_word(rest, &word) && dname_read_strict(word, name) == OK;
}

static bool word_u32(struct bytes *rest, uint64_t most, uint32_t *value)
{
	uint64_t number;

	if (!text_word_number(rest, most, &number))
		return false;
	*value = (uint32_t)number;
	return true;
}

static bool word_span(struct bytes *rest, int64_t least, int64_t most, int64_t *seconds)
{
	struct bytes word;
	char again[12];

	/* One form only: 60m is written 1h. */
	return text_word(rest, &word) && time_span_read(word, seconds) &&
	       bytes_same((struct bytes){(uint8_t *)again, time_span_write(again, *seconds)}, word) &&
	       *seconds >= least && *seconds <= most;
}

bool apex_read(struct text *lines, struct apex *apex, const char **why)
{
	struct bytes v;

	*why = "apex: the absolute name of the zone";
	if (!line_field(lines, "apex", &v) || !word_dname(&v, &apex->name) || v.size != 0)
		return false;
	*why = "soa: MNAME RNAME refresh retry expire minimum";
	if (!line_field(lines, "soa", &v) || !word_dname(&v, &apex->mname) ||
	    !word_dname(&v, &apex->rname) || !word_u32(&v, INT32_MAX, &apex->refresh) ||
	    !word_u32(&v, INT32_MAX, &apex->retry) || !word_u32(&v, INT32_MAX, &apex->expire) ||
	    !word_u32(&v, TTL_MOST, &apex->minimum) || v.size != 0)
		return false;
	*why = "ttl: four numbers of at most seven days, for SOA, NS, DNSKEY, root servers";
	if (!line_field(lines, "ttl", &v) || !word_u32(&v, TTL_MOST, &apex->ttl_soa) ||
	    !word_u32(&v, TTL_MOST, &apex->ttl_ns) || !word_u32(&v, TTL_MOST, &apex->ttl_dnskey) ||
	    !word_u32(&v, TTL_MOST, &apex->ttl_server) || v.size != 0)
		return false;
	*why = "signatures: validity (1h to 365d), and the shorter rest at which to renew";
	if (!line_field(lines, "signatures", &v) ||
	    !word_span(&v, VALIDITY_MIN, VALIDITY_MAX, &apex->validity_seconds) ||
	    !word_span(&v, 1, apex->validity_seconds - 1, &apex->renewal_seconds) || v.size != 0)
		return false;
	*why = "signing: grace (1s to 1m), lease (1m to 1d), phase (1s to 30d)";
	return line_field(lines, "signing", &v) && word_span(&v, 1, 60, &apex->grace_seconds) &&
	       word_span(&v, 60, SECONDS_A_DAY, &apex->lease_seconds) &&
	       word_span(&v, 1, 30 * SECONDS_A_DAY, &apex->phase_seconds) && v.size == 0;
}

static void numbers_write(struct writer *writer, const uint32_t *number, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		write_octet(writer, ' ');
		write_number(writer, number[i]);
	}
}

void apex_write(struct writer *writer, const struct apex *apex)
{
	write_text(writer, "apex: ");
	dname_write_text(writer, dname_bytes(&apex->name));
	write_text(writer, "\nsoa: ");
	dname_write_text(writer, dname_bytes(&apex->mname));
	write_octet(writer, ' ');
	dname_write_text(writer, dname_bytes(&apex->rname));
	numbers_write(writer,
	              (uint32_t[]){apex->refresh, apex->retry, apex->expire, apex->minimum}, 4);
	write_text(writer, "\nttl:");
	numbers_write(
	        writer,
	        (uint32_t[]){apex->ttl_soa, apex->ttl_ns, apex->ttl_dnskey, apex->ttl_server}, 4);
	write_text(writer, "\nsignatures: ");
	write_span(writer, apex->validity_seconds);
	write_octet(writer, ' ');
	write_span(writer, apex->renewal_seconds);
	write_text(writer, "\nsigning: ");
	write_span(writer, apex->grace_seconds);
	write_octet(writer, ' ');
	write_span(writer, apex->lease_seconds);
	write_octet(writer, ' ');
	write_span(writer, apex->phase_seconds);
	write_octet(writer, '\n');
}
