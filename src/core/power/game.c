/* SPDX-License-Identifier: Apache-2.0 */
#include "power/game.h"

#include "base/must.h"

enum role { ROLE_HOLDER, ROLE_RECIPIENT, ROLE_INTERESTED };

void game_begin(struct game *game, const struct game_setting *setting, struct arena *arena)
{
	must(setting->count <= GAME_PARTIES_MAX);
	*game = (struct game){.seats = setting->count + (setting->roles ? GAME_ROLES : 0)};
	game->weight = arena_take_array(arena, GAME_ROWS_MAX * game->seats, sizeof(*game->weight));
	game->total = arena_take_array(arena, GAME_ROWS_MAX, sizeof(*game->total));
	game->parts = arena_take_array(arena, GAME_PARTS_MAX, sizeof(*game->parts));
}

static struct game_part *add(struct game *game, enum game_part_kind kind)
{
	struct game_part *part = &game->parts[game->part_count++];

	must(game->part_count <= GAME_PARTS_MAX);
	*part = (struct game_part){.kind = kind, .span = 1};
	return part;
}

size_t game_open(struct game *game, enum game_part_kind kind)
{
	must(kind == GAME_ALL_OF || kind == GAME_ANY_OF);
	add(game, kind);
	return game->part_count - 1;
}

void game_close(struct game *game, size_t opened)
{
	must(game->part_count > opened + 1);
	game->parts[opened].span = (uint16_t)(game->part_count - opened);
}

/* Whether a role has a seat and this clause asks it. A role has no kind, no name, no weight. */
static bool asks_role(const struct charter_clause *clause, enum role role)
{
	switch (role) {
	case ROLE_HOLDER:
		return clause->kind == CLAUSE_HOLDER;
	case ROLE_RECIPIENT:
		return clause->kind == CLAUSE_RECIPIENT;
	case ROLE_INTERESTED:
		return clause->set != NULL && clause->set->kind == SET_INTERESTED;
	}
	return false;
}

/* A tally while it is built: its row is behind the last that is kept. */
struct tally {
	uint64_t *weight;
	uint64_t total;   /* of all whom the clause counts */
	uint64_t against; /* of those who have said no */
	bool objects;     /* one of those is counted */
};

/* Whether the clause asks for the yes of the interested, and nobody knows who they are. */
static bool asks_touched(const struct game_setting *setting, const struct charter_clause *clause)
{
	return setting->touched && clause->set != NULL && clause->set->kind == SET_INTERESTED &&
	       clause->kind != CLAUSE_NO_VETO && clause->kind != CLAUSE_OBJECTIONS;
}

static struct tally tally(const struct game *game, const struct game_setting *setting,
                          const struct charter_clause *clause)
{
	struct tally t = {.weight = game->weight + game->rows * game->seats};

	must(game->rows < GAME_ROWS_MAX);
	memset(t.weight, 0, game->seats * sizeof(*t.weight));
	for (size_t i = 0; i < setting->count; i++) {
		const struct charter_party *party = &setting->parties[i];
		uint64_t weight = clause->by_weight ? party->weight : 1;

		if (!charter_clause_counts(clause, party) && !asks_touched(setting, clause))
			continue;
		t.total += weight;
		if (party->vote == VOTE_NO) {
			t.against += weight;
			t.objects = true;
		} else {
			t.weight[i] = weight;
		}
	}
	for (unsigned role = 0; role < GAME_ROLES && setting->roles; role++)
		if (asks_role(clause, (enum role)role)) {
			t.weight[setting->count + role] = 1;
			t.total++;
		}
	return t;
}

/* From how many out of `of` p/q is reached. */
static uint64_t share(const struct charter_clause *clause, uint64_t of)
{
	return clause->more_than ? clause->p * of / clause->q + 1
	                         : (clause->p * of + clause->q - 1u) / clause->q;
}

/* Of votes cast, when nobody votes no but those who have said so: yes / (yes + no) reaches p/q. */
static uint64_t share_against(const struct charter_clause *clause, uint64_t against)
{
	uint64_t rest = (uint64_t)clause->q - clause->p, most = clause->p * against;

	if (against == 0)
		return 1;
	if (rest == 0)
		return UINT64_MAX;
	return clause->more_than ? most / rest + 1 : (most + rest - 1) / rest;
}

