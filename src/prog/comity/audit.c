/* SPDX-License-Identifier: Apache-2.0 */
/* comity audit: replays everything from public files, and arrives at the same octets, or says where not. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dns/zonetext.h"
#include "host/file.h"
#include "host/memory.h"
#include "host/replay.h"
#include "prog/comity/nouns.h"

#define STALE_SECONDS SECONDS_A_DAY

struct audit {
	struct command *command;
	struct ledger ledger;
	struct replay replay;
	struct note checkpoint_note;
	struct checkpoint checkpoint;
	uint64_t releases, release_job;
	bool log_signed;
	unsigned cosigned, countersigners, needed;
	uint64_t newest; /* time of the cosignature that completed the quorum */
	double seconds;  /* of CPU */
	int64_t last_progress;
};

static bool checkpoint_get(struct audit *a, const char *folder)
{
	struct command *command = a->command;
	char path[FILE_PATH_MAX];
	struct bytes content;
	struct fault fault;

	if (!file_path(path, folder, "checkpoint") || !read_input(command, path, NOTE_SIZE_MAX, &content))
		return false;
	if (note_read(content, &a->checkpoint_note, &fault) != OK ||
	    checkpoint_read(a->checkpoint_note.text, &a->checkpoint, &fault) != OK) {
		fail(command, EXIT_NO, "%s: %s %u: %s", path, say(command, "line", "行"), fault.line,
		     fault.why);
		return false;
	}
	return true;
}

