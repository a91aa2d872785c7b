/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A custodian in signing sessions (comity-custody(7), SESSIONS).
 *
 * Round A signs everything but ZONEMD. Commitments and messages fix R, and R fixes z, so every
 * member that aggregates gets the same signatures; round B signs the ZONEMD over exactly these.
 */
#include <sodium.h>

#include "base/hex.h"
#include "base/must.h"
#include "base/sort.h"
#include "frost/aggregate.h"
#include "frost/sign.h"
#include "signing/custodian.h"

#define RUN_MAX           300  /* signatures in one act */
#define AHEAD_MAX         32   /* such acts on their way at once; fewer than are remembered (CUSTODIAN_RECENT) */
#define ACCUSE_MILLISECONDS 5000 /* an accusation that has not entered is made again */
#define TURN_MILLISECONDS 1500 /* each member waits this much longer for those before it */

enum round { ROUND_A, ROUND_B, ROUNDS };

struct round_state {
	bool signed_here; /* our shares are out */
	bool received[CUSTODY_MEMBERS_MAX];
	struct bytes head[CUSTODY_MEMBERS_MAX]; /* note of the shares message, for evidence */
	uint8_t *shares[CUSTODY_MEMBERS_MAX];   /* item by item, of each member */
	bool complete;                          /* aggregated */
	int64_t complete_at;                    /* milliseconds */
	bool spoiled;                           /* somebody's share does not fit */
	bool culprit[CUSTODY_MEMBERS_MAX];      /* whose, */
	uint32_t culprit_item;                  /* of which item */
	bool accused;                           /* they were, */
	int64_t accused_at;                     /* then; milliseconds */
};

struct custodian_session {
	struct session session;
	struct bytes party[CUSTODY_MEMBERS_MAX]; /* names in our own memory */
	int64_t seen_at;                         /* milliseconds; when it came to be ours to act on */
	unsigned index;                          /* our place */
	unsigned turn;                           /* how many enter results before us */
	uint32_t items;                          /* of round A */
	bool open;                               /* commitments are there */
	struct signing_set *ksk, *zsk;
	struct frost_commitment *commitment[CUSTODY_MEMBERS_MAX]; /* of each item, in session order */
	bool no_points[CUSTODY_MEMBERS_MAX]; /* whose commitments are none */
	struct bytes pool[CUSTODY_MEMBERS_MAX]; /* all of it: for evidence, whatever is announced later */
	struct frost_commitment *list;    /* [item * count + place in set] */
	struct frost_session *frost;      /* [item] */
	uint8_t *signature;               /* [item * 64] */
	struct bytes message_b;           /* of round B */
	uint8_t zonemd[SHA384_SIZE];
	uint64_t records; /* of the zone that came of it; 0: not known yet */
	struct digest zone;
	uint32_t expires;
	struct round_state round[ROUNDS];
};

struct order {
	struct digest digest;
	unsigned member;
};

static int by_digest(const void *a, const void *b, const void *context)
{
	(void)context;
	return memcmp(((const struct order *)a)->digest.octet, ((const struct order *)b)->digest.octet,
	              DIGEST_SIZE);
}

/* The order in which members enter what the session makes. */
static unsigned turn_of(const struct session *session, unsigned member)
{
	struct order order[CUSTODY_MEMBERS_MAX];
	unsigned turn = 0;

	for (unsigned i = 0; i < session->count; i++) {
		uint8_t buffer[100];
		struct writer w = {.at = buffer, .size = sizeof(buffer)};

		write_u64(&w, session->job);
		write_u64(&w, session->number);
		write_bytes(&w, session->member[i].party);
		order[i].digest = sha256(writer_bytes(&w));
		order[i].member = i;
	}
	sort(order, session->count, sizeof(order[0]), by_digest, NULL);
	while (order[turn].member != member)
		turn++;
	return turn;
}

/* What a session takes at most, all in all: its members' shares, pools and commitments, twice,
 * and what frost/ keeps of each item. */
