/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/words.h"

/* What ends a word, or needs a look inside one. */
enum { PLAIN, BLANK, LINE_END, COMMENT, OPEN, CLOSE, QUOTE, ESCAPE, BAD };

static const uint8_t KIND[256] = {
	['\t'] = BLANK, [' '] = BLANK, ['\r'] = BLANK, ['\n'] = LINE_END, [';'] = COMMENT,
	['('] = OPEN,   [')'] = CLOSE, ['"'] = QUOTE,  ['\\'] = ESCAPE,   [0] = BAD,
	[1] = BAD,      [2] = BAD,     [3] = BAD,      [4] = BAD,         [5] = BAD,
	[6] = BAD,      [7] = BAD,     [8] = BAD,      [11] = BAD,        [12] = BAD,
	[14] = BAD,     [15] = BAD,    [16] = BAD,     [17] = BAD,        [18] = BAD,
	[19] = BAD,     [20] = BAD,    [21] = BAD,     [22] = BAD,        [23] = BAD,
	[24] = BAD,     [25] = BAD,    [26] = BAD,     [27] = BAD,        [28] = BAD,
	[29] = BAD,     [30] = BAD,    [31] = BAD,     [127] = BAD,
};

struct words words_over(struct bytes text, bool strict)
{
	static const uint8_t NOTHING[1];
	const uint8_t *at = text.size == 0 ? NOTHING : text.at;

	return (struct words){.at = at,
	                      .end = at + text.size,
	                      .line_start = at,
	                      .line = 1,
	                      .strict = strict,
	                      .start = at,
	                      .word_start = at,
	                      .word_line = 1};
}

uint32_t words_column(const struct words *w)
{
	return (uint32_t)(w->start - w->word_start) + 1;
}

static void stand_here(struct words *w)
{
	w->start = w->at;
	w->word_start = w->line_start;
	w->word_line = w->line;
}

static enum words_next fault_here(struct words *w, const char **why, const char *what)
{
	stand_here(w);
	*why = what;
	return WORDS_FAULT;
}

static void pass_line_end(struct words *w)
{
	w->at++;
	w->line++;
	w->line_start = w->at;
}

static void pass_comment(struct words *w)
{
	const uint8_t *line_end = memchr(w->at, '\n', (size_t)(w->end - w->at));

	w->at = line_end == NULL ? w->end : line_end;
}

/* Passes what stands between words: WORDS_ONE when one begins here. */
static enum words_next pass_gap(struct words *w, const char **why)
{
	/* Most gaps are one blank. */
	if (w->end - w->at > 1 && *w->at == ' ' && KIND[w->at[1]] == PLAIN) {
		w->at++;
		return WORDS_ONE;
	}
	for (; w->at != w->end; w->at++)
		switch (KIND[*w->at]) {
		case BLANK:
			break;
		case OPEN:
			w->depth++;
			break;
		case CLOSE:
			if (w->depth == 0)
				return fault_here(w, why, "a parenthesis that was not opened");
			w->depth--;
			break;
		case COMMENT:
			pass_comment(w);
			w->at--;
			break;
		case LINE_END:
			if (w->depth == 0) {
				pass_line_end(w);
				return WORDS_END;
			}
			pass_line_end(w);
			w->at--;
			break;
		case BAD:
			return fault_here(w, why, "a control character");
		default:
			return WORDS_ONE;
		}
	if (w->depth != 0)
		return fault_here(w, why, "a parenthesis that is not closed");
	return WORDS_END;
}

/* Strict: nothing, or a single blank with a word behind it. */
static enum words_next pass_blank(struct words *w, const char **why)
{
	if (w->at == w->end)
		return WORDS_END;
	if (w->at != w->start) {
		w->at++;
		if (w->at == w->end)
			return fault_here(w, why, "a blank at the end");
	}
	return *w->at == ' ' ? fault_here(w, why, "a blank too many") : WORDS_ONE;
}

/* Passes a string from behind its opening quote to behind the closing one. */
static bool pass_quoted(struct words *w)
{
	for (; w->at != w->end && *w->at != '\n'; w->at++) {
		if (*w->at == '"') {
			w->at++;
			return true;
		}
		if (*w->at == '\\' && w->end - w->at > 1 && w->at[1] != '\n')
			w->at++;
	}
	return false;
}

static bool ends_word(const struct words *w)
{
	uint8_t kind = KIND[*w->at];

	return w->strict ? *w->at == ' ' : kind != PLAIN && kind != QUOTE && kind != ESCAPE;
}

/* Passes a word without quotes around it. key="value" (RFC 9460 section 2.1) is one word. */
static bool pass_word(struct words *w, const char **why)
{
	for (;; w->at++) {
		const uint8_t *at = w->at, *end = w->end;

		while (at != end && KIND[*at] == PLAIN)
			at++;
		w->at = at;
		if (at == end || ends_word(w))
			return true;
		if (*w->at == '\\') {
			if (w->end - w->at < 2 || w->at[1] == '\n') {
				fault_here(w, why, "an escape of nothing");
				return false;
			}
			w->at++;
		} else if (*w->at == '"') {
			if (w->at == w->start || w->at[-1] != '=') {
				fault_here(w, why, "a quote inside a word");
				return false;
			}
			w->at++;
			if (!pass_quoted(w)) {
				*why = "a string that does not end in its line";
				return false;
			}
			w->at--;
		} else if (KIND[*w->at] == BAD) {
			fault_here(w, why, "a control character");
			return false;
		}
	}
}

enum words_next words_next(struct words *w, struct bytes *word, const char **why)
{
	enum words_next gap = w->strict ? pass_blank(w, why) : pass_gap(w, why);

	if (gap != WORDS_ONE)
		return gap;
	stand_here(w);
	w->quoted = *w->at == '"';
	if (!w->quoted) {
		if (!pass_word(w, why))
			return WORDS_FAULT;
		*word = (struct bytes){w->start, (size_t)(w->at - w->start)};
		return WORDS_ONE;
	}
	w->at++;
	if (!pass_quoted(w)) {
		*why = "a string that does not end in its line";
		return WORDS_FAULT;
	}
	*word = (struct bytes){w->start + 1, (size_t)(w->at - w->start) - 2};
	if (w->at != w->end && !ends_word(w))
		return fault_here(w, why, "no blank behind a string");
	return WORDS_ONE;
}