/* Counts releases as they pass, and shows how far we are where somebody looks. */
static bool block_seen(void *context, const struct replay *replay)
{
	struct audit *a = context;
	struct release release;
	struct timespec now;

	if (release_current(&replay->ledger->state, &release) && release.job != a->release_job) {
		a->release_job = release.job;
		a->releases++;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (a->command->terminal && now.tv_sec != a->last_progress) {
		a->last_progress = now.tv_sec;
		fprintf(stderr, "\r%s %llu/%llu", say(a->command, "replaying", "重放"),
		        (unsigned long long)replay->entries, (unsigned long long)replay->size);
	}
	return true;
}

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

	a->countersigners = commons_countersigners(&a->ledger.commons, name, &a->needed);
	for (unsigned i = 0; i < a->checkpoint_note.count; i++) {
		const struct note_signature *line = &a->checkpoint_note.signature[i];

		for (unsigned p = 0; p < a->countersigners; p++) {
			struct note_key key, cosigner;
			struct party party;

			if (!party_get(&a->ledger.state, name[p], &party) ||
			    !party_key_of_role(party.keys, ROLE_COSIGN, &key))
				continue;
			cosigner = note_key_make(key.name, NOTE_TYPE_COSIGNATURE, key.public_key);
			if (cosignature_holds(line, &cosigner, &a->checkpoint, &time[a->cosigned]))
				a->cosigned++;
		}
		if (state_get(&a->ledger.state, BYTES("log"), &record)) {
			struct text lines = record_lines(record);
			a->log_signed = a->log_signed ||
			                (note_key_read(record_value(&lines, "key"), &log) &&
			                 note_signature_holds(line, &log, a->checkpoint_note.text));
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
	const struct work_cache *published = &a->ledger.commons.published;
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
		return fail(command, EXIT_NO, "%s: %s", path,
		            say(command, "is not the zone that the ledger derives",
		                "不是由账本推导出的区"));
	return EXIT_DONE;
}

static void digest_print(const char *name, struct digest digest)
{
	printf("%s", name);
	for (unsigned i = 0; i < DIGEST_SIZE; i++)
		printf("%02x", digest.octet[i]);
}

static void report_json(const struct audit *a, const struct release *release, bool any,
                        struct digest state)
{
	printf("{\"verdict\":\"%s\",\"entries\":%llu,\"acts\":%llu,\"seals\":%llu,\"releases\":%llu,"
	       "\"height\":%llu,\"records\":%zu",
	       a->cosigned >= a->needed ? "verified" : "undecided",
	       (unsigned long long)a->replay.entries, (unsigned long long)a->replay.acts,
	       (unsigned long long)a->replay.seals, (unsigned long long)a->releases,
	       (unsigned long long)a->ledger.height, a->ledger.state.count);
	digest_print(",\"state\":\"", state);
	printf("\",\"cosigned\":%u,\"countersigners\":%u,\"needed\":%u,\"log_signed\":%s,"
	       "\"cpu_seconds\":%.3f",
	       a->cosigned, a->countersigners, a->needed, a->log_signed ? "true" : "false", a->seconds);
	if (any) {
		printf(",\"serial\":%u,\"zone_records\":%llu", release->serial,
		       (unsigned long long)release->records);
		digest_print(",\"zone\":\"", release->zone);
		putchar('"');
	}
	puts("}");
}

static void report_words(const struct audit *a, const struct release *release, bool any,
                         struct digest state)
{
	const struct command *c = a->command;

	printf(say(c, "replayed %llu entries: %llu acts, %llu seals, %llu releases; every seal is ours\n",
	           "已重放 %llu 条：%llu 份文书、%llu 个封印、%llu 次发布；每个封印均与本地一致\n"),
	       (unsigned long long)a->replay.entries, (unsigned long long)a->replay.acts,
	       (unsigned long long)a->replay.seals, (unsigned long long)a->releases);
	digest_print(say(c, "state  ", "状态  "), state);
	printf(say(c, "  %zu records at height %llu\n", "  %zu 条记录，高度 %llu\n"),
	       a->ledger.state.count, (unsigned long long)a->ledger.height);
	if (any) {
		digest_print(say(c, "zone   ", "区    "), release->zone);
		printf(say(c, "  serial %u, %llu records\n", "  序列号 %u，%llu 条记录\n"), release->serial,
		       (unsigned long long)release->records);
	}
	printf(say(c, "cosigned by %u of %u parties (%u needed)%s\n",
	           "已会签 %u 方，共 %u 方（需 %u 方）%s\n"),
	       a->cosigned, a->countersigners, a->needed,
	       a->log_signed ? "" : say(c, "; not yet signed by the federation", "；联合体尚未签名"));
	printf(say(c, "%.0f acts a second of CPU\n", "每 CPU 秒 %.0f 份文书\n"),
	       a->seconds > 0 ? (double)a->replay.acts / a->seconds : 0.0);
}

static int report(struct audit *a)
{
	struct digest state = state_root(&a->ledger.state);
	struct command *command = a->command;
	struct release release = {.serial = 0};
	bool any = release_current(&a->ledger.state, &release);
	int64_t age;

	if (command->json)
		report_json(a, &release, any, state);
	else
		report_words(a, &release, any, state);
	if (a->cosigned < a->needed)
		return fail(command, EXIT_MISHAP, "%s",
		            say(command, "too few cosignatures to decide: replayed, but nobody vouches that this is all",
		                "会签不足，无法判定：已重放，但无人担保日志完整"));
	age = (int64_t)time(NULL) - (int64_t)a->newest;
	if (age > STALE_SECONDS)
		return fail(command, EXIT_NOT_YET, say(command, "stale: cosigned %lld hours ago",
		                                       "已过时：会签于 %lld 小时前"),
		            (long long)age / 3600);
	return EXIT_DONE;
}

static int replay_all(struct audit *a, const char *folder)
{
	struct command *command = a->command;
	bool missing;
	clock_t start = clock();

	a->replay = (struct replay){.ledger = &a->ledger,
	                            .size = a->checkpoint.size,
	                            .root = a->checkpoint.root,
	                            .block = block_seen,
	                            .context = a};
	bool good = replay_run(&a->replay, folder, &missing);
	a->seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	if (command->terminal)
		fputs("\r\x1b[K", stderr);
	if (good)
		return EXIT_DONE;
	if (missing)
		return fail(command, EXIT_MISHAP, "%s",
		            say(command, "cannot decide: a file is missing", "无法判定：缺少文件"));
	return fail(command, EXIT_NO, say(command, "REJECTED at entry %llu: %s", "第 %llu 条不成立：%s"),
	            (unsigned long long)a->replay.failed_at, a->replay.why);
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

	while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
		if (option != 'z' && option != 'o')
			return misuse(command, "audit", NULL, "no such option");
		*(option == 'z' ? &zone : &out) = optarg;
	}
	if (optind + 1 != argc)
		return misuse(command, "audit", NULL, "one folder: the public one of a node, or a mirror of it");
	a.command = command;
	ledger_reserve(&a.ledger);
	if (!checkpoint_get(&a, argv[optind]))
		return EXIT_MISHAP;
	code = replay_all(&a, argv[optind]);
	if (code != EXIT_DONE)
		return code;
	signers_count(&a);
	if ((zone != NULL || out != NULL) && !zone_text(&a, &text))
		return fail(command, EXIT_NOT_YET, "%s", say(command, "no release yet", "尚无发布"));
	if (out != NULL && file_write(out, 0644, text, false) != OK)
		return EXIT_MISHAP;
	if (zone != NULL)
		code = zone_compare(&a, zone, text);
	return code != EXIT_DONE ? code : report(&a);
}
