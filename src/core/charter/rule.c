/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/rule.h"

#include "charter/read.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

const struct charter_rule_name CHARTER_RULE_NAMES[CHARTER_RULES_MAX] = {
	{"delegate.grant", "grant, and delegate of a name that has no record", false, true, false},
	{"delegate.update", "delegate of a name that has a record", true, false, true},
	{"delegate.drop-ds", "ds-drop", true, false, true},
	{"delegate.transfer", "transfer", false, false, true},
	{"delegate.withdraw", "delegate of no records", false, false, true},
	{"delegate.revoke", "ruling that takes a delegation", false, false, true},
	{"host.update", "host", false, false, true},
	{"server.update", "server", false, false, false},
	{"party.admit", "accede", false, true, false},
	{"party.withdraw", "withdraw", true, false, false},
	{"charter.amend", "charter-amend", true, false, false},
	{"charter.entrench", "charter-amend that touches an entrenched article", false, false, false},
	{"waiver.grant", "waive", false, false, false},
	{"custody.open", "open", false, false, false},
	{"emergency.freeze", "freeze", false, false, false},
	{"emergency.cancel", "cancel", false, false, false},
	{"delegate.retire", "retire, and plan of a later end", false, true, true},
	{"delegate.operate", "operate, and resume where who speaks for the holder is contested", false, false, true},
	{"party.rekey", "rekey", false, false, true},
	{"norm.adopt", "norm, repeal", false, false, false},
	{"party.suspend", "suspend", false, true, false},
	{"register.adopt", "register", false, false, false},
};

static enum mishap read_rule_name(struct reader *reader, struct charter_rule *rule)
{
	struct cursor *cursor = &reader->cursor;
	struct bytes word = cursor_word(cursor);
	struct nearest nearest = nearest_to(word);

	for (size_t i = 0; i < COUNT(CHARTER_RULE_NAMES); i++) {
		struct bytes name = bytes_of(CHARTER_RULE_NAMES[i].name);

		nearest_try(&nearest, name);
		if (!bytes_same(word, name))
			continue;
		if (charter_rule(&reader->charter, name) != NULL)
			return cursor_fault(cursor, "a second rule of this name");
		cursor->at += word.size;
		rule->name = word;
		return OK;
	}
	return cursor_fault_near(cursor, "no rule has this name", &nearest);
}

enum mishap read_span(struct reader *reader, int64_t *seconds)
{
	static const char WHY[] = "expected a span of time: 14d, 72h, 30m or 90s";
	struct cursor *cursor = &reader->cursor;
	struct bytes word;
	int64_t span = 0;

	if (!cursor_take(cursor, " "))
		return cursor_fault(cursor, WHY);
	word = cursor_word(cursor);
	if (!time_span_read(word, &span) || span == 0)
		return cursor_fault(cursor, WHY);
	cursor->at += word.size;
	*seconds = span;
	return OK;
}

static enum mishap read_by(struct reader *reader)
{
	if (!cursor_take(&reader->cursor, " by "))
		return cursor_fault(&reader->cursor, "expected \"by\" and who decides");
	return OK;
}

static bool has_quorum(const struct charter_expression *expression)
{
	for (size_t i = 0; i < expression->count; i++)
		if (expression->clauses[i].kind == CLAUSE_QUORUM)
			return true;
	return false;
}

/* Clauses that settle only when their time is over have no place in a shorter one. */
static enum mishap check_fast(struct reader *reader, const struct charter_expression *fast,
                              size_t from)
{
	for (size_t i = 0; i < fast->count; i++)
		if (fast->clauses[i].kind == CLAUSE_NO_VETO ||
		    fast->clauses[i].kind == CLAUSE_OBJECTIONS)
			return cursor_fault_since(&reader->cursor, from,
			                          "vetoes and objections cannot be expedited");
	return OK;
}

enum timing {
	TIMING_COMMENT,
	TIMING_VOTE,
	TIMING_LATE_QUORUM,
	TIMING_OBJECTION,
	TIMING_EXPEDITED,
	TIMING_DELAY,
	TIMING_CURE,
	TIMING_SUNSET,
	TIMING_RATIFY,
};

