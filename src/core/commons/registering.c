/* SPDX-License-Identifier: Apache-2.0 */
/* register; and what registers say. */
#include "commons/registering.h"

#include "base/must.h"
#include "state/clock.h"

static const char *const SAYS[] = {
	[LISTING_NONE] = "none",
	[LISTING_NEVER] = "never",
	[LISTING_LISTED] = "listed",
	[LISTING_REMOVED] = "removed",
	[LISTING_UNASKED] = "unasked",
};

/* The text of a register that stands; in the scratch. */
static const struct register_text *text_of(struct commons *commons, const struct registered *r)
{
	struct register_text *text = arena_take(&commons->scratch, sizeof(*text));
	struct act embedding = {.embed = r->embedded};
	struct fault fault;
	bool good = register_read(act_embedded(&embedding, &commons->scratch), text, &fault);

	must(good);
	return text;
}

/* ---- what is said of parties ---- */

/* A record changes only when what is said does: it tells since when. */
static void party_look(struct commons *commons, const struct register_text *text, struct bytes party)
{
	const struct register_entry *entry;
	enum register_says says = register_of_party(text, party, time_day(commons->now), &entry);
	struct recognition before, now = {.of = text->id, .party = party, .since = commons->now};
	bool there = recognition_get(commons->state, text->id, party, &before);

	if (says == REGISTER_NEVER && !there)
		return;
	now.listed = says == REGISTER_LISTED;
	now.code = says == REGISTER_NEVER ? before.code : entry->code;
	if (!there || before.listed != now.listed || !bytes_same(before.code, now.code))
		recognition_put(commons->state, &commons->scratch, &now);
}

static void register_look(struct commons *commons, const struct registered *r)
{
	const struct register_text *text = text_of(commons, r);
	uint32_t day;
	struct bytes *record;
	struct record_key key;
	size_t count = record_collect(commons->state, BYTES("party/"), &commons->scratch, &record);

	for (size_t i = 0; i < count; i++)
		if (!record_is_tombstone(record[i]))
			party_look(commons, text, record_key_part(state_key(record[i]), 1));
	if (register_next_day(text, time_day(commons->now), &day))
		timer_set(commons->state, &commons->scratch, time_of_day(day), registered_key(&key, text->id));
}

void registers_look(struct commons *commons)
{
	size_t kept_used = commons->scratch.used, count = 0;
	struct registered r, *each = arena_take_array(&commons->scratch, REGISTERS_MAX, sizeof(*each));

	for (size_t index = 0; registered_next(commons->state, &index, &r);)
		each[count++] = r;
	for (size_t i = 0; i < count; i++) {
		size_t used = commons->scratch.used;

		register_look(commons, &each[i]);
		commons->scratch.used = used;
	}
	commons->scratch.used = kept_used;
}

void registers_party_left(struct commons *commons, struct bytes party)
{
	struct recognition r;
	size_t index = 0;

	while (recognition_next(commons->state, &index, &r)) {
		if (!bytes_same(r.party, party))
			continue;
		recognition_delete(commons->state, r.of, r.party);
		index = 0; /* the state changed under the walk */
	}
}

static bool is_of_chamber(const struct charter *charter, struct bytes name)
{
	for (size_t i = 0; i < charter->set_count; i++)
		if (bytes_same(charter->sets[i].recognised_by, name))
			return true;
	return false;
}

void registering_write_unlisted(const struct commons *commons, struct bytes party, struct writer *writer)
{
	const struct charter *charter = &commons->charter;

	for (size_t i = 0; i < charter->register_count; i++) {
		struct recognition recognition;
		struct registered r;

		if (!is_of_chamber(charter, charter->registers[i]) ||
		    !registered_get(commons->state, charter->registers[i], &r))
			continue;
		if (recognition_get(commons->state, r.id, party, &recognition) && recognition.listed)
			continue;
		write_octet(writer, ' ');
		write_bytes(writer, r.id);
	}
}

/* ---- what is said of an act ---- */

/* The party that the act brings in, or means; or the code that it is about. */
static bool subject_of(const struct act *act, struct bytes *subject)
{
	switch (act->kind) {
	case ACT_ACCEDE:
		*subject = act->by;
		return true;
	case ACT_SUSPEND:
		*subject = act_field(act, "party");
		return true;
	default:
		*subject = act_field(act, "tld");
		return false;
	}
}

/* What was taken on a ground is given back without one. */
static bool gives_back(const struct act *act)
{
	return (act->kind == ACT_RETIRE && bytes_same(act_field(act, "ground"), BYTES("code-restored"))) ||
	       (act->kind == ACT_SUSPEND && bytes_same(act_field(act, "expires"), BYTES("none")));
}

static enum charter_listing_status status_of(struct commons *commons, struct bytes name, const struct act *act)
{
	const struct register_text *text;
	const struct register_entry *entry;
	uint32_t day = time_day(commons->now);
	struct registered r;
	struct bytes subject;