static size_t session_size(const struct work *work, const struct session *session)
{
	size_t items = work_signatures(work), count = session->count, size = 0;

	for (size_t i = 0; i < count; i++)
		size += (size_t)session->member[i].count * FROST_COMMITMENT_SIZE;
	size += items * count *
	        (FROST_SCALAR_SIZE + 2 * sizeof(struct frost_commitment) +
	         sizeof(struct public_scalar));
	size += items * (FROST_SIGNATURE_SIZE + sizeof(struct frost_session) + 16);
	return size + 2 * sizeof(struct signing_set) + sizeof(struct custodian_session) +
	       WORK_MESSAGE_MAX + count * (size_t)4096;
}

static struct custodian_session *session_make(struct custodian *custodian,
                                              const struct work *work,
                                              const struct session *session, unsigned index)
{
	struct arena *memory = &custodian->session_memory;
	struct custodian_session *s = arena_take(memory, sizeof(*s));

	s->session = *session;
	for (unsigned i = 0; i < session->count; i++) {
		s->party[i] = arena_copy(memory, session->member[i].party);
		s->session.member[i].party = s->party[i];
	}
	s->index = index;
	s->turn = turn_of(session, index);
	s->items = work->items;
	for (unsigned i = 0; i < session->count; i++) {
		s->round[ROUND_A].shares[i] = arena_take(memory, work->items * FROST_SCALAR_SIZE);
		s->round[ROUND_B].shares[i] = arena_take(memory, FROST_SCALAR_SIZE);
	}
	s->signature = arena_take(memory, work_signatures(work) * FROST_SIGNATURE_SIZE);
	return s;
}

static unsigned own_place(const struct session *session, struct bytes party)
{
	const struct session_member *m = session_member_of(session, party);

	return m == NULL ? session->count : (unsigned)(m - session->member);
}

/* Our sessions of the open job; those of an older one go. */
static void sessions_follow(struct custodian *custodian, const struct custodian_view *view,
                            const struct work *work)
{
	struct job job;

	if (custodian->job != work->job.number) {
		custodian->job = work->job.number;
		custodian->session_memory.used = 0;
		custodian->session_room = FROST_SESSION_SCRATCH(CUSTODY_MEMBERS_MAX);
		for (unsigned i = 0; i < CUSTODIAN_SESSIONS; i++)
			custodian->session[i] = NULL;
	}
	if (!job_get(view->state, custodian->job, &job))
		return;
	for (uint32_t n = 0; n < job.sessions && n < CUSTODIAN_SESSIONS; n++) {
		struct session session;
		unsigned place;
		size_t size;

		if (custodian->session[n] != NULL ||
		    !session_get(view->state, job.number, n, &session))
			continue;
		place = own_place(&session, custodian->party);
		/* Where there is no room for all that it may come to, it goes on without us. */
		size = session_size(work, &session);
		if (place == session.count ||
		    size > custodian->session_memory.size - custodian->session_room)
			continue;
		custodian->session_room += size;
		custodian->session[n] = session_make(custodian, work, &session, place);
	}
}

/* Takes a member's commitments for this session's items from its board, where they are. */
static void commitments_take(struct custodian *custodian, struct custodian_session *s,
                             unsigned member, uint32_t count)
{
	const struct session_member *m = &s->session.member[member];
	const struct custodian_board *board = custodian_board_of(custodian, m->party);
	struct arena *memory = &custodian->session_memory, scratch = arena_rest(&custodian->scratch);
	struct frost_commitment *list;
	size_t bad, mark = memory->used;
	struct bytes pool;

	if (board == NULL || memcmp(board->pool, m->pool, sizeof(m->pool)) != 0 ||
	    board->count != m->count || !digest_same(&board->root, &m->root) ||
	    m->first > board->count || count > board->count - m->first)
		return;
	pool = (struct bytes){board->body, (size_t)board->count * FROST_COMMITMENT_SIZE};
	list = arena_take_array(memory, count, sizeof(*list));
	s->no_points[member] =
		frost_commitments_read(list, count,
	                               bytes_first(bytes_from(pool, (size_t)m->first * FROST_COMMITMENT_SIZE),
	                                           (size_t)count * FROST_COMMITMENT_SIZE),
	                               &bad, &scratch) != OK;
	if (s->no_points[member]) {
		memory->used = mark;
		return;
	}
	s->commitment[member] = list;
	s->pool[member] = arena_copy(memory, pool);
}

