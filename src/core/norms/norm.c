/* SPDX-License-Identifier: Apache-2.0 */
#include "norms/norm.h"

#include "act/kind.h"
#include "base/text.h"
#include "base/words.h"

struct reader {
	struct text text;
	struct bytes line; /* read last */
	struct norm *norm;
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

static bool ahead(const struct reader *r, struct bytes begin)
{
	struct bytes line;

	return text_peek(&r->text, &line) && bytes_starts(line, begin);
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

static bool words(struct reader *r, struct bytes line)
{
	struct fault fault;

	if (words_valid(line, &fault))
		return true;
	*r->fault = (struct fault){r->text.line, fault.column, fault.why};
	return false;
}

static bool read_version(struct reader *r)
{
	static const char WHY[] = "expected a version from 1 to 999999999";
	struct bytes rest;
	uint64_t number;

	if (!value(r, BYTES("version"), &rest, WHY))
		return false;
	if (!text_number(rest, NORM_VERSION_MAX, &number) || number == 0)
		return cannot(r, WHY);
	r->norm->version = (uint32_t)number;
	return true;
}

static bool is_tag(struct bytes tag)
{
	for (size_t i = 0; i < tag.size; i++)
		if (tag.at[i] < 'a' || tag.at[i] > 'z')
			return false;
	return tag.size == 2 || tag.size == 3;
}

/* "languages en zh, equally authentic"; one language has nobody to be equal to. */
static bool read_languages(struct reader *r)
{
	static const char WHY[] = "expected the languages, equally authentic where there is more than one";
	static const char EQUALLY[] = ", equally authentic";
	struct norm *n = r->norm;
	struct bytes rest, tag;
	bool equally;

	if (!value(r, BYTES("languages"), &rest, WHY))
		return false;
	equally = rest.size > sizeof(EQUALLY) &&
	          bytes_same(bytes_from(rest, rest.size - (sizeof(EQUALLY) - 1)), BYTES(", equally authentic"));
	if (equally)
		rest.size -= sizeof(EQUALLY) - 1;
	while (rest.size > 0) {
		if (!text_word(&rest, &tag) || !is_tag(tag))
			return cannot(r, "a language is two or three letters");
		for (unsigned i = 0; i < n->languages; i++)
			if (bytes_same(n->language[i], tag))
				return cannot(r, "a language given twice");
		if (n->languages == NORM_LANGUAGES_MAX)
			return cannot(r, "more than 8 languages");
		n->language[n->languages++] = tag;
	}
	return equally == (n->languages > 1) || cannot(r, WHY);
}

static bool read_titles(struct reader *r)
{
	static const char WHY[] = "expected a title for each language, in their order";
	struct norm *n = r->norm;

	for (unsigned i = 0; i < n->languages; i++) {
		struct bytes rest;

		if (!value(r, BYTES("title"), &rest, WHY))
			return false;
		if (!bytes_starts(rest, n->language[i]) || rest.size < n->language[i].size + 2 ||
		    rest.at[n->language[i].size] != ' ')
			return cannot(r, WHY);
		n->title[i] = bytes_from(rest, n->language[i].size + 1);
		if (!words(r, n->title[i]))
			return false;
	}
	return true;
}

static bool read_notice(struct reader *r)
{
	static const char WHY[] = "expected notice and a span of time, 90d, at most five years; or notice none";
	struct bytes rest;
	char form[12];

	if (!value(r, BYTES("notice"), &rest, WHY))
		return false;
	if (bytes_same(rest, BYTES("none")))
		return true;
	if (!time_span_read(rest, &r->norm->notice) || r->norm->notice == 0 || r->norm->notice > NORM_NOTICE_MAX ||
	    !bytes_same(rest, (struct bytes){(const uint8_t *)form, time_span_write(form, r->norm->notice)}))
		return cannot(r, WHY);
	return true;
}

static bool read_head(struct reader *r)
{
	if (!next(r, "a norm begins with comity-norm/1"))
		return false;
	if (!bytes_same(r->line, BYTES("comity-norm/1")))
		return cannot(r, "a norm begins with comity-norm/1");
	if (!value(r, BYTES("norm"), &r->norm->id, "expected norm and its name"))
		return false;
	if (!party_name_valid(r->norm->id))
		return cannot(r, "a name is 2 to 63 of a-z, 0-9 and -, no - at an end");
	return read_version(r) && read_languages(r) && read_titles(r) &&
	       value(r, BYTES("source"), &r->norm->source, "expected source and where it comes from") &&
	       words(r, r->norm->source) && read_notice(r);
}

/* The lines of one language. */
static bool read_prose(struct reader *r, struct bytes tag)
{
	static const char WHY[] = "a paragraph has words in every language, in their order";
	uint8_t begin[4];
	struct bytes rest;

	memcpy(begin, tag.at, tag.size);
	begin[tag.size] = ' ';
	do {
		if (!value(r, tag, &rest, WHY) || !words(r, rest))
			return false;
	} while (ahead(r, (struct bytes){begin, tag.size + 1}));
	return true;
}

static bool read_duty(struct reader *r, struct norm_paragraph *p)
{
	struct bytes rest;

	if (!ahead(r, BYTES("duty ")))
		return true;
	if (!value(r, BYTES("duty"), &rest, "expected a duty"))
		return false;
	if (!duty_read(rest, &p->duty))
		return cannot(r, "expected a duty: signs, pool, share, server, dual-stack, votes, technical or award; "
		                 "within; a span from 1h to 366d");
	p->has_duty = true;
	return ++r->norm->duties <= NORM_DUTIES_MAX || cannot(r, "more than 8 duties");
}

/* Numbers begin at 1 and leave nothing out: a reservation names them. */
static bool read_paragraph(struct reader *r)
{
	static const char WHY[] = "expected an empty line and the next paragraph: paragraph 1, 2, ...";
	struct norm *n = r->norm;
	struct norm_paragraph *p;
	struct bytes rest, from;
	uint64_t number;

	if (!next(r, WHY))
		return false;
	if (r->line.size != 0)
		return cannot(r, WHY);
	if (n->count == NORM_PARAGRAPHS_MAX)
		return cannot(r, "more than 64 paragraphs");
	p = &n->paragraph[n->count++];
	*p = (struct norm_paragraph){.has_duty = false};
	if (!value(r, BYTES("paragraph"), &rest, WHY))
		return false;
	if (!text_number(rest, NORM_PARAGRAPHS_MAX, &number) || number != n->count)
		return cannot(r, WHY);
	from = r->text.rest;
	for (unsigned i = 0; i < n->languages; i++)
		if (!read_prose(r, n->language[i]))
			return false;
	p->words = bytes_first(from, from.size - r->text.rest.size);
	return read_duty(r, p);
}

bool norm_read(struct bytes text, struct norm *norm, struct fault *fault)
{
	struct reader r = {.text = {.rest = text}, .norm = norm, .fault = fault};

	norm->version = 0;
	norm->languages = norm->count = norm->duties = 0;
	norm->notice = 0;
	if (text.size > NORM_SIZE_MAX) {
		*fault = (struct fault){.why = "a norm has at most 16384 octets"};
		return false;
	}
	if (!read_head(&r))
		return false;
	do {
		if (!read_paragraph(&r))
			return false;
	} while (r.text.rest.size > 0);
	return true;
}

struct bytes norm_title(const struct norm *norm, struct bytes tag)
{
	for (unsigned i = 0; i < norm->languages; i++)
		if (bytes_same(norm->language[i], tag))
			return norm->title[i];
	return norm->title[0];
}
