/* SPDX-License-Identifier: Apache-2.0 */
/* Acts and founding texts: one of every kind as it should be, and each thing that is not. */
#include "act/act.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "act/genesis.h"
#include "base/hex.h"
#include "tap.h"

static uint8_t memory[2 * ACT_SCRATCH_SIZE + 2 * ACT_TEXT_SIZE_MAX]
	__attribute__((aligned(16)));
static uint8_t out[4 * ACT_TEXT_SIZE_MAX];

static struct bytes file_of(const char *path)
{
	static uint8_t octets[2][65536];
	static unsigned turn;
	const char *source = getenv("COMITY_SOURCE");
	char full[1000];
	FILE *file;
	size_t size;

	snprintf(full, sizeof(full), "%s/test/corpus/act/%s", source != NULL ? source : ".",
	         path);
	file = fopen(full, "rb");
	if (file == NULL)
		bail_out(full);
	turn = 1 - turn;
	size = fread(octets[turn], 1, sizeof(octets[turn]), file);
	fclose(file);
	return (struct bytes){octets[turn], size};
}

static struct arena scratch(void)
{
	return (struct arena){memory, sizeof(memory), 0};
}

static bool writes_back(const struct act *act, struct bytes text)
{
	struct writer w = {.at = out, .size = sizeof(out)};

	act_write(&w, act);
	return !w.full && bytes_same(writer_bytes(&w), text);
}

/* ---- one of every kind ---- */

/* Whatever a kind has can be taken out again; what is taken apart goes together again. */
static bool parts_come_apart(const struct act *act)
{
	struct bytes keys = {NULL, 0}, records = act->records;
	struct arena arena = scratch();
	struct writer w = {.at = out, .size = sizeof(out)};
	enum key_role role;
	struct note_key key;
	struct rr rr;

	for (const struct act_field *f = act_row(act->kind)->field; f->form != FORM_NONE; f++)
		if (f->form == FORM_KEYS)
			keys = act_field(act, f->name);
	for (struct bytes rest = keys; act_key(&rest, &role, &key);) {
		write_text(&w, "key: ");
		write_text(&w, key_role_word(role));
		write_octet(&w, ' ');
		note_key_write(&w, &key);
		write_octet(&w, '\n');
	}
	while (act_record(&records, &arena, &rr))
		act_write_record(&w, &rr);
	act_write_embedded(&w, act_embedded(act, &arena));
	return !w.full && w.used == keys.size + act->records.size + act->embed.size &&
	       bytes_starts(writer_bytes(&w), keys) &&
	       bytes_same(bytes_from(writer_bytes(&w), w.used - act->embed.size), act->embed);
}

static void golden(const char *name, bool seen[ACT_KINDS])
{
	char path[300], what[400];
	struct fault fault = {0};
	struct bytes text;
	struct act act;

	snprintf(path, sizeof(path), "act/%s", name);
	text = file_of(path);
	snprintf(what, sizeof(what), "%s reads, and writes back", name);
	if (!ok(act_read(text, scratch(), &act, &fault) == OK && writes_back(&act, text),
	        what)) {
		printf("# line %u: %s\n", fault.line, fault.why != NULL ? fault.why : "");
		return;
	}
	struct digest id = sha256(text);
	if (!digest_same(&id, &act.id) || !parts_come_apart(&act) ||
	    !bytes_starts(bytes_of(name), bytes_of(act_row(act.kind)->word)))
		ok(false, name);
	seen[act.kind] = true;
}

