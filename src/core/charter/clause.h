/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_CLAUSE_H
#define COMITY_CHARTER_CLAUSE_H

/*
 * clause.h - whose consent it takes: sets of parties, and clauses about them.
 *
 * The meaning of each clause is law and stands in comity-charter(7), EXPRESSIONS.
 * Everything here was made by charter_read(): it points into the charter's text
 * and into the arena that charter_read() was given, and lives as long as both.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define CHARTER_CLAUSES_MAX 64   /* in one expression, what joins them included */
#define CHARTER_DEPTH_MAX   8    /* parentheses within parentheses */
#define CHARTER_MEMBERS_MAX 512  /* the largest K, and the most weights */
#define CHARTER_PARTS_MAX   1000 /* the largest q of a fraction p/q */

enum charter_set_kind {
	SET_PARTIES,    /* every party */
	SET_INTERESTED, /* the parties that the case marks as interested */
	SET_CHAMBER,    /* the parties of these kinds */
	SET_NAMES,      /* the parties of these names: a list with members, or {a, b} */
	SET_LATER,      /* a list whose members the charter does not name; in no expression */
};

struct charter_set {
	enum charter_set_kind kind;
	struct bytes name;         /* as written in an expression; empty for {a, b} */
	const struct bytes *words; /* kinds as written, or names in ascending order */
	size_t count;
	struct bytes recognised_by; /* SET_CHAMBER: the register that its members stand in; empty for none */
	struct bytes
		source; /* the line or the braces that define it; empty for the first two */
};

enum charter_clause_kind {
	CLAUSE_ALL_OF,     /* a & b & ... */
	CLAUSE_ANY_OF,     /* a | b | ... */
	CLAUSE_HOLDER,     /* holder */
	CLAUSE_RECIPIENT,  /* recipient */
	CLAUSE_PROPOSER,   /* proposer */
	CLAUSE_PARTY,      /* party NAME */
	CLAUSE_ALL,        /* all */
	CLAUSE_COUNT,      /* K of SET */
	CLAUSE_SHARE,      /* SET > p/q, SET >= p/q */
	CLAUSE_QUORUM,     /* quorum p/q */
	CLAUSE_NO_VETO,    /* no veto of SET */
	CLAUSE_OBJECTIONS, /* objections SET < K */
	CLAUSE_CHECKED,    /* checked */
	CLAUSE_RULING,     /* ruling */
	CLAUSE_RECOGNISED, /* recognised by REGISTER */
	CLAUSE_REMOVED,    /* removed from REGISTER */
};

struct charter_clause {
	enum charter_clause_kind kind;
	bool more_than;                /* > rather than >= */
	bool of_votes_cast;            /* rather than of members */
	bool by_weight;                /* rather than by head */
	bool excluding_concerned;      /* the concerned are left out of the set */
	uint16_t span;                 /* clauses that belong to this one, itself included */
	uint16_t number;               /* K, 1..CHARTER_MEMBERS_MAX */
	uint16_t p, q;                 /* 1 <= p <= q <= CHARTER_PARTS_MAX */
	const struct charter_set *set; /* where the clause has one, otherwise NULL */
	struct bytes party;            /* CLAUSE_PARTY; of CLAUSE_RECOGNISED and CLAUSE_REMOVED the register */
	struct bytes source;           /* as written */
};

/*
 * An expression in the order it is written: clauses[0] is the whole, and a
 * clause that joins others is followed by what it joins. The parts of clauses[i]
 * begin at i + 1, each `span` after the one before, and end at i + clauses[i].span.
 */
struct charter_expression {
	const struct charter_clause *clauses; /* NULL where a rule has no such expression */
	size_t count;
};

static inline bool charter_clause_joins(const struct charter_clause *clause)
{
	return clause->kind == CLAUSE_ALL_OF || clause->kind == CLAUSE_ANY_OF;
}

static inline bool charter_clause_asks_register(const struct charter_clause *clause)
{
	return clause->kind == CLAUSE_RECOGNISED || clause->kind == CLAUSE_REMOVED;
}

/* Whether a party of this name and kind is in `set`, whatever a register says of it. Never for
 * SET_INTERESTED, which only a case knows, and SET_LATER. */
bool charter_set_has(const struct charter_set *set, struct bytes name, struct bytes kind);

#endif
