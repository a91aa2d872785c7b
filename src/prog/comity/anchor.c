/* SPDX-License-Identifier: Apache-2.0 */
/* comity anchor: the trust anchor of the federation, in the form each resolver reads. */
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "dns/dname.h"
#include "dns/dnskey.h"
#include "dns/rdata.h"
#include "dns/type.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/view.h"
#include "state/custody.h"

/* A key-signing key as validators know it. */
struct anchor {
	struct group group;
	struct bytes apex;   /* text */
	struct bytes dnskey; /* RDATA as text */
	struct bytes ds;     /* "TAG 15 2 DIGEST" */
	struct bytes tag, digest;
};

static void anchor_make(struct command *command, const struct apex *apex, struct anchor *a)
{
	uint8_t key[64], ds[64];
	struct writer k = {.at = key, .size = sizeof(key)}, d = {.at = ds, .size = sizeof(ds)};
	struct writer w = writer_in(&command->memory);

	dname_write_text(&w, dname_bytes(&apex->name));
	a->apex = writer_keep(&w, &command->memory);
	dnskey_write_ed25519(&k, DNSKEY_FLAG_ZONE | DNSKEY_FLAG_SECURE_ENTRY, a->group.public_key);
	ds_write_sha256(&d, dname_bytes(&apex->name), writer_bytes(&k));
	w = writer_in(&command->memory);
	rdata_write_text(&w, TYPE_DNSKEY, writer_bytes(&k));
	a->dnskey = writer_keep(&w, &command->memory);
	w = writer_in(&command->memory);
	rdata_write_text(&w, TYPE_DS, writer_bytes(&d));
	a->ds = writer_keep(&w, &command->memory);
	a->tag = number_text(command, dnskey_key_tag(writer_bytes(&k)));
	w = writer_in(&command->memory);
	for (size_t i = 4; i < d.used; i++) {
		char hex[2];
		hex_write(hex, (struct bytes){ds + i, 1});
		for (unsigned c = 0; c < 2; c++)
			write_octet(&w, (uint8_t)(hex[c] >= 'a' ? hex[c] - 'a' + 'A' : hex[c]));
	}
	a->digest = writer_keep(&w, &command->memory);
}

/* Both of them: the one that signs, and the standby that takes over. How many there are. */
static unsigned anchors_take(struct command *command, const struct view *view,
                             struct anchor anchor[2])
{
	static const enum group_kind KINDS[] = {GROUP_KSK, GROUP_KSK_STANDBY};
	struct custody custody;
	struct apex apex;
	unsigned count = 0;

	custody_get(view_state(view), &custody);
	apex_get(view_state(view), &apex);
	for (unsigned i = 0; i < 2; i++)
		if (group_get(view_state(view), KINDS[i], custody.active[KINDS[i]], &anchor[count].group))
			anchor_make(command, &apex, &anchor[count++]);
	return count;
}

static void put(struct bytes text)
{
	fwrite(text.at, 1, text.size, stdout);
}

/* A template of ours with values of ours: no sentence, and nothing to make safe. */
static void put_line(const char *before, struct bytes a, const char *between, struct bytes b,
                     const char *after)
{
	fputs(before, stdout);
	put(a);
	fputs(between, stdout);
	put(b);
	fputs(after, stdout);
}

/* What the file is of, behind the mark of comments of its form. */
static void heading(struct command *command, const struct view *view, const struct anchor *anchor,
                    unsigned count, const char *mark)
{
	printf("%s ", mark);
	put(view->federation);
	printf(" at block ");
	put(number_text(command, view->height));
	printf("\n");
	for (unsigned i = 0; i < count; i++) {
		printf("%s %s %llu, key tag ", mark, group_word(anchor[i].group.kind),
		       (unsigned long long)anchor[i].group.number);
		put_line("", anchor[i].tag, ", since ", time_text(command, anchor[i].group.since), "\n");
	}
}

static void records(const struct anchor *anchor, unsigned count, bool ds)
{
	for (unsigned i = 0; i < count; i++)
		put_line("", anchor[i].apex, ds ? " IN DS " : " IN DNSKEY ",
		         ds ? anchor[i].ds : anchor[i].dnskey, "\n");
}

static void as_unbound(struct command *command, const struct view *view,
                       const struct anchor *anchor, unsigned count)
{
	heading(command, view, anchor, count, ";");
	puts("; for unbound.conf: auto-trust-anchor-file: \"this file\" (RFC 5011), or trust-anchor-file:");
	records(anchor, count, true);
}

static void as_bind(struct command *command, const struct view *view,
                    const struct anchor *anchor, unsigned count)
{
	heading(command, view, anchor, count, "//");
	puts("trust-anchors {");
	for (unsigned i = 0; i < count; i++) {
		put_line("\t\"", anchor[i].apex, "\" initial-ds ", anchor[i].tag, " 15 2 \"");
		put(anchor[i].digest);
		puts("\";");
	}
	puts("};");
}

