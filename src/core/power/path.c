/* SPDX-License-Identifier: Apache-2.0 */
#include "power/path.h"

#include "base/must.h"

#define PATHS_MAX (2 * PATH_KINDS) /* of one holder: each kind without a ruling and with one */

/* The rules by which a delegation is changed or removed, or its holder is. */
static const struct {
	const char *rule;
	enum path_kind kind;
	bool concerned; /* the holder is */
	bool recipient; /* another party has a part in it */
	bool known;     /* who is interested: the holder alone */
} TAKING[] = {
	{"delegate.update", PATH_RULE, false, false, false},
	{"delegate.drop-ds", PATH_RULE, false, false, false},
	{"delegate.transfer", PATH_RULE, true, true, false},
	{"delegate.withdraw", PATH_RULE, false, false, false},
	{"delegate.revoke", PATH_RULE, true, false, false},
	{"host.update", PATH_RULE, false, false, false},
	{"party.rekey", PATH_RULE, true, false, true},
	{"delegate.retire", PATH_RETIRE, true, false, false},
	{"delegate.operate", PATH_OPERATE, true, true, false},
};

#define TAKINGS (sizeof(TAKING) / sizeof(TAKING[0]))

/* How all others can be silenced, and which path begins five of that sort. */
enum silencer { SILENCED_BY_SUSPENSION, SILENCED_BY_REGISTER, SILENCERS };

static const struct {
	const char *rule;
	enum path_kind kind;
} SILENCER[SILENCERS] = {{"party.suspend", PATH_SUSPEND}, {"register.adopt", PATH_REGISTER}};

enum { THEN_RULE, THEN_AMEND, THEN_ENTRENCH, AMEND_THEN_RULE, AMEND_THEN_ENTRENCH, SILENCED_PATHS };

/* What is known of one holder. */
struct finder {
	const struct charter *charter;
	size_t count, holder;
	struct charter_party *plain; /* [count]: the holder says no; nobody has a part */
	struct charter_party *meant; /* [count]: as plain; the holder is the first whose votes are to be suspended */
	struct charter_party *cast;  /* [count]: the same, with parts in the case */
	bool *left;                  /* [count]: who is, when as many others are inactive as can be */
	bool silenced_admits[SILENCERS]; /* whether who silences all others can then admit parties alone */
	struct arena *arena;
	struct path path[PATHS_MAX];
	size_t paths;
	size_t revoke;
	uint64_t steps; /* of all searches */
};

/* One or two rules that the coalition carries. */
struct steps {
	enum path_kind kind;
	const struct charter_rule *first; /* NULL: one step */
	const struct charter_rule *last;
	bool cast;   /* the last is about the delegation */
	bool joined; /* by then, the coalition has had parties admitted */
	bool known;  /* nobody is interested but the holder */
	const struct charter_rule *rule; /* path.rule */
	bool newcomer; /* whom the last is to give something is a party so admitted */
};

bool path_open(const struct charter *charter, const struct charter_rule *rule)
{
	return rule == NULL || !charter_article(charter, rule->article)->entrenched;
}

size_t path_signers(const struct charter *charter, const struct charter_party *parties,
                    size_t count)
{
	size_t signers = 0;

	for (size_t i = 0; i < count; i++)
		signers += charter_signs(charter, parties[i].name, parties[i].kind);
	return signers;
}

/* Whether the coalition has silenced all others, in that way, by the last step. */
static bool silenced_by(enum path_kind kind, enum silencer how)
{
	return kind >= SILENCER[how].kind && kind < SILENCER[how].kind + SILENCED_PATHS;
}

static void set_silenced(const struct finder *f, enum path_kind kind, struct game_setting *setting)
{
	setting->hushed = silenced_by(kind, SILENCED_BY_SUSPENSION);
	setting->struck = silenced_by(kind, SILENCED_BY_REGISTER);
	for (enum silencer how = 0; how < SILENCERS; how++)
		if (silenced_by(kind, how) && f->silenced_admits[how])
			setting->joined = true;
}

