/* SPDX-License-Identifier: Apache-2.0 */
#include "act/act.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"
#include "base/text.h"
#include "base/words.h"

#define HEAD "comity-act/1 "

static enum mishap refuse(struct fault *fault, uint32_t line, const char *why)
{
	*fault = (struct fault){line, 0, why};
	return MISHAP_MALFORMED;
}

/* One machine line: printable ASCII, and not too long. */
static bool machine_line(struct text *lines, struct bytes *line, const char **why)
{
	if (!text_line(lines, line)) {
		*why = lines->rest.size == 0 ? "the text ends too early" : "the last line does not end";
		return false;
	}
	*why = "a line has at most 1000 octets";
	if (line->size > ACT_LINE_SIZE_MAX)
		return false;
	*why = "not printable ASCII";
	for (size_t i = 0; i < line->size; i++)
		if (line->at[i] < ' ' || line->at[i] > '~')
			return false;
	return true;
}

static bool head_field(struct text *lines, const char *name, struct bytes *value,
                       const char **why)
{
	struct bytes line;

	if (!machine_line(lines, &line, why))
		return false;
	*why = "not the field that stands here in every act";
	return text_field(line, name, value);
}

static bool head_read(struct text *lines, struct act *act, const char **why)
{
	struct bytes line, value;
	uint64_t number;

	if (!machine_line(lines, &line, why))
		return false;
	*why = "an act begins with \"comity-act/1\" and its kind";
	if (!bytes_starts(line, BYTES(HEAD)))
		return false;
	act->kind = act_kind(bytes_from(line, sizeof(HEAD) - 1));
	*why = "no such kind of act";
	if (act->kind == ACT_KINDS)
		return false;
	if (!head_field(lines, "federation", &value, why))
		return false;
	*why = "a federation is its origin and 32 hex digits";
	if (!text_word(&value, &act->origin) || !origin_valid(act->origin) ||
	    !hex_read(value, act->federation, ACT_FEDERATION_SIZE))
		return false;
	if (!head_field(lines, "charter", &value, why))
		return false;
	*why = "not a charter version";
	if (!text_number(value, UINT32_MAX, &number))
		return false;
	act->charter = (uint32_t)number;
	if (!head_field(lines, "by", &act->by, why))
		return false;
	*why = "not the name of a party";
	if (!party_name_valid(act->by))
		return false;
	if (!head_field(lines, "until", &value, why))
		return false;
	*why = "not a time";
	return time_read(value, &act->until);
}

/* The further lines of a FORM_KEYS field, as long as they go on. */
static bool more_keys(struct text *lines, const struct act_field *field, struct bytes *all,
                      const char **why)
{
	struct bytes line, value;

	while (text_peek(lines, &line) && text_field(line, field->name, &value)) {
		if (!machine_line(lines, &line, why))
			return false;
		*why = "not a role and a key";
		if (!field_form_holds(field, value))
			return false;
		all->size = (size_t)(line.at + line.size + 1 - all->at);
	}
	return true;
}

static bool fields_read(struct text *lines, struct act *act, const char **why)
{
	const struct act_row *row = act_row(act->kind);
	struct bytes line;

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++) {
		const struct act_field *field = &row->field[i];

		if (!machine_line(lines, &line, why))
			return false;
		*why = "not the next field of this kind";
		if (!text_field(line, field->name, &act->field[i]))
			return false;
		*why = "not a value for this field";
		if (!field_form_holds(field, act->field[i]))
			return false;
		if (field->form == FORM_KEYS) {
			act->field[i] = (struct bytes){line.at, line.size + 1};
			if (!more_keys(lines, field, &act->field[i], why))
				return false;
		}
	}
	return true;
}

/* RFC 4034 section 6: sorted, nothing twice, one TTL an RRset. */
static bool records_in_order(const struct rr *before, const struct rr *rr, const char **why)
{
	*why = "records not in canonical order, or one twice";
	if (rr_compare(before, rr) >= 0)
		return false;
	*why = "two TTLs in one RRset";
	return !bytes_same(before->owner, rr->owner) || before->type != rr->type ||
	       before->ttl == rr->ttl;
}

static bool records_read(struct text *lines, struct act *act, struct arena scratch,
                         const char **why)
{
	/* The last two records live in a half each. */
	struct arena half[2] = {{scratch.at, scratch.size / 2, 0},
	                        {scratch.at + scratch.size / 2, scratch.size / 2, 0}};
	struct bytes line;
	struct rr rr[2];

	act->records = bytes_first(lines->rest, 0);
	for (unsigned i = 0; text_peek(lines, &line) && bytes_starts(line, BYTES("+ ")); i++) {
		struct fault fault;

		if (!machine_line(lines, &line, why))
			return false;
		half[i % 2].used = 0;
		if (!rr_read_strict(bytes_from(line, 2), &half[i % 2], &rr[i % 2], &fault)) {
			*why = fault.why;
			return false;
		}
		if (i > 0 && !records_in_order(&rr[(i + 1) % 2], &rr[i % 2], why))
			return false;
		act->records.size += line.size + 1;
	}
	*why = "this kind of act has no records";
	return act->records.size == 0 || act_row(act->kind)->records;
}

