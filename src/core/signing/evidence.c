/* SPDX-License-Identifier: Apache-2.0 */
#include "signing/evidence.h"

#include "base/must.h"
#include "frost/aggregate.h"

static bool group_of(const struct group *group, struct frost_group *frost)
{
	frost->min_participants = group->threshold;
	frost->max_participants = (uint16_t)group->count;
	for (unsigned i = 0; i < group->count; i++) {
		frost->identifier[i] = group->member[i].identifier;
		memcpy(frost->verification_share[i], group->member[i].verification_share, 32);
	}
	return ces1_key_read(&frost->group_public_key, group->public_key);
}

bool signing_set_of(const struct group *group, const struct session *session,
                    struct signing_set *set)
{
	uint16_t identifier[CUSTODY_MEMBERS_MAX], count = 0;

	/* In the order of identifiers, which need not be that of names. */
	for (unsigned i = 0; i < group->count; i++)
		if (session_member_of(session, group->member[i].party) != NULL)
			identifier[count++] = group->member[i].identifier;
	if (count != session->count || !group_of(group, &set->group) ||
	    frost_set_make(&set->set, &set->group, identifier, count) != OK)
		return false;
	for (unsigned i = 0; i < session->count; i++) {
		const struct group_member *m = group_member_of(group, session->member[i].party);
		size_t place = 0;
		bool found = frost_set_find(&set->set, m->identifier, &place);

		must(found);
		set->place[i] = (uint16_t)place;
	}
	return true;
}

static void item_write(struct writer *writer, const struct evidence_item *item)
{
	write_bytes(writer, item->octets);
	write_octet(writer, (uint8_t)item->path.count);
	for (unsigned i = 0; i < item->path.count; i++)
		write_bytes(writer, digest_bytes(&item->path.hash[i]));
}

void evidence_write(struct writer *writer, struct bytes head, const struct evidence_item *share,
                    const struct evidence_item *commitment, unsigned count)
{
	write_u16(writer, (uint16_t)head.size);
	write_bytes(writer, head);
	item_write(writer, share);
	for (unsigned i = 0; i < count; i++)
		item_write(writer, &commitment[i]);
}

static bool take(struct bytes *rest, size_t size, struct bytes *part)
{
	if (rest->size < size)
		return false;
	*part = bytes_first(*rest, size);
	*rest = bytes_from(*rest, size);
	return true;
}

static bool item_read(struct bytes *rest, size_t size, struct evidence_item *item)
{
	struct bytes part;

	if (!take(rest, size, &item->octets) || !take(rest, 1, &part) ||
	    part.at[0] > MERKLE_LEVELS_MAX)
		return false;
	item->path.count = part.at[0];
	for (unsigned i = 0; i < item->path.count; i++) {
		if (!take(rest, DIGEST_SIZE, &part))
			return false;
		memcpy(item->path.hash[i].octet, part.at, DIGEST_SIZE);
	}
	return true;
}

static bool item_at(const struct evidence_item *item, uint64_t index, uint64_t size,
                    const struct digest *root)
{
	struct digest leaf = merkle_leaf(item->octets);

	return merkle_verify_inclusion(&item->path, index, size, &leaf, root);
}

static bool head_fits(const struct state *state, struct bytes origin,
                      const struct digest *genesis, const struct work *work,
                      const struct session *session, bool round_b, struct bytes accused,
                      struct bytes head, struct board_message *m)
{
	struct fault fault;

	return board_read_head(head, m, &fault) == OK && m->kind == BOARD_SHARES &&
	       bytes_same(m->by, accused) && m->job == session->job &&
	       m->session == session->number && m->round_b == round_b &&
	       m->count == (round_b ? 1 : work->items) &&
	       board_signed(state, origin, genesis, m);
}

/* Each commitment is the one the session assigned; read, in the order of the set. */
static bool commitments_fit(const struct session *session, const struct signing_set *set,
                            uint32_t index, struct bytes *rest, struct frost_commitment *list,
                            struct arena *arena)
{
	for (unsigned i = 0; i < session->count; i++) {
		const struct session_member *m = &session->member[i];
		struct evidence_item item;
		size_t bad;

		if (!item_read(rest, FROST_COMMITMENT_SIZE, &item) ||
		    !item_at(&item, (uint64_t)m->first + index, m->count, &m->root) ||
		    frost_commitments_read(&list[set->place[i]], 1, item.octets, &bad, arena) != OK)
			return false;
	}
	return rest->size == 0;
}

/* A pool whose commitments are no points convicts nobody here: its owner is named missing. */
static bool share_fits(const struct work *work, const struct session *session,
                       const struct signing_set *set, uint32_t index, struct bytes accused,
                       const struct frost_commitment *list, struct bytes share,
                       struct arena *arena, bool *opened)
{
	struct arena scratch = arena_rest(arena);
	struct frost_session frost;
	struct writer w;
	struct bytes message;

	w = writer_in(&scratch);
	work_message(work, index, &w);
	message = writer_keep(&w, &scratch);
	*opened = frost_session_open(&frost, &set->set, list, message, &scratch) == OK;
	if (!*opened)
		return false;
	for (unsigned i = 0; i < session->count; i++)
		if (bytes_same(session->member[i].party, accused))
			return frost_verify_signature_share(&frost, set->place[i], share.at);
	return true;
}

bool evidence_convicts(const struct state *state, struct bytes origin,
                       const struct digest *genesis, const struct work *work,
                       const struct session *session, uint32_t index, struct bytes accused,
                       struct bytes evidence, struct arena *arena)
{
	bool round_b = index >= work->items, opened;
	struct frost_commitment *list =
		arena_take_array(arena, session->count, sizeof(*list));
	struct signing_set *set = arena_take(arena, sizeof(*set));
	struct bytes rest = evidence, part, head;
	struct evidence_item share;
	struct board_message m;

	if (!take(&rest, 2, &part) ||
	    !take(&rest, (size_t)part.at[0] << 8 | part.at[1], &head) ||
	    !head_fits(state, origin, genesis, work, session, round_b, accused, head, &m) ||
	    !item_read(&rest, FROST_SCALAR_SIZE, &share) ||
	    !item_at(&share, round_b ? 0 : index, m.count, &m.root) ||
	    !signing_set_of(work_group(work, index), session, set) ||
	    !commitments_fit(session, set, index, &rest, list, arena))
		return false;
	return !share_fits(work, session, set, index, accused, list, share.octets, arena, &opened) &&
	       opened;
}
