/* SPDX-License-Identifier: Apache-2.0 */
#include "power/counting.h"

static struct counting counting_of(const struct game *game, struct arena *arena)
{
	struct counting c = {.game = game, .seats = game->seats, .monotone = true};

	if (game->idle < game->classes)
		c.seats -= game->class_size[game->idle];
	c.swings = arena_take_array(arena, game->classes * (c.seats + 1), sizeof(*c.swings));
	return c;
}

/* Banzhaf's: a seat's swings of all swings. */
static void banzhaf(const struct game *game, struct figures *figures)
{
	struct natural all = {{0}};

	for (size_t c = 0; c < game->classes; c++) {
		struct natural of_class = figures->swings[c];

		natural_scale(&of_class, game->class_size[c]);
		natural_add(&all, &of_class);
	}
	for (size_t c = 0; c < game->classes && !natural_zero(&all); c++)
		figures->banzhaf[c] = natural_ratio(&figures->swings[c], &all);
}

/* Shapley's and Shubik's: swings of size k, each in k! (n - k - 1)! orders of n! -
 * together swings / (n * (n - 1 over k)). */
static void shapley(const struct counting *counting, struct figures *figures)
{
	const struct game *game = counting->game;

	for (size_t k = 0; k < counting->seats; k++) {
		struct natural orders =
			natural_choose((unsigned)counting->seats - 1, (unsigned)k);

		natural_scale(&orders, counting->seats);
		for (size_t c = 0; c < game->classes; c++) {
			struct natural swings = *swings_at(counting, c, k);

			natural_divide(&swings, game->class_size[c]);
			figures->shapley[c] += natural_ratio(&swings, &orders);
		}
	}
}

static void conclude(const struct counting *counting, struct arena *arena,
                     struct figures *figures)
{
	const struct game *game = counting->game;
	struct natural all = natural_two_to((unsigned)counting->seats);

	figures->winning = counting->winning;
	figures->minimal = counting->minimal;
	figures->monotone = counting->monotone;
	figures->work = counting->work;
	figures->passing = natural_ratio(&counting->winning, &all);
	figures->swings = arena_take_array(arena, game->classes, sizeof(*figures->swings));
	figures->banzhaf = arena_take_array(arena, game->classes, sizeof(*figures->banzhaf));
	figures->shapley = arena_take_array(arena, game->classes, sizeof(*figures->shapley));
	for (size_t c = 0; c < game->classes; c++) {
		for (size_t k = 0; k <= (counting->sizes ? counting->seats : 0); k++)
			natural_add(&figures->swings[c], swings_at(counting, c, k));
		natural_divide(&figures->swings[c], game->class_size[c]);
	}
	banzhaf(game, figures);
	figures->has_shapley = counting->sizes;
	if (counting->sizes)
		shapley(counting, figures);
}

bool figures_by(enum figures_way way, const struct game *game, struct arena *arena,
                struct figures *figures)
{
	static bool (*const COUNT[])(struct counting *, struct arena *) = {
		[FIGURES_BY_CLASSES] = count_by_classes,
		[FIGURES_BY_SEATS] = count_by_seats,
		[FIGURES_BY_SUMS] = count_by_sums,
	};
	struct counting counting = counting_of(game, arena);
	size_t mark = arena->used;

	*figures = (struct figures){.monotone = true};
	if (way == FIGURES_NONE || !COUNT[way](&counting, arena)) {
		arena->used = mark;
		return false;
	}
	/* What the counting took is of no more use. */
	arena->used = mark;
	figures->way = way;
	figures->has_minimal = way != FIGURES_BY_SUMS;
	conclude(&counting, arena, figures);
	return true;
}

void figures_find(const struct game *game, struct arena *arena, struct figures *figures)
{
	enum figures_way way = FIGURES_BY_CLASSES;

	while (way <= FIGURES_BY_SUMS && !figures_by(way, game, arena, figures))
		way++;
}

/* Where minimal coalitions are put. */
struct listing {
	size_t classes, count, most;
	uint16_t *taken;
};

static bool list_one(void *context, const uint16_t *taken)
{
	struct listing *listing = context;

	if (listing->count == listing->most)
		return false;
	memcpy(listing->taken + listing->count * listing->classes, taken,
	       listing->classes * sizeof(*taken));
	listing->count++;
	return true;
}

size_t figures_minimal(const struct game *game, struct arena *arena, size_t most,
                       uint16_t *taken)
{
	struct listing listing = {game->classes, 0, most, taken};

	walk_minimal_by_classes(game, arena, list_one, &listing);
	return listing.count;
}
