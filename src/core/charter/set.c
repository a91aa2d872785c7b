/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/read.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct charter_set EVERYBODY = {
	.kind = SET_PARTIES,
	.name = {(const uint8_t *)"parties", 7},
};
static const struct charter_set INTERESTED = {
	.kind = SET_INTERESTED,
	.name = {(const uint8_t *)"interested", 10},
};

static const char *const RESERVED[] = {
	"all",        "by",        "cast",    "checked",    "comment",   "concerned", "cure", "delay",
	"excluding",  "expedited", "from",    "holder",     "interested", "late",      "no",     "objection",
	"objections", "of",        "parties", "party",      "proposer",   "quorum",    "ratify", "recipient",
	"recognised", "removed",   "ruling",  "sunset",     "veto",       "vote",      "votes",  "weight",
};

bool is_reserved(struct bytes name)
{
	for (size_t i = 0; i < COUNT(RESERVED); i++)
		if (bytes_same(name, bytes_of(RESERVED[i])))
			return true;
	return false;
}

static bool has_word(const struct charter_set *set, struct bytes word)
{
	for (size_t i = 0; i < set->count; i++)
		if (bytes_same(set->words[i], word))
			return true;
	return false;
}

bool charter_set_has(const struct charter_set *set, struct bytes name, struct bytes kind)
{
	switch (set->kind) {
	case SET_PARTIES:
		return true;
	case SET_CHAMBER:
		return has_word(set, kind);
	case SET_NAMES:
		return has_word(set, name);
	case SET_INTERESTED:
	case SET_LATER:
		break;
	}
	return false;
}

const struct charter_set *find_set(const struct charter *charter, struct bytes name)
{
	if (bytes_same(name, EVERYBODY.name))
		return &EVERYBODY;
	if (bytes_same(name, INTERESTED.name))
		return &INTERESTED;
	return charter_set(charter, name);
}

void nearest_set(struct nearest *nearest, const struct charter *charter)
{
	for (size_t i = 0; i < charter->set_count; i++)
		nearest_try(nearest, charter->sets[i].name);
	nearest_try(nearest, EVERYBODY.name);
	nearest_try(nearest, INTERESTED.name);
}

/* How many names the braces may hold, by their commas; for the size of the array. */
static size_t count_names(struct bytes from)
{
	size_t count = 1;

	for (size_t i = 0; i < from.size && from.at[i] != '}'; i++)
		count += from.at[i] == ',';
	return count;
}

static enum mishap read_name_after(struct reader *reader, const struct bytes *before,
                                   struct bytes *name)
{
	size_t from = reader->cursor.at;
	enum mishap m = cursor_name(&reader->cursor, false, name);

	if (m != OK)
		return m;
	if (before != NULL && bytes_compare(*before, *name) >= 0)
		return cursor_fault_since(&reader->cursor, from,
		                          "names stand in ascending order, each once");
	return OK;
}

enum mishap read_names(struct reader *reader, struct charter_set *set)
{
	struct cursor *cursor = &reader->cursor;
	size_t from = cursor->at, count = 0;
	struct bytes *names;
	enum mishap m;

	if (!cursor_take(cursor, "{"))
		return cursor_fault(cursor, "expected { and the names of parties");
	names = arena_take_array(reader->arena,
	                         count_names(bytes_from(cursor->line, cursor->at)),
	                         sizeof(*names));
	do {
		m = read_name_after(reader, count == 0 ? NULL : &names[count - 1],
		                    &names[count]);
		if (m != OK)
			return m;
		count++;
	} while (cursor_take(cursor, ", "));
	if (!cursor_take(cursor, "}"))
		return cursor_fault(cursor, "expected a comma and a blank, or }");
	*set = (struct charter_set){
		.kind = SET_NAMES,
		.words = names,
		.count = count,
		.source = cursor_since(cursor, from),
	};
	return OK;
}

enum mishap read_set(struct reader *reader, const struct charter_set **set)
{
	struct cursor *cursor = &reader->cursor;
	struct bytes word = cursor_word(cursor);
	struct nearest nearest = nearest_to(word);
	const struct charter_set *named;

	if (cursor_sees(cursor, "{")) {
		struct charter_set *own = arena_take(reader->arena, sizeof(*own));

		*set = own;
		return read_names(reader, own);
	}
	named = find_set(&reader->charter, word);
	if (named == NULL) {
		nearest_set(&nearest, &reader->charter);
		return cursor_fault_near(cursor, "no such chamber or list", &nearest);
	}
	if (named->kind == SET_LATER)
		return cursor_fault(cursor,
		                    "the charter does not name the members of this list");
	cursor->at += word.size;
	*set = named;
	return OK;
}
