/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/import_report.h"

#include <string.h>

#include "base/text.h"
#include "dns/dname.h"

/* ---- what both forms tell ---- */

/* The value of the next line of the manifest that begins with `name`; a walk. */
static bool next_value(struct text *lines, const char *name, struct bytes *value)
{
	struct bytes line;

	while (text_line(lines, &line))
		if (text_field(line, name, value))
			return true;
	return false;
}

/* How many TLDs the party holds in the manifest. */
static size_t held_by(struct bytes manifest, struct bytes party)
{
	struct text lines = {.rest = manifest};
	struct bytes value;
	size_t count = 0;

	while (next_value(&lines, "holder", &value))
		count += bytes_same(value, party);
	return count;
}

/* Whether the party's first TLD is the one behind which `rest` goes on. */
static bool is_first(struct bytes manifest, struct bytes rest, struct bytes party)
{
	struct text lines = {.rest = bytes_first(manifest, manifest.size - rest.size)};
	struct bytes value;
	size_t count = 0;

	while (next_value(&lines, "holder", &value))
		count += bytes_same(value, party);
	return count == 1;
}

static size_t waivers_of(const struct imported *imported, enum technical_rule rule)
{
	size_t count = 0;

	for (size_t i = 0; i < imported->waivers; i++)
		count += imported->waiver[i].rule == rule;
	return count;
}

static void put(FILE *to, struct bytes text)
{
	if (text.size > 0)
		fwrite(text.at, 1, text.size, to);
}

static void put_time(FILE *to, struct ledger_time time)
{
	char text[TIME_TEXT_SIZE];

	time_write(text, time);
	fwrite(text, 1, sizeof(text), to);
}

static void put_digest(FILE *to, const struct digest *digest)
{
	for (unsigned i = 0; i < DIGEST_SIZE; i++)
		fprintf(to, "%02x", digest->octet[i]);
}

/* "name TYPE" */
static void put_set(FILE *to, const struct rrset *set)
{
	uint8_t octets[DNAME_TEXT_SIZE_MAX + 20];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	dname_write_text(&w, set->owner);
	write_octet(&w, ' ');
	type_write_text(&w, set->type);
	put(to, writer_bytes(&w));
}

/* ---- for people ---- */

static void tell_waived(FILE *to, const struct imported *imported, enum technical_rule rule)
{
	fprintf(to, "  %s:", technical_word(rule));
	for (size_t i = 0; i < imported->waivers; i++)
		if (imported->waiver[i].rule == rule) {
			fputc(' ', to);
			put(to, imported->waiver[i].label);
		}
	fputc('\n', to);
}

static void tell_waivers(FILE *to, const struct import_options *o, const struct imported *imported)
{
	fprintf(to, import_words(o, "waivers: %zu, until ", "豁免：%zu 项，期限 "),
	        imported->waivers);
	put_time(to, o->waive_until);
	for (enum technical_rule rule = 0; rule < TECHNICAL_RULES; rule++)
		fprintf(to, "%s %s %zu", rule == 0 ? ";" : ",", technical_word(rule),
		        waivers_of(imported, rule));
	fputc('\n', to);
	for (enum technical_rule rule = 0; o->verbose && rule < TECHNICAL_RULES; rule++)
		if (waivers_of(imported, rule) > 0)
			tell_waived(to, imported, rule);
}

static void tell_holders(FILE *to, const struct import_options *o, const struct import_report *r)
{
	struct text lines = {.rest = r->manifest};
	struct bytes value;

	fprintf(to,
	        import_words(o, "TLDs: %zu, %zu of them by the map; the map names %zu that are not here\n",
	                     "顶级域：%zu 个，其中 %zu 个按映射分配；映射中另有 %zu 个不在此区\n"),
	        r->imported->tlds, r->imported->mapped, r->shares - r->imported->mapped);
	while (next_value(&lines, "holder", &value))
		if (is_first(r->manifest, lines.rest, value)) {
			fputs("  ", to);
			put(to, value);
			fprintf(to, " %zu\n", held_by(r->manifest, value));
		}
}

