/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every coalition, one bit each: 64 of them, which differ in the first six seats, are a word, and
 * the words are counted by the others. Whether 64 sums reach a need is one look into a table
 * of those six seats' sums, in order, each with who is at least as heavy.
 */
#include "power/counting.h"

#define LOW_SEATS 6
#define LOW       ((size_t)1 << LOW_SEATS)
#define HALF_MAX  12 /* of the other seats, as many as one table of sums takes */

struct low {
	uint64_t sum[LOW];    /* ascending */
	uint64_t above[LOW];  /* the coalitions whose sum is at least sum[i] */
};

struct seats {
	const struct game *game;
	size_t count;                         /* that weigh anything */
	uint16_t class[FIGURES_SEATS_MAX];    /* of each */
	struct low *low;                      /* [row] */
	uint64_t *half[2];                    /* [index * rows + row]: sums of seats 6..17, and 18.. */
	uint64_t *wins;                       /* a bit for each coalition */
	size_t words;
	uint64_t used; /* the bits of a word that are coalitions: all, unless seats are few */
};

static uint64_t ones(uint64_t word)
{
	word -= word >> 1 & 0x5555555555555555;
	word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return word * 0x0101010101010101 >> 56;
}

/* The coalitions of six seats that hold that seat. */
static uint64_t with_low(size_t seat)
{
	static const uint64_t WITH[LOW_SEATS] = {0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc,
	                                         0xf0f0f0f0f0f0f0f0, 0xff00ff00ff00ff00,
	                                         0xffff0000ffff0000, 0xffffffff00000000};
	return WITH[seat];
}

static uint64_t weight_of(const struct seats *s, size_t seat, size_t row)
{
	if (seat >= s->count)
		return 0;
	return s->game->class_weight[s->class[seat] * s->game->rows + row];
}

static void make_low(const struct seats *s, size_t row)
{
	struct low *low = &s->low[row];
	uint64_t at[LOW] = {0};

	for (size_t i = 1; i < LOW; i++) {
		uint64_t sum = 0;
		size_t j = i;

		for (size_t seat = 0; seat < LOW_SEATS; seat++)
			sum += i >> seat & 1 ? weight_of(s, seat, row) : 0;
		for (; j > 0 && low->sum[j - 1] > sum; j--) {
			low->sum[j] = low->sum[j - 1];
			at[j] = at[j - 1];
		}
		low->sum[j] = sum;
		at[j] = i;
	}
	for (size_t i = LOW; i-- > 0;)
		low->above[i] = (i + 1 < LOW ? low->above[i + 1] : 0) | (uint64_t)1 << at[i];
}

/* The low coalitions that bring at least `need`. */
static uint64_t reaching(const struct low *low, uint64_t need)
{
	size_t from = 0;

	for (size_t step = LOW / 2; step > 0; step /= 2)
		if (low->sum[from + step - 1] < need)
			from += step;
	return low->sum[from] < need ? 0 : low->above[from];
}

static void make_half(struct seats *s, unsigned which, struct arena *arena)
{
	size_t first = LOW_SEATS + which * HALF_MAX, rows = s->game->rows;
	size_t count = s->count <= first ? 0 : s->count - first;

	if (which == 0 && count > HALF_MAX)
		count = HALF_MAX;
	s->half[which] = arena_take_array(arena, ((size_t)1 << count) * rows, sizeof(uint64_t));
	for (size_t seat = 0; seat < count; seat++)
		for (size_t i = (size_t)1 << seat; i < (size_t)2 << seat; i++)
			for (size_t r = 0; r < rows; r++)
				s->half[which][i * rows + r] =
					s->half[which][(i ^ (size_t)1 << seat) * rows + r] +
					weight_of(s, first + seat, r);
}

static uint64_t word_of(const struct seats *s, const struct game_part *part, const uint64_t *sum)
{
	const struct game_part *end = part + part->span;
	bool all = part->kind == GAME_ALL_OF;
	uint64_t word = all ? UINT64_MAX : 0;

	switch (part->kind) {
	case GAME_TALLY:
		return sum[part->row] >= part->need
		               ? UINT64_MAX
		               : reaching(&s->low[part->row], part->need - sum[part->row]);
	case GAME_GIVEN:
		return UINT64_MAX;
	case GAME_NEVER:
		return 0;
	case GAME_ALL_OF:
	case GAME_ANY_OF:
		break;
	}
	for (part++; part < end; part += part->span)
		word = all ? word & word_of(s, part, sum) : word | word_of(s, part, sum);
	return word;
}

