/* SPDX-License-Identifier: Apache-2.0 */
/* comity federation new: the founding text. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/sort.h"
#include "base/text.h"
#include "charter/charter.h"
#include "prog/comity/json.h"
#include "prog/comity/key_lines.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

/* A founder whose keys several hold comes with as many homes. */
#define FOUNDER_HOMES_MAX (GENESIS_PARTIES_MAX * PARTY_KEYS_MAX)

#define SOA_REST " 1800 900 1202400 86400\n"

struct request {
	const char *charter, *import, *apex, *mname, *signing, *signatures;
	struct ledger_time time;
	struct bytes charter_text, manifest;
	unsigned founders;
	struct bytes founder[FOUNDER_HOMES_MAX]; /* lines */
	struct note_key log;
	bool has_log;
};

/* Where the option's value goes; NULL for one that is no text. */
static const char **request_slot(struct request *r, int option)
{
	switch (option) {
	case 'c':
		return &r->charter;
	case 'i':
		return &r->import;
	case 'a':
		return &r->apex;
	case 'm':
		return &r->mname;
	case 's':
		return &r->signing;
	case 'v':
		return &r->signatures;
	default:
		return NULL;
	}
}

/* The log key is the sequencer's, who is one of the founders. False: it is none, or a second one; told. */
static bool log_key_take(struct command *command, struct request *r, const char *founder,
                         struct bytes value)
{
	struct note_key key;

	if (value.size == 0)
		return true;
	if (!note_key_read(value, &key)) {
		fail(command, EXIT_NO, "{0}: not a log key: {1}", "{0}：不是日志密钥：{1}",
		     VALUES(bytes_of(founder), value));
		return false;
	}
	if (r->has_log && (!bytes_same(r->log.name, key.name) || memcmp(r->log.public_key, key.public_key, 32) != 0)) {
		fail(command, EXIT_NO, "{0} has a log key, and a founder before it has another: one of them sequences",
		     "{0} 有日志密钥，而前面的创始方另有一把：只能由一方定序", VALUES(bytes_of(founder)));
		return false;
	}
	r->log = key;
	r->has_log = true;
	return true;
}

static int request_read(struct command *command, int argc, char *argv[], struct request *r)
{
	static const struct option OPTIONS[] = {
		{"charter", required_argument, NULL, 'c'},    {"import", required_argument, NULL, 'i'},
		{"apex", required_argument, NULL, 'a'},       {"time", required_argument, NULL, 't'},
		{"mname", required_argument, NULL, 'm'},      {"signing", required_argument, NULL, 's'},
		{"signatures", required_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		if (request_slot(r, option) != NULL)
			*request_slot(r, option) = optarg;
		else if (!time_read(bytes_of(optarg), &r->time))
			return misuse(command, "--time: a time is 2026-11-22T13:00:00Z",
			              "--time：时间的写法是 2026-11-22T13:00:00Z");
	}
	if (r->charter == NULL || optind == argc || argc - optind > FOUNDER_HOMES_MAX)
		return misuse(command, "a charter, and the founders' homes", "须有一份宪章和各创始方的主目录");
	for (int i = optind; i < argc; i++) {
		struct bytes log;

		if (!founder_lines(command, argv[i], &r->founder[r->founders++], &log))
			return EXIT_MISHAP;
		if (!log_key_take(command, r, argv[i], log))
			return EXIT_NO;
	}
	return EXIT_DONE;
}

static struct bytes first_line(struct bytes lines)
{
	struct text text = {.rest = lines};
	struct bytes line;

	return text_line(&text, &line) ? line : lines;
}

/* By party, then by the number of the key: a longer text has the one with more digits. */
static int by_party(const void *a, const void *b, const void *context)
{
	const struct bytes *one = a, *other = b;
	int order = bytes_compare(first_line(*one), first_line(*other));

	(void)context;
	if (order == 0 && one->size != other->size)
		return one->size < other->size ? -1 : 1;
	return order != 0 ? order : bytes_compare(*one, *other);
}

/* Texts of one party that begin with the same "party" line are one founder: its keys, by their holders. */
static void founders_join(struct command *command, struct request *r)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < r->founders; i++) {
		struct bytes line = first_line(r->founder[i]);
		struct writer w;

		if (kept == 0 || !bytes_same(line, first_line(r->founder[kept - 1]))) {
			r->founder[kept++] = r->founder[i];
			continue;
		}
		w = writer_in(&command->memory);
		write_bytes(&w, r->founder[kept - 1]);
		write_bytes(&w, bytes_from(r->founder[i], line.size + 1));
		r->founder[kept - 1] = writer_keep(&w, &command->memory);
	}
	r->founders = kept;
}