static void tell_left(FILE *to, const struct import_options *o, const struct imported *imported)
{
	fprintf(to,
	        import_words(o,
	                     "records: %zu kept; dropped: %zu of the source's apex set, %zu signatures "
	                     "and NSEC, %zu others\n",
	                     "记录：保留 %zu 条；略去：来源的顶点集 %zu 条，签名与 NSEC %zu 条，其他 %zu 条\n"),
	        imported->kept, imported->apex, imported->chain, imported->others);
	for (size_t i = 0; o->verbose && i < imported->other_sets; i++) {
		fputs("  ", to);
		put_set(to, imported->other[i]);
		fputc('\n', to);
	}
	fprintf(to,
	        import_words(o, "hosts: %zu, %zu of them serve several TLDs\n",
	                     "主机：%zu 个，其中 %zu 个服务于多个顶级域\n"),
	        imported->hosts, imported->shared);
}

static const char *zonemd_words(const struct import_options *o, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_VERIFIED:
		return import_words(o, "ZONEMD verified", "ZONEMD 已验证");
	case VERDICT_ABSENT:
		return import_words(o, "the zone has no ZONEMD: its glue and name servers are not proved",
		                    "此区没有 ZONEMD：胶水记录和域名服务器未经证明");
	case VERDICT_UNSUPPORTED:
		return import_words(o, "ZONEMD of no known scheme and hash: glue and name servers are not proved",
		                    "ZONEMD 的方案或散列算法未知：胶水记录和域名服务器未经证明");
	case VERDICT_FAILED:
		return import_words(o, "ZONEMD does not hold", "ZONEMD 不成立");
	default:
		return import_words(o, "ZONEMD not looked at", "ZONEMD 未检查");
	}
}

static void tell_verified(FILE *to, const struct import_options *o, const struct telling *t)
{
	if (t->dnssec == VERDICT_UNCHECKED) {
		fputs(import_words(o, "verified: no, for no trust anchor was given\n",
		                   "验证：否，未给出信任锚\n"),
		      to);
		return;
	}
	fputs(t->dnssec == VERDICT_VERIFIED
	              ? import_words(o, "verified: DNSSEC for ", "验证：DNSSEC 成立，时刻 ")
	              : import_words(o, "NOT VERIFIED: DNSSEC for ", "未通过验证：DNSSEC，时刻 "),
	      to);
	put_time(to, t->at);
	if (o->inception)
		fputs(import_words(o, " (when the SOA's signature begins to hold)",
		                   "（SOA 签名的起始时刻）"),
		      to);
	fprintf(to, import_words(o, ", %llu signatures; %s\n", "，%llu 个签名；%s\n"),
	        (unsigned long long)t->signatures, zonemd_words(o, t->zonemd));
	if (t->dnssec == VERDICT_FAILED || t->zonemd == VERDICT_FAILED) {
		fputs("  ", to);
		put(to, t->why);
		fputc('\n', to);
	}
}

void import_report_write(FILE *to, const struct import_options *o, const struct import_report *r)
{
	struct digest digest = sha256(r->manifest);

	fprintf(to, import_words(o, "zone: %s serial %u, %zu records, ", "区：%s 序列号 %u，%zu 条记录，"),
	        o->apex_text, r->serial, r->records);
	put(to, r->telling->form);
	fputs(import_words(o, "\nsource: ", "\n来源："), to);
	put_digest(to, &r->source);
	fputc('\n', to);
	tell_verified(to, o, r->telling);
	if (r->imported == NULL)
		return;
	tell_holders(to, o, r);
	tell_left(to, o, r->imported);
	tell_waivers(to, o, r->imported);
	fputs("import: ", to);
	put_digest(to, &digest);
	fprintf(to, " %zu\n", r->manifest.size);
}

/* ---- for programs ---- */

