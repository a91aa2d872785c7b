/* SPDX-License-Identifier: Apache-2.0 */
/* dispute, answer, appoint, rank, challenge, exhibit, correct, settle: what the sides of a dispute do; and
 * what time does. */
#include "commons/disputing.h"

#include "arbitration/measure.h"
#include "base/must.h"
#include "norms/breach.h"
#include "state/content.h"
#include "state/custody.h"
#include "state/job.h"

#define NONE BYTES("none")

bool disputing_get(const struct commons *commons, const struct act *act, struct dispute *d,
                   struct refusal *refusal)
{
	return dispute_get(commons->state, act_field(act, "dispute"), d) ||
	       refuse(refusal, REASON_DISPUTE);
}

/* The dispute that the act names, and its side in it. */
static bool side_of_act(const struct commons *commons, const struct act *act, struct dispute *d,
                        enum side *side, struct refusal *refusal)
{
	return disputing_get(commons, act, d, refusal) &&
	       (dispute_side(d, act->by, side) || refuse(refusal, REASON_SIDE));
}

/* A charter names its arbitrators by a chamber or list of that name; where the list names nobody, they are the
 * parties of kind "arbitrator". */
static bool on_roll(const struct commons *commons, const struct party *party)
{
	const struct charter_set *set = charter_set(&commons->charter, BYTES("arbitrators"));

	if (set == NULL)
		return false;
	if (set->kind == SET_LATER)
		return bytes_same(party->kind, BYTES("arbitrator"));
	return charter_set_has(set, party->name, party->kind);
}

/* Nobody judges its own case, sits twice, or comes back. */
static bool may_sit(const struct commons *commons, const struct dispute *d,
                    const struct party *party)
{
	struct holding holding;
	struct bytes label;
	enum side side;

	/* "none" is an empty seat. */
	return on_roll(commons, party) && !bytes_same(party->name, NONE) &&
	       !dispute_side(d, party->name, &side) &&
	       !dispute_sits(d, party->name) && !dispute_word_among(d->removed, party->name) &&
	       !(dispute_label(d, &label) && holding_get(commons->state, label, &holding) &&
	         bytes_same(holding.holder, party->name));
}

/* Those who may sit, by name. */
static unsigned eligible(const struct commons *commons, const struct dispute *d,
                         struct bytes name[PANEL_LIST_MAX])
{
	struct party party;
	unsigned count = 0;

	for (size_t index = 0; count < PANEL_LIST_MAX && party_next(commons->state, &index, &party);)
		if (may_sit(commons, d, &party))
			name[count++] = party.name;
	return count;
}

static struct bytes words_of(struct commons *commons, const struct bytes *name, unsigned count)
{
	struct writer w = writer_in(&commons->scratch);

	for (unsigned i = 0; i < count; i++) {
		write_text(&w, i > 0 ? " " : "");
		write_bytes(&w, name[i]);
	}
	return count == 0 ? NONE : writer_keep(&w, &commons->scratch);
}

static unsigned list_read(const struct dispute *d, struct bytes name[PANEL_LIST_MAX])
{
	struct bytes rest = d->list;
	unsigned count = 0;

	if (bytes_same(rest, NONE))
		return 0;
	while (count < PANEL_LIST_MAX && text_word(&rest, &name[count]))
		count++;
	return count;
}

/* The list without that name. */
static void list_drop(struct commons *commons, struct dispute *d, struct bytes dropped)
{
	struct bytes name[PANEL_LIST_MAX];
	unsigned count = list_read(d, name), kept = 0;

	for (unsigned i = 0; i < count; i++)
		if (!bytes_same(name[i], dropped))
			name[kept++] = name[i];
	d->list = words_of(commons, name, kept);
}

static void list_make(struct commons *commons, struct dispute *d)
{
	struct bytes name[PANEL_LIST_MAX];

	d->list = words_of(commons, name, eligible(commons, d, name));
}

/* What nobody knew when the draw was called for: the digest of a release that t of n have signed since, at random. A
 * federation that has never signed a zone has nothing like it. */
static struct bytes beacon(const struct commons *commons)
{
	struct bytes record;

