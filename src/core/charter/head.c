/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a charter: what it is, in which languages, who its chambers and signers are. */
#include "charter/read.h"

static enum mishap read_form(struct reader *reader)
{
	enum mishap m = next_line(reader, "a charter begins with comity-charter/1");

	if (m != OK)
		return m;
	if (!cursor_take(&reader->cursor, "comity-charter/1"))
		return cursor_fault(&reader->cursor, "a charter begins with comity-charter/1");
	return read_end(reader);
}

static enum mishap read_version(struct reader *reader)
{
	static const char WHY[] = "expected a version from 1 to 999999999";
	uint64_t version = 0;
	enum mishap m = next_line(reader, WHY);

	if (m != OK)
		return m;
	if (!cursor_take(&reader->cursor, "version "))
		return cursor_fault(&reader->cursor, WHY);
	m = cursor_number(&reader->cursor, CHARTER_VERSION_MAX, WHY, &version);
	reader->charter.version = (uint32_t)version;
	return m != OK ? m : read_end(reader);
}

/* The number of a language among those of the charter, or how many there are. */
static size_t find_language(const struct charter *charter, struct bytes tag)
{
	size_t i = 0;

	while (i < charter->language_count && !bytes_same(charter->languages[i], tag))
		i++;
	return i;
}

/* The primary language subtag of RFC 5646: two or three letters. */
static bool is_tag(struct bytes tag)
{
	for (size_t i = 0; i < tag.size; i++)
		if (tag.at[i] < 'a' || tag.at[i] > 'z')
			return false;
	return tag.size == 2 || tag.size == 3;
}

static enum mishap read_language(struct reader *reader)
{
	struct charter *charter = &reader->charter;
	struct cursor *cursor = &reader->cursor;
	struct bytes tag = cursor_word(cursor);

	if (!is_tag(tag))
		return cursor_fault(cursor, "expected a language: two or three letters");
	if (find_language(charter, tag) < charter->language_count)
		return cursor_fault(cursor, "a language given twice");
	if (charter->language_count == CHARTER_LANGUAGES_MAX)
		return cursor_limit(cursor, "more than 8 languages");
	charter->languages[charter->language_count++] = tag;
	cursor->at += tag.size;
	return OK;
}

/* ", equally authentic" or ", TAG prevails", which two languages need and one does not. */
static enum mishap read_authority(struct reader *reader)
{
	struct charter *charter = &reader->charter;
	struct cursor *cursor = &reader->cursor;
	struct bytes tag;

	if (charter->language_count == 1 || cursor_take(cursor, ", equally authentic"))
		return read_end(reader);
	if (!cursor_take(cursor, ", "))
		return cursor_fault(cursor,
		                    "expected \", equally authentic\" or \", TAG prevails\"");
	tag = cursor_word(cursor);
	if (find_language(charter, tag) == charter->language_count)
		return cursor_fault(cursor, "not a language of this charter");
	cursor->at += tag.size;
	if (!cursor_take(cursor, " prevails"))
		return cursor_fault(cursor, "expected \"prevails\"");
	charter->prevails = tag;
	return read_end(reader);
}

static enum mishap read_languages(struct reader *reader)
{
	static const char WHY[] = "expected the languages";
	enum mishap m = next_line(reader, WHY);

	if (m != OK)
		return m;
	if (!cursor_take(&reader->cursor, "languages "))
		return cursor_fault(&reader->cursor, WHY);
	do {
		m = read_language(reader);
	} while (m == OK && cursor_take(&reader->cursor, " "));
	if (m == OK)
		m = read_authority(reader);
	reader->charter.languages_source = reader->cursor.line;
	return m;
}

static enum mishap read_titles(struct reader *reader)
{
	static const char WHY[] = "expected a title for each language, in their order";
	struct charter *charter = &reader->charter;
	struct cursor *cursor = &reader->cursor;

	for (size_t i = 0; i < charter->language_count; i++) {
		enum mishap m = next_line(reader, WHY);

		if (m != OK)
			return m;
		if (!cursor_take(cursor, "title "))
			return cursor_fault(cursor, WHY);
		if (!bytes_same(cursor_word(cursor), charter->languages[i]))
			return cursor_fault(cursor, WHY);
		cursor->at += charter->languages[i].size;
		if (!cursor_take(cursor, " "))
			return cursor_fault(cursor, WHY);
		m = read_words(reader, &charter->titles[i]);
		if (m != OK)
			return m;
	}
	return OK;
}

/* The name that a chamber or list is given. */
static enum mishap read_set_name(struct reader *reader, struct charter_set *set)
{
	struct cursor *cursor = &reader->cursor;
	size_t from = cursor->at;
	enum mishap m = cursor_name(cursor, true, &set->name);