static bool commitments_ready(struct custodian *custodian, struct custodian_session *s,
                              const struct work *work)
{
	bool ready = true;

	for (unsigned i = 0; i < s->session.count; i++) {
		if (s->commitment[i] == NULL && !s->no_points[i])
			commitments_take(custodian, s, i, work_signatures(work));
		ready = ready && s->commitment[i] != NULL;
	}
	return ready;
}

static bool item_open(struct custodian *custodian, struct custodian_session *s,
                      const struct work *work, uint32_t item, struct bytes message)
{
	const struct signing_set *set = work_group(work, item) == &work->ksk ? s->ksk : s->zsk;
	struct frost_commitment *list = s->list + (size_t)item * s->session.count;

	for (unsigned i = 0; i < s->session.count; i++)
		list[set->place[i]] = s->commitment[i][item];
	return frost_session_open(&s->frost[item], &set->set, list, message,
	                          &custodian->session_memory) == OK;
}

static struct bytes item_message(const struct work *work, uint32_t item, struct arena *arena)
{
	struct writer w = writer_in(arena);

	work_message(work, item, &w);
	return writer_keep(&w, arena);
}

static bool session_open(struct custodian *custodian, struct custodian_session *s,
                         const struct work *work)
{
	struct arena *memory = &custodian->session_memory;
	uint32_t count = work_signatures(work);

	if (s->open || !commitments_ready(custodian, s, work))
		return s->open;
	s->zsk = arena_take(memory, sizeof(*s->zsk));
	s->ksk = arena_take(memory, sizeof(*s->ksk));
	if (!signing_set_of(&work->zsk, &s->session, s->zsk) ||
	    (work_has_round_b(work) && !signing_set_of(&work->ksk, &s->session, s->ksk)))
		return false;
	s->list = arena_take_array(memory, (size_t)count * s->session.count, sizeof(*s->list));
	s->frost = arena_take_array(memory, count, sizeof(*s->frost));
	for (uint32_t i = 0; i < work->items; i++) {
		struct arena scratch = arena_rest(&custodian->scratch);

		if (!item_open(custodian, s, work, i, item_message(work, i, &scratch)))
			return false;
	}
	s->open = true;
	return true;
}

/* What the burn log records: job, session and round, and what is signed. */
static struct digest session_digest(const struct custodian_session *s, enum round round,
                                    const struct work *work)
{
	uint8_t buffer[128];
	struct writer w = {.at = buffer, .size = sizeof(buffer)};

	write_u64(&w, s->session.job);
	write_u64(&w, s->session.number);
	write_octet(&w, (uint8_t)round);
	write_bytes(&w, digest_bytes(&work->digest));
	if (round == ROUND_B)
		write_bytes(&w, (struct bytes){s->zonemd, sizeof(s->zonemd)});
	must(!w.full);
	return sha256(writer_bytes(&w));
}

static void shares_post(struct custodian *custodian, const struct custodian_view *view,
                        struct custodian_session *s, enum round round, uint32_t count)
{
	struct arena scratch = arena_rest(&custodian->scratch);
	struct bytes body = {s->round[round].shares[s->index], (size_t)count * FROST_SCALAR_SIZE};
	struct board_message m = {.kind = BOARD_SHARES,
	                          .origin = view->origin,
	                          .by = custodian->party,
	                          .job = s->session.job,
	                          .session = s->session.number,
	                          .round_b = round == ROUND_B,
	                          .count = count};
	struct writer w;

	memcpy(m.federation, view->genesis.octet, sizeof(m.federation));
	m.root = board_root(body, FROST_SCALAR_SIZE, scratch);
	w = writer_in(&scratch);
	board_write_text(&w, &m);
	custodian->host->post(custodian->host->context, writer_keep(&w, &scratch), body);
}

/*
 * Our shares of items [first, first + count), the nonces spent. Burned and synced, computed, wiped,
 * and only then out.
 */
