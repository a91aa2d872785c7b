/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/manifest.h"

#include "base/hex.h"
#include "base/must.h"
#include "commons/bounds.h"
#include "commons/linking.h"
#include "commons/technical.h"
#include "dns/dname.h"

struct reading {
	struct commons *commons;
	struct text lines;
	const char *why;
};

static bool refuse_line(struct reading *r, struct refusal *refusal)
{
	const struct fault fault = {.line = r->lines.line, .why = r->why};

	return refuse_fault(refusal, REASON_DERIVES, &fault, &r->commons->scratch);
}

static bool field(struct reading *r, const char *name, struct bytes *value, const char *why)
{
	struct bytes line;

	r->why = why;
	return text_line(&r->lines, &line) && text_field(line, name, value);
}

static bool head(struct reading *r)
{
	struct bytes line, value;
	struct digest digest;
	struct apex apex;
	struct dname name;

	r->why = "a manifest begins with \"" MANIFEST_HEAD "\"";
	if (!text_line(&r->lines, &line) || !bytes_same(line, BYTES(MANIFEST_HEAD)))
		return false;
	apex_get(r->commons->state, &apex);
	if (!field(r, "apex", &value, "the apex of the genesis") ||
	    dname_read_strict(value, &name) != OK ||
	    !bytes_same(dname_bytes(&name), dname_bytes(&apex.name)))
		return false;
	return field(r, "source", &value, "SHA-256 of the zone that was read") &&
	       hex_read(value, digest.octet, DIGEST_SIZE);
}

static bool party_there(struct reading *r, struct bytes name)
{
	struct party party;

	r->why = "not a founder";
	/* What is no name may be too long for a key. */
	return party_name_valid(name) && party_get(r->commons->state, name, &party);
}

static bool by_genesis(struct reading *r)
{
	struct bytes value;

	return field(r, "act", &value, "act: genesis") && bytes_same(value, BYTES("genesis"));
}

/* "+ " lines as in an act: strict, in canonical order, one TTL a set. */
static bool records(struct reading *r, struct bytes *run)
{
	struct arena rest = arena_rest(&r->commons->scratch);
	struct arena half[2] = {{rest.at, rest.size / 2, 0}, {rest.at + rest.size / 2, rest.size / 2, 0}};
	struct bytes line;
	struct rr rr[2];

	*run = bytes_first(r->lines.rest, 0);
	for (unsigned i = 0; text_peek(&r->lines, &line) && bytes_starts(line, BYTES("+ ")); i++) {
		struct fault fault;
		bool read = text_line(&r->lines, &line);

		must(read);
		half[i % 2].used = 0;
		r->why = "a line has at most 1000 octets";
		if (line.size > ACT_LINE_SIZE_MAX)
			return false;
		if (!rr_read_strict(bytes_from(line, 2), &half[i % 2], &rr[i % 2], &fault)) {
			r->why = fault.why;
			return false;
		}
		r->why = "records not in canonical order, one twice, or two TTLs in one set";
		if (i > 0 && (rr_compare(&rr[(i + 1) % 2], &rr[i % 2]) >= 0 ||
		              (bytes_same(rr[0].owner, rr[1].owner) && rr[0].type == rr[1].type &&
		               rr[0].ttl != rr[1].ttl)))
			return false;
		run->size += line.size + 1;
	}
	r->why = reason_text(REASON_SET, false);
	return bounds_fault(*run) == REASON_NONE;
}

static bool users_valid(struct bytes users)
{
	static const struct act_field LABEL = {"users", FORM_LABEL, NULL};
	struct bytes before = {NULL, 0}, user;

	while (users.size > 0) {
		if (!text_word(&users, &user) || !field_form_holds(&LABEL, user) ||
		    (before.size > 0 && bytes_compare(before, user) >= 0))
			return false;
		before = user;
	}
	return before.size > 0;
}

static bool host_body(struct reading *r, struct bytes key)
{
	struct bytes owner, users, run, wire, label;
	struct dname name;

	r->why = "not the name of a host in this zone";
	if (dname_read_strict(record_key_part(key, 1), &name) != OK)
		return false;
	wire = dname_bytes(&name);
	if (!link_label_of(r->commons, wire, &label))
		return false;
	if (!field(r, "owner", &owner, "owner: a founder") || !party_there(r, owner) ||
	    !field(r, "users", &users, "users: labels, sorted"))
		return false;
	r->why = "users: labels, sorted";
	if (!users_valid(users) || !by_genesis(r) || !records(r, &run))
		return false;
	r->why = "a host has addresses at its own name";
	for (struct bytes rest = run; rest.size > 0;) {
		struct arena scratch = arena_rest(&r->commons->scratch);
		struct rr rr;
		bool read = record_rr(&rest, &scratch, &rr);

		must(read);
		if ((rr.type != TYPE_A && rr.type != TYPE_AAAA) || !bytes_same(rr.owner, wire))
			return false;
	}
	return true;
}