static void as_knot_resolver(struct command *command, const struct view *view,
                             const struct anchor *anchor, unsigned count)
{
	heading(command, view, anchor, count, "--");
	put_line("trust_anchors.remove('", anchor[0].apex, "')", BYTES(""), "\n");
	/* All at once: kresd 5 keeps of several calls the last alone. */
	puts("trust_anchors.add([[");
	for (unsigned i = 0; i < count; i++)
		put_line("", anchor[i].apex, " 3600 IN DS ", anchor[i].ds, "\n");
	puts("]])");
}

static void as_powerdns(struct command *command, const struct view *view,
                        const struct anchor *anchor, unsigned count)
{
	heading(command, view, anchor, count, "--");
	puts("-- for recursor.conf: lua-config-file=this file");
	put_line("clearTA('", anchor[0].apex, "')", BYTES(""), "\n");
	for (unsigned i = 0; i < count; i++)
		put_line("addTA('", anchor[i].apex, "', \"", anchor[i].ds, "\")\n");
}

/* RFC 7958 section 2. */
static void as_xml(struct command *command, const struct view *view, const struct anchor *anchor,
                   unsigned count)
{
	puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	put_line("<TrustAnchor id=\"", bytes_from(view->federation, view->ledger.commons.origin.size + 1),
	         "\" source=\"", view->ledger.commons.origin, "\">\n");
	put_line("<Zone>", anchor[0].apex, "</Zone>", BYTES(""), "\n");
	for (unsigned i = 0; i < count; i++) {
		char since[TIME_TEXT_SIZE];

		time_write(since, anchor[i].group.since);
		put_line("<KeyDigest id=\"", bytes_of(group_word(anchor[i].group.kind)), "-",
		         number_text(command, anchor[i].group.number), "\"");
		printf(" validFrom=\"%.*s+00:00\">\n", TIME_TEXT_SIZE - 1, since);
		put_line("<KeyTag>", anchor[i].tag, "</KeyTag>\n<Algorithm>15</Algorithm>\n", BYTES(""),
		         "<DigestType>2</DigestType>\n");
		put_line("<Digest>", anchor[i].digest, "</Digest>\n", BYTES(""), "</KeyDigest>\n");
	}
	puts("</TrustAnchor>");
}

static void as_ds(struct command *command, const struct view *view, const struct anchor *anchor,
                  unsigned count)
{
	(void)command;
	(void)view;
	records(anchor, count, true);
}

static void as_dnskey(struct command *command, const struct view *view,
                      const struct anchor *anchor, unsigned count)
{
	(void)command;
	(void)view;
	records(anchor, count, false);
}

static const struct {
	const char *word;
	void (*print)(struct command *command, const struct view *view, const struct anchor *anchor,
	              unsigned count);
} FORMATS[] = {
	{"unbound", as_unbound},           {"bind", as_bind}, {"knot-resolver", as_knot_resolver},
	{"powerdns", as_powerdns},         {"xml", as_xml},   {"ds", as_ds},
	{"dnskey", as_dnskey},
};

#define FORMAT_COUNT (sizeof(FORMATS) / sizeof(FORMATS[0]))

static void json_anchors(struct command *command, const struct view *view,
                         const struct anchor *anchor, unsigned count)
{
	json_object(command, NULL);
	view_json_head(command, view);
	json_text(command, "zone", anchor[0].apex);
	json_array(command, "anchors");
	for (unsigned i = 0; i < count; i++) {
		json_object(command, NULL);
		json_text(command, "group", bytes_of(group_word(anchor[i].group.kind)));
		json_number(command, "number", anchor[i].group.number);
		json_number(command, "tag", anchor[i].group.tag);
		json_time(command, "since", anchor[i].group.since);
		json_text(command, "ds", anchor[i].ds);
		json_text(command, "dnskey", anchor[i].dnskey);
		json_close_object(command);
	}
	json_close_array(command);
	json_close_object(command);
}

int anchor(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"format", required_argument, NULL, 'f'},
	                                        {NULL, 0, NULL, 0}};
	struct anchor anchors[2] = {{.tag = {NULL, 0}}};
	size_t format = FORMAT_COUNT;
	struct view view;
	unsigned count;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 'f')
			return EXIT_MISUSE;
		for (format = 0; format < FORMAT_COUNT && strcmp(optarg, FORMATS[format].word) != 0;)
			format++;
		if (format == FORMAT_COUNT)
			return misuse_of(command, "--format: none is called {0}", "--format：没有名为 {0} 的格式",
			                 VALUES(bytes_of(optarg)));
	}
	if (!arguments_are(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (format == FORMAT_COUNT && !command->json)
		return misuse(command, "for which resolver? --format", "用于哪种解析器？--format");
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	count = anchors_take(command, &view, anchors);
	if (count < 2) {
		fail(command, EXIT_NOT_YET, "the key-signing keys are not made yet", "密钥签名密钥尚未生成", NULL);
		next_step(command, "comity signing watch", "comity signing watch", NULL);
		return EXIT_NOT_YET;
	}
	if (command->json)
		json_anchors(command, &view, anchors, count);
	else
		FORMATS[format].print(command, &view, anchors, count);
	return EXIT_DONE;
}
