/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/observerd/worker.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "act/act.h"
#include "base/hex.h"
#include "base/must.h"
#include "commons/checking.h"
#include "host/file.h"
#include "host/home.h"
#include "host/ipc.h"
#include "host/memory.h"
#include "host/observing/known.h"
#include "host/observing/resolvers.h"
#include "host/sandbox.h"
#include "observing/asking.h"
#include "prog/observerd/asker.h"
#include "prog/observerd/settings.h"
#include "state/form.h"

#define LOOK_SECONDS    1     /* between looks at what is waited for */
#define TRIES           3     /* before it attests that something does not hold */
#define ANSWER_PATIENCE 60000 /* milliseconds */
#define WORK_SIZE       ((size_t)64 << 20)
#define AGAIN_SECONDS  60 /* of the ledger, before what was refused is tried again */
#define DONE_MAX       256

struct worker {
	struct home home;
	struct settings settings;
	struct key *key; /* SECRET */
	struct ipc node;
	int asker;
	struct arena memory; /* of one look */
	struct bytes origin; /* of the report */
	uint8_t federation[ACT_FEDERATION_SIZE];
	struct ledger_time time;      /* of the ledger */
	struct done {
		struct digest name;
		int64_t until; /* of the ledger: not looked at again before */
	} done[DONE_MAX];
	unsigned done_count;
	char folder[FILE_PATH_MAX]; /* where sightings are kept */
};

/* ---- the node ---- */

static bool hear(struct worker *w, enum ipc_type wanted, struct bytes *body)
{
	enum ipc_type type = IPC_HELLO;

	while (type != wanted)
		if (ipc_wait(&w->node, ANSWER_PATIENCE, &type, body) != OK)
			return false;
	return true;
}

static bool ask_node(struct worker *w, enum ipc_type question, struct bytes body,
                     enum ipc_type answer, struct bytes *got)
{
	if (ipc_say(&w->node, question, body) != OK || !hear(w, answer, got))
		return false;
	*got = arena_copy(&w->memory, *got);
	return true;
}

/* Takes the next record that holds its form off an answer. */
static bool record_next(const struct worker *w, struct bytes *records, struct bytes *record)
{
	while (ipc_record_next(records, record))
		if (record_form_holds(*record, arena_rest(&w->memory)))
			return true;
	return false;
}

static bool get(void *context, struct bytes key, struct bytes *record)
{
	struct worker *w = context;
	struct bytes records;

	return ask_node(w, IPC_GET, key, IPC_RECORDS, &records) &&
	       record_next(w, &records, record);
}

/* Pages of records, one behind the other. */
static bool list(struct worker *w, struct bytes prefix, struct bytes *records)
{
	struct writer all = writer_in(&w->memory);
	struct bytes page;
	bool more = true;

	if (ipc_say(&w->node, IPC_LIST, prefix) != OK)
		return false;
	while (more) {
		if (!hear(w, IPC_RECORDS, &page))
			return false;
		more = ipc_page_goes_on(&page);
		write_bytes(&all, page);
	}
	*records = writer_keep(&all, &w->memory);
	return true;
}

static bool field_of(struct bytes text, const char *name, struct bytes *value)
{
	struct text lines = {.rest = text};
	struct bytes line;

	while (text_line(&lines, &line))
		if (text_field(line, name, value))
			return true;
	return false;
}

/* Which federation it is, and what time. */
static bool learn(struct worker *w)
{
	struct bytes report, value;

	return ask_node(w, IPC_STATUS, BYTES(""), IPC_REPORT, &report) &&
	       field_of(report, "federation", &value) && text_word(&value, &w->origin) &&
	       hex_read(value, w->federation, sizeof(w->federation)) &&
	       bytes_same(w->origin, bytes_of(w->home.origin)) &&
	       (!w->home.genesis_known ||
	        memcmp(w->home.genesis.octet, w->federation, sizeof(w->federation)) == 0) &&
	       field_of(report, "time", &value) && time_read(value, &w->time);
}

/* ---- what is done ---- */

static struct digest name_of(const struct checking *c)
{
	uint8_t text[200];
	struct writer w = {.at = text, .size = sizeof(text)};

	write_bytes(&w, c->id);
	write_text(&w, checking_run_word(c->run));
	write_time(&w, c->since);
	return sha256(writer_bytes(&w));
}

static bool is_done(const struct worker *w, const struct checking *c)
{
	struct digest name = name_of(c);

	for (unsigned i = 0; i < w->done_count && i < DONE_MAX; i++)
		if (digest_same(&w->done[i].name, &name) && w->time.seconds < w->done[i].until)
			return true;
	return false;
}

static void set_done_until(struct worker *w, const struct checking *c, int64_t until)
{
	w->done[w->done_count++ % DONE_MAX] = (struct done){name_of(c), until};
}

static void set_done(struct worker *w, const struct checking *c)
{
	set_done_until(w, c, INT64_MAX);
}

