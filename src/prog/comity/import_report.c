/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/import_report.h"

#include "dns/dname.h"
#include "prog/comity/json.h"
#include "prog/comity/print.h"

/* ---- what both forms tell ---- */

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

static void put_sentence(FILE *to, struct bytes sentence)
{
	put(to, sentence);
	fputc('\n', to);
}

static struct bytes moment_text(struct command *c, struct ledger_time time)
{
	struct writer w = writer_in(&c->memory);

	write_time(&w, time);
	return writer_keep(&w, &c->memory);
}

static struct bytes digest_text(struct command *c, const struct digest *digest)
{
	struct writer w = writer_in(&c->memory);

	write_digest(&w, digest);
	return writer_keep(&w, &c->memory);
}

static void tell_waivers(FILE *to, struct command *c, const struct import_options *o,
                         const struct imported *imported)
{
	struct bytes until = moment_text(c, o->waive_until);
	struct writer w = writer_in(&c->memory);
	struct bytes counts;

	for (enum technical_rule rule = 0; rule < TECHNICAL_RULES; rule++) {
		write_text(&w, rule == 0 ? "" : say(c, ", ", "，"));
		write_text(&w, technical_word(rule));
		write_octet(&w, ' ');
		write_number(&w, waivers_of(imported, rule));
	}
	counts = writer_keep(&w, &c->memory);
	put_sentence(to, sentence(c, "waivers: {0}, until {1}; {2}", "豁免：{0} 项，期限 {1}；{2}",
	                          VALUES(number_text(c, imported->waivers), until, counts)));
	for (enum technical_rule rule = 0; o->verbose && rule < TECHNICAL_RULES; rule++)
		if (waivers_of(imported, rule) > 0)
			tell_waived(to, imported, rule);
}

static void tell_holders(FILE *to, const struct command *c, const struct import_report *r)
{
	put_sentence(to,
	             sentence(c, "TLDs: {0}, {1} of them by the map; the map names {2} that are not here",
	                      "顶级域：{0} 个，其中 {1} 个按映射分配；映射中另有 {2} 个不在此区",
	                      VALUES(number_text(c, r->imported->tlds), number_text(c, r->imported->mapped),
	                             number_text(c, r->shares - r->imported->mapped))));
	for (size_t i = 0; i < r->imported->holders; i++) {
		fputs("  ", to);
		put(to, r->imported->holder[i].party);
		fprintf(to, " %zu\n", r->imported->holder[i].tlds);
	}
}

static void tell_left(FILE *to, const struct command *c, const struct import_options *o,
                      const struct imported *imported)
{
	put_sentence(to, sentence(c,
	                          "records: {0} kept; dropped: {1} of the source's apex set, {2} signatures "
	                          "and NSEC, {3} others",
	                          "记录：保留 {0} 条；略去：来源的顶点集 {1} 条，签名与 NSEC {2} 条，其他 {3} 条",
	                          VALUES(number_text(c, imported->kept), number_text(c, imported->apex),
	                                 number_text(c, imported->chain), number_text(c, imported->others))));
	for (size_t i = 0; o->verbose && i < imported->other_sets; i++) {
		fputs("  ", to);
		put_set(to, imported->other[i]);
		fputc('\n', to);
	}
	put_sentence(to, sentence(c, "hosts: {0}, {1} of them serve several TLDs",
	                          "主机：{0} 个，其中 {1} 个服务于多个顶级域",
	                          VALUES(number_text(c, imported->hosts), number_text(c, imported->shared))));
}

static const char *zonemd_words(const struct command *c, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_VERIFIED:
		return say(c, "ZONEMD verified", "ZONEMD 已验证");
	case VERDICT_ABSENT:
		return say(c, "the zone has no ZONEMD: its glue and name servers are not proved",
		           "此区没有 ZONEMD：胶水记录和名称服务器未经证明");
	case VERDICT_UNSUPPORTED:
		return say(c, "ZONEMD of no known scheme and hash: glue and name servers are not proved",
		           "ZONEMD 的方案或散列算法未知：胶水记录和名称服务器未经证明");
	case VERDICT_FAILED:
		return say(c, "ZONEMD does not hold", "ZONEMD 不成立");
	default:
		return say(c, "ZONEMD not looked at", "ZONEMD 未检查");
	}
}