static int charter_reads(struct command *command, struct request *r)
{
	struct charter_fault fault;
	struct charter charter;

	if (!read_input(command, r->charter, CHARTER_SIZE_MAX, &r->charter_text))
		return EXIT_MISHAP;
	if (charter_read(r->charter_text, &command->memory, &charter, &fault) != OK) {
		char why[500];
		struct writer w = {.at = (uint8_t *)why, .size = sizeof(why)};

		charter_fault_write(&fault, &w);
		return fail(command, EXIT_NO, "{0}: {1}", "{0}：{1}",
		            VALUES(bytes_of(r->charter), writer_bytes(&w)));
	}
	if (r->import != NULL && !read_input(command, r->import, 32u << 20, &r->manifest))
		return EXIT_MISHAP;
	return EXIT_DONE;
}

static void genesis_text_write(struct writer *w, const struct request *r)
{
	struct digest charter = sha256(r->charter_text), import = sha256(r->manifest);

	write_text(w, "comity-genesis/1\n");
	write_field(w, "origin", r->log.name);
	write_field_time(w, "time", r->time);
	write_field(w, "apex", bytes_of(r->apex));
	write_text(w, "soa: ");
	write_text(w, r->mname);
	write_text(w, " hostmaster.");
	write_text(w, r->mname);
	write_text(w, SOA_REST "ttl: 86400 518400 172800 518400\n");
	write_field(w, "signatures", bytes_of(r->signatures));
	write_field(w, "signing", bytes_of(r->signing));
	write_text(w, "charter: 1 ");
	write_digest(w, &charter);
	write_text(w, "\nimport: ");
	if (r->manifest.size > 0) {
		write_digest(w, &import);
		write_text(w, " ");
		write_number(w, r->manifest.size);
	} else {
		write_text(w, "none");
	}
	write_text(w, "\nlog: ");
	note_key_write(w, &r->log);
	write_text(w, "\n");
	for (unsigned i = 0; i < r->founders; i++)
		write_bytes(w, r->founder[i]);
	act_write_embedded(w, r->charter_text);
}

/* More than two thirds sign; of one, two or three that is all of them (comity-charter(7), FORM). */
static void warn_of_few(struct command *command, const struct genesis *genesis)
{
	struct bytes parties = genesis->parties;
	struct charter_fault fault;
	struct charter charter;
	struct founder founder;
	uint32_t signers = 0;

	if (charter_read(genesis_charter(genesis, &command->memory), &command->memory, &charter, &fault) != OK)
		return;
	while (genesis_party(&parties, &founder))
		signers += charter_signs(&charter, founder.name, founder.kind);
	if (signers > 1 && charter_signing_threshold(signers) == signers)
		remark(command,
		       "{0} signers, and all of them are needed: while any one is away nothing becomes final or is "
		       "signed; with four, one may be away",
		       "共 {0} 个签署方，缺一不可：任何一方离线，便无法定案，也无法签名；四个签署方时可有一方离线",
		       VALUES(number_text(command, signers)));
}

int federation_new(struct command *command, int argc, char *argv[])
{
	struct request r = {.apex = ".",
	                    .mname = "a.root-servers.",
	                    .signing = "2s 20m 1h",
	                    .signatures = "21d 14d",
	                    .time = {time(NULL)}};
	struct genesis genesis;
	struct fault fault;
	struct bytes text;
	struct writer w;
	int code = request_read(command, argc, argv, &r);

	if (code == EXIT_DONE)
		code = charter_reads(command, &r);
	if (code != EXIT_DONE)
		return code;
	if (!r.has_log) {
		fail(command, EXIT_NO, "no founder has a log key: who sequences?",
		     "创始方都没有日志密钥：由谁定序？", NULL);
		next_step(command,
		          "the party that will sequence makes one, in the home it has: comity --home DIR key new NAME "
		          "--kind KIND --origin ORIGIN --sequencer; then give that home here, or what key show prints anew",
		          "由将要定序的一方在其现有主目录中生成：comity --home DIR key new NAME --kind KIND --origin ORIGIN "
		          "--sequencer；然后在此给出该主目录，或 key show 重新打印的内容", NULL);
		return EXIT_NO;
	}
	sort(r.founder, r.founders, sizeof(r.founder[0]), by_party, NULL);
	founders_join(command, &r);
	w = writer_in(&command->memory);
	genesis_text_write(&w, &r);
	text = writer_keep(&w, &command->memory);
	if (genesis_read(text, &genesis, &fault) != OK)
		return fail(command, EXIT_NO, "line {0} of the text: {1}", "文本第 {0} 行：{1}",
		            VALUES(number_text(command, fault.line), bytes_of(fault.why)));
	if (command->json) {
		json_object(command, NULL);
		json_text(command, "text", text);
		json_close_object(command);
	} else {
		fwrite(text.at, 1, text.size, stdout);
	}
	if (!command->json)
		warn_of_few(command, &genesis);
	next_step(command, "every founder signs it: comity --home DIR federation join FILE --out FILE",
	          "每个创始方签署：comity --home DIR federation join FILE --out FILE", NULL);
	return EXIT_DONE;
}