static bool has_attested(struct worker *w, const struct checking *c)
{
	struct record_key key;
	struct bytes record;

	return get(w, record_key(&key, "attestation", c->id, bytes_of(w->home.party)), &record);
}

/* ---- the question ---- */

/* The act that waits: its text must be the one of that id, whatever the node says. */
static bool act_of(struct worker *w, const struct checking *c, struct act *act)
{
	struct act embedding = {.embed = {NULL, 0}};
	char id[2 * DIGEST_SIZE];
	struct record_key key;
	struct bytes record, text;
	struct proposal p;
	struct fault fault;

	if (!get(w, record_key(&key, "proposal", c->id, BYTES("")), &record))
		return false;
	proposal_read(record, &p);
	embedding.embed = p.text;
	text = act_embedded(&embedding, &w->memory);
	if (act_read(text, arena_rest(&w->memory), act, &fault) != OK ||
	    act->kind != ACT_DELEGATE)
		return false;
	hex_write(id, digest_bytes(&act->id));
	return bytes_same((struct bytes){(uint8_t *)id, sizeof(id)}, c->id);
}

static bool tld_of(struct worker *w, struct bytes records, struct bytes *tld)
{
	struct writer text;
	struct rr rr;

	while (record_rr(&records, &w->memory, &rr))
		if (rr.type == TYPE_NS) {
			text = writer_in(&w->memory);
			dname_write_text(&text, rr.owner);
			*tld = writer_keep(&text, &w->memory);
			return true;
		}
	return false;
}

static bool asking_of(struct worker *w, const struct act *act, struct bytes *question)
{
	struct writer lines = writer_in(&w->memory), text;
	struct asking asking = {.records = act->records};

	for (unsigned i = 0; i < w->settings.resolvers; i++)
		write_field(&lines, "resolver", bytes_of(w->settings.resolver[i]));
	asking.resolvers = writer_keep(&lines, &w->memory);
	if (!tld_of(w, act->records, &asking.tld))
		return false;
	asking.addresses = known_addresses(get, w, act->records, &w->memory);
	text = writer_in(&w->memory);
	asking_write(&text, &asking);
	*question = writer_keep(&text, &w->memory);
	return asking_read(*question, arena_rest(&w->memory), &asking) == OK;
}

/* ---- the answer ---- */

/* Asks until all holds, a few times: what one packet lost says is not worth a party's word. */
static enum mishap observe(struct worker *w, struct bytes question, struct observed *observed)
{
	enum mishap mishap = OK;

	for (unsigned i = 0; i < TRIES; i++) {
		const struct timespec pause = {.tv_sec = w->settings.pause_seconds};

		if (i > 0)
			nanosleep(&pause, NULL);
		mishap = asker_ask(w->asker, question, &w->memory, observed);
		if (mishap != OK || (observed->failed == 0 && observed->unable == 0))
			break;
	}
	return mishap;
}

static struct bytes checks_text(struct worker *w, unsigned checks)
{
	struct writer text = writer_in(&w->memory);

	checks_write(&text, checks);
	return writer_keep(&text, &w->memory);
}

static struct bytes time_text(struct worker *w)
{
	struct writer text = writer_in(&w->memory);

	write_time(&text, w->time);
	return writer_keep(&text, &w->memory);
}

static struct bytes counted_text(struct worker *w, struct bytes octets)
{
	struct writer text = writer_in(&w->memory);
	struct digest digest = sha256(octets);

	write_number(&text, octets.size);
	write_octet(&text, ' ');
	write_digest(&text, &digest);
	return writer_keep(&text, &w->memory);
}

/* What was seen is kept before it is attested: whoever contests it may ask for it. */
static bool keep(const struct worker *w, const struct checking *c, struct bytes seen)
{
	char path[FILE_PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%.64s-%s", w->folder, (const char *)c->id.at,
	                checking_run_word(c->run)) < (int)sizeof(path) &&
	       file_write(path, 0644, seen, true) == OK;
}

static bool charter_version(struct worker *w, uint32_t *version)
{
	struct bytes record;
	struct text lines;

	if (!get(w, BYTES("charter"), &record))
		return false;
	lines = record_lines(record);
	*version = (uint32_t)record_number(&lines, "version");
	return true;
}