	if (m != OK)
		return m;
	if (is_reserved(set->name))
		return cursor_fault_since(cursor, from,
		                          "a word of the language, not free as a name");
	if (charter_set(&reader->charter, set->name) != NULL)
		return cursor_fault_since(cursor, from,
		                          "a second chamber or list of this name");
	return OK;
}

static enum mishap read_kind(struct reader *reader, struct charter_set *set,
                             struct bytes *kinds)
{
	struct cursor *cursor = &reader->cursor;
	struct bytes kind;
	size_t from = cursor->at;
	enum mishap m = cursor_name(cursor, true, &kind);

	if (m != OK)
		return m;
	for (size_t i = 0; i < set->count; i++)
		if (bytes_same(kinds[i], kind))
			return cursor_fault_since(cursor, from, "a kind given twice");
	kinds[set->count++] = kind;
	return OK;
}

/* "chamber NAME of kind KIND[, KIND]...[, recognised by REGISTER]" */
static enum mishap read_chamber(struct reader *reader, struct charter_set *set)
{
	struct cursor *cursor = &reader->cursor;
	struct bytes *kinds;
	enum mishap m;

	cursor->at += BYTES("chamber ").size;
	m = read_set_name(reader, set);
	if (m != OK)
		return m;
	if (!cursor_take(cursor, " of kind "))
		return cursor_fault(cursor,
		                    "expected \"of kind\" and the kinds of its parties");
	/* A kind and what separates it from the next take at least 4 octets. */
	kinds = arena_take_array(reader->arena, cursor->line.size / 4 + 1, sizeof(*kinds));
	set->kind = SET_CHAMBER;
	set->words = kinds;
	m = read_kind(reader, set, kinds);
	while (m == OK && cursor_take(cursor, ", ")) {
		if (cursor_take(cursor, "recognised by "))
			return cursor_name(cursor, true, &set->recognised_by);
		m = read_kind(reader, set, kinds);
	}
	return m;
}

/* "list NAME [{a, b}]" */
static enum mishap read_list(struct reader *reader, struct charter_set *set)
{
	struct cursor *cursor = &reader->cursor;
	struct bytes name;
	enum mishap m;

	cursor->at += BYTES("list ").size;
	m = read_set_name(reader, set);
	if (m != OK)
		return m;
	set->kind = SET_LATER;
	name = set->name;
	if (cursor_take(cursor, " "))
		m = read_names(reader, set);
	set->name = name;
	return m;
}

/* Lines that begin with `start`, each of which defines a chamber or list. */
static enum mishap read_sets(struct reader *reader, const char *start, struct charter_set *sets,
                             enum mishap read_one(struct reader *, struct charter_set *))
{
	size_t *count = &reader->charter.set_count;

	while (ahead(reader, start)) {
		enum mishap m = next_line(reader, start);

		if (m != OK)
			return m;
		if (*count == CHARTER_SETS_MAX)
			return cursor_limit(&reader->cursor, "more than 32 chambers and lists");
		m = read_one(reader, &sets[*count]);
		if (m == OK)
			m = read_end(reader);
		if (m != OK)
			return m;
		sets[(*count)++].source = reader->cursor.line;
	}
	return OK;
}

static enum mishap read_chambers_and_lists(struct reader *reader)
{
	struct charter_set *sets =
		arena_take_array(reader->arena, CHARTER_SETS_MAX, sizeof(*sets));
	enum mishap m;

	reader->charter.sets = sets;
	m = read_sets(reader, "chamber ", sets, read_chamber);
	return m != OK ? m : read_sets(reader, "list ", sets, read_list);
}

/* "weight NAME N" */
static enum mishap read_weight(struct reader *reader, struct charter_weight *weight)
{
	struct cursor *cursor = &reader->cursor;
	uint64_t number = 0;
	size_t from;
	enum mishap m;

	cursor->at += BYTES("weight ").size;
	from = cursor->at;
	m = cursor_name(cursor, false, &weight->party);
	if (m != OK)
		return m;
	if (reader->charter.weight_count > 0 &&
	    bytes_compare(weight[-1].party, weight->party) >= 0)
		return cursor_fault_since(cursor, from,
		                          "weights stand in ascending order of names, "
		                          "each name once");
	if (!cursor_take(cursor, " "))
		return cursor_fault(cursor, "expected a weight from 1 to 1000000");
	m = cursor_number(cursor, CHARTER_WEIGHT_MAX, "expected a weight from 1 to 1000000",
	                  &number);
	weight->weight = (uint32_t)number;
	return m != OK ? m : read_end(reader);
}