static void golden_all(void)
{
	const char *source = getenv("COMITY_SOURCE");
	bool seen[ACT_KINDS] = {[ACT_GENESIS] = true}, all = true;
	struct dirent **names;
	char folder[1000];
	int count;

	snprintf(folder, sizeof(folder), "%s/test/corpus/act/act",
	         source != NULL ? source : ".");
	count = scandir(folder, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (names[i]->d_name[0] != '.')
			golden(names[i]->d_name, seen);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	for (enum act_kind k = 0; k < ACT_KINDS; k++)
		all = all && seen[k];
	ok(all, "there is one of every kind");
}

static void values(void)
{
	struct digest digest;
	struct fault fault;
	struct act act;

	if (act_read(file_of("act/delegate"), scratch(), &act, &fault) != OK)
		bail_out("delegate");
	ok(bytes_same(act.origin, BYTES("root.comity.example")) && act.federation[0] == 0xb7 &&
	           act.charter == 1 && bytes_same(act.by, BYTES("aurelia")) &&
	           act.until.seconds == 1795525200,
	   "the head of an act");
	ok(bytes_same(act_field(&act, "tld"), BYTES("aur")) &&
	           !act_slot(&act, "replaces", &digest),
	   "its fields");
	if (act_read(file_of("act/release"), scratch(), &act, &fault) != OK)
		bail_out("release");
	ok(act_number(&act, "serial") == 2026112200 &&
	           act_counted(&act, "zone", &digest) == 16 &&
	           act_time(&act, "expires").seconds == 1796977992,
	   "numbers, times, counted digests");
	struct arena arena = scratch();
	ok(act_base64(&act, "signature", &arena).size == 64, "octets");
	if (act_read(file_of("act/transfer"), scratch(), &act, &fault) != OK)
		bail_out("transfer");
	ok(act_slot(&act, "replaces", &digest) && digest.octet[0] != 0, "a slot that is taken");
}

/* ---- what is refused ---- */

#define HEAD                                                                                   \
	"comity-act/1 delegate\n"                                                              \
	"federation: root.comity.example b74f39f7d114ab303a82248632168079\n"                   \
	"charter: 1\n"                                                                         \
	"by: aurelia\n"                                                                        \
	"until: 2026-11-24T13:00:00Z\n"
#define FIELDS "tld: aur\nreplaces: none\n"
#define NS     "+ aur. 172800 IN NS a.nic.aur.\n"

static void refuses(const char *what, struct bytes text, uint32_t line, const char *why)
{
	struct act act = {.charter = 77};
	struct fault fault = {0};
	enum mishap read = act_read(text, scratch(), &act, &fault);

	if (ok(read != OK && act.charter == 77 && fault.line == line && fault.why != NULL &&
	               strcmp(fault.why, why) == 0,
	       what))
		return;
	printf("# line %u: %s\n", fault.line, fault.why != NULL ? fault.why : "read");
}

/* A text with one line of the delegation put in the place of another. */
static void refuses_line(const char *what, uint32_t line, const char *instead, const char *why)
{
	struct text lines = {.rest = BYTES(HEAD FIELDS NS "> words\n")};
	static uint8_t text[ACT_TEXT_SIZE_MAX];
	struct writer w = {.at = text, .size = sizeof(text)};
	struct bytes old;

	while (text_line(&lines, &old)) {
		write_bytes(&w, lines.line == line ? bytes_of(instead) : old);
		write_octet(&w, '\n');
	}
	refuses(what, writer_bytes(&w), line, why);
}

static void refused_heads(void)
{
	const char *head = "an act begins with \"comity-act/1\" and its kind";
	const char *field = "not the field that stands here in every act";
	const char *federation = "a federation is its origin and 32 hex digits";
	const char *party = "not the name of a party", *time = "not a time";

	refuses("nothing", BYTES(""), 0, "the text ends too early");
	refuses("no line end", BYTES("comity-act/1 grant"), 0, "the last line does not end");
	refuses("half a head", BYTES("comity-act/1 grant\n"), 1, "the text ends too early");
	refuses_line("another version", 1, "comity-act/2 delegate", head);
	refuses_line("a capital", 1, "Comity-act/1 delegate", head);
	refuses_line("no such kind", 1, "comity-act/1 revoke", "no such kind of act");
	refuses_line("a kind and more", 1, "comity-act/1 delegate ", "no such kind of act");
	refuses_line("a genesis", 1, "comity-act/1 genesis", "no such kind of act");
	refuses_line("no federation", 2, "charter: 1", field);
	refuses_line("two blanks", 2,
	             "federation:  root.comity.example b74f39f7d114ab303a82248632168079",
	             federation);
	refuses_line("an origin alone", 2, "federation: root.comity.example", federation);
	refuses_line("31 digits", 2,
	             "federation: root.comity.example b74f39f7d114ab303a8224863216807",
	             federation);
	refuses_line("capital digits", 2,
	             "federation: root.comity.example B74f39f7d114ab303a82248632168079",
	             federation);
	refuses_line("an origin of ours", 2,
	             "federation: comity-act/1 b74f39f7d114ab303a82248632168079", federation);
	refuses_line("version 01", 3, "charter: 01", "not a charter version");
	refuses_line("version -1", 3, "charter: -1", "not a charter version");
	refuses_line("a version too large", 3, "charter: 4294967296", "not a charter version");
	refuses_line("an empty value", 4, "by: ", field);
	refuses_line("a tab", 4, "by:\taurelia", "not printable ASCII");
	refuses_line("one letter", 4, "by: a", party);
	refuses_line("a dash first", 4, "by: -aurelia", party);
	refuses_line("a dash last", 4, "by: aurelia-", party);
	refuses_line("a capital name", 4, "by: Aurelia", party);
	refuses_line("a name and more", 4, "by: aurelia ", party);
	refuses_line("no such day", 5, "until: 2026-02-29T13:00:00Z", time);
	refuses_line("no such hour", 5, "until: 2026-11-24T24:00:00Z", time);
	refuses_line("a zone", 5, "until: 2026-11-24T13:00:00+01:00", time);
	refuses_line("parts of seconds", 5, "until: 2026-11-24T13:00:00.0Z", time);
}

static void refused_bodies(void)
{
	const char *field = "not the next field of this kind",
		   *value = "not a value for this field";
	const char *order = "records not in canonical order, or one twice";
	const char *here = "a line that does not belong here";
	static uint8_t text[ACT_TEXT_SIZE_MAX + 100];
	struct writer w = {.at = text, .size = sizeof(text)};

	refuses("fields turned round", BYTES(HEAD "replaces: none\ntld: aur\n"), 6, field);
	refuses("a field twice", BYTES(HEAD "tld: aur\ntld: aur\nreplaces: none\n"), 7, field);
	refuses("a field of another kind", BYTES(HEAD FIELDS "holder: aurelia\n"), 8, here);
	refuses("a field missing", BYTES(HEAD "tld: aur\n"), 6, "the text ends too early");
	refuses_line("two labels", 6, "tld: nic.aur", value);
	refuses_line("a capital label", 6, "tld: Aur", value);
	refuses_line("a dot", 6, "tld: aur.", value);
	refuses_line("an escape", 6, "tld: \\097ur", value);
	refuses_line(
		"a slot of 63 digits", 7,
		"replaces: 000000000000000000000000000000000000000000000000000000000000000",
		value);
	refuses_line("a slot that is none", 7, "replaces: None", value);
	refuses_line("an upper-case name", 8, "+ AUR. 172800 IN NS a.nic.aur.",
	             "not the one form of this record");
	refuses_line("two blanks in a record", 8, "+ aur.  172800 IN NS a.nic.aur.",
	             "not a time to live in seconds");
	refuses_line("a class", 8, "+ aur. 172800 CH NS a.nic.aur.", "not class IN");
	refuses_line("a type", 8, "+ aur. 172800 IN TXT \"x\"",
	             "not a record of type NS, A, AAAA or DS");
	refuses_line("an address in long form", 8, "+ aur. 172800 IN AAAA 2001:db8:0:0:0:0:0:1",
	             "not the one form of this record");
	refuses_line("a tab in a record", 8, "+ aur.\t172800 IN NS a.nic.aur.",
	             "not printable ASCII");
	refuses("a record twice", BYTES(HEAD FIELDS NS NS), 9, order);
	refuses("records out of order",
	        BYTES(HEAD FIELDS "+ aur. 172800 IN NS b.nic.aur.\n" NS), 9, order);
	refuses("two TTLs", BYTES(HEAD FIELDS NS "+ aur. 172801 IN NS b.nic.aur.\n"), 9,
	        "two TTLs in one RRset");
	refuses("an embedded document", BYTES(HEAD FIELDS NS "| text\n"), 9,
	        "this kind of act embeds no document");
	refuses("an empty line", BYTES(HEAD FIELDS "\n" NS), 8, here);
	refuses("an empty line last", BYTES(HEAD FIELDS NS "\n"), 9, here);
	refuses("records behind words", BYTES(HEAD FIELDS "> words\n" NS), 9, here);
	refuses("no line end at last", BYTES(HEAD FIELDS NS "> words"), 9, here);
	refuses("a carriage return", BYTES("comity-act/1 delegate\r\n"), 1,
	        "not printable ASCII");

	write_text(&w, HEAD FIELDS);
	while (w.used <= ACT_TEXT_SIZE_MAX)
		write_text(&w, "> a line of words that people can read and understand\n");
	refuses("a text too large", writer_bytes(&w), 0, "a text has at most 32768 octets");
}

static void refused_kinds(void)
{
	static const char HEAD_OF[] =
		"\nfederation: root.comity.example b74f39f7d114ab303a82248632168079\n"
		"charter: 1\nby: aurelia\nuntil: 2026-11-24T13:00:00Z\n";
	static const struct {
		const char *what, *kind, *rest;
		uint32_t line;
		const char *why;
	} CASES[] = {
		{"records where there are none", "grant",
	         "tld: aur\nholder: borealia\nreplaces: none\n" NS, 9,
	         "this kind of act has no records"},
		{"no document", "charter-amend", "subject: charter\nreplaces: none\n", 7,
	         "this kind of act embeds a document"},
		{"a document with a blank at an end", "charter-amend",
	         "subject: charter\nreplaces: none\n| text \n", 8,
	         "a blank at the end of the line"},
		{"a document without a blank", "charter-amend",
	         "subject: charter\nreplaces: none\n|text\n", 8,
	         "an embedded line is | alone, or | and a blank and text"},
		{"a document with an empty blank", "charter-amend",
	         "subject: charter\nreplaces: none\n| \n", 8,
	         "an embedded line is | alone, or | and a blank and text"},
		{"another subject", "charter-amend", "subject: zone\nreplaces: none\n| text\n",
	         6, "not a value for this field"},
		{"a subject of neither sort", "withdraw", "subject: host/aur\nreplaces: none\n",
	         6, "not a value for this field"},
		{"a vote", "consent", "act: none\nvote: yes\nreplaces: none\n", 6,
	         "not a value for this field"},
		{"parties out of order", "answered",
	         "job: 1\nsession: 0\nshares: none\nmissing: bo ax\n", 9,
	         "not a value for this field"},
		{"parties twice", "answered",
	         "job: 1\nsession: 0\nshares: none\nmissing: ax ax\n", 9,
	         "not a value for this field"},
		{"parties and none", "answered",
	         "job: 1\nsession: 0\nshares: none\nmissing: ax none \n", 9,
	         "not a value for this field"},
		{"base64 with spare bits", "complain",
	         "group: zsk\nceremony: 1\ndealer: borealia\nproof: AB==\n", 9,
	         "not a value for this field"},
		{"base64 without padding", "complain",
	         "group: zsk\nceremony: 1\ndealer: borealia\nproof: AA\n", 9,
	         "not a value for this field"},
		{"a number too large", "key",
	         "group: zsk\nceremony: 9223372036854775808\nkey: 00\n", 7,
	         "not a value for this field"},
		{"a group", "open", "group: log\nreplaces: none\n", 6,
	         "not a value for this field"},
		{"a key that is none", "rotate", "threshold: 1\nreplaces: none\nkey: act x\n",
	         8, "not a value for this field"},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct writer w = {.at = out, .size = sizeof(out)};

		write_text(&w, "comity-act/1 ");
		write_text(&w, CASES[i].kind);
		write_text(&w, HEAD_OF);
		write_text(&w, CASES[i].rest);
		refuses(CASES[i].what, writer_bytes(&w), CASES[i].line, CASES[i].why);
	}
}

/* A role for a key, but the key of type cosignature: it signs no texts. */
static void refused_keys(void)
{
	static const uint8_t BASE[32] = {0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	                                 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	                                 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	                                 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};
	struct note_key key = note_key_make(BYTES("root.comity.example/p/aurelia/1"),
	                                    NOTE_TYPE_COSIGNATURE, BASE);
	struct writer w = {.at = out, .size = sizeof(out)};

	write_text(&w, "comity-act/1 rotate\nfederation: root.comity.example "
	               "b74f39f7d114ab303a82248632168079\n"
	               "charter: 1\nby: aurelia\nuntil: 2026-11-24T13:00:00Z\nthreshold: "
	               "1\nreplaces: none\nkey: act ");
	note_key_write(&w, &key);
	write_octet(&w, '\n');
	refuses("a key of another type", writer_bytes(&w), 8, "not a value for this field");
}

/* ---- what looks like something else ---- */

static void unicode(void)
{
	static const struct {
		const char *what, *words, *why;
	} TRAPS[] = {
		{"text turned right to left",
	         "pay \xe2\x80\xae"
	         "000 to",
	         NULL},
		{"text isolated",
	         "\xe2\x81\xa6"
	         "aur",
	         NULL},
		{"a zero-width blank",
	         "aur\xe2\x80\x8b"
	         "elia",
	         NULL},
		{"a zero-width joiner",
	         "aur\xe2\x80\x8d"
	         "elia",
	         NULL},
		{"a byte order mark",
	         "\xef\xbb\xbf"
	         "aur",
	         NULL},
		{"a soft hyphen",
	         "au\xc2\xad"
	         "r",
	         NULL},
		{"a hard blank",
	         "a\xc2\xa0"
	         "b",
	         NULL},
		{"a line separator",
	         "a\xe2\x80\xa8"
	         "b",
	         NULL},
		{"decomposed", "Aure\xcc\x81lia", NULL},
		{"overlong UTF-8", "\xc0\xaf", NULL},
		{"a surrogate", "\xed\xa0\x80", NULL},
		{"beyond Unicode", "\xf4\x90\x80\x80", NULL},
		{"private use", "\xee\x80\x80", NULL},
		{"a tag character", "\xf3\xa0\x81\xa1", NULL},
		{"half a character", "a\xe4\xb8", NULL},
		{"delete", "a\x7f", NULL},
		{"two blanks", "a  b", NULL},
		{"a blank first", " a", NULL},
		{"a blank last", "a ", NULL},
	};
	struct act act;
	struct fault fault;

	for (size_t i = 0; i < sizeof(TRAPS) / sizeof(TRAPS[0]); i++) {
		struct writer w = {.at = out, .size = sizeof(out)};

		write_text(&w, HEAD FIELDS NS "> ");
		write_text(&w, TRAPS[i].words);
		write_octet(&w, '\n');
		fault = (struct fault){0};
		ok(act_read(writer_bytes(&w), scratch(), &act, &fault) == MISHAP_MALFORMED &&
		           fault.line == 9 && fault.why != NULL,
		   TRAPS[i].what);
	}
	struct bytes good =
		BYTES(HEAD FIELDS NS
	              "> \xe5\x8a\xa0\xe6\x8b\x89\xe6\x8f\x90\xe4\xba\x9a"
	              " \xd0\x90\xd1\x83\xd1\x80 \xd8\xa3\xd9\x88\xd8\xb1 Aur\xc3\xa9lia\n");
	ok(act_read(good, scratch(), &act, &fault) == OK && writes_back(&act, good),
	   "any script in words");
	refuses_line("and none in a machine line", 4, "by: \xd0\xb0urelia",
	             "not printable ASCII");
	refuses_line("a mark of the same look", 5, "until\xef\xbc\x9a 2026-11-24T13:00:00Z",
	             "not printable ASCII");
	refuses("a signature line in the text",
	        BYTES(HEAD FIELDS NS "\n\xe2\x80\x94 root.comity.example/p/aurelia/1 AAAA\n"),
	        9, "a line that does not belong here");
}

/* ---- mutants ---- */

static uint64_t seed = 20261122;

static uint64_t next(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* Whatever is accepted is another act: no two texts say the same. */
static void mutants(void)
{
	static uint8_t text[4096];
	unsigned accepted = 0, wrong = 0;
	struct bytes whole = file_of("act/delegate");
	struct digest id = sha256(whole);

	for (unsigned i = 0; i < 200000; i++) {
		struct bytes mutant = {text, whole.size};
		struct fault fault = {0};
		struct act act;

		memcpy(text, whole.at, whole.size);
		text[next() % whole.size] =
			(uint8_t)(next() % 3 == 0 ? next() : text[next() % whole.size]);
		if (next() % 8 == 0)
			mutant.size -= next() % 40;
		if (act_read(mutant, scratch(), &act, &fault) != OK) {
			wrong += fault.why == NULL;
			continue;
		}
		accepted++;
		wrong += !writes_back(&act, mutant) ||
		         (digest_same(&act.id, &id) && !bytes_same(mutant, whole));
	}
	ok(wrong == 0, "mutants are refused with a reason, or are acts of their own");
	ok(accepted > 1000, "and not all are refused");
	printf("# %u of 200000 accepted\n", accepted);
}

/* ---- founding texts ---- */

static void genesis_golden(const char *path, bool import, unsigned parties)
{
	struct writer w = {.at = out, .size = sizeof(out)};
	struct bytes text = file_of(path), rest;
	struct fault fault = {0};
	struct genesis genesis;
	struct founder founder;
	unsigned count = 0;

	if (!ok(genesis_read(text, &genesis, &fault) == OK, path)) {
		printf("# line %u: %s\n", fault.line, fault.why);
		return;
	}
	genesis_write(&w, &genesis);
	ok(bytes_same(writer_bytes(&w), text), "writes back");
	w.used = 0;
	for (rest = genesis.parties; genesis_party(&rest, &founder); count++)
		genesis_write_party(&w, &founder);
	ok(count == parties && bytes_same(writer_bytes(&w), genesis.parties),
	   "founder by founder");
	struct arena arena = scratch();
	struct digest charter = sha256(genesis_charter(&genesis, &arena));
	ok(digest_same(&charter, &genesis.charter_digest) && genesis.import == import,
	   "with its charter");
}

static void genesis_refuses(const char *what, const char *old, const char *new, uint32_t line,
                            const char *why)
{
	struct bytes text = file_of("genesis/two-founders"), seek = bytes_of(old);
	struct writer w = {.at = out, .size = sizeof(out)};
	struct genesis genesis = {.charter_version = 77};
	struct fault fault = {0};
	size_t at = 0;

	while (at < text.size && !bytes_starts(bytes_from(text, at), seek))
		at++;
	write_bytes(&w, bytes_first(text, at));
	write_text(&w, new);
	write_bytes(&w, bytes_from(text, at + seek.size));
	if (ok(at < text.size && genesis_read(writer_bytes(&w), &genesis, &fault) != OK &&
	               genesis.charter_version == 77 && fault.line == line &&
	               strcmp(fault.why, why) == 0,
	       what))
		return;
	printf("# line %u: %s\n", fault.line, fault.why != NULL ? fault.why : "read");
}

static void genesis_refused(void)
{
	genesis_refuses("another head", "comity-genesis/1", "comity-genesis/2", 1,
	                "a genesis begins with \"comity-genesis/1\"");
	genesis_refuses("an origin of ours", "origin: ", "origin: comity-", 2,
	                "origin: 3 to 100 of a-z 0-9 . / -, not beginning with comity-");
	genesis_refuses("no moment", "T13:00:00Z", "T13:00:60Z", 3,
	                "time: the moment of the first block");
	genesis_refuses("an apex that is no name", "apex: dn42.", "apex: dn42", 4,
	                "apex: the absolute name of the zone");
	genesis_refuses(
		"a TTL of eight days", "ttl: 86400", "ttl: 691200", 6,
		"ttl: four numbers of at most seven days, for SOA, NS, DNSKEY, root servers");
	genesis_refuses(
		"renewal later than validity", "signatures: 21d 14d", "signatures: 14d 14d", 7,
		"signatures: validity (1h to 365d), and the shorter rest at which to renew");
	genesis_refuses("a span in another form", "signing: 2s 20m 1h", "signing: 2s 20m 60m",
	                8, "signing: grace (1s to 1m), lease (1m to 1d), phase (1s to 30d)");
	genesis_refuses("version 2", "charter: 1", "charter: 2", 9,
	                "charter: its version, 1, and the SHA-256 of its text");
	genesis_refuses("no size", "import: ", "import: x", 10,
	                "import: none, or SHA-256 and size of the manifest");
	genesis_refuses("a log of another name", "log: dn42", "log: dn43", 11,
	                "log: the key that signs checkpoints, named as the origin");
	genesis_refuses("no kind", "party: aurelia state 1", "party: aurelia 1", 12,
	                "party: name, kind, threshold");
	genesis_refuses("a threshold too high", "party: aurelia state 1",
	                "party: aurelia state 2", 15,
	                "the threshold is at least 1 and at most the number of act keys");
	genesis_refuses("a threshold of none", "party: aurelia state 1",
	                "party: aurelia state 0", 15,
	                "the threshold is at least 1 and at most the number of act keys");
	genesis_refuses("a key of no role", "key: act ", "key: acts ", 13,
	                "not a role and a key");
	genesis_refuses("founders twice", "party: borealia", "party: aurelia", 19,
	                "a key is named ORIGIN/p/PARTY/NUMBER, numbers rising");
	genesis_refuses("another charter", "| title en ", "| title en Not ", 0,
	                "the text of the charter has another SHA-256");
	genesis_refuses("a line behind", "> Founded", "] Founded", 100,
	                "a line that does not belong here");
}

/* ---- key names ---- */

static bool key_name(const char *name, const char *party, uint32_t number)
{
	struct bytes origin, p;
	uint32_t n;

	return act_key_name(bytes_of(name), &origin, &p, &n) &&
	       bytes_same(p, bytes_of(party)) && n == number;
}

static void key_names(void)
{
	static const char *const WRONG[] = {
		"",          "a",           "abc/p/de",  "abc/q/de/1",       "abc/p/d/1",
		"ab/p/de/1", "abc/p/de/01", "abc/p/de/", "abc/p/de/1000000", "abc/p//1",
		"/p/de/1",   "abcp/de/1"};
	bool none = true;

	ok(key_name("root.comity.example/p/aurelia/1", "aurelia", 1) &&
	           key_name("abc/p/de/999999", "de", 999999) &&
	           key_name("a/b/p/p/p/pp/7", "pp", 7),
	   "names of keys");
	for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
		if (key_name(WRONG[i], "de", 1) || key_name(WRONG[i], "", 1))
			none = false;
	ok(none, "and what is none");
}

int main(void)
{
	golden_all();
	values();
	refused_heads();
	refused_bodies();
	refused_kinds();
	refused_keys();
	unicode();
	mutants();
	genesis_golden("genesis/seven-equals", false, 7);
	genesis_golden("genesis/two-founders", true, 2);
	genesis_refused();
	key_names();
	return done_testing();
}
