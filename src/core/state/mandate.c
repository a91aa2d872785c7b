/* SPDX-License-Identifier: Apache-2.0 */
#include "state/mandate.h"

#include "base/must.h"

static const struct {
	enum scope scope;
	const char *word;
} WORDS[] = {
	{SCOPE_NS, "ns"},           {SCOPE_GLUE, "glue"}, {SCOPE_DS, "ds"},
	{SCOPE_DS_DROP, "ds-drop"}, {SCOPE_HOST, "host"}, {SCOPE_OPERATORS, "operators"},
};

#define WORD_COUNT (sizeof(WORDS) / sizeof(WORDS[0]))

struct bytes mandate_key(struct record_key *key, struct bytes party, struct bytes operator, struct bytes tld)
{
	uint8_t room[2 * 63 + 1];
	struct writer w = {.at = room, .size = sizeof(room)};

	write_bytes(&w, operator);
	write_octet(&w, '/');
	write_bytes(&w, tld);
	must(!w.full);
	return record_key(key, "mandate", party, writer_bytes(&w));
}

static void mandate_read(struct bytes record, struct mandate *m)
{
	struct bytes key = state_key(record), behind = record_key_part(key, 2);
	struct text lines = record_lines(record);

	m->tld = record_key_part(key, 3);
	m->operator = bytes_first(behind, behind.size - m->tld.size - 1);
	m->party = record_key_part(key, 1);
	m->party = bytes_first(m->party, m->party.size - behind.size - 1);
	m->key = record_value(&lines, "key");
	m->may = record_value(&lines, "may");
	m->expires = record_time(&lines, "expires");
	m->named_by = record_value(&lines, "named-by");
	m->act = record_value(&lines, "act");
}

bool mandate_get(const struct state *state, struct bytes party, struct bytes operator, struct bytes tld,
                 struct mandate *mandate)
{
	struct record_key key;
	struct bytes record;

	if (!record_get(state, mandate_key(&key, party, operator, tld), &record))
		return false;
	mandate_read(record, mandate);
	return true;
}

bool mandate_of(const struct state *state, struct bytes party, struct bytes operator, struct bytes label,
                struct mandate *mandate)
{
	return mandate_get(state, party, operator, label, mandate) ||
	       mandate_get(state, party, operator, BYTES("*"), mandate);
}

bool mandate_next(const struct state *state, struct bytes party, size_t *index, struct mandate *mandate)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, "mandate", party, BYTES("")), record;

	if (party.size > 0) {
		key.at[key.size++] = '/';
		prefix.size = key.size;
	}
	while (state_next(state, prefix, index, &record))
		if (!record_is_tombstone(record)) {
			mandate_read(record, mandate);
			return true;
		}
	return false;
}

void mandate_put(struct state *state, struct arena *arena, const struct mandate *m)
{
	struct record_key key;
	struct writer w = record_begin(arena, mandate_key(&key, m->party, m->operator, m->tld));

	write_field(&w, "key", m->key);
	write_field(&w, "may", m->may);
	write_field_time(&w, "expires", m->expires);
	write_field(&w, "named-by", m->named_by);
	write_field(&w, "act", m->act);
	record_put(state, &w);
}

static struct note_key key_of(struct bytes vkey)
{
	struct note_key key = {0};
	bool read = note_key_read(vkey, &key);

	must(read);
	return key;
}

struct note_key mandate_note_key(const struct mandate *mandate)
{
	return key_of(mandate->key);
}

unsigned scopes_of(struct bytes may)
{
	unsigned scopes = 0;
	struct bytes word;

	while (text_word(&may, &word))
		for (size_t i = 0; i < WORD_COUNT; i++)
			if (bytes_same(word, bytes_of(WORDS[i].word)))
				scopes |= WORDS[i].scope;
	return (scopes & SCOPE_DS) ? scopes | SCOPE_DS_DROP : scopes;
}

void scopes_write(struct writer *writer, unsigned scopes)
{
	bool any = false;

	for (size_t i = 0; i < WORD_COUNT; i++)
		if (scopes & WORDS[i].scope) {
			write_text(writer, any ? " " : "");
			write_text(writer, WORDS[i].word);
			any = true;
		}
	if (!any)
		write_text(writer, "none");
}

static struct bytes agent_key(struct record_key *key, struct bytes proposal)
{
	return record_key(key, "agent", proposal, BYTES(""));
}

bool agent_get(const struct state *state, struct bytes proposal, struct note_key *key)
{
	struct record_key at;
	struct bytes record;
	struct text lines;

	if (!state_get(state, agent_key(&at, proposal), &record))
		return false;
	lines = record_lines(record);
	*key = key_of(record_value(&lines, "key"));
	return true;
}

void agent_put(struct state *state, struct arena *arena, struct bytes proposal, const struct note_key *key)
{
	struct record_key at;
	struct writer w = record_begin(arena, agent_key(&at, proposal));

	write_text(&w, "key: ");
	note_key_write(&w, key);
	write_octet(&w, '\n');
	record_put(state, &w);
}

void agent_delete(struct state *state, struct bytes proposal)
{
	struct record_key at;

	state_delete(state, agent_key(&at, proposal));
}
