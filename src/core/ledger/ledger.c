/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "base/must.h"
#include "state/clock.h"

void ledger_init(struct ledger *ledger, uint8_t *state_memory, size_t state_size,
                 const struct commons_memory *memory)
{
	struct commons_memory m = *memory;

	*ledger = (struct ledger){.founded = false};
	state_init(&ledger->state, state_memory, state_size);
	/* Reading an act happens while another may still be described: memory of its own. */
	ledger->scratch = (struct arena){arena_take(&m.scratch, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	m.scratch = arena_rest(&m.scratch);
	commons_init(&ledger->commons, &ledger->state, &m);
}

static void leaf_add(struct ledger *ledger, struct bytes entry)
{
	struct digest leaf = merkle_leaf(entry);

	merkle_frontier_add(&ledger->log, &leaf);
}

void ledger_seal_of(const struct ledger *ledger, const struct sealed *sealed, struct seal *seal)
{
	*seal = (struct seal){
		.origin = ledger->commons.origin,
		.height = sealed->height,
		.time = sealed->time,
		.acts = sealed->acts,
		.records = sealed->records,
		.state = sealed->state,
	};
	memcpy(seal->federation, ledger->commons.genesis.octet, sizeof(seal->federation));
}

static void seal_make(struct ledger *ledger, struct writer *writer)
{
	struct sealed *sealed = &ledger->sealed[ledger->seals++ % LEDGER_SEALS_KEPT];
	size_t start = writer->used;
	struct bytes text;
	struct seal seal;

	*sealed = (struct sealed){.height = ledger->height,
	                          .time = ledger->time,
	                          .acts = ledger->acts,
	                          .records = ledger->state.count,
	                          .state = state_root(&ledger->state)};
	ledger_seal_of(ledger, sealed, &seal);
	seal_write(writer, &seal);
	must(!writer->full);
	text = bytes_from(writer_bytes(writer), start);
	leaf_add(ledger, text);
	sealed->seal = merkle_leaf(text);
	sealed->size = ledger->log.size;
	sealed->root = merkle_frontier_root(&ledger->log);
}

bool ledger_changed(const struct ledger *ledger)
{
	return ledger->state.changes > 0;
}

bool ledger_end(struct ledger *ledger, bool seal_anyway, struct writer *seal)
{
	bool sealed;

	commons_end(&ledger->commons);
	sealed = ledger_changed(ledger) || seal_anyway;
	if (sealed) {
		seen_forget(&ledger->state, ledger->time);
		seal_make(ledger, seal);
	}
	state_commit(&ledger->state);
	return sealed;
}

void ledger_found(struct ledger *ledger, struct bytes note, struct bytes manifest,
                  struct receipt *receipt, struct writer *seal)
{
	struct genesis genesis;
	struct note n;

	must(!ledger->founded);
	*receipt = (struct receipt){.outcome = OUTCOME_MALFORMED};
	if (note_read(note, &n, &receipt->fault) != OK ||
	    genesis_read(n.text, &genesis, &receipt->fault) != OK)
		return;
	receipt->act = genesis.id;
	receipt->outcome = OUTCOME_REFUSED;
	if (!commons_found(&ledger->commons, &n, &genesis, manifest, &receipt->refusal))
		return;
	receipt->outcome = OUTCOME_ENTERED;
	ledger->founded = true;
	ledger->genesis = note;
	ledger->time = genesis.time;
	ledger->acts = 1;
	leaf_add(ledger, note);
	ledger_end(ledger, true, seal);
}

void ledger_begin(struct ledger *ledger, struct ledger_time time)
{
	must(ledger->founded && time.seconds >= ledger->time.seconds && ledger->state.changes == 0);
	ledger->height++;
	ledger->time = time;
	ledger->acts = 0;
	commons_begin(&ledger->commons, ledger->height, time);
}

void ledger_enter(struct ledger *ledger, struct bytes note, struct receipt *receipt)
{
	struct note n;
	struct act act;

	*receipt = (struct receipt){.outcome = OUTCOME_MALFORMED};
	if (note_read(note, &n, &receipt->fault) != OK ||
	    act_read(n.text, ledger->scratch, &act, &receipt->fault) != OK)
		return;
	receipt->act = act.id;
	receipt->index = ledger->log.size;
	receipt->height = ledger->height;
	if (commons_apply(&ledger->commons, &n, &act, &receipt->refusal)) {
		receipt->outcome = OUTCOME_ENTERED;
		ledger->acts++;
		leaf_add(ledger, note);
	} else if (receipt->refusal.reason == REASON_SEEN) {
		bool seen = seen_get(&ledger->state, &act.id, act.until, &receipt->height);
		must(seen);
		receipt->outcome = OUTCOME_ALREADY;
	} else {
		receipt->outcome = OUTCOME_REFUSED;
	}
}

void ledger_try(struct ledger *ledger, struct bytes note, struct receipt *receipt)
{
	struct state_mark mark = state_mark(&ledger->state);
	struct merkle_frontier log = ledger->log;
	struct work_cache cache = ledger->commons.cache, published = ledger->commons.published;
	uint64_t acts = ledger->acts;

	ledger_enter(ledger, note, receipt);
	state_undo(&ledger->state, mark);
	ledger->log = log;
	ledger->acts = acts;
	ledger->commons.cache = cache;
	ledger->commons.published = published;
	if (ledger->founded)
		commons_load_charter(&ledger->commons);
}

bool ledger_replay(struct ledger *ledger, const struct block *block, const char **why)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)};
	struct bytes notes = block->notes, note;
	struct receipt receipt;

	*why = "not the block that follows";
	if (!ledger->founded || block->height <= ledger->height ||
	    block->time.seconds < ledger->time.seconds)
		return false;
	/* Heights between were of blocks that changed nothing, and may be left out. */
	ledger->height = block->height - 1;
	ledger_begin(ledger, block->time);
	*why = "an act in it does not enter";
	while (block_note(&notes, &note)) {
		ledger_enter(ledger, note, &receipt);
		if (receipt.outcome != OUTCOME_ENTERED)
			return false;
	}
	*why = "something changed, and it has no seal";
	if (!ledger_end(ledger, block->seal.size > 0, &seal))
		return true;
	if (block->seal.size == 0)
		return false;
	*why = "its seal is not ours";
	return bytes_same(writer_bytes(&seal), block->seal);
}

