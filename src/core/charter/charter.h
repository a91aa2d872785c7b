/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_CHARTER_H
#define COMITY_CHARTER_CHARTER_H

/*
 * charter.h - a text that people sign and a machine executes (comity-charter(7)).
 *
 * charter_read() is the only door in. A charter has one form only: of two texts
 * that differ, either one is refused or they are two charters. The text is kept,
 * so printing a charter is printing its text.
 */

#include "base/arena.h"
#include "base/mishap.h"
#include "charter/fault.h"
#include "charter/rule.h"
#include "charter/times.h"

#define CHARTER_SIZE_MAX      24576 /* octets of text */
#define CHARTER_LINE_MAX      1000  /* octets of a line, LF left out */
#define CHARTER_LANGUAGES_MAX 8
#define CHARTER_SETS_MAX      32 /* chambers and lists */
#define CHARTER_ARTICLES_MAX  128
#define CHARTER_ARTICLE_MAX   999 /* the largest article number */
#define CHARTER_VERSION_MAX   999999999
#define CHARTER_WEIGHT_MAX    1000000
#define CHARTER_REGISTERS_MAX 8
#define CHARTER_MISSED_MIN    2  /* duties missed, from which on a party is inactive */
#define CHARTER_MISSED_MAX    12
#define CHARTER_MISSED_IN_MAX (366 * SECONDS_A_DAY)
#define CHARTER_BATCHES       1000 /* changes a day, where a charter does not say */
#define CHARTER_BATCHES_MAX   1000000

/* Octets of arena that reading any charter takes at most. */
#define CHARTER_MEMORY ((size_t)320 * 1024)

struct charter_article {
	uint16_t number;
	bool entrenched;
	uint32_t line;     /* of "article N" in the charter's text, from 1 */
	struct bytes text; /* its lines, each with its LF; the empty line before it left out */
	struct bytes heading[CHARTER_LANGUAGES_MAX]; /* in the order of charter.languages */
};

struct charter_weight {
	struct bytes party;
	uint32_t weight; /* 1..CHARTER_WEIGHT_MAX */
};

struct charter {
	struct bytes text;
	uint32_t version; /* 1..CHARTER_VERSION_MAX */
	struct bytes languages[CHARTER_LANGUAGES_MAX];
	struct bytes titles[CHARTER_LANGUAGES_MAX];
	size_t language_count;
	struct bytes prevails; /* the language that does; empty: all equally authentic */
	struct bytes languages_source;

	const struct charter_set *sets; /* chambers, then lists, as they stand */
	size_t set_count;
	const struct charter_weight *weights; /* by name of party, ascending */
	size_t weight_count;
	struct bytes weights_source; /* the lines, each with its LF */
	const struct charter_set *signers;
	uint32_t inactive_missed; /* duties missed, from which on votes do not count; 0: never */
	int64_t inactive_within;  /* seconds in which they are missed */
	struct bytes inactive_source; /* the line; empty where there is none */

	const struct charter_article *articles; /* by number, ascending */
	size_t article_count;
	const struct charter_rule *rules; /* as they stand */
	size_t rule_count;
	struct bytes registers[CHARTER_REGISTERS_MAX]; /* that chambers and rules ask, each once */
	size_t register_count;

	struct charter_times times;           /* of arbitration */
	uint16_t time_article[CHARTER_TIMES]; /* number of the article that says it; 0: the default */
	uint32_t batches;         /* changes of delegations that one who signs batches enters in a day, 1..CHARTER_BATCHES_MAX */
	uint16_t batches_article; /* as time_article */
};

/*
 * Reads `text`. On OK `*charter` points into `text` and into `arena`; otherwise
 * `*charter` is untouched and `*fault` says where, why, and what may have been
 * meant. Takes at most CHARTER_MEMORY octets of `arena`; on a mishap what it
 * took is of no use, and the caller may go back to its mark.
 * MISHAP_SHORT (the text ends too early), MISHAP_LIMIT (one of the limits above
 * or in clause.h), MISHAP_MALFORMED (anything else, a charter that is plainly
 * broken included: see comity-charter(7), REFUSED).
 */
enum mishap charter_read(struct bytes text, struct arena *arena, struct charter *charter,
                         struct charter_fault *fault) CHECKED;

/* The rule of that name, or NULL: the charter has no rule for it, and the act is refused. */
const struct charter_rule *charter_rule(const struct charter *charter, struct bytes name);

/* The article of that number, or NULL. */
const struct charter_article *charter_article(const struct charter *charter, uint32_t number);

/* The chamber or list of that name, or NULL. */
const struct charter_set *charter_set(const struct charter *charter, struct bytes name);

/* The weight of a party, at least 1: what `weight` says, otherwise 1. */
uint32_t charter_weight(const struct charter *charter, struct bytes party);

/* Whether a party of this name and kind holds a share of the key and countersigns. */
bool charter_signs(const struct charter *charter, struct bytes party, struct bytes kind);

/* How many of n signers it takes: floor(2n/3) + 1. */
uint32_t charter_signing_threshold(uint32_t n);

#endif
