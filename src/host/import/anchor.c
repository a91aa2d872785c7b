/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/anchor.h"

#include <stdio.h>
#include <string.h>

#include "base/writer.h"
#include "host/import/master.h"

#define XML_TIME_SIZE 19 /* "2017-02-02T00:00:00"; an offset follows */

static bool fault_of(struct fault *fault, const char *why)
{
	*fault = (struct fault){0, 0, why};
	return false;
}

/* ---- records ---- */

/* An anchor needs no TTL: nobody caches it. */
static struct bytes with_ttl(struct bytes text, struct arena *arena)
{
	struct writer w = writer_in(arena);

	write_text(&w, "$TTL 0\n");
	write_bytes(&w, text);
	return writer_keep(&w, arena);
}

/* Those of the apex go over to `anchors`; `read` keeps the others. */
static bool pick(ldns_rr_list *read, const ldns_rdf *apex, ldns_rr_list *anchors,
                 struct fault *fault)
{
	size_t kept = 0, count = ldns_rr_list_rr_count(read);
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		ldns_rr *rr = ldns_rr_list_rr(read, i);
		ldns_rr_type type = ldns_rr_get_type(rr);

		if (type != LDNS_RR_TYPE_DS && type != LDNS_RR_TYPE_DNSKEY)
			good = fault_of(fault, "a trust anchor is a DS or a DNSKEY record");
		if (!good || ldns_dname_compare(ldns_rr_owner(rr), apex) != 0 ||
		    !ldns_rr_list_push_rr(anchors, rr))
			ldns_rr_list_set_rr(read, rr, kept++);
	}
	ldns_rr_list_set_rr_count(read, kept);
	return good;
}

static bool read_records(struct bytes text, const ldns_rdf *apex, struct arena *arena,
                         ldns_rr_list *anchors, struct fault *fault)
{
	ldns_rdf *root = ldns_dname_new_frm_str(".");
	ldns_rr_list *read = ldns_rr_list_new();
	bool good;

	if (root == NULL || read == NULL)
		return fault_of(fault, "no memory");
	good = master_read(with_ttl(text, arena), root, read, fault);
	if (!good)
		fault->line--;
	good = good && pick(read, apex, anchors, fault);
	ldns_rr_list_deep_free(read);
	ldns_rdf_deep_free(root);
	return good;
}

/* ---- XML ---- */

/* Where `wanted` begins in `text`; its size when it is not there. */
static size_t find(struct bytes text, struct bytes wanted)
{
	const void *at =
		text.size == 0 ? NULL : memmem(text.at, text.size, wanted.at, wanted.size);

	return at == NULL ? text.size : (size_t)((const uint8_t *)at - text.at);
}

/* A copy in which comments are blanks. */
static struct bytes uncommented(struct bytes text, struct arena *arena)
{
	uint8_t *copy = arena_take(arena, text.size);

	memcpy(copy, text.at, text.size);
	for (size_t i = 0; i < text.size;) {
		struct bytes rest = bytes_from(text, i);
		size_t open = find(rest, BYTES("<!--"));
		size_t size = find(bytes_from(rest, open), BYTES("-->"));

		size = size + 3 < rest.size - open ? size + 3 : rest.size - open;
		memset(copy + i + open, ' ', size);
		i += open + size;
	}
	return (struct bytes){copy, text.size};
}

/* What stands between `from` and `to`, which it takes off `*text`. */
static bool between(struct bytes *text, struct bytes from, struct bytes to, struct bytes *inner)
{
	struct bytes rest = bytes_from(*text, find(*text, from) + from.size);
	size_t end = find(rest, to);

	if (end == rest.size)
		return false;
	*inner = bytes_first(rest, end);
	*text = bytes_from(rest, end + to.size);
	return true;
}

/* The text of an element without attributes, blanks around it left out. */
static bool element(struct bytes text, const char *name, struct bytes *value)
{
	char open[40], close[40];

	snprintf(open, sizeof(open), "<%s>", name);
	snprintf(close, sizeof(close), "</%s>", name);
	if (!between(&text, bytes_of(open), bytes_of(close), value))
		return false;
	while (value->size > 0 && value->at[0] <= ' ')
		*value = bytes_from(*value, 1);
	while (value->size > 0 && value->at[value->size - 1] <= ' ')
		value->size--;
	return value->size > 0;
}

static bool digits(struct bytes text, int64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.size; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*number = 10 * *number + (text.at[i] - '0');
	}
	return text.size > 0;
}

