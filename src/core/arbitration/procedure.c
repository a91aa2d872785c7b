/* SPDX-License-Identifier: Apache-2.0 */
#include "arbitration/procedure.h"

#include "base/must.h"

static const char *const PHASE_WORDS[PHASES] = {
	[PHASE_NOTICE] = "notice",         [PHASE_APPOINT] = "appoint",
	[PHASE_DRAW] = "draw",             [PHASE_RANK] = "rank",
	[PHASE_PLEAD] = "plead",           [PHASE_CHALLENGE] = "challenge",
	[PHASE_DELIBERATE] = "deliberate", [PHASE_CORRECT] = "correct",
	[PHASE_CORRECTING] = "correcting", [PHASE_COMPLY] = "comply",
	[PHASE_RATIFY] = "ratify",         [PHASE_CLOSED] = "closed",
};

static const char *const DRAW_WORDS[DRAWS] = {
	[DRAW_SEATS] = "seats",
	[DRAW_CHAIR] = "chair",
	[DRAW_DECIDER] = "decider",
	[DRAW_SUBSTITUTE] = "substitute",
};

static const char *const ENDING_WORDS[ENDINGS] = {
	[ENDING_NONE] = "none",
	[ENDING_WITHDRAWN] = "withdrawn",
	[ENDING_SETTLED] = "settled",
	[ENDING_LAPSED] = "lapsed",
	[ENDING_DISMISSED] = "dismissed",
	[ENDING_COMPLIED] = "complied",
	[ENDING_EXECUTED] = "executed",
	[ENDING_UNRATIFIED] = "unratified",
	[ENDING_IMPOSSIBLE] = "impossible",
	[ENDING_CURED] = "cured",
};

static const char *const REMEDY_WORDS[REMEDIES] = {
	[REMEDY_RESTORE] = "restore",
	[REMEDY_TRANSFER] = "transfer",
	[REMEDY_REVOKE] = "revoke",
	[REMEDY_INTERIM] = "interim",
	[REMEDY_FREEZE] = "freeze",
	[REMEDY_LIFT_WAIVER] = "lift-waiver",
	[REMEDY_BREACH] = "breach",
	[REMEDY_SUSPEND] = "suspend",
	[REMEDY_COSTS] = "costs",
	[REMEDY_DISMISS] = "dismiss",
};

const char *phase_word(enum phase phase)
{
	must(phase < PHASES);
	return PHASE_WORDS[phase];
}

const char *draw_word(enum draw draw)
{
	must(draw < DRAWS);
	return DRAW_WORDS[draw];
}

const char *ending_word(enum ending ending)
{
	must(ending < ENDINGS);
	return ENDING_WORDS[ending];
}

const char *remedy_word(enum remedy remedy)
{
	must(remedy < REMEDIES);
	return REMEDY_WORDS[remedy];
}

static unsigned word_index(const char *const *words, unsigned count, struct bytes word)
{
	unsigned i = 0;

	while (i < count && !bytes_same(word, bytes_of(words[i])))
		i++;
	return i;
}

enum phase phase_of(struct bytes word)
{
	return (enum phase)word_index(PHASE_WORDS, PHASES, word);
}

enum draw draw_of(struct bytes word)
{
	return (enum draw)word_index(DRAW_WORDS, DRAWS, word);
}

enum ending ending_of(struct bytes word)
{
	return (enum ending)word_index(ENDING_WORDS, ENDINGS, word);
}

enum remedy remedy_of(struct bytes word)
{
	return (enum remedy)word_index(REMEDY_WORDS, REMEDIES, word);
}

bool remedy_takes(enum remedy remedy)
{
	return remedy <= REMEDY_INTERIM;
}

bool remedy_of_tld(enum remedy remedy)
{
	return remedy <= REMEDY_LIFT_WAIVER;
}

bool procedure_is_timed(const struct procedure *p)
{
	return p->phase < PHASE_RATIFY;
}

void procedure_begin(struct procedure *p, const struct charter_times *times, int64_t now)
{
	*p = (struct procedure){
		.phase = PHASE_NOTICE,
		.deadline = now + times->seconds[TIME_ANSWER],
		.award = REMEDY_DISMISS,
	};
}

static enum need enter(struct procedure *p, enum phase phase, int64_t deadline, enum need need)
{
	p->phase = phase;
	p->deadline = deadline;
	return need;
}

static enum need close(struct procedure *p, enum ending ending, enum need need)
{
	p->ending = ending;
	return enter(p, PHASE_CLOSED, 0, need);
}

