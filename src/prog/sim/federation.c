/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/sim/federation.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/hex.h"
#include "base/must.h"
#include "commons/ceremony.h"

#define STATE_SIZE ((size_t)256 << 20)

enum { KEY_ACT = 1, KEY_COSIGN, KEY_CUSTODY, KEY_SPARE };

static void die(const char *what, const char *why)
{
	fprintf(stderr, "comity-sim: %s: %s\n", what, why);
	exit(3);
}

struct arena federation_memory(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		die("memory", "none");
	return (struct arena){at, size, 0};
}

static uint64_t next_random(struct federation *f) /* splitmix64 */
{
	uint64_t z = (f->random += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static void random_octets(struct federation *f, uint8_t *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = (uint8_t)(next_random(f) >> 32);
}

static void key_make(struct federation *f, struct secret_key *key)
{
	uint8_t seed[32], public_key[32];

	random_octets(f, seed, sizeof(seed));
	crypto_sign_seed_keypair(public_key, key->secret, seed);
}

static struct bytes keep(struct federation *f, struct bytes octets)
{
	return arena_copy(&f->memory, octets);
}

static void list_add(struct bytes **list, size_t *count, size_t *room, struct bytes item)
{
	if (*count == *room) {
		*room = *room == 0 ? 64 : 2 * *room;
		*list = realloc(*list, *room * sizeof(**list));
		if (*list == NULL)
			die("memory", "none");
	}
	(*list)[(*count)++] = item;
}

static struct note_key note_key_of(const struct federation *f, const struct secret_key *key,
                                   const char *party, unsigned number, char name[200])
{
	struct bytes origin = f->sequencer.commons.origin;

	snprintf(name, 200, "%.*s/p/%s/%u", (int)origin.size, (const char *)origin.at, party, number);
	return note_key_make(bytes_of(name), NOTE_TYPE_ED25519, key->secret + 32);
}

static void signature_line(const struct federation *f, struct writer *w,
                           const struct secret_key *key, const char *party, unsigned number,
                           struct bytes text)
{
	uint8_t signature[64];
	char name[200];
	struct note_key k = note_key_of(f, key, party, number, name);

	crypto_sign_detached(signature, NULL, text.at, text.size, key->secret);
	note_signature_write(w, &k, (struct bytes){signature, sizeof(signature)});
}

struct bytes federation_sign(struct federation *f, const struct secret_key *key,
                             const char *party, unsigned number, struct bytes text)
{
	struct writer w = writer_in(&f->memory);

	write_bytes(&w, text);
	write_octet(&w, '\n');
	signature_line(f, &w, key, party, number, text);
	return writer_keep(&w, &f->memory);
}

void federation_cosign(const struct federation *f, unsigned party, struct bytes message,
                       uint8_t signature[64])
{
	crypto_sign_detached(signature, NULL, message.at, message.size,
	                     f->node[party].cosign.secret);
}

/* What a custodian's host does. */
static void host_random(void *context, uint8_t *to, size_t size)
{
	random_octets(((struct node *)context)->federation, to, size);
}

static void host_keep(void *context, const char *name, const uint8_t *secret, size_t size)
{
	struct node *node = context;
	unsigned i = 0;

	while (i < node->kept_count && strcmp(node->kept[i].name, name) != 0)
		i++;
	must(i < sizeof(node->kept) / sizeof(node->kept[0]) && size == 32);
	if (i == node->kept_count)
		node->kept_count++;
	snprintf(node->kept[i].name, sizeof(node->kept[i].name), "%s", name);
	memcpy(node->kept[i].secret, secret, size);
}

static void host_forget(void *context, const char *name)
{
	struct node *node = context;

	for (unsigned i = 0; i < node->kept_count; i++)
		if (strcmp(node->kept[i].name, name) == 0) {
			node->kept[i] = node->kept[--node->kept_count];
			return;
		}
}

static bool host_burn(void *context, const uint8_t pool[16], uint32_t first, uint32_t count,
                      const struct digest *session)
{
	(void)context, (void)pool, (void)first, (void)count, (void)session;
	return true;
}

/* The deals of all others in that ceremony: minus the sum of their last commitments. False
 * while one is not there. */
static bool cancelling(struct node *node, enum group_kind kind, uint8_t point[32])
{
	static const uint8_t IDENTITY[32] = {1};
	struct arena scratch = arena_rest(&node->federation->memory);
	const struct state *state = &node->federation->sequencer.state;
	struct ceremony c;

	memcpy(point, IDENTITY, sizeof(IDENTITY));
	if (!ceremony_get(state, kind, &c))
		return false;
	for (unsigned i = 0; i < c.count; i++) {
		struct bytes deal;

		if (bytes_same(c.member[i].party, bytes_of(node->name)))
			continue;
		if (!deal_get(state, kind, c.member[i].party, &scratch, &deal) ||
		    crypto_core_ed25519_sub(point, point,
		                            deal.at + 36 + 32 * (c.threshold - 1)) != 0)
			return false;
	}
	return true;
}

/* Its own last commitment becomes what cancels those of the others. */
static struct bytes cancelled(struct node *node, struct act *act)
{
	struct federation *f = node->federation;
	uint8_t point[32];
	struct ceremony c;
	struct writer w;
	struct bytes blob;
	enum group_kind kind = group_kind(act_field(act, "group"));

	if (!ceremony_get(&f->sequencer.state, kind, &c) ||
	    !record_blob(act->embed, &f->memory, &blob) || !cancelling(node, kind, point))
		return (struct bytes){NULL, 0};
	memcpy(f->memory.at + (blob.at - f->memory.at) + 36 + 32 * (c.threshold - 1), point,
	       32);
	w = writer_in(&f->memory);
	record_write_blob(&w, blob);
	act->embed = writer_keep(&w, &f->memory);
	w = writer_in(&f->memory);
	act_write(&w, act);
	return writer_keep(&w, &f->memory);
}

/* A hostile dealer, or complainer, changes one octet of what an honest one would say. */
static struct bytes twisted(struct node *node, struct bytes text)
{
	struct federation *f = node->federation;
	struct arena scratch = arena_rest(&f->memory);
	struct act act;
	struct fault fault;
	struct bytes copy = keep(f, text), blob;

	scratch = arena_rest(&f->memory);
	if (act_read(copy, scratch, &act, &fault) != OK)
		return text;
	if (node->hostility == CANCELS && act.kind == ACT_DEAL)
		return cancelled(node, &act);
	if (node->hostility == BAD_DEAL && act.kind == ACT_DEAL) {
		struct writer w;
		uint8_t *octets;

		if (!record_blob(act.embed, &f->memory, &blob))
			return text;
		octets = f->memory.at + (blob.at - f->memory.at);
		/* The padded shares stand last, a scalar of 32 octets each; the last is some other member's
		 * or, for that member, the one before. */
		size_t at = blob.size - 32;
		if (strcmp(node->name, f->node[f->count - 1].name) == 0)
			at -= 32;
		octets[at] ^= 1;
		w = writer_in(&f->memory);
		record_write_blob(&w, blob);
		act.embed = writer_keep(&w, &f->memory);
		w = writer_in(&f->memory);
		act_write(&w, &act);
		return writer_keep(&w, &f->memory);
	}
	return text;
}

static void host_submit(void *context, struct bytes text)
{
	struct node *node = context;
	struct receipt receipt;

	/* Who spoils round B for the others does not do their work in round A. */
	if (node->hostility == MUTE || (node->hostility == BAD_SHARE_B &&
	                                (bytes_starts(text, BYTES("comity-act/1 signatures\n")) ||
	                                 bytes_starts(text, BYTES("comity-act/1 release\n")))))
		return;
	text = twisted(node, text);
	if (text.size == 0)
		return; /* later */
	federation_submit_note(node->federation,
	                       federation_sign(node->federation, &node->custody, node->name,
	                                       KEY_CUSTODY, text),
	                       &receipt);
	if (receipt.outcome == OUTCOME_MALFORMED ||
	    (receipt.outcome == OUTCOME_REFUSED && receipt.refusal.reason != REASON_TWICE &&
	     receipt.refusal.reason != REASON_JOB && receipt.refusal.reason != REASON_CEREMONY &&
	     receipt.refusal.reason != REASON_STALE))
		node->federation->bad_acts++;
}

static void host_post(void *context, struct bytes text, struct bytes body)
{
	struct node *node = context;
	struct federation *f = node->federation;
	struct bytes note, octets = keep(f, body);
	struct board_message m;
	struct fault fault;
	struct writer w;
	bool shares = bytes_starts(text, BYTES("comity-board/1 shares"));

	if (node->hostility == MUTE || (node->hostility == NO_SHARES && shares))
		return;
	if ((node->hostility == BAD_SHARE && shares) ||
	    (node->hostility == BAD_SHARE_B && shares && body.size == FROST_SCALAR_SIZE)) {
		f->memory.at[(octets.at - f->memory.at) + 3] ^= 1;
		w = writer_in(&f->memory);
		write_bytes(&w, text);
		write_text(&w, "\n");
		signature_line(f, &w, &node->custody, node->name, KEY_CUSTODY, text);
		if (board_read_head(writer_keep(&w, &f->memory), &m, &fault) != OK)
			die("board", fault.why);
		m.root = board_root(octets, board_item_size(m.kind), arena_rest(&f->memory));
		w = writer_in(&f->memory);
		board_write_text(&w, &m);
		text = writer_keep(&w, &f->memory);
	}
	note = federation_sign(f, &node->custody, node->name, KEY_CUSTODY, text);
	w = writer_in(&f->memory);
	board_write(&w, note, octets);
	list_add(&f->board, &f->boards, &f->board_room, writer_keep(&w, &f->memory));
}

static struct commons_memory commons_memory(void)
{
	return (struct commons_memory){
		.scratch = federation_memory(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE),
		.charter = federation_memory(COMMONS_CHARTER_SIZE),
		.work = {federation_memory(ZONE_ARENA_SIZE), federation_memory(ZONE_ARENA_SIZE)},
	};
}

static void ledger_make(struct ledger *ledger)
{
	struct commons_memory memory = commons_memory();
	struct arena state = federation_memory(STATE_SIZE);

	ledger_init(ledger, state.at, state.size, &memory);
}

static void custodian_make(struct node *node)
{
	struct custodian_memory memory = {
		.boards = federation_memory(CUSTODIAN_BOARDS_SIZE),
		.sessions = federation_memory(CUSTODIAN_SESSIONS_SIZE),
		.scratch = federation_memory(CUSTODIAN_SCRATCH_SIZE),
	};

	node->vault = (struct custodian_vault *)(void *)federation_memory(sizeof(*node->vault)).at;
	node->host = (struct custodian_host){node,      host_random, host_keep, host_forget,
	                                     host_burn, host_submit, host_post};
	custodian_init(&node->custodian, bytes_of(node->name), &node->host, node->vault, &memory);
}

/* Who has keys and is no party, until it accedes, has no kind. */
static bool is_founder(const struct federation_options *o, unsigned party)
{
	return o->kinds == NULL || o->kinds[party] != NULL;
}

static void founder_write(const struct federation *f, struct writer *w, const struct node *node,
                          const char *kind)
{
	static const struct {
		enum key_role role;
		unsigned number;
	} KEYS[] = {{ROLE_ACT, KEY_ACT}, {ROLE_COSIGN, KEY_COSIGN}, {ROLE_CUSTODY, KEY_CUSTODY}};
	const struct secret_key *secret[] = {&node->act, &node->cosign, &node->custody};

	write_text(w, "party: ");
	write_text(w, node->name);
	write_text(w, " ");
	write_text(w, kind);
	write_text(w, " 1\n");
	for (unsigned i = 0; i < 3; i++) {
		char name[200];
		struct note_key k = note_key_of(f, secret[i], node->name, KEYS[i].number, name);
		write_text(w, "key: ");
		write_text(w, key_role_word(KEYS[i].role));
		write_text(w, " ");
		note_key_write(w, &k);
		write_text(w, "\n");
	}
}

/* From its name, not from the dice of the federation. */
static void spare_make(struct node *node)
{
	struct digest seed = sha256(bytes_of(node->name));
	uint8_t public_key[32];

	crypto_sign_seed_keypair(public_key, node->spare.secret, seed.octet);
}

struct bytes federation_key_lines(struct federation *f, unsigned party)
{
	static const struct {
		enum key_role role;
		unsigned number;
	} KEYS[] = {{ROLE_COSIGN, KEY_COSIGN}, {ROLE_CUSTODY, KEY_CUSTODY}, {ROLE_ACT, KEY_SPARE}};
	const struct node *node = &f->node[party];
	const struct secret_key *secret[] = {&node->cosign, &node->custody, &node->spare};
	struct writer w = writer_in(&f->memory);

	for (unsigned i = 0; i < 3; i++) {
		char name[200];
		struct note_key k = note_key_of(f, secret[i], node->name, KEYS[i].number, name);

		write_text(&w, "key: ");
		write_text(&w, key_role_word(KEYS[i].role));
		write_text(&w, " ");
		note_key_write(&w, &k);
		write_text(&w, "\n");
	}
	return writer_keep(&w, &f->memory);
}

static struct bytes genesis_text(struct federation *f, const struct federation_options *o)
{
	struct digest charter = sha256(o->charter), import = sha256(o->manifest);
	struct writer w = writer_in(&f->memory);
	struct note_key log = note_key_make(f->sequencer.commons.origin, NOTE_TYPE_ED25519,
	                                    f->log.secret + 32);

	write_text(&w, "comity-genesis/1\norigin: ");
	write_bytes(&w, f->sequencer.commons.origin);
	write_text(&w, "\n");
	write_field_time(&w, "time", (struct ledger_time){o->start});
	write_field(&w, "apex", bytes_of(o->apex != NULL ? o->apex : "."));
	write_text(&w, "soa: a.root-servers. hostmaster.root-servers. 1800 900 1202400 86400\n"
	               "ttl: 86400 518400 172800 518400\n");
	write_field(&w, "signatures", bytes_of(o->signatures != NULL ? o->signatures : "21d 14d"));
	write_field(&w, "signing", bytes_of(o->signing != NULL ? o->signing : "2s 20m 1h"));
	write_text(&w, "charter: 1 ");
	write_digest(&w, &charter);
	write_text(&w, "\nimport: ");
	if (o->manifest.size > 0) {
		write_digest(&w, &import);
		write_text(&w, " ");
		write_number(&w, o->manifest.size);
	} else {
		write_text(&w, "none");
	}
	write_text(&w, "\nlog: ");
	note_key_write(&w, &log);
	write_text(&w, "\n");
	for (unsigned i = 0; i < f->count; i++)
		if (is_founder(o, i))
			founder_write(f, &w, &f->node[i], o->kinds != NULL ? o->kinds[i] : "state");
	act_write_embedded(&w, o->charter);
	return writer_keep(&w, &f->memory);
}

static void found(struct federation *f, const struct federation_options *o)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)}, w;
	struct bytes text = genesis_text(f, o), note;
	struct receipt receipt;

	w = writer_in(&f->memory);
	write_bytes(&w, text);
	write_text(&w, "\n");
	for (unsigned i = 0; i < f->count; i++)
		if (is_founder(o, i))
			signature_line(f, &w, &f->node[i].act, f->node[i].name, KEY_ACT, text);
	note = writer_keep(&w, &f->memory);
	ledger_found(&f->sequencer, note, o->manifest, &receipt, &seal);
	if (receipt.outcome != OUTCOME_ENTERED) {
		char why[1000];
		struct writer y = {.at = (uint8_t *)why, .size = sizeof(why) - 1};
		if (receipt.outcome == OUTCOME_REFUSED)
			refusal_write(&y, &receipt.refusal, false);
		else
			write_text(&y, receipt.fault.why);
		why[y.used] = '\0';
		die("founding", why);
	}
	f->manifest = o->manifest;
	f->seal = keep(f, writer_bytes(&seal));
	for (unsigned i = 0; i < f->count && !o->sequencer_only; i++) {
		struct writer own = {.at = octets, .size = sizeof(octets)};
		ledger_found(&f->node[i].ledger, note, o->manifest, &receipt, &own);
		must(receipt.outcome == OUTCOME_ENTERED);
	}
}

