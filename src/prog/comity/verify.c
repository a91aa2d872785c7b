/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comity verify: what an outsider checks with a policy and a proof, and without a node: the zone against
 * its release, the release against the log, the log against the policy. And what makes the two:
 * comity policy, comity prove.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "base/text.h"
#include "host/file.h"
#include "ledger/state_proof.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/view.h"
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
	const char *why;

	if (!read_input(command, path, 1u << 20, &lines.rest))
		return false;
	while (text_line(&lines, &line))
		if (!policy_line(p, line, &why)) {
			fail(command, EXIT_MISHAP, "{0}: line {1}: {2}", "{0}：第 {1} 行：{2}",
			     VALUES(bytes_of(path), number_text(command, lines.line), bytes_of(why)));
			return false;
		}
	if (!p->has_log || p->quorum == 0 || p->quorum > p->witnesses) {
		fail(command, EXIT_MISHAP, "{0}: no log, or no quorum", "{0}：没有日志或没有法定数",
		     VALUES(bytes_of(path)));
		return false;
	}
	return true;
}

static void witness_write(struct writer *w, struct bytes name, const struct party *party)
{
	struct note_key key, cosigner;

	if (!party_key_of_role(party->keys, ROLE_COSIGN, &key))
		return;
	cosigner = note_key_make(key.name, NOTE_TYPE_COSIGNATURE, key.public_key);
	write_text(w, "witness ");
	write_bytes(w, name);
	write_octet(w, ' ');
	note_key_write(w, &cosigner);
	write_octet(w, '\n');
}

/* The text; with --json, as the one field of an object. An exit code. */
static int text_out(struct command *command, const char *key, struct bytes text)
{
	if (!command->json)
		return write_output(command, NULL, text) ? EXIT_DONE : EXIT_MISHAP;
	json_object(command, NULL);
	json_text(command, key, text);
	json_close_object(command);
	return EXIT_DONE;
}

int policy_run(struct command *command, int argc, char *argv[])
{
	struct bytes names[CUSTODY_MEMBERS_MAX], record;
	unsigned count, needed;
	struct party party;
	struct view view;
	struct writer w;

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!state_get(view_state(&view), BYTES("log"), &record))
		return fail(command, EXIT_NOT_YET, "there is no log yet", "尚无日志", NULL);
	count = commons_countersigners(&view.ledger.commons, names, &needed);
	w = writer_in(&command->memory);
	write_text(&w, "log ");
	write_bytes(&w, field_of(record, "key"));
	write_octet(&w, '\n');
	for (unsigned i = 0; i < count; i++)
		if (party_get(view_state(&view), names[i], &party))
			witness_write(&w, names[i], &party);
	write_text(&w, "group parties ");
	write_number(&w, needed);
	for (unsigned i = 0; i < count; i++) {
		write_octet(&w, ' ');
		write_bytes(&w, names[i]);
	}
	write_text(&w, "\nquorum parties\n");
	return text_out(command, "policy", writer_keep(&w, &command->memory));
}

/* Right after a block its countersignatures are still on their way: this many looks, ten a second. */
#define PROOF_LOOKS 50

/* Whether enough countersigners are attached for the newest block to become final. */
static bool enough_are_here(struct command *command)
{
	struct voice_line voice;
	uint64_t needed = 0, attached = 0;
	struct bytes report;

	if (!node_ask(command, IPC_STATUS, BYTES(""), IPC_REPORT, &report))
		return false;
	(void)text_number(field_of(report, "needed"), UINT32_MAX, &needed);
	while (voice_next(&report, &voice))
		attached += voice.attached;
	return attached >= needed;
}

