/* SPDX-License-Identifier: Apache-2.0 */
/* Articles: prose in every language, and the rules that stand in them. */
#include "charter/read.h"

/* "article N[ entrenched]", after an empty line. */
static enum mishap read_number(struct reader *reader, struct charter_article *article)
{
	struct cursor *cursor = &reader->cursor;
	struct charter *charter = &reader->charter;
	uint64_t number = 0;
	size_t from;
	enum mishap m = next_line(reader, "expected an article");

	if (m != OK)
		return m;
	if (!cursor_take(cursor, "article "))
		return cursor_fault(cursor, "expected an article");
	from = cursor->at;
	m = cursor_number(cursor, CHARTER_ARTICLE_MAX, "expected a number from 1 to 999",
	                  &number);
	if (m != OK)
		return m;
	if (charter->article_count > 0 && number <= article[-1].number)
		return cursor_fault_since(cursor, from, "articles stand in ascending order");
	article->number = (uint16_t)number;
	article->line = cursor->number;
	article->entrenched = cursor_take(cursor, " entrenched");
	return read_end(reader);
}

/* Whether the next line is prose in this language. */
static bool prose_ahead(const struct reader *reader, struct bytes tag)
{
	struct bytes line;

	return text_peek(&reader->text, &line) && bytes_starts(line, tag) &&
	       line.size > tag.size && line.at[tag.size] == ' ';
}

/* The lines of one language: the first is the heading. */
static enum mishap read_prose(struct reader *reader, struct bytes tag, struct bytes *heading)
{
	static const char WHY[] = "an article has words in every language, in their order";
	struct bytes words;

	heading->size = 0;
	do {
		enum mishap m = next_line(reader, WHY);

		if (m != OK)
			return m;
		if (!bytes_same(cursor_word(&reader->cursor), tag))
			return cursor_fault(&reader->cursor, WHY);
		reader->cursor.at += tag.size;
		if (!cursor_take(&reader->cursor, " "))
			return cursor_fault(&reader->cursor, "expected a blank and words");
		m = read_words(reader, &words);
		if (m != OK)
			return m;
		if (heading->size == 0)
			*heading = words;
	} while (prose_ahead(reader, tag));
	return OK;
}

/* No name comes twice, so there is room for every rule that is read. */
static enum mishap read_rules(struct reader *reader, uint16_t article,
                              struct charter_rule *rules)
{
	struct charter *charter = &reader->charter;

	while (ahead(reader, "rule ")) {
		enum mishap m = next_line(reader, "expected a rule");

		if (m == OK)
			m = read_rule(reader, article, &rules[charter->rule_count]);
		if (m != OK)
			return m;
		charter->rule_count++;
	}
	return OK;
}

static enum mishap read_parameters(struct reader *reader, uint16_t article)
{
	enum mishap m = OK;

	while (m == OK && parameter_ahead(reader))
		m = read_parameter(reader, article);
	return m;
}

static enum mishap no_gap(struct reader *reader)
{
	static const char WHY[] =
		"expected words, then rules, then times and limits, then an empty line and an article";
	const struct charter *charter = &reader->charter;
	struct nearest nearest = nearest_to(cursor_word(&reader->cursor));

	if (charter->article_count == 0)
		return cursor_fault(&reader->cursor,
		                    cursor_sees(&reader->cursor, "rule ")
		                            ? "a rule stands in an article"
		                            : "expected an empty line and an article");
	nearest_try(&nearest, BYTES("rule"));
	nearest_try(&nearest, BYTES("arbitration"));
	nearest_try(&nearest, BYTES("batches"));
	for (size_t i = 0; i < charter->language_count; i++)
		nearest_try(&nearest, charter->languages[i]);
	return cursor_fault_near(&reader->cursor, WHY, &nearest);
}

/* The empty line before an article. */
static enum mishap read_gap(struct reader *reader)
{
	enum mishap m = next_line(reader, "expected an empty line and an article");

	if (m != OK || reader->cursor.line.size == 0)
		return m;
	return no_gap(reader);
}

static enum mishap read_article(struct reader *reader, struct charter_article *article,
                                struct charter_rule *rules)
{
	struct charter *charter = &reader->charter;
	struct bytes from = reader->text.rest;
	enum mishap m = read_number(reader, article);

	for (size_t i = 0; m == OK && i < charter->language_count; i++)
		m = read_prose(reader, charter->languages[i], &article->heading[i]);
	if (m == OK)
		m = read_rules(reader, article->number, rules);
	if (m == OK)
		m = read_parameters(reader, article->number);
	if (m != OK)
		return m;
	article->text = bytes_first(from, from.size - reader->text.rest.size);
	charter->article_count++;
	return OK;
}

enum mishap read_articles(struct reader *reader)
{
	struct charter *charter = &reader->charter;
	struct charter_article *articles =
		arena_take_array(reader->arena, CHARTER_ARTICLES_MAX, sizeof(*articles));
	struct charter_rule *rules =
		arena_take_array(reader->arena, CHARTER_RULES_MAX, sizeof(*rules));

	charter->articles = articles;
	charter->rules = rules;
	do {
		enum mishap m = read_gap(reader);

		if (m == OK && charter->article_count == CHARTER_ARTICLES_MAX)
			m = cursor_limit(&reader->cursor, "more than 128 articles");
		if (m == OK)
			m = read_article(reader, &articles[charter->article_count], rules);
		if (m != OK)
			return m;
	} while (reader->text.rest.size != 0);
	return OK;
}