bool ledger_last_seal(const struct ledger *ledger, struct sealed *sealed)
{
	if (ledger->seals == 0)
		return false;
	*sealed = ledger->sealed[(ledger->seals - 1) % LEDGER_SEALS_KEPT];
	return true;
}

bool ledger_seal_at(const struct ledger *ledger, uint64_t height, struct sealed *sealed)
{
	for (uint64_t n = ledger->seals; n > 0 && n + LEDGER_SEALS_KEPT > ledger->seals; n--)
		if (ledger->sealed[(n - 1) % LEDGER_SEALS_KEPT].height == height) {
			*sealed = ledger->sealed[(n - 1) % LEDGER_SEALS_KEPT];
			return true;
		}
	return false;
}

struct checkpoint ledger_checkpoint(const struct ledger *ledger, const struct sealed *sealed)
{
	return (struct checkpoint){ledger->commons.origin, sealed->size, sealed->root};
}

static bool is_countersigner(const struct ledger *ledger, struct bytes party)
{
	struct bytes name[CUSTODY_MEMBERS_MAX];
	unsigned threshold, count = commons_countersigners(&ledger->commons, name, &threshold);

	for (unsigned i = 0; i < count; i++)
		if (bytes_same(name[i], party))
			return true;
	return false;
}

static bool cosignature_fits(const struct ledger *ledger, const struct sealed *sealed,
                             const struct note_key *key, const uint8_t octets[72])
{
	struct note_key cosigner = note_key_make(key->name, NOTE_TYPE_COSIGNATURE, key->public_key);
	struct checkpoint checkpoint = ledger_checkpoint(ledger, sealed);
	struct note_signature line = {.name = cosigner.name, .size = 72};
	uint64_t time;

	memcpy(line.id, cosigner.id, sizeof(line.id));
	memcpy(line.octet, octets, 72);
	return cosignature_holds(&line, &cosigner, &checkpoint, &time);
}

bool ledger_countersigned(const struct ledger *ledger, struct bytes note,
                          struct sealed *sealed, struct bytes *party, uint8_t cosignature[72],
                          const char **why)
{
	uint8_t memory[4096] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct digest seal, root;
	struct note_key key;
	struct party signer;
	struct fault fault;
	struct bytes octets;
	struct note n;
	struct act act;

	*why = "not a seal-sign act of this federation";
	if (note_read(note, &n, &fault) != OK || n.count != 1 ||
	    act_read(n.text, ledger->scratch, &act, &fault) != OK || act.kind != ACT_SEAL_SIGN ||
	    !bytes_same(act.origin, ledger->commons.origin) ||
	    memcmp(act.federation, ledger->commons.genesis.octet, ACT_FEDERATION_SIZE) != 0)
		return false;
	*why = "not by a countersigner";
	if (!is_countersigner(ledger, act.by) || !party_get(&ledger->state, act.by, &signer) ||
	    !party_key_named(signer.keys, ROLE_COSIGN, n.signature[0].name, &key))
		return false;
	*why = "not a seal of ours";
	seal = act_digest(&act, "seal");
	if (!ledger_seal_at(ledger, act_number(&act, "height"), sealed) ||
	    !digest_same(&seal, &sealed->seal) ||
	    act_counted(&act, "log", &root) != sealed->size || !digest_same(&root, &sealed->root))
		return false;
	*why = "a signature that does not hold";
	octets = act_base64(&act, "cosignature", &arena);
	if (octets.size != 72 || !note_signature_holds(&n.signature[0], &key, n.text) ||
	    !cosignature_fits(ledger, sealed, &key, octets.at))
		return false;
	memcpy(cosignature, octets.at, 72);
	*party = act.by;
	return true;
}