	if (gives_back(act))
		return LISTING_UNASKED;
	if (!registered_get(commons->state, name, &r))
		return LISTING_NONE;
	text = text_of(commons, &r);
	switch (subject_of(act, &subject) ? register_of_party(text, subject, day, &entry)
	                                  : register_of_code(text, subject, day, &entry)) {
	case REGISTER_LISTED:
		return LISTING_LISTED;
	case REGISTER_REMOVED:
		return LISTING_REMOVED;
	case REGISTER_NEVER:
		break;
	}
	return LISTING_NEVER;
}

static bool asks(const struct charter_expression *expression, struct bytes name)
{
	for (size_t i = 0; i < expression->count; i++)
		if (charter_clause_asks_register(&expression->clauses[i]) && bytes_same(expression->clauses[i].party, name))
			return true;
	return false;
}

struct bytes registering_lines(struct commons *commons, const struct act *act, const struct charter_rule *rule)
{
	const struct charter *charter = &commons->charter;
	enum charter_listing_status status[CHARTER_REGISTERS_MAX];
	struct writer w;

	/* Before the writing begins: registers are read in the same memory. */
	for (size_t i = 0; i < charter->register_count; i++)
		if (asks(&rule->consent, charter->registers[i]) || asks(&rule->fast, charter->registers[i]))
			status[i] = status_of(commons, charter->registers[i], act);
	w = writer_in(&commons->scratch);
	for (size_t i = 0; i < charter->register_count; i++) {
		if (!asks(&rule->consent, charter->registers[i]) && !asks(&rule->fast, charter->registers[i]))
			continue;
		write_text(&w, "register: ");
		write_bytes(&w, charter->registers[i]);
		write_octet(&w, ' ');
		write_text(&w, SAYS[status[i]]);
		write_octet(&w, '\n');
	}
	return writer_keep(&w, &commons->scratch);
}

const struct charter_listing *registering_listings(struct bytes lines, struct arena *arena, size_t *count)
{
	struct charter_listing *listing = arena_take_array(arena, CHARTER_REGISTERS_MAX, sizeof(*listing));
	struct text text = {.rest = lines};
	struct bytes value;

	*count = 0;
	while (record_value_if(&text, "register", &value)) {
		struct charter_listing *l = &listing[(*count)++];

		must(*count <= CHARTER_REGISTERS_MAX);
		l->name = record_word(&value);
		l->status = LISTING_NONE;
		while (!bytes_same(value, bytes_of(SAYS[l->status])))
			l->status++;
	}
	return listing;
}

/* ---- adoption ---- */

static bool has_lasting(const struct commons *commons, const struct register_text *text, const struct charter_set *set)
{
	const struct register_entry *entry;
	struct party party;
	bool any = false;

	for (size_t index = 0; party_next(commons->state, &index, &party);) {
		if (!charter_set_has(set, party.name, party.kind))
			continue;
		any = true;
		if (register_of_party(text, party.name, time_day(commons->now), &entry) == REGISTER_LISTED && entry->until == 0)
			return true;
	}
	return !any;
}

bool registering_leaves_somebody(struct commons *commons, const struct charter *charter)
{
	size_t kept_used = commons->scratch.used;
	bool good = true;

	for (size_t i = 0; good && i < charter->set_count; i++) {
		struct registered r;

		if (charter->sets[i].recognised_by.size > 0 &&
		    registered_get(commons->state, charter->sets[i].recognised_by, &r))
			good = has_lasting(commons, text_of(commons, &r), &charter->sets[i]);
		commons->scratch.used = kept_used;
	}
	return good;
}

static unsigned standing(const struct commons *commons)
{
	struct registered r;
	unsigned count = 0;

	for (size_t index = 0; registered_next(commons->state, &index, &r);)
		count++;
	return count;
}

bool register_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes id = act_field(&act->act, "register");
	struct register_text *text = arena_take(&commons->scratch, sizeof(*text));
	struct registered before = {.version = 0};
	struct record_key key;
	struct fault fault;

	if (!commons_replaces(commons, &act->act, registered_key(&key, id), refusal))
		return false;
	if (!register_read(act_embedded(&act->act, &commons->scratch), text, &fault))
		return refuse_fault(refusal, REASON_REGISTER_TEXT, &fault, &commons->scratch);
	if (!registered_get(commons->state, id, &before) && standing(commons) >= REGISTERS_MAX)
		return refuse(refusal, REASON_REGISTERS);
	if (!bytes_same(text->id, id) || text->version != before.version + 1)
		return refuse(refusal, REASON_REGISTER_VERSION);
	registered_put(commons->state, &commons->scratch,
	               &(struct registered){id, text->version, commons->now, act_id_text(act), act->act.embed});
	if (!registering_leaves_somebody(commons, &commons->charter))
		return refuse(refusal, REASON_REGISTER_EMPTY);
	registers_look(commons);
	return true;
}