bool act_embedded_line_valid(struct bytes line, struct fault *fault)
{
	size_t first = 0, last = line.size;

	*fault = (struct fault){0, 0, "a line has at most 1000 octets"};
	if (line.size + 2 > ACT_LINE_SIZE_MAX)
		return false;
	*fault = (struct fault){0, 0, "a blank at the end of the line"};
	if (last > 0 && line.at[last - 1] == ' ')
		return false;
	/* Between runs of blanks, an embedded line is words. */
	while (first < last) {
		size_t end = first;

		while (end < last && line.at[end] != ' ')
			end++;
		if (end > first && !words_valid((struct bytes){line.at + first, end - first}, fault))
			return false;
		first = end + 1;
	}
	return true;
}

bool act_take_embedded(struct text *lines, struct bytes *embed, const char **why)
{
	struct bytes line;

	*embed = bytes_first(lines->rest, 0);
	while (text_peek(lines, &line) && bytes_starts(line, BYTES("|"))) {
		bool shape = line.size == 1 || (line.size > 2 && line.at[1] == ' ');
		struct fault fault;

		*why = "an embedded line is | alone, or | and a blank and text";
		if (!text_line(lines, &line) || !shape)
			return false;
		if (!act_embedded_line_valid(bytes_from(line, 2), &fault)) {
			*why = fault.why;
			return false;
		}
		embed->size += line.size + 1;
	}
	return true;
}

static bool embed_read(struct text *lines, struct act *act, const char **why)
{
	bool wanted = act_row(act->kind)->embed;

	if (!act_take_embedded(lines, &act->embed, why))
		return false;
	*why = wanted ? "this kind of act embeds a document" : "this kind of act embeds no document";
	return (act->embed.size != 0) == wanted;
}

bool act_take_words(struct text *lines, struct bytes *words, const char **why)
{
	struct bytes line;

	*words = bytes_first(lines->rest, 0);
	while (text_peek(lines, &line) && bytes_starts(line, BYTES("> "))) {
		struct fault fault;

		*why = "a line has at most 1000 octets";
		if (!text_line(lines, &line) || line.size > ACT_LINE_SIZE_MAX)
			return false;
		if (!words_valid(bytes_from(line, 2), &fault)) {
			*why = fault.why;
			return false;
		}
		words->size += line.size + 1;
	}
	return true;
}

enum mishap act_read(struct bytes text, struct arena scratch, struct act *act, struct fault *fault)
{
	struct text lines = {.rest = text};
	struct act a = {.text = text};
	const char *why = NULL;

	if (text.size > ACT_TEXT_SIZE_MAX) {
		*fault = (struct fault){0, 0, "a text has at most 32768 octets"};
		return MISHAP_LIMIT;
	}
	if (!head_read(&lines, &a, &why) || !fields_read(&lines, &a, &why) ||
	    !records_read(&lines, &a, scratch, &why) || !embed_read(&lines, &a, &why) ||
	    !act_take_words(&lines, &a.words, &why))
		return refuse(fault, lines.line, why);
	if (lines.rest.size != 0)
		return refuse(fault, lines.line + 1, "a line that does not belong here");
	a.id = sha256(text);
	*act = a;
	return OK;
}

struct bytes act_field(const struct act *act, const char *name)
{
	const struct act_row *row = act_row(act->kind);

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		if (bytes_same(bytes_of(row->field[i].name), bytes_of(name)))
			return act->field[i];
	must_fail("the kind has the field", __FILE__, __LINE__);
}

uint64_t act_number(const struct act *act, const char *name)
{
	uint64_t number = 0;
	bool read = text_number(act_field(act, name), UINT64_MAX, &number);

	must(read);
	return number;
}

struct digest act_digest(const struct act *act, const char *name)
{
	struct digest digest;
	bool read = hex_read(act_field(act, name), digest.octet, DIGEST_SIZE);

	must(read);
	return digest;
}

struct ledger_time act_time(const struct act *act, const char *name)
{
	struct ledger_time time = {0};
	bool read = time_read(act_field(act, name), &time);

	must(read);
	return time;
}

bool act_slot(const struct act *act, const char *name, struct digest *digest)
{
	if (bytes_same(act_field(act, name), BYTES("none")))
		return false;
	*digest = act_digest(act, name);
	return true;
}