static void make_wins(struct seats *s)
{
	size_t rows = s->game->rows, mask = ((size_t)1 << HALF_MAX) - 1;
	uint64_t sum[GAME_ROWS_MAX];

	for (size_t w = 0; w < s->words; w++) {
		for (size_t r = 0; r < rows; r++)
			sum[r] = s->half[0][(w & mask) * rows + r] +
			         s->half[1][(w >> HALF_MAX) * rows + r];
		s->wins[w] = word_of(s, s->game->parts, sum) & s->used;
	}
}

static bool seats_begin(struct seats *s, const struct game *game, struct arena *arena)
{
	*s = (struct seats){.game = game};
	for (size_t i = 0; i < game->seats; i++) {
		if (game->class_of[i] == game->idle)
			continue;
		if (s->count == FIGURES_SEATS_MAX)
			return false;
		s->class[s->count++] = game->class_of[i];
	}
	s->words = s->count <= LOW_SEATS ? 1 : (size_t)1 << (s->count - LOW_SEATS);
	s->used = s->count >= LOW_SEATS ? UINT64_MAX
	                                : ((uint64_t)1 << ((uint64_t)1 << s->count)) - 1;
	s->low = arena_take_array(arena, game->rows, sizeof(*s->low));
	for (size_t r = 0; r < game->rows; r++)
		make_low(s, r);
	make_half(s, 0, arena);
	make_half(s, 1, arena);
	s->wins = arena_take_array(arena, s->words, sizeof(*s->wins));
	make_wins(s);
	return true;
}

/* Adds 64 swings at a time, by size; `size` is that of the word's index. */
static void add_swings(struct counting *counting, size_t class, size_t size, uint64_t swings)
{
	static const uint64_t OF_SIZE[LOW_SEATS + 1] = {
		0x0000000000000001, 0x0000000100010116, 0x0001011601161668, 0x0116166816686880,
		0x1668688068808000, 0x6880800080000000, 0x8000000000000000};

	for (unsigned k = 0; k <= LOW_SEATS; k++) {
		uint64_t of_size = ones(swings & OF_SIZE[k]);

		if (of_size != 0)
			swings_at(counting, class, size + k)->limb[0] += of_size;
	}
}

static void count_seat(struct counting *counting, const struct seats *s, size_t seat)
{
	size_t bit = seat < LOW_SEATS ? 0 : (size_t)1 << (seat - LOW_SEATS);

	for (size_t w = 0; w < s->words; w++) {
		uint64_t without, with;

		if (bit != 0 && (w & bit) != 0)
			continue;
		if (bit != 0) {
			without = s->wins[w];
			with = s->wins[w | bit];
		} else {
			without = s->wins[w] & ~with_low(seat);
			with = (s->wins[w] & with_low(seat)) >> ((size_t)1 << seat);
		}
		if ((without & ~with) != 0)
			counting->monotone = false;
		if ((with & ~without) != 0)
			add_swings(counting, s->class[seat], ones(w), with & ~without);
	}
}

/* The minimal of a word's coalitions: winning, and losing without any of their members. */
static uint64_t minimal_of(const struct seats *s, size_t w)
{
	uint64_t more = 0;

	if (s->wins[w] == 0)
		return 0;
	for (size_t seat = 0; seat < LOW_SEATS; seat++)
		more |= (s->wins[w] & ~with_low(seat)) << ((size_t)1 << seat);
	for (size_t bit = 1; bit <= w; bit <<= 1)
		if ((w & bit) != 0)
			more |= s->wins[w ^ bit];
	return s->wins[w] & ~more;
}

bool count_by_seats(struct counting *counting, struct arena *arena)
{
	struct seats s;

	if (!seats_begin(&s, counting->game, arena))
		return false;
	counting->sizes = true;
	counting->work = s.words * (s.count + 2); /* each seat's swings, who wins, and what is minimal */
	for (size_t seat = 0; seat < s.count; seat++)
		count_seat(counting, &s, seat);
	for (size_t w = 0; w < s.words; w++) {
		counting->winning.limb[0] += ones(s.wins[w]);
		counting->minimal.limb[0] += ones(minimal_of(&s, w));
	}
	return true;
}
