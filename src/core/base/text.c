/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <string.h>

bool text_peek(const struct text *text, struct bytes *line)
{
	const uint8_t *end;

	if (text->rest.size == 0)
		return false;
	end = memchr(text->rest.at, '\n', text->rest.size);
	if (end == NULL)
		return false;
	*line = (struct bytes){text->rest.at, (size_t)(end - text->rest.at)};
	return true;
}

bool text_line(struct text *text, struct bytes *line)
{
	if (!text_peek(text, line))
		return false;
	text->rest = bytes_from(text->rest, line->size + 1);
	text->line++;
	return true;
}

bool text_field(struct bytes line, const char *name, struct bytes *value)
{
	struct bytes want = bytes_of(name);

	if (line.size < want.size + 3 || !bytes_starts(line, want) || line.at[want.size] != ':' ||
	    line.at[want.size + 1] != ' ')
		return false;
	*value = bytes_from(line, want.size + 2);
	return true;
}

bool text_word(struct bytes *rest, struct bytes *word)
{
	const uint8_t *blank;

	if (rest->size == 0 || rest->at[0] == ' ')
		return false;
	blank = memchr(rest->at, ' ', rest->size);
	if (blank == NULL) {
		*word = *rest;
		*rest = (struct bytes){NULL, 0};
		return true;
	}
	if (blank + 1 == rest->at + rest->size)
		return false;
	*word = (struct bytes){rest->at, (size_t)(blank - rest->at)};
	*rest = bytes_from(*rest, word->size + 1);
	return true;
}

bool text_number(struct bytes text, uint64_t most, uint64_t *value)
{
	uint64_t number = 0;

	if (text.size == 0 || (text.at[0] == '0' && text.size > 1))
		return false;
	for (size_t i = 0; i < text.size; i++) {
		unsigned digit = (unsigned)text.at[i] - (unsigned)'0';

		if (digit > 9 || digit > most || number > (most - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*value = number;
	return true;
}

bool text_word_number(struct bytes *rest, uint64_t most, uint64_t *value)
{
	struct bytes word, after = *rest;

	if (!text_word(&after, &word) || !text_number(word, most, value))
		return false;
	*rest = after;
	return true;
}
