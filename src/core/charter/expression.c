/* SPDX-License-Identifier: Apache-2.0 */
#include "base/must.h"
#include "charter/read.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Clauses that are one word, or begin with one that no other begins with. */
static const struct {
	const char *word;
	enum charter_clause_kind kind;
} WORDS[] = {
	{"holder", CLAUSE_HOLDER},     {"recipient", CLAUSE_RECIPIENT},
	{"proposer", CLAUSE_PROPOSER}, {"party", CLAUSE_PARTY},
	{"all", CLAUSE_ALL},           {"quorum", CLAUSE_QUORUM},
	{"no", CLAUSE_NO_VETO},        {"objections", CLAUSE_OBJECTIONS},
	{"checked", CLAUSE_CHECKED},   {"ruling", CLAUSE_RULING},
	{"recognised", CLAUSE_RECOGNISED}, {"removed", CLAUSE_REMOVED},
};

/* An expression while it is read: preorder, the joining clause put in once it is seen. */
struct clauses {
	size_t count;
	struct charter_clause at[CHARTER_CLAUSES_MAX];
};

static enum mishap read_k(struct reader *reader, struct charter_clause *clause)
{
	uint64_t number = 0;
	enum mishap m = cursor_number(&reader->cursor, CHARTER_MEMBERS_MAX,
	                              "expected a number from 1 to 512", &number);

	clause->number = (uint16_t)number;
	return m;
}

/* No set of names is larger than what is asked of it; chambers are known only in a case. */
static enum mishap check_k(struct reader *reader, const struct charter_clause *clause,
                           size_t from)
{
	if (clause->set->kind == SET_NAMES && clause->number > clause->set->count)
		return cursor_fault_since(&reader->cursor, from, "more than the set has names");
	return OK;
}

static enum mishap read_fraction(struct reader *reader, struct charter_clause *clause)
{
	static const char WHY[] = "expected a fraction p/q, p from 1 to q, q at most 1000";
	struct cursor *cursor = &reader->cursor;
	size_t from = cursor->at;
	uint64_t p, q;
	enum mishap m = cursor_number(cursor, CHARTER_PARTS_MAX, WHY, &p);

	if (m != OK)
		return m;
	if (!cursor_take(cursor, "/"))
		return cursor_fault(cursor, WHY);
	m = cursor_number(cursor, CHARTER_PARTS_MAX, WHY, &q);
	if (m != OK)
		return m;
	if (p > q)
		return cursor_fault_since(cursor, from, "more than the whole");
	if (clause->more_than && p == q)
		return cursor_fault_since(cursor, from, "nothing is more than the whole");
	clause->p = (uint16_t)p;
	clause->q = (uint16_t)q;
	return OK;
}

static enum mishap read_by_weight(struct reader *reader, struct charter_clause *clause)
{
	size_t from = reader->cursor.at;

	if (!cursor_take(&reader->cursor, " by weight"))
		return OK;
	if (reader->charter.weight_count == 0)
		return cursor_fault_since(&reader->cursor, from + 1,
		                          "no party has a weight here");
	clause->by_weight = true;
	return OK;
}

/* K of SET */
static enum mishap read_count(struct reader *reader, struct charter_clause *clause)
{
	struct cursor *cursor = &reader->cursor;
	size_t from = cursor->at;
	enum mishap m = read_k(reader, clause);

	clause->kind = CLAUSE_COUNT;
	if (m != OK)
		return m;
	if (!cursor_take(cursor, " of "))
		return cursor_fault(cursor, "expected \"of\" and a set of parties");
	m = read_set(reader, &clause->set);
	return m != OK ? m : check_k(reader, clause, from);
}

/* objections SET < K */
static enum mishap read_objections(struct reader *reader, struct charter_clause *clause)
{
	struct cursor *cursor = &reader->cursor;
	size_t from;
	enum mishap m;

	if (!cursor_take(cursor, " "))
		return cursor_fault(cursor, "expected a set of parties");
	m = read_set(reader, &clause->set);
	if (m != OK)
		return m;
	if (!cursor_take(cursor, " < "))
		return cursor_fault(cursor, "expected < and a number");
	from = cursor->at;
	m = read_k(reader, clause);
	return m != OK ? m : check_k(reader, clause, from);
}

/* quorum p/q [of SET] [by weight] */
static enum mishap read_quorum(struct reader *reader, struct charter_clause *clause)
{
	struct cursor *cursor = &reader->cursor;
	enum mishap m;