/* In the order in which they stand. */
static const char *const TIMINGS[] = {
	[TIMING_COMMENT] = "comment",
	[TIMING_VOTE] = "vote",           [TIMING_LATE_QUORUM] = "late quorum extends",
	[TIMING_OBJECTION] = "objection", [TIMING_EXPEDITED] = "expedited",
	[TIMING_DELAY] = "delay",         [TIMING_CURE] = "cure",
	[TIMING_SUNSET] = "sunset",       [TIMING_RATIFY] = "ratify",
};

static enum mishap read_comment(struct reader *reader, struct charter_rule *rule, size_t from)
{
	enum mishap m = read_span(reader, &rule->comment);

	if (m == OK)
		rule->comment_source = cursor_since(&reader->cursor, from);
	return m;
}

static enum mishap read_late_quorum(struct reader *reader, struct charter_rule *rule,
                                    size_t from)
{
	if (!has_quorum(&rule->consent))
		return cursor_fault_since(&reader->cursor, from, "this rule has no quorum");
	return read_span(reader, &rule->late_quorum);
}

static enum mishap read_objection(struct reader *reader, struct charter_rule *rule, size_t from)
{
	enum mishap m = read_span(reader, &rule->objection);

	if (m == OK)
		m = read_by(reader);
	if (m == OK)
		m = read_set(reader, &rule->objectors);
	if (m == OK)
		rule->objection_source = cursor_since(&reader->cursor, from);
	return m;
}

static enum mishap read_expedited(struct reader *reader, struct charter_rule *rule, size_t from)
{
	enum mishap m = read_span(reader, &rule->expedited);

	if (m != OK)
		return m;
	if (rule->expedited >= rule->vote)
		return cursor_fault_since(&reader->cursor, from, "not shorter than the vote");
	if (rule->objection != 0)
		return cursor_fault_since(&reader->cursor, from,
		                          "a time to object cannot be expedited");
	m = read_by(reader);
	if (m != OK)
		return m;
	from = reader->cursor.at;
	m = read_expression(reader, &rule->fast);
	return m != OK ? m : check_fast(reader, &rule->fast, from);
}

static enum mishap read_ratify(struct reader *reader, struct charter_rule *rule)
{
	enum mishap m = read_span(reader, &rule->ratify);

	if (m == OK)
		m = read_by(reader);
	return m != OK ? m : read_expression(reader, &rule->ratified);
}

/* What follows the words of a timing; `from` is where they begin. */
static enum mishap read_timing(struct reader *reader, enum timing timing,
                               struct charter_rule *rule, size_t from)
{
	switch (timing) {
	case TIMING_COMMENT:
		return read_comment(reader, rule, from);
	case TIMING_VOTE:
		return read_span(reader, &rule->vote);
	case TIMING_LATE_QUORUM:
		return read_late_quorum(reader, rule, from);
	case TIMING_OBJECTION:
		return read_objection(reader, rule, from);
	case TIMING_EXPEDITED:
		return read_expedited(reader, rule, from);
	case TIMING_DELAY:
		return read_span(reader, &rule->delay);
	case TIMING_CURE:
		return read_span(reader, &rule->cure);
	case TIMING_SUNSET:
		return read_span(reader, &rule->sunset);
	case TIMING_RATIFY:
		return read_ratify(reader, rule);
	}
	return OK;
}

static enum mishap unknown_timing(struct reader *reader)
{
	struct bytes word = cursor_word(&reader->cursor);
	struct nearest nearest = nearest_to(word);

	for (size_t i = 0; i < COUNT(TIMINGS); i++)
		nearest_try(&nearest, bytes_of(TIMINGS[i]));
	if (bytes_same(word, BYTES("late")))
		nearest.best = bytes_of(TIMINGS[TIMING_LATE_QUORUM]);
	return cursor_fault_near(&reader->cursor, "no timing begins so", &nearest);
}

/* Takes the words of a timing; where a longer word goes on, nothing. */
static bool take_timing(struct cursor *cursor, const char *words)
{
	size_t from = cursor->at;

	if (cursor_take(cursor, words) && cursor_word(cursor).size == 0)
		return true;
	cursor->at = from;
	return false;
}

