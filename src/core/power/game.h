/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_POWER_GAME_H
#define COMITY_POWER_GAME_H

/*
 * game.h - which coalitions a rule lets win (comity-charter(7), CHECK).
 *
 * A game is a rule over a membership with everything taken out of it but counting: seats, and
 * tallies of them joined by & and |. It is monotone by its form: no weight is negative. Seats
 * of equal weight in every tally are one class, and nothing here tells them apart.
 *
 * A game is built (game_begin, what it asks for, game_seal), and then only read. It lives in the
 * arena it was begun in.
 */

#include "base/arena.h"
#include "charter/charter.h"
#include "charter/judge.h"

#define GAME_PARTIES_MAX 512 /* of a membership */
#define GAME_ROLES       3   /* seats that stand for a part in a case */
#define GAME_SEATS_MAX   (GAME_PARTIES_MAX + GAME_ROLES)
#define GAME_PARTS_MAX   512 /* tallies and what joins them */
#define GAME_ROWS_MAX    160 /* tallies that differ in more than what they need */

/* What those do who are not in the coalition, and have said nothing. */
enum game_stance {
	GAME_OPPOSED, /* whatever hurts most: a no, an objection, or silence */
	GAME_SILENT,  /* nothing */
};

/* Who is judged, and what is taken as given. */
struct game_setting {
	const struct charter_party *parties; /* each name once; VOTE_NO: never in a coalition */
	size_t count;                        /* at most GAME_PARTIES_MAX */
	enum game_stance stance;
	bool roles;   /* holder, recipient and the interested are seats after the parties */
	bool ruling;  /* a ruling orders the act */
	bool checked; /* the checks are attested */
	bool joined;  /* the coalition has had as many parties admitted as it likes */
	bool newcomer; /* the recipient is one of those */
	bool hushed;  /* it has had the votes of all others suspended */
	bool struck;  /* it has had all others taken off every register */
	bool touched; /* who is interested is not known: whoever helps the coalition most */
};

enum game_part_kind {
	GAME_ALL_OF,
	GAME_ANY_OF,
	GAME_TALLY, /* the coalition's weights in a row reach what it needs */
	GAME_GIVEN, /* holds */
	GAME_NEVER, /* cannot hold */
};

struct game_part {
	enum game_part_kind kind;
	uint16_t span; /* parts that belong to this one, itself included, as in a charter_expression */
	uint16_t row;
	uint64_t need; /* at least 1 */
};

struct game {
	size_t seats; /* parties, then the roles where they have seats */
	size_t rows;
	uint64_t *weight; /* [row * seats + seat]; 0 for who is never in a coalition */
	uint64_t *total;  /* [row]: of those weights */
	struct game_part *parts;
	size_t part_count;

	/* Set by game_seal(). */
	size_t classes;
	uint16_t *class_of;     /* [seat] */
	uint16_t *class_size;   /* [class]: seats */
	uint64_t *class_weight; /* [class * rows + row] */
	size_t idle; /* the class of seats without any weight; `classes` where there is none */
};

/* Octets of arena that one game takes at most. */
#define GAME_MEMORY ((size_t)3 << 20)

void game_begin(struct game *game, const struct game_setting *setting, struct arena *arena);

/*
 * What a rule takes: its expression and nobody's objection in its window, or what it expedites.
 * What `ratify` takes is asked for by itself. Nothing happens past GAME_PARTS_MAX: a rule has at
 * most 200 parts, so two rules always fit.
 */
void game_rule(struct game *game, const struct game_setting *setting,
               const struct charter_rule *rule);
void game_expression(struct game *game, const struct game_setting *setting,
                     const struct charter_expression *expression);

/* Between these, what is asked for is joined. game_open() gives what game_close() takes. */
size_t game_open(struct game *game, enum game_part_kind kind);
void game_close(struct game *game, size_t opened);

/* That seat says yes, and is in no coalition any more. Before game_seal(). */
void game_agreed(struct game *game, size_t seat);

void game_seal(struct game *game, struct arena *arena);

/* Whether sums of weights, one for each row, win. */
bool game_wins(const struct game *game, const uint64_t *sum);

/* Whether a coalition does: `in` says who is in it, by seat. */
bool game_coalition_wins(const struct game *game, const bool *in);

/* The game of those who stop the other: a coalition wins it when all others together lose that.
 * Shares the weights of `game`. */
void game_dual(const struct game *game, struct game *dual, struct arena *arena);

/* Whether two games ask for the same. */
bool game_same(const struct game *a, const struct game *b);

#endif