	if (!state_get(commons->state, BYTES("zone/current"), &record))
		return BYTES("genesis");
	struct text lines = record_lines(record);
	record_value(&lines, "serial");
	return record_value(&lines, "zone");
}

/*
 * Fixes among whom is drawn, and after which job: the release of one that is opened later decides. The newest release, and that
 * of a job that is open, may be known to who calls for the draw, and when.
 */
static void draw_call(struct commons *commons, struct dispute *d)
{
	struct release newest;
	struct custody custody;

	if (d->procedure.draw != DRAW_CHAIR)
		list_make(commons, d);
	/* Who upholds a challenge does not take the seat. */
	if (d->procedure.draw == DRAW_SUBSTITUTE)
		list_drop(commons, d, d->decider);
	if (!release_current(commons->state, &newest))
		return;
	custody_get(commons->state, &custody);
	d->after = custody.jobs;
	content_set_due(commons->state, &commons->scratch, commons->now);
}

/* Draws one from the list, and drops it from there; "none" when nobody is on it. */
static struct bytes draw(struct commons *commons, struct dispute *d, const char *what)
{
	struct lot lot = {d->id, bytes_of(what), beacon(commons)};
	struct bytes name[PANEL_LIST_MAX], first;
	unsigned count = list_read(d, name);

	if (count == 0)
		return NONE;
	first = lot_first(&lot, name, count);
	list_drop(commons, d, first);
	return first;
}

/* Who was not drawn is the list for the chair. */
static void seats_draw(struct commons *commons, struct dispute *d)
{
	static const char *const WHAT[SIDES] = {"claimant", "respondent"};

	for (unsigned i = 0; i < SIDES; i++)
		if (bytes_same(d->seat[i], NONE))
			d->seat[i] = draw(commons, d, WHAT[i]);
}

static struct bytes ranks_of(const struct commons *commons, const struct dispute *d,
                             struct bytes party)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(commons->state, record_key(&key, "rank", d->id, party), &record))
		return BYTES("");
	struct text lines = record_lines(record);
	return record_value(&lines, "ranks");
}

static void chair_seat(struct commons *commons, struct dispute *d)
{
	struct lot lot = {d->id, BYTES("chair"), beacon(commons)};
	struct bytes name[PANEL_LIST_MAX];
	struct bytes ranks[SIDES] = {ranks_of(commons, d, d->side[SIDE_CLAIMANT]),
	                             ranks_of(commons, d, d->side[SIDE_RESPONDENT])};
	unsigned count = list_read(d, name);

	if (count > 0)
		d->seat[SEAT_CHAIR] = panel_pick(name, count, ranks, &lot);
}

static void substitute(struct commons *commons, struct dispute *d)
{
	struct bytes removed[] = {d->challenged, d->removed};

	d->removed = words_of(commons, removed, bytes_same(d->removed, NONE) ? 1 : 2);
	for (unsigned i = 0; i < SEATS; i++)
		if (bytes_same(d->seat[i], d->challenged))
			d->seat[i] = draw(commons, d, "substitute");
}