static bool is_open(const struct charter_set *set)
{
	return set != NULL && (set->kind == SET_PARTIES || set->kind == SET_CHAMBER);
}

/* Whether parties that are admitted by the dozen carry this clause for whoever admits them. */
static bool carried_by_joining(const struct charter_clause *clause)
{
	if (clause->by_weight || !is_open(clause->set))
		return false;
	if (clause->kind == CLAUSE_COUNT)
		return true;
	return (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_QUORUM) &&
	       clause->p < clause->q;
}

/* Whether nobody is counted by this clause but who is in the coalition. */
static bool only_ours(const struct charter_clause *clause, const struct game_setting *setting)
{
	return setting->hushed || (setting->struck && clause->set != NULL && clause->set->recognised_by.size > 0);
}

/* What a clause needs of the weight that is counted: 0, it holds; UINT64_MAX, it never does. */
static uint64_t need_of(const struct charter_clause *clause, const struct game_setting *setting,
                        const struct tally *t)
{
	bool opposed = setting->stance == GAME_OPPOSED;

	switch (clause->kind) {
	case CLAUSE_NO_VETO:
		if (only_ours(clause, setting))
			return 0;
		return opposed ? t->total : t->against != 0 ? UINT64_MAX : 0;
	case CLAUSE_OBJECTIONS:
		if (!opposed)
			return t->against >= clause->number ? UINT64_MAX : 0;
		return t->total < clause->number ? 0 : t->total - clause->number + 1;
	case CLAUSE_PROPOSER:
		return 0; /* one of the coalition proposes */
	case CLAUSE_CHECKED:
		return setting->checked ? 0 : UINT64_MAX;
	case CLAUSE_RULING:
		return setting->ruling ? 0 : UINT64_MAX;
	case CLAUSE_RECOGNISED:
	case CLAUSE_REMOVED:
		return 0; /* what is asked for stands in the register, or has left it */
	case CLAUSE_RECIPIENT:
		return setting->newcomer ? 0 : t->total == 0 ? UINT64_MAX : t->total;
	default:
		break;
	}
	if (setting->joined && carried_by_joining(clause))
		return 0;
	if (asks_touched(setting, clause))
		return clause->kind == CLAUSE_COUNT ? clause->number : 1;
	if (t->total == 0)
		return UINT64_MAX; /* nobody agrees to nothing */
	/* Whose votes are suspended, or who was taken off the register, is not counted: one who is left is all of them. */
	if (only_ours(clause, setting) && (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_QUORUM))
		return 1;
	switch (clause->kind) {
	case CLAUSE_COUNT:
		return clause->number;
	case CLAUSE_SHARE:
		if (clause->of_votes_cast && !opposed)
			return share_against(clause, t->against);
		return share(clause, t->total);
	case CLAUSE_QUORUM:
		/* A no is a vote too: those who are silent are against more. */
		return share(clause, t->total) > t->against ? share(clause, t->total) - t->against : 0;
	default:
		return t->total;
	}
}

/* The row of these weights: one that there is, or the new one. */
static uint16_t row_of(struct game *game, const struct tally *t)
{
	for (size_t r = 0; r < game->rows; r++)
		if (memcmp(game->weight + r * game->seats, t->weight,
		           game->seats * sizeof(*t->weight)) == 0)
			return (uint16_t)r;
	for (size_t i = 0; i < game->seats; i++)
		game->total[game->rows] += t->weight[i];
	return (uint16_t)game->rows++;
}

static void add_clause(struct game *game, const struct game_setting *setting,
                       const struct charter_clause *clause)
{
	struct tally t = tally(game, setting, clause);
	uint64_t need = need_of(clause, setting, &t);
	uint16_t row;
	struct game_part *part;

	if (need == 0) {
		add(game, GAME_GIVEN);
		return;
	}
	row = row_of(game, &t);
	if (need > game->total[row]) {
		add(game, GAME_NEVER);
		return;
	}
	part = add(game, GAME_TALLY);
	part->row = row;
	part->need = need;
}