struct federation *federation_found(const struct federation_options *o)
{
	struct federation *f = calloc(1, sizeof(*f));
	static const char *const ORIGIN = "root.comity.example";

	if (f == NULL || sodium_init() < 0)
		die("start", "no memory, or no libsodium");
	f->seed = f->random = o->seed;
	f->count = o->parties;
	f->verbose = o->verbose;
	f->clock = o->start * 1000;
	f->memory = federation_memory((size_t)64 << 30);
	f->node = calloc(f->count, sizeof(*f->node));
	ledger_make(&f->sequencer);
	f->sequencer.commons.origin = bytes_of(ORIGIN);
	key_make(f, &f->log);
	for (unsigned i = 0; i < f->count; i++) {
		struct node *node = &f->node[i];

		node->federation = f;
		node->up = !o->sequencer_only;
		if (o->names != NULL)
			snprintf(node->name, sizeof(node->name), "%s", o->names[i]);
		else
			snprintf(node->name, sizeof(node->name), "party-%02u", i + 1);
		key_make(f, &node->act);
		key_make(f, &node->cosign);
		key_make(f, &node->custody);
		spare_make(node);
		if (!node->up)
			continue;
		ledger_make(&node->ledger);
		custodian_make(node);
	}
	found(f, o);
	return f;
}