int prove_run(struct command *command, int argc, char *argv[])
{
	const struct timespec moment = {0, 100000000};
	struct bytes proof;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	for (int look = 0; look < PROOF_LOOKS; look++) {
		if (!node_ask(command, IPC_PROVE, bytes_of(argv[optind]), IPC_PROOF, &proof))
			return EXIT_MISHAP;
		if (proof.size > 0)
			return text_out(command, "proof", proof);
		if (!enough_are_here(command))
			break;
		nanosleep(&moment, NULL);
	}
	fail(command, EXIT_NOT_YET, "the newest block is not final yet", "最新区块尚未定案", NULL);
	next_step(command, "comity status says who is missing", "comity status 会说明缺谁", NULL);
	return EXIT_NOT_YET;
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
		return fail(command, EXIT_NO, "the proof is not about zone/current",
		            "该证明不是关于 zone/current 的", NULL);
	if (!read_input(command, path, (size_t)256 << 20, &zone))
		return EXIT_MISHAP;
	digest = sha256(zone);
	hex_write(hex, digest_bytes(&digest));
	if (!bytes_same(want, (struct bytes){(uint8_t *)hex, sizeof(hex)}))
		return fail(command, EXIT_NO, "{0}: REJECTED: not the zone of the current release",
		            "{0}：不成立：不是现行发布的区", VALUES(bytes_of(path)));
	return EXIT_DONE;
}

static void verdict_json(struct command *command, const struct policy *p,
                         const struct state_proof *proof, unsigned count, uint64_t complete, bool stale)
{
	json_object(command, NULL);
	json_text(command, "verdict", bytes_of(stale ? "stale" : "verified"));
	json_text(command, "key", proof->key);
	json_bool(command, "present", proof->present);
	json_number(command, "height", proof->seal.height);
	json_number(command, "cosigned", count);
	json_number(command, "needed", p->quorum);
	json_time(command, "as_of", (struct ledger_time){(int64_t)complete});
	json_close_object(command);
}

static int verdict(struct command *command, const struct policy *p,
                   const struct state_proof *proof)
{
	uint64_t complete = 0;
	unsigned count = witnesses_count(p, proof->checkpoint, &complete);
	int64_t age = (int64_t)time(NULL) - (int64_t)complete;
	const char *stands = proof->present ? say(command, "stands", "现行有效")
	                                    : say(command, "does not exist", "不存在");

	if (count < p->quorum)
		return fail(command, EXIT_MISHAP, "cannot decide: {0} of {1} cosignatures, {2} needed",
		            "无法判定：会签成立 {0} 个，共 {1} 个，需 {2} 个",
		            VALUES(number_text(command, count), number_text(command, p->witnesses),
		                   number_text(command, p->quorum)));
	if (command->json)
		verdict_json(command, p, proof, count, complete, age > STALE_SECONDS);
	else
		tell(command, "VERIFIED: {0} {1} at height {2}; {3} cosignatures ({4} needed), {5} ago",
		     "成立：{0} {1}，高度 {2}；{3} 个会签（需 {4} 个），{5} 之前",
		     VALUES(proof->key, bytes_of(stands), number_text(command, proof->seal.height),
		            number_text(command, count), number_text(command, p->quorum),
		            span_text(command, age > 0 ? age : 0)));
	if (age > STALE_SECONDS)
		return fail(command, EXIT_NOT_YET, "STALE: true then; get a newer proof",
		            "已过时：当时成立；请取较新的证明", NULL);
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

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		*(option == 'p' ? &policy_path : &zone) = optarg;
	}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (policy_path == NULL)
		return misuse(command, "a policy: --policy FILE (comity policy)",
		              "须给出策略：--policy FILE（comity policy）");
	if (!policy_read(command, policy_path, &policy) ||
	    !read_input(command, argv[optind], 1u << 20, &text))
		return EXIT_MISHAP;
	if (!state_proof_check(text, &proof, &why))
		return fail(command, EXIT_NO, "{0}: REJECTED: {1}", "{0}：不成立：{1}",
		            VALUES(bytes_of(argv[optind]), bytes_of(why)));
	if (zone != NULL)
		code = zone_check(command, &proof, zone);
	return code != EXIT_DONE ? code : verdict(command, &policy, &proof);
}