void game_expression(struct game *game, const struct game_setting *setting,
                     const struct charter_expression *expression)
{
	size_t first = game->part_count;

	/* Both are in the order of writing, part for part: spans are the same. */
	for (size_t i = 0; i < expression->count; i++) {
		const struct charter_clause *clause = &expression->clauses[i];

		if (!charter_clause_joins(clause)) {
			add_clause(game, setting, clause);
			continue;
		}
		add(game, clause->kind == CLAUSE_ALL_OF ? GAME_ALL_OF : GAME_ANY_OF);
		game->parts[first + i].span = clause->span;
	}
}

void game_rule(struct game *game, const struct game_setting *setting,
               const struct charter_rule *rule)
{
	/* One objection is enough: as the clause "objections SET < 1" would have it. */
	struct charter_clause window = {.kind = CLAUSE_OBJECTIONS, .number = 1, .set = rule->objectors};
	size_t ways = game_open(game, GAME_ANY_OF), own = game_open(game, GAME_ALL_OF);

	game_expression(game, setting, &rule->consent);
	if (rule->objection != 0)
		add_clause(game, setting, &window);
	game_close(game, own);
	if (rule->expedited != 0)
		game_expression(game, setting, &rule->fast);
	game_close(game, ways);
}

void game_agreed(struct game *game, size_t seat)
{
	for (size_t i = 0; i < game->part_count; i++) {
		struct game_part *part = &game->parts[i];
		uint64_t weight = game->weight[part->row * game->seats + seat];

		if (part->kind != GAME_TALLY)
			continue;
		if (weight >= part->need)
			part->kind = GAME_GIVEN;
		else
			part->need -= weight;
	}
	for (size_t r = 0; r < game->rows; r++) {
		game->total[r] -= game->weight[r * game->seats + seat];
		game->weight[r * game->seats + seat] = 0;
	}
}

/*
 * Writes the part at `from` to `out` without what changes nothing: parts that are given or never hold, and
 * what joins only one. Returns how many parts it came to.
 */
static size_t fold(const struct game_part *from, struct game_part *out)
{
	const struct game_part *end = from + from->span, *part;
	enum game_part_kind kind = from->kind, idle, decides;
	size_t size = 1, joined = 0;

	*out = *from;
	if (kind != GAME_ALL_OF && kind != GAME_ANY_OF)
		return 1;
	idle = kind == GAME_ALL_OF ? GAME_GIVEN : GAME_NEVER;
	decides = kind == GAME_ALL_OF ? GAME_NEVER : GAME_GIVEN;
	for (part = from + 1; part < end; part += part->span) {
		size_t more = fold(part, out + size);

		if (out[size].kind == decides) {
			*out = (struct game_part){.kind = decides, .span = 1};
			return 1;
		}
		if (out[size].kind == idle)
			continue;
		if (out[size].kind == kind) { /* (a & b) & c is a & b & c */
			more--;
			memmove(out + size, out + size + 1, more * sizeof(*out));
			joined++;
		}
		joined++;
		size += more;
	}
	if (joined == 0) {
		*out = (struct game_part){.kind = idle, .span = 1};
		return 1;
	}
	if (joined == 1) {
		memmove(out, out + 1, (size - 1) * sizeof(*out));
		return size - 1;
	}
	out->span = (uint16_t)size;
	return size;
}

/* Leaves only the rows that a part asks. */
static void drop_rows(struct game *game)
{
	size_t kept = 0;

	for (size_t r = 0; r < game->rows; r++) {
		bool asked = false;

		for (size_t i = 0; i < game->part_count; i++) {
			struct game_part *part = &game->parts[i];

			if (part->kind != GAME_TALLY || part->row != r)
				continue;
			part->row = (uint16_t)kept;
			asked = true;
		}
		if (!asked)
			continue;
		memmove(game->weight + kept * game->seats, game->weight + r * game->seats,
		        game->seats * sizeof(*game->weight));
		game->total[kept++] = game->total[r];
	}
	game->rows = kept;
}