static void json_text(FILE *to, struct bytes text)
{
	fputc('"', to);
	for (size_t i = 0; i < text.size; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\')
			fputc('\\', to);
		fputc(text.at[i], to);
	}
	fputc('"', to);
}

static void json_zone(FILE *to, const struct import_options *o, const struct import_report *r)
{
	const struct telling *t = r->telling;

	fputs("{\"zone\":{\"apex\":", to);
	json_text(to, bytes_of(o->apex_text));
	fprintf(to, ",\"serial\":%u,\"records\":%zu,\"form\":", r->serial, r->records);
	json_text(to, t->form);
	fputs(",\"source\":\"", to);
	put_digest(to, &r->source);
	fprintf(to, "\"},\"verification\":{\"dnssec\":\"%s\",\"zonemd\":\"%s\",\"at\":\"",
	        verdict_word(t->dnssec), verdict_word(t->zonemd));
	put_time(to, t->at);
	fprintf(to, "\",\"inception\":%s,\"signatures\":%llu,\"why\":",
	        o->inception ? "true" : "false", (unsigned long long)t->signatures);
	if (t->dnssec == VERDICT_FAILED || t->zonemd == VERDICT_FAILED)
		json_text(to, t->why);
	else
		fputs("null", to);
	fputc('}', to);
}

static void json_holders(FILE *to, struct bytes manifest)
{
	struct text lines = {.rest = manifest};
	const char *between = "";
	struct bytes value;

	fputs(",\"holders\":{", to);
	while (next_value(&lines, "holder", &value))
		if (is_first(manifest, lines.rest, value)) {
			fputs(between, to);
			json_text(to, value);
			fprintf(to, ":%zu", held_by(manifest, value));
			between = ",";
		}
	fputc('}', to);
}

static void json_waivers(FILE *to, const struct import_options *o, const struct imported *imported)
{
	fputs(",\"waivers\":{\"until\":\"", to);
	put_time(to, o->waive_until);
	fputc('"', to);
	for (enum technical_rule rule = 0; rule < TECHNICAL_RULES; rule++) {
		const char *between = "";

		fprintf(to, ",\"%s\":[", technical_word(rule));
		for (size_t i = 0; i < imported->waivers; i++)
			if (imported->waiver[i].rule == rule) {
				fputs(between, to);
				json_text(to, imported->waiver[i].label);
				between = ",";
			}
		fputc(']', to);
	}
	fputc('}', to);
}

static void json_records(FILE *to, const struct imported *imported)
{
	fprintf(to,
	        ",\"records\":{\"kept\":%zu,\"apex\":%zu,\"chain\":%zu,\"others\":%zu},"
	        "\"hosts\":{\"all\":%zu,\"shared\":%zu},\"others\":[",
	        imported->kept, imported->apex, imported->chain, imported->others,
	        imported->hosts, imported->shared);
	for (size_t i = 0; i < imported->other_sets; i++) {
		uint8_t octets[DNAME_TEXT_SIZE_MAX + 20];
		struct writer w = {.at = octets, .size = sizeof(octets)};

		dname_write_text(&w, imported->other[i]->owner);
		write_octet(&w, ' ');
		type_write_text(&w, imported->other[i]->type);
		fputs(i == 0 ? "" : ",", to);
		json_text(to, writer_bytes(&w));
	}
	fputc(']', to);
}

void import_report_write_json(FILE *to, const struct import_options *o,
                              const struct import_report *r)
{
	struct digest digest = sha256(r->manifest);

	json_zone(to, o, r);
	if (r->imported != NULL) {
		fprintf(to, ",\"tlds\":{\"all\":%zu,\"mapped\":%zu,\"absent\":%zu}", r->imported->tlds,
		        r->imported->mapped, r->shares - r->imported->mapped);
		json_holders(to, r->manifest);
		json_records(to, r->imported);
		json_waivers(to, o, r->imported);
		fputs(",\"manifest\":{\"sha256\":\"", to);
		put_digest(to, &digest);
		fprintf(to, "\",\"size\":%zu}", r->manifest.size);
	}
	fputs("}\n", to);
}
