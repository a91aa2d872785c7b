/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many coalitions have which sums: a table with a place for each, filled seat by seat. The
 * table of all but one seat is the table with that seat taken out again, which exact numbers
 * allow.
 *
 * A game of one tally alone has few sums that lose, or its dual has: only those are counted,
 * since a seat swings as often in the dual, in coalitions of all other sizes.
 */
#include "power/counting.h"

#include "base/must.h"

#define PLACES_MAX ((size_t)1 << 20)
#define LIMBS_MAX  9 /* of one number: 515 seats */

/* The table: place = size * stride[rows] + sum of (sum[row] * stride[row]). */
struct table {
	const struct game *game;
	size_t places;
	size_t limbs;                        /* of a number */
	size_t stride[GAME_ROWS_MAX + 1];
	bool sizes;
	bool single;                         /* one tally: only sums below `need` have a place */
	uint64_t need;
	uint64_t *count;                     /* [place * limbs] */
	uint8_t *wins;                       /* [place]; not where single */
};

/* Whether the game asks one tally, and what that needs; of the dual where that needs less. */
static bool is_single(const struct game *game, uint64_t *need)
{
	const struct game_part *tally = game->parts;

	if (tally->kind != GAME_TALLY || game->rows != 1)
		return false;
	*need = game->total[0] - tally->need + 1;
	if (tally->need < *need)
		*need = tally->need;
	return true;
}

/* False when there are too many sums. */
static bool strides(struct table *t, size_t seats)
{
	size_t places = 1;

	for (size_t r = 0; r <= t->game->rows; r++) {
		uint64_t range = r == t->game->rows ? (t->sizes ? seats + 1 : 1)
		                 : t->single        ? t->need
		                                    : t->game->total[r] + 1;

		t->stride[r] = places;
		if (range > PLACES_MAX || places * range > PLACES_MAX)
			return false;
		places *= range;
	}
	t->places = places;
	return true;
}

static size_t offset_of(const struct table *t, size_t class)
{
	size_t offset = t->sizes ? t->stride[t->game->rows] : 0;

	for (size_t r = 0; r < t->game->rows; r++)
		offset += t->game->class_weight[class * t->game->rows + r] * t->stride[r];
	return offset;
}

/* to += a, or to -= a. No carry is lost: every number is at most 2^seats. */
static void plus(uint64_t *to, const uint64_t *a, size_t limbs)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < limbs; i++) {
		uint64_t sum = to[i] + carry;

		carry = sum < carry;
		to[i] = sum + a[i];
		carry += to[i] < a[i];
	}
}

static void minus(uint64_t *from, const uint64_t *a, size_t limbs)
{
	uint64_t borrow = 0;

	for (size_t i = 0; i < limbs; i++) {
		uint64_t less = from[i] - borrow;

		borrow = less > from[i];
		borrow += less < a[i];
		from[i] = less - a[i];
	}
}

/* Whether a seat of that class moves the place to one that the table has. */
static bool has_place(const struct table *t, size_t class, size_t place)
{
	if (!t->single)
		return true;
	return place % t->need + t->game->class_weight[class] < t->need;
}

static void put_seat(struct table *t, size_t class)
{
	size_t offset = offset_of(t, class), limbs = t->limbs;

	for (size_t place = t->places - offset; place-- > 0;)
		if (has_place(t, class, place))
			plus(t->count + (place + offset) * limbs, t->count + place * limbs, limbs);
}

static void take_seat(struct table *t, size_t class)
{
	size_t offset = offset_of(t, class), limbs = t->limbs;

	for (size_t place = 0; place < t->places - offset; place++)
		if (has_place(t, class, place))
			minus(t->count + (place + offset) * limbs, t->count + place * limbs, limbs);
}

static bool is_zero(const uint64_t *a, size_t limbs)
{
	for (size_t i = 0; i < limbs; i++)
		if (a[i] != 0)
			return false;
	return true;
}

static void add_to(struct natural *to, const uint64_t *a, size_t limbs)
{
	struct natural number = {{0}};

	memcpy(number.limb, a, limbs * sizeof(*a));
	natural_add(to, &number);
}

/* A seat that is not in the table: how often it swings those that are. */
static void count_seat(struct counting *counting, const struct table *t, size_t class)
{
	size_t offset = offset_of(t, class), limbs = t->limbs, stride = t->stride[t->game->rows];

	for (size_t place = 0; place < t->places; place++) {
		const uint64_t *coalitions = t->count + place * limbs;
		size_t size = t->sizes ? place / stride : 0;
		bool swings;

		if (is_zero(coalitions, limbs))
			continue;
		swings = t->single ? !has_place(t, class, place)
		                   : t->wins[place] == 0 && t->wins[place + offset] != 0;
		if (swings)
			add_to(swings_at(counting, class, size), coalitions, limbs);
	}
}

static void make_wins(struct table *t)
{
	uint64_t sum[GAME_ROWS_MAX];

	for (size_t place = 0; place < t->places; place++) {
		for (size_t r = 0; r < t->game->rows; r++)
			sum[r] = place / t->stride[r] % (t->game->total[r] + 1);
		t->wins[place] = game_wins(t->game, sum);
	}
}

static bool table_begin(struct table *t, const struct counting *counting, struct arena *arena)
{
	*t = (struct table){.game = counting->game, .sizes = true};
	t->limbs = counting->seats / 64 + 1;
	must(t->limbs <= LIMBS_MAX);
	t->single = is_single(t->game, &t->need);
	if (!strides(t, counting->seats)) {
		t->sizes = false;
		if (!strides(t, counting->seats))
			return false;
	}
	t->count = arena_take_array(arena, t->places * t->limbs, sizeof(*t->count));
	t->count[0] = 1;
	for (size_t c = 0; c < t->game->classes; c++)
		for (size_t i = 0; c != t->game->idle && i < t->game->class_size[c]; i++)
			put_seat(t, c);
	if (t->single)
		return true;
	t->wins = arena_take_array(arena, t->places, sizeof(*t->wins));
	make_wins(t);
	return true;
}

/* Those that win; where single, those that lose the game or its dual: as many win the other. */
static void count_winning(struct counting *counting, const struct table *t)
{
	const struct game *game = t->game;
	struct natural all = natural_two_to((unsigned)counting->seats);
	const struct game_part *tally = game->parts;

	for (size_t place = 0; place < t->places; place++)
		if (t->single || t->wins[place] != 0)
			add_to(&counting->winning, t->count + place * t->limbs, t->limbs);
	if (!t->single)
		return;
	if (tally->need != t->need)
		return; /* who loses the dual wins, as complements */
	natural_subtract(&all, &counting->winning);
	counting->winning = all;
}

bool count_by_sums(struct counting *counting, struct arena *arena)
{
	struct table t;

	if (!table_begin(&t, counting, arena))
		return false;
	counting->sizes = t.sizes;
	counting->work = t.places * (counting->seats + 1); /* each seat put, and who wins */
	count_winning(counting, &t);
	for (size_t c = 0; c < t.game->classes; c++) {
		if (c == t.game->idle)
			continue;
		counting->work += 3 * t.places;
		take_seat(&t, c);
		count_seat(counting, &t, c);
		put_seat(&t, c);
		/* All seats of a class swing alike. */
		for (size_t k = 0; k <= (t.sizes ? counting->seats : 0); k++)
			natural_scale(swings_at(counting, c, k), t.game->class_size[c]);
	}
	return true;
}