static bool column_same(const struct game *game, size_t a, size_t b)
{
	for (size_t r = 0; r < game->rows; r++)
		if (game->weight[r * game->seats + a] != game->weight[r * game->seats + b])
			return false;
	return true;
}

void game_seal(struct game *game, struct arena *arena)
{
	uint16_t *first = arena_take_array(arena, game->seats + 1, sizeof(*first));
	struct game_part *parts = arena_take_array(arena, game->part_count, sizeof(*parts));

	must(game->part_count > 0 && game->parts[0].span == game->part_count);
	game->part_count = fold(game->parts, parts);
	game->parts = parts;
	drop_rows(game);
	game->class_of = arena_take_array(arena, game->seats + 1, sizeof(*game->class_of));
	game->class_size = arena_take_array(arena, game->seats + 1, sizeof(*game->class_size));
	for (size_t i = 0; i < game->seats; i++) {
		size_t c = 0;

		while (c < game->classes && !column_same(game, first[c], i))
			c++;
		if (c == game->classes)
			first[game->classes++] = (uint16_t)i;
		game->class_of[i] = (uint16_t)c;
		game->class_size[c]++;
	}
	game->class_weight =
		arena_take_array(arena, game->classes * game->rows + 1, sizeof(*game->class_weight));
	game->idle = game->classes;
	for (size_t c = 0; c < game->classes; c++) {
		uint64_t any = 0;

		for (size_t r = 0; r < game->rows; r++) {
			uint64_t weight = game->weight[r * game->seats + first[c]];

			game->class_weight[c * game->rows + r] = weight;
			any |= weight;
		}
		if (any == 0)
			game->idle = c;
	}
}

static bool part_wins(const struct game_part *part, const uint64_t *sum)
{
	const struct game_part *end = part + part->span;
	bool all = part->kind == GAME_ALL_OF;

	switch (part->kind) {
	case GAME_TALLY:
		return sum[part->row] >= part->need;
	case GAME_GIVEN:
		return true;
	case GAME_NEVER:
		return false;
	case GAME_ALL_OF:
	case GAME_ANY_OF:
		break;
	}
	for (part++; part < end; part += part->span)
		if (part_wins(part, sum) != all)
			return !all;
	return all;
}

bool game_wins(const struct game *game, const uint64_t *sum)
{
	return part_wins(game->parts, sum);
}

bool game_coalition_wins(const struct game *game, const bool *in)
{
	uint64_t sum[GAME_ROWS_MAX] = {0};

	for (size_t r = 0; r < game->rows; r++)
		for (size_t i = 0; i < game->seats; i++)
			sum[r] += in[i] ? game->weight[r * game->seats + i] : 0;
	return game_wins(game, sum);
}

void game_dual(const struct game *game, struct game *dual, struct arena *arena)
{
	*dual = *game;
	dual->parts = arena_take_array(arena, game->part_count, sizeof(*dual->parts));
	for (size_t i = 0; i < game->part_count; i++) {
		struct game_part part = game->parts[i];

		switch (part.kind) {
		case GAME_ALL_OF:
			part.kind = GAME_ANY_OF;
			break;
		case GAME_ANY_OF:
			part.kind = GAME_ALL_OF;
			break;
		case GAME_TALLY:
			part.need = game->total[part.row] - part.need + 1;
			break;
		case GAME_GIVEN:
			part.kind = GAME_NEVER;
			break;
		case GAME_NEVER:
			part.kind = GAME_GIVEN;
			break;
		}
		dual->parts[i] = part;
	}
}

bool game_same(const struct game *a, const struct game *b)
{
	if (a->seats != b->seats || a->rows != b->rows || a->part_count != b->part_count)
		return false;
	for (size_t i = 0; i < a->part_count; i++) {
		const struct game_part *x = &a->parts[i], *y = &b->parts[i];

		if (x->kind != y->kind || x->span != y->span || x->row != y->row ||
		    x->need != y->need)
			return false;
	}
	return a->rows == 0 ||
	       memcmp(a->weight, b->weight, a->rows * a->seats * sizeof(*a->weight)) == 0;
}