/* What was kept for the panel goes; what ended it stays. */
static void close(struct commons *commons, struct dispute *d)
{
	static const char *const KINDS[] = {"rank", "ruling", "measure"};
	struct record_key key;
	struct bytes label;

	for (unsigned i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
		record_sweep(commons->state, record_key(&key, KINDS[i], d->id, BYTES("")));
	if (dispute_label(d, &label))
		measure_lift(commons->state, "frozen", label, d->id);
}

static void execute(struct commons *commons, struct dispute *d)
{
	struct state_mark mark = state_mark(commons->state);
	struct refusal refusal = {0};
	struct signed_act ruling;
	enum need need;
	bool impossible;

	ruling_of_award(commons, d, &ruling);
	if (ruling_execute(commons, d, &ruling, &refusal))
		return;
	state_undo(commons->state, mark);
	d->reason = (uint32_t)refusal.reason;
	impossible = procedure_take(&d->procedure, &d->times, STEP_IMPOSSIBLE, SIDE_CLAIMANT,
	                            d->procedure.award, commons->now.seconds, &need);
	must(impossible);
}

static void end_ratification(struct commons *commons, struct dispute *d, enum step step,
                             enum reason reason)
{
	struct refusal refusal;
	bool taken;

	d->reason = (uint32_t)reason;
	taken = disputing_step(commons, d, step, SIDE_CLAIMANT, d->procedure.award, &refusal);
	must(taken);
}

/* Puts the award to those outside the case. */
static void ratify(struct commons *commons, const struct dispute *d)
{
	const struct charter_rule *rule = charter_rule(&commons->charter, BYTES("delegate.revoke"));
	struct state_mark mark = state_mark(commons->state);
	struct refusal refusal = {.reason = REASON_NO_RULE};
	struct signed_act ruling;
	struct dispute now;
	struct proposal p;
	bool submitted;

	ruling_of_award(commons, d, &ruling);
	submitted = rule != NULL && proposal_submit(commons, &ruling, rule, &refusal);
	if (!submitted)
		state_undo(commons->state, mark);
	if (!dispute_get(commons->state, d->id, &now) || now.procedure.phase != PHASE_RATIFY)
		return;
	if (!submitted)
		end_ratification(commons, &now,
		                 refusal.reason == REASON_CONSENT ? STEP_UNRATIFIED
		                                                  : STEP_IMPOSSIBLE,
		                 refusal.reason);
	else if (!proposal_get(commons->state, now.award, &p))
		end_ratification(commons, &now, STEP_RATIFIED, REASON_NONE);
}

/* The award does not take effect any more. */
static void stop(struct commons *commons, const struct dispute *d)
{
	struct proposal p;

	if (proposal_get(commons->state, d->award, &p) && p.status <= PROPOSAL_PASSED)
		proposal_stop(commons, &p, PROPOSAL_WITHDRAWN);
}

static void do_need(struct commons *commons, struct dispute *d, enum need need)
{
	switch (need) {
	case NEED_SEATS:
		seats_draw(commons, d);
		break;
	case NEED_LIST:
		list_make(commons, d);
		break;
	case NEED_DRAW:
		draw_call(commons, d);
		break;
	case NEED_CHAIR:
		chair_seat(commons, d);
		break;
	case NEED_DECIDER:
		d->decider = draw(commons, d, "decider");
		break;
	case NEED_SUBSTITUTE:
		substitute(commons, d);
		break;
	case NEED_EXECUTE:
		execute(commons, d);
		break;
	case NEED_RATIFY:
	case NEED_STOP:
	case NEED_NOTHING:
		break;
	}
}

bool disputing_step(struct commons *commons, struct dispute *d, enum step step, enum side side,
                    enum remedy award, struct refusal *refusal)
{
	struct release release;
	enum need need;

	if (!procedure_take(&d->procedure, &d->times, step, side, award, commons->now.seconds,
	                    &need))
		return refuse(refusal, REASON_DISPUTE);
	if (d->procedure.phase == PHASE_CLOSED)
		close(commons, d);
	do_need(commons, d, need);
	if (d->procedure.phase != PHASE_CHALLENGE && d->procedure.phase != PHASE_DRAW)
		d->challenged = d->raiser = d->decider = NONE;
	if (d->procedure.phase == PHASE_CLOSED)
		d->text = BYTES("");
	dispute_put(commons->state, &commons->scratch, d);
	if (need == NEED_RATIFY) {
		decisions_forget(commons->state, "ruling", d->id);
		ratify(commons, d);
	}
	if (need == NEED_STOP)
		stop(commons, d);
	if (need == NEED_DRAW && !release_current(commons->state, &release))
		return disputing_step(commons, d, STEP_DRAWN, SIDE_CLAIMANT, d->procedure.award, refusal);
	return true;
}

void disputing_released(struct commons *commons, uint64_t job)
{
	struct refusal refusal;
	struct dispute d;

	for (size_t index = 0; dispute_next(commons->state, &index, &d);)
		if (d.procedure.phase == PHASE_DRAW && job > d.after) {
			bool taken = disputing_step(commons, &d, STEP_DRAWN, SIDE_CLAIMANT, d.procedure.award,
			                            &refusal);
			must(taken);
		}
}

void disputing_timer(struct commons *commons, struct bytes id)
{
	struct refusal refusal;
	struct dispute d;

	/* The timer goes with the deadline; where the record moved on, there is another. */
	if (dispute_get(commons->state, id, &d) && procedure_is_timed(&d.procedure) &&
	    d.procedure.deadline <= commons->now.seconds) {
		bool taken = disputing_step(commons, &d, STEP_TIME, SIDE_CLAIMANT, d.procedure.award,
		                            &refusal);
		must(taken);
	}
}

/* The dispute of the act that is a ruling, while it waits for ratification by it. */
static bool awaits(const struct commons *commons, struct bytes award, struct dispute *d)
{
	for (size_t index = 0; dispute_next(commons->state, &index, d);)
		if (d->procedure.phase == PHASE_RATIFY && bytes_same(d->award, award))
			return true;
	return false;
}

void disputing_proposal_ended(struct commons *commons, const struct proposal *p)
{
	struct dispute d;

	if (!bytes_same(p->rule, BYTES("delegate.revoke")) || !awaits(commons, p->id, &d))
		return;
	if (p->status == PROPOSAL_DONE)
		end_ratification(commons, &d, STEP_RATIFIED, REASON_NONE);
	else
		end_ratification(commons, &d,
		                 p->status == PROPOSAL_REFUSED ? STEP_IMPOSSIBLE : STEP_UNRATIFIED,
		                 p->reason);
}

bool disputing_ratifies(const struct commons *commons, const struct signed_act *ruling)
{
	struct dispute d;

	return dispute_get(commons->state, act_field(&ruling->act, "dispute"), &d) &&
	       d.procedure.phase == PHASE_RATIFY && bytes_same(d.award, act_id_text(ruling));
}

bool disputing_holding(const struct commons *commons, const struct dispute *d, struct bytes label,
                       struct holding *holding, struct refusal *refusal)
{
	enum side side;

	if (!holding_get(commons->state, label, holding))
		return refuse_name(refusal, REASON_HOLDER, label);
	return dispute_side(d, holding->holder, &side) ||
	       refuse_name(refusal, REASON_HOLDER_SIDE, holding->holder);
}

bool disputing_hand(struct commons *commons, struct bytes label, struct bytes from,
                    struct bytes to, struct refusal *refusal)
{
	struct dispute d;
	struct bytes of;
	enum side side;

	for (size_t index = 0; dispute_next(commons->state, &index, &d);) {
		if (d.procedure.phase == PHASE_CLOSED || !dispute_label(&d, &of) || !bytes_same(of, label) ||
		    !dispute_side(&d, from, &side))
			continue;
		if (dispute_has(&d, to))
			return refuse_name(refusal, REASON_IN_CASE, to);
		d.side[side] = to;
		if (bytes_same(d.raiser, from))
			d.raiser = to;
		dispute_put(commons->state, &commons->scratch, &d);
	}
	return true;
}

/* The same claim is not brought twice at a time; nor sixteen others. */
static bool claim_is_new(const struct commons *commons, const struct act *act)
{
	struct dispute d;
	unsigned open = 0;

	for (size_t index = 0; dispute_next(commons->state, &index, &d);) {
		if (d.procedure.phase == PHASE_CLOSED ||
		    !bytes_same(d.side[SIDE_CLAIMANT], act->by))
			continue;
		if (bytes_same(d.subject, act_field(act, "subject")))
			return false;
		open++;
	}
	return open < DISPUTES_MAX;
}

/* A breach that is, or was, open is a ground: it says what the respondent did, and touches no name. */
static bool ground_fits(const struct commons *commons, const struct dispute *d,
                        struct refusal *refusal)
{
	struct breach b;

	if (!breach_named(commons->state, d->subject, &b) || b.count == 0)
		return refuse_name(refusal, REASON_BREACH, d->subject);
	if (!bytes_same(b.party, d->side[SIDE_RESPONDENT]))
		return refuse_name(refusal, REASON_SIDE, b.party);
	return !remedy_of_tld(d->asked) || refuse(refusal, REASON_REMEDY);
}

/* What it is about is there, and the remedy is one for it. */
static bool claim_fits(const struct commons *commons, const struct dispute *d,
                       struct refusal *refusal)
{
	struct holding holding;
	struct party party;
	struct bytes name;

	if (!party_get(commons->state, d->side[SIDE_RESPONDENT], &party) ||
	    bytes_same(d->side[SIDE_RESPONDENT], d->side[SIDE_CLAIMANT]))
		return refuse_name(refusal, REASON_SIDE, d->side[SIDE_RESPONDENT]);
	if (bytes_starts(d->subject, BYTES("breach/")))
		return ground_fits(commons, d, refusal);
	if (dispute_label(d, &name))
		return disputing_holding(commons, d, name, &holding, refusal);
	if (!bytes_same(name, d->side[SIDE_RESPONDENT]))
		return refuse_name(refusal, REASON_SIDE, name);
	return !remedy_of_tld(d->asked) || refuse(refusal, REASON_REMEDY);
}

bool dispute_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	struct bytes name[PANEL_LIST_MAX];
	struct dispute d = {
		.id = act_id_text(act),
		.opened = commons->now,
		.times = commons->charter.times,
		.subject = act_field(&act->act, "subject"),
		.side = {act->act.by, act_field(&act->act, "respondent")},
		.asked = remedy_of(act_field(&act->act, "remedy")),
		.seat = {NONE, NONE, NONE},
		.challenged = NONE,
		.raiser = NONE,
		.decider = NONE,
		.removed = NONE,
		.list = NONE,
		.award = NONE,
	};

	if (!claim_fits(commons, &d, refusal))
		return false;
	if (!claim_is_new(commons, &act->act))
		return refuse(refusal, REASON_DISPUTES);
	if (eligible(commons, &d, name) < SEATS)
		return refuse(refusal, REASON_ROLL);
	procedure_begin(&d.procedure, &d.times, commons->now.seconds);
	dispute_put(commons->state, &commons->scratch, &d);
	return true;
}

