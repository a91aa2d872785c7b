/* SPDX-License-Identifier: Apache-2.0 */
/* accede, rotate, rekey, and the party's half of withdraw. */
#include "commons/party.h"

#include "arbitration/dispute.h"
#include "commons/linking.h"
#include "commons/mandating.h"
#include "commons/norming.h"
#include "commons/operation.h"
#include "commons/proposal.h"
#include "commons/registering.h"
#include "commons/vacancy.h"

/* Whether the keys of the act can be those of that party. */
static bool keys_fit(const struct commons *commons, const struct signed_act *act,
                     struct bytes name, struct refusal *refusal)
{
	struct bytes keys = act_field(&act->act, "key");
	const char *why = NULL;

	if (!party_keys_valid(keys, commons->origin, name, act_number(&act->act, "threshold"),
	                      &why))
		return refuse_name(refusal, REASON_KEYS, bytes_of(why));
	if (party_keys_taken(commons->state, keys, name))
		return refuse_name(refusal, REASON_KEYS, BYTES("a key of another party"));
	return true;
}

static struct bytes party_slot(struct record_key *key, const struct signed_act *act)
{
	return record_key(key, "party", act->act.by, BYTES(""));
}

bool accede_apply(struct commons *commons, const struct signed_act *act,
                  struct refusal *refusal)
{
	struct bytes signer[CUSTODY_MEMBERS_MAX + 1], record;
	struct record_key key;
	struct party party = {
		.name = act->act.by,
		.kind = act_field(&act->act, "kind"),
		.threshold = (uint32_t)act_number(&act->act, "threshold"),
		.keys = act_field(&act->act, "key"),
		.act = act_id_text(act),
	};

	/* A name is taken for good, also by one who left. */
	if (state_get(commons->state, party_slot(&key, act), &record))
		return refuse_name(refusal, REASON_IS_PARTY, act->act.by);
	if (!commons_replaces(commons, &act->act, party_slot(&key, act), refusal) ||
	    !keys_fit(commons, act, act->act.by, refusal))
		return false;
	party_put(commons->state, &commons->scratch, &party);
	registers_look(commons);
	/* A ceremony among more than it can hold could not even be opened. */
	return commons_signers(commons, signer) <= CUSTODY_MEMBERS_MAX ||
	       refuse(refusal, REASON_SIGNERS);
}

/* Whether an act key of `old` is not among `keys` any more. */
static bool drops_act_key(struct bytes old, struct bytes keys)
{
	enum key_role role;
	struct note_key key, kept;

	while (act_key(&old, &role, &key))
		if (role == ROLE_ACT && (!party_key_named(keys, ROLE_ACT, key.name, &kept) ||
		                         memcmp(kept.public_key, key.public_key, sizeof(key.public_key)) != 0))
			return true;
	return false;
}

/* Gives the party of that name the keys of the act. */
static bool keys_set(struct commons *commons, const struct signed_act *act, struct bytes name,
                     struct refusal *refusal)
{
	struct record_key key;
	struct party party;

	if (!party_get(commons->state, name, &party))
		return refuse(refusal, REASON_PARTY);
	if (!commons_replaces(commons, &act->act, record_key(&key, "party", name, BYTES("")), refusal) ||
	    !keys_fit(commons, act, name, refusal))
		return false;
	/* Whom the key that goes has named, it may have named in other hands. */
	if (drops_act_key(party.keys, act_field(&act->act, "key")))
		mandates_end_all(commons, name, act_id_text(act));
	party.threshold = (uint32_t)act_number(&act->act, "threshold");
	party.keys = act_field(&act->act, "key");
	party.act = act_id_text(act);
	party_put(commons->state, &commons->scratch, &party);
	return true;
}

bool rotate_apply(struct commons *commons, const struct signed_act *act,
                  struct refusal *refusal)
{
	return keys_set(commons, act, act->act.by, refusal);
}

/* Who has its keys sets them itself. */
bool rekey_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes name = act_field(&act->act, "party");

	if (act->act.words.size == 0)
		return refuse(refusal, REASON_GROUND);
	if (bytes_same(name, act->act.by))
		return refuse_name(refusal, REASON_SAME_PARTY, name);
	return keys_set(commons, act, name, refusal);
}

/* Whether the name server stays with a name that was taken from its holder: the successor gets both. */
static bool goes_with_vacant(const struct commons *commons, struct bytes host)
{
	struct dname name;
	struct bytes label;

	return dname_read_strict(host, &name) == OK && link_label_of(commons, dname_bytes(&name), &label) &&
	       vacancy_stands(commons->state, label);
}

/* What was taken from it by an award it holds no more, and cannot hand on: that does not keep it here. */
static bool holds_anything(const struct commons *commons, struct bytes name)
{
	struct holding holding;
	struct server server;
	struct host host;

	for (size_t index = 0; holding_next(commons->state, &index, &holding);)
		if (bytes_same(holding.holder, name) && !vacancy_stands(commons->state, holding.label))
			return true;
	for (size_t index = 0; server_next(commons->state, &index, &server);)
		if (bytes_same(server.owner, name))
			return true;
	for (size_t index = 0; host_next(commons->state, &index, &host);)
		if (bytes_same(host.owner, name) && !goes_with_vacant(commons, host.name))
			return true;
	return false;
}

/* Whether it keeps a name in its holder's place. */
static bool operates_anything(const struct commons *commons, struct bytes name)
{
	struct holding holding;
	struct bytes operator;

	for (size_t index = 0; holding_next(commons->state, &index, &holding);)
		if (interim_operator_get(commons, holding.label, &operator) && bytes_same(operator, name))
			return true;
	return false;
}

static bool holds_share(const struct commons *commons, struct bytes name)
{
	struct custody custody;

	custody_get(commons->state, &custody);
	for (enum group_kind k = 0; k < GROUPS; k++) {
		struct ceremony ceremony;
		struct group group;

		if (group_get(commons->state, k, custody.active[k], &group) &&
		    group_member_of(&group, name) != NULL)
			return true;
		if (ceremony_get(commons->state, k, &ceremony) && ceremony.phase <= CEREMONY_SIGN &&
		    ceremony_member_of(&ceremony, name) != NULL)
			return true;
	}
	return false;
}

bool party_withdraw(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal)
{
	struct record_key key;

	if (!bytes_same(record_key_part(act_field(&act->act, "subject"), 1), act->act.by))
		return refuse(refusal, REASON_PARTY);
	if (!commons_replaces(commons, &act->act, party_slot(&key, act), refusal))
		return false;
	if (holds_anything(commons, act->act.by))
		return refuse_name(refusal, REASON_HOLDS, act->act.by);
	if (holds_share(commons, act->act.by))
		return refuse_name(refusal, REASON_SIGNER, act->act.by);
	if (operates_anything(commons, act->act.by))
		return refuse_name(refusal, REASON_OPERATES, act->act.by);
	if (dispute_needs(commons->state, act->act.by))
		return refuse_name(refusal, REASON_IN_DISPUTE, act->act.by);
	norms_party_left(commons, act->act.by, act_id_text(act));
	registers_party_left(commons, act->act.by);
	mandates_end_all(commons, act->act.by, act_id_text(act));
	state_delete(commons->state, record_key(&key, "proxy", act->act.by, BYTES("")));
	party_bury(commons->state, &commons->scratch, act->act.by, act_id_text(act));
	proposals_leave(commons, act->act.by, act_id_text(act));
	return true;
}
