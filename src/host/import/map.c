/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/map.h"

#include "act/kind.h"
#include "base/sort.h"
#include "base/text.h"
#include "host/import/country.h"

bool map_party_valid(struct bytes name)
{
	static const struct act_field PARTY = {"party", FORM_PARTY, NULL};

	return field_form_holds(&PARTY, name);
}

static bool label_valid(struct bytes label)
{
	static const struct act_field LABEL = {"tld", FORM_LABEL, NULL};

	return field_form_holds(&LABEL, label);
}

static bool is_among(struct bytes party, struct bytes parties)
{
	struct bytes word;

	while (text_word(&parties, &word))
		if (bytes_same(word, party))
			return true;
	return false;
}

/* ---- a map that somebody wrote ---- */

struct entry {
	struct importing_share share;
	uint32_t line;
};

struct reading {
	struct bytes parties;
	struct entry *entry;
	size_t count;
	uint32_t line;
	struct fault *fault;
};

static bool fault_at(struct reading *r, uint32_t line, const char *why)
{
	*r->fault = (struct fault){line, 0, why};
	return false;
}

/* People align their columns: any run of blanks and tabs stands between words. */
static bool loose_word(struct bytes *line, struct bytes *word)
{
	size_t size = 0;

	while (line->size > 0 && (line->at[0] == ' ' || line->at[0] == '\t'))
		*line = bytes_from(*line, 1);
	while (size < line->size && line->at[size] != ' ' && line->at[size] != '\t')
		size++;
	*word = bytes_first(*line, size);
	*line = bytes_from(*line, size);
	return size > 0;
}

static struct bytes uncommented(struct bytes line)
{
	const uint8_t *hash = line.size == 0 ? NULL : memchr(line.at, '#', line.size);

	return hash == NULL ? line : bytes_first(line, (size_t)(hash - line.at));
}

static bool read_line(struct reading *r, struct bytes line)
{
	struct bytes party, label;
	size_t before = r->count;

	line = uncommented(line);
	if (!loose_word(&line, &party))
		return true;
	if (!map_party_valid(party))
		return fault_at(r, r->line, "not the name of a party");
	if (r->parties.size > 0 && !is_among(party, r->parties))
		return fault_at(r, r->line, "an unknown party");
	while (loose_word(&line, &label)) {
		if (!label_valid(label))
			return fault_at(r, r->line, "not a TLD: lower case, an IDN as its A-label, no dot");
		r->entry[r->count++] = (struct entry){{label, party}, r->line};
	}
	return r->count > before || fault_at(r, r->line, "a party without TLDs");
}

/* The line without its LF, which the last may lack. */
static bool next_line(struct text *text, struct bytes *line)
{
	if (text_line(text, line))
		return true;
	if (text->rest.size == 0)
		return false;
	*line = text->rest;
	text->rest = bytes_from(text->rest, text->rest.size);
	text->line++;
	return true;
}

static int entry_order(const void *a, const void *b, const void *context)
{
	const struct entry *x = a, *y = b;
	int order = importing_share_order(&x->share, &y->share, context);

	return order != 0 ? order : x->line < y->line ? -1 : x->line > y->line;
}

static bool shares_make(struct reading *r, struct arena *arena, struct map *map)
{
	sort(r->entry, r->count, sizeof(*r->entry), entry_order, NULL);
	*map = (struct map){arena_take_array(arena, r->count, sizeof(*map->share)), r->count};
	for (size_t i = 0; i < r->count; i++) {
		map->share[i] = r->entry[i].share;
		if (i > 0 && bytes_same(map->share[i - 1].label, map->share[i].label))
			return fault_at(r, r->entry[i].line, "a TLD that the map has already");
	}
	return true;
}

bool map_read(struct bytes text, struct bytes parties, struct arena *arena, struct map *map,
              struct fault *fault)
{
	struct text lines = {.rest = text};
	struct reading r = {.parties = parties, .fault = fault};
	struct bytes line;

	/* A TLD and what parts it from the next are two octets at least. */
	r.entry = arena_take_array(arena, text.size / 2 + 1, sizeof(*r.entry));
	while (next_line(&lines, &line)) {
		r.line = lines.line;
		if (!read_line(&r, line))
			return false;
	}
	return shares_make(&r, arena, map);
}

/* ---- countries ---- */

static void map_add(struct map *map, struct bytes label, struct bytes party)
{
	map->share[map->count++] = (struct importing_share){label, party};
}

void map_of_countries(struct bytes parties, struct arena *arena, struct map *map)
{
	struct bytes rest = parties, party;
	size_t room = parties.size;

	for (const struct country_tld *row = COUNTRY_TLDS; row->tld != NULL; row++)
		room++;
	*map = (struct map){arena_take_array(arena, room, sizeof(*map->share)), 0};
	while (text_word(&rest, &party))
		if (party.size == 2)
			map_add(map, party, party);
	for (const struct country_tld *row = COUNTRY_TLDS; row->tld != NULL; row++)
		if (is_among(bytes_of(row->code), parties))
			map_add(map, bytes_of(row->tld), bytes_of(row->code));
	sort(map->share, map->count, sizeof(*map->share), importing_share_order, NULL);
}
