/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/signerd/worker.h"

#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/must.h"
#include "host/file.h"
#include "host/home.h"
#include "host/ipc.h"
#include "host/key.h"
#include "host/memory.h"
#include "host/sandbox.h"
#include "ledger/finality.h"
#include "prog/signerd/vault.h"

#define STEP_MILLISECONDS 200 /* how often it looks again while nothing is said */
#define CENSOR_SECONDS    60  /* an act of ours may be missing from the ledger this long */
#define SUBMITTED_MAX     256

/* All that is SECRET, in one locked range. */
struct secrets {
	struct key cosign, custody, log;
	uint8_t seal_key[VAULT_SECRET_SIZE];
	struct custodian_vault vault;
};

struct worker {
	struct home home;
	struct ipc ipc;
	struct secrets *secrets;
	struct vault vault;
	struct ledger ledger;
	struct finality finality;
	struct custodian custodian;
	struct custodian_host host;
	struct bytes genesis; /* owned, once it is there */
	bool synced;
	bool has_head;
	uint64_t head; /* height countersigned last */
	struct {
		int64_t at; /* wall clock; 0: free */
		uint8_t *note;
		size_t size;
		struct digest id;
	} submitted[SUBMITTED_MAX];
	struct arena scratch;
	bool failed;
};

static int64_t clock_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return clock == CLOCK_REALTIME ? t.tv_sec : t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct custodian_view view_of(struct worker *w)
{
	return (struct custodian_view){
		.state = &w->ledger.state,
		.origin = w->ledger.commons.origin,
		.genesis = w->ledger.commons.genesis,
		.cache = &w->ledger.commons.cache,
		.charter = w->ledger.commons.charter.version,
		.now = w->ledger.time,
		.clock = clock_of(CLOCK_MONOTONIC),
	};
}

static void host_random(void *context, uint8_t *to, size_t size)
{
	(void)context;
	randombytes_buf(to, size);
}

/* What cannot be kept must not be relied on: the process ends before anything is said. */
static void must_keep(enum mishap mishap)
{
	if (mishap != OK) {
		fputs("comity-signerd: stopping: nothing may be signed that was not kept\n", stderr);
		_exit(3);
	}
}

static void host_keep(void *context, const char *name, const uint8_t *secret, size_t size)
{
	must(size == VAULT_SECRET_SIZE);
	must_keep(vault_keep(&((struct worker *)context)->vault, name, secret));
}

static void host_forget(void *context, const char *name)
{
	must_keep(vault_forget(&((struct worker *)context)->vault, name));
}

static bool host_burn(void *context, const uint8_t pool[16], uint32_t first, uint32_t count,
                      const struct digest *session)
{
	enum mishap mishap;
	bool burned = vault_burn(&((struct worker *)context)->vault, pool, first, count, session,
	                         &mishap);

	must_keep(mishap);
	return burned;
}

/* A note of the text signed by that key, in memory of its own. */
static struct bytes note_of(const struct key *key, struct bytes text)
{
	size_t room = text.size + 512;
	struct writer w = {.at = malloc(room), .size = room};

	if (w.at == NULL)
		memory_fail(room);
	write_bytes(&w, text);
	write_octet(&w, '\n');
	must_keep(key_write_line(&w, key, text));
	must(!w.full);
	return writer_bytes(&w);
}

static void note_free(struct bytes note)
{
	free((void *)(uintptr_t)note.at);
}

/* Remembers an act, to notice when it is kept out of the ledger. */
static void submitted_add(struct worker *w, struct bytes text, struct bytes note)
{
	unsigned oldest = 0;

	for (unsigned i = 0; i < SUBMITTED_MAX; i++)
		if (w->submitted[i].at < w->submitted[oldest].at)
			oldest = i;
	free(w->submitted[oldest].note);
	w->submitted[oldest].note = malloc(note.size);
	if (w->submitted[oldest].note == NULL)
		memory_fail(note.size);
	memcpy(w->submitted[oldest].note, note.at, note.size);
	w->submitted[oldest].size = note.size;
	w->submitted[oldest].at = clock_of(CLOCK_REALTIME);
	w->submitted[oldest].id = sha256(text);
}