static bool attest(struct worker *w, const struct checking *c, const struct observed *observed)
{
	struct act act = {
		.kind = ACT_ATTEST, .origin = w->origin, .by = bytes_of(w->home.party)};
	struct writer text, note;
	struct bytes signed_text, receipt, outcome, reason;
	bool entered;

	if (!learn(w) || !charter_version(w, &act.charter))
		return false;
	act.origin = w->origin;
	memcpy(act.federation, w->federation, sizeof(act.federation));
	act.until.seconds = w->time.seconds + ACT_UNTIL_DEFAULT;
	act.field[0] = c->id;
	act.field[1] = bytes_of(checking_run_word(c->run));
	act.field[2] = time_text(w);
	act.field[3] = bytes_of(w->settings.vantage);
	act.field[4] = checks_text(w, observed->failed);
	act.field[5] = checks_text(w, observed->unable);
	act.field[6] = counted_text(w, observed->seen);
	text = writer_in(&w->memory);
	act_write(&text, &act);
	signed_text = writer_keep(&text, &w->memory);
	note = writer_in(&w->memory);
	write_bytes(&note, signed_text);
	write_octet(&note, '\n');
	if (key_write_line(&note, w->key, signed_text) != OK ||
	    !ask_node(w, IPC_SUBMIT, writer_keep(&note, &w->memory), IPC_RECEIPT, &receipt))
		return false;
	if (!field_of(receipt, "outcome", &outcome))
		return false;
	entered = bytes_same(outcome, BYTES("entered")) || bytes_same(outcome, BYTES("already"));
	set_done_until(w, c, entered ? INT64_MAX : w->time.seconds + AGAIN_SECONDS);
	if (!field_of(receipt, "reason", &reason))
		reason = outcome;
	printf("comity-observerd: %.8s %s: failed %.*s; unable %.*s: %.*s\n", (const char *)c->id.at,
	       checking_run_word(c->run), (int)act.field[4].size, (const char *)act.field[4].at,
	       (int)act.field[5].size, (const char *)act.field[5].at, (int)reason.size, (const char *)reason.at);
	fflush(stdout);
	return true;
}

/* One that is waited for. False: the node is gone, or speaks of something else than it should. */
static bool answer_for(struct worker *w, const struct checking *c)
{
	struct observed observed;
	struct bytes question;
	enum mishap mishap;
	struct act act;

	if (has_attested(w, c)) {
		set_done(w, c);
		return true;
	}
	if (!act_of(w, c, &act) || !asking_of(w, &act, &question)) {
		fprintf(stderr, "comity-observerd: %.8s: no delegation that can be checked\n",
		        (const char *)c->id.at);
		set_done(w, c);
		return true;
	}
	if (bytes_same(act.by, bytes_of(w->home.party))) {
		set_done(w, c); /* one does not attest what is one's own */
		return true;
	}
	mishap = observe(w, question, &observed);
	if (mishap == MISHAP_MALFORMED) { /* whoever brings that about keeps nobody else's checks waiting */
		fprintf(stderr, "comity-observerd: %.8s: its name servers could not be asked\n", (const char *)c->id.at);
		set_done_until(w, c, w->time.seconds + AGAIN_SECONDS);
		return true;
	}
	if (mishap != OK)
		return false;
	return keep(w, c, observed.seen) && attest(w, c, &observed);
}

static bool look(struct worker *w)
{
	struct bytes records, record;

	w->memory.used = 0;
	if (!learn(w) || !list(w, BYTES("checking/"), &records))
		return false;
	while (record_next(w, &records, &record)) {
		struct checking c;

		checking_read(record, &c);
		if ((c.run != RUN_SUBMISSION && c.run != RUN_PUBLICATION) || c.held ||
		    c.since.seconds > w->time.seconds || is_done(w, &c))
			continue;
		if (!answer_for(w, &c))
			return false;
		break; /* what was listed is old by now */
	}
	return true;
}

static bool prepare(struct worker *w, const char *home)
{
	struct arena secret = memory_reserve_secret(2 * sizeof(*w->key));
	char path[1024];

	memory_keep_private();
	w->key = arena_take(&secret, sizeof(*w->key));
	if (home_read(&w->home, home) != OK || settings_read(&w->settings, home) != OK ||
	    snprintf(w->folder, sizeof(w->folder), "%s/observer", home) >=
	            (int)sizeof(w->folder) ||
	    file_make_folder(w->folder, 0750) != OK)
		return false;
	home_key_path(&w->home, "duty", path);
	if (key_read(w->key, path) != OK)
		return false;
	if (w->settings.resolvers == 0) {
		struct writer lines = writer_in(&w->memory);
		struct bytes rest, value;

		resolvers_of_machine(&lines);
		for (rest = writer_keep(&lines, &w->memory);
		     w->settings.resolvers < SETTINGS_RESOLVERS_MAX &&
		     asking_value(&rest, &value);)
			snprintf(w->settings.resolver[w->settings.resolvers++],
			         sizeof(w->settings.resolver[0]), "%.*s", (int)value.size,
			         (const char *)value.at);
	}
	return sandbox_own_only(w->folder) == OK;
}

int worker_run(const char *home, int socket, int asker)
{
	static struct worker w;
	const struct timespec pause = {.tv_sec = LOOK_SECONDS};

	w.asker = asker;
	w.memory = memory_reserve(WORK_SIZE);
	ipc_init(&w.node, socket);
	if (!prepare(&w, home))
		return 3;
	while (look(&w))
		nanosleep(&pause, NULL);
	key_wipe(w.key);
	return 0;
}
