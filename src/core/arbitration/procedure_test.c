/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every state that a dispute can be in, by every step that anybody can take at every moment: a graph that is
 * walked to its end. It has no cycle, and no state without a way out that time alone takes; so every path ends.
 */
#include "arbitration/procedure.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define NODES_MAX (1 << 21)

/* Small spans, in ticks: order is all that counts. As charters may set them: each as short as can be; the pleadings
 * longer than there is time to challenge, and shorter; a challenge that outlasts them. */
static const struct charter_times SETS[] = {
	{{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{{2, 2, 2, 3, 2, 2, 2, 2, 2, 2}},
	{{1, 3, 1, 2, 4, 1, 3, 1, 2, 3}},
	{{3, 1, 2, 4, 1, 5, 1, 3, 1, 1}},
};

static const struct charter_times *times;

/* A state with times relative to now, so that two moments that are alike are one. */
struct node {
	struct procedure p;
	bool walking, walked;
};

static struct node *nodes;
static unsigned count, edges, closed[ENDINGS];
static bool cycle, stuck, unratified_taking, wrong_award, drawn_early;

static struct procedure relative(struct procedure p, int64_t now)
{
	/* A draw is waited for without anything else that hangs on time: its deadline is as good as there. */
	p.deadline = procedure_is_timed(&p) && p.phase != PHASE_DRAW ? p.deadline - now : 0;
	p.raise_until = p.phase == PHASE_PLEAD && p.raise_until > now ? p.raise_until - now : 0;
	if (p.phase != PHASE_CHALLENGE && p.phase != PHASE_DRAW)
		p.rest = 0;
	if (p.phase != PHASE_DRAW)
		p.draw = DRAW_SEATS;
	return p;
}

static bool same(const struct procedure *a, const struct procedure *b)
{
	return a->phase == b->phase && a->ending == b->ending && a->deadline == b->deadline &&
	       a->draw == b->draw && a->rest == b->rest && a->raise_until == b->raise_until && a->seats == b->seats &&
	       a->ranked == b->ranked && a->settled == b->settled && a->raised[0] == b->raised[0] &&
	       a->raised[1] == b->raised[1] && a->award == b->award;
}

static struct node *node_of(const struct procedure *p)
{
	uint64_t hash = 1469598103934665603u;
	const uint64_t parts[] = {p->phase,  p->ending,  (uint64_t)p->deadline, (uint64_t)p->rest,
	                          (uint64_t)p->raise_until, p->seats, p->ranked, p->settled,
	                          p->raised[0], p->raised[1], p->award, p->draw};

	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		hash = (hash ^ parts[i]) * 1099511628211u;
	for (size_t i = hash % NODES_MAX;; i = (i + 1) % NODES_MAX) {
		if (!nodes[i].walked && !nodes[i].walking) {
			if (++count == NODES_MAX / 2)
				bail_out("more states than there is room for");
			nodes[i].p = *p;
			return &nodes[i];
		}
		if (same(&nodes[i].p, p))
			return &nodes[i];
	}
}

static void walk(struct procedure p);

/* Takes one step from `p` at its own moment 0, if it may. */
static bool tried(struct procedure p, enum step step, enum side side, enum remedy award)
{
	enum phase from = p.phase;
	enum need need = NEED_NOTHING;

	if (!procedure_take(&p, times, step, side, award, 0, &need))
		return false;
	edges++;
	unratified_taking = unratified_taking ||
	                    (p.ending == ENDING_EXECUTED && remedy_takes(p.award) &&
	                     from != PHASE_RATIFY) ||
	                    (need == NEED_EXECUTE && remedy_takes(p.award));
	wrong_award = wrong_award || (step == STEP_AWARD && p.award != award);
	drawn_early = drawn_early || ((need == NEED_SEATS || need == NEED_CHAIR || need == NEED_DECIDER ||
	                               need == NEED_SUBSTITUTE) != (step == STEP_DRAWN && from == PHASE_DRAW)) ||
	              (from == PHASE_DRAW && p.phase == PHASE_DRAW && step != STEP_SETTLE);
	walk(relative(p, 0));
	return true;
}

/* Everything that anybody can do now. */
static void walk_steps(struct procedure p)
{
	for (enum step step = STEP_TIME + 1; step < STEPS; step++)
		for (enum side side = 0; side < SIDES; side++)
			for (enum remedy award = 0; award < (step == STEP_AWARD ? REMEDIES : 1); award++)
				tried(p, step, side, award);
}

/* Time alone: a tick, or the deadline. */
static bool time_goes_on(struct procedure p)
{
	if (p.phase == PHASE_RATIFY) /* its vote ends by itself, one way or the other */
		return tried(p, STEP_RATIFIED, 0, 0) && tried(p, STEP_UNRATIFIED, 0, 0) &&
		       tried(p, STEP_IMPOSSIBLE, 0, 0);
	if (p.deadline > 0) {
		edges++;
		walk(relative(p, 1));
		return true;
	}
	return tried(p, STEP_TIME, 0, 0);
}

static void walk(struct procedure p)
{
	struct node *node = node_of(&p);

	if (node->walked)
		return;
	if (node->walking) {
		cycle = true;
		return;
	}
	node->walking = true;
	if (p.phase == PHASE_CLOSED)
		closed[p.ending]++;
	else if (!time_goes_on(p))
		stuck = true;
	walk_steps(p);
	node->walking = false;
	node->walked = true;
}

static void model(const struct charter_times *set)
{
	struct procedure p;
	bool all = true;

	times = set;
	count = edges = 0;
	cycle = stuck = unratified_taking = wrong_award = drawn_early = false;
	memset(closed, 0, sizeof(closed));
	nodes = calloc(NODES_MAX, sizeof(*nodes));
	if (nodes == NULL)
		bail_out("no memory");
	procedure_begin(&p, times, 0);
	walk(relative(p, 0));
	for (enum ending e = ENDING_NONE + 1; e < ENDINGS; e++)
		all = all && closed[e] > 0;
	printf("# %u states, %u steps between them\n", count, edges);
	ok(count > 400, "the model is no trifle");
	ok(!stuck, "no state without a way out that time takes");
	ok(!cycle, "no way leads back: every path ends");
	ok(all && closed[ENDING_NONE] == 0, "in one of the endings, and each ending is reached");
	ok(!unratified_taking, "what touches a delegation is not executed but by ratification");
	ok(!wrong_award, "what was decided is what is ordered");
	ok(!drawn_early, "whoever is drawn is drawn by a step of its own, after the one that calls for the draw");
	free(nodes);
}

/* The end of a dispute in which everybody is silent, which is opened at 0. */
static int64_t silent_end(const struct charter_times *set)
{
	struct procedure p;
	enum need need;
	int64_t now = 0;

	procedure_begin(&p, set, 0);
	while (p.phase != PHASE_CLOSED && procedure_is_timed(&p)) {
		if (p.phase != PHASE_DRAW)
			now = p.deadline;
		if (!procedure_take(&p, set, p.phase == PHASE_DRAW ? STEP_DRAWN : STEP_TIME, 0, 0, now, &need))
			bail_out("a deadline that is none");
	}
	ok(p.ending == ENDING_LAPSED, "where everybody is silent, nothing changes");
	return now;
}

/* The same spans as people count them. */
static void silence(void)
{
	struct charter_times longest;

	ok(silent_end(&CHARTER_TIMES_DEFAULT) == 330 * (int64_t)86400, "after 30, 15, 15, 90 and 180 days");
	for (unsigned i = 0; i < CHARTER_TIMES; i++)
		longest.seconds[i] = CHARTER_TIME_MAX;
	ok(silent_end(&longest) == 5 * 366 * (int64_t)86400, "after five times the longest that a charter may say");
}

/* Everything that makes a dispute long, at the last moment for it, and the longest times: it ends all the same. */
static void slowest(void)
{
	struct charter_times set;
	struct procedure p;
	enum need need;
	int64_t now = 0;

	for (unsigned i = 0; i < CHARTER_TIMES; i++)
		set.seconds[i] = CHARTER_TIME_MAX;
	procedure_begin(&p, &set, 0);
	while (p.phase < PHASE_RATIFY) {
		bool taken = false;

		now = p.deadline - 1;
		for (enum side side = 0; side < SIDES && p.phase == PHASE_PLEAD && !taken; side++)
			taken = procedure_take(&p, &set, STEP_CHALLENGE, side, 0, now, &need);
		if (p.phase == PHASE_DRAW)
			taken = procedure_take(&p, &set, STEP_DRAWN, 0, 0, now, &need);
		if (p.phase == PHASE_CHALLENGE && !taken)
			taken = procedure_take(&p, &set, STEP_REPLACE, 0, 0, now, &need);
		if (!taken && (p.phase == PHASE_DELIBERATE || p.phase == PHASE_CORRECTING))
			taken = procedure_take(&p, &set, STEP_AWARD, 0, REMEDY_TRANSFER, now, &need);
		if (!taken && p.phase == PHASE_CORRECT)
			taken = procedure_take(&p, &set, STEP_CORRECT, 0, 0, now, &need);
		if (taken)
			continue;
		now = p.deadline;
		if (!procedure_take(&p, &set, STEP_TIME, 0, 0, now, &need))
			bail_out("a deadline that is none");
	}
	ok(p.raised[0] == CHALLENGES_MAX && p.raised[1] == CHALLENGES_MAX, "each side has challenged as often as it may");
	ok(now > 13 * (CHARTER_TIME_MAX + DRAW_TIME) && now <= 14 * (CHARTER_TIME_MAX + DRAW_TIME),
	   "and after fourteen times the longest, and fourteen draws, it is over");
}

static void no_draw(void)
{
	struct procedure p;
	enum need need;

	procedure_begin(&p, &CHARTER_TIMES_DEFAULT, 0);
	while (p.phase != PHASE_DRAW)
		if (!procedure_take(&p, &CHARTER_TIMES_DEFAULT, STEP_TIME, 0, 0, p.deadline, &need))
			bail_out("a deadline that is none");
	ok(p.draw == DRAW_SEATS && need == NEED_DRAW && p.seats == 0, "where nobody appoints, a draw is called for");
	ok(procedure_take(&p, &CHARTER_TIMES_DEFAULT, STEP_TIME, 0, 0, p.deadline, &need) && p.ending == ENDING_LAPSED,
	   "and where it is not made, nothing changes");
}

static void refusals(void)
{
	struct procedure p;
	enum need need;

	times = &CHARTER_TIMES_DEFAULT;
	procedure_begin(&p, times, 0);
	ok(!procedure_take(&p, times, STEP_ANSWER, SIDE_CLAIMANT, 0, 1, &need),
	   "the claimant does not answer itself");
	ok(!procedure_take(&p, times, STEP_TIME, 0, 0, 1, &need), "time does not run ahead");
	ok(!procedure_take(&p, times, STEP_AWARD, 0, REMEDY_TRANSFER, 1, &need),
	   "nobody decides before there is a panel");
	ok(p.phase == PHASE_NOTICE && p.deadline == times->seconds[TIME_ANSWER], "and nothing changed");
}

static void words(void)
{
	bool back = true;

	for (enum phase i = 0; i < PHASES; i++)
		back = back && phase_of(bytes_of(phase_word(i))) == i;
	for (enum ending i = 0; i < ENDINGS; i++)
		back = back && ending_of(bytes_of(ending_word(i))) == i;
	for (enum draw i = 0; i < DRAWS; i++)
		back = back && draw_of(bytes_of(draw_word(i))) == i;
	for (enum remedy i = 0; i < REMEDIES; i++)
		back = back && remedy_of(bytes_of(remedy_word(i))) == i;
	ok(back, "every word leads back");
	ok(phase_of(BYTES("x")) == PHASES && ending_of(BYTES("")) == ENDINGS &&
	           remedy_of(BYTES("remove")) == REMEDIES,
	   "there is no remedy that removes");
}

int main(void)
{
	for (unsigned i = 0; i < sizeof(SETS) / sizeof(SETS[0]); i++)
		model(&SETS[i]);
	silence();
	slowest();
	no_draw();
	refusals();
	words();
	return done_testing();
}
