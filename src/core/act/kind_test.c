/* SPDX-License-Identifier: Apache-2.0 */
/* The table of kinds against the one that comity-act(5) prints, which people sign by. */
#include "act/kind.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tap.h"

#define PAGE_SIZE_MAX (1 << 16)

static struct bytes page(void)
{
	static uint8_t octets[PAGE_SIZE_MAX];
	const char *source = getenv("COMITY_SOURCE");
	char path[1000];
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "%s/man/comity-act.5.scd", source != NULL ? source : ".");
	file = fopen(path, "rb");
	if (file == NULL)
		bail_out(path);
	size = fread(octets, 1, sizeof(octets), file);
	fclose(file);
	return (struct bytes){octets, size};
}

/* Reads up to and with the line that begins so. */
static bool skip_to(struct text *lines, struct bytes begin)
{
	struct bytes line;

	while (text_line(lines, &line))
		if (bytes_starts(line, begin))
			return true;
	return false;
}

/* Columns are aligned: any number of blanks stands between words. */
static bool column(struct bytes *rest, struct bytes *word)
{
	size_t end;

	while (rest->size > 0 && rest->at[0] == ' ')
		*rest = bytes_from(*rest, 1);
	for (end = 0; end < rest->size && rest->at[end] != ' ';)
		end++;
	*word = bytes_first(*rest, end);
	*rest = bytes_from(*rest, end);
	return word->size > 0;
}

/* "tld," before the last field, "replaces" the last, "key..." one that may be repeated. */
static bool fields_same(struct bytes *rest, const struct act_row *row)
{
	bool more = true;

	for (unsigned i = 0; more; i++) {
		const struct act_field *field = &row->field[i];
		struct bytes word;

		if (!column(rest, &word) || field->form == FORM_NONE)
			return false;
		more = word.at[word.size - 1] == ',';
		word.size -= more;
		if (field->form == FORM_KEYS) {
			if (word.size < 3 ||
			    !bytes_same(bytes_from(word, word.size - 3), BYTES("...")))
				return false;
			word.size -= 3;
		}
		if (!bytes_same(word, bytes_of(field->name)) ||
		    more != (field[1].form != FORM_NONE))
			return false;
	}
	return true;
}

static bool mark_same(struct bytes *rest, bool has, const char *mark)
{
	struct bytes word;

	return column(rest, &word) && bytes_same(word, has ? bytes_of(mark) : BYTES("-"));
}

static bool rules_same(struct bytes *rest, const struct act_row *row)
{
	struct bytes word;

	if (row->rule_new != NULL &&
	    (!column(rest, &word) || !bytes_same(word, bytes_of(row->rule_new))))
		return false;
	return column(rest, &word) && bytes_same(word, bytes_of(row->rule)) &&
	       !column(rest, &word);
}

static bool row_same(struct bytes line, enum act_kind kind)
{
	const struct act_row *row = act_row(kind);
	struct bytes word;

	return column(&line, &word) && bytes_same(word, bytes_of(row->word)) &&
	       fields_same(&line, row) && mark_same(&line, row->records, "+") &&
	       mark_same(&line, row->embed, "|") && column(&line, &word) &&
	       key_role(word) == row->role && rules_same(&line, row);
}

static void table(struct text lines)
{
	enum act_kind kind = ACT_GENESIS + 1;
	struct bytes line = {NULL, 0};

	ok(skip_to(&lines, BYTES("# KINDS")) && skip_to(&lines, BYTES("kind ")),
	   "there is a table");
	for (; text_line(&lines, &line) && !bytes_same(line, BYTES("```")) && kind < ACT_KINDS;
	     kind++)
		ok(row_same(line, kind), act_row(kind)->word);
	ok(kind == ACT_KINDS && bytes_same(line, BYTES("```")),
	   "of all kinds, and of no other");
}

/* The part of the page that says what a value looks like: "|  holder, recipient" or the first,
 * "[[". */
static bool described(struct text lines, const char *name)
{
	struct bytes line, word;

	if (!skip_to(&lines, BYTES("# FIELDS")))
		return false;
	while (text_line(&lines, &line) && !bytes_starts(line, BYTES("# "))) {
		if (!bytes_starts(line, BYTES("|  ")))
			continue;
		line = bytes_from(line, 3);
		while (column(&line, &word)) {
			word.size -= word.at[word.size - 1] == ',';
			if (bytes_same(word, bytes_of(name)))
				return true;
		}
	}
	return false;
}

static bool mentioned(struct bytes page, struct bytes word)
{
	for (size_t at = 0; at + word.size + 2 <= page.size; at++)
		if (page.at[at] == '_' && page.at[at + word.size + 1] == '_' &&
		    memcmp(page.at + at + 1, word.at, word.size) == 0)
			return true;
	return false;
}

static void fields(struct bytes whole)
{
	bool all = true, choices = true;

	for (enum act_kind kind = ACT_GENESIS + 1; kind < ACT_KINDS; kind++)
		for (const struct act_field *f = act_row(kind)->field; f->form != FORM_NONE;
		     f++) {
			struct bytes rest = bytes_of(f->choices != NULL ? f->choices : ""),
				     word;

			if (!described((struct text){.rest = whole}, f->name)) {
				printf("# %s of %s\n", f->name, act_row(kind)->word);
				all = false;
			}
			while (text_word(&rest, &word))
				choices = choices && mentioned(whole, word);
		}
	ok(all, "FIELDS tells the form of every field");
	ok(choices, "and every word that may be chosen");
}

static void words(void)
{
	bool back = true;

	for (enum act_kind kind = ACT_GENESIS + 1; kind < ACT_KINDS; kind++)
		back = back && act_kind(bytes_of(act_row(kind)->word)) == kind;
	ok(back, "every word leads back to its kind");
	ok(act_kind(BYTES("genesis")) == ACT_KINDS, "a genesis is no act");
	ok(act_kind(BYTES("")) == ACT_KINDS && act_kind(BYTES("Grant")) == ACT_KINDS &&
	           act_kind(BYTES("gran")) == ACT_KINDS &&
	           act_kind(BYTES("grants")) == ACT_KINDS,
	   "nor is any other word");
}

int main(void)
{
	struct bytes whole = page();

	table((struct text){.rest = whole});
	fields(whole);
	words();
	return done_testing();
}
