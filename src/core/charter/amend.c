/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/amend.h"

static bool set_same(const struct charter_set *a, const struct charter_set *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->kind == b->kind && bytes_same(a->source, b->source);
}

/* Of two expressions that are written alike, so that they have the same clauses. */
static bool meaning_same(const struct charter *of_a, const struct charter_expression *a,
                         const struct charter *of_b, const struct charter_expression *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!set_same(a->clauses[i].set, b->clauses[i].set))
			return false;
		if (a->clauses[i].by_weight &&
		    !bytes_same(of_a->weights_source, of_b->weights_source))
			return false;
	}
	return true;
}

bool charter_rule_same(const struct charter *of_a, const struct charter_rule *a,
                       const struct charter *of_b, const struct charter_rule *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return bytes_same(a->source, b->source) && set_same(a->objectors, b->objectors) &&
	       meaning_same(of_a, &a->consent, of_b, &b->consent) &&
	       meaning_same(of_a, &a->fast, of_b, &b->fast) &&
	       meaning_same(of_a, &a->ratified, of_b, &b->ratified);
}

/* Whether every entrenched article of `from` stands in `to`, entrenched and word for word. */
static bool articles_kept(const struct charter *from, const struct charter *to)
{
	for (size_t i = 0; i < from->article_count; i++) {
		const struct charter_article *kept;

		if (!from->articles[i].entrenched)
			continue;
		kept = charter_article(to, from->articles[i].number);
		if (kept == NULL || !bytes_same(kept->text, from->articles[i].text))
			return false;
	}
	return true;
}

/* Whether every rule in an entrenched article of `from` means the same in `to`. */
static bool rules_kept(const struct charter *from, const struct charter *to)
{
	for (size_t i = 0; i < from->rule_count; i++) {
		const struct charter_rule *rule = &from->rules[i];

		if (charter_article(from, rule->article)->entrenched &&
		    !charter_rule_same(from, rule, to, charter_rule(to, rule->name)))
			return false;
	}
	return true;
}

/* Whether no rule comes that touches what a party holds: what has no rule cannot be done. */
static bool none_added(const struct charter *from, const struct charter *to)
{
	for (size_t i = 0; i < CHARTER_RULES_MAX; i++) {
		struct bytes name = bytes_of(CHARTER_RULE_NAMES[i].name);

		if (CHARTER_RULE_NAMES[i].own && charter_rule(from, name) == NULL &&
		    charter_rule(to, name) != NULL)
			return false;
	}
	return true;
}

static bool asks_ruling(const struct charter_expression *expression)
{
	for (size_t i = 0; i < expression->count; i++)
		if (expression->clauses[i].kind == CLAUSE_RULING)
			return true;
	return false;
}

/* Whether a rule in an entrenched article rests on a ruling. */
static bool ruling_entrenched(const struct charter *charter)
{
	for (size_t i = 0; i < charter->rule_count; i++) {
		const struct charter_rule *rule = &charter->rules[i];

		if (charter_article(charter, rule->article)->entrenched &&
		    (asks_ruling(&rule->consent) || asks_ruling(&rule->fast)))
			return true;
	}
	return false;
}

/* Whether nobody has less time in an arbitration than before, where what is entrenched rests on one. */
static bool times_kept(const struct charter *from, const struct charter *to)
{
	for (unsigned i = 0; i < CHARTER_TIMES; i++)
		if (to->times.seconds[i] < from->times.seconds[i])
			return !ruling_entrenched(from);
	return true;
}

const struct charter_rule *charter_amending_rule(const struct charter *from,
                                                 const struct charter *to)
{
	const struct charter_rule *entrench = charter_rule(from, BYTES("charter.entrench"));

	if (entrench == NULL)
		return charter_rule(from, BYTES("charter.amend"));
	if (articles_kept(from, to) && articles_kept(to, from) && rules_kept(from, to) && none_added(from, to) &&
	    times_kept(from, to) &&
	    bytes_same(from->languages_source, to->languages_source) &&
	    bytes_same(from->inactive_source, to->inactive_source))
		return charter_rule(from, BYTES("charter.amend"));
	return entrench;
}