static void host_submit(void *context, struct bytes text)
{
	struct worker *w = context;
	struct bytes note = note_of(&w->secrets->custody, text);

	ipc_send(&w->ipc, IPC_SUBMIT, note);
	submitted_add(w, text, note);
	note_free(note);
}

static void host_post(void *context, struct bytes text, struct bytes body)
{
	struct worker *w = context;
	struct bytes note = note_of(&w->secrets->custody, text), head;
	uint8_t size[2] = {(uint8_t)(note.size >> 8), (uint8_t)note.size};
	uint8_t *parts = malloc(2 + note.size);

	if (parts == NULL)
		memory_fail(note.size);
	memcpy(parts, size, 2);
	memcpy(parts + 2, note.at, note.size);
	head = (struct bytes){parts, 2 + note.size};
	ipc_send_parts(&w->ipc, IPC_POST, head, body);
	free(parts);
	note_free(note);
}

/* Acts of ours that entered are no longer waited for. */
static void submitted_entered(struct worker *w, const struct block *block)
{
	struct bytes notes = block->notes, note;
	struct fault fault;
	struct note n;

	while (block_note(&notes, &note)) {
		if (note_read(note, &n, &fault) != OK)
			continue;
		struct digest id = sha256(n.text);
		for (unsigned i = 0; i < SUBMITTED_MAX; i++)
			if (w->submitted[i].at != 0 && digest_same(&w->submitted[i].id, &id))
				w->submitted[i].at = 0;
	}
}

/*
 * Whether the sequencer keeps an act of ours out: submitted a minute ago, not in the ledger, and it would
 * enter. One that would not enter any more is forgotten.
 */
static bool is_censored(struct worker *w)
{
	int64_t now = clock_of(CLOCK_REALTIME);

	for (unsigned i = 0; i < SUBMITTED_MAX; i++) {
		struct receipt receipt;

		if (w->submitted[i].at == 0 || now - w->submitted[i].at < CENSOR_SECONDS)
			continue;
		ledger_try(&w->ledger, (struct bytes){w->submitted[i].note, w->submitted[i].size},
		           &receipt);
		if (receipt.outcome == OUTCOME_ENTERED) {
			fprintf(stderr, "comity-signerd: an act of ours is kept out of the ledger\n");
			return true;
		}
		w->submitted[i].at = 0;
	}
	return false;
}

static bool is_countersigner(const struct worker *w)
{
	struct bytes name[CUSTODY_MEMBERS_MAX];
	unsigned threshold, count = commons_countersigners(&w->ledger.commons, name, &threshold);

	for (unsigned i = 0; i < count; i++)
		if (bytes_same(name[i], bytes_of(w->home.party)))
			return true;
	return false;
}

/* The sequencer's line over the same checkpoint, when we hold the log key. */
static void log_sign(struct worker *w, const struct checkpoint *checkpoint)
{
	uint8_t text[CHECKPOINT_SIZE_MAX];
	struct writer t = {.at = text, .size = sizeof(text)};
	struct bytes note;

	if (!w->home.has_log)
		return;
	checkpoint_write(&t, checkpoint);
	note = note_of(&w->secrets->log, writer_bytes(&t));
	ipc_send(&w->ipc, IPC_LOG, note);
	note_free(note);
}

static void cosign(struct worker *w, const struct checkpoint *checkpoint, uint8_t octets[72])
{
	uint8_t message[COSIGNED_SIZE_MAX];
	struct writer m = {.at = message, .size = sizeof(message)};
	uint64_t time = (uint64_t)clock_of(CLOCK_REALTIME);

	cosigned_write(&m, checkpoint, time);
	must(!m.full);
	for (unsigned i = 0; i < 8; i++)
		octets[i] = (uint8_t)(time >> (56 - 8 * i));
	must_keep(key_sign(&w->secrets->cosign, writer_bytes(&m), octets + 8));
}