uint64_t act_counted(const struct act *act, const char *name, struct digest *digest)
{
	struct bytes value = act_field(act, name);
	uint64_t number = 0;
	bool read = text_word_number(&value, INT64_MAX, &number) &&
	            hex_read(value, digest->octet, DIGEST_SIZE);

	must(read);
	return number;
}

struct bytes act_base64(const struct act *act, const char *name, struct arena *arena)
{
	uint8_t *octets = arena_take(arena, ACT_BASE64_MAX);
	size_t size = 0;
	bool read = base64_read(act_field(act, name), octets, ACT_BASE64_MAX, &size);

	must(read);
	return (struct bytes){octets, size};
}

/* The first line of `*lines`, which are whole lines, taken off; its LF left out. */
static bool line_take(struct bytes *lines, struct bytes *line)
{
	struct text text = {.rest = *lines};

	if (!text_line(&text, line))
		return false;
	*lines = text.rest;
	return true;
}

bool act_key(struct bytes *lines, enum key_role *role, struct note_key *key)
{
	struct bytes line, value = {NULL, 0}, word = {NULL, 0};
	bool read;

	if (!line_take(lines, &line))
		return false;
	read = text_field(line, "key", &value) && text_word(&value, &word) && note_key_read(value, key);
	must(read);
	*role = key_role(word);
	return true;
}

bool act_record(struct bytes *lines, struct arena *arena, struct rr *rr)
{
	struct fault fault;
	struct bytes line;
	bool read;

	if (!line_take(lines, &line))
		return false;
	/* It was read strictly when it came in. */
	read = rr_read_text(bytes_from(line, 2), arena, rr, &fault);
	must(read);
	return true;
}

struct bytes act_embedded(const struct act *act, struct arena *arena)
{
	struct writer w = writer_in(arena);
	struct bytes lines = act->embed, line;

	while (line_take(&lines, &line)) {
		write_bytes(&w, bytes_from(line, 2));
		write_octet(&w, '\n');
	}
	return writer_keep(&w, arena);
}

void act_write(struct writer *writer, const struct act *act)
{
	const struct act_row *row = act_row(act->kind);

	write_text(writer, HEAD);
	write_text(writer, row->word);
	write_text(writer, "\nfederation: ");
	write_bytes(writer, act->origin);
	write_octet(writer, ' ');
	write_hex(writer, (struct bytes){act->federation, ACT_FEDERATION_SIZE});
	write_octet(writer, '\n');
	write_field_number(writer, "charter", act->charter);
	write_field(writer, "by", act->by);
	write_field_time(writer, "until", act->until);
	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		if (row->field[i].form == FORM_KEYS)
			write_bytes(writer, act->field[i]);
		else
			write_field(writer, row->field[i].name, act->field[i]);
	write_bytes(writer, act->records);
	write_bytes(writer, act->embed);
	write_bytes(writer, act->words);
}

void act_write_record(struct writer *writer, const struct rr *rr)
{
	write_text(writer, "+ ");
	rr_write_text(writer, rr);
	write_octet(writer, '\n');
}

void act_write_embedded(struct writer *writer, struct bytes document)
{
	struct bytes line;

	while (line_take(&document, &line)) {
		write_text(writer, line.size == 0 ? "|" : "| ");
		write_bytes(writer, line);
		write_octet(writer, '\n');
	}
	must(document.size == 0);
}

void act_write_words(struct writer *writer, struct bytes line)
{
	write_text(writer, "> ");
	write_bytes(writer, line);
	write_octet(writer, '\n');
}

/* "origin/sort/owner/number" */
static bool key_name(struct bytes name, uint8_t sort, struct bytes *origin, struct bytes *owner, uint32_t *number)
{
	size_t slash[2], found = 0;
	uint64_t n;

	for (size_t i = name.size; i > 0 && found < 2; i--)
		if (name.at[i - 1] == '/')
			slash[found++] = i - 1;
	if (found < 2 || slash[1] < 2 || name.at[slash[1] - 1] != sort || name.at[slash[1] - 2] != '/')
		return false;
	*origin = bytes_first(name, slash[1] - 2);
	*owner = (struct bytes){name.at + slash[1] + 1, slash[0] - slash[1] - 1};
	if (!origin_valid(*origin) || !party_name_valid(*owner) ||
	    !text_number(bytes_from(name, slash[0] + 1), 999999, &n))
		return false;
	*number = (uint32_t)n;
	return true;
}

bool act_key_name(struct bytes name, struct bytes *origin, struct bytes *party, uint32_t *number)
{
	return key_name(name, 'p', origin, party, number);
}

bool act_operator_key_name(struct bytes name, struct bytes *origin, struct bytes *operator, uint32_t *number)
{
	return key_name(name, 'o', origin, operator, number);
}