static void tell_verified(FILE *to, struct command *c, const struct import_options *o,
                          const struct telling *t)
{
	const char *when = o->inception
	                           ? say(c, " (when the SOA's signature begins to hold)", "（SOA 签名的起始时刻）")
	                           : "";
	const char *verdict = t->dnssec == VERDICT_VERIFIED
	                              ? say(c, "verified: DNSSEC for ", "验证：DNSSEC 成立，时刻 ")
	                              : say(c, "NOT VERIFIED: DNSSEC for ", "未通过验证：DNSSEC，时刻 ");

	if (t->dnssec == VERDICT_UNCHECKED) {
		put_sentence(to, sentence(c, "verified: no, for no trust anchor was given",
		                          "验证：否，未给出信任锚", NULL));
		return;
	}
	put_sentence(to, sentence(c, "{0}{1}{2}, {3} signatures; {4}", "{0}{1}{2}，{3} 个签名；{4}",
	                          VALUES(bytes_of(verdict), moment_text(c, t->at), bytes_of(when),
	                                 number_text(c, t->signatures), bytes_of(zonemd_words(c, t->zonemd)))));
	if (t->dnssec == VERDICT_FAILED || t->zonemd == VERDICT_FAILED) {
		fputs("  ", to);
		put_sentence(to, safe_text(c, t->why));
	}
}

void import_report_write(FILE *to, struct command *c, const struct import_options *o,
                         const struct import_report *r)
{
	struct digest digest = sha256(r->manifest);

	put_sentence(to, sentence(c, "zone: {0} serial {1}, {2} records, {3}", "区：{0} 序列号 {1}，{2} 条记录，{3}",
	                          VALUES(bytes_of(o->apex_text), number_text(c, r->serial),
	                                 number_text(c, r->records), r->telling->form)));
	put_sentence(to, sentence(c, "source: {0}", "来源：{0}", VALUES(digest_text(c, &r->source))));
	tell_verified(to, c, o, r->telling);
	if (r->imported == NULL)
		return;
	tell_holders(to, c, r);
	tell_left(to, c, o, r->imported);
	tell_waivers(to, c, o, r->imported);
	put_sentence(to, sentence(c, "import: {0} {1}", "import: {0} {1}",
	                          VALUES(digest_text(c, &digest), number_text(c, r->manifest.size))));
}

/* ---- for programs ---- */

static void json_zone(FILE *to, const struct import_options *o, const struct import_report *r)
{
	const struct telling *t = r->telling;

	fputs("{\"zone\":{\"apex\":", to);
	json_write_string(to, bytes_of(o->apex_text));
	fprintf(to, ",\"serial\":%u,\"records\":%zu,\"form\":", r->serial, r->records);
	json_write_string(to, t->form);
	fputs(",\"source\":\"", to);
	put_digest(to, &r->source);
	fprintf(to, "\"},\"verification\":{\"dnssec\":\"%s\",\"zonemd\":\"%s\",\"at\":\"",
	        verdict_word(t->dnssec), verdict_word(t->zonemd));
	put_time(to, t->at);
	fprintf(to, "\",\"inception\":%s,\"signatures\":%llu,\"why\":",
	        o->inception ? "true" : "false", (unsigned long long)t->signatures);
	if (t->dnssec == VERDICT_FAILED || t->zonemd == VERDICT_FAILED)
		json_write_string(to, t->why);
	else
		fputs("null", to);
	fputc('}', to);
}

static void json_holders(FILE *to, const struct imported *imported)
{
	fputs(",\"holders\":{", to);
	for (size_t i = 0; i < imported->holders; i++) {
		fputs(i == 0 ? "" : ",", to);
		json_write_string(to, imported->holder[i].party);
		fprintf(to, ":%zu", imported->holder[i].tlds);
	}
	fputc('}', to);
}

static void json_waivers(FILE *to, const struct import_options *o,
                         const struct imported *imported)
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
				json_write_string(to, imported->waiver[i].label);
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
		json_write_string(to, writer_bytes(&w));
	}
	fputc(']', to);
}

void import_report_write_json(FILE *to, const struct import_options *o,
                              const struct import_report *r)
{
	struct digest digest = sha256(r->manifest);

	json_zone(to, o, r);
	if (r->imported != NULL) {
		fprintf(to, ",\"tlds\":{\"all\":%zu,\"mapped\":%zu,\"absent\":%zu}",
		        r->imported->tlds, r->imported->mapped,
		        r->shares - r->imported->mapped);
		json_holders(to, r->imported);
		json_records(to, r->imported);
		json_waivers(to, o, r->imported);
		fputs(",\"manifest\":{\"sha256\":\"", to);
		put_digest(to, &digest);
		fprintf(to, "\",\"size\":%zu}", r->manifest.size);
	}
	fputs("}\n", to);
}