static bool shares_make(struct custodian *custodian, struct custodian_session *s,
                        const struct work *work, enum round round, uint32_t first, uint32_t count)
{
	const struct session_member *me = &s->session.member[s->index];
	struct digest digest = session_digest(s, round, work);
	uint8_t *to = s->round[round].shares[s->index];

	if (memcmp(custodian->pool, me->pool, sizeof(me->pool)) != 0 ||
	    !custodian->host->burn(custodian->host->context, me->pool, me->first + first, count,
	                           &digest))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const struct group *group = work_group(work, first + i);
		const struct signing_set *set = group == &work->ksk ? s->ksk : s->zsk;
		const uint8_t *share = custodian_share(custodian, group->kind, group->number);

		if (share == NULL ||
		    frost_sign(to + i * FROST_SCALAR_SIZE,
		               &custodian->vault->nonces[me->first + first + i], share,
		               &s->frost[first + i], set->place[s->index]) != OK)
			return false;
	}
	s->round[round].received[s->index] = true;
	return true;
}

static void round_sign(struct custodian *custodian, const struct custodian_view *view,
                       struct custodian_session *s, const struct work *work, enum round round)
{
	uint32_t first = round == ROUND_A ? 0 : work->items;
	uint32_t count = round == ROUND_A ? work->items : 1;

	if (s->round[round].signed_here)
		return;
	s->round[round].signed_here = true; /* once, whatever comes of it */
	if (shares_make(custodian, s, work, round, first, count))
		shares_post(custodian, view, s, round, count);
}

static void evidence_of_commitment(const struct custodian_session *s, unsigned member,
                                   uint32_t item, struct arena scratch,
                                   struct evidence_item *evidence)
{
	uint32_t index = s->session.member[member].first + item;

	evidence->octets = bytes_first(bytes_from(s->pool[member], (size_t)index * FROST_COMMITMENT_SIZE),
	                               FROST_COMMITMENT_SIZE);
	board_prove(s->pool[member], FROST_COMMITMENT_SIZE, index, scratch, &evidence->path);
}

static void accuse(struct custodian *custodian, const struct custodian_view *view,
                   struct custodian_session *s, const struct work *work, enum round round,
                   uint32_t item, unsigned member)
{
	struct act act = custodian_act(custodian, view, ACT_ACCUSE);
	struct arena scratch = arena_rest(&custodian->scratch);
	struct evidence_item share, *commitment;
	struct round_state *r = &s->round[round];
	uint32_t count = round == ROUND_A ? work->items : 1, at = round == ROUND_A ? item : 0;
	char job[20], session[20], index[20];
	struct writer w;
	struct bytes evidence;

	commitment = arena_take_array(&scratch, s->session.count, sizeof(*commitment));
	share.octets = (struct bytes){r->shares[member] + at * FROST_SCALAR_SIZE, FROST_SCALAR_SIZE};
	board_prove((struct bytes){r->shares[member], count * FROST_SCALAR_SIZE}, FROST_SCALAR_SIZE, at,
	            scratch, &share.path);
	for (unsigned i = 0; i < s->session.count; i++)
		evidence_of_commitment(s, i, item, scratch, &commitment[i]);
	w = writer_in(&scratch);
	evidence_write(&w, r->head[member], &share, commitment, s->session.count);
	evidence = writer_keep(&w, &scratch);
	w = writer_in(&scratch);
	record_write_blob(&w, evidence);
	act.embed = writer_keep(&w, &scratch);

	struct writer n = {.at = (uint8_t *)job, .size = sizeof(job)};
	write_number(&n, s->session.job);
	act.field[0] = writer_bytes(&n);
	n = (struct writer){.at = (uint8_t *)session, .size = sizeof(session)};
	write_number(&n, s->session.number);
	act.field[1] = writer_bytes(&n);
	act.field[2] = s->party[member];
	n = (struct writer){.at = (uint8_t *)index, .size = sizeof(index)};
	write_number(&n, item);
	act.field[3] = writer_bytes(&n);
	/* The act's text is written behind what it borrows. */
	struct arena kept = custodian->scratch;
	custodian->scratch.used += scratch.used;
	custodian_submit(custodian, view, &act);
	custodian->scratch = kept;
}