struct bytes federation_slot(struct federation *f, const char *key)
{
	struct digest leaf;
	char hex[64];

	if (!state_leaf(&f->sequencer.state, bytes_of(key), &leaf))
		return BYTES("none");
	hex_write(hex, digest_bytes(&leaf));
	return keep(f, (struct bytes){(uint8_t *)hex, sizeof(hex)});
}

struct act federation_act(const struct federation *f, unsigned party, enum act_kind kind)
{
	struct act act = {
		.kind = kind,
		.origin = f->sequencer.commons.origin,
		.charter = f->sequencer.commons.charter.version,
		.by = bytes_of(f->node[party].name),
		.until = {f->clock / 1000 + SECONDS_A_DAY},
	};

	memcpy(act.federation, f->sequencer.commons.genesis.octet, sizeof(act.federation));
	return act;
}

void federation_say(struct federation *f, unsigned party, const struct act *act,
                    struct receipt *receipt)
{
	struct writer w = writer_in(&f->memory);

	act_write(&w, act);
	federation_submit(f, party, -1, writer_keep(&w, &f->memory), receipt);
}

static void act_line(const struct federation *f, struct writer *w, const struct node *node, struct bytes text)
{
	signature_line(f, w, node->uses_spare ? &node->spare : &node->act, node->name,
	               node->uses_spare ? KEY_SPARE : KEY_ACT, text);
}