static void build(const struct finder *f, const struct steps *steps, enum game_stance stance,
                  bool ruling, struct game *game, struct arena *arena)
{
	struct game_setting setting = {
		.parties = f->plain,
		.count = f->count,
		.stance = stance,
		.ruling = ruling,
		.checked = true,
		.touched = !steps->known,
	};
	size_t both;

	game_begin(game, &setting, arena);
	both = game_open(game, GAME_ALL_OF);
	if (silenced_by(steps->kind, SILENCED_BY_SUSPENSION))
		setting.parties = f->meant;
	if (steps->first != NULL)
		game_rule(game, &setting, steps->first);
	setting.joined = steps->joined;
	setting.newcomer = steps->newcomer;
	set_silenced(f, steps->kind, &setting);
	setting.parties = steps->cast ? f->cast : f->plain;
	game_rule(game, &setting, steps->last);
	game_close(game, both);
	game_seal(game, arena);
}

/* The seats of a coalition that is known by classes. */
static size_t seats_of(const struct game *game, const struct search *search, uint16_t *seat)
{
	uint16_t taken[GAME_SEATS_MAX] = {0};
	size_t count = 0;

	for (size_t i = 0; i < game->seats; i++)
		if (taken[game->class_of[i]] < search->taken[game->class_of[i]]) {
			taken[game->class_of[i]]++;
			seat[count++] = (uint16_t)i;
		}
	return count;
}

/* The path of that kind, so far; NULL. */
static struct path *known(struct finder *f, enum path_kind kind, bool ruling)
{
	for (size_t i = 0; i < f->paths; i++)
		if (f->path[i].kind == kind && f->path[i].ruling == ruling)
			return &f->path[i];
	return NULL;
}

static void keep(struct finder *f, const struct path *path, const uint16_t *seat)
{
	struct path *before = known(f, path->kind, path->ruling);
	uint16_t *kept = NULL;

	if (before != NULL && before->count <= path->count)
		return;
	if (before == NULL) {
		must(f->paths < PATHS_MAX);
		before = &f->path[f->paths++];
	}
	*before = *path;
	if (seat != NULL) {
		kept = arena_take_array(f->arena, path->count, sizeof(*kept));
		memcpy(kept, seat, path->count * sizeof(*kept));
	}
	before->seat = kept;
}

/* Looks for the smallest coalition, and keeps it where it is the smallest of its kind. */
static bool try(struct finder *f, const struct steps *steps, bool ruling)
{
	struct path path = {.kind = steps->kind, .first = steps->first, .by = steps->last, .rule = steps->rule, .ruling = ruling};
	struct arena rest = arena_rest(f->arena);
	uint16_t seat[GAME_SEATS_MAX];
	struct search search, silent;
	struct game game;

	build(f, steps, GAME_OPPOSED, ruling, &game, &rest);
	search_smallest(&game, &rest, &search);
	f->steps += search.steps;
	if (!search.found && search.exact)
		return false;
	path.exact = search.exact;
	path.count = search.count;
	if (search.found)
		path.count = seats_of(&game, &search, seat);
	if (steps->kind == PATH_RULE && bytes_same(steps->rule->name, BYTES("delegate.revoke")))
		f->revoke = path.count;
	rest = arena_rest(f->arena);
	build(f, steps, GAME_SILENT, ruling, &game, &rest);
	search_smallest(&game, &rest, &silent);
	f->steps += silent.steps;
	path.silent_found = silent.found;
	path.silent_count = silent.count;
	keep(f, &path, search.found ? seat : NULL);
	return true;
}

/* Without a ruling; and where that leads nowhere, with one. */
static void attempt(struct finder *f, const struct steps *steps)
{
	if (steps->last != NULL && !try(f, steps, false))
		try(f, steps, true);
}

