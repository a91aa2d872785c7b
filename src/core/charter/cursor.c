/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/cursor.h"

#include "base/text.h"

#define NAME_SIZE_MIN 2
#define NAME_SIZE_MAX 63

static struct bytes rest(const struct cursor *cursor)
{
	return bytes_from(cursor->line, cursor->at);
}

bool cursor_sees(const struct cursor *cursor, const char *literal)
{
	return bytes_starts(rest(cursor), bytes_of(literal));
}

bool cursor_take(struct cursor *cursor, const char *literal)
{
	if (!cursor_sees(cursor, literal))
		return false;
	cursor->at += bytes_of(literal).size;
	return true;
}

bool cursor_done(const struct cursor *cursor)
{
	return cursor->at == cursor->line.size;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

struct bytes cursor_word(const struct cursor *cursor)
{
	struct bytes word = rest(cursor);
	size_t size = 0;

	while (size < word.size && (is_letter(word.at[size]) || is_digit(word.at[size]) ||
	                            word.at[size] == '-' || word.at[size] == '.'))
		size++;
	return bytes_first(word, size);
}

struct bytes cursor_since(const struct cursor *cursor, size_t from)
{
	return bytes_first(bytes_from(cursor->line, from), cursor->at - from);
}

enum mishap cursor_number(struct cursor *cursor, uint64_t most, const char *why,
                          uint64_t *number)
{
	struct bytes digits = rest(cursor);
	uint64_t value;
	size_t size = 0;

	while (size < digits.size && is_digit(digits.at[size]))
		size++;
	if (!text_number(bytes_first(digits, size), most, &value) || value == 0)
		return cursor_fault(cursor, why);
	cursor->at += size;
	*number = value;
	return OK;
}

static bool is_name(struct bytes word, bool letter)
{
	if (word.size < NAME_SIZE_MIN || word.size > NAME_SIZE_MAX || word.at[0] == '-' ||
	    word.at[word.size - 1] == '-' || memchr(word.at, '.', word.size) != NULL)
		return false;
	return !letter || is_letter(word.at[0]);
}

enum mishap cursor_name(struct cursor *cursor, bool letter, struct bytes *name)
{
	struct bytes word = cursor_word(cursor);

	if (word.size == 0)
		return cursor_fault(cursor, "a name is missing");
	if (!is_name(word, letter))
		return cursor_fault(cursor,
		                    letter ? "not a name: 2 to 63 of a-z, 0-9 and -, a "
		                             "letter first, no - at the end"
		                           : "not a name: 2 to 63 of a-z, 0-9 and -, no - "
		                             "at either end");
	cursor->at += word.size;
	*name = word;
	return OK;
}

/* What stands at the cursor, for people: up to the next blank or bracket. */
static struct bytes found(const struct cursor *cursor)
{
	struct bytes from = rest(cursor);
	size_t size = 0;

	while (size < from.size && from.at[size] != ' ' && from.at[size] != ',' &&
	       from.at[size] != ')' && from.at[size] != '}')
		size++;
	return bytes_first(from, size);
}

static void set_fault(struct cursor *cursor, const char *why, struct bytes what,
                      struct bytes suggestion)
{
	*cursor->fault = (struct charter_fault){
		.at = {cursor->number, (uint32_t)cursor->at + 1, why},
		.found = what,
		.suggestion = suggestion,
	};
}

enum mishap cursor_fault(struct cursor *cursor, const char *why)
{
	set_fault(cursor, why, found(cursor), (struct bytes){NULL, 0});
	return MISHAP_MALFORMED;
}

enum mishap cursor_fault_near(struct cursor *cursor, const char *why,
                              const struct nearest *nearest)
{
	struct bytes here = found(cursor), best = nearest->best;

	/* The right word in the wrong place needs no suggestion. */
	set_fault(cursor, why, here, bytes_same(here, best) ? (struct bytes){NULL, 0} : best);
	return MISHAP_MALFORMED;
}

enum mishap cursor_fault_since(struct cursor *cursor, size_t from, const char *why)
{
	struct bytes taken = cursor_since(cursor, from);

	cursor->at = from;
	set_fault(cursor, why, taken, (struct bytes){NULL, 0});
	return MISHAP_MALFORMED;
}

enum mishap cursor_limit(struct cursor *cursor, const char *why)
{
	set_fault(cursor, why, found(cursor), (struct bytes){NULL, 0});
	return MISHAP_LIMIT;
}
