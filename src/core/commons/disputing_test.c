/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Histories by chance: parties that say anything at any moment, and more often what fits. After every step:
 *
 *     a delegation changed only by its holder (or an interim operator in its place), by a grant of a name
 *     that nobody held, or by an award that names it and was ratified; and none ever left the zone otherwise, but
 *     at the end of a retirement that was announced; what was taken by an award passes to a successor as it is;
 *     a measure is of a side of its case, and no other case ends or changes it;
 *     a draw is made by a release of a job that was opened after the draw was called for, among those who could sit then;
 *     every refusal has a reason, and where the charter has a rule for such acts, its article;
 *     when nobody does anything more, every dispute and every proposal ends.
 *
 * commons_disputing_test HISTORIES plays that many; 1500 without.
 */
#include "commons/disputing.h"

#include <stdlib.h>

#include "arbitration/measure.h"
#include "commons/concern.h"
#include "commons/operation.h"
#include "commons/retirement.h"
#include "commons/vacancy.h"
#include "state/job.h"
#include "tap.h"
#include "bare.h"
#include "dice.h"

#define STEPS 120

#define CHARTER                                                                                \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\nchamber states of kind state\n"  \
	"list arbitrators\nsigners states\n\narticle 1\nen A\n"                                  \
	"rule delegate.update holder\nrule delegate.drop-ds holder\n"                            \
	"rule delegate.transfer holder & recipient, objection 3d by interested\n"                \
	"rule delegate.withdraw holder\nrule party.withdraw holder\n"                            \
	"rule delegate.grant states > 1/2, vote 4d\n"                                            \
	"rule delegate.revoke ruling & states > 1/2 excluding concerned, vote 4d, cure 9d\n"     \
	"rule waiver.grant states > 1/2, vote 4d\n"                                              \
	"rule delegate.retire states > 1/2 excluding concerned, vote 4d, sunset 300d\n"           \
	"rule delegate.operate recipient & states > 1/2 excluding concerned, vote 4d, sunset 366d\n" \
	"rule charter.amend states > 2/3\n"

static const char *const NAMES[] = {"arb-a", "arb-b", "arb-c", "arb-d", "aurelia", "borealia", "cascadia", "doria",
                                     "elysia", "fjordland"};
static const char *const LABELS[] = {"aur", "bor", "new"};

#define PARTIES (sizeof(NAMES) / sizeof(NAMES[0]))

static bool wrong;
static bool publishes;               /* in this history there are releases */
static uint64_t jobs, job, published; /* how many were opened; the open one, or 0; the one whose release enters now, or 0 */
static bool guided; /* in this history people mostly do what brings the case on */
static unsigned entered, refused, changed, by_award, retired, succeeded, operated, ordered, drawn, left, ended[ENDINGS];

static const char *some_records(void)
{
	static const char *const RECORDS[] = {
		"+ %s. 172800 IN NS a.nic.%s.\n+ %s. 172800 IN NS b.nic.%s.\n"
		"+ a.nic.%s. 172800 IN A 192.0.2.%u\n+ b.nic.%s. 172800 IN AAAA 2001:db8::1\n",
		"+ %s. 172800 IN NS ns.else.\n+ %s. 172800 IN NS ns2.else.\n",
	};

	return RECORDS[dice_below(8) == 0];
}

static struct bytes records_of(const char *label)
{
	static char text[2000];
	const char *form = some_records();

	snprintf(text, sizeof(text), form, label, label, label, label, label, (unsigned)dice_below(9) + 1, label);
	return bytes_of(text);
}

static void begin(void)
{
	bare_begin();
	for (unsigned i = 0; i < PARTIES; i++)
		bare_join(NAMES[i], i < 4 ? "arbitrator" : "state");
	bare_charter(BYTES(CHARTER));
	bare_put("tld/aur\nholder: aurelia\nact: genesis\n+ aur. 172800 IN NS ns.else.\n+ aur. 172800 IN NS ns2.else.\n");
	bare_put("tld/bor\nholder: borealia\nact: genesis\n+ bor. 172800 IN NS ns.else.\n+ bor. 172800 IN NS ns2.else.\n");
	bare_put("waiver/aur/ipv6\nexpires: 2030-01-01T00:00:00Z\nact: genesis\n");
	bare_founded();
}

static struct bytes any_party(void)
{
	return bytes_of(NAMES[dice_below(PARTIES)]);
}