/* A path of more steps is told only where it takes fewer than the shorter ones. */
static void drop_longer(struct finder *f, enum path_kind longer, enum path_kind shorter)
{
	for (unsigned ruling = 0; ruling < 2; ruling++) {
		struct path *l = known(f, longer, ruling), *s = known(f, shorter, ruling);

		if (l == NULL || s == NULL || l->count < s->count)
			continue;
		*l = f->path[--f->paths];
	}
}

static const struct charter_rule *rule_of(const struct finder *f, const char *name)
{
	return charter_rule(f->charter, bytes_of(name));
}

/* The parts in a case about the holder's delegation, which `recipient` is to have. */
static void cast(struct finder *f, bool concerned, const size_t *recipient)
{
	memcpy(f->cast, f->plain, f->count * sizeof(*f->cast));
	f->cast[f->holder].holder = true;
	f->cast[f->holder].concerned = concerned;
	if (recipient != NULL) {
		f->cast[*recipient].recipient = true;
		f->cast[*recipient].concerned = concerned;
	}
}

/* Whether charter.amend alone changes the rule, or makes it where it is not there: what a charter has no rule for is
 * entrenched where anything is (charter_amending_rule()). */
static bool amendable(const struct finder *f, const struct charter_rule *rule)
{
	return rule == NULL ? rule_of(f, "charter.entrench") == NULL : path_open(f->charter, rule);
}

/* Whether a register has any say in whose votes are counted. */
static bool registers_count(const struct charter *charter)
{
	for (size_t i = 0; i < charter->set_count; i++)
		if (charter->sets[i].recognised_by.size > 0)
			return true;
	return false;
}

static bool can_silence(const struct finder *f, enum silencer how)
{
	return how == SILENCED_BY_SUSPENSION || registers_count(f->charter);
}

/* Others are silenced, or first the rule is amended by which they are; then by the rule. */
static void take_silenced(struct finder *f, const struct charter_rule *rule, bool known)
{
	const struct charter_rule *amend = rule_of(f, "charter.amend");

	for (enum silencer how = 0; how < SILENCERS; how++) {
		const struct charter_rule *by = rule_of(f, SILENCER[how].rule);
		enum path_kind kind = SILENCER[how].kind;

		if (!can_silence(f, how))
			continue;
		if (by != NULL)
			attempt(f, &(struct steps){.kind = kind + THEN_RULE, .first = by, .last = rule, .cast = true, .known = known, .rule = rule});
		if (amendable(f, by))
			attempt(f, &(struct steps){.kind = kind + AMEND_THEN_RULE, .first = amend, .last = rule, .cast = true, .known = known, .rule = rule});
	}
}

/* Others are inactive: their votes do not count. Who is left has not to do anything for that. */
static void take_inactive(struct finder *f, const struct charter_rule *rule, bool known)
{
	if (f->left == NULL)
		return;
	for (size_t i = 0; i < f->count; i++)
		f->cast[i].suspended = !f->left[i];
	attempt(f, &(struct steps){.kind = PATH_INACTIVE, .last = rule, .cast = true, .known = known, .rule = rule});
	for (size_t i = 0; i < f->count; i++)
		f->cast[i].suspended = f->plain[i].suspended;
}

/* Of each way to take: that way, when parties were admitted first; and when admission was amended before. */
static const struct {
	enum path_kind join, amend_join;
} JOINED[] = {
	[PATH_RULE] = {PATH_JOIN, PATH_AMEND_JOIN},
	[PATH_RETIRE] = {PATH_JOIN_RETIRE, PATH_AMEND_JOIN_RETIRE},
	[PATH_OPERATE] = {PATH_JOIN_OPERATE, PATH_AMEND_JOIN_OPERATE},
};