static bool all_received(const struct custodian_session *s, enum round round)
{
	for (unsigned i = 0; i < s->session.count; i++)
		if (!s->round[round].received[i])
			return false;
	return true;
}

/* Aggregates one item, or finds who spoilt it. */
static bool item_aggregate(struct custodian_session *s, const struct work *work,
                           enum round round, uint32_t item, struct bytes message)
{
	const struct signing_set *set = work_group(work, item) == &work->ksk ? s->ksk : s->zsk;
	uint8_t shares[CUSTODY_MEMBERS_MAX * FROST_SCALAR_SIZE];
	uint32_t at = round == ROUND_A ? item : 0;
	struct frost_culprits culprits = {.count = 0};

	for (unsigned i = 0; i < s->session.count; i++)
		memcpy(shares + set->place[i] * FROST_SCALAR_SIZE,
		       s->round[round].shares[i] + at * FROST_SCALAR_SIZE, FROST_SCALAR_SIZE);
	if (frost_aggregate(s->signature + (size_t)item * FROST_SIGNATURE_SIZE, &s->frost[item],
	                    shares, message, &culprits) == OK)
		return true;
	for (unsigned c = 0; c < culprits.count; c++)
		for (unsigned i = 0; i < s->session.count; i++)
			if (set->place[i] == culprits.index[c] && i != s->index)
				s->round[round].culprit[i] = true;
	s->round[round].culprit_item = item;
	return false;
}

static void round_aggregate(struct custodian *custodian, const struct custodian_view *view,
                            struct custodian_session *s, const struct work *work,
                            enum round round)
{
	struct round_state *r = &s->round[round];
	uint32_t first = round == ROUND_A ? 0 : work->items;
	uint32_t count = round == ROUND_A ? work->items : 1;

	if (r->complete || r->spoiled || !s->open || !all_received(s, round))
		return;
	for (uint32_t i = first; i < first + count; i++) {
		struct arena scratch = arena_rest(&custodian->scratch);
		struct bytes message =
			round == ROUND_B ? s->message_b : item_message(work, i, &scratch);

		if (!item_aggregate(s, work, round, i, message)) {
			r->spoiled = true;
			return;
		}
	}
	r->complete = true;
	r->complete_at = view->clock;
}

/* The zone with our round A in it, its ZONEMD, and the message of round B. */
static void round_b_open(struct custodian *custodian, struct custodian_session *s,
                         struct work *work, struct work_cache *cache)
{
	if (s->message_b.size > 0)
		return;
	for (uint32_t i = 0; i < work->items; i++)
		work_attach(work, i, s->signature + (size_t)i * FROST_SIGNATURE_SIZE, &cache->arena);
	work_compute_zonemd(work, s->zonemd);
	work_place_zonemd(work, s->zonemd, &cache->arena);
	s->message_b = item_message(work, work->items, &custodian->session_memory);
	if (!item_open(custodian, s, work, work->items, s->message_b))
		s->round[ROUND_B].spoiled = true;
}

static void number_field(struct bytes *field, struct arena *arena, uint64_t number)
{
	struct writer w = writer_in(arena);

	write_number(&w, number);
	*field = writer_keep(&w, arena);
}

static uint32_t entered_count(const struct custodian_view *view, const struct custodian_session *s)
{
	uint8_t signature[64];
	struct bytes lines;
	uint32_t first, count = 0;

	for (size_t index = 0; signatures_next(view->state, s->session.job, s->session.number, &index,
	                                       &first, &lines);)
		while (lines.size > 0 && signature_take(&lines, signature))
			count++;
	return count;
}

/* Accuses who spoilt the round, until it is entered. What round B is about, everybody knows only when round A is. */
static void accusations(struct custodian *custodian, const struct custodian_view *view,
                        struct custodian_session *s, const struct work *work, enum round round)
{
	struct round_state *r = &s->round[round];

	if (!r->spoiled || (r->accused && view->clock - r->accused_at < ACCUSE_MILLISECONDS) ||
	    (round == ROUND_B && entered_count(view, s) < s->items))
		return;
	r->accused = true;
	r->accused_at = view->clock;
	for (unsigned i = 0; i < s->session.count; i++)
		if (r->culprit[i] && !accused_get(view->state, s->session.job, s->party[i]))
			accuse(custodian, view, s, work, round, r->culprit_item, i);
}