void federation_submit(struct federation *f, unsigned party, int also, struct bytes text,
                       struct receipt *receipt)
{
	struct writer w = writer_in(&f->memory);
	unsigned first = party, second = party;

	if (also >= 0) {
		first = (unsigned)also < party ? (unsigned)also : party;
		second = (unsigned)also < party ? party : (unsigned)also;
	}
	write_bytes(&w, text);
	write_text(&w, "\n");
	act_line(f, &w, &f->node[first], text);
	if (second != first)
		act_line(f, &w, &f->node[second], text);
	federation_submit_note(f, writer_keep(&w, &f->memory), receipt);
}

static void block_open(struct federation *f)
{
	if (!f->open)
		ledger_begin(&f->sequencer, (struct ledger_time){f->clock / 1000});
	f->open = true;
}

void federation_submit_note(struct federation *f, struct bytes note, struct receipt *receipt)
{
	block_open(f);
	ledger_enter(&f->sequencer, note, receipt);
	if (receipt->outcome == OUTCOME_ENTERED)
		list_add(&f->pending, &f->pendings, &f->pending_room, note);
	else if (f->verbose && receipt->outcome == OUTCOME_REFUSED)
		fprintf(stderr, "refused: %s\n%.*s\n", reason_text(receipt->refusal.reason, false),
		        (int)note.size, (const char *)note.at);
}

