/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/sim/history.h"

#include <string.h>

#include "base/hex.h"
#include "base/must.h"

/* ---- releases ---- */

static bool attribute(struct bytes *rest, struct bytes name, struct bytes *value)
{
	struct bytes word;

	if (!text_word(rest, &word) || !bytes_starts(word, name))
		return false;
	*value = bytes_from(word, name.size);
	return true;
}

static bool head(struct bytes line, struct history_release *release)
{
	struct bytes rest = bytes_from(line, 2), value;
	uint64_t number;

	if (!bytes_starts(line, BYTES("= ")) || !text_word_number(&rest, UINT32_MAX, &number))
		return false;
	release->serial = (uint32_t)number;
	if (!attribute(&rest, BYTES("seen="), &value) ||
	    !attribute(&rest, BYTES("signed="), &value) ||
	    !time_read(value, &release->signed_at) ||
	    !attribute(&rest, BYTES("rrs="), &value) ||
	    !text_number(value, UINT32_MAX, &number) ||
	    !attribute(&rest, BYTES("sha256="), &value))
		return false;
	release->records = number;
	return hex_read(value, release->digest.octet, DIGEST_SIZE);
}

static bool is_change(struct bytes line)
{
	return bytes_starts(line, BYTES("+ ")) || bytes_starts(line, BYTES("- "));
}

bool history_next(struct text *lines, struct history_release *release)
{
	struct bytes line;

	do {
		if (!text_line(lines, &line))
			return false;
	} while (line.size == 0 || line.at[0] == ';');
	if (!head(line, release))
		return false;
	release->changes = bytes_first(lines->rest, 0);
	while (text_peek(lines, &line) && is_change(line) && text_line(lines, &line))
		release->changes.size += line.size + 1;
	return true;
}

/* ---- content ---- */

void content_make(struct content *content, struct arena *arena, size_t room)
{
	*content =
		(struct content){arena_take_array(arena, room, sizeof(struct bytes)), 0, room};
}

/* How many lines stand before `line`. */
static size_t rank(const struct content *content, struct bytes line)
{
	size_t low = 0, high = content->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bytes_compare(content->line[middle], line) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool change(struct content *content, struct bytes line, bool add)
{
	size_t at = rank(content, line);
	struct bytes *here = content->line + at;
	bool there = at < content->count && bytes_same(*here, line);

	if (there == add)
		return false;
	if (add) {
		must(content->count < content->room);
		memmove(here + 1, here, (content->count - at) * sizeof(*here));
		*here = line;
		content->count++;
	} else {
		content->count--;
		memmove(here, here + 1, (content->count - at) * sizeof(*here));
	}
	return true;
}

bool content_change(struct content *content, struct bytes changes)
{
	struct text lines = {.rest = changes};
	struct bytes line;

	while (text_line(&lines, &line))
		if (!change(content, bytes_from(line, 2), line.at[0] == '+'))
			return false;
	return true;
}

struct content content_of_owner(const struct content *content, struct bytes owner)
{
	struct content of = {content->line + rank(content, owner), 0, 0};
	const struct bytes *end = content->line + content->count;

	/* "a. " sorts before "a.b. ". */
	while (of.line + of.count < end && bytes_starts(of.line[of.count], owner) &&
	       of.line[of.count].at[owner.size] == ' ')
		of.count++;
	return of;
}

struct content_line content_line(struct bytes line)
{
	struct content_line l = {0};
	struct bytes class;
	bool read = text_word(&line, &l.owner) && text_word(&line, &l.ttl) &&
	            text_word(&line, &class) && text_word(&line, &l.type);

	must(read && line.size > 0);
	l.rdata = line;
	return l;
}