static bool side_step(struct commons *commons, const struct signed_act *act, enum step step,
                      struct refusal *refusal)
{
	struct dispute d;
	enum side side;

	return side_of_act(commons, &act->act, &d, &side, refusal) &&
	       disputing_step(commons, &d, step, side, d.procedure.award, refusal);
}

bool answer_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	return side_step(commons, act, STEP_ANSWER, refusal);
}

bool settle_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	return side_step(commons, act, STEP_SETTLE, refusal);
}

/* The panel decides anew: what it decided before does not count again. */
bool correct_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	if (!side_step(commons, act, STEP_CORRECT, refusal))
		return false;
	decisions_forget(commons->state, "ruling", act_field(&act->act, "dispute"));
	return true;
}

bool appoint_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	struct party arbitrator;
	struct dispute d;
	enum side side;

	if (!side_of_act(commons, &act->act, &d, &side, refusal))
		return false;
	if (!party_get(commons->state, act_field(&act->act, "arbitrator"), &arbitrator) ||
	    !may_sit(commons, &d, &arbitrator))
		return refuse_name(refusal, REASON_ARBITRATOR, act_field(&act->act, "arbitrator"));
	if (!bytes_same(d.seat[side], NONE))
		return refuse(refusal, REASON_TWICE);
	d.seat[side] = arbitrator.name;
	return disputing_step(commons, &d, STEP_APPOINT, side, d.procedure.award, refusal);
}

