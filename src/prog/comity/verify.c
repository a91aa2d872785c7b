/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comity verify: what an outsider checks with a policy and a proof, and without a node: the zone against
 * its release, the release against the log, the log against the policy. And what makes the two:
 * comity policy, comity prove.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "base/text.h"
#include "host/file.h"
#include "ledger/state_proof.h"
#include "prog/comity/nouns.h"
#include "state/party.h"

#define STALE_SECONDS SECONDS_A_DAY
#define WITNESSES_MAX CUSTODY_MEMBERS_MAX

/* c2sp.org/tlog-policy, as far as we write it: a log, witnesses, one group of k of them, the quorum. */
struct policy {
	struct note_key log;
	bool has_log;
	unsigned witnesses, quorum;
	struct note_key witness[WITNESSES_MAX];
	struct bytes name[WITNESSES_MAX];
};

static bool policy_line(struct policy *p, struct bytes line, const char **why)
{
	struct bytes word, key;
	uint64_t number;

	*why = "not a line of a policy";
	if (line.size == 0 || line.at[0] == '#')
		return true;
	if (!text_word(&line, &word))
		return false;
	if (bytes_same(word, BYTES("log"))) {
		p->has_log = text_word(&line, &key) && note_key_read(key, &p->log);
		return p->has_log;
	}
	if (bytes_same(word, BYTES("witness"))) {
		*why = "more witnesses than we can hold";
		if (p->witnesses == WITNESSES_MAX)
			return false;
		*why = "witness: a name and a key";
		if (!text_word(&line, &p->name[p->witnesses]) || !text_word(&line, &key) ||
		    !note_key_read(key, &p->witness[p->witnesses]))
			return false;
		p->witnesses++;
		return true;
	}
	if (bytes_same(word, BYTES("group"))) {
		*why = "group: a name, how many, and the witnesses";
		if (!text_word(&line, &word) || !text_word_number(&line, WITNESSES_MAX, &number))
			return false;
		p->quorum = (unsigned)number;
		return true;
	}
	return bytes_same(word, BYTES("quorum"));
}

static bool policy_read(struct command *command, const char *path, struct policy *p)
{
	struct text lines = {.rest = {NULL, 0}};
	struct bytes line;
	const char *why = "no log, or no quorum";

	if (!read_input(command, path, 1u << 20, &lines.rest))
		return false;
	while (text_line(&lines, &line))
		if (!policy_line(p, line, &why)) {
			fail(command, EXIT_MISHAP, "%s: %s %u: %s", path, say(command, "line", "行"), lines.line,
			     why);
			return false;
		}
	if (!p->has_log || p->quorum == 0 || p->quorum > p->witnesses) {
		fail(command, EXIT_MISHAP, "%s: %s", path, why);
		return false;
	}
	return true;
}

int policy_run(struct command *command, int argc, char *argv[])
{
	struct bytes log, report, names[CUSTODY_MEMBERS_MAX];
	struct text lines;
	struct bytes line, value;
	unsigned count = 0;
	bool found;

	if (argc != 1)
		return misuse(command, argv[0], NULL, "no arguments");
	if (!node_status(command, &report) || !node_get(command, "log", &log, &found) || !found)
		return EXIT_MISHAP;
	printf("log %.*s\n", (int)field_of(log, "key").size, (const char *)field_of(log, "key").at);
	lines = (struct text){.rest = report};
	while (text_line(&lines, &line))
		if (text_field(line, "voice", &value) && count < CUSTODY_MEMBERS_MAX &&
		    text_word(&value, &names[count]))
			count++;
	for (unsigned i = 0; i < count; i++) {
		struct note_key key, cosigner;
		char at[100], text[400];
		struct writer w = {.at = (uint8_t *)text, .size = sizeof(text)};
		struct bytes record;

		snprintf(at, sizeof(at), "party/%.*s", (int)names[i].size, (const char *)names[i].at);
		if (!node_get(command, at, &record, &found))
			return EXIT_MISHAP;
		struct text of = record_lines(record);
		record_value(&of, "kind");
		record_value(&of, "threshold");
		if (!found || !party_key_of_role(record_run(&of, "key: "), ROLE_COSIGN, &key))
			continue;
		cosigner = note_key_make(key.name, NOTE_TYPE_COSIGNATURE, key.public_key);
		note_key_write(&w, &cosigner);
		printf("witness %.*s %.*s\n", (int)names[i].size, (const char *)names[i].at, (int)w.used,
		       text);
	}
	printf("group parties %.*s", (int)field_of(report, "needed").size,
	       (const char *)field_of(report, "needed").at);
	for (unsigned i = 0; i < count; i++)
		printf(" %.*s", (int)names[i].size, (const char *)names[i].at);
	printf("\nquorum parties\n");
	return EXIT_DONE;
}

int prove_run(struct command *command, int argc, char *argv[])
{
	struct bytes proof;

	if (argc != 2)
		return misuse(command, argv[0], NULL, "one key of a record, such as zone/current");
	/* Right after a block its countersignatures are still on their way. */
	for (int attempt = 0; attempt < 50; attempt++) {
		struct timespec moment = {0, 100000000};

		if (!node_prove(command, argv[1], &proof))
			return EXIT_MISHAP;
		if (proof.size > 0) {
			fwrite(proof.at, 1, proof.size, stdout);
			return EXIT_DONE;
		}
		nanosleep(&moment, NULL);
	}
	return fail(command, EXIT_NOT_YET, "%s",
	            say(command, "the newest block is not final yet: comity status says who is missing",
	                "最新区块尚未终局：comity status 会说明缺谁"));
}