static struct custodian_view view_of(struct federation *f, struct node *node)
{
	return (struct custodian_view){
		.state = &node->ledger.state,
		.origin = node->ledger.commons.origin,
		.genesis = node->ledger.commons.genesis,
		.cache = &node->ledger.commons.cache,
		.charter = node->ledger.commons.charter.version,
		.now = node->ledger.time,
		.clock = f->clock,
	};
}

static void voice_give(struct federation *f, struct bytes note)
{
	const char *why;

	list_add(&f->voice, &f->voices, &f->voice_room, note);
	if (!finality_take(&f->finality, &f->sequencer, note, &why))
		die("countersignature", why);
	for (unsigned i = 0; i < f->count; i++)
		if (f->node[i].up && !finality_take(&f->node[i].finality, &f->node[i].ledger, note, &why))
			die(f->node[i].name, why);
}

/* Each party that is up countersigns the newest seal, once. */
static void countersign(struct federation *f, struct node *node)
{
	struct bytes name[CUSTODY_MEMBERS_MAX];
	unsigned threshold, count = commons_countersigners(&node->ledger.commons, name, &threshold);
	uint8_t message[COSIGNED_SIZE_MAX], cosignature[72];
	struct writer w = {.at = message, .size = sizeof(message)};
	struct checkpoint checkpoint;
	struct sealed sealed;
	uint64_t time = (uint64_t)(f->clock / 1000);
	bool is = false;

	for (unsigned i = 0; i < count; i++)
		is = is || bytes_same(name[i], bytes_of(node->name));
	if (!is || !ledger_last_seal(&node->ledger, &sealed) ||
	    (node->countersigned >= sealed.height && node->countersigned != 0) ||
	    (sealed.height == 0 && finality_has(&node->finality, &node->ledger, bytes_of(node->name))))
		return;
	node->countersigned = sealed.height;
	checkpoint = ledger_checkpoint(&node->ledger, &sealed);
	cosigned_write(&w, &checkpoint, time);
	for (unsigned i = 0; i < 8; i++)
		cosignature[i] = (uint8_t)(time >> (56 - 8 * i));
	crypto_sign_detached(cosignature + 8, NULL, message, w.used, node->cosign.secret);
	w = writer_in(&f->memory);
	countersign_write(&w, &node->ledger, &sealed, bytes_of(node->name), cosignature);
	voice_give(f, federation_sign(f, &node->cosign, node->name, KEY_COSIGN,
	                              writer_keep(&w, &f->memory)));
}