/* xsd:dateTime with an offset: "2017-02-02T00:00:00+00:00", or Z. */
static bool xml_time(struct bytes text, struct ledger_time *time)
{
	char zulu[TIME_TEXT_SIZE + 1];
	struct bytes offset = bytes_from(text, XML_TIME_SIZE);
	int64_t hours, minutes;

	if (text.size <= XML_TIME_SIZE)
		return false;
	snprintf(zulu, sizeof(zulu), "%.*sZ", XML_TIME_SIZE, (const char *)text.at);
	if (!time_read(bytes_of(zulu), time))
		return false;
	if (bytes_same(offset, BYTES("Z")))
		return true;
	if (offset.size != 6 || offset.at[3] != ':' ||
	    (offset.at[0] != '+' && offset.at[0] != '-') ||
	    !digits(bytes_first(bytes_from(offset, 1), 2), &hours) ||
	    !digits(bytes_from(offset, 4), &minutes))
		return false;
	time->seconds -= (offset.at[0] == '+' ? 1 : -1) *
	                 (hours * SECONDS_AN_HOUR + minutes * SECONDS_A_MINUTE);
	return true;
}

/* Whether the attributes of a KeyDigest include that moment. */
static bool valid_at(struct bytes attributes, struct ledger_time at, bool *valid)
{
	struct bytes text = attributes, value;
	struct ledger_time time;

	*valid = true;
	if (between(&text, BYTES("validFrom=\""), BYTES("\""), &value)) {
		if (!xml_time(value, &time))
			return false;
		*valid = time.seconds <= at.seconds;
	}
	text = attributes;
	if (between(&text, BYTES("validUntil=\""), BYTES("\""), &value)) {
		if (!xml_time(value, &time))
			return false;
		*valid = *valid && at.seconds < time.seconds;
	}
	return true;
}

static bool push_digest(struct bytes digest, const char *zone, ldns_rr_list *anchors)
{
	static const char *const NAMES[] = {"KeyTag", "Algorithm", "DigestType", "Digest"};
	ldns_rr *rr = NULL;
	char line[1400];
	int used = snprintf(line, sizeof(line), "%s 0 IN DS", zone);

	for (unsigned i = 0; i < 4; i++) {
		struct bytes value;

		if (!element(digest, NAMES[i], &value) || value.size > 200)
			return false;
		used += snprintf(line + used, sizeof(line) - (size_t)used, " %.*s",
		                 (int)value.size, (const char *)value.at);
	}
	if (ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL) != LDNS_STATUS_OK)
		return false;
	if (ldns_rr_list_push_rr(anchors, rr))
		return true;
	ldns_rr_free(rr);
	return false;
}

static bool is_zone(struct bytes text, const ldns_rdf *apex, char zone[300])
{
	ldns_rdf *name;
	bool same;

	if (text.size >= 300)
		return false;
	snprintf(zone, 300, "%.*s", (int)text.size, (const char *)text.at);
	name = ldns_dname_new_frm_str(zone);
	same = name != NULL && ldns_dname_compare(name, apex) == 0;
	ldns_rdf_deep_free(name);
	return same;
}

static bool read_xml(struct bytes text, const ldns_rdf *apex, struct ledger_time at,
                     ldns_rr_list *anchors, struct fault *fault)
{
	struct bytes value, attributes, digest;
	char zone[300];
	bool valid;

	if (find(text, BYTES("<!")) != text.size || find(text, BYTES("&")) != text.size)
		return fault_of(fault, "XML with more in it than RFC 7958 needs");
	if (!element(text, "Zone", &value) || !is_zone(value, apex, zone))
		return fault_of(fault, "a trust anchor of another zone");
	while (between(&text, BYTES("<KeyDigest"), BYTES("</KeyDigest>"), &digest)) {
		if (!between(&digest, BYTES(""), BYTES(">"), &attributes) ||
		    !valid_at(attributes, at, &valid))
			return fault_of(fault, "a KeyDigest without the dates of RFC 7958");
		if (valid && !push_digest(digest, zone, anchors))
			return fault_of(fault, "a KeyDigest that is no DS record");
	}
	return true;
}

bool anchor_read(struct bytes text, const ldns_rdf *apex, struct ledger_time at,
                 struct arena *arena, ldns_rr_list *anchors, struct fault *fault)
{
	if (find(text, BYTES("<TrustAnchor")) == text.size)
		return read_records(text, apex, arena, anchors, fault);
	return read_xml(uncommented(text, arena), apex, at, anchors, fault);
}
