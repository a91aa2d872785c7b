/* SPDX-License-Identifier: Apache-2.0 */
/* A custodian keeps a pool of nonces announced: large enough for the whole zone, and leased. */
#include <sodium.h>

#include "base/hex.h"
#include "base/must.h"
#include "signing/custodian.h"
#include "state/holding.h"

#define POOL_LEAST 64

/* A full signing, and a quarter more; in powers of two, so that pools are seldom made anew; at most what
 * a pool may have. */
static uint32_t pool_size(const struct custodian_view *view)
{
	uint64_t tlds = state_find(view->state, BYTES("tld0")) - state_find(view->state, BYTES("tld/"));
	uint64_t want = (2 * tlds + 16) * 5 / 4;
	uint32_t size = POOL_LEAST;

	while (size < want && size < CUSTODIAN_POOL_MAX)
		size *= 2;
	return size < CUSTODIAN_POOL_MAX ? size : CUSTODIAN_POOL_MAX;
}

/* A share to hedge the nonces with (RFC 9591 section 4.1): any one that is held. */
static const uint8_t *any_share(const struct custodian *custodian)
{
	static const uint8_t NONE[FROST_SCALAR_SIZE];

	for (unsigned i = 0; i < CUSTODIAN_SHARES; i++)
		if (custodian->vault->share[i].held)
			return custodian->vault->share[i].share;
	return NONE;
}

static void pool_make(struct custodian *custodian, uint32_t count, uint8_t *body)
{
	const struct custodian_host *host = custodian->host;
	uint8_t random[2 * FROST_RANDOM_SIZE];

	host->random(host->context, custodian->pool, sizeof(custodian->pool));
	/* Behind them all is zero: a pool that is not there is not touched. */
	sodium_memzero(custodian->vault->nonces,
	               custodian->pool_count * sizeof(custodian->vault->nonces[0]));
	for (uint32_t i = 0; i < count; i++) {
		struct frost_nonces *nonces = &custodian->vault->nonces[i];

		host->random(host->context, random, sizeof(random));
		frost_commit(nonces, random, any_share(custodian));
		memcpy(body + i * FROST_COMMITMENT_SIZE, nonces->commitment, FROST_COMMITMENT_SIZE);
	}
	sodium_memzero(random, sizeof(random));
	custodian->pool_count = count;
	custodian->pool_posted = false;
	custodian->pool_root = board_root((struct bytes){body, count * FROST_COMMITMENT_SIZE},
	                                  FROST_COMMITMENT_SIZE, arena_rest(&custodian->scratch));
}

/* Nobody sends us our own message back: it goes on our own board at once. */
static void pool_note(struct custodian *custodian, struct bytes body)
{
	struct custodian_board *board = custodian_board_slot(custodian, custodian->party);

	must(board != NULL);
	memcpy(board->pool, custodian->pool, sizeof(board->pool));
	board->count = custodian->pool_count;
	board->root = custodian->pool_root;
	memcpy(board->body, body.at, body.size);
}

/* Once it stands in the ledger: only that tells the newest pool from those that were. */
static void pool_post(struct custodian *custodian, const struct custodian_view *view)
{
	const struct custodian_board *own = custodian_board_of(custodian, custodian->party);
	struct board_message m = {.kind = BOARD_COMMITMENTS,
	                          .origin = view->origin,
	                          .by = custodian->party,
	                          .count = custodian->pool_count,
	                          .root = custodian->pool_root};
	struct arena scratch = arena_rest(&custodian->scratch);
	struct writer w = writer_in(&scratch);

	memcpy(m.federation, view->genesis.octet, sizeof(m.federation));
	memcpy(m.pool, custodian->pool, sizeof(m.pool));
	board_write_text(&w, &m);
	must(own != NULL);
	custodian->host->post(custodian->host->context, writer_keep(&w, &scratch),
	                      (struct bytes){own->body, own->count * FROST_COMMITMENT_SIZE});
	custodian->pool_posted = true;
}