/* By the rule, when as many parties as the coalition likes have been admitted. */
static void join_by(struct finder *f, const struct charter_rule *rule, size_t taking, bool newcomer)
{
	const struct charter_rule *admit = rule_of(f, "party.admit");
	struct steps steps = {.last = rule, .cast = true, .joined = true, .known = TAKING[taking].known, .rule = rule, .newcomer = newcomer};

	steps.kind = JOINED[TAKING[taking].kind].join;
	steps.first = admit;
	if (admit != NULL)
		attempt(f, &steps);
	steps.kind = JOINED[TAKING[taking].kind].amend_join;
	steps.first = rule_of(f, "charter.amend");
	if (path_open(f->charter, admit))
		attempt(f, &steps);
}

static void take_by(struct finder *f, const struct charter_rule *rule, size_t taking)
{
	enum path_kind kind = TAKING[taking].kind;
	bool known = TAKING[taking].known;

	attempt(f, &(struct steps){.kind = kind, .last = rule, .cast = true, .known = known, .rule = rule});
	join_by(f, rule, taking, false);
	if (kind != PATH_RULE)
		return;
	take_silenced(f, rule, known);
	take_inactive(f, rule, known);
}

/* Whether a clause tells two parties apart. */
static bool tells_apart(const struct charter_clause *clause, const struct charter_party *a,
                        const struct charter_party *b)
{
	return charter_clause_counts(clause, a) != charter_clause_counts(clause, b) ||
	       (clause->by_weight && a->weight != b->weight);
}

static bool expression_tells(const struct charter_expression *expression,
                             const struct charter_party *a, const struct charter_party *b)
{
	for (size_t i = 0; i < expression->count; i++)
		if (tells_apart(&expression->clauses[i], a, b))
			return true;
	return false;
}

/* Whether the charter says anything of the one that it does not say of the other. */
static bool alike(const struct charter *charter, const struct charter_party *a,
                  const struct charter_party *b)
{
	if (charter_signs(charter, a->name, a->kind) != charter_signs(charter, b->name, b->kind))
		return false;
	for (size_t i = 0; i < charter->rule_count; i++) {
		const struct charter_rule *rule = &charter->rules[i];
		const struct charter_set *objectors = rule->objectors;

		if (expression_tells(&rule->consent, a, b) || expression_tells(&rule->fast, a, b) ||
		    expression_tells(&rule->ratified, a, b))
			return false;
		if (objectors != NULL && charter_set_has(objectors, a->name, a->kind) !=
		                                 charter_set_has(objectors, b->name, b->kind))
			return false;
	}
	return true;
}

/* Whether the rule asks for the recipient, or leaves out who is concerned. */
static bool depends_on_recipient(const struct charter_rule *rule)
{
	for (size_t i = 0; i < rule->consent.count; i++)
		if (rule->consent.clauses[i].kind == CLAUSE_RECIPIENT ||
		    rule->consent.clauses[i].excluding_concerned)
			return true;
	return rule->expedited != 0;
}

/* Whether the charter says something else of every party before this one, the holder aside: who is alike has the same ways. */
static bool is_first_alike(const struct finder *f, size_t party)
{
	for (size_t i = 0; i < party; i++)
		if (i != f->holder && alike(f->charter, &f->plain[i], &f->plain[party]))
			return false;
	return true;
}

static void take(struct finder *f, size_t taking)
{
	const struct charter_rule *rule = rule_of(f, TAKING[taking].rule);
	bool concerned = TAKING[taking].concerned;

	if (rule == NULL)
		return;
	cast(f, concerned, NULL);
	f->cast[f->holder].interested = TAKING[taking].known;
	if (!TAKING[taking].recipient || !depends_on_recipient(rule)) {
		take_by(f, rule, taking);
		return;
	}
	join_by(f, rule, taking, true);
	for (size_t i = 0; i < f->count; i++)
		if (i != f->holder && is_first_alike(f, i)) {
			cast(f, concerned, &i);
			take_by(f, rule, taking);
		}
}

