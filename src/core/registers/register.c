/* SPDX-License-Identifier: Apache-2.0 */
#include "registers/register.h"

#include "act/kind.h"
#include "base/hex.h"
#include "base/text.h"
#include "base/words.h"

struct reader {
	struct text text;
	struct bytes line; /* read last */
	struct register_text *into;
	struct fault *fault;
};

static bool cannot(struct reader *r, const char *why)
{
	*r->fault = (struct fault){.line = r->text.line, .why = why};
	return false;
}

static bool next(struct reader *r, const char *why)
{
	if (text_line(&r->text, &r->line))
		return true;
	r->text.line++;
	return cannot(r, r->text.rest.size > 0 ? "the last line does not end" : why);
}

/* "name value" on the next line. */
static bool value(struct reader *r, struct bytes name, struct bytes *rest, const char *why)
{
	if (!next(r, why))
		return false;
	if (!bytes_starts(r->line, name) || r->line.size < name.size + 2 || r->line.at[name.size] != ' ')
		return cannot(r, why);
	*rest = bytes_from(r->line, name.size + 1);
	return true;
}

static bool read_id(struct reader *r)
{
	static const char WHY[] = "expected register and its name: 2 to 63 of a-z, 0-9 and -, a letter first, no - at the end";
	struct bytes *id = &r->into->id;

	return value(r, BYTES("register"), id, WHY) &&
	       ((party_name_valid(*id) && id->at[0] >= 'a') || cannot(r, WHY));
}

static bool read_version(struct reader *r)
{
	static const char WHY[] = "expected a version from 1 to 999999999";
	struct bytes rest;
	uint64_t number;

	if (!value(r, BYTES("version"), &rest, WHY))
		return false;
	if (!text_number(rest, REGISTER_VERSION_MAX, &number) || number == 0)
		return cannot(r, WHY);
	r->into->version = (uint32_t)number;
	return true;
}

static bool read_source(struct reader *r)
{
	struct fault fault;

	if (!value(r, BYTES("source"), &r->into->source, "expected source and what was read, and where"))
		return false;
	if (words_valid(r->into->source, &fault))
		return true;
	*r->fault = (struct fault){r->text.line, fault.column, fault.why};
	return false;
}

static bool read_digest(struct reader *r)
{
	static const char WHY[] = "expected digest and the SHA-256 of what was read, 64 hex digits";
	struct bytes rest;

	return value(r, BYTES("digest"), &rest, WHY) &&
	       ((rest.size == 2 * DIGEST_SIZE && hex_read(rest, r->into->digest.octet, DIGEST_SIZE)) || cannot(r, WHY));
}

static bool read_head(struct reader *r)
{
	static const char FORM[] = "a register begins with comity-register/1";

	if (!next(r, FORM))
		return false;
	if (!bytes_same(r->line, BYTES("comity-register/1")))
		return cannot(r, FORM);
	return read_id(r) && read_version(r) && read_source(r) && read_digest(r) &&
	       next(r, "expected an empty line, and entries") &&
	       (r->line.size == 0 || cannot(r, "expected an empty line, and entries"));
}

/* "since DATE[ until DATE]" */
static bool read_times(struct bytes rest, struct register_entry *e)
{
	struct bytes word, date;

	if (!text_word(&rest, &word) || !bytes_same(word, BYTES("since")) || !text_word(&rest, &date) ||
	    !time_date_read(date, &e->since))
		return false;
	if (rest.size == 0)
		return true;
	return text_word(&rest, &word) && bytes_same(word, BYTES("until")) && text_word(&rest, &date) && rest.size == 0 &&
	       time_date_read(date, &e->until) && e->until > e->since;
}

/* By code and then by time; what stood for one party ends before it stands for another, or again. */
static bool follows(const struct register_entry *before, const struct register_entry *e)
{
	int order = bytes_compare(before->code, e->code);

	return order < 0 || (order == 0 && before->until != 0 && before->until <= e->since);
}

/* "entry CODE PARTY since DATE[ until DATE]" */
static bool read_entry(struct reader *r)
{
	static const char WHY[] = "expected entry, a code, a party, since and a date, perhaps until and a later one: 1974-12-15";
	struct register_entry *e = &r->into->entry[r->into->count];
	struct bytes rest;

	if (r->into->count == REGISTER_ENTRIES_MAX)
		return cannot(r, "more than 512 entries");
	*e = (struct register_entry){.until = 0};
	if (!value(r, BYTES("entry"), &rest, WHY))
		return false;
	if (!text_word(&rest, &e->code) || !text_word(&rest, &e->party) || !party_name_valid(e->code) ||
	    !party_name_valid(e->party) || !read_times(rest, e))
		return cannot(r, WHY);
	if (r->into->count > 0 && !follows(e - 1, e))
		return cannot(r, "entries stand in ascending order of codes and dates; those of one code do not overlap");
	r->into->count++;
	return true;
}

bool register_read(struct bytes octets, struct register_text *text, struct fault *fault)
{
	struct reader r = {.text = {.rest = octets}, .into = text, .fault = fault};

	text->count = 0;
	if (octets.size > REGISTER_SIZE_MAX)
		return cannot(&r, "longer than 24,576 octets");
	if (!read_head(&r))
		return false;
	do {
		if (!read_entry(&r))
			return false;
	} while (r.text.rest.size > 0);
	return true;
}

/* Takes one more entry into what is said on that day. */
static void consider(const struct register_entry *e, uint32_t day, enum register_says *says,
                     const struct register_entry **entry)
{
	if (e->since > day || *says == REGISTER_LISTED)
		return;
	*says = e->until == 0 || day < e->until ? REGISTER_LISTED : REGISTER_REMOVED;
	*entry = e;
}

enum register_says register_of_code(const struct register_text *text, struct bytes code, uint32_t day,
                                    const struct register_entry **entry)
{
	enum register_says says = REGISTER_NEVER;

	*entry = NULL;
	for (unsigned i = 0; i < text->count; i++)
		if (bytes_same(text->entry[i].code, code))
			consider(&text->entry[i], day, &says, entry);
	return says;
}

enum register_says register_of_party(const struct register_text *text, struct bytes party, uint32_t day,
                                     const struct register_entry **entry)
{
	enum register_says says = REGISTER_NEVER;

	*entry = NULL;
	for (unsigned i = 0; i < text->count; i++)
		if (bytes_same(text->entry[i].party, party))
			consider(&text->entry[i], day, &says, entry);
	return says;
}

static void earlier(uint32_t date, uint32_t day, uint32_t *next)
{
	if (date > day && (*next == 0 || date < *next))
		*next = date;
}

bool register_next_day(const struct register_text *text, uint32_t day, uint32_t *next)
{
	uint32_t first = 0;

	for (unsigned i = 0; i < text->count; i++) {
		earlier(text->entry[i].since, day, &first);
		earlier(text->entry[i].until, day, &first);
	}
	if (first != 0)
		*next = first;
	return first != 0;
}
