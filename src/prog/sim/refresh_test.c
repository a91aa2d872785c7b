/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sixty days in which nobody decides anything: a vote stays open, parties stop and come back, and the zone is
 * refreshed by its timer alone (comity-custody(7), JOBS; comity-zone(5), SIGNATURES).
 */
#include "base/hex.h"
#include "commons/proposal.h"
#include "curve/ces1.h"
#include "dice.h"
#include "dns/dnskey.h"
#include "dns/rrsig.h"
#include "dns/serial.h"
#include "prog/sim/standing.h"
#include "tap.h"

#define DAYS     60
#define STEP     SECONDS_AN_HOUR
#define SETS_MAX 512
#define GRID     (6 * SECONDS_AN_HOUR) /* renewals are gathered into whole six hours */
#define SIGNING  (10 * 60)             /* a release is there so many seconds after its job opened */

/* The signature of one set in the release before. */
struct before {
	struct digest covers;
	uint8_t rdata[300];
	size_t size;
	struct bytes owner; /* in memory of its own */
	uint16_t type;
};

struct watch {
	struct federation *f;
	int64_t validity, renewal; /* seconds, of the apex record */
	uint32_t serial;
	struct before set[SETS_MAX];
	size_t sets;
	struct arena memory;
	unsigned releases, kept, renewed, largest; /* largest: renewed in one release */
	unsigned expiries;                         /* different ones, of new signatures of the release at hand */
	unsigned most_expiries;
	bool good, lasting, identical, sane, spread, rising, pending;
};

static struct before *before_of(struct watch *w, const struct rrset *set)
{
	for (size_t i = 0; i < w->sets; i++)
		if (w->set[i].type == set->type && bytes_same(w->set[i].owner, set->owner))
			return &w->set[i];
	return NULL;
}

