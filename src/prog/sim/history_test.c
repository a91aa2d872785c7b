/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The history of the public root zone, said again by those whose it is: at every release the
 * zone that the state derives has the published content, by its number and hash. Then all of it
 * is taken back in one step; then the log and a second ledger are held against what was said.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/sort.h"
#include "commons/importing.h"
#include "host/import/unpack.h"
#include "prog/sim/historian.h"
#include "zone/derive.h"

#include "tap.h"

#define CONTENT_MAX 40000 /* lines */
#define COMMONS     3

static const char *const PARTIES[] = {"aurelia", "borealia", "cascadia",  "commons",
                                      "delmare", "estoria",  "fjordland", "galatia"};
#define PARTY_COUNT (sizeof(PARTIES) / sizeof(PARTIES[0]))

static struct bytes read_file(const char *path)
{
	struct arena memory = federation_memory(UNPACK_ARENA_SIZE);
	int file = open(path, O_RDONLY);
	enum packing packing;
	struct bytes content;

	if (file < 0 || unpack(file, &memory, &content, &packing) != OK)
		bail_out(path);
	close(file);
	return content;
}

static const char *source(void)
{
	const char *value = getenv("COMITY_SOURCE");

	return value != NULL ? value : ".";
}

static const char *history_path(void)
{
	static char path[1000];
	const char *shared = getenv("COMITY_SHARED");

	snprintf(path, sizeof(path), "%s%s/data/root/history/root-history-public.txt.xz",
	         shared != NULL ? shared : source(), shared != NULL ? "" : "/../shared");
	return path;
}

/* ---- the content of the zone ---- */

static void upper_case(struct writer *w, size_t from)
{
	for (size_t i = from; i < w->used; i++)
		if (w->at[i] >= 'a' && w->at[i] <= 'z')
			w->at[i] = (uint8_t)(w->at[i] - 32);
}

/* As the history has it: digests in capitals. */
static void write_line(struct writer *w, const struct rr *rr)
{
	size_t start = w->used, digest = 0;

	rr_write_text(w, rr);
	for (size_t i = start; i < w->used; i++)
		if (w->at[i] == ' ')
			digest = i;
	if (rr->type == TYPE_DS)
		upper_case(w, digest);
	write_octet(w, '\n');
}