static struct bytes any_time(void)
{
	return bare_time(commons.now.seconds + (int64_t)dice_below(400 * 86400));
}

/* A dispute, mostly an open one; false when there is none. */
static bool any_dispute(struct dispute *dispute)
{
	struct dispute d;
	unsigned seen = 0;

	for (size_t index = 0; dispute_next(&state, &index, &d);)
		if ((d.procedure.phase != PHASE_CLOSED || dice_below(20) == 0) && dice_below(++seen) == 0)
			*dispute = d;
	return seen > 0;
}

static bool any_proposal(struct proposal *proposal)
{
	struct proposal p;
	unsigned seen = 0;

	for (size_t index = 0; proposal_next(&state, &index, &p);)
		if (p.status == PROPOSAL_OPEN && dice_below(++seen) == 0)
			*proposal = p;
	return seen > 0;
}

/* A kind that fits the phase, or any of them. */
static enum act_kind kind_for(enum phase phase)
{
	static const enum act_kind FITS[PHASES] = {
		[PHASE_NOTICE] = ACT_ANSWER,      [PHASE_APPOINT] = ACT_APPOINT,
		[PHASE_RANK] = ACT_RANK,          [PHASE_PLEAD] = ACT_INTERIM,
		[PHASE_CHALLENGE] = ACT_CHALLENGE, [PHASE_DELIBERATE] = ACT_RULING,
		[PHASE_DRAW] = ACT_EXHIBIT,
		[PHASE_CORRECT] = ACT_CORRECT,    [PHASE_CORRECTING] = ACT_RULING,
		[PHASE_COMPLY] = ACT_EXHIBIT,     [PHASE_RATIFY] = ACT_RULING,
		[PHASE_CLOSED] = ACT_EXHIBIT,
	};

	if ((phase == PHASE_COMPLY || phase == PHASE_NOTICE || phase == PHASE_RATIFY) && dice_below(16) == 0)
		return ACT_SETTLE;
	if (guided || dice_below(4) > 0)
		return FITS[phase];
	return ACT_ANSWER + (enum act_kind)dice_below(ACT_SETTLE - ACT_ANSWER + (dice_below(3) == 0));
}

/* Who fits the kind, or anybody. */
static struct bytes by_for(const struct dispute *d, enum act_kind kind)
{
	if (!guided && dice_below(6) == 0)
		return any_party();
	if (kind == ACT_INTERIM || kind == ACT_RULING)
		return d->seat[dice_below(SEATS)];
	if (kind == ACT_CHALLENGE && d->procedure.phase == PHASE_CHALLENGE)
		return dice_below(2) == 0 ? d->decider : d->challenged;
	return d->side[dice_below(SIDES)];
}

static struct bytes ranks_for(const struct dispute *d)
{
	return bytes_same(d->list, BYTES("none")) ? any_party() : d->list;
}

static void ruling_fill(const struct dispute *d, struct act *act)
{
	static const char *const RULES[] = {"none", "ipv6"};
	enum remedy remedy = d->procedure.phase == PHASE_RATIFY ? REMEDY_DISMISS
	                     : guided ? d->asked
	                     : dice_below(12) == 0 ? (enum remedy)dice_below(REMEDIES)
	                     : d->id.at[0] % 4 == 0 ? REMEDY_DISMISS : d->asked;

	act->field[1] = bytes_of(remedy_word(remedy));
	act->field[2] = remedy == REMEDY_TRANSFER || remedy == REMEDY_INTERIM ? bytes_of(NAMES[5]) : BYTES("none");
	if (remedy >= REMEDY_BREACH)
		act->field[2] = dice_below(8) == 0 ? any_party() : d->side[SIDE_RESPONDENT];
	act->field[3] = bytes_of(RULES[remedy == REMEDY_LIFT_WAIVER]);
	/* The end of the month: two arbitrators may mean the same day. */
	act->field[4] = remedy == REMEDY_INTERIM || remedy == REMEDY_FREEZE || remedy == REMEDY_SUSPEND
	                        ? (dice_below(8) == 0 ? any_time() : BYTES("2027-12-31T00:00:00Z"))
	                        : BYTES("none");
	if (remedy == REMEDY_DISMISS)
		act->field[2] = BYTES("none");
	if (remedy == REMEDY_RESTORE)
		act->records = bytes_of("+ aur. 172800 IN NS ns.else.\n+ aur. 172800 IN NS ns3.else.\n");
	act->field[5] = bare_slot_of("ruling", d->id, act->by);
}