static bool holds(const struct zone *zone, const struct rrset *set, const struct rrsig *rrsig)
{
	static uint8_t octets[WORK_MESSAGE_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct rrset_list list = zone_list(zone);
	const struct rrset *keys = rrset_find(&list, zone->apex, TYPE_DNSKEY);

	rrsig_write_signed_data(&w, rrsig, set);
	for (uint32_t i = 0; keys != NULL && i < keys->count; i++)
		if (dnskey_key_tag(keys->rdata[i]) == rrsig->key_tag)
			return ces1_verify(keys->rdata[i].at + 4, writer_bytes(&w), rrsig->signature.at);
	return false;
}

/* The longest and the shortest that a signature of this job may last. */
static bool in_window(const struct watch *w, const struct job *job, uint32_t expiration)
{
	int64_t lasts = (int64_t)expiration - job->opened.seconds;

	return lasts <= w->validity && lasts >= w->validity - (w->validity - w->renewal) / 5;
}

/* Whether a set keeps its signature is known beforehand: by what it covers, and how long it lasts. */
static bool must_be_kept(const struct watch *w, const struct before *before, const struct rrset *set,
                         const struct digest *covers, const struct job *job)
{
	if (before == NULL || set->type == TYPE_SOA || set->type == TYPE_ZONEMD)
		return false;
	struct rrsig old = rrsig_read((struct bytes){before->rdata, before->size});
	return digest_same(&before->covers, covers) &&
	       (int64_t)old.expiration - job->opened.seconds > w->renewal;
}

static void watch_set(struct watch *w, const struct work *work, const struct rrset *set, uint32_t expiry[SETS_MAX])
{
	struct digest covers = rrset_digest(set);
	struct before *before = before_of(w, set);
	struct bytes rdata = set->rrsig[0];
	struct rrsig rrsig = rrsig_read(rdata);
	unsigned i = 0;

	w->good = w->good && set->rrsig_count == 1 && holds(&work->zone, set, &rrsig);
	w->lasting = w->lasting && (int64_t)rrsig.expiration - work->job.opened.seconds > w->renewal;
	if (must_be_kept(w, before, set, &covers, &work->job)) {
		w->identical = w->identical &&
		               bytes_same(rdata, (struct bytes){before->rdata, before->size});
		w->kept++;
	} else {
		w->renewed++;
		w->sane = w->sane && rrsig.inception == work->job.opened.seconds - SECONDS_AN_HOUR &&
		          in_window(w, &work->job, rrsig.expiration);
		while (i < w->expiries && expiry[i] != rrsig.expiration)
			i++;
		expiry[i] = rrsig.expiration;
		w->expiries += i == w->expiries;
	}
	w->sane = w->sane && rrsig.inception < w->f->clock / 1000;
	if (before == NULL) {
		if (w->sets == SETS_MAX || rdata.size > sizeof(before->rdata))
			bail_out("a zone larger than expected");
		before = &w->set[w->sets++];
		before->owner = arena_copy(&w->memory, set->owner);
		before->type = set->type;
	}
	before->covers = covers;
	before->size = rdata.size;
	memcpy(before->rdata, rdata.at, rdata.size);
}

/* A release that is new: each of its signatures against the one before. */
static void watch_release(struct watch *w)
{
	const struct work *work = standing_zone(w->f);
	uint32_t expiry[SETS_MAX];
	unsigned renewed = w->renewed;

	w->rising = w->rising && (w->releases == 0 ||
	                          serial_compare((struct serial){w->serial}, (struct serial){work->job.serial}) ==
	                                  SERIAL_BEFORE);
	w->serial = work->job.serial;
	w->expiries = 0;
	for (size_t i = 0; i < work->zone.count; i++)
		if (work->zone.authoritative[i])
			watch_set(w, work, &work->zone.set[i], expiry);
	renewed = w->renewed - renewed;
	/* Octets of a hash decide: of so many, hardly two are the same. */
	w->spread = w->spread && w->expiries * 10 >= renewed * 9;
	w->releases++;
	if (w->releases > 1 && renewed > w->largest)
		w->largest = renewed;
	if (getenv("COMITY_VERBOSE") != NULL)
		printf("# day %lld: serial %u, %u of %zu signed anew\n",
		       (long long)(w->f->clock / 1000 - STANDING_START) / SECONDS_A_DAY, w->serial, renewed, w->sets);
}

/* Between releases no signature may fall below the margin by more than the timer gathers and signing takes. */
static void watch_hour(struct watch *w)
{
	int64_t left = (int64_t)standing_zone(w->f)->expires - w->f->clock / 1000;
	struct proposal proposal;
	size_t index = 0;

	w->lasting = w->lasting && left > w->renewal - GRID - STEP - SIGNING;
	w->pending = w->pending && proposal_next(&w->f->sequencer.state, &index, &proposal) &&
	             proposal.status == PROPOSAL_OPEN;
}

/* A grant that four of seven want: one too few, and nobody says more. */
static void vote_opens(struct federation *f)
{
	struct act act = federation_act(f, 0, ACT_GRANT);
	struct receipt receipt;
	char id[64], key[200];

	act.field[0] = BYTES("stuck");
	act.field[1] = bytes_of(f->node[1].name);
	act.field[2] = federation_slot(f, "tld/stuck");
	federation_say(f, 0, &act, &receipt);
	hex_write(id, digest_bytes(&receipt.act));
	for (unsigned i = 1; i < 4 && receipt.outcome == OUTCOME_ENTERED; i++) {
		act = federation_act(f, i, ACT_CONSENT);
		snprintf(key, sizeof(key), "vote/%.64s/%s", id, f->node[i].name);
		act.field[0] = (struct bytes){(uint8_t *)id, sizeof(id)};
		act.field[1] = BYTES("yes");
		act.field[2] = federation_slot(f, key);
		federation_say(f, i, &act, &receipt);
	}
	ok(receipt.outcome == OUTCOME_ENTERED, "a vote that lacks one voice");
}

/* Two of seven are away, others each time: from which day, until which. */
static const struct {
	int from, until;
	unsigned party[2];
} ABSENT[] = {{4, 12, {5, 6}}, {15, 24, {0, 3}}, {24, 31, {1, 2}}, {38, 52, {4, 6}}};

static void come_and_go(struct federation *f, int64_t hour)
{
	for (unsigned i = 0; i < sizeof(ABSENT) / sizeof(ABSENT[0]); i++)
		for (unsigned k = 0; k < 2; k++) {
			if (hour == ABSENT[i].until * 24)
				federation_start(f, ABSENT[i].party[k]);
			if (hour == ABSENT[i].from * 24)
				federation_stop(f, ABSENT[i].party[k]);
		}
}

/* Acts that people said; signers and countersigners go on. */
static unsigned acts_of_people(const struct federation *f, size_t from)
{
	static struct arena scratch;
	unsigned count = 0;

	if (scratch.at == NULL)
		scratch = federation_memory(ACT_SCRATCH_SIZE);
	for (size_t i = from; i < f->blocks; i++) {
		struct bytes notes, octets;
		struct block block;

		if (block_read(f->block[i], &block) != OK)
			bail_out("a block that does not read");
		for (notes = block.notes; block_note(&notes, &octets);) {
			struct fault fault;
			struct note note;
			struct act act;

			if (note_read(octets, &note, &fault) != OK ||
			    act_read(note.text, scratch, &act, &fault) != OK)
				bail_out("an act that does not read");
			count += act_row(act.kind)->role == ROLE_ACT;
		}
	}
	return count;
}

static void sixty_days(struct watch *w)
{
	struct federation *f = w->f;

	for (int64_t hour = 0; hour < DAYS * 24; hour++) {
		come_and_go(f, hour);
		federation_skip(f, STEP);
		for (unsigned tick = 0; tick < SIGNING * 10 && !federation_is_quiet(f); tick++)
			federation_tick(f);
		if (standing_serial(f) != w->serial)
			watch_release(w);
		watch_hour(w);
	}
}

static void told(const struct watch *w)
{
	printf("# %u releases, %zu sets, %u signatures kept, %u made\n", w->releases, w->sets, w->kept, w->renewed);
	ok(w->releases >= DAYS * SECONDS_A_DAY / (w->validity - w->renewal), "the zone was released again and again");
	ok(w->good, "at each release every signature holds");
	ok(w->lasting, "none is below its margin, nor comes far below it before the next");
	ok(w->kept > 0 && w->identical, "a set that did not change has the same signature, octet for octet, until then");
	ok(w->sane, "a new one begins an hour before its job, and ends in its window");
	ok(w->spread, "the ends of new ones are spread");
	ok(w->largest < w->sets, "so they are not all renewed at once again");
	ok(w->rising, "serials rise");
	ok(w->pending, "all the while the vote stood open");
}

int main(void)
{
	static struct watch w = {.good = true, .lasting = true, .identical = true, .sane = true,
	                         .spread = true, .rising = true, .pending = true};
	struct apex apex;
	size_t blocks;

	dice_seed();
	w.f = standing_federation(dice_below(UINT32_MAX));
	w.memory = federation_memory(1 << 20);
	apex_get(&w.f->sequencer.state, &apex);
	w.validity = apex.validity_seconds;
	w.renewal = apex.renewal_seconds;
	vote_opens(w.f);
	federation_run(w.f, 1);
	watch_release(&w);
	blocks = w.f->blocks;
	sixty_days(&w);
	told(&w);
	ok(acts_of_people(w.f, blocks) == 0, "and nobody said anything");
	/* It counts how long its pool is offered from the newest block, which may be days old by then. */
	ok(w.f->bad_acts <= 2 * sizeof(ABSENT) / sizeof(ABSENT[0]),
	   "nothing was refused, but to who came back its first offer of a pool");
	printf("# %.1f s of CPU\n", (double)clock() / CLOCKS_PER_SEC);
	return done_testing();
}
