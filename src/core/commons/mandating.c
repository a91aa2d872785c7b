/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/mandating.h"

#include "act/batch.h"
#include "commons/linking.h"
#include "commons/operation.h"

static bool operator_of(struct bytes key_name, struct bytes *origin, struct bytes *operator)
{
	uint32_t number;

	return act_operator_key_name(key_name, origin, operator, &number);
}

bool mandating_is_operators(const struct note *note)
{
	struct bytes origin, operator;

	return note->count == 1 && operator_of(note->signature[0].name, &origin, &operator);
}

bool mandating_keeper(const struct commons *commons, struct bytes label, struct bytes *party)
{
	struct holding holding;

	if (!holding_get(commons->state, label, &holding))
		return false;
	if (!interim_operator_get(commons, label, party))
		*party = holding.holder;
	return true;
}

static bool key_same(const struct note_key *a, const struct note_key *b)
{
	return bytes_same(a->name, b->name) && memcmp(a->public_key, b->public_key, sizeof(a->public_key)) == 0;
}

/* A key of that operator that the party names, for any TLD, and that the line is by. */
static bool key_find(const struct commons *commons, struct bytes party, struct bytes operator,
                     const struct note_signature *line, struct note_key *key)
{
	uint8_t begin[NOTE_KEY_NAME_MAX + 1 + 2 * NOTE_KEY_ID_SIZE];
	struct writer w = {.at = begin, .size = sizeof(begin)};
	struct mandate m;

	/* To read a key costs more than to compare its text: "name+identifier+". */
	write_bytes(&w, line->name);
	write_octet(&w, '+');
	write_hex(&w, (struct bytes){line->id, sizeof(line->id)});
	for (size_t index = 0; mandate_next(commons->state, party, &index, &m);) {
		if (!bytes_same(m.operator, operator) || !bytes_starts(m.key, writer_bytes(&w)))
			continue;
		*key = mandate_note_key(&m);
		return true;
	}
	return false;
}

/* The same among those who keep the TLDs of a batch. */
static bool key_find_in_batch(struct commons *commons, const struct act *act, struct bytes operator,
                              const struct note_signature *line, struct note_key *key)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct bytes rest = act_embedded(act, &scratch), party;
	struct batch_item item;
	const char *why;

	while (batch_next(&rest, &item, &why))
		if (mandating_keeper(commons, item.label, &party) &&
		    key_find(commons, party, operator, line, key))
			return true;
	return false;
}

bool mandating_signs(enum act_kind kind)
{
	return kind == ACT_DELEGATE || kind == ACT_DS_DROP || kind == ACT_HOST || kind == ACT_EMPOWER ||
	       kind == ACT_DISEMPOWER || kind == ACT_BATCH;
}

bool mandating_admits(struct commons *commons, const struct note *note, struct signed_act *s,
                      struct refusal *refusal)
{
	const struct note_signature *line = &note->signature[0];
	struct bytes origin, operator;
	struct note_key key;
	bool found = false;

	if (!mandating_signs(s->act.kind))
		return refuse(refusal, REASON_OPERATOR_KIND);
	if (operator_of(line->name, &origin, &operator) && bytes_same(origin, commons->origin))
		found = s->act.kind == ACT_BATCH && bytes_same(s->act.by, operator)
		                ? key_find_in_batch(commons, &s->act, operator, line, &key)
		                : key_find(commons, s->act.by, operator, line, &key);
	if (!found)
		return refuse_name(refusal, REASON_OPERATOR, line->name);
	if (!note_signature_holds(line, &key, note->text))
		return refuse_name(refusal, REASON_SIGNATURE, line->name);
	key.name = line->name;
	s->operator = key;
	return true;
}

static bool line_among(struct bytes line, struct bytes lines)
{
	struct text others = {.rest = lines};
	struct bytes other;

	while (text_line(&others, &other))
		if (bytes_same(line, other))
			return true;
	return false;
}

/* Of each record line of `these` that is not among `those`, its type's bit. */
static unsigned types_beyond(struct bytes these, struct bytes those, unsigned ds)
{
	uint8_t memory[16384] __attribute__((aligned(16)));
	unsigned scopes = 0;

	while (these.size > 0) {
		struct arena scratch = {memory, sizeof(memory), 0};
		struct bytes line = these;
		struct rr rr;

		if (!record_rr(&these, &scratch, &rr))
			break;
		line.size -= these.size + 1;
		if (!line_among(line, those))
			scopes |= rr.type == TYPE_NS ? SCOPE_NS : rr.type == TYPE_DS ? ds : SCOPE_GLUE;
	}
	return scopes;
}

/* What a delegate act changes. 0: nothing that is an operator's - no record, or all of them go. */
static unsigned delegate_changes(const struct commons *commons, const struct act *act)
{
	struct holding holding;

	if (act->records.size == 0 || !holding_get(commons->state, act_field(act, "tld"), &holding))
		return 0;
	return types_beyond(holding.records, act->records, SCOPE_DS_DROP) |
	       types_beyond(act->records, holding.records, SCOPE_DS);
}

