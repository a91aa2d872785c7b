/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/subject.h"

#include "base/hex.h"
#include "norms/breach.h"
#include "state/mandate.h"

static const struct bytes NOTHING;

struct bytes act_tld(const struct act *act)
{
	switch (act->kind) {
	case ACT_DELEGATE:
	case ACT_DS_DROP:
	case ACT_GRANT:
	case ACT_TRANSFER:
	case ACT_WAIVE:
	case ACT_FREEZE:
	case ACT_RETIRE:
	case ACT_PLAN:
	case ACT_OPERATE:
	case ACT_RESUME:
		return act_field(act, "tld");
	case ACT_WITHDRAW:
		return bytes_starts(act_field(act, "subject"), BYTES("tld/"))
		               ? bytes_from(act_field(act, "subject"), 4)
		               : NOTHING;
	default:
		return NOTHING;
	}
}

static struct bytes copied(struct record_key *key, struct bytes text)
{
	memcpy(key->at, text.at, text.size);
	key->size = text.size;
	return (struct bytes){key->at, key->size};
}

struct bytes act_slot_key(const struct act *act, struct record_key *key)
{
	switch (act->kind) {
	case ACT_ACCEDE:
	case ACT_ROTATE:
		return record_key(key, "party", act->by, NOTHING);
	case ACT_WITHDRAW:
	case ACT_CHARTER_AMEND:
		return copied(key, act_field(act, "subject"));
	case ACT_DELEGATE:
	case ACT_DS_DROP:
	case ACT_GRANT:
	case ACT_TRANSFER:
		return record_key(key, "tld", act_field(act, "tld"), NOTHING);
	case ACT_HOST:
		return record_key(key, "host", act_field(act, "host"), NOTHING);
	case ACT_SERVER:
		return record_key(key, "server", act_field(act, "server"), NOTHING);
	case ACT_CONSENT:
		return record_key(key, "vote", act_field(act, "act"), act->by);
	case ACT_OBJECT:
		return record_key(key, "objection", act_field(act, "act"), act->by);
	case ACT_WAIVE:
		return record_key(key, "waiver", act_field(act, "tld"), act_field(act, "rule"));
	case ACT_PROXY:
		return record_key(key, "proxy", act->by, NOTHING);
	case ACT_SUSPEND:
		return record_key(key, "suspension", act_field(act, "party"), NOTHING);
	case ACT_REGISTER:
		return record_key(key, "register", act_field(act, "register"), NOTHING);
	case ACT_FREEZE:
		return record_key(key, "freeze", act_field(act, "tld"), NOTHING);
	case ACT_RETIRE:
	case ACT_PLAN:
		return record_key(key, "retirement", act_field(act, "tld"), NOTHING);
	case ACT_OPERATE:
	case ACT_RESUME:
		return record_key(key, "operation", act_field(act, "tld"), NOTHING);
	case ACT_REKEY:
		return record_key(key, "party", act_field(act, "party"), NOTHING);
	case ACT_OPEN:
		return record_key(key, "ceremony", act_field(act, "group"), NOTHING);
	case ACT_POOL:
		return record_key(key, "pool", act->by, NOTHING);
	case ACT_EMPOWER:
		return mandate_key(key, act->by, act_field(act, "operator"), act_field(act, "tld"));
	case ACT_INTERIM:
		return record_key(key, "measure", act_field(act, "dispute"), act->by);
	case ACT_RULING:
		return record_key(key, "ruling", act_field(act, "dispute"), act->by);
	case ACT_NORM:
	case ACT_REPEAL:
		return record_key(key, "norm", act_field(act, "norm"), NOTHING);
	case ACT_ACCEPT:
	case ACT_RESERVE:
	case ACT_DENOUNCE:
		return record_key(key, "adherence", act_field(act, "norm"), act->by);
	default:
		return NOTHING;
	}
}

/* "breach/norm/party/paragraph" of an act that contests it. */
static struct bytes contested(const struct act *act, struct record_key *key)
{
	return breach_key(key, act_field(act, "norm"), act->by, (uint32_t)act_number(act, "paragraph"));
}