static enum need wait_draw(struct procedure *p, enum draw draw, int64_t now)
{
	p->draw = draw;
	return enter(p, PHASE_DRAW, now + DRAW_TIME, NEED_DRAW);
}

static enum need plead(struct procedure *p, const struct charter_times *times, int64_t now,
                       int64_t span, enum need need)
{
	p->raise_until = now + times->seconds[TIME_RAISE];
	p->seats = (1 << SEATS) - 1;
	return enter(p, PHASE_PLEAD, now + span, need);
}

/* The award can no longer be corrected. */
static enum need final(struct procedure *p, const struct charter_times *times, int64_t now)
{
	if (p->award == REMEDY_DISMISS)
		return close(p, ENDING_DISMISSED, NEED_NOTHING);
	/* Nobody can comply with a declaration. */
	if (p->award == REMEDY_BREACH || p->award == REMEDY_COSTS)
		return close(p, ENDING_EXECUTED, NEED_EXECUTE);
	return enter(p, PHASE_COMPLY, now + times->seconds[TIME_COMPLY], NEED_NOTHING);
}

/* Silence: each phase has its default. */
static enum need take_time(struct procedure *p, const struct charter_times *times, int64_t now)
{
	switch (p->phase) {
	case PHASE_NOTICE:
		return enter(p, PHASE_APPOINT, now + times->seconds[TIME_APPOINT], NEED_NOTHING);
	case PHASE_APPOINT:
		return wait_draw(p, DRAW_SEATS, now);
	case PHASE_RANK:
		return wait_draw(p, DRAW_CHAIR, now);
	case PHASE_PLEAD:
		return enter(p, PHASE_DELIBERATE, now + times->seconds[TIME_AWARD], NEED_NOTHING);
	case PHASE_CHALLENGE:
		return plead(p, times, now, p->rest, NEED_NOTHING);
	case PHASE_DRAW:
	case PHASE_DELIBERATE:
		return close(p, ENDING_LAPSED, NEED_NOTHING);
	case PHASE_CORRECT:
	case PHASE_CORRECTING:
		return final(p, times, now);
	case PHASE_COMPLY:
		if (remedy_takes(p->award))
			return enter(p, PHASE_RATIFY, 0, NEED_RATIFY);
		return close(p, ENDING_EXECUTED, NEED_EXECUTE);
	case PHASE_RATIFY:
	case PHASE_CLOSED:
	case PHASES:
		break;
	}
	must(procedure_is_timed(p));
	return NEED_NOTHING;
}

static enum need take_seat(struct procedure *p, const struct charter_times *times,
                           enum side side, int64_t now)
{
	p->seats |= (uint8_t)(1 << side);
	if (p->seats == (1 << SIDE_CLAIMANT | 1 << SIDE_RESPONDENT))
		return enter(p, PHASE_RANK, now + times->seconds[TIME_RANK], NEED_LIST);
	return NEED_NOTHING;
}

static enum need take_rank(struct procedure *p, enum side side, int64_t now)
{
	p->ranked |= (uint8_t)(1 << side);
	if (p->ranked == (1 << SIDE_CLAIMANT | 1 << SIDE_RESPONDENT))
		return wait_draw(p, DRAW_CHAIR, now);
	return NEED_NOTHING;
}

static enum need take_drawn(struct procedure *p, const struct charter_times *times, int64_t now)
{
	switch (p->draw) {
	case DRAW_SEATS:
		p->seats = 1 << SIDE_CLAIMANT | 1 << SIDE_RESPONDENT;
		return enter(p, PHASE_RANK, now + times->seconds[TIME_RANK], NEED_SEATS);
	case DRAW_CHAIR:
		return plead(p, times, now, times->seconds[TIME_PLEAD], NEED_CHAIR);
	case DRAW_DECIDER:
		return enter(p, PHASE_CHALLENGE, now + times->seconds[TIME_CHALLENGE], NEED_DECIDER);
	case DRAW_SUBSTITUTE:
		return plead(p, times, now, p->rest, NEED_SUBSTITUTE);
	case DRAWS:
		break;
	}
	must(p->draw < DRAWS);
	return NEED_NOTHING;
}

static enum need take_challenge(struct procedure *p, enum side side, int64_t now)
{
	p->raised[side]++;
	p->rest = p->deadline - now;
	return wait_draw(p, DRAW_DECIDER, now);
}