/* Closes the block of what has entered, as the solo engine does. */
static void block_close(struct federation *f)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)}, w = writer_in(&f->memory);
	struct block block = {.height = f->sequencer.height, .time = f->sequencer.time};

	for (size_t i = 0; i < f->pendings; i++)
		block_write_note(&w, f->pending[i]);
	block.count = (uint32_t)f->pendings;
	block.notes = writer_keep(&w, &f->memory);
	if (ledger_end(&f->sequencer, false, &seal)) {
		block.seal = writer_bytes(&seal);
		f->voices = 0;
	}
	w = writer_in(&f->memory);
	block_write(&w, &block);
	list_add(&f->block, &f->blocks, &f->block_room, writer_keep(&w, &f->memory));
	f->pendings = 0;
	f->open = false;
}

static void replay(struct node *node, struct bytes octets)
{
	const char *why = "does not read";
	struct block block;

	if (block_read(octets, &block) != OK || !ledger_replay(&node->ledger, &block, &why))
		die(node->name, why);
}

static void boards_give(struct federation *f, struct node *node, size_t from)
{
	for (size_t i = from; i < f->boards; i++) {
		struct custodian_view view = view_of(f, node);
		const char *why;

		if (!custodian_take(&node->custodian, &view, f->board[i], &why) && f->verbose)
			fprintf(stderr, "%s: board: %s\n", node->name, why);
	}
}