/* One seal a height, ever; none that is far from our own clock; none that leaves an act of ours out. */
static void countersign(struct worker *w)
{
	struct checkpoint checkpoint;
	struct sealed sealed;
	uint8_t octets[72];
	struct writer t;
	struct bytes note;
	int64_t apart;
	const char *why;

	if (!w->synced || !ledger_last_seal(&w->ledger, &sealed) || !is_countersigner(w) ||
	    (w->has_head && sealed.height <= w->head))
		return;
	apart = sealed.time.seconds - clock_of(CLOCK_REALTIME);
	if (apart > COUNTERSIGN_CLOCK_SECONDS || apart < -COUNTERSIGN_CLOCK_SECONDS || is_censored(w))
		return;
	must_keep(vault_set_head(&w->vault, sealed.height, &sealed.seal));
	w->has_head = true;
	w->head = sealed.height;
	checkpoint = ledger_checkpoint(&w->ledger, &sealed);
	log_sign(w, &checkpoint);
	cosign(w, &checkpoint, octets);
	w->scratch.used = 0;
	t = writer_in(&w->scratch);
	countersign_write(&t, &w->ledger, &sealed, bytes_of(w->home.party), octets);
	note = note_of(&w->secrets->cosign, writer_bytes(&t));
	ipc_send(&w->ipc, IPC_VOICE, note);
	if (!finality_take(&w->finality, &w->ledger, note, &why))
		fprintf(stderr, "comity-signerd: our own countersignature: %s\n", why);
	note_free(note);
}

static bool fail(struct worker *w, const char *what, const char *why)
{
	fprintf(stderr, "comity-signerd: %s: %s\n", what, why);
	w->failed = true;
	return false;
}

static bool hear_manifest(struct worker *w, struct bytes manifest)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)};
	struct receipt receipt;
	enum mishap mishap;

	if (w->genesis.size == 0 || w->ledger.founded)
		return fail(w, "the import", "stands in no place");
	ledger_found(&w->ledger, w->genesis, manifest, &receipt, &seal);
	if (receipt.outcome != OUTCOME_ENTERED)
		return fail(w, "the founding", "is refused by our own ledger");
	if (w->home.genesis_known && !digest_same(&w->home.genesis, &w->ledger.commons.genesis))
		return fail(w, "the founding", "is not of the federation that our home names");
	/* A home may not name one yet; shares and countersignatures are for one alone. */
	bool ours = vault_of(&w->vault, &w->ledger.commons.genesis, &mishap);
	must_keep(mishap);
	if (!ours)
		return fail(w, "the founding",
		            "is not of the federation that we signed for before");
	return true;
}

static bool hear_block(struct worker *w, struct bytes octets)
{
	const char *why = "does not read";
	struct block block;

	if (!w->ledger.founded || block_read(octets, &block) != OK ||
	    !ledger_replay(&w->ledger, &block, &why))
		return fail(w, "a block", why);
	submitted_entered(w, &block);
	return true;
}

static bool hear(struct worker *w, enum ipc_type type, struct bytes body)
{
	struct custodian_view view;
	const char *why;
	uint8_t *copy;

	switch (type) {
	case IPC_GENESIS:
		copy = malloc(body.size);
		if (copy == NULL || body.size == 0)
			return fail(w, "the genesis", "is empty");
		memcpy(copy, body.at, body.size);
		w->genesis = (struct bytes){copy, body.size};
		return true;
	case IPC_MANIFEST:
		return hear_manifest(w, body);
	case IPC_BLOCK:
		return hear_block(w, body);
	case IPC_VOICE:
		/* One that is out of date, or no countersigner's, changes nothing. */
		(void)finality_take(&w->finality, &w->ledger, body, &why);
		return true;
	case IPC_POST:
		view = view_of(w);
		(void)custodian_take(&w->custodian, &view, body, &why);
		return true;
	case IPC_SYNCED:
		w->synced = true;
		return true;
	case IPC_RECEIPT:
		return true;
	case IPC_HELLO:
	case IPC_SUBMIT:
	case IPC_LOG:
	case IPC_GET:
	case IPC_LIST:
	case IPC_STATUS:
	case IPC_WATCH:
	case IPC_PROVE:
	case IPC_RECORDS:
	case IPC_REPORT:
	case IPC_PROOF:
		break;
	}
	return fail(w, "a message", "that nobody says to a signer");
}

