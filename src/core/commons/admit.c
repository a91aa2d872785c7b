/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/admit.h"

#include "base/hex.h"
#include "base/must.h"
#include "commons/mandating.h"
#include "state/clock.h"

bool signed_by(const struct note *note, struct bytes keys, enum key_role role,
               uint32_t threshold, unsigned *count, struct refusal *refusal)
{
	uint32_t lines = 0;

	for (unsigned i = 0; i < note->count; i++) {
		struct note_key key;

		if (!party_key_named(keys, role, note->signature[i].name, &key))
			continue;
		if (!note_signature_holds(&note->signature[i], &key, note->text))
			return refuse_name(refusal, REASON_SIGNATURE, note->signature[i].name);
		lines++;
	}
	*count += lines;
	return lines == threshold || refuse(refusal, REASON_SIGNATURES);
}

static uint32_t count_of_role(struct bytes keys, enum key_role role)
{
	uint32_t count = 0;
	enum key_role r;
	struct note_key key;

	while (act_key(&keys, &r, &key))
		count += r == role;
	return count;
}

/* Act keys among `keys` that `old` does not have: each must prove that it is there. */
static bool signed_by_new(const struct note *note, struct bytes keys, struct bytes old,
                          unsigned *count, struct refusal *refusal)
{
	enum key_role role;
	struct note_key key, had;

	while (act_key(&keys, &role, &key)) {
		bool proved = false;

		if (role != ROLE_ACT || (party_key_named(old, ROLE_ACT, key.name, &had) &&
		                         memcmp(had.public_key, key.public_key, 32) == 0))
			continue;
		for (unsigned i = 0; i < note->count; i++)
			if (note_signature_by(&note->signature[i], &key)) {
				if (!note_signature_holds(&note->signature[i], &key, note->text))
					return refuse_name(refusal, REASON_SIGNATURE, key.name);
				proved = true;
			}
		if (!proved)
			return refuse(refusal, REASON_SIGNATURES);
		(*count)++;
	}
	return true;
}

/* The act keys that a party is to have are there, in somebody's hands, before anybody votes on that. */
static bool signed_by_given(const struct commons *commons, const struct note *note,
                            const struct act *act, unsigned *count, struct refusal *refusal)
{
	struct party party;

	if (!party_get(commons->state, act_field(act, "party"), &party))
		return refuse_name(refusal, REASON_RECIPIENT, act_field(act, "party"));
	return signed_by_new(note, act_field(act, "key"), party.keys, count, refusal);
}

/* A transfer may carry the recipient's lines: then it consents with the same act. */
static bool signed_by_recipient(const struct commons *commons, const struct note *note,
                                struct signed_act *s, unsigned *count, struct refusal *refusal)
{
	struct bytes name = act_field(&s->act, "recipient");
	struct party recipient;

	if (*count == note->count || !party_get(commons->state, name, &recipient) ||
	    bytes_same(name, s->act.by))
		return true;
	s->recipient = name;
	return signed_by(note, recipient.keys, ROLE_ACT, recipient.threshold, count, refusal);
}

static bool signatures_hold(struct commons *commons, const struct note *note,
                            struct signed_act *s, struct refusal *refusal)
{
	enum key_role role = act_row(s->act.kind)->role;
	struct party party = {0};
	unsigned count = 0;
	bool good;

	if (role == ROLE_ACT && mandating_is_operators(note))
		return mandating_admits(commons, note, s, refusal);
	if (s->act.kind == ACT_ACCEDE) {
		struct bytes keys = act_field(&s->act, "key");
		good = signed_by(note, keys, ROLE_ACT, count_of_role(keys, ROLE_ACT), &count, refusal);
	} else {
		bool there = party_get(commons->state, s->act.by, &party);
		must(there);
		good = signed_by(note, party.keys, role, role == ROLE_ACT ? party.threshold : 1, &count,
		                 refusal);
	}
	if (good && s->act.kind == ACT_ROTATE)
		good = signed_by_new(note, act_field(&s->act, "key"), party.keys, &count, refusal);
	if (good && s->act.kind == ACT_REKEY)
		good = signed_by_given(commons, note, &s->act, &count, refusal);
	if (good && s->act.kind == ACT_TRANSFER)
		good = signed_by_recipient(commons, note, s, &count, refusal);
	return good && (count == note->count || refuse(refusal, REASON_SIGNATURES));
}

bool admit(struct commons *commons, const struct note *note, const struct act *act,
           struct signed_act *s, struct refusal *refusal)
{
	struct party party;
	uint64_t height;

	*s = (struct signed_act){.act = *act, .id = act->id};
	hex_write(s->id_text, digest_bytes(&s->id));
	if (!bytes_same(act->origin, commons->origin) ||
	    memcmp(act->federation, commons->genesis.octet, ACT_FEDERATION_SIZE) != 0)
		return refuse(refusal, REASON_FEDERATION);
	if (act->until.seconds < commons->now.seconds)
		return refuse(refusal, REASON_EXPIRED);
	if (act->until.seconds > commons->now.seconds + ACT_UNTIL_MAX)
		return refuse(refusal, REASON_UNTIL_FAR);
	if (seen_get(commons->state, &s->id, act->until, &height))
		return refuse(refusal, REASON_SEEN);
	if (act->kind == ACT_SEAL_SIGN)
		return refuse(refusal, REASON_NOT_AN_ACT);
	if (act->kind != ACT_ACCEDE && !party_get(commons->state, act->by, &party) &&
	    !(act->kind == ACT_BATCH && mandating_is_operators(note)))
		return refuse(refusal, REASON_PARTY);
	return signatures_hold(commons, note, s, refusal);
}

bool admit_charter(const struct commons *commons, const struct act *act,
                   const struct charter_rule *rule, struct refusal *refusal)
{
	struct record_key key;
	struct bytes record;
	uint64_t since = 0;

	if (rule != NULL &&
	    state_get(commons->state, record_key(&key, "rule", rule->name, BYTES("")), &record)) {
		struct text lines = record_lines(record);
		since = record_number(&lines, "since");
	}
	if (act->charter > commons->charter.version || act->charter < since || act->charter == 0)
		return refuse(refusal, REASON_CHARTER);
	return true;
}