static unsigned ds_drop_changes(struct commons *commons, const struct act *act)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct holding holding;

	return holding_get(commons->state, act_field(act, "tld"), &holding)
	               ? types_beyond(link_ds_of(holding.records, &scratch), act->records, SCOPE_DS_DROP)
	               : 0;
}

/* The kinds of change in the act, and the TLD of which, in `*name` where it is that of a host; 0 for one that no
 * operator makes. */
static unsigned changes_of(struct commons *commons, const struct act *act, struct dname *name,
                           struct bytes *label)
{
	switch (act->kind) {
	case ACT_DELEGATE:
		*label = act_field(act, "tld");
		return delegate_changes(commons, act);
	case ACT_DS_DROP:
		*label = act_field(act, "tld");
		return ds_drop_changes(commons, act);
	case ACT_HOST:
		return dname_read_strict(act_field(act, "host"), name) == OK &&
		                       link_label_of(commons, dname_bytes(name), label)
		               ? SCOPE_HOST
		               : 0;
	default:
		return 0;
	}
}

/* "example: may change ns glue; would change ds" */
static bool refuse_scope(struct commons *commons, struct bytes label, struct bytes may, unsigned changes,
                         struct refusal *refusal)
{
	static const char *const MAY[2] = {": may change ", "：可更改 "};
	static const char *const WOULD[2] = {"; would change ", "；将更改 "};
	static const char *const NEVER[2] = {"; what this act does is no operator's", "；此文书所为不属运营方"};

	refusal->reason = REASON_SCOPE;
	for (unsigned zh = 0; zh < 2; zh++) {
		struct writer w = writer_in(&commons->scratch);

		write_bytes(&w, label);
		write_text(&w, MAY[zh]);
		write_bytes(&w, may);
		write_text(&w, changes == 0 ? NEVER[zh] : WOULD[zh]);
		if (changes != 0)
			scopes_write(&w, changes);
		refusal->detail[zh] = writer_keep(&w, &commons->scratch);
	}
	return false;
}

/* Whom an administrator named may no more than that still may, of this TLD. */
static bool namer_covers(struct commons *commons, const struct mandate *m, struct bytes label, unsigned changes)
{
	struct mandate namer;

	return bytes_same(m->named_by, m->party) ||
	       (mandate_of(commons->state, m->party, m->named_by, label, &namer) &&
	        namer.expires.seconds > commons->now.seconds && (scopes_of(namer.may) & SCOPE_OPERATORS) != 0 &&
	        (changes & ~scopes_of(namer.may)) == 0);
}

bool mandating_covers(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes label = BYTES(""), origin, operator;
	struct note_key key;
	struct dname name;
	unsigned changes;
	struct mandate m;

	/* Of a batch each item is asked for itself; whom an administrator names, empower.c judges. */
	if (act->operator.name.size == 0 || act->act.kind == ACT_BATCH || act->act.kind == ACT_EMPOWER ||
	    act->act.kind == ACT_DISEMPOWER)
		return true;
	changes = changes_of(commons, &act->act, &name, &label);
	if (label.size == 0)
		return refuse(refusal, REASON_OPERATOR_KIND);
	if (!operator_of(act->operator.name, &origin, &operator) ||
	    !mandate_of(commons->state, act->act.by, operator, label, &m))
		return refuse_name(refusal, REASON_OPERATOR, act->operator.name);
	key = mandate_note_key(&m);
	if (!key_same(&key, &act->operator))
		return refuse_name(refusal, REASON_OPERATOR, act->operator.name);
	if (m.expires.seconds <= commons->now.seconds)
		return refuse_name(refusal, REASON_MANDATE_EXPIRED, act->operator.name);
	if (changes == 0 || (changes & ~scopes_of(m.may)) != 0)
		return refuse_scope(commons, label, m.may, changes, refusal);
	if (!namer_covers(commons, &m, label, changes))
		return refuse_name(refusal, REASON_ADMINISTRATOR, m.named_by);
	return true;
}

/* Ends the mandates of the party for that TLD, or all. A record that goes ends the walk: it begins anew. */
static void mandates_end(struct commons *commons, struct bytes party, bool all, struct bytes label,
                         struct bytes act)
{
	struct mandate m;
	size_t index = 0;

	while (mandate_next(commons->state, party, &index, &m)) {
		struct record_key key;

		if (!all && !bytes_same(m.tld, label))
			continue;
		record_bury(commons->state, &commons->scratch, mandate_key(&key, m.party, m.operator, m.tld), act);
		index = 0;
	}
}

void mandates_end_tld(struct commons *commons, struct bytes party, struct bytes label, struct bytes act)
{
	mandates_end(commons, party, false, label, act);
}

void mandates_end_all(struct commons *commons, struct bytes party, struct bytes act)
{
	mandates_end(commons, party, true, BYTES(""), act);
}