static void act(struct worker *w)
{
	if (!w->ledger.founded || !w->synced)
		return;
	countersign(w);
	if (finality_reached(&w->finality, &w->ledger)) {
		struct custodian_view view = view_of(w);
		custodian_step(&w->custodian, &view);
	}
}

static void say_hello(struct worker *w)
{
	char text[200];
	struct writer t = {.at = (uint8_t *)text, .size = sizeof(text)};

	write_text(&t, "comity-ipc/1\nrole: signer\n");
	write_field(&t, "party", bytes_of(w->home.party));
	write_field_number(&t, "height", 0);
	ipc_send(&w->ipc, IPC_HELLO, writer_bytes(&t));
}

static void loop(struct worker *w)
{
	say_hello(w);
	while (!w->failed) {
		struct pollfd p = {w->ipc.socket, POLLIN, 0};
		enum ipc_type type;
		struct bytes body;
		bool there;

		if (ipc_has_backlog(&w->ipc))
			p.events |= POLLOUT;
		if (poll(&p, 1, STEP_MILLISECONDS) < 0 && errno != EINTR)
			return;
		there = (p.revents & (POLLIN | POLLHUP | POLLERR)) == 0 || ipc_receive(&w->ipc);
		while (!w->failed && ipc_take(&w->ipc, &type, &body))
			if (!hear(w, type, body))
				return;
		act(w);
		if (!ipc_flush(&w->ipc) || !there)
			return;
	}
}

static bool restore(void *context, const char *name, const uint8_t *secret)
{
	return custodian_restore(&((struct worker *)context)->custodian, name, secret,
	                         VAULT_SECRET_SIZE);
}

static enum mishap secrets_load(struct worker *w)
{
	struct arena locked = memory_reserve_secret(sizeof(struct secrets));
	struct custodian_memory memory = custodian_reserve();
	struct digest seal;
	enum mishap mishap;

	w->secrets = (struct secrets *)(void *)locked.at;
	mishap = home_keys(&w->home, &w->secrets->cosign, &w->secrets->custody, &w->secrets->log);
	if (mishap == OK)
		mishap = vault_open(&w->vault, w->home.signer, w->secrets->seal_key);
	if (mishap != OK)
		return mishap;
	w->host = (struct custodian_host){w,         host_random, host_keep, host_forget,
	                                  host_burn, host_submit, host_post};
	custodian_init(&w->custodian, bytes_of(w->home.party), &w->host, &w->secrets->vault, &memory);
	mishap = vault_each(&w->vault, restore, w);
	if (mishap == OK)
		w->has_head = vault_head(&w->vault, &w->head, &seal, &mishap);
	return mishap;
}

/* From here on: this descriptor, this folder, and nothing else. */
static enum mishap confine(const struct worker *w)
{
	static const char *const CALLS[] = {"fsync",     "fdatasync", "rename",   "renameat",
	                                    "renameat2", "unlink",    "unlinkat", "sendto"};
	enum mishap mishap = sandbox_own_only(w->home.signer);

	return mishap != OK ? mishap : sandbox_call_only(CALLS, sizeof(CALLS) / sizeof(CALLS[0]));
}

int worker_run(const char *home, int socket)
{
	struct worker *w = calloc(1, sizeof(*w));
	int status = 3;

	if (w == NULL)
		memory_fail(sizeof(*w));
	memory_keep_private();
	w->scratch = memory_reserve(1u << 20);
	ledger_reserve(&w->ledger);
	ipc_init(&w->ipc, socket);
	if (home_read(&w->home, home) == OK && secrets_load(w) == OK && confine(w) == OK) {
		loop(w);
		status = w->failed ? 3 : 0;
	}
	if (w->secrets != NULL)
		sodium_memzero(w->secrets, sizeof(*w->secrets));
	ipc_close(&w->ipc);
	free(w);
	return status;
}