static void amend(struct finder *f)
{
	const struct charter_rule *admit = rule_of(f, "party.admit"), *rule = NULL, *open = NULL,
				  *by = rule_of(f, "charter.amend"),
				  *entrench = rule_of(f, "charter.entrench");
	bool any = false;

	for (size_t i = 0; i < TAKINGS; i++) {
		rule = rule_of(f, TAKING[i].rule);
		if (!amendable(f, rule))
			continue;
		any = true;
		open = open == NULL ? rule : open;
	}
	if (any)
		attempt(f, &(struct steps){.kind = PATH_AMEND, .last = by, .rule = open});
	if (any && admit != NULL)
		attempt(f, &(struct steps){.kind = PATH_JOIN_AMEND, .first = admit, .last = by, .joined = true, .rule = open});
	attempt(f, &(struct steps){.kind = PATH_ENTRENCH, .last = entrench});
	if (admit != NULL)
		attempt(f, &(struct steps){.kind = PATH_JOIN_ENTRENCH, .first = admit, .last = entrench, .joined = true});
	if (path_open(f->charter, admit))
		attempt(f, &(struct steps){.kind = PATH_AMEND_JOIN_ENTRENCH, .first = by, .last = entrench, .joined = true});
	for (enum silencer how = 0; how < SILENCERS; how++) {
		const struct charter_rule *silence = rule_of(f, SILENCER[how].rule);
		enum path_kind kind = SILENCER[how].kind;

		if (!can_silence(f, how))
			continue;
		if (any && silence != NULL)
			attempt(f, &(struct steps){.kind = kind + THEN_AMEND, .first = silence, .last = by, .rule = open});
		if (silence != NULL)
			attempt(f, &(struct steps){.kind = kind + THEN_ENTRENCH, .first = silence, .last = entrench});
		if (amendable(f, silence))
			attempt(f, &(struct steps){.kind = kind + AMEND_THEN_ENTRENCH, .first = by, .last = entrench});
	}
}

/* Whether one party that has silenced all others carries party.admit. */
static bool silenced_admits(const struct finder *f, enum silencer how)
{
	const struct charter_rule *admit = rule_of(f, "party.admit");
	struct arena rest = arena_rest(f->arena);
	struct game_setting setting = {.parties = f->plain,
	                               .count = f->count,
	                               .checked = true,
	                               .hushed = how == SILENCED_BY_SUSPENSION,
	                               .struck = how == SILENCED_BY_REGISTER};
	struct search search;
	struct game game;

	if (admit == NULL || !can_silence(f, how))
		return false;
	game_begin(&game, &setting, &rest);
	game_rule(&game, &setting, admit);
	game_seal(&game, &rest);
	search_smallest(&game, &rest, &search);
	return search.found && search.count <= 1;
}

/* Who is left when as many others are inactive as the floor of comity-charter(7), INACTIVITY, allows: one of the
 * smallest coalitions that carry charter.amend counted among all. */
static void find_left(struct finder *f)
{
	const struct charter_rule *by = rule_of(f, "charter.amend");
	struct arena rest = arena_rest(f->arena);
	struct game_setting setting = {.parties = f->plain, .count = f->count, .checked = true};
	uint16_t seat[GAME_SEATS_MAX];
	struct search search;
	struct game game;

	f->left = NULL;
	if (f->charter->inactive_missed == 0)
		return;
	game_begin(&game, &setting, &rest);
	game_rule(&game, &setting, by);
	game_seal(&game, &rest);
	search_smallest(&game, &rest, &search);
	f->steps += search.steps;
	if (!search.found)
		return;
	search.count = seats_of(&game, &search, seat);
	f->left = arena_take_array(f->arena, f->count, sizeof(*f->left));
	memset(f->left, 0, f->count * sizeof(*f->left));
	for (size_t i = 0; i < search.count; i++)
		f->left[seat[i]] = true;
}

static void by_key(struct finder *f)
{
	size_t signers = path_signers(f->charter, f->plain, f->count), found = 0;
	size_t threshold = charter_signing_threshold((uint32_t)signers);
	uint16_t seat[GAME_PARTIES_MAX];

	for (size_t i = 0; i < f->count && found < threshold; i++)
		if (i != f->holder && charter_signs(f->charter, f->plain[i].name, f->plain[i].kind))
			seat[found++] = (uint16_t)i;
	if (signers > 0 && found == threshold)
		keep(f, &(struct path){.kind = PATH_KEY, .exact = true, .count = found}, seat);
}

