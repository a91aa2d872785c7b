/* SPDX-License-Identifier: Apache-2.0 */
#include "power/members.h"

#include "base/text.h"
#include "charter/cursor.h"
#include "power/game.h"

static enum mishap fault_of(struct charter_fault *fault, uint32_t line, const char *why, enum mishap mishap)
{
	*fault = (struct charter_fault){.at = {line, line != 0, why}};
	return mishap;
}

static enum mishap read_member(struct cursor *cursor, struct charter_party *party)
{
	enum mishap m = cursor_name(cursor, false, &party->name);

	if (m != OK)
		return m;
	if (!cursor_take(cursor, " "))
		return cursor_fault(cursor, "expected a blank and the kind of the party");
	m = cursor_name(cursor, true, &party->kind);
	if (m == OK && !cursor_done(cursor))
		return cursor_fault(cursor, "expected the end of the line");
	return m;
}

static bool is_known(const struct charter_party *parties, size_t count, struct bytes name)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_same(parties[i].name, name))
			return true;
	return false;
}

enum mishap members_read(struct bytes text, const struct charter *charter, struct arena *arena,
                         struct charter_party **parties, size_t *count,
                         struct charter_fault *fault)
{
	struct charter_party *party = arena_take_array(arena, GAME_PARTIES_MAX, sizeof(*party));
	struct text lines = {.rest = text};
	struct cursor cursor = {.fault = fault};
	size_t read = 0;

	while (text_line(&lines, &cursor.line)) {
		enum mishap m;

		if (read == GAME_PARTIES_MAX)
			return fault_of(fault, lines.line, "more than 512 parties", MISHAP_LIMIT);
		cursor.at = 0;
		cursor.number = lines.line;
		m = read_member(&cursor, &party[read]);
		if (m != OK)
			return m;
		if (is_known(party, read, party[read].name))
			return fault_of(fault, lines.line, "a party named twice", MISHAP_MALFORMED);
		party[read].weight = charter_weight(charter, party[read].name);
		read++;
	}
	if (lines.rest.size != 0 || read == 0)
		return fault_of(fault, lines.line + 1,
		                read == 0 ? "expected a party" : "the last line has no end", MISHAP_SHORT);
	*parties = party;
	*count = read;
	return OK;
}
