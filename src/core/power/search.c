/* SPDX-License-Identifier: Apache-2.0 */
#include "power/search.h"

#include "base/must.h"

/* Classes in the order they are tried, the heaviest first. */
struct walk {
	const struct game *game;
	uint16_t *order;  /* [place]: class */
	uint16_t *ranked; /* [row * classes + rank]: place, by that row's weight, descending */
	uint16_t *taken;  /* [class] */
	uint64_t *sum;    /* [place * rows + row]: of the places before */
	uint64_t steps;
};

/* A class's share of all that counts, in parts of 2^20. */
static uint64_t importance(const struct game *game, size_t class)
{
	uint64_t sum = 0;

	for (size_t r = 0; r < game->rows; r++)
		if (game->total[r] != 0)
			sum += (game->class_weight[class * game->rows + r] << 20) / game->total[r];
	return sum;
}

/* Sorts numbers by what they weigh, descending; equals keep their order. */
static void sort_by(uint16_t *item, const uint64_t *weight, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j > 0 && weight[item[j]] > weight[item[j - 1]]; j--) {
			uint16_t kept = item[j];

			item[j] = item[j - 1];
			item[j - 1] = kept;
		}
}

static void walk_begin(struct walk *w, const struct game *game, struct arena *arena)
{
	size_t classes = game->classes, rows = game->rows;
	uint64_t *weight = arena_take_array(arena, classes, sizeof(*weight));

	*w = (struct walk){.game = game};
	w->order = arena_take_array(arena, classes, sizeof(*w->order));
	w->ranked = arena_take_array(arena, classes * rows, sizeof(*w->ranked));
	w->taken = arena_take_array(arena, classes, sizeof(*w->taken));
	w->sum = arena_take_array(arena, (classes + 1) * rows, sizeof(*w->sum));
	for (size_t c = 0; c < classes; c++) {
		w->order[c] = (uint16_t)c;
		weight[c] = importance(game, c);
	}
	sort_by(w->order, weight, classes);
	for (size_t r = 0; r < rows; r++) {
		for (size_t p = 0; p < classes; p++) {
			w->ranked[r * classes + p] = (uint16_t)p;
			weight[p] = game->class_weight[w->order[p] * rows + r];
		}
		sort_by(w->ranked + r * classes, weight, classes);
	}
}

static const uint64_t *weights_at(const struct walk *w, size_t place)
{
	return w->game->class_weight + w->order[place] * w->game->rows;
}

/* Takes `count` of the class at that place. */
static void take(struct walk *w, size_t place, size_t count)
{
	const uint64_t *weight = weights_at(w, place);
	size_t rows = w->game->rows;

	w->taken[w->order[place]] = (uint16_t)count;
	for (size_t r = 0; r < rows; r++)
		w->sum[(place + 1) * rows + r] = w->sum[place * rows + r] + count * weight[r];
}

/* The most that `more` seats of the places from here on can bring to a row. */
static uint64_t most(const struct walk *w, size_t row, size_t place, size_t more)
{
	const struct game *game = w->game;
	uint64_t sum = 0;

	for (size_t i = 0; i < game->classes && more > 0; i++) {
		size_t at = w->ranked[row * game->classes + i], size;

		if (at < place)
			continue;
		size = game->class_size[w->order[at]];
		size = size < more ? size : more;
		sum += size * weights_at(w, at)[row];
		more -= size;
	}
	return sum;
}

static bool smallest_from(struct walk *w, size_t place, size_t more)
{
	const struct game *game = w->game;
	uint64_t hope[GAME_ROWS_MAX];
	size_t size;

	for (size_t r = 0; r < game->rows; r++)
		hope[r] = w->sum[place * game->rows + r] + most(w, r, place, more);
	w->steps++;
	if (!game_wins(game, hope) || w->steps > SEARCH_STEPS)
		return false;
	if (place == game->classes || more == 0)
		return true;
	size = game->class_size[w->order[place]];
	for (size_t count = size < more ? size : more;; count--) {
		take(w, place, count);
		if (smallest_from(w, place + 1, more - count))
			return true;
		w->taken[w->order[place]] = 0;
		if (count == 0)
			return false;
	}
}

void search_smallest(const struct game *game, struct arena *arena, struct search *search)
{
	struct walk w;

	*search = (struct search){.exact = true};
	walk_begin(&w, game, arena);
	for (size_t r = 0; r < game->rows; r++)
		w.sum[r] = game->total[r];
	if (!game_wins(game, w.sum))
		return;
	memset(w.sum, 0, game->rows * sizeof(*w.sum));
	while (!smallest_from(&w, 0, search->count) && w.steps <= SEARCH_STEPS)
		search->count++;
	search->steps = w.steps;
	search->exact = w.steps <= SEARCH_STEPS;
	if (!search->exact)
		return;
	search->found = true;
	search->taken = w.taken;
}

/* Whether what is taken so far can still be completed so that it wins, and the others too. */
static bool both_can(const struct walk *w, size_t place)
{
	const struct game *game = w->game;
	uint64_t one[GAME_ROWS_MAX], other[GAME_ROWS_MAX];

	for (size_t r = 0; r < game->rows; r++) {
		uint64_t passed = 0;

		for (size_t p = 0; p < place; p++)
			passed += game->class_size[w->order[p]] * weights_at(w, p)[r];
		one[r] = w->sum[place * game->rows + r] + game->total[r] - passed;
		other[r] = game->total[r] - w->sum[place * game->rows + r];
	}
	return game_wins(game, one) && game_wins(game, other);
}

static bool both_from(struct walk *w, size_t place)
{
	w->steps++;
	if (w->steps > SEARCH_STEPS || !both_can(w, place))
		return false;
	if (place == w->game->classes)
		return true;
	for (size_t count = w->game->class_size[w->order[place]];; count--) {
		take(w, place, count);
		if (both_from(w, place + 1))
			return true;
		if (count == 0)
			return false;
	}
}

enum search_proper search_proper(const struct game *game, struct arena *arena, uint16_t **one)
{
	struct walk w;

	walk_begin(&w, game, arena);
	*one = w.taken;
	if (both_from(&w, 0))
		return SEARCH_NOT_PROPER;
	return w.steps > SEARCH_STEPS ? SEARCH_UNDECIDED : SEARCH_PROPER;
}