/* Who can keep a change of the holder's own from taking effect. */
static void guard(struct finder *f)
{
	const struct charter_rule *rule = rule_of(f, "delegate.update");
	struct arena rest = arena_rest(f->arena);
	struct game_setting setting = {.parties = f->cast, .count = f->count, .checked = true};
	struct path path = {.kind = PATH_GUARD, .by = rule, .rule = rule};
	uint16_t seat[GAME_SEATS_MAX];
	struct game game, dual;
	struct search search;

	cast(f, false, NULL);
	f->cast[f->holder].vote = VOTE_NONE;
	game_begin(&game, &setting, &rest);
	game_rule(&game, &setting, rule);
	game_agreed(&game, f->holder);
	game_seal(&game, &rest);
	game_dual(&game, &dual, &rest);
	search_smallest(&dual, &rest, &search);
	f->steps += search.steps;
	if (!search.found)
		return;
	path.exact = true;
	path.count = seats_of(&dual, &search, seat);
	keep(f, &path, seat);
}

/* Whether a change of the holder's own is a proposal first. */
static bool waits(const struct charter_rule *rule)
{
	for (size_t i = 0; i < rule->consent.count; i++)
		if (rule->consent.clauses[i].set != NULL || rule->consent.clauses[i].kind == CLAUSE_ALL ||
		    rule->consent.clauses[i].kind == CLAUSE_PARTY)
			return true;
	return rule->comment + rule->objection + rule->delay + rule->cure != 0;
}

/* Those by which others are silenced, where as few go a way without. */
static void drop_silenced(struct finder *f, enum path_kind kind)
{
	static const enum path_kind OF_RULE[] = {PATH_RULE, PATH_JOIN, PATH_AMEND, PATH_AMEND_JOIN},
				    OF_ENTRENCHED[] = {PATH_ENTRENCH, PATH_JOIN_ENTRENCH, PATH_AMEND_JOIN_ENTRENCH};

	for (size_t i = 0; i < sizeof(OF_RULE) / sizeof(OF_RULE[0]); i++) {
		drop_longer(f, kind + THEN_RULE, OF_RULE[i]);
		drop_longer(f, kind + AMEND_THEN_RULE, OF_RULE[i]);
		drop_longer(f, kind + THEN_AMEND, OF_RULE[i]);
	}
	for (size_t i = 0; i < sizeof(OF_ENTRENCHED) / sizeof(OF_ENTRENCHED[0]); i++) {
		drop_longer(f, kind + THEN_ENTRENCH, OF_ENTRENCHED[i]);
		drop_longer(f, kind + AMEND_THEN_ENTRENCH, OF_ENTRENCHED[i]);
	}
	drop_longer(f, kind + AMEND_THEN_RULE, kind + THEN_RULE);
	drop_longer(f, kind + AMEND_THEN_ENTRENCH, kind + THEN_ENTRENCH);
	drop_longer(f, kind + AMEND_THEN_ENTRENCH, PATH_AMEND);
}