static bool ranks_fit(const struct dispute *d, struct bytes ranks)
{
	struct bytes name[PANEL_LIST_MAX], word;
	unsigned count = list_read(d, name), ranked = 0;

	while (text_word(&ranks, &word)) {
		if (!dispute_word_among(d->list, word))
			return false;
		ranked++;
	}
	return ranked + panel_strikes(count) >= count;
}

bool rank_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes ranks = act_field(&act->act, "ranks");
	struct record_key key;
	struct dispute d;
	struct writer w;
	enum side side;

	if (!side_of_act(commons, &act->act, &d, &side, refusal))
		return false;
	if (d.procedure.phase != PHASE_RANK)
		return refuse(refusal, REASON_DISPUTE);
	if (!ranks_fit(&d, ranks))
		return refuse(refusal, REASON_RANKS);
	w = record_begin(&commons->scratch, record_key(&key, "rank", d.id, act->act.by));
	write_field(&w, "ranks", ranks);
	write_field(&w, "act", act_id_text(act));
	record_put(commons->state, &w);
	return disputing_step(commons, &d, STEP_RANK, side, d.procedure.award, refusal);
}

static bool challenge_raise(struct commons *commons, const struct signed_act *act,
                            struct dispute *d, struct refusal *refusal)
{
	struct bytes arbitrator = act_field(&act->act, "arbitrator");
	enum side side;