static int by_newest(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/* Cosignatures by the policy's witnesses; the time at which the quorum was complete. */
static unsigned witnesses_count(const struct policy *p, struct bytes checkpoint_note,
                                uint64_t *complete)
{
	uint64_t time[WITNESSES_MAX];
	struct checkpoint checkpoint;
	struct fault fault;
	struct note note;
	unsigned count = 0;

	if (note_read(checkpoint_note, &note, &fault) != OK ||
	    checkpoint_read(note.text, &checkpoint, &fault) != OK ||
	    !bytes_same(checkpoint.origin, p->log.name))
		return 0;
	for (unsigned w = 0; w < p->witnesses; w++)
		for (unsigned i = 0; i < note.count; i++)
			if (cosignature_holds(&note.signature[i], &p->witness[w], &checkpoint, &time[count])) {
				count++;
				break;
			}
	if (count >= p->quorum) {
		qsort(time, count, sizeof(time[0]), by_newest);
		*complete = time[p->quorum - 1];
	}
	return count;
}

/* zone/current names the release; the zone file must be it. */
static int zone_check(struct command *command, const struct state_proof *proof, const char *path)
{
	struct bytes zone, want = field_of(proof->record, "zone");
	struct digest digest;
	char hex[64];

	if (!proof->present || !bytes_same(proof->key, BYTES("zone/current")))
		return fail(command, EXIT_NO, "%s",
		            say(command, "the proof is not about zone/current", "该证明不是关于 zone/current 的"));
	if (!read_input(command, path, (size_t)256 << 20, &zone))
		return EXIT_MISHAP;
	digest = sha256(zone);
	hex_write(hex, digest_bytes(&digest));
	if (!bytes_same(want, (struct bytes){(uint8_t *)hex, sizeof(hex)}))
		return fail(command, EXIT_NO, "%s: %s", path,
		            say(command, "REJECTED: not the zone of the current release",
		                "不成立：不是现行发布的区"));
	return EXIT_DONE;
}

static int verdict(struct command *command, const struct policy *p,
                   const struct state_proof *proof)
{
	uint64_t complete = 0;
	unsigned count = witnesses_count(p, proof->checkpoint, &complete);
	int64_t age = (int64_t)time(NULL) - (int64_t)complete;

	if (count < p->quorum)
		return fail(command, EXIT_MISHAP, say(command, "cannot decide: %u of %u cosignatures, %u needed",
		                                      "无法判定：会签成立 %u 个，共 %u 个，需 %u 个"),
		            count, p->witnesses, p->quorum);
	if (command->json)
		printf("{\"verdict\":\"%s\",\"key\":\"%.*s\",\"present\":%s,\"height\":%llu,\"cosigned\":%u,"
		       "\"needed\":%u,\"as_of\":%llu}\n",
		       age > STALE_SECONDS ? "stale" : "verified", (int)proof->key.size,
		       (const char *)proof->key.at, proof->present ? "true" : "false",
		       (unsigned long long)proof->seal.height, count, p->quorum,
		       (unsigned long long)complete);
	else
		printf(say(command, "VERIFIED: %.*s %s at height %llu; %u cosignatures (%u needed), %lld s ago\n",
		           "成立：%.*s %s，高度 %llu；%u 个会签（需 %u 个），%lld 秒前\n"),
		       (int)proof->key.size, (const char *)proof->key.at,
		       proof->present ? say(command, "stands", "现行有效")
		                      : say(command, "does not exist", "不存在"),
		       (unsigned long long)proof->seal.height, count, p->quorum, (long long)age);
	if (age > STALE_SECONDS)
		return fail(command, EXIT_NOT_YET, "%s",
		            say(command, "STALE: true then; get a newer proof", "已过时：当时成立；请取较新的证明"));
	return EXIT_DONE;
}

int verify_run(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"policy", required_argument, NULL, 'p'},
	                                        {"zone", required_argument, NULL, 'z'},
	                                        {NULL, 0, NULL, 0}};
	static struct policy policy;
	const char *policy_path = NULL, *zone = NULL, *why;
	struct state_proof proof;
	struct bytes text;
	int option, code = EXIT_DONE;

	while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
		if (option != 'p' && option != 'z')
			return misuse(command, "verify", NULL, "no such option");
		*(option == 'p' ? &policy_path : &zone) = optarg;
	}
	if (optind + 1 != argc || policy_path == NULL)
		return misuse(command, "verify", NULL, "a policy (comity policy) and a proof (comity prove)");
	if (!policy_read(command, policy_path, &policy) ||
	    !read_input(command, argv[optind], 1u << 20, &text))
		return EXIT_MISHAP;
	if (!state_proof_check(text, &proof, &why))
		return fail(command, EXIT_NO, "%s: %s: %s", argv[optind], say(command, "REJECTED", "不成立"),
		            why);
	if (zone != NULL)
		code = zone_check(command, &proof, zone);
	return code != EXIT_DONE ? code : verdict(command, &policy, &proof);
}