static enum need take_settlement(struct procedure *p, enum side side)
{
	p->settled |= (uint8_t)(1 << side);
	if (p->phase == PHASE_RATIFY)
		return close(p, ENDING_CURED, NEED_STOP);
	if (side == SIDE_CLAIMANT && p->phase == PHASE_NOTICE)
		return close(p, ENDING_WITHDRAWN, NEED_NOTHING);
	if (p->settled == (1 << SIDE_CLAIMANT | 1 << SIDE_RESPONDENT))
		return close(p, ENDING_SETTLED, NEED_NOTHING);
	if (side == SIDE_CLAIMANT && p->phase == PHASE_COMPLY)
		return close(p, ENDING_COMPLIED, NEED_NOTHING);
	return NEED_NOTHING;
}

static bool allowed(const struct procedure *p, enum step step, enum side side, int64_t now)
{
	switch (step) {
	case STEP_TIME:
		return procedure_is_timed(p) && now >= p->deadline;
	case STEP_ANSWER:
		return p->phase == PHASE_NOTICE && side == SIDE_RESPONDENT;
	case STEP_APPOINT:
		return p->phase == PHASE_APPOINT && (p->seats >> side & 1) == 0;
	case STEP_RANK:
		return p->phase == PHASE_RANK && (p->ranked >> side & 1) == 0;
	case STEP_DRAWN:
		return p->phase == PHASE_DRAW;
	case STEP_CHALLENGE:
		return p->phase == PHASE_PLEAD && now < p->raise_until && now < p->deadline &&
		       p->raised[side] < CHALLENGES_MAX;
	case STEP_REPLACE:
	case STEP_KEEP:
		return p->phase == PHASE_CHALLENGE;
	case STEP_AWARD:
		return p->phase == PHASE_DELIBERATE || p->phase == PHASE_CORRECTING;
	case STEP_CORRECT:
		return p->phase == PHASE_CORRECT;
	case STEP_SETTLE:
		return (p->phase < PHASE_RATIFY && (p->settled >> side & 1) == 0) ||
		       (p->phase == PHASE_RATIFY && side == SIDE_CLAIMANT);
	case STEP_RATIFIED:
	case STEP_UNRATIFIED:
	case STEP_CURED:
		return p->phase == PHASE_RATIFY;
	case STEP_IMPOSSIBLE:
		return p->phase == PHASE_RATIFY ||
		       (p->phase == PHASE_CLOSED && p->ending == ENDING_EXECUTED);
	case STEPS:
		break;
	}
	return false;
}

static enum need take(struct procedure *p, const struct charter_times *times, enum step step,
                      enum side side, enum remedy award, int64_t now)
{
	switch (step) {
	case STEP_TIME:
		return take_time(p, times, now);
	case STEP_ANSWER:
		return enter(p, PHASE_APPOINT, now + times->seconds[TIME_APPOINT], NEED_NOTHING);
	case STEP_APPOINT:
		return take_seat(p, times, side, now);
	case STEP_RANK:
		return take_rank(p, side, now);
	case STEP_DRAWN:
		return take_drawn(p, times, now);
	case STEP_CHALLENGE:
		return take_challenge(p, side, now);
	case STEP_REPLACE:
		return wait_draw(p, DRAW_SUBSTITUTE, now);
	case STEP_KEEP:
		return plead(p, times, now, p->rest, NEED_NOTHING);
	case STEP_AWARD:
		p->award = award;
		if (p->phase == PHASE_CORRECTING)
			return final(p, times, now);
		return enter(p, PHASE_CORRECT, now + times->seconds[TIME_CORRECT], NEED_NOTHING);
	case STEP_CORRECT:
		return enter(p, PHASE_CORRECTING, now + times->seconds[TIME_CORRECTING], NEED_NOTHING);
	case STEP_SETTLE:
		return take_settlement(p, side);
	case STEP_RATIFIED:
		return close(p, ENDING_EXECUTED, NEED_NOTHING);
	case STEP_UNRATIFIED:
		return close(p, ENDING_UNRATIFIED, NEED_NOTHING);
	case STEP_IMPOSSIBLE:
		return close(p, ENDING_IMPOSSIBLE, NEED_NOTHING);
	case STEP_CURED:
		return close(p, ENDING_CURED, NEED_STOP);
	case STEPS:
		break;
	}
	return NEED_NOTHING;
}

bool procedure_take(struct procedure *p, const struct charter_times *times, enum step step,
                    enum side side, enum remedy award, int64_t now, enum need *need)
{
	if (!allowed(p, step, side, now))
		return false;
	*need = take(p, times, step, side, award, now);
	return true;
}