/* Our turn to enter what is complete: the first at once, each next one later. */
static bool our_turn(const struct custodian_session *s, enum round round, int64_t clock)
{
	return clock - s->round[round].complete_at >= (int64_t)s->turn * TURN_MILLISECONDS;
}

static void enter_signatures(struct custodian *custodian, const struct custodian_view *view,
                             const struct custodian_session *s)
{
	uint32_t next = entered_count(view, s), ahead = next + AHEAD_MAX * RUN_MAX;

	for (; next < s->items && next < ahead; next += RUN_MAX) {
		struct arena scratch = arena_rest(&custodian->scratch), kept = custodian->scratch;
		struct act act = custodian_act(custodian, view, ACT_SIGNATURES);
		struct writer w;

		number_field(&act.field[0], &scratch, s->session.job);
		number_field(&act.field[1], &scratch, s->session.number);
		number_field(&act.field[2], &scratch, next);
		w = writer_in(&scratch);
		for (uint32_t i = next; i < s->items && i < next + RUN_MAX; i++)
			signature_write(&w, s->signature + (size_t)i * FROST_SIGNATURE_SIZE);
		act.embed = writer_keep(&w, &scratch);
		custodian->scratch.used += scratch.used;
		custodian_submit(custodian, view, &act);
		custodian->scratch = kept;
	}
}

/* What the session made, once: another one may put its own signatures into the zone later. */
static void release_make(struct custodian_session *s, struct work *work, struct work_cache *cache)
{
	if (s->records > 0)
		return;
	for (uint32_t i = 0; i <= work->items; i++)
		work_attach(work, i, s->signature + (size_t)i * FROST_SIGNATURE_SIZE, &cache->arena);
	work_place_zonemd(work, s->zonemd, &cache->arena);
	s->records = work_zone_digest(work, &s->zone);
	s->expires = work->expires;
}

static void enter_release(struct custodian *custodian, const struct custodian_view *view,
                          const struct custodian_session *s, const struct work *work)
{
	struct act act = custodian_act(custodian, view, ACT_RELEASE);
	struct arena scratch = arena_rest(&custodian->scratch), kept = custodian->scratch;
	const uint8_t *signature = s->signature + (size_t)work->items * FROST_SIGNATURE_SIZE;
	struct writer w;

	number_field(&act.field[0], &scratch, s->session.job);
	number_field(&act.field[1], &scratch, s->session.number);
	number_field(&act.field[2], &scratch, work->job.serial);
	w = writer_in(&scratch);
	write_number(&w, s->records);
	write_octet(&w, ' ');
	write_digest(&w, &s->zone);
	act.field[3] = writer_keep(&w, &scratch);
	w = writer_in(&scratch);
	write_hex(&w, (struct bytes){s->zonemd, sizeof(s->zonemd)});
	act.field[4] = writer_keep(&w, &scratch);
	w = writer_in(&scratch);
	write_base64(&w, (struct bytes){signature, FROST_SIGNATURE_SIZE});
	act.field[5] = writer_keep(&w, &scratch);
	w = writer_in(&scratch);
	write_time(&w, (struct ledger_time){s->expires});
	act.field[6] = writer_keep(&w, &scratch);
	custodian->scratch.used += scratch.used;
	custodian_submit(custodian, view, &act);
	custodian->scratch = kept;
}

/* Without one member's commitments no other can answer: then that one is missing, and nobody else. */
static bool is_missing(const struct custodian_session *s, enum round round, unsigned member)
{
	if (member == s->index)
		return false;
	return s->open ? !s->round[round].received[member] : s->commitment[member] == NULL;
}

