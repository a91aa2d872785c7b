/* SPDX-License-Identifier: Apache-2.0 */
#include "signing/keygen.h"

#include <string.h>

#include "base/must.h"
#include "state/party.h"

struct digest keygen_opening(const struct digest *genesis, enum group_kind kind,
                             uint64_t number)
{
	uint8_t buffer[128];
	struct writer w = {.at = buffer, .size = sizeof(buffer)};

	write_text(&w, "comity-ceremony/1\n");
	write_bytes(&w, digest_bytes(genesis));
	write_text(&w, group_word(kind));
	write_octet(&w, '\n');
	write_u64(&w, number);
	must(!w.full);
	return sha256(writer_bytes(&w));
}

bool keygen_of(const struct state *state, struct bytes origin, const struct digest *genesis,
               const struct ceremony *ceremony, struct keygen *keygen)
{
	struct digest opening = keygen_opening(genesis, ceremony->kind, ceremony->number);

	keygen->frost = (struct frost_keygen){
		.kind = FROST_KEYGEN_FRESH,
		.federation = origin,
		.min_participants = ceremony->threshold,
		.member_count = (uint16_t)ceremony->count,
		.member = keygen->member,
	};
	memcpy(keygen->frost.opening, opening.octet, sizeof(keygen->frost.opening));
	for (unsigned i = 0; i < ceremony->count; i++) {
		struct frost_member *m = &keygen->member[i];
		struct note_key custody;
		struct party party;

		if (!ceremony->member[i].has_key)
			return false;
		m->identifier = ceremony->member[i].identifier;
		/* All zero for one that gave its custody key up: it cannot say anything more. */
		memset(m->identity_key, 0, sizeof(m->identity_key));
		if (party_get(state, ceremony->member[i].party, &party) &&
		    party_key_of_role(party.keys, ROLE_CUSTODY, &custody))
			memcpy(m->identity_key, custody.public_key, sizeof(m->identity_key));
		memcpy(m->encryption_key, ceremony->member[i].key, sizeof(m->encryption_key));
	}
	if (ceremony->has_session) {
		/* A custody key may have been rotated since: the session is what it was. */
		memcpy(keygen->frost.sid, ceremony->session.octet, sizeof(keygen->frost.sid));
		return true;
	}
	return frost_keygen_open(&keygen->frost) == OK;
}

bool keygen_deals(const struct state *state, const struct ceremony *ceremony,
                  const struct keygen *keygen, struct arena *arena,
                  struct frost_deal deal[CUSTODY_MEMBERS_MAX])
{
	for (unsigned i = 0; i < ceremony->count; i++) {
		struct bytes octets;

		if (!deal_get(state, ceremony->kind, ceremony->member[i].party, arena, &octets) ||
		    frost_deal_check(&deal[i], &keygen->frost, octets) != OK)
			return false;
	}
	return true;
}

bool keygen_result(const struct keygen *keygen, const struct frost_deal *deals, unsigned count,
                   struct arena *arena, struct frost_group *group, struct digest *transcript)
{
	struct arena scratch;

	scratch.size = FROST_KEYGEN_SCRATCH;
	scratch.used = 0;
	struct arena rest = arena_rest(arena);
	scratch.at = arena_take(&rest, scratch.size);
	if (frost_keygen_group(group, &keygen->frost, deals, count, &scratch) != OK)
		return false;
	frost_transcript(transcript->octet, &keygen->frost, deals, count, group);
	return true;
}