	if (!cursor_take(cursor, " "))
		return cursor_fault(cursor, "expected a fraction p/q");
	m = read_fraction(reader, clause);
	if (m != OK)
		return m;
	clause->set = find_set(&reader->charter, BYTES("parties"));
	if (cursor_take(cursor, " of "))
		m = read_set(reader, &clause->set);
	return m != OK ? m : read_by_weight(reader, clause);
}

/* SET > p/q [of votes cast] [by weight], SET being a word. */
static enum mishap read_share(struct reader *reader, struct charter_clause *clause)
{
	struct cursor *cursor = &reader->cursor;
	enum mishap m = read_set(reader, &clause->set);

	if (m != OK)
		return m;
	clause->kind = CLAUSE_SHARE;
	clause->more_than = cursor_take(cursor, " > ");
	if (!clause->more_than && !cursor_take(cursor, " >= "))
		return cursor_fault(cursor, "expected > or >= and a fraction");
	m = read_fraction(reader, clause);
	if (m != OK)
		return m;
	clause->of_votes_cast = cursor_take(cursor, " of votes cast");
	return read_by_weight(reader, clause);
}

/* What follows the first word of a clause. */
static enum mishap read_rest(struct reader *reader, struct charter_clause *clause)
{
	struct cursor *cursor = &reader->cursor;

	switch (clause->kind) {
	case CLAUSE_PARTY:
		if (!cursor_take(cursor, " "))
			return cursor_fault(cursor, "expected the name of a party");
		return cursor_name(cursor, false, &clause->party);
	case CLAUSE_RECOGNISED:
	case CLAUSE_REMOVED:
		if (!cursor_take(cursor, clause->kind == CLAUSE_RECOGNISED ? " by " : " from "))
			return cursor_fault(cursor, "expected \"recognised by\" or \"removed from\" and the name of a register");
		return cursor_name(cursor, true, &clause->party);
	case CLAUSE_QUORUM:
		return read_quorum(reader, clause);
	case CLAUSE_NO_VETO:
		if (!cursor_take(cursor, " veto of "))
			return cursor_fault(cursor,
			                    "expected \"veto of\" and a set of parties");
		return read_set(reader, &clause->set);
	case CLAUSE_OBJECTIONS:
		return read_objections(reader, clause);
	default:
		return OK;
	}
}

static enum mishap unknown_clause(struct reader *reader, struct bytes word)
{
	struct nearest nearest = nearest_to(word);

	if (cursor_done(&reader->cursor))
		return cursor_fault(&reader->cursor, "an expression is missing");
	if (cursor_sees(&reader->cursor, " "))
		return cursor_fault(&reader->cursor, "one blank too many");
	for (size_t i = 0; i < COUNT(WORDS); i++)
		nearest_try(&nearest, bytes_of(WORDS[i].word));
	nearest_set(&nearest, &reader->charter);
	return cursor_fault_near(&reader->cursor, "no clause begins so", &nearest);
}

static enum mishap read_body(struct reader *reader, struct charter_clause *clause)
{
	struct cursor *cursor = &reader->cursor;
	struct bytes word = cursor_word(cursor);

	for (size_t i = 0; i < COUNT(WORDS); i++)
		if (bytes_same(word, bytes_of(WORDS[i].word))) {
			cursor->at += word.size;
			clause->kind = WORDS[i].kind;
			return read_rest(reader, clause);
		}
	if (word.size != 0 && word.at[0] >= '0' && word.at[0] <= '9')
		return read_count(reader, clause);
	if (word.size == 0 || find_set(&reader->charter, word) == NULL)
		return unknown_clause(reader, word);
	return read_share(reader, clause);
}

/* Whether "excluding concerned" may follow: clauses that ask more than one named party. */
static bool may_exclude(const struct charter_clause *clause)
{
	return clause->set != NULL || clause->kind == CLAUSE_ALL;
}

static enum mishap read_clause(struct reader *reader, struct clauses *out)
{
	struct cursor *cursor = &reader->cursor;
	struct charter_clause clause = {.span = 1};
	size_t from = cursor->at;
	enum mishap m = read_body(reader, &clause);

	if (m != OK)
		return m;
	if (may_exclude(&clause))
		clause.excluding_concerned = cursor_take(cursor, " excluding concerned");
	clause.source = cursor_since(cursor, from);
	out->at[out->count++] = clause;
	return OK;
}

static enum mishap make_room(struct reader *reader, const struct clauses *out)
{
	if (out->count < CHARTER_CLAUSES_MAX)
		return OK;
	return cursor_limit(&reader->cursor, "more than 64 clauses in one expression");
}

