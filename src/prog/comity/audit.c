/* SPDX-License-Identifier: Apache-2.0 */
/* comity audit: replays everything from public files, and arrives at the same octets, or says where not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "dns/zonetext.h"
#include "prog/comity/json.h"
#include "prog/comity/log_replay.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

#define STALE_SECONDS SECONDS_A_DAY

struct audit {
	struct command *command;
	struct log_replay log;
	uint64_t newest; /* time of the cosignature that completed the quorum */
	unsigned cosigned, countersigners, needed;
	bool log_signed, any; /* any: there is a release */
};

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/* Who signed the checkpoint: the keys are those of the state that the log leads to. */
static void signers_count(struct audit *a)
{
	struct bytes name[CUSTODY_MEMBERS_MAX], record;
	uint64_t time[NOTE_SIGNATURES_MAX];
	struct note_key log;

	a->countersigners = commons_countersigners(&a->log.ledger.commons, name, &a->needed);
	for (unsigned i = 0; i < a->log.note.count; i++) {
		const struct note_signature *line = &a->log.note.signature[i];

		for (unsigned p = 0; p < a->countersigners; p++) {
			struct note_key key, cosigner;
			struct party party;

			if (!party_get(&a->log.ledger.state, name[p], &party) ||
			    !party_key_of_role(party.keys, ROLE_COSIGN, &key))
				continue;
			cosigner = note_key_make(key.name, NOTE_TYPE_COSIGNATURE, key.public_key);
			if (cosignature_holds(line, &cosigner, &a->log.checkpoint, &time[a->cosigned]))
				a->cosigned++;
		}
		if (state_get(&a->log.ledger.state, BYTES("log"), &record)) {
			struct text lines = record_lines(record);
			a->log_signed = a->log_signed ||
			                (note_key_read(record_value(&lines, "key"), &log) &&
			                 note_signature_holds(line, &log, a->log.note.text));
		}
	}
	if (a->cosigned >= a->needed && a->needed > 0) {
		qsort(time, a->cosigned, sizeof(time[0]), by_time);
		a->newest = time[a->needed - 1];
	}
}

/* The zone as we derived it, in the command's memory; false before the first release. */
static bool zone_text(struct audit *a, struct bytes *text)
{
	const struct work_cache *published = &a->log.ledger.commons.published;
	struct rrset_list zone;
	struct writer w;

	if (!published->built)
		return false;
	zone = zone_list(&published->work.zone);
	w = writer_in(&a->command->memory);
	zone_write_text(&w, &zone);
	*text = writer_keep(&w, &a->command->memory);
	return true;
}

static int zone_compare(struct audit *a, const char *path, struct bytes derived)
{
	struct command *command = a->command;
	struct bytes zone;

	if (!read_input(command, path, (size_t)256 << 20, &zone))
		return EXIT_MISHAP;
	if (!bytes_same(zone, derived))
		return fail(command, EXIT_NO, "{0} is not the zone that the ledger derives",
		            "{0} 不是由账本推导出的区", VALUES(bytes_of(path)));
	return EXIT_DONE;
}

static struct bytes digest_text(struct command *command, struct digest digest)
{
	char *hex = arena_take(&command->memory, (size_t)2 * DIGEST_SIZE);

	hex_write(hex, digest_bytes(&digest));
	return (struct bytes){(uint8_t *)hex, 2 * DIGEST_SIZE};
}

static void report_json(struct audit *a, const struct release *release, struct digest state)
{
	struct command *c = a->command;

	json_object(c, NULL);
	json_text(c, "verdict", bytes_of(a->cosigned >= a->needed ? "verified" : "undecided"));
	json_number(c, "entries", a->log.replay.entries);
	json_number(c, "acts", a->log.replay.acts);
	json_number(c, "seals", a->log.replay.seals);
	json_number(c, "releases", a->log.releases);
	json_number(c, "height", a->log.ledger.height);
	json_number(c, "records", a->log.ledger.state.count);
	json_text(c, "state", digest_text(c, state));
	json_number(c, "cosigned", a->cosigned);
	json_number(c, "countersigners", a->countersigners);
	json_number(c, "needed", a->needed);
	json_bool(c, "log_signed", a->log_signed);
	json_number(c, "cpu_milliseconds", a->log.milliseconds);
	if (a->any) {
		json_number(c, "serial", release->serial);
		json_number(c, "zone_records", release->records);
		json_text(c, "zone", digest_text(c, release->zone));
	}
	json_close_object(c);
}