static void find_for(struct finder *f)
{
	const struct charter_rule *cancel = rule_of(f, "emergency.cancel");
	const struct charter_rule *freeze = rule_of(f, "emergency.freeze");

	f->paths = 0;
	f->revoke = 0;
	f->steps = 0;
	memcpy(f->meant, f->plain, f->count * sizeof(*f->meant));
	f->meant[f->holder].concerned = true;
	memcpy(f->cast, f->plain, f->count * sizeof(*f->cast));
	for (enum silencer how = 0; how < SILENCERS; how++)
		f->silenced_admits[how] = silenced_admits(f, how);
	find_left(f);
	for (size_t i = 0; i < TAKINGS; i++)
		take(f, i);
	amend(f);
	drop_longer(f, PATH_JOIN, PATH_RULE);
	drop_longer(f, PATH_JOIN_RETIRE, PATH_RETIRE);
	drop_longer(f, PATH_AMEND_JOIN_RETIRE, PATH_RETIRE);
	drop_longer(f, PATH_AMEND_JOIN_RETIRE, PATH_JOIN_RETIRE);
	drop_longer(f, PATH_AMEND_JOIN_RETIRE, PATH_AMEND);
	drop_longer(f, PATH_JOIN_OPERATE, PATH_OPERATE);
	drop_longer(f, PATH_AMEND_JOIN_OPERATE, PATH_OPERATE);
	drop_longer(f, PATH_AMEND_JOIN_OPERATE, PATH_JOIN_OPERATE);
	drop_longer(f, PATH_AMEND_JOIN_OPERATE, PATH_AMEND);
	drop_longer(f, PATH_AMEND_JOIN, PATH_RULE);
	drop_longer(f, PATH_AMEND_JOIN, PATH_JOIN);
	drop_longer(f, PATH_AMEND_JOIN, PATH_AMEND);
	drop_longer(f, PATH_JOIN_AMEND, PATH_AMEND);
	drop_longer(f, PATH_JOIN_ENTRENCH, PATH_ENTRENCH);
	drop_longer(f, PATH_AMEND_JOIN_ENTRENCH, PATH_ENTRENCH);
	drop_longer(f, PATH_AMEND_JOIN_ENTRENCH, PATH_JOIN_ENTRENCH);
	drop_longer(f, PATH_AMEND_JOIN_ENTRENCH, PATH_AMEND);
	for (enum silencer how = 0; how < SILENCERS; how++)
		drop_silenced(f, SILENCER[how].kind);
	drop_longer(f, PATH_INACTIVE, PATH_RULE);
	by_key(f);
	cast(f, true, NULL);
	attempt(f, &(struct steps){.kind = PATH_FREEZE, .last = freeze, .cast = true, .rule = freeze});
	if (waits(rule_of(f, "delegate.update")))
		attempt(f, &(struct steps){.kind = PATH_CANCEL, .last = cancel, .cast = true, .rule = cancel});
	guard(f);
}

static void peril_of(struct finder *f, struct peril *peril)
{
	peril->revoke = f->revoke;
	peril->count = f->paths;
	peril->steps = f->steps;
	peril->path = arena_take_array(f->arena, f->paths, sizeof(*peril->path));
	/* By kind, and without a ruling first. */
	for (unsigned kind = 0, i = 0; kind < PATH_KINDS; kind++)
		for (unsigned ruling = 0; ruling < 2; ruling++) {
			struct path *path = known(f, (enum path_kind)kind, ruling);

			if (path != NULL)
				peril->path[i++] = *path;
		}
}

size_t path_find(const struct charter *charter, const struct charter_party *parties, size_t count,
                 struct arena *arena, struct peril **perils)
{
	struct finder f = {.charter = charter, .count = count, .arena = arena};
	size_t found = 0;

	must(count <= GAME_PARTIES_MAX);
	*perils = arena_take_array(arena, count, sizeof(**perils));
	f.plain = arena_take_array(arena, count, sizeof(*f.plain));
	f.meant = arena_take_array(arena, count, sizeof(*f.meant));
	f.cast = arena_take_array(arena, count, sizeof(*f.cast));
	memcpy(f.plain, parties, count * sizeof(*f.plain));
	for (size_t i = 0; i < count; i++) {
		size_t group = 0;

		while (group < found && !alike(charter, &parties[(*perils)[group].holder], &parties[i]))
			group++;
		(*perils)[group].holders++;
		if (group < found)
			continue;
		(*perils)[found++].holder = i;
		f.holder = i;
		f.plain[i].vote = VOTE_NO;
		find_for(&f);
		f.plain[i].vote = VOTE_NONE;
		peril_of(&f, &(*perils)[group]);
	}
	return found;
}