static bool holding_body(struct reading *r, struct bytes key)
{
	static const struct act_field LABEL = {"tld", FORM_LABEL, NULL};
	struct bytes holder, run;

	r->why = "not a label";
	if (!field_form_holds(&LABEL, record_key_part(key, 1)))
		return false;
	return field(r, "holder", &holder, "holder: a founder") && party_there(r, holder) &&
	       by_genesis(r) && records(r, &run);
}

static bool waiver_body(struct reading *r, struct bytes key)
{
	static const struct act_field RULE = {"rule", FORM_CHOICE,
	                                      "ns-count ds-sha1 ipv6 referral-size"};
	static const struct act_field LABEL = {"tld", FORM_LABEL, NULL};
	struct ledger_time expires;
	struct bytes value, label = record_key_part(key, 1), rule;
	const uint8_t *slash = label.size == 0 ? NULL : memchr(label.at, '/', label.size);

	r->why = "not waiver/label/rule";
	if (slash == NULL)
		return false;
	rule = bytes_from(label, (size_t)(slash - label.at) + 1);
	label.size = (size_t)(slash - label.at);
	if (!field_form_holds(&LABEL, label) || !field_form_holds(&RULE, rule))
		return false;
	if (!field(r, "expires", &value, "expires: a time"))
		return false;
	r->why = "expires: a time";
	return time_read(value, &expires) && by_genesis(r);
}

static bool one_record(struct reading *r, struct bytes *before)
{
	struct bytes start = r->lines.rest, key, line;

	r->why = "records are separated by empty lines";
	if (!text_line(&r->lines, &line) || line.size != 0)
		return false;
	start = r->lines.rest;
	r->why = "no record behind an empty line";
	if (!text_line(&r->lines, &key))
		return false;
	r->why = "records not sorted by key, or one twice";
	if (before->size > 0 && bytes_compare(*before, key) >= 0)
		return false;
	r->why = "not the key of a host, a TLD or a waiver";
	*before = key;
	if (key.size > RECORD_KEY_MAX - 8)
		return false;
	if (bytes_starts(key, BYTES("host/"))) {
		if (!host_body(r, key))
			return false;
	} else if (bytes_starts(key, BYTES("tld/"))) {
		if (!holding_body(r, key))
			return false;
	} else if (!bytes_starts(key, BYTES("waiver/")) || !waiver_body(r, key)) {
		return false;
	}
	start.size -= r->lines.rest.size;
	state_put(r->commons->state, start);
	return true;
}

/* NS and DS at the TLD itself, and no DS where nothing is delegated; addresses in its domain. */
static bool records_belong(const struct holding *holding, struct bytes tld, struct arena scratch,
                           const char **why)
{
	bool delegated = false, has_ds = false;
	struct bytes lines = holding->records;
	struct rr rr;

	*why = "a record that does not belong to the TLD";
	while (record_rr(&lines, &scratch, &rr)) {
		bool named = rr.type == TYPE_NS || rr.type == TYPE_DS;

		if (named ? !bytes_same(rr.owner, tld) : !dname_in_domain(rr.owner, tld))
			return false;
		delegated = delegated || rr.type == TYPE_NS;
		has_ds = has_ds || rr.type == TYPE_DS;
	}
	*why = "a DS without a name server";
	return delegated || !has_ds;
}

