/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/read.h"

#include "base/words.h"

/* The fault is where nothing stands: after the last line. */
static enum mishap too_short(struct reader *reader, const char *why)
{
	*reader->cursor.fault = (struct charter_fault){.at = {reader->text.line + 1, 0, why}};
	return MISHAP_SHORT;
}

enum mishap next_line(struct reader *reader, const char *wanted)
{
	struct cursor *cursor = &reader->cursor;

	if (reader->text.rest.size == 0)
		return too_short(reader, wanted);
	if (!text_line(&reader->text, &cursor->line))
		return too_short(reader, "the last line has no end");
	cursor->at = 0;
	cursor->number = reader->text.line;
	if (cursor->line.size <= CHARTER_LINE_MAX)
		return OK;
	cursor->at = CHARTER_LINE_MAX;
	return cursor_limit(cursor, "a line longer than 1,000 octets");
}

bool ahead(const struct reader *reader, const char *start)
{
	struct bytes line;

	return text_peek(&reader->text, &line) && bytes_starts(line, bytes_of(start));
}

enum mishap read_end(struct reader *reader)
{
	if (!cursor_done(&reader->cursor))
		return cursor_fault(&reader->cursor, "expected the end of the line");
	return OK;
}

enum mishap read_words(struct reader *reader, struct bytes *words)
{
	struct cursor *cursor = &reader->cursor;
	struct bytes rest = bytes_from(cursor->line, cursor->at);
	struct fault fault;

	if (!words_valid(rest, &fault)) {
		cursor->at += fault.column - 1;
		return cursor_fault(cursor, fault.why);
	}
	cursor->at = cursor->line.size;
	*words = rest;
	return OK;
}
