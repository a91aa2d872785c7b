/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One bit of each signature of a fully signed zone, and each bit of its ZONEMD digest: whoever replays the log
 * refuses the act that brought it, though its sender signed it anew.
 */
#include "base/base64.h"
#include "base/hex.h"
#include "curve/ces1.h"
#include "dice.h"
#include "dns/dnskey.h"
#include "dns/rrsig.h"
#include "dns/zonemd.h"
#include "dns/zonetext.h"
#include "prog/sim/standing.h"
#include "tap.h"

/* ---- in the zone ---- */

/* The public key of that tag among the DNSKEYs of the apex; NULL. */
static const uint8_t *key_of(const struct zone *zone, uint16_t tag)
{
	struct rrset_list list = zone_list(zone);
	const struct rrset *keys = rrset_find(&list, zone->apex, TYPE_DNSKEY);

	for (uint32_t i = 0; keys != NULL && i < keys->count; i++)
		if (dnskey_key_tag(keys->rdata[i]) == tag)
			return keys->rdata[i].at + 4;
	return NULL;
}

static bool holds(const struct zone *zone, const struct rrset *set, const struct rrsig *rrsig)
{
	static uint8_t octets[WORK_MESSAGE_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	const uint8_t *key = key_of(zone, rrsig->key_tag);

	rrsig_write_signed_data(&w, rrsig, set);
	return key != NULL && ces1_verify(key, writer_bytes(&w), rrsig->signature.at);
}

/* What is as long as the zone, and not it, is not what the release act names. */
static bool is_released(const struct federation *f, const struct zone *zone)
{
	struct arena arena = arena_rest(&f->memory);
	struct rrset_list list = zone_list(zone);
	struct writer w = writer_in(&arena);
	struct release release;
	struct digest digest;

	zone_write_text(&w, &list);
	digest = sha256(writer_bytes(&w));
	return release_current(&f->sequencer.state, &release) && digest_same(&digest, &release.zone);
}

/* Each signature of the zone: it holds; with one bit of it flipped it does not, nor is the zone the released one. */
static void zone_signatures(const struct federation *f)
{
	const struct zone *zone = &standing_zone(f)->zone;
	unsigned sets = 0, good = 0, refused = 0, other = 0;

	ok(is_released(f, zone), "the zone is the one that was released");
	for (size_t i = 0; i < zone->count; i++) {
		struct rrset *set = &zone->set[i];
		const struct bytes *kept = set->rrsig;
		uint8_t octets[512];
		struct bytes flipped = {octets, 0};
		struct rrsig rrsig;
		size_t bit;

		if (!zone->authoritative[i])
			continue;
		if (set->rrsig_count != 1 || set->rrsig[0].size > sizeof(octets))
			bail_out("a set without its signature");
		sets++;
		flipped.size = kept[0].size;
		memcpy(octets, kept[0].at, kept[0].size);
		rrsig = rrsig_read(flipped);
		good += holds(zone, set, &rrsig);
		bit = dice_below(8 * 64);
		octets[flipped.size - 64 + bit / 8] ^= (uint8_t)(1u << bit % 8);
		refused += !holds(zone, set, &rrsig);
		set->rrsig = &flipped;
		other += !is_released(f, zone);
		set->rrsig = kept;
	}
	printf("# %u signed sets\n", sets);
	ok(sets > 2 * STANDING_TLDS && good == sets, "every signature of it holds");
	ok(refused == sets, "with one bit flipped, none does");
	ok(other == sets && is_released(f, zone), "nor is such a zone the released one");
}

static void zone_digest(const struct federation *f)
{
	const struct zone *zone = &standing_zone(f)->zone;
	struct rrset_list list = zone_list(zone);
	struct zonemd zonemd = zonemd_read(zone->zonemd->rdata[0]);
	struct rrsig rrsig = rrsig_read(zone->zonemd->rrsig[0]);
	const struct bytes *kept = zone->zonemd->rdata;
	uint8_t computed[SHA384_SIZE], octets[128];
	struct bytes flipped = {octets, kept[0].size};
	size_t digest_at = kept[0].size - SHA384_SIZE;
	unsigned differs = 0, unsigned_ = 0;

	zonemd_digest(&list, zone->apex, computed);
	ok(zonemd.digest.size == SHA384_SIZE && memcmp(computed, zonemd.digest.at, SHA384_SIZE) == 0,
	   "the digest of the zone is its ZONEMD's");
	zone->zonemd->rdata = &flipped;
	for (unsigned bit = 0; bit < 8 * SHA384_SIZE; bit++) {
		memcpy(octets, kept[0].at, kept[0].size);
		octets[digest_at + bit / 8] ^= (uint8_t)(1u << bit % 8);
		differs += memcmp(computed, octets + digest_at, SHA384_SIZE) != 0;
		unsigned_ += !holds(zone, zone->zonemd, &rrsig);
	}
	zone->zonemd->rdata = kept;
	ok(differs == 8 * SHA384_SIZE && unsigned_ == 8 * SHA384_SIZE,
	   "with any bit of it flipped it is another, and not what was signed");
}

/* ---- in the log ---- */

/* The signer of an act; its custody key signs the act anew. */
static const struct node *node_of(const struct federation *f, struct bytes name)
{
	for (unsigned i = 0; i < f->count; i++)
		if (bytes_same(bytes_of(f->node[i].name), name))
			return &f->node[i];
	bail_out("an act by nobody");
}

/* What a ledger that stands before the act makes of it, written and signed anew by its sender. */
static void try(struct federation *f, struct ledger *ledger, const struct act *act, struct receipt *receipt)
{
	const struct node *node = node_of(f, act->by);
	struct arena mark = f->memory;
	struct writer w = writer_in(&f->memory);

	act_write(&w, act);
	ledger_try(ledger, federation_sign(f, &node->custody, node->name, 3, writer_keep(&w, &f->memory)), receipt);
	f->memory.used = mark.used;
}

static bool refused_for(const struct receipt *receipt, enum reason reason)
{
	return receipt->outcome == OUTCOME_REFUSED && receipt->refusal.reason == reason;
}

struct trial {
	struct federation *f;
	struct ledger *ledger;
	struct arena scratch;         /* of one act */
	unsigned acts, entered;       /* that brought the release, and those of them that would enter again */
	unsigned signatures, refused; /* in them */
	unsigned releases;
};

/* Each signature of the act with one bit flipped, in turn. */
static void try_signatures(struct trial *t, const struct act *act)
{
	struct bytes lines = act->embed;
	struct receipt receipt;
	struct act changed = *act;
	uint8_t signature[64];
	size_t before = 0;

	try(t->f, t->ledger, act, &receipt);
	t->entered += receipt.outcome == OUTCOME_ENTERED;
	while (signature_take(&lines, signature)) {
		struct writer w = writer_in(&t->scratch);
		size_t bit = dice_below(8 * sizeof(signature)), behind = act->embed.size - lines.size;

		signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
		write_bytes(&w, bytes_first(act->embed, before));
		signature_write(&w, signature);
		write_bytes(&w, lines);
		changed.embed = writer_bytes(&w);
		try(t->f, t->ledger, &changed, &receipt);
		t->signatures++;
		t->refused += refused_for(&receipt, REASON_PROOF);
		before = behind;
	}
}

/* Whether a release act is refused when that field has other octets: hex behind its first `skipped` characters. */
static bool refuses_hex(struct trial *t, const struct act *act, unsigned index, size_t skipped, unsigned bit,
                        enum reason reason)
{
	char value[256];
	uint8_t octets[SHA384_SIZE];
	struct bytes field = act->field[index];
	size_t size = (field.size - skipped) / 2;
	struct act changed = *act;
	struct receipt receipt;

	if (field.size > sizeof(value) || !hex_read(bytes_from(field, skipped), octets, size))
		bail_out("a field that is not hex");
	octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
	memcpy(value, field.at, skipped);
	hex_write(value + skipped, (struct bytes){octets, size});
	changed.field[index] = (struct bytes){(uint8_t *)value, field.size};
	try(t->f, t->ledger, &changed, &receipt);
	return refused_for(&receipt, reason);
}

static bool refuses_signature(struct trial *t, const struct act *act, unsigned index, unsigned bit)
{
	uint8_t signature[64], text[100];
	struct writer w = {.at = text, .size = sizeof(text)};
	struct act changed = *act;
	struct receipt receipt;
	size_t size;

	if (!base64_read(act->field[index], signature, sizeof(signature), &size) || size != sizeof(signature))
		bail_out("a field that is no signature");
	signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
	write_base64(&w, (struct bytes){signature, sizeof(signature)});
	changed.field[index] = writer_bytes(&w);
	try(t->f, t->ledger, &changed, &receipt);
	return refused_for(&receipt, REASON_PROOF);
}

/* A release act: each bit of the ZONEMD digest, of its signature, and of the digest over the zone. */
static void try_release(struct trial *t, const struct act *act)
{
	const unsigned ZONE = 3, ZONEMD = 4, SIGNATURE = 5;
	size_t skipped = act->field[ZONE].size - 2 * DIGEST_SIZE;
	unsigned zonemd = 0, signature = 0, zone = 0;
	struct receipt receipt;

	try(t->f, t->ledger, act, &receipt);
	t->entered += receipt.outcome == OUTCOME_ENTERED;
	for (unsigned bit = 0; bit < 8 * SHA384_SIZE; bit++)
		zonemd += refuses_hex(t, act, ZONEMD, 0, bit, REASON_PROOF);
	for (unsigned bit = 0; bit < 8 * 64; bit++)
		signature += refuses_signature(t, act, SIGNATURE, bit);
	for (unsigned bit = 0; bit < 8 * DIGEST_SIZE; bit++)
		zone += refuses_hex(t, act, ZONE, skipped, bit, REASON_DERIVES);
	ok(zonemd == 8 * SHA384_SIZE, "a release with any bit of its ZONEMD flipped is refused");
	ok(signature == 8 * 64, "with any bit of the signature over it");
	ok(zone == 8 * DIGEST_SIZE, "with any bit of the digest of the zone");
	t->releases++;
}

static void try_act(struct trial *t, struct bytes octets, uint64_t release_job)
{
	static struct arena scratch;
	struct fault fault;
	struct note note;
	struct act act;

	if (scratch.at == NULL)
		scratch = federation_memory(ACT_SCRATCH_SIZE);
	if (note_read(octets, &note, &fault) != OK || act_read(note.text, scratch, &act, &fault) != OK)
		bail_out("an act that does not read");
	if ((act.kind != ACT_SIGNATURES && act.kind != ACT_RELEASE) || act_number(&act, "job") != release_job)
		return;
	t->acts++;
	if (act.kind == ACT_SIGNATURES)
		try_signatures(t, &act);
	else
		try_release(t, &act);
}

static void replay(struct trial *t, struct bytes octets, uint64_t release_job)
{
	uint8_t memory[SEAL_SIZE_MAX];
	struct writer seal = {.at = memory, .size = sizeof(memory)};
	struct receipt receipt;
	struct bytes notes, note;
	struct block block;

	if (block_read(octets, &block) != OK)
		bail_out("a block that does not read");
	ledger_begin(t->ledger, block.time);
	for (notes = block.notes; block_note(&notes, &note);) {
		try_act(t, note, release_job);
		ledger_enter(t->ledger, note, &receipt);
		if (receipt.outcome != OUTCOME_ENTERED)
			bail_out("an act of the journal does not enter");
	}
	ledger_end(t->ledger, false, &seal);
	if (!bytes_same(writer_bytes(&seal), block.seal))
		bail_out("a seal that is not ours");
}

/* The log replayed by a ledger of its own; what it must refuse is tried at its place. */
static void replayed(struct federation *f)
{
	static struct ledger ledger;
	uint8_t memory[SEAL_SIZE_MAX];
	struct writer seal = {.at = memory, .size = sizeof(memory)};
	struct arena state = federation_memory((size_t)64 << 20);
	struct commons_memory commons = {
		.scratch = federation_memory(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE),
		.charter = federation_memory(COMMONS_CHARTER_SIZE),
		.work = {federation_memory(ZONE_ARENA_SIZE), federation_memory(ZONE_ARENA_SIZE)},
	};
	struct trial t = {.f = f, .ledger = &ledger, .scratch = federation_memory(1 << 20)};
	struct digest one, other;
	struct receipt receipt;
	struct release release;

	if (!release_current(&f->sequencer.state, &release))
		bail_out("no release");
	ledger_init(&ledger, state.at, state.size, &commons);
	ledger_found(&ledger, f->sequencer.genesis, f->manifest, &receipt, &seal);
	if (receipt.outcome != OUTCOME_ENTERED)
		bail_out("no founding");
	for (size_t i = 0; i < f->blocks; i++)
		replay(&t, f->block[i], release.job);
	printf("# %u acts, %u signatures\n", t.acts, t.signatures);
	ok(t.acts >= 2 && t.entered == t.acts && t.releases == 1,
	   "signed anew, the acts of the release would enter as they are");
	ok(t.signatures > 2 * STANDING_TLDS && t.refused == t.signatures,
	   "with one bit of any of their signatures flipped, none would");
	one = state_root(&f->sequencer.state);
	other = state_root(&ledger.state);
	ok(digest_same(&one, &other), "and what was tried left no trace");
}

int main(void)
{
	struct federation *f;

	dice_seed();
	f = standing_federation(dice_below(UINT32_MAX));
	zone_signatures(f);
	zone_digest(f);
	replayed(f);
	return done_testing();
}