/* Counts, for every TLD, its uses of hosts; each must be told in the host's record. */
static bool holdings_link(struct commons *commons, size_t *uses, struct bytes *at,
                          const char **why)
{
	struct holding holding;

	for (size_t index = 0; holding_next(commons->state, &index, &holding);) {
		size_t mark = commons->scratch.used;
		struct bytes lines = holding.records;
		struct dname tld;
		struct rr rr;

		*at = holding.label;
		*why = "the name is too long";
		if (!commons_tld_name(commons, holding.label, &tld))
			return false;
		if (!records_belong(&holding, dname_bytes(&tld), arena_rest(&commons->scratch), why))
			return false;
		while (record_rr(&lines, &commons->scratch, &rr)) {
			struct bytes label;
			struct host host;
			struct writer w;

			if (rr.type != TYPE_NS || !link_label_of(commons, rr.rdata, &label))
				continue;
			w = writer_in(&commons->scratch);
			dname_write_text(&w, rr.rdata);
			struct bytes name = writer_keep(&w, &commons->scratch);
			if (host_get(commons->state, name, &host)) {
				*why = "uses a host that does not name it among its users";
				if (!host_used_by(&host, holding.label))
					return false;
				++*uses;
				continue;
			}
			*why = "a name server without host record, and without addresses of its own";
			if (!bytes_same(label, holding.label) ||
			    link_lines_of(holding.records, rr.rdata, true, &commons->scratch).size == 0)
				return false;
		}
		commons->scratch.used = mark;
	}
	return true;
}

/* Addresses in a TLD's record belong to its own name servers that are no hosts. */
static bool glue_belongs(struct commons *commons, struct bytes *at, const char **why)
{
	struct holding holding;

	for (size_t index = 0; holding_next(commons->state, &index, &holding);) {
		size_t mark = commons->scratch.used;
		struct bytes lines = holding.records;
		struct rr rr;

		*at = holding.label;
		*why = "addresses of what is no name server of its own";
		while (record_rr(&lines, &commons->scratch, &rr)) {
			struct arena scratch = arena_rest(&commons->scratch);
			struct bytes others = holding.records;
			bool named = rr.type == TYPE_NS || rr.type == TYPE_DS;
			struct host host;
			struct writer w;
			struct rr ns;

			while (!named && record_rr(&others, &scratch, &ns))
				named = ns.type == TYPE_NS && bytes_same(ns.rdata, rr.owner);
			if (!named)
				return false;
			w = writer_in(&commons->scratch);
			dname_write_text(&w, rr.owner);
			if (rr.type != TYPE_NS && rr.type != TYPE_DS &&
			    host_get(commons->state, writer_bytes(&w), &host))
				return false;
		}
		commons->scratch.used = mark;
	}
	return true;
}

static bool hosts_link(struct commons *commons, size_t uses, struct bytes *at, const char **why)
{
	struct holding holding;
	struct host host;

	for (size_t index = 0; host_next(commons->state, &index, &host);) {
		struct dname wire;
		struct bytes label;
		enum mishap read = dname_read_strict(host.name, &wire);

		must(read == OK);
		*at = host.name;
		*why = "a host below a TLD that is not delegated";
		if (!link_label_of(commons, dname_bytes(&wire), &label) ||
		    !holding_get(commons->state, label, &holding) || holding.records.size == 0)
			return false;
		*why = "users that do not use it";
		if (host_user_count(&host) > uses)
			return false;
		uses -= host_user_count(&host);
	}
	return uses == 0;
}

static bool rules_met(struct commons *commons, struct refusal *refusal)
{
	struct holding holding;

	for (size_t index = 0; holding_next(commons->state, &index, &holding);) {
		enum reason fault = technical_fault(commons, holding.label, holding.records);

		if (fault != REASON_NONE)
			return refuse_name(refusal, fault, holding.label);
	}
	return true;
}

static bool refuse_record(struct commons *commons, struct bytes at, const char *why,
                          struct refusal *refusal)
{
	struct writer w = writer_in(&commons->scratch);

	write_bytes(&w, at);
	write_text(&w, ": ");
	write_text(&w, why);
	return refuse_name(refusal, REASON_DERIVES, writer_keep(&w, &commons->scratch));
}

bool manifest_put(struct commons *commons, struct bytes manifest, struct refusal *refusal)
{
	struct reading r = {.commons = commons, .lines = {.rest = manifest}};
	struct bytes before = {NULL, 0}, at = {NULL, 0};
	size_t uses = 0;

	if (!head(&r))
		return refuse_line(&r, refusal);
	while (r.lines.rest.size > 0)
		if (!one_record(&r, &before))
			return refuse_line(&r, refusal);
	if (!holdings_link(commons, &uses, &at, &r.why) || !glue_belongs(commons, &at, &r.why) ||
	    !hosts_link(commons, uses, &at, &r.why))
		return refuse_record(commons, at, r.why, refusal);
	return rules_met(commons, refusal);
}