static void report_words(const struct audit *a, const struct release *release, struct digest state)
{
	struct command *c = a->command;

	tell(c, "replayed {0} entries: {1} acts, {2} seals, {3} releases; every seal is ours",
	     "已重放 {0} 条：{1} 份文书、{2} 个封印、{3} 次发布；每个封印均与本地一致",
	     VALUES(number_text(c, a->log.replay.entries), number_text(c, a->log.replay.acts),
	            number_text(c, a->log.replay.seals), number_text(c, a->log.releases)));
	tell(c, "state  {0}  {1} records at height {2}", "状态  {0}  {1} 条记录，高度 {2}",
	     VALUES(digest_text(c, state), number_text(c, a->log.ledger.state.count),
	            number_text(c, a->log.ledger.height)));
	if (a->any)
		tell(c, "zone   {0}  serial {1}, {2} records", "区    {0}  序列号 {1}，{2} 条记录",
		     VALUES(digest_text(c, release->zone), number_text(c, release->serial),
		            number_text(c, release->records)));
	tell(c, "cosigned by {0} of {1} parties ({2} needed){3}", "已会签 {0} 方，共 {1} 方（需 {2} 方）{3}",
	     VALUES(number_text(c, a->cosigned), number_text(c, a->countersigners),
	            number_text(c, a->needed),
	            bytes_of(a->log_signed ? ""
	                                   : say(c, "; not yet signed by the federation", "；联合体尚未签名"))));
	tell(c, "{0} acts a second of CPU", "每 CPU 秒 {0} 份文书",
	     VALUES(number_text(c, a->log.replay.acts * 1000 / (a->log.milliseconds > 0 ? a->log.milliseconds : 1))));
}

static int report(struct audit *a)
{
	struct digest state = state_root(&a->log.ledger.state);
	struct command *command = a->command;
	struct release release = {.serial = 0};
	int64_t age;

	a->any = release_current(&a->log.ledger.state, &release);
	if (command->json)
		report_json(a, &release, state);
	else
		report_words(a, &release, state);
	if (a->cosigned < a->needed)
		return fail(command, EXIT_MISHAP,
		            "too few cosignatures to decide: replayed, but nobody vouches that this is all",
		            "会签不足，无法判定：已重放，但无人担保日志完整", NULL);
	age = (int64_t)time(NULL) - (int64_t)a->newest;
	if (age > STALE_SECONDS)
		return fail(command, EXIT_NOT_YET, "stale: cosigned {0} ago", "已过时：会签于 {0} 之前",
		            VALUES(span_text(command, age)));
	return EXIT_DONE;
}

/* Nothing goes online but to the node: who would audit from afar fetches first. */
static int is_no_folder(struct command *command, const char *address)
{
	fail(command, EXIT_MISUSE, "audit takes a folder, and fetches nothing: {0}", "audit 只接受目录，不下载任何内容：{0}",
	     VALUES(bytes_of(address)));
	next_step(command,
	          "fetch checkpoint, genesis.note, import, zone and all below tile/ into a folder first: wget -r -np -nH {0}",
	          "请先将 checkpoint、genesis.note、import、zone 及 tile/ 下的全部文件下载到一个目录：wget -r -np -nH {0}",
	          VALUES(bytes_of(address)));
	return EXIT_MISUSE;
}

int audit_run(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"zone", required_argument, NULL, 'z'},
	                                        {"out", required_argument, NULL, 'o'},
	                                        {NULL, 0, NULL, 0}};
	static struct audit a;
	const char *zone = NULL, *out = NULL;
	struct bytes text = {NULL, 0};
	int option, code;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		*(option == 'z' ? &zone : &out) = optarg;
	}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (strstr(argv[optind], "://") != NULL)
		return is_no_folder(command, argv[optind]);
	a.command = command;
	a.log.command = command;
	code = log_replay_run(&a.log, argv[optind]);
	if (code != EXIT_DONE)
		return code;
	signers_count(&a);
	if ((zone != NULL || out != NULL) && !zone_text(&a, &text))
		return fail(command, EXIT_NOT_YET, "no release yet", "尚无发布", NULL);
	if (out != NULL && !write_output(command, out, text))
		return EXIT_MISHAP;
	if (zone != NULL)
		code = zone_compare(&a, zone, text);
	return code != EXIT_DONE ? code : report(&a);
}