static enum mishap read_weights(struct reader *reader)
{
	struct charter *charter = &reader->charter;
	struct bytes from = reader->text.rest;
	struct charter_weight *weights =
		arena_take_array(reader->arena, CHARTER_MEMBERS_MAX, sizeof(*weights));

	charter->weights = weights;
	while (ahead(reader, "weight ")) {
		enum mishap m = next_line(reader, "expected a weight");

		if (m != OK)
			return m;
		if (charter->weight_count == CHARTER_MEMBERS_MAX)
			return cursor_limit(&reader->cursor, "more than 512 weights");
		m = read_weight(reader, &weights[charter->weight_count]);
		if (m != OK)
			return m;
		charter->weight_count++;
	}
	charter->weights_source = bytes_first(from, from.size - reader->text.rest.size);
	return OK;
}

static enum mishap unknown_head(struct reader *reader)
{
	static const char *const LINES[] = {"chamber", "list", "weight", "signers"};
	struct nearest nearest = nearest_to(cursor_word(&reader->cursor));

	for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++)
		nearest_try(&nearest, bytes_of(LINES[i]));
	return cursor_fault_near(&reader->cursor,
	                         "expected chambers, lists, weights and then "
	                         "the signers",
	                         &nearest);
}

static enum mishap unknown_signers(struct reader *reader)
{
	struct charter *charter = &reader->charter;
	struct nearest nearest = nearest_to(cursor_word(&reader->cursor));

	nearest_try(&nearest, BYTES("all"));
	for (size_t i = 0; i < charter->set_count; i++)
		nearest_try(&nearest, charter->sets[i].name);
	return cursor_fault_near(&reader->cursor,
	                         "expected all, a chamber, a list or of {a, b}", &nearest);
}

/* "signers all", "signers NAME", "signers of {a, b}" */
static enum mishap read_signers(struct reader *reader)
{
	struct cursor *cursor = &reader->cursor;
	struct charter *charter = &reader->charter;
	enum mishap m = next_line(reader, "expected the signers");
	bool braces;

	if (m != OK)
		return m;
	if (!cursor_take(cursor, "signers "))
		return unknown_head(reader);
	if (bytes_same(cursor_word(cursor), BYTES("all"))) {
		charter->signers = find_set(charter, BYTES("parties"));
		cursor->at += BYTES("all").size;
		return read_end(reader);
	}
	braces = cursor_sees(cursor, "of {") && cursor_take(cursor, "of ");
	if (!braces && charter_set(charter, cursor_word(cursor)) == NULL)
		return unknown_signers(reader);
	m = read_set(reader, &charter->signers);
	if (m == OK && charter->signers->recognised_by.size > 0)
		return cursor_fault_since(cursor, BYTES("signers ").size, "a register gives and takes no share of the key");
	return m != OK ? m : read_end(reader);
}

/* "inactive after K missed duties in SPAN", or nothing */
static enum mishap read_inactive(struct reader *reader)
{
	static const char WHY[] = "expected \"inactive after K missed duties in SPAN\", K from 2 to 12, at most 366d";
	struct cursor *cursor = &reader->cursor;
	struct charter *charter = &reader->charter;
	uint64_t missed = 0;
	struct bytes span;
	enum mishap m;

	if (!ahead(reader, "inactive "))
		return OK;
	m = next_line(reader, WHY);
	if (m != OK)
		return m;
	if (!cursor_take(cursor, "inactive after "))
		return cursor_fault(cursor, WHY);
	m = cursor_number(cursor, CHARTER_MISSED_MAX, WHY, &missed);
	if (m != OK)
		return m;
	if (missed < CHARTER_MISSED_MIN || !cursor_take(cursor, " missed duties in "))
		return cursor_fault(cursor, WHY);
	span = cursor_word(cursor);
	if (!time_span_read(span, &charter->inactive_within) || charter->inactive_within == 0 ||
	    charter->inactive_within > CHARTER_MISSED_IN_MAX)
		return cursor_fault(cursor, WHY);
	cursor->at += span.size;
	charter->inactive_missed = (uint32_t)missed;
	charter->inactive_source = cursor->line;
	return read_end(reader);
}

enum mishap read_head(struct reader *reader)
{
	static enum mishap (*const PARTS[])(struct reader *) = {
		read_form,
		read_version,
		read_languages,
		read_titles,
		read_chambers_and_lists,
		read_weights,
		read_signers,
		read_inactive,
	};
	enum mishap m = OK;

	for (size_t i = 0; m == OK && i < sizeof(PARTS) / sizeof(PARTS[0]); i++)
		m = PARTS[i](reader);
	return m;
}