static void pool_announce(struct custodian *custodian, const struct custodian_view *view,
                          int64_t lease_seconds)
{
	struct act act = custodian_act(custodian, view, ACT_POOL);
	char pool[32], root[64], lease[TIME_TEXT_SIZE], slot[64], count[20];
	struct writer w = {.at = (uint8_t *)count, .size = sizeof(count)};
	struct record_key key;
	struct digest leaf;

	hex_write(pool, (struct bytes){custodian->pool, sizeof(custodian->pool)});
	hex_write(root, digest_bytes(&custodian->pool_root));
	/* A minute of the largest lease is left to entering it. */
	time_write(lease, (struct ledger_time){view->now.seconds + lease_seconds * 9 / 10});
	write_number(&w, custodian->pool_count);
	act.field[0] = (struct bytes){(uint8_t *)pool, sizeof(pool)};
	act.field[1] = writer_bytes(&w);
	act.field[2] = (struct bytes){(uint8_t *)root, sizeof(root)};
	act.field[3] = (struct bytes){(uint8_t *)lease, sizeof(lease)};
	act.field[4] = BYTES("none");
	if (state_leaf(view->state, record_key(&key, "pool", custodian->party, BYTES("")), &leaf)) {
		hex_write(slot, digest_bytes(&leaf));
		act.field[4] = (struct bytes){(uint8_t *)slot, sizeof(slot)};
	}
	custodian_submit(custodian, view, &act);
}

static bool is_signer(const struct custodian *custodian, const struct custodian_view *view)
{
	struct custody custody;

	custody_get(view->state, &custody);
	for (enum group_kind k = 0; k < GROUPS; k++) {
		struct ceremony ceremony;
		struct group group;

		if (ceremony_get(view->state, k, &ceremony) &&
		    ceremony_member_of(&ceremony, custodian->party) != NULL)
			return true;
		if (group_get(view->state, k, custody.active[k], &group) &&
		    group_member_of(&group, custodian->party) != NULL)
			return true;
	}
	return false;
}

/* Whether a session of the open job counts on the pool we have. */
static bool pool_in_use(const struct custodian *custodian, const struct custodian_view *view)
{
	struct custody custody;
	struct job job;

	custody_get(view->state, &custody);
	if (!job_get(view->state, custody.job, &job))
		return false;
	for (uint32_t s = 0; s < job.sessions; s++) {
		struct session session;
		const struct session_member *m;

		if (session_get(view->state, job.number, s, &session) &&
		    (m = session_member_of(&session, custodian->party)) != NULL &&
		    memcmp(m->pool, custodian->pool, sizeof(m->pool)) == 0)
			return true;
	}
	return false;
}

void custodian_pool(struct custodian *custodian, const struct custodian_view *view)
{
	struct pool standing;
	struct signer signer;
	struct apex apex;
	uint32_t want = pool_size(view);
	bool ours;

	if (!is_signer(custodian, view))
		return;
	apex_get(view->state, &apex);
	signer_get(view->state, custodian->party, &signer);
	ours = pool_get(view->state, custodian->party, &standing) &&
	       memcmp(standing.id, custodian->pool, sizeof(standing.id)) == 0;
	if (custodian->pool_count == 0 ||
	    (ours && !pool_in_use(custodian, view) &&
	     custodian->pool_count - signer.next < want - want / 4 &&
	     (signer.next > 0 || custodian->pool_count < want))) {
		uint8_t *body = arena_take(&custodian->scratch, want * FROST_COMMITMENT_SIZE);

		pool_make(custodian, want, body);
		pool_note(custodian, (struct bytes){body, want * FROST_COMMITMENT_SIZE});
		ours = false;
	}
	if (ours && !custodian->pool_posted)
		pool_post(custodian, view);
	if (!ours || standing.lease.seconds - view->now.seconds < apex.lease_seconds / 2)
		pool_announce(custodian, view, apex.lease_seconds);
}