static void in_dispute(const struct dispute *d, struct act *act)
{
	static const char *const SAYS[] = {"raise", "raise", "concede", "uphold", "reject"};

	act->kind = d->procedure.phase == PHASE_PLEAD && !guided && dice_below(3) == 0 ? ACT_CHALLENGE
	                                                                    : kind_for(d->procedure.phase);
	act->by = by_for(d, act->kind);
	act->field[0] = d->id;
	switch (act->kind) {
	case ACT_APPOINT:
		act->field[1] = !guided && dice_below(4) == 0 ? any_party() : bytes_of(NAMES[dice_below(4)]);
		break;
	case ACT_RANK:
		act->field[1] = ranks_for(d);
		break;
	case ACT_CHALLENGE:
		act->field[1] = d->procedure.phase == PHASE_CHALLENGE ? d->challenged : d->seat[dice_below(SEATS)];
		act->field[2] = bytes_of(SAYS[d->procedure.phase == PHASE_PLEAD ? 0 : dice_below(5)]);
		break;
	case ACT_EXHIBIT:
		act->field[1] = BYTES("7 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
		break;
	case ACT_INTERIM:
		act->field[1] = dice_below(4) == 0 ? BYTES("lift") : BYTES("freeze");
		act->field[2] = dice_below(2) == 0 ? any_time() : BYTES("2027-06-01T00:00:00Z");
		act->field[3] = bare_slot_of("measure", d->id, act->by);
		break;
	case ACT_RULING:
		ruling_fill(d, act);
		break;
	default:
		break;
	}
}

/* The rest of an act of which kind, party and TLD are set. */
static void succession_fill(struct act *act)
{
	act->words = BYTES("> So it is.\n");
	switch (act->kind) {
	case ACT_RETIRE:
		act->field[1] = dice_below(5) == 0 ? BYTES("code-restored") : BYTES("code-removed");
		act->field[2] = bare_slot_of("retirement", act->field[0], BYTES(""));
		break;
	case ACT_PLAN:
		act->field[1] = any_time();
		act->field[2] = bare_slot_of("retirement", act->field[0], BYTES(""));
		break;
	case ACT_OPERATE:
		act->field[1] = any_party();
		act->by = dice_below(2) == 0 ? act->field[1] : act->by;
		act->field[2] = dice_below(2) == 0 ? BYTES("contested") : BYTES("incapacity");
		act->field[3] = any_time();
		act->field[4] = bare_slot_of("operation", act->field[0], BYTES(""));
		break;
	default:
		act->field[1] = bare_slot_of("operation", act->field[0], BYTES(""));
		break;
	}
}

static void about_a_name(struct act *act)
{
	static const enum act_kind KINDS[] = {ACT_DELEGATE, ACT_DELEGATE, ACT_DS_DROP, ACT_GRANT,   ACT_GRANT, ACT_TRANSFER,
	                                      ACT_WITHDRAW, ACT_RETIRE,   ACT_PLAN,    ACT_OPERATE, ACT_RESUME};
	const char *label = LABELS[dice_below(dice_below(4) == 0 ? 3 : 2)];
	struct bytes operator;
	struct holding holding;
	struct writer w;

	act->kind = KINDS[dice_below(sizeof(KINDS) / sizeof(KINDS[0]))];
	act->by = any_party();
	if (interim_operator_get(&commons, bytes_of(label), &operator) && dice_below(2) == 0)
		act->by = operator;
	else if (holding_get(&state, bytes_of(label), &holding) && dice_below(2) == 0)
		act->by = holding.holder;
	if (vacancy_stands(&state, bytes_of(label)) && dice_below(2) == 0)
		act->kind = ACT_GRANT;
	act->field[0] = bytes_of(label);
	act->field[1] = bare_slot_of("tld", bytes_of(label), BYTES(""));
	if (act->kind == ACT_GRANT || act->kind == ACT_TRANSFER) {
		act->field[2] = act->field[1];
		act->field[1] = any_party();
	} else if (act->kind == ACT_WITHDRAW) {
		w = writer_in(&room);
		write_text(&w, "tld/");
		write_text(&w, label);
		act->field[0] = bare_made(&w);
	} else if (act->kind == ACT_DELEGATE) {
		act->records = dice_below(9) == 0 ? BYTES("") : records_of(label);
	} else if (act->kind >= ACT_RETIRE) {
		succession_fill(act);
	}
}

/* Who holds nothing but what was taken from it may leave; any other tries it in vain. */
static void leave(struct act *act)
{
	struct holding holding;
	struct writer w = writer_in(&room);

	act->kind = ACT_WITHDRAW;
	act->by = any_party();
	for (unsigned i = 0; i < 3; i++)
		if (vacancy_stands(&state, bytes_of(LABELS[i])) && holding_get(&state, bytes_of(LABELS[i]), &holding))
			act->by = holding.holder;
	write_text(&w, "party/");
	write_bytes(&w, act->by);
	act->field[0] = writer_keep(&w, &room);
	act->field[1] = bare_slot_of("party", act->by, BYTES(""));
}

static bool any_vacant(void)
{
	return vacancy_stands(&state, BYTES("aur")) || vacancy_stands(&state, BYTES("bor")) ||
	       vacancy_stands(&state, BYTES("new"));
}

static void claim(struct act *act)
{
	static const char *const SUBJECTS[] = {"tld/aur", "tld/aur", "tld/bor", "party/doria", "tld/new"};

	act->kind = ACT_DISPUTE;
	act->by = any_party();
	act->field[0] = bytes_of(SUBJECTS[dice_below(5)]);
	act->field[1] = any_party();
	act->field[2] = bytes_of(remedy_word((enum remedy)dice_below(REMEDY_DISMISS)));
}

static void vote(const struct proposal *p, struct act *act)
{
	act->kind = ACT_CONSENT;
	act->by = bytes_of(NAMES[dice_below(12) == 0 ? 0 : 4 + dice_below(6)]);
	act->field[0] = p->id;
	act->field[1] = dice_below(9) == 0 ? BYTES("no") : BYTES("yes");
	act->field[2] = bare_slot_of("vote", p->id, act->by);
}

static void something(struct act *act)
{
	struct dispute d = {.id = BYTES("")};
	struct proposal p;
	size_t what = dice_below(guided ? 26 : 40);

	*act = (struct act){.kind = ACT_ANSWER};
	bool some = any_dispute(&d);

	if (any_vacant() && dice_below(8) == 0)
		leave(act);
	else if (what < 26 && some && d.procedure.phase == PHASE_RATIFY && dice_below(8) > 0 && proposal_get(&state, d.award, &p))
		vote(&p, act);
	else if (what < 26 && some)
		in_dispute(&d, act);
	else if (what < 35 && any_proposal(&p))
		vote(&p, act);
	else if (what < 39)
		about_a_name(act);
	else if (dice_below(8) == 0)
		claim(act);
	else
		about_a_name(act);
}

/* ---- what a step may change ---- */

#define MEASURES_MAX 64
#define DISPUTES     64

struct snapshot {
	struct bytes record[3];
	struct bytes operator[3];
	bool vacant[3], retiring[3];
	struct {
		struct bytes record, dispute;
	} measure[MEASURES_MAX];
	unsigned measures;
	struct dispute dispute[DISPUTES];
	unsigned disputes;
};

static struct bytes dispute_of(struct bytes id)
{
	struct record_key key;
	struct bytes record;

	return state_get(&state, record_key(&key, "dispute", id, BYTES("")), &record) ? record : BYTES("");
}

/* What panels have ordered: each of one case. */
static void look_at_measures(struct snapshot *s)
{
	static const char *const KINDS[] = {"frozen/", "interim/", "suspended/"};
	struct bytes record;

	s->measures = 0;
	for (unsigned i = 0; i < 3; i++)
		for (size_t index = 0; state_next(&state, bytes_of(KINDS[i]), &index, &record);) {
			if (s->measures == MEASURES_MAX)
				bail_out("more measures than there is room for");
			s->measure[s->measures].record = record;
			s->measure[s->measures++].dispute = dispute_of(record_key_part(state_key(record), 2));
		}
}

/* Whether the end of the name is at `time` or before. */
static bool is_retiring(struct bytes label, struct ledger_time time)
{
	struct retirement r;

	return retirement_get(&state, label, &r) && r.ends.seconds <= time.seconds;
}

static void look(struct snapshot *s)
{
	for (unsigned i = 0; i < 3; i++) {
		struct bytes label = bytes_of(LABELS[i]);
		struct record_key key;

		if (!record_get(&state, holding_key(&key, label), &s->record[i]))
			s->record[i] = BYTES("");
		if (!interim_operator_get(&commons, label, &s->operator[i]))
			s->operator[i] = BYTES("");
		s->vacant[i] = vacancy_stands(&state, label);
		s->retiring[i] = is_retiring(label, commons.now);
	}
	look_at_measures(s);
	s->disputes = 0;
	for (size_t index = 0; s->disputes < DISPUTES && dispute_next(&state, &index, &s->dispute[s->disputes]);)
		s->disputes++;
}

/* A record of the state as it was: state_put() keeps what was read until a commit. */
static void holding_of(struct bytes record, struct holding *holding)
{
	*holding = (struct holding){.holder = BYTES("")};
	if (record.size > 0)
		holding_read(record, holding);
}

/* An award whose act made the record as it is, about this name, carried out; who held it was a side. */
static bool awarded(struct bytes act, const char *label, struct bytes holder)
{
	struct dispute d;
	struct bytes of;
	enum side side;

	for (size_t index = 0; dispute_next(&state, &index, &d);)
		if (bytes_same(d.award, act) && d.procedure.ending == ENDING_EXECUTED && dispute_label(&d, &of) &&
		    bytes_same(of, bytes_of(label)) && dispute_side(&d, holder, &side))
			return true;
	return false;
}

/* Acts that changed the record when they took effect later: those of its holder then, by proposal. */
static struct {
	char id[64];
	struct bytes by, also; /* who signed */
} of_holder[STEPS];
static unsigned of_holders;

static bool was_by_holder(struct bytes act, struct bytes holder)
{
	for (unsigned i = 0; i < of_holders; i++)
		if (bytes_same((struct bytes){(uint8_t *)of_holder[i].id, 64}, act) &&
		    (bytes_same(of_holder[i].by, holder) || bytes_same(of_holder[i].also, holder)))
			return true;
	return false;
}

static struct ledger_time expiry(struct bytes record)
{
	struct text lines = record_lines(record);
	struct bytes operator;

	(void)record_value_if(&lines, "operator", &operator);
	return record_time(&lines, "expires");
}

/* Of a measure that is gone, or is another: its time had come, or its own case did that. */
static bool ended_rightly(const struct snapshot *before, unsigned i, const struct act *act)
{
	struct bytes id = record_key_part(state_key(before->measure[i].record), 2);

	return expiry(before->measure[i].record).seconds <= commons.now.seconds ||
	       !bytes_same(before->measure[i].dispute, dispute_of(id)) ||
	       (act != NULL && act->kind == ACT_INTERIM && bytes_same(act->field[0], id));
}

/* Whom a new measure touches is a side of its case. */
static bool reaches_a_side(struct bytes record)
{
	struct bytes key = state_key(record), name = record_key_part(key, 1);
	struct holding holding;
	struct dispute d;
	enum side side;

	name.size -= DIGEST_SIZE * 2 + 1;
	if (!bytes_starts(key, BYTES("suspended/"))) {
		if (!holding_get(&state, name, &holding))
			return false;
		name = holding.holder;
	}
	return dispute_get(&state, record_key_part(key, 2), &d) && dispute_side(&d, name, &side);
}

static const struct bytes *measure_in(const struct snapshot *s, struct bytes key)
{
	for (unsigned i = 0; i < s->measures; i++)
		if (bytes_same(state_key(s->measure[i].record), key))
			return &s->measure[i].record;
	return NULL;
}

static void judge_measures(const struct snapshot *before, const struct snapshot *after, const struct act *act)
{
	for (unsigned i = 0; i < before->measures; i++) {
		const struct bytes *now = measure_in(after, state_key(before->measure[i].record));

		if ((now == NULL || !bytes_same(*now, before->measure[i].record)) && !ended_rightly(before, i, act)) {
			wrong = true;
			printf("# a measure ended that another case ordered: %.*s\n",
			       (int)before->measure[i].record.size, (const char *)before->measure[i].record.at);
		}
	}
	for (unsigned i = 0; i < after->measures; i++) {
		struct bytes record = after->measure[i].record;

		if (measure_in(before, state_key(record)) != NULL)
			continue;
		ordered++;
		if (reaches_a_side(record))
			continue;
		wrong = true;
		printf("# a measure reaches one who is not in the case: %.*s\n", (int)record.size, (const char *)record.at);
	}
}

static const struct dispute *dispute_in(const struct snapshot *s, struct bytes id)
{
	for (unsigned i = 0; i < s->disputes; i++)
		if (bytes_same(s->dispute[i].id, id))
			return &s->dispute[i];
	return NULL;
}

/* Nobody knew it when it was called for: it is made by a release of a job that was opened later, among those who were
 * fixed then. */
static bool drawn_rightly(const struct dispute *was, const struct dispute *is)
{
	for (unsigned i = 0; i < SEATS; i++)
		if (!bytes_same(was->seat[i], is->seat[i]) && !bytes_same(is->seat[i], BYTES("none")) &&
		    (!dispute_word_among(was->list, is->seat[i]) || bytes_same(is->seat[i], was->decider)))
			return false;
	return published > was->after &&
	       (is->procedure.phase != PHASE_CHALLENGE || bytes_same(is->decider, BYTES("none")) ||
	        dispute_word_among(was->list, is->decider));
}

static void judge_draws(const struct snapshot *before, const struct snapshot *after)
{
	for (unsigned i = 0; i < after->disputes; i++) {
		const struct dispute *is = &after->dispute[i], *was = dispute_in(before, is->id);
		bool waited = was != NULL && was->procedure.phase == PHASE_DRAW;
		bool right = true;

		if (is->procedure.phase == PHASE_DRAW && !waited)
			right = publishes && is->after == jobs;
		else if (waited && is->procedure.phase != PHASE_DRAW && is->procedure.phase != PHASE_CLOSED)
			right = drawn_rightly(was, is);
		drawn += waited && is->procedure.phase != PHASE_DRAW && is->procedure.phase != PHASE_CLOSED;
		if (right)
			continue;
		wrong = true;
		printf("# a draw that could be known: %.*s, %s\n", (int)is->id.size, (const char *)is->id.at,
		       waited ? draw_word(was->procedure.draw) : "called for");
	}
}

/* Whether its end came: the name was to leave the zone, and has. */
static bool was_retired(const struct snapshot *after, unsigned i)
{
	struct retirement r;

	return after->record[i].size == 0 && !retirement_get(&state, bytes_of(LABELS[i]), &r);
}

static void judge(const struct snapshot *before, const struct act *act)
{
	struct snapshot after;

	look(&after);
	judge_measures(before, &after, act);
	judge_draws(before, &after);
	for (unsigned i = 0; i < 3; i++) {
		struct holding was, is;
		bool by_holder;

		if (bytes_same(before->record[i], after.record[i]))
			continue;
		changed++;
		holding_of(before->record[i], &was);
		holding_of(after.record[i], &is);
		by_holder = act != NULL && (bytes_same(act->by, before->operator[i].size > 0 && act->kind != ACT_WITHDRAW &&
		                                                                act->kind != ACT_TRANSFER
		                                                        ? before->operator[i]
		                                                        : was.holder));
		if (before->vacant[i] && bytes_same(was.records, is.records) && !bytes_same(was.holder, is.holder)) {
			succeeded++;
			continue;
		}
		if (act == NULL && before->retiring[i] && was_retired(&after, i)) {
			retired++;
			continue;
		}
		if (before->operator[i].size > 0 && by_holder) {
			operated++;
			wrong = wrong || (is.records.size == 0 && was.records.size > 0);
			continue;
		}
		if (was.holder.size == 0 || (!before->vacant[i] && (by_holder || was_by_holder(is.act, was.holder))))
			continue;
		if (is.holder.size > 0 && awarded(is.act, LABELS[i], was.holder)) {
			by_award++;
			/* No award takes a name out of the zone. */
			if (is.records.size == 0 && was.records.size > 0) {
				wrong = true;
				printf("# an award took %s out of the zone\n", LABELS[i]);
			}
			continue;
		}
		wrong = true;
		printf("# %s changed, and nobody who may has changed it: %s by %.*s; it was:\n%.*s\n# and is:\n%.*s\n",
		       LABELS[i], act == NULL ? "time" : act_row(act->kind)->word, act == NULL ? 0 : (int)act->by.size,
		       act == NULL ? "" : (const char *)act->by.at, (int)before->record[i].size,
		       (const char *)before->record[i].at, (int)after.record[i].size, (const char *)after.record[i].at);
	}
}

/* The times of the charter that each dispute was opened under. */
static struct {
	char id[64];
	struct charter_times times;
} opened[STEPS];
static unsigned openings, amended;

/* As an amendment does; what is open is not to see it. */
static void amend_times(void)
{
	amended++;
	commons.charter.times = CHARTER_TIMES_DEFAULT;
	for (unsigned i = 0; i < CHARTER_TIMES && amended % 2 == 0; i++)
		commons.charter.times.seconds[i] =
			dice_below(4) == 0 ? CHARTER_TIME_MIN : (int64_t)(1 + dice_below(40)) * SECONDS_A_DAY;
}

static bool times_kept(void)
{
	bool kept = true;
	struct dispute d;

	for (unsigned i = 0; i < openings; i++)
		kept = kept && dispute_get(&state, (struct bytes){(uint8_t *)opened[i].id, 64}, &d) &&
		       memcmp(&d.times, &opened[i].times, sizeof(d.times)) == 0;
	if (!kept)
		printf("# a dispute has other times than when it was opened\n");
	return kept;
}

/* Every name has a holder that is a party, or was taken from one that has left since. */
static bool holders_stand(void)
{
	struct holding holding;
	struct party party;
	bool stand = true;

	for (size_t index = 0; holding_next(&state, &index, &holding);)
		if (!party_get(&state, holding.holder, &party)) {
			left++;
			if (vacancy_stands(&state, holding.label))
				continue;
			stand = false;
			printf("# %.*s is held by %.*s, who is no party\n", (int)holding.label.size,
			       (const char *)holding.label.at, (int)holding.holder.size, (const char *)holding.holder.at);
		}
	return stand;
}

/* Whether the refusal names the article of the rule for such acts, where the charter has one. */
static bool is_cited(const struct signed_act *act, const struct refusal *refusal)
{
	const char *name = concern_rule(&commons, act);
	const struct charter_rule *rule = charter_rule(&commons.charter, bytes_of(name));

	return rule == NULL || (refusal->article == rule->article && bytes_same(refusal->rule, rule->name));
}

/* Says it as one whose signature holds would. */
static void say(struct act *made)
{
	struct signed_act act;
	struct refusal refusal;
	struct snapshot before;
	struct party party;
	uint64_t height;

	if (!party_get(&state, made->by, &party))
		return; /* who has left signs nothing */
	made->until.seconds = commons.now.seconds + 3600;
	if (!bare_read(made, &act))
		return; /* a seat that nobody has, a party that is none */
	if (made->kind == ACT_TRANSFER)
		act.recipient = act_field(&act.act, "recipient");
	if (seen_get(&state, &act.id, act.act.until, &height))
		return;
	look(&before);
	if (bare_decide(&act, &refusal)) {
		struct bytes label = act.act.kind == ACT_TRANSFER ? act_field(&act.act, "tld") : BYTES("");
		struct holding holding;

		entered++;
		seen_put(&state, &commons.scratch, &act.id, act.act.until, 1);
		if (made->kind == ACT_DISPUTE && openings < STEPS) {
			memcpy(opened[openings].id, act.id_text, 64);
			opened[openings++].times = commons.charter.times;
		}
		if (label.size > 0 && holding_get(&state, label, &holding) && of_holders < STEPS) {
			memcpy(of_holder[of_holders].id, act.id_text, 64);
			of_holder[of_holders].by = act.act.by;
			of_holder[of_holders++].also = act.recipient;
		}
	} else {
		refused++;
		if (refusal.reason == REASON_NONE || !is_cited(&act, &refusal)) {
			wrong = true;
			printf("# a refusal without reason or article: %s\n", act_row(made->kind)->word);
		}
	}
	judge(&before, &act.act);
}

static void wait_until(struct ledger_time time)
{
	struct snapshot before;

	look(&before);
	for (unsigned i = 0; i < 3; i++)
		before.retiring[i] = is_retiring(bytes_of(LABELS[i]), time);
	commons_begin(&commons, commons.height + 1, time);
	judge(&before, NULL);
}

/* A job is opened; or the release of the open one enters. */
static void publish(void)
{
	struct release release = {.serial = (uint32_t)jobs, .job = job, .entered = commons.now, .act = BYTES("genesis")};
	struct snapshot before;
	struct custody custody;

	custody_get(&state, &custody);
	if (job == 0) {
		custody.jobs = job = ++jobs;
		custody_put(&state, &commons.scratch, &custody);
		return;
	}
	look(&before);
	commons.scratch.used = 0;
	release.zone.octet[0] = (uint8_t)dice_below(256);
	release.zone.octet[1] = (uint8_t)dice_below(256);
	release_put(&state, &commons.scratch, &release);
	release_set_current(&state, &commons.scratch, &release);
	published = job;
	disputing_released(&commons, job);
	judge(&before, NULL);
	published = job = 0;
}

/* Nobody does anything more: what is open ends, by time alone. */
static void wait_for_all(void)
{
	struct ledger_time due;
	struct bytes what;
	struct dispute d;
	struct proposal p;
	unsigned turns = 0;

	while (turns++ < 1000 && timer_first(&state, &due, &what))
		wait_until(due.seconds > commons.now.seconds ? due : commons.now);
	for (size_t index = 0; dispute_next(&state, &index, &d);) {
		if (d.procedure.phase != PHASE_CLOSED) {
			wrong = true;
			printf("# a dispute without end: %.*s\n", (int)d.id.size, (const char *)d.id.at);
		}
		ended[d.procedure.ending]++;
	}
	for (size_t index = 0; proposal_next(&state, &index, &p);)
		if (p.status <= PROPOSAL_PASSED) {
			wrong = true;
			printf("# a proposal without end: %.*s, %.*s, status %u\n", (int)p.id.size, (const char *)p.id.at,
			       (int)p.rule.size, (const char *)p.rule.at, (unsigned)p.status);
		}
}

static void history(void)
{
	struct act act;

	bare_again();
	of_holders = openings = 0;
	jobs = job = 0;
	publishes = dice_below(2) == 0;
	for (unsigned i = 0; i < 2 && publishes; i++)
		publish();
	amend_times();
	claim(&act);
	act.by = BYTES("cascadia");
	act.field[0] = BYTES("tld/aur");
	act.field[1] = BYTES("aurelia");
	guided = dice_below(3) == 0;
	if (guided || dice_below(2) == 0)
		act.field[2] = dice_below(2) == 0 ? BYTES("transfer") : BYTES("revoke");
	say(&act);
	for (unsigned i = 0; i < STEPS && !wrong; i++) {
		struct ledger_time due;
		struct bytes what;

		something(&act);
		say(&act);
		if (dice_below(40) == 0)
			amend_times();
		if (publishes && dice_below(2) == 0)
			publish();
		if (dice_below(9) == 0 && timer_first(&state, &due, &what))
			wait_until(due.seconds > commons.now.seconds ? due : commons.now);
		else if (dice_below(60) == 0)
			wait_until((struct ledger_time){commons.now.seconds + (int64_t)dice_below(40 * 86400)});
	}
	wrong = wrong || !bare_holds() || !holders_stand() || !times_kept();
	wait_for_all();
	wrong = wrong || !bare_holds() || !holders_stand() || !times_kept();
}

int main(int argc, char *argv[])
{
	unsigned long histories = argc > 1 ? strtoul(argv[1], NULL, 10) : 1500;
	unsigned long i;
	bool all = true;

	dice_seed();
	begin();
	for (i = 0; i < histories && !wrong; i++)
		history();
	printf("# %lu histories: %u acts entered, %u refused; %u times a delegation changed, %u by an award, %u by an "
	       "interim operator, %u by succession, %u by retirement; %u names whose holder had left; %u measures; %u draws\n",
	       i, entered, refused, changed, by_award, operated, succeeded, retired, left, ordered, drawn);
	for (enum ending e = ENDING_NONE + 1; e < ENDINGS; e++) {
		printf("# %s: %u\n", ending_word(e), ended[e]);
		all = all && ended[e] > 0;
	}
	ok(!wrong, "no delegation changes but by its holder or by an award that names it; what is open ends");
	ok(entered > 0 && refused > 0 && by_award > 0 && operated > 0 && succeeded > 0 && retired > 0 && left > 0 && ordered > 0 &&
	           drawn > 0,
	   "histories in which something happens");
	ok(all && ended[ENDING_NONE] == 0, "that end in every way there is");
	return done_testing();
}