/* Whether the key is that of a mandate that the act ends, if it stands. */
static bool mandate_is_ended_by(const struct act *act, struct bytes key)
{
	struct record_key at;
	struct bytes one = mandate_key(&at, act->by, act_field(act, "operator"), act_field(act, "tld"));

	if (bytes_same(act_field(act, "tld"), BYTES("*")))
		one.size--; /* any TLD */
	return one.size <= key.size && bytes_starts(key, one) &&
	       (bytes_same(act_field(act, "tld"), BYTES("*")) || one.size == key.size);
}

/* A record that an act makes without replacing one: of a ceremony, a job, a proposal. */
static bool makes(const struct act *act, struct bytes key)
{
	struct record_key at;
	char id[2 * DIGEST_SIZE];

	hex_write(id, digest_bytes(&act->id));
	if (bytes_same(key, record_key(&at, "proposal", (struct bytes){(uint8_t *)id, sizeof(id)}, NOTHING)))
		return true;
	switch (act->kind) {
	case ACT_CONSENT:
	case ACT_OBJECT:
	case ACT_COMMENT:
	case ACT_WITHDRAW_PROPOSAL:
	case ACT_CANCEL:
	case ACT_ATTEST:
		return bytes_same(key, record_key(&at, "proposal", act_field(act, "act"), NOTHING));
	case ACT_KEY:
	case ACT_DEAL:
	case ACT_COMPLAIN:
	case ACT_CONFIRM:
		return bytes_same(key, record_key(&at, "group", act_field(act, "group"),
		                                  act_field(act, "ceremony"))) ||
		       bytes_same(key, record_key(&at, "ceremony", act_field(act, "group"), NOTHING));
	case ACT_RELEASE:
		return bytes_same(key, record_key(&at, "release", act_field(act, "serial"), NOTHING));
	case ACT_DISPUTE:
		return bytes_same(key, record_key(&at, "dispute", (struct bytes){(uint8_t *)id, sizeof(id)}, NOTHING)) ||
		       bytes_same(key, act_field(act, "subject"));
	case ACT_ANSWER:
	case ACT_APPOINT:
	case ACT_RANK:
	case ACT_CHALLENGE:
	case ACT_EXHIBIT:
	case ACT_INTERIM:
	case ACT_RULING:
	case ACT_CORRECT:
	case ACT_SETTLE:
		return bytes_same(key, record_key(&at, "dispute", act_field(act, "dispute"), NOTHING));
	case ACT_ACCEPT:
	case ACT_RESERVE:
	case ACT_DENOUNCE:
		return bytes_same(key, record_key(&at, "norm", act_field(act, "norm"), NOTHING));
	case ACT_CONTEST:
		return bytes_same(key, contested(act, &at));
	default:
		return false;
	}
}

/* The document of a batch, a line at a time: the word behind the change, where it is that TLD. */
bool act_batch_change(const struct act *act, struct bytes label, struct bytes *change)
{
	struct text lines = {.rest = act->kind == ACT_BATCH ? act->embed : NOTHING};
	struct bytes line, rest, word, tld;

	while (text_line(&lines, &line)) {
		rest = bytes_from(line, 2);
		if (text_word(&rest, &word) && text_word(&rest, &tld) && bytes_same(tld, label) &&
		    !bytes_same(word, BYTES("+"))) {
			*change = word;
			return true;
		}
	}
	return false;
}

bool act_is_about(const struct act *act, struct bytes key)
{
	struct record_key at;
	struct bytes change;

	return bytes_same(act_slot_key(act, &at), key) || makes(act, key) ||
	       (bytes_starts(key, BYTES("tld/")) && act_batch_change(act, bytes_from(key, 4), &change)) ||
	       (act->kind == ACT_DISEMPOWER && mandate_is_ended_by(act, key));
}

const char *act_rule(const struct act *act)
{
	const struct act_row *row = act_row(act->kind);

	if (act->kind == ACT_WITHDRAW)
		return act_tld(act).size > 0 ? row->rule : row->rule_new;
	/* The first delegation of a name that nobody holds. */
	if (act->kind == ACT_DELEGATE && bytes_same(act_field(act, "replaces"), BYTES("none")))
		return row->rule_new;
	return row->rule;
}
