/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole signer, killed at every call that changes its disk, and then lied to: by a sequencer that
 * tells it another history. No two countersignatures of one height, no two checkpoints of one size,
 * ever leave it.
 */
#include <errno.h>
#include <semaphore.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "tap.h"

#include "crash/trial.h"
#include "host/engine/solo.h"
#include "host/file.h"
#include "host/ipc.h"
#include "host/sandbox.h"
#include "prog/sim/federation.h"
#include "prog/signerd/worker.h"
#include "scratch.h"

#include "crash/proposals.h"

#define PARTIES  4
#define STEPS    3
#define SAID_MAX 16
#define START    1795352400

static struct federation *f;

/* Two histories of the same heights. */
static struct bytes history[2][STEPS + 1];

/* Everything that ever left the signer. */
static struct told {
	sem_t heard; /* the node of the work has heard all of it */
	unsigned voices, logs;
	struct {
		uint64_t number; /* height, or size */
		struct digest digest;
	} voice[SAID_MAX], log[SAID_MAX];
} *told;

/* The signer's clock stands still, and its folder is not closed to this test. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *to);
enum mishap __wrap_sandbox_own_only(const char *folder);
enum mishap __wrap_sandbox_call_only(const char *const *calls, size_t count);

int __wrap_clock_gettime(clockid_t clock, struct timespec *to)
{
	*to = (struct timespec){clock == CLOCK_REALTIME ? START + 30 : 1000, 0};
	return 0;
}

enum mishap __wrap_sandbox_own_only(const char *folder)
{
	(void)folder;
	return OK;
}

enum mishap __wrap_sandbox_call_only(const char *const *calls, size_t count)
{
	(void)calls, (void)count;
	return OK;
}

/* ---- the federation ---- */

static bool nothing(void *context, struct bytes entry)
{
	(void)context, (void)entry;
	return true;
}

static void history_make(unsigned which, const char *folder, const char *series)
{
	struct solo *solo = calloc(1, sizeof(*solo));
	struct receipt receipt;
	enum mishap mishap;

	if (solo == NULL || solo_open(solo, folder, nothing, NULL) != OK ||
	    solo_found(solo, f->sequencer.genesis, f->manifest, &receipt, nothing, NULL) != OK)
		bail_out("no founding");
	for (unsigned step = 0; step <= STEPS; step++) {
		struct solo_clock clock = {START + 10 + step, 1000000 + 1000 * (int64_t)step};

		solo_submit(solo, &clock, proposal_make(f, series, step, clock.wall), &receipt);
		clock.monotonic += SOLO_BLOCK_MILLISECONDS;
		if (!solo_step(solo, &clock, nothing, NULL, &mishap) || receipt.outcome != OUTCOME_ENTERED)
			bail_out("no block");
		history[which][step] = arena_copy(&f->memory, (struct bytes){solo->octets, solo->size});
	}
	journal_close(&solo->journal);
}

static void key_put(const char *path, const char *name, const struct secret_key *key)
{
	struct note_key public = note_key_make(bytes_of(name), NOTE_TYPE_ED25519, key->secret + 32);
	struct writer w = writer_in(&f->memory);
	uint8_t blob[33] = {NOTE_TYPE_ED25519};

	memcpy(blob + 1, key->secret, 32);
	write_text(&w, "PRIVATE+KEY+");
	write_text(&w, name);
	write_text(&w, "+");
	write_hex(&w, (struct bytes){public.id, sizeof(public.id)});
	write_text(&w, "+");
	write_base64(&w, (struct bytes){blob, sizeof(blob)});
	write_text(&w, "\n");
	scratch_write(path, writer_keep(&w, &f->memory));
}

static void home_make(void)
{
	mkdir(scratch("party"), 0755);
	mkdir(scratch("party/keys"), 0755);
	scratch_write(scratch("party/comity.conf"),
	              BYTES("[party]\nname = party-01\norigin = root.comity.example\n"));
	key_put(scratch("party/keys/cosign.key"), "root.comity.example/p/party-01/2", &f->node[0].cosign);
	key_put(scratch("party/keys/custody.key"), "root.comity.example/p/party-01/3",
	        &f->node[0].custody);
	key_put(scratch("party/keys/log.key"), "root.comity.example", &f->log);
}

/* ---- the node that talks to it ---- */

static void hear_voice(struct bytes octets)
{
	struct arena scratch_arena = federation_memory(1u << 20);
	struct fault fault;
	struct note note;
	struct act act;
	uint64_t height;

	if (told->voices == SAID_MAX || note_read(octets, &note, &fault) != OK ||
	    act_read(note.text, scratch_arena, &act, &fault) != OK || act.kind != ACT_SEAL_SIGN ||
	    !text_number(act.field[0], INT64_MAX, &height))
		_exit(1);
	told->voice[told->voices].number = height;
	told->voice[told->voices++].digest = sha256(act.field[1]);
}

static void hear_log(struct bytes octets)
{
	struct checkpoint checkpoint;
	struct fault fault;
	struct note note;

	if (told->logs == SAID_MAX || note_read(octets, &note, &fault) != OK ||
	    checkpoint_read(note.text, &checkpoint, &fault) != OK)
		_exit(1);
	told->log[told->logs].number = checkpoint.size;
	told->log[told->logs++].digest = checkpoint.root;
}

