/* SPDX-License-Identifier: Apache-2.0 */
/* empower, disempower: whose key may act in a party's name, and for what. */
#include "commons/mandating.h"

#define EVERY BYTES("*")

/* The operator whose key signed; empty where the party did itself. */
static struct bytes signing_operator(const struct signed_act *act)
{
	struct bytes origin, operator;
	uint32_t number;

	if (act->operator.name.size > 0 &&
	    act_operator_key_name(act->operator.name, &origin, &operator, &number))
		return operator;
	return BYTES("");
}

/* Named as this operator's, and of nobody who is a party. */
static bool key_fits(const struct commons *commons, const struct act *act, struct refusal *refusal)
{
	struct bytes origin, operator, record;
	struct record_key at;
	struct note_key key;
	uint32_t number;
	uint8_t hex[64];
	struct writer w = {.at = hex, .size = sizeof(hex)};

	if (!note_key_read(act_field(act, "key"), &key) ||
	    !act_operator_key_name(key.name, &origin, &operator, &number) ||
	    !bytes_same(origin, commons->origin) || !bytes_same(operator, act_field(act, "operator")))
		return refuse_name(refusal, REASON_KEYS, BYTES("a key is named ORIGIN/o/OPERATOR/NUMBER"));
	write_hex(&w, (struct bytes){key.public_key, sizeof(key.public_key)});
	if (state_get(commons->state, record_key(&at, "key", writer_bytes(&w), BYTES("")), &record))
		return refuse_name(refusal, REASON_KEYS, BYTES("a key of a party"));
	return true;
}

static bool tld_is_kept(const struct commons *commons, const struct act *act, struct refusal *refusal)
{
	struct bytes label = act_field(act, "tld"), keeper;

	return bytes_same(label, EVERY) ||
	       (mandating_keeper(commons, label, &keeper) && bytes_same(keeper, act->by)) ||
	       refuse_name(refusal, REASON_KEEPER, label);
}

/* Whether everything that the party lets this operator do was named by that administrator. */
static bool is_of(const struct commons *commons, struct bytes party, struct bytes operator,
                  struct bytes administrator)
{
	struct mandate m;

	for (size_t index = 0; mandate_next(commons->state, party, &index, &m);)
		if (bytes_same(m.operator, operator) && !bytes_same(m.named_by, administrator))
			return false;
	return true;
}

/* The mandate of an administrator, as long as it stands, for a TLD or every one, and with its key. */
static bool administrator_get(const struct commons *commons, const struct signed_act *act,
                              struct bytes administrator, struct bytes tld, struct mandate *m)
{
	struct note_key key;

	if (!mandate_of(commons->state, act->act.by, administrator, tld, m))
		return false;
	key = mandate_note_key(m);
	return memcmp(key.public_key, act->operator.public_key, sizeof(key.public_key)) == 0 &&
	       m->expires.seconds > commons->now.seconds && (scopes_of(m->may) & SCOPE_OPERATORS);
}

/* An administrator gives nothing that it has not, for no longer, and touches nobody whom it did not name. */
static bool may_name(const struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes administrator = signing_operator(act), operator = act_field(&act->act, "operator");
	struct mandate m;
	unsigned given;

	if (administrator.size == 0)
		return true;
	given = scopes_of(act_field(&act->act, "may"));
	return (!bytes_same(administrator, operator) && is_of(commons, act->act.by, operator, administrator) &&
	        administrator_get(commons, act, administrator, act_field(&act->act, "tld"), &m) &&
	        (given & ~(scopes_of(m.may) & ~(unsigned)SCOPE_OPERATORS)) == 0 &&
	        act_time(&act->act, "expires").seconds <= m.expires.seconds) ||
	       refuse_name(refusal, REASON_ADMINISTRATOR, act->operator.name);
}

/* What an operator may do has changed: whom it named itself, goes. */
static void named_end(struct commons *commons, struct bytes party, struct bytes administrator, struct bytes act)
{
	struct mandate m;
	size_t index = 0;

	while (mandate_next(commons->state, party, &index, &m)) {
		struct record_key key;

		if (!bytes_same(m.named_by, administrator))
			continue;
		record_bury(commons->state, &commons->scratch, mandate_key(&key, m.party, m.operator, m.tld), act);
		index = 0;
	}
}

static unsigned mandate_count(const struct commons *commons, struct bytes party)
{
	unsigned count = 0;
	struct mandate m;

	for (size_t index = 0; mandate_next(commons->state, party, &index, &m);)
		count++;
	return count;
}

bool empower_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct mandate m = {
		.party = act->act.by,
		.operator = act_field(&act->act, "operator"),
		.tld = act_field(&act->act, "tld"),
		.key = act_field(&act->act, "key"),
		.may = act_field(&act->act, "may"),
		.expires = act_time(&act->act, "expires"),
		.named_by = act->act.by,
		.act = act_id_text(act),
	};
	struct record_key key;

	if (!commons_replaces(commons, &act->act, mandate_key(&key, m.party, m.operator, m.tld), refusal) ||
	    !key_fits(commons, &act->act, refusal) || !tld_is_kept(commons, &act->act, refusal) ||
	    !may_name(commons, act, refusal))
		return false;
	/* Who named it is told by its name: the party's own is not an operator's. */
	if (bytes_same(m.operator, m.party))
		return refuse_name(refusal, REASON_KEYS, m.operator);
	if (m.expires.seconds <= commons->now.seconds || m.expires.seconds > commons->now.seconds + MANDATE_MAX)
		return refuse(refusal, REASON_EXPIRES);
	if (signing_operator(act).size > 0)
		m.named_by = signing_operator(act);
	named_end(commons, m.party, m.operator, m.act);
	mandate_put(commons->state, &commons->scratch, &m);
	return mandate_count(commons, m.party) <= MANDATES_MAX || refuse(refusal, REASON_MANDATES);
}

/* An operator may lay down what it has; an administrator takes back what it gave. */
static bool may_end(const struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes signer = signing_operator(act), operator = act_field(&act->act, "operator");
	struct mandate m;

	if (signer.size == 0 || bytes_same(signer, operator))
		return true;
	return (is_of(commons, act->act.by, operator, signer) &&
	        administrator_get(commons, act, signer, act_field(&act->act, "tld"), &m)) ||
	       refuse_name(refusal, REASON_ADMINISTRATOR, act->operator.name);
}

/* Its own: of an operator that lays down what it has, where the key is that which signed. */
static bool ends(const struct signed_act *act, const struct mandate *m)
{
	struct bytes operator = act_field(&act->act, "operator"), tld = act_field(&act->act, "tld");
	struct note_key key;

	if (!bytes_same(m->operator, operator) || (!bytes_same(tld, EVERY) && !bytes_same(tld, m->tld)))
		return false;
	if (!bytes_same(signing_operator(act), operator))
		return true;
	key = mandate_note_key(m);
	return memcmp(key.public_key, act->operator.public_key, sizeof(key.public_key)) == 0;
}

bool disempower_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes operator = act_field(&act->act, "operator");
	unsigned ended = 0;
	struct mandate m;
	size_t index = 0;

	if (!may_end(commons, act, refusal))
		return false;
	while (mandate_next(commons->state, act->act.by, &index, &m)) {
		struct record_key key;

		if (!ends(act, &m))
			continue;
		record_bury(commons->state, &commons->scratch, mandate_key(&key, m.party, m.operator, m.tld),
		            act_id_text(act));
		ended++;
		index = 0;
	}
	if (ended == 0)
		return refuse_name(refusal, REASON_OPERATOR, operator);
	named_end(commons, act->act.by, operator, act_id_text(act));
	return true;
}
