/* SPDX-License-Identifier: Apache-2.0 */
/* Every number of seats of every class: coalitions that differ only in who is who are one. */
#include "power/counting.h"

#define PROFILES_MAX ((uint64_t)1 << 21)

/* A profile: how many of each class. */
struct profile {
	const struct game *game;
	uint16_t *taken;           /* [class] */
	uint64_t sum[GAME_ROWS_MAX];
	size_t size;
};

static bool few_enough(const struct game *game)
{
	uint64_t profiles = 1;

	for (size_t c = 0; c < game->classes; c++) {
		if (c == game->idle)
			continue;
		profiles *= game->class_size[c] + 1u;
		if (profiles > PROFILES_MAX)
			return false;
	}
	return true;
}

static void move(struct profile *p, size_t class, bool more)
{
	const struct game *game = p->game;

	for (size_t r = 0; r < game->rows; r++) {
		uint64_t weight = game->class_weight[class * game->rows + r];

		p->sum[r] = more ? p->sum[r] + weight : p->sum[r] - weight;
	}
	p->taken[class] = (uint16_t)(more ? p->taken[class] + 1 : p->taken[class] - 1);
	p->size = more ? p->size + 1 : p->size - 1;
}

/* The next profile, as one counts; false after the last. */
static bool next(struct profile *p)
{
	for (size_t c = 0; c < p->game->classes; c++) {
		if (c == p->game->idle)
			continue;
		if (p->taken[c] < p->game->class_size[c]) {
			move(p, c, true);
			return true;
		}
		while (p->taken[c] > 0)
			move(p, c, false);
	}
	return false;
}

/* Whether the profile with one seat of that class more, or less, wins. */
static bool wins_with(struct profile *p, size_t class, bool more)
{
	bool wins;

	move(p, class, more);
	wins = game_wins(p->game, p->sum);
	move(p, class, !more);
	return wins;
}

static bool is_minimal(struct profile *p)
{
	for (size_t c = 0; c < p->game->classes; c++)
		if (c != p->game->idle && p->taken[c] > 0 && wins_with(p, c, false))
			return false;
	return true;
}

/* [class][k]: how many ways to take k of the class. */
static struct natural **choices(const struct game *game, struct arena *arena)
{
	struct natural **ways = arena_take_array(arena, game->classes, sizeof(*ways));

	for (size_t c = 0; c < game->classes; c++) {
		ways[c] = arena_take_array(arena, game->class_size[c] + 1u, sizeof(**ways));
		for (unsigned k = 0; k <= game->class_size[c]; k++)
			ways[c][k] = natural_choose(game->class_size[c], k);
	}
	return ways;
}

static struct natural coalitions_of(const struct profile *p, struct natural **ways)
{
	struct natural product = natural_of(1);

	for (size_t c = 0; c < p->game->classes; c++)
		if (c != p->game->idle && p->taken[c] > 0 && p->taken[c] < p->game->class_size[c])
			product = natural_times(&product, &ways[c][p->taken[c]]);
	return product;
}

/* A losing profile: whoever is not in it and makes it win swings. */
static void count_swings(struct counting *counting, struct profile *p, struct natural **ways)
{
	const struct game *game = p->game;

	for (size_t c = 0; c < game->classes; c++) {
		unsigned out = game->class_size[c] - p->taken[c];
		struct natural swings;

		if (c == game->idle || out == 0 || !wins_with(p, c, true))
			continue;
		swings = coalitions_of(p, ways);
		natural_scale(&swings, out);
		natural_add(swings_at(counting, c, p->size), &swings);
	}
}

/* A winning one: nobody more makes it lose, and it may be minimal. */
static void count_winning(struct counting *counting, struct profile *p, struct natural **ways)
{
	const struct game *game = p->game;
	struct natural coalitions = coalitions_of(p, ways);

	natural_add(&counting->winning, &coalitions);
	if (is_minimal(p))
		natural_add(&counting->minimal, &coalitions);
	for (size_t c = 0; c < game->classes; c++)
		if (c != game->idle && p->taken[c] < game->class_size[c] && !wins_with(p, c, true))
			counting->monotone = false;
}

bool count_by_classes(struct counting *counting, struct arena *arena)
{
	struct profile p = {.game = counting->game};
	struct natural **ways;

	if (!few_enough(p.game))
		return false;
	p.taken = arena_take_array(arena, p.game->classes, sizeof(*p.taken));
	ways = choices(p.game, arena);
	counting->sizes = true;
	do {
		counting->work++;
		if (game_wins(p.game, p.sum))
			count_winning(counting, &p, ways);
		else
			count_swings(counting, &p, ways);
	} while (next(&p));
	return true;
}

bool walk_minimal_by_classes(const struct game *game, struct arena *arena, on_minimal *call,
                             void *context)
{
	struct profile p = {.game = game};

	if (!few_enough(game))
		return false;
	p.taken = arena_take_array(arena, game->classes, sizeof(*p.taken));
	do {
		if (game_wins(game, p.sum) && is_minimal(&p) && !call(context, p.taken))
			break;
	} while (next(&p));
	return true;
}