/* Hears until there is a countersignature, or the signer is gone: false. */
static bool hear(struct ipc *ipc)
{
	enum ipc_type type;
	struct bytes body;

	while (ipc_wait(ipc, -1, &type, &body) == OK) {
		if (type == IPC_LOG)
			hear_log(body);
		if (type == IPC_VOICE) {
			hear_voice(body);
			return true;
		}
	}
	return false;
}

static void say(struct ipc *ipc, enum ipc_type type, struct bytes body)
{
	/* A signer that is gone hears nothing; what it said before is still heard. */
	if (ipc_say(ipc, type, body) != OK)
		ipc->out_first = ipc->out_used = 0;
}

static void say_history(struct ipc *ipc, unsigned which, unsigned blocks)
{
	say(ipc, IPC_GENESIS, f->sequencer.genesis);
	say(ipc, IPC_MANIFEST, f->manifest);
	for (unsigned i = 0; i < blocks; i++)
		say(ipc, IPC_BLOCK, history[which][i]);
	say(ipc, IPC_SYNCED, BYTES(""));
}

/* An honest one: a block whenever the one before is countersigned. */
static _Noreturn void node_be(int socket)
{
	struct ipc ipc;

	ipc_init(&ipc, socket);
	say_history(&ipc, 0, 0);
	for (unsigned i = 0; hear(&ipc) && i < STEPS; i++)
		say(&ipc, IPC_BLOCK, history[0][i]);
	shutdown(socket, SHUT_WR);
	while (hear(&ipc))
		;
	sem_post(&told->heard);
	_exit(0);
}

static void work(const char *home)
{
	int pair[2];
	pid_t node;

	if (sem_init(&told->heard, 1, 0) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		_exit(96);
	node = fork();
	if (node == 0) {
		close(pair[1]);
		node_be(pair[0]);
	}
	close(pair[0]);
	worker_run(home, pair[1]);
	close(pair[1]);
}

/* ---- the judge ---- */

static bool complain(const char *what)
{
	fprintf(stderr, "%s\n", what);
	return false;
}

/* Tells it all that a sequencer would have it believe, and hangs up; what it says is heard. */
static bool tell_it(const char *home, unsigned which, unsigned blocks)
{
	int pair[2], status;
	struct ipc ipc;
	pid_t signer;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return complain("no socket");
	signer = fork();
	if (signer == 0) {
		close(pair[0]);
		_exit(worker_run(home, pair[1]));
	}
	close(pair[1]);
	ipc_init(&ipc, pair[0]);
	say_history(&ipc, which, blocks);
	shutdown(pair[0], SHUT_WR);
	while (hear(&ipc))
		;
	ipc_close(&ipc);
	return (waitpid(signer, &status, 0) == signer && WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	       complain("it does not start again");
}

/* Whether two things that were said contradict each other. */
static bool is_contradicted(void)
{
	for (unsigned i = 0; i < told->voices; i++)
		for (unsigned j = 0; j < i; j++)
			if (told->voice[i].number == told->voice[j].number &&
			    !digest_same(&told->voice[i].digest, &told->voice[j].digest))
				return true;
	for (unsigned i = 0; i < told->logs; i++)
		for (unsigned j = 0; j < i; j++)
			if (told->log[i].number == told->log[j].number &&
			    !digest_same(&told->log[i].digest, &told->log[j].digest))
				return true;
	return false;
}

static bool judge(const char *home, enum crash_way way, enum crash_left left)
{
	unsigned voices;

	(void)way, (void)left;
	while (sem_wait(&told->heard) != 0 && errno == EINTR)
		;
	for (unsigned blocks = 1; blocks <= STEPS; blocks++)
		if (!tell_it(home, 1, blocks))
			return false;
	if (is_contradicted())
		return complain("what it signed is contradicted");
	voices = told->voices;
	if (!tell_it(home, 1, STEPS + 1))
		return false;
	if (told->voices != voices + 1 || told->voice[voices].number != STEPS + 1 || is_contradicted())
		return complain("it does not go on");
	return true;
}

static void learn(const char *home)
{
	(void)home;
	while (sem_wait(&told->heard) != 0 && errno == EINTR)
		;
	if (told->voices != STEPS + 1 || told->logs != STEPS + 1)
		bail_out("the work was not done");
}

int main(void)
{
	struct federation_options options = {.seed = 7,
	                                     .parties = PARTIES,
	                                     .charter = proposals_charter(),
	                                     .start = START,
	                                     .sequencer_only = true};
	struct trial trial = {NULL, NULL, sizeof(*told), work, learn, judge};
	struct trial_count count;
	char line[200];

	f = federation_found(&options);
	history_make(0, scratch("one"), "a");
	history_make(1, scratch("other"), "b");
	home_make();
	told = trial_share(sizeof(*told));
	trial.told = told;
	trial.template = scratch("party");
	count = trial_all(&trial, scratch(""));
	snprintf(line, sizeof(line), "a signer: %u restarts behind %u calls, nothing is contradicted",
	         count.runs, count.calls);
	ok(count.runs > 0 && count.failed == 0, line);
	return done_testing();
}