/* Which timing comes. `*given` has a bit for each that came before. */
static enum mishap read_timing_words(struct reader *reader, unsigned *given,
                                     enum timing *timing)
{
	static const char ORDER[] = "timings stand in the order comment, vote, late quorum, objection, "
				    "expedited, delay, cure, sunset, ratify";
	struct cursor *cursor = &reader->cursor;
	size_t from = cursor->at;
	unsigned i = 0;

	while (i < COUNT(TIMINGS) && !take_timing(cursor, TIMINGS[i]))
		i++;
	if (i == COUNT(TIMINGS))
		return unknown_timing(reader);
	if ((*given >> i & 1) != 0)
		return cursor_fault_since(cursor, from, "a timing given twice");
	if (*given >> i != 0)
		return cursor_fault_since(cursor, from, ORDER);
	*given |= 1u << i;
	*timing = (enum timing)i;
	return OK;
}

static enum mishap read_timings(struct reader *reader, struct charter_rule *rule)
{
	enum timing timing = TIMING_VOTE;
	unsigned given = 0;

	while (cursor_take(&reader->cursor, ", ")) {
		size_t from = reader->cursor.at;
		enum mishap m = read_timing_words(reader, &given, &timing);

		if (m == OK)
			m = read_timing(reader, timing, rule, from);
		if (m != OK)
			return m;
	}
	return OK;
}

static bool asks_register(const struct charter_expression *expression)
{
	for (size_t i = 0; i < expression->count; i++)
		if (charter_clause_asks_register(&expression->clauses[i]))
			return true;
	return false;
}

/* A register is asked of whom or what an act brings in, takes up or ends; of nothing that a party has. */
static enum mishap check_register(struct reader *reader, const struct charter_rule *rule)
{
	size_t i = 0;

	while (!bytes_same(rule->name, bytes_of(CHARTER_RULE_NAMES[i].name)))
		i++;
	if (asks_register(&rule->ratified) ||
	    (!CHARTER_RULE_NAMES[i].of_register && (asks_register(&rule->consent) || asks_register(&rule->fast))))
		return cursor_fault_since(&reader->cursor, BYTES("rule ").size,
		                          "only party.admit, party.suspend, delegate.grant and delegate.retire ask a register");
	return OK;
}

/* People write "and"; the language writes &. */
static enum mishap unexpected(struct reader *reader)
{
	struct cursor *cursor = &reader->cursor;
	struct nearest nearest = {0};

	if (cursor_take(cursor, " ")) {
		struct bytes word = cursor_word(cursor);

		nearest = nearest_to(word);
		nearest_try(&nearest, BYTES("of votes cast"));
		nearest_try(&nearest, BYTES("by weight"));
		nearest_try(&nearest, BYTES("excluding concerned"));
		if (bytes_same(word, BYTES("and")))
			nearest.best = BYTES("&");
		if (bytes_same(word, BYTES("or")))
			nearest.best = BYTES("|");
	}
	return cursor_fault_near(cursor,
	                         "expected &, |, a comma and a timing, or the end of the line",
	                         &nearest);
}

enum mishap read_rule(struct reader *reader, uint16_t article, struct charter_rule *rule)
{
	struct cursor *cursor = &reader->cursor;
	struct charter_rule r = {
		.source = cursor->line,
		.line = cursor->number,
		.article = article,
		.vote = CHARTER_VOTE_DEFAULT,
	};
	enum mishap m;

	if (!cursor_take(cursor, "rule "))
		return cursor_fault(cursor, "expected a rule");
	m = read_rule_name(reader, &r);
	if (m != OK)
		return m;
	if (!cursor_take(cursor, " "))
		return cursor_fault(cursor, "an expression is missing");
	m = read_expression(reader, &r.consent);
	if (m == OK)
		m = read_timings(reader, &r);
	if (m != OK)
		return m;
	if (!cursor_done(cursor))
		return unexpected(reader);
	m = check_register(reader, &r);
	if (m != OK)
		return m;
	*rule = r;
	return OK;
}