	if (!dispute_side(d, act->act.by, &side))
		return refuse(refusal, REASON_SIDE);
	if (!dispute_sits(d, arbitrator))
		return refuse_name(refusal, REASON_ARBITRATOR, arbitrator);
	d->challenged = arbitrator;
	d->raiser = act->act.by;
	return disputing_step(commons, d, STEP_CHALLENGE, side, d->procedure.award, refusal);
}

/* Whether who speaks may say so: the arbitrator or the other side concedes; the decider decides. */
static bool may_end_challenge(const struct dispute *d, struct bytes by, struct bytes say)
{
	enum side side;

	if (bytes_same(say, BYTES("concede")))
		return bytes_same(by, d->challenged) ||
		       (dispute_side(d, by, &side) && !bytes_same(by, d->raiser));
	return bytes_same(by, d->decider);
}

bool challenge_apply(struct commons *commons, const struct signed_act *act,
                     struct refusal *refusal)
{
	struct bytes say = act_field(&act->act, "say");
	struct dispute d;

	if (!disputing_get(commons, &act->act, &d, refusal))
		return false;
	if (bytes_same(say, BYTES("raise")))
		return challenge_raise(commons, act, &d, refusal);
	if (d.procedure.phase != PHASE_CHALLENGE ||
	    !bytes_same(d.challenged, act_field(&act->act, "arbitrator")))
		return refuse(refusal, REASON_DISPUTE);
	if (!may_end_challenge(&d, act->act.by, say))
		return refuse(refusal, REASON_SIDE);
	if (bytes_same(say, BYTES("concede")))
		d.decider = NONE; /* who decided nothing may sit */
	return disputing_step(commons, &d,
	                      bytes_same(say, BYTES("reject")) ? STEP_KEEP : STEP_REPLACE,
	                      SIDE_CLAIMANT, d.procedure.award, refusal);
}

static unsigned exhibits_of(const struct commons *commons, const struct dispute *d,
                            struct bytes party)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, "exhibit", d->id, BYTES("")), record;
	unsigned count = 0;

	for (size_t index = 0; state_next(commons->state, prefix, &index, &record);) {
		struct text lines = record_lines(record);
		count += bytes_same(record_value(&lines, "party"), party);
	}
	return count;
}

bool exhibit_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	struct bytes file = act_field(&act->act, "file"), record;
	struct record_key key;
	struct dispute d;
	struct writer w;
	enum side side;
	uint64_t size = 0;

	if (!side_of_act(commons, &act->act, &d, &side, refusal))
		return false;
	if (d.procedure.phase > PHASE_CHALLENGE)
		return refuse(refusal, REASON_DISPUTE);
	if (!text_word_number(&file, INT64_MAX, &size) ||
	    state_get(commons->state, record_key(&key, "exhibit", d.id, file), &record) ||
	    exhibits_of(commons, &d, act->act.by) >= EXHIBITS_MAX)
		return refuse(refusal, REASON_EXHIBITS);
	w = record_begin(&commons->scratch, record_key(&key, "exhibit", d.id, file));
	write_field(&w, "party", act->act.by);
	write_field_number(&w, "size", size);
	write_field(&w, "act", act_id_text(act));
	record_put(commons->state, &w);
	return true;
}