static int line_order(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static bool is_content(uint16_t type)
{
	return type == TYPE_NS || type == TYPE_DS || type == TYPE_A || type == TYPE_AAAA;
}

/* The lines of NS, DS, A and AAAA in the zone that the state derives; sorted. */
static struct content derived(const struct federation *f, struct arena *arena)
{
	struct zone_plan plan = {0};
	struct content content;
	struct zone zone;

	zone_derive(&f->sequencer.state, &plan, arena, &zone);
	content_make(&content, arena, CONTENT_MAX);
	for (size_t i = 0; i < zone.count; i++) {
		const struct rrset *set = &zone.set[i];

		for (uint32_t k = 0; is_content(set->type) && k < set->count; k++) {
			struct rr rr = {set->owner, set->ttl, set->type, set->rdata[k]};
			struct writer w = writer_in(arena);

			write_line(&w, &rr);
			content.line[content.count++] = writer_keep(&w, arena);
		}
	}
	qsort(content.line, content.count, sizeof(struct bytes), line_order);
	return content;
}

static struct digest digest_of(const struct content *content)
{
	struct digest digest;
	crypto_hash_sha256_state hash;

	crypto_hash_sha256_init(&hash);
	for (size_t i = 0; i < content->count; i++)
		crypto_hash_sha256_update(&hash, content->line[i].at, content->line[i].size);
	crypto_hash_sha256_final(&hash, digest.octet);
	return digest;
}

/* ---- the first release ---- */

/* Every TLD to one of the parties, those of the common holder left out. */
static size_t shares_make(const struct content *content, struct importing_share *share)
{
	size_t count = 0;

	for (size_t i = 0; i < content->count; i++) {
		struct content_line l = content_line(content->line[i]);
		struct bytes label = bytes_first(l.owner, l.owner.size - 1);
		unsigned party = historian_holder(PARTY_COUNT, label);

		if (!bytes_same(l.type, BYTES("NS")) || label.size == 0 || party == COMMONS ||
		    (count > 0 && bytes_same(share[count - 1].label, label)))
			continue;
		share[count++] = (struct importing_share){label, bytes_of(PARTIES[party])};
	}
	sort(share, count, sizeof(*share), importing_share_order, NULL);
	return count;
}

static struct rrset_list list_of(const struct content *content, struct arena *arena)
{
	struct rr *rr = arena_take_array(arena, content->count, sizeof(*rr));
	struct rrset_list list;
	struct fault fault;

	for (size_t i = 0; i < content->count; i++)
		if (!rr_read_text(content->line[i], arena, &rr[i], &fault))
			bail_out(fault.why);
	if (!rrset_list_make(rr, content->count, arena, &list, &fault))
		bail_out(fault.why);
	return list;
}

static struct bytes manifest_of(const struct content *content, struct ledger_time time)
{
	struct arena arena = federation_memory((size_t)256 << 20);
	struct arena out = federation_memory((size_t)16 << 20);
	struct importing_share *share =
		arena_take_array(&arena, content->count, sizeof(*share));
	struct importing importing = {
		.apex = BYTES("\0"),
		.zone = list_of(content, &arena),
		.share = share,
		.shares = shares_make(content, share),
		.common = bytes_of(PARTIES[COMMONS]),
		.expires = {time.seconds + 729 * (int64_t)SECONDS_A_DAY},
	};
	struct writer w = writer_in(&out);
	struct importing_fault fault;
	struct imported imported;

	if (!importing_write(&importing, &arena, &w, &imported, &fault))
		bail_out(fault.why);
	printf("# imported: %zu TLDs, %zu hosts (%zu shared), %zu records, %zu waivers\n",
	       imported.tlds, imported.hosts, imported.shared, imported.kept, imported.waivers);
	ok(imported.kept + imported.apex == content->count && imported.others == 0,
	   "the first release is imported, all but its apex set");
	return writer_keep(&w, &out);
}

static struct federation *found(const struct content *content, struct ledger_time time)
{
	char path[1000];
	struct federation_options options = {
		.seed = 1,
		.parties = PARTY_COUNT,
		.names = PARTIES,
		.manifest = manifest_of(content, time),
		.start = time.seconds,
		.sequencer_only = true,
		.verbose = getenv("COMITY_VERBOSE") != NULL,
	};

	snprintf(path, sizeof(path), "%s/test/history.charter", source());
	options.charter = read_file(path);
	return federation_found(&options);
}

/* The source's root servers, each entered by a party. */
static bool servers_enter(struct historian *h)
{
	struct content apex = content_of_owner(&h->content, BYTES("."));
	struct arena arena = federation_memory(1 << 16);
	struct writer w = writer_in(&arena);

	for (size_t i = 0; i < apex.count; i++) {
		write_text(&w, "+ ");
		write_bytes(&w, apex.line[i]);
		write_octet(&w, '\n');
	}
	return historian_say(h, writer_bytes(&w));
}

/* ---- release after release ---- */

struct run {
	struct historian h;
	struct arena arena; /* of one derivation */
	struct content now; /* as derived last */
	struct digest digest;
	size_t releases, good, changed;
	uint64_t acts_before;
};

static void time_pass(struct federation *f, struct ledger_time until)
{
	int64_t seconds = until.seconds - f->clock / 1000;

	if (seconds > 0)
		federation_skip(f, seconds);
}

/* What nobody's act changed is what it was. */
static void derive(struct run *r)
{
	if (r->now.count > 0 && r->h.acts == r->acts_before)
		return;
	r->arena.used = 0;
	r->now = derived(r->h.f, &r->arena);
	r->digest = digest_of(&r->now);
	r->changed++;
}

static bool step(struct run *r, const struct history_release *release)
{
	r->acts_before = r->h.acts;
	time_pass(r->h.f, release->signed_at);
	if (r->releases > 0 ? !historian_say(&r->h, release->changes) : !servers_enter(&r->h)) {
		printf("# %" PRIu32 ": %s\n", release->serial, r->h.why);
		return false;
	}
	federation_tick(r->h.f);
	derive(r);
	r->releases++;
	if (r->now.count == release->records && digest_same(&r->digest, &release->digest)) {
		r->good++;
		return true;
	}
	printf("# %" PRIu32 ": %zu records where %zu were published\n", release->serial,
	       r->now.count, release->records);
	return false;
}

/* The two largest releases: by TLDs (one back-end, 171 of them), and by records (341 lines). */
static void burst(const struct run *r, const struct history_release *release)
{
	struct block block;
	bool read;

	if (release->serial != 2023121302 && release->serial != 2025061102)
		return;
	read = block_read(r->h.f->block[r->h.f->blocks - 1], &block) == OK;
	printf("# %" PRIu32 ": %u acts\n", release->serial, block.count);
	if (release->serial == 2023121302)
		ok(read && block.count >= 171, "the burst of 171 TLDs, in one block");
	else
		ok(read && block.count >= 25, "the burst of 341 records, in one block");
}

static bool replay(struct run *r, struct text *lines, struct history_release *release)
{
	while (history_next(lines, release)) {
		if (!content_change(&r->h.content, release->changes))
			bail_out("the history contradicts itself");
		if (!step(r, release))
			return false;
		burst(r, release);
	}
	return lines->rest.size == 0;
}

/* ---- and back ---- */

/* The lines that must go, then those that must come. */
static struct bytes difference(const struct content *from, const struct content *to)
{
	struct arena arena = federation_memory((size_t)16 << 20);
	struct writer w = writer_in(&arena);

	for (unsigned add = 0; add < 2; add++) {
		const struct content *a = add ? to : from, *b = add ? from : to;

		for (size_t i = 0, k = 0; i < a->count; i++) {
			while (k < b->count && bytes_compare(b->line[k], a->line[i]) < 0)
				k++;
			if (k < b->count && bytes_same(b->line[k], a->line[i]))
				continue;
			write_text(&w, add ? "+ " : "- ");
			write_bytes(&w, a->line[i]);
			write_octet(&w, '\n');
		}
	}
	return writer_keep(&w, &arena);
}

static void take_back(struct run *r, const struct history_release *first)
{
	struct arena arena = federation_memory((size_t)1 << 20);
	struct history_release back = *first;
	uint64_t grants = r->h.entered[ACT_GRANT];
	struct content was;

	content_make(&was, &arena, CONTENT_MAX);
	if (!content_change(&was, first->changes))
		bail_out("the history contradicts itself");
	back.changes = difference(&r->h.content, &was);
	back.signed_at.seconds = r->h.f->clock / 1000 + SECONDS_A_DAY;
	if (!content_change(&r->h.content, back.changes))
		bail_out("the difference is none");
	ok(step(r, &back), "all of it taken back at once gives the first release again");
	printf("# %" PRIu64 " TLDs granted anew\n", r->h.entered[ACT_GRANT] - grants);
	ok(r->h.entered[ACT_GRANT] > grants && r->h.entered[ACT_WITHDRAW] > 0,
	   "TLDs went by withdrawal, and came by grant");
}

/* ---- the record ---- */

static void every_act_is_logged(const struct historian *h)
{
	const struct federation *f = h->f;
	struct merkle_frontier log = {0};
	struct digest leaf = merkle_leaf(f->sequencer.genesis), root, stands;
	uint64_t acts = 0;

	merkle_frontier_add(&log, &leaf);
	leaf = merkle_leaf(f->seal);
	merkle_frontier_add(&log, &leaf);
	for (size_t i = 0; i < f->blocks; i++) {
		struct block block;
		struct bytes notes, note;

		if (block_read(f->block[i], &block) != OK)
			bail_out("a block that does not read");
		for (notes = block.notes; block_note(&notes, &note); acts++) {
			leaf = merkle_leaf(note);
			merkle_frontier_add(&log, &leaf);
		}
		if (block.seal.size == 0)
			continue;
		leaf = merkle_leaf(block.seal);
		merkle_frontier_add(&log, &leaf);
	}
	root = merkle_frontier_root(&log);
	stands = merkle_frontier_root(&f->sequencer.log);
	ok(acts == h->acts, "the journal has every act that was said, and no other");
	ok(log.size == f->sequencer.log.size && digest_same(&root, &stands),
	   "and the log is genesis, acts and seals, in this order");
}

static void second_ledger(struct federation *f)
{
	struct digest one = state_root(&f->sequencer.state), other;

	federation_start(f, 0);
	other = state_root(&f->node[0].ledger.state);
	ok(digest_same(&one, &other), "a party that replays all blocks has the same state");
}

/* ---- all of it ---- */

static void tell(const struct run *r)
{
	const struct historian *h = &r->h;

	printf("# %zu releases, %zu derivations, %" PRIu64 " acts in %zu blocks:", r->releases,
	       r->changed, h->acts, h->f->blocks);
	for (enum act_kind kind = 0; kind < ACT_KINDS; kind++)
		if (h->entered[kind] > 0)
			printf(" %s %" PRIu64, act_row(kind)->word, h->entered[kind]);
	printf("; %" PRIu64 " said again later\n", h->later);
}

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

int main(void)
{
	static struct run r;
	struct history_release first, release;
	double start = cpu_seconds(), replayed;
	struct text lines = {0};

	if (access(history_path(), R_OK) != 0) {
		printf("1..0 # SKIP no history at %s\n", history_path());
		return 0;
	}
	lines.rest = read_file(history_path());
	r.arena = federation_memory(2 * ZONE_ARENA_SIZE);
	r.h.scratch = federation_memory((size_t)64 << 20);
	struct arena memory = federation_memory((size_t)1 << 20);
	content_make(&r.h.content, &memory, CONTENT_MAX);
	if (!history_next(&lines, &first) || !content_change(&r.h.content, first.changes))
		bail_out("no history");
	r.h.f = found(&r.h.content, first.signed_at);
	ok(step(&r, &first), "the first release");
	ok(replay(&r, &lines, &release), "every release after it");
	tell(&r);
	ok(r.releases == r.good && r.good > 2000, "as published, each by its number and hash");
	ok(r.h.renumbered == 21, "21 renumberings of shared hosts");
	replayed = cpu_seconds();
	take_back(&r, &first);
	every_act_is_logged(&r.h);
	printf("# said in %.1f s of CPU\n", replayed - start);
	start = cpu_seconds();
	second_ledger(r.h.f);
	printf("# replayed by a second ledger in %.1f s\n", cpu_seconds() - start);
	return done_testing();
}
