/* SPDX-License-Identifier: Apache-2.0 */
#include "signing/custodian.h"

#include <sodium.h>
#include <string.h>

#include "base/must.h"

#define AGAIN_MILLISECONDS 5000 /* submitted again when it has not entered by then */
#define UNTIL_SECONDS      600

void custodian_init(struct custodian *custodian, struct bytes party,
                    const struct custodian_host *host, struct custodian_vault *vault,
                    const struct custodian_memory *memory)
{
	*custodian = (struct custodian){
		.party = party,
		.host = host,
		.vault = vault,
		.memory = memory->boards,
		.session_memory = memory->sessions,
		.scratch = memory->scratch,
	};
}

struct act custodian_act(const struct custodian *custodian, const struct custodian_view *view,
                         enum act_kind kind)
{
	struct act act = {
		.kind = kind,
		.origin = view->origin,
		.charter = view->charter,
		.by = custodian->party,
		.until = {view->now.seconds + UNTIL_SECONDS},
	};

	memcpy(act.federation, view->genesis.octet, sizeof(act.federation));
	return act;
}

/* Whether the same was said lately: what makes two acts the same is all but `until`. */
static bool said_lately(struct custodian *custodian, const struct act *act, int64_t clock)
{
	struct arena scratch = arena_rest(&custodian->scratch);
	struct writer w = writer_in(&scratch);
	struct act timeless = *act;
	struct digest what;

	timeless.until.seconds = 0;
	act_write(&w, &timeless);
	must(!w.full);
	what = sha256(writer_bytes(&w));
	for (unsigned i = 0; i < CUSTODIAN_RECENT; i++)
		if (digest_same(&custodian->recent[i].what, &what)) {
			if (clock - custodian->recent[i].at < AGAIN_MILLISECONDS)
				return true;
			custodian->recent[i].at = clock;
			return false;
		}
	custodian->recent[custodian->recent_next].what = what;
	custodian->recent[custodian->recent_next].at = clock;
	custodian->recent_next = (custodian->recent_next + 1) % CUSTODIAN_RECENT;
	return false;
}

void custodian_submit(struct custodian *custodian, const struct custodian_view *view,
                      const struct act *act)
{
	struct arena scratch;
	struct writer w;

	if (said_lately(custodian, act, view->clock))
		return;
	scratch = arena_rest(&custodian->scratch);
	w = writer_in(&scratch);
	act_write(&w, act);
	must(!w.full);
	custodian->host->submit(custodian->host->context, writer_bytes(&w));
}

const uint8_t *custodian_share(const struct custodian *custodian, enum group_kind kind,
                               uint64_t number)
{
	for (unsigned i = 0; i < CUSTODIAN_SHARES; i++)
		if (custodian->vault->share[i].held && custodian->vault->share[i].kind == kind &&
		    custodian->vault->share[i].number == number)
			return custodian->vault->share[i].share;
	return NULL;
}

/* "share-zsk-3", "ceremony-zsk-3" taken apart. */
static bool name_read(struct bytes name, struct bytes prefix, enum group_kind *kind,
                      uint64_t *number)
{
	size_t dash = name.size;

	if (!bytes_starts(name, prefix))
		return false;
	name = bytes_from(name, prefix.size);
	for (dash = name.size; dash > 0 && name.at[dash - 1] != '-';)
		dash--;
	if (dash == 0)
		return false;
	*kind = group_kind(bytes_first(name, dash - 1));
	return *kind < GROUPS && text_number(bytes_from(name, dash), UINT64_MAX, number);
}

bool custodian_restore(struct custodian *custodian, const char *name, const uint8_t *secret,
                       size_t size)
{
	struct custodian_vault *vault = custodian->vault;
	enum group_kind kind;
	uint64_t number;
	unsigned i = 0;

	if (size != 32)
		return false;
	if (name_read(bytes_of(name), BYTES("ceremony-"), &kind, &number)) {
		vault->ceremony[kind].held = true;
		vault->ceremony[kind].number = number;
		memcpy(vault->ceremony[kind].seed, secret, CUSTODIAN_SEED_SIZE);
		return true;
	}
	if (!name_read(bytes_of(name), BYTES("share-"), &kind, &number))
		return false;
	while (i < CUSTODIAN_SHARES && vault->share[i].held)
		i++;
	if (i == CUSTODIAN_SHARES)
		return false;
	vault->share[i].held = true;
	vault->share[i].kind = kind;
	vault->share[i].number = number;
	memcpy(vault->share[i].share, secret, FROST_SCALAR_SIZE);
	return true;
}

const struct custodian_board *custodian_board_of(const struct custodian *custodian,
                                                 struct bytes party)
{
	for (unsigned i = 0; i < custodian->boards; i++)
		if (bytes_same(custodian->board[i].party, party) && custodian->board[i].count > 0)
			return &custodian->board[i];
	return NULL;
}

struct custodian_board *custodian_board_slot(struct custodian *custodian, struct bytes party)
{
	struct custodian_board *b;

	for (unsigned i = 0; i < custodian->boards; i++)
		if (bytes_same(custodian->board[i].party, party))
			return &custodian->board[i];
	if (custodian->boards == CUSTODY_MEMBERS_MAX)
		return NULL;
	b = &custodian->board[custodian->boards++];
	b->party = arena_copy(&custodian->memory, party);
	b->body = arena_take(&custodian->memory, CUSTODIAN_POOL_MAX * FROST_COMMITMENT_SIZE);
	return b;
}

static bool take_commitments(struct custodian *custodian, const struct board_message *m,
                             const char **why)
{
	struct custodian_board *board = custodian_board_slot(custodian, m->by);

	*why = "more signers than a federation has";
	if (board == NULL)
		return false;
	memcpy(board->pool, m->pool, sizeof(board->pool));
	board->count = m->count;
	board->root = m->root;
	memcpy(board->body, m->body.at, m->body.size);
	return true;
}

bool custodian_take(struct custodian *custodian, const struct custodian_view *view,
                    struct bytes octets, const char **why)
{
	struct board_message m;
	struct digest root;
	struct fault fault = {0};

	custodian->scratch.used = 0;
	if (board_read(octets, &m, &fault) != OK) {
		*why = fault.why;
		return false;
	}
	*why = "not signed by the party it names";
	if (!board_signed(view->state, view->origin, &view->genesis, &m))
		return false;
	*why = "nobody waits for it";
	if (!board_expected(view->state, &m))
		return false;
	*why = "the body is not the one that was signed";
	root = board_root(m.body, board_item_size(m.kind), arena_rest(&custodian->scratch));
	if (!digest_same(&root, &m.root))
		return false;
	return m.kind == BOARD_COMMITMENTS ? take_commitments(custodian, &m, why)
	                                   : custodian_take_shares(custodian, view, &m, why);
}

void custodian_step(struct custodian *custodian, const struct custodian_view *view)
{
	custodian->scratch.used = 0;
	custodian_ceremonies(custodian, view);
	custodian->scratch.used = 0;
	custodian_pool(custodian, view);
	custodian->scratch.used = 0;
	custodian_sessions(custodian, view);
	custodian->scratch.used = 0;
}