/* After the grace: done what was ours, and these are missing. */
static void answer(struct custodian *custodian, const struct custodian_view *view,
                   const struct custodian_session *s)
{
	struct act act = custodian_act(custodian, view, ACT_ANSWERED);
	struct arena scratch = arena_rest(&custodian->scratch), kept = custodian->scratch;
	enum round round = s->round[ROUND_A].complete && s->message_b.size > 0 ? ROUND_B : ROUND_A;
	struct bytes before;
	struct writer w;

	/* While nothing was final nobody could answer: the grace is counted from when we could. */
	int64_t grace = (s->session.grace.seconds - s->session.opened.seconds) * 1000;

	if (view->now.seconds < s->session.grace.seconds || view->clock - s->seen_at < grace ||
	    answered_get(view->state, s->session.job, s->session.number, custodian->party, &before))
		return;
	number_field(&act.field[0], &scratch, s->session.job);
	number_field(&act.field[1], &scratch, s->session.number);
	act.field[2] = BYTES("none");
	if (s->round[ROUND_A].received[s->index]) {
		struct digest d = sha256((struct bytes){s->round[ROUND_A].shares[s->index],
		                                        (size_t)s->items * FROST_SCALAR_SIZE});
		w = writer_in(&scratch);
		write_digest(&w, &d);
		act.field[2] = writer_keep(&w, &scratch);
	}
	w = writer_in(&scratch);
	for (unsigned i = 0; i < s->session.count; i++)
		if (is_missing(s, round, i)) {
			if (w.used > 0)
				write_octet(&w, ' ');
			write_bytes(&w, s->party[i]);
		}
	if (w.used == 0)
		write_text(&w, "none");
	act.field[3] = writer_keep(&w, &scratch);
	custodian->scratch.used += scratch.used;
	custodian_submit(custodian, view, &act);
	custodian->scratch = kept;
}

static void session_step(struct custodian *custodian, const struct custodian_view *view,
                         struct custodian_session *s, struct work *work)
{
	if (s->seen_at == 0)
		s->seen_at = view->clock;
	if (session_open(custodian, s, work)) {
		round_sign(custodian, view, s, work, ROUND_A);
		round_aggregate(custodian, view, s, work, ROUND_A);
		accusations(custodian, view, s, work, ROUND_A);
	}
	if (s->round[ROUND_A].complete) {
		if (our_turn(s, ROUND_A, view->clock))
			enter_signatures(custodian, view, s);
		if (work_has_round_b(work)) {
			round_b_open(custodian, s, work, view->cache);
			if (!s->round[ROUND_B].spoiled) {
				round_sign(custodian, view, s, work, ROUND_B);
				round_aggregate(custodian, view, s, work, ROUND_B);
			}
			accusations(custodian, view, s, work, ROUND_B);
		}
	}
	if (s->round[ROUND_B].complete) {
		release_make(s, work, view->cache);
		if (our_turn(s, ROUND_B, view->clock))
			enter_release(custodian, view, s, work);
	}
	answer(custodian, view, s);
}

void custodian_sessions(struct custodian *custodian, const struct custodian_view *view)
{
	struct work *work = work_of_open_job(view->cache, view->state, &view->genesis);

	if (work == NULL)
		return;
	sessions_follow(custodian, view, work);
	for (unsigned i = 0; i < CUSTODIAN_SESSIONS; i++)
		if (custodian->session[i] != NULL)
			session_step(custodian, view, custodian->session[i], work);
}

bool custodian_take_shares(struct custodian *custodian, const struct custodian_view *view,
                           const struct board_message *m, const char **why)
{
	struct work *work = work_of_open_job(view->cache, view->state, &view->genesis);
	struct custodian_session *s;
	struct round_state *r;
	unsigned member;

	*why = "shares of no session that we are in";
	if (work == NULL)
		return false;
	sessions_follow(custodian, view, work);
	if (m->job != custodian->job || m->session >= CUSTODIAN_SESSIONS ||
	    custodian->session[m->session] == NULL)
		return false;
	s = custodian->session[m->session];
	r = &s->round[m->round_b ? ROUND_B : ROUND_A];
	*why = "not a member, or not as many shares as there are items";
	member = own_place(&s->session, m->by);
	if (member == s->session.count || m->count != (m->round_b ? 1 : s->items))
		return false;
	*why = "a second message";
	if (r->received[member])
		return false;
	memcpy(r->shares[member], m->body.at, m->body.size);
	r->head[member] = arena_copy(&custodian->session_memory, m->note);
	r->received[member] = true;
	return true;
}