static enum mishap read_joined(struct reader *reader, struct clauses *out, unsigned depth);

/* One clause, or an expression in parentheses that joins clauses. */
static enum mishap read_term(struct reader *reader, struct clauses *out, unsigned depth)
{
	struct cursor *cursor = &reader->cursor;
	size_t from = cursor->at, first = out->count;
	enum mishap m = make_room(reader, out);

	if (m != OK)
		return m;
	if (!cursor_take(cursor, "("))
		return read_clause(reader, out);
	if (depth == CHARTER_DEPTH_MAX)
		return cursor_limit(cursor, "parentheses too deep");
	m = read_joined(reader, out, depth + 1);
	if (m != OK)
		return m;
	if (!cursor_take(cursor, ")"))
		return cursor_fault(cursor, "expected &, | or )");
	if (!charter_clause_joins(&out->at[first]))
		return cursor_fault_since(cursor, from, "parentheses around a single clause");
	return OK;
}

/* Puts the clause that joins in front of the first of those it joins. */
static enum mishap put_joint(struct reader *reader, struct clauses *out, size_t first,
                             enum charter_clause_kind kind)
{
	enum mishap m = make_room(reader, out);

	if (m != OK)
		return m;
	memmove(&out->at[first + 1], &out->at[first],
	        (out->count - first) * sizeof(out->at[0]));
	out->at[first] = (struct charter_clause){.kind = kind};
	out->count++;
	return OK;
}

/* Takes & or |; false when neither comes. */
static bool take_joint(struct cursor *cursor, enum charter_clause_kind *kind)
{
	if (cursor_take(cursor, " & "))
		*kind = CLAUSE_ALL_OF;
	else if (cursor_take(cursor, " | "))
		*kind = CLAUSE_ANY_OF;
	else
		return false;
	return true;
}

static const char IDLE[] = "parentheses that change nothing";

/* One more term of those that `joint` joins. */
static enum mishap read_next(struct reader *reader, struct clauses *out, unsigned depth,
                             enum charter_clause_kind joint)
{
	size_t term = out->count, from = reader->cursor.at;
	enum mishap m = read_term(reader, out, depth);

	if (m == OK && out->at[term].kind == joint)
		return cursor_fault_since(&reader->cursor, from, IDLE);
	return m;
}

/* The terms after the first `joint`, as far as joints go. */
static enum mishap read_others(struct reader *reader, struct clauses *out, unsigned depth,
                               enum charter_clause_kind joint)
{
	struct cursor *cursor = &reader->cursor;
	enum charter_clause_kind next;

	for (;;) {
		enum mishap m = read_next(reader, out, depth, joint);
		size_t end = cursor->at;

		if (m != OK || !take_joint(cursor, &next))
			return m;
		if (next != joint) {
			cursor->at = end + 1;
			return cursor_fault(cursor, "& and | meet without parentheses");
		}
	}
}

/*
 * Terms joined by & only, or by | only. There is no precedence to remember:
 * where both meet, parentheses stand; where they would change nothing, none do.
 */
static enum mishap read_joined(struct reader *reader, struct clauses *out, unsigned depth)
{
	struct cursor *cursor = &reader->cursor;
	size_t first = out->count, from = cursor->at, end;
	enum charter_clause_kind joint;
	enum mishap m = read_term(reader, out, depth);
	bool joined;

	if (m != OK)
		return m;
	end = cursor->at;
	joined = take_joint(cursor, &joint);
	if (charter_clause_joins(&out->at[first]) &&
	    (!joined || out->at[first].kind == joint)) {
		cursor->at = end;
		return cursor_fault_since(cursor, from, IDLE);
	}
	if (!joined)
		return OK;
	m = put_joint(reader, out, first, joint);
	if (m == OK)
		m = read_others(reader, out, depth, joint);
	if (m != OK)
		return m;
	out->at[first].span = (uint16_t)(out->count - first);
	out->at[first].source = cursor_since(cursor, from);
	return OK;
}

enum mishap read_expression(struct reader *reader, struct charter_expression *out)
{
	struct clauses clauses;
	struct charter_clause *kept;
	enum mishap m;

	clauses.count = 0;
	m = read_joined(reader, &clauses, 0);
	if (m != OK)
		return m;
	must(clauses.count >= 1 && clauses.count <= CHARTER_CLAUSES_MAX);
	kept = arena_take_array(reader->arena, clauses.count, sizeof(*kept));
	memcpy(kept, clauses.at, clauses.count * sizeof(*kept));
	*out = (struct charter_expression){kept, clauses.count};
	return OK;
}