/* Everybody acts on what is final, and on each other's messages, until nobody has more to say. */
static void settle(struct federation *f)
{
	size_t given = f->boards;

	for (unsigned i = 0; i < f->count; i++)
		if (f->node[i].up)
			countersign(f, &f->node[i]);
	for (unsigned round = 0; round < 4; round++) {
		for (unsigned i = 0; i < f->count; i++) {
			struct node *node = &f->node[i];
			struct custodian_view view = view_of(f, node);

			if (node->up && finality_reached(&node->finality, &node->ledger))
				custodian_step(&node->custodian, &view);
		}
		if (given == f->boards)
			return;
		for (unsigned i = 0; i < f->count; i++)
			if (f->node[i].up)
				boards_give(f, &f->node[i], given);
		given = f->boards;
	}
}

void federation_tick(struct federation *f)
{
	struct ledger_time due = {0};

	f->clock += FEDERATION_TICK_MS;
	bool timed = commons_next_due(&f->sequencer.commons, &due) &&
	             f->clock / 1000 > f->sequencer.time.seconds && due.seconds <= f->clock / 1000;
	if (f->open || timed) {
		block_open(f);
		block_close(f);
		for (unsigned i = 0; i < f->count; i++)
			if (f->node[i].up)
				replay(&f->node[i], f->block[f->blocks - 1]);
	}
	settle(f);
}

bool federation_until(struct federation *f, bool (*done)(const struct federation *f),
                      int64_t seconds)
{
	int64_t end = f->clock + seconds * 1000;

	while (f->clock < end) {
		if (done(f))
			return true;
		federation_tick(f);
	}
	return done(f);
}

static bool never(const struct federation *f)
{
	(void)f;
	return false;
}

void federation_run(struct federation *f, int64_t seconds)
{
	federation_until(f, never, seconds);
}

void federation_skip(struct federation *f, int64_t seconds)
{
	f->clock += seconds * 1000;
	federation_tick(f);
}

void federation_stop(struct federation *f, unsigned party)
{
	struct node *node = &f->node[party];

	node->up = false;
	munmap(node->vault, sizeof(*node->vault));
}

void federation_start(struct federation *f, unsigned party)
{
	struct node *node = &f->node[party];
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)};
	struct receipt receipt;
	const char *why;

	must(!node->up);
	node->up = true;
	ledger_make(&node->ledger);
	memset(&node->finality, 0, sizeof(node->finality));
	custodian_make(node);
	for (unsigned i = 0; i < node->kept_count; i++)
		if (!custodian_restore(&node->custodian, node->kept[i].name, node->kept[i].secret, 32))
			die(node->kept[i].name, "is no secret of ours");
	ledger_found(&node->ledger, f->sequencer.genesis, f->manifest, &receipt, &seal);
	must(receipt.outcome == OUTCOME_ENTERED);
	for (size_t i = 0; i < f->blocks; i++)
		replay(node, f->block[i]);
	for (size_t i = 0; i < f->voices; i++)
		if (!finality_take(&node->finality, &node->ledger, f->voice[i], &why))
			die(node->name, why);
	boards_give(f, node, 0);
}

bool federation_has_release(const struct federation *f)
{
	struct release release;

	return release_current(&f->sequencer.state, &release);
}

bool federation_is_quiet(const struct federation *f)
{
	return !f->open && !schedule_is_busy(&f->sequencer.state) &&
	       !ceremonies_are_open(&f->sequencer.state) &&
	       finality_reached(&f->finality, &f->sequencer);
}
