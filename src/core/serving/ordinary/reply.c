/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/reply.h"

#include "dns/dname.h"
#include "dns/rdata.h"
#include "dns/type.h"
#include "serving/octets.h"

#define POINTER       0xc000u
#define POINTER_LIMIT 0x4000u /* a pointer reaches so far */
#define RR_FIXED      10      /* octets: type, class, TTL, size of RDATA */

/* ---- names ---- */

static void note_suffix(struct reply *r, struct bytes name, size_t at)
{
	if (r->suffixes < REPLY_SUFFIX_MAX && at < POINTER_LIMIT)
		r->suffix[r->suffixes++] = (struct reply_suffix){name, (uint16_t)at};
}

/* Where a name stands already; 0 when nowhere. */
static uint16_t find_suffix(const struct reply *r, struct bytes name)
{
	for (unsigned i = 0; i < r->suffixes; i++)
		if (bytes_same(r->suffix[i].name, name))
			return r->suffix[i].at;
	return 0;
}

static bool put(struct reply *r, struct bytes octets)
{
	if (octets.size > r->limit - r->end)
		return false;
	if (octets.size != 0)
		memcpy(r->message + r->end, octets.at, octets.size);
	r->end += octets.size;
	return true;
}

static bool put_u16(struct reply *r, uint32_t value)
{
	uint8_t octets[2];

	store16(octets, value);
	return put(r, (struct bytes){octets, 2});
}

/* Label by label, until what is left stands somewhere already. */
static bool put_name(struct reply *r, struct bytes name)
{
	for (; name.at[0] != 0; name = dname_parent(name)) {
		uint16_t at = find_suffix(r, name);

		if (at != 0)
			return put_u16(r, POINTER | at);
		note_suffix(r, name, r->end);
		if (!put(r, bytes_first(name, 1u + name.at[0])))
			return false;
	}
	return put(r, name);
}

void reply_begin(struct reply *r, uint8_t *message, size_t question_end, size_t limit,
                 struct bytes name)
{
	r->message = message;
	r->end = question_end;
	r->limit = limit < question_end ? question_end : limit;
	r->counts = 0;
	r->suffixes = 0;
	for (size_t at = MESSAGE_HEADER_SIZE; name.at[0] != 0; name = dname_parent(name)) {
		note_suffix(r, name, at);
		at += 1u + name.at[0];
	}
}

/* ---- records ---- */

/* RFC 3597 section 4: names are compressed only in the types that RFC 1035 made. */
static bool is_compressible(uint16_t type)
{
	return type == TYPE_NS || type == TYPE_CNAME || type == TYPE_PTR || type == TYPE_MX ||
	       type == TYPE_SOA;
}

/* The target of a DNAME is not compressed (RFC 6672 section 2.5), but may be pointed to: the CNAME
 * behind it ends in it. */
static void note_target(struct reply *r, struct bytes name)
{
	for (size_t at = r->end; name.at[0] != 0; name = dname_parent(name)) {
		if (find_suffix(r, name) == 0)
			note_suffix(r, name, at);
		at += 1u + name.at[0];
	}
}

static bool put_rdata(struct reply *r, uint16_t type, struct bytes rdata)
{
	struct bytes names[RDATA_NAMES_MAX];
	unsigned count = is_compressible(type) ? rdata_names(type, rdata, names) : 0;

	if (type == TYPE_DNAME)
		note_target(r, rdata);
	for (unsigned n = 0; n < count; n++) {
		size_t before = (size_t)(names[n].at - rdata.at);

		if (!put(r, bytes_first(rdata, before)) || !put_name(r, names[n]))
			return false;
		rdata = bytes_from(rdata, before + names[n].size);
	}
	return put(r, rdata);
}

static bool put_record(struct reply *r, struct bytes owner, uint16_t type, uint32_t ttl,
                       struct bytes rdata)
{
	uint8_t fixed[RR_FIXED];
	size_t begin;

	store16(fixed, type);
	store16(fixed + 2, CLASS_IN);
	store32(fixed + 4, ttl);
	if (!put_name(r, owner) || !put(r, (struct bytes){fixed, RR_FIXED}))
		return false;
	begin = r->end;
	if (!put_rdata(r, type, rdata))
		return false;
	store16(r->message + begin - 2, (uint32_t)(r->end - begin));
	return true;
}

/* What is put until it is kept can be taken back. */
struct mark {
	size_t end;
	unsigned suffixes;
};

static bool keep(struct reply *r, const struct mark *mark, bool fits, enum section section,
                 uint32_t records)
{
	if (!fits) {
		r->end = mark->end;
		r->suffixes = mark->suffixes;
		return false;
	}
	r->counts += (uint64_t)records << 16 * (SECTION_ADDITIONAL - section);
	return true;
}

static bool put_records(struct reply *r, enum section section, struct bytes owner,
                        const struct ordinary *zone, const struct ordinary_set *set,
                        uint32_t ttl, uint32_t first, uint32_t end)
{
	struct mark mark = {r->end, r->suffixes};
	struct bytes records = ordinary_records(zone, set);
	bool fits = true;

	for (uint32_t i = 0; i < end && fits; i++) {
		struct bytes rdata = ordinary_take(&records);

		if (i >= first)
			fits = put_record(r, owner, i < set->count ? set->type : TYPE_RRSIG,
			                  ttl, rdata);
	}
	return keep(r, &mark, fits, section, end - first);
}

bool reply_put_set(struct reply *r, enum section section, struct bytes owner,
                   const struct ordinary *zone, const struct ordinary_set *set, uint32_t ttl,
                   bool dnssec_ok)
{
	return put_records(r, section, owner, zone, set, ttl, 0,
	                   (uint32_t)set->count + (dnssec_ok ? set->rrsig_count : 0u));
}

bool reply_put_rrsigs(struct reply *r, enum section section, struct bytes owner,
                      const struct ordinary *zone, const struct ordinary_set *set, uint32_t ttl)
{
	return put_records(r, section, owner, zone, set, ttl, set->count,
	                   (uint32_t)set->count + set->rrsig_count);
}

bool reply_put_cname(struct reply *r, struct bytes owner, struct bytes target, uint32_t ttl)
{
	struct mark mark = {r->end, r->suffixes};

	return keep(r, &mark, put_record(r, owner, TYPE_CNAME, ttl, target), SECTION_ANSWER, 1);
}
