/* SPDX-License-Identifier: Apache-2.0 */
/* interim, ruling: what arbitrators decide; and what an award does. */
#include "arbitration/measure.h"
#include "base/hex.h"
#include "base/must.h"
#include "commons/disputing.h"
#include "commons/linking.h"
#include "commons/mandating.h"
#include "commons/retirement.h"
#include "commons/technical.h"
#include "commons/vacancy.h"

/* An interim operator, a freeze and a suspension last no longer (notes on FOI and .ly: 12 months). */
#define MEASURE_MAX ((int64_t)366 * SECONDS_A_DAY)

#define NONE BYTES("none")

/* What is decided, whoever of the panel says it, and when. */
static struct digest decision_of(struct commons *commons, const struct act *act)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct writer w = writer_in(&scratch);
	const struct act_row *row = act_row(act->kind);

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		if (row->field[i].form != FORM_SLOT)
			write_field(&w, row->field[i].name, act->field[i]);
	write_bytes(&w, act->records);
	return sha256(writer_bytes(&w));
}

/* Enters what an arbitrator decides in its slot; how many say the same, itself included. */
static bool decision_enter(struct commons *commons, const struct signed_act *act,
                           const struct dispute *d, const char *kind, unsigned *agreed,
                           struct refusal *refusal)
{
	struct digest decision = decision_of(commons, &act->act);
	struct record_key key;
	struct bytes at = record_key(&key, kind, d->id, act->act.by);
	struct writer w;

	if (!commons_replaces(commons, &act->act, at, refusal))
		return false;
	w = record_begin(&commons->scratch, at);
	write_field_digest(&w, "decision", &decision);
	write_field(&w, "act", act_id_text(act));
	record_put(commons->state, &w);
	*agreed = dispute_agreed(commons->state, d, kind, &decision);
	return true;
}

void decisions_forget(struct state *state, const char *kind, struct bytes dispute)
{
	struct record_key key;

	record_sweep(state, record_key(&key, kind, dispute, BYTES("")));
}

static bool lasts(const struct commons *commons, struct ledger_time expires)
{
	return expires.seconds > commons->now.seconds &&
	       expires.seconds <= commons->now.seconds + MEASURE_MAX;
}

bool interim_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	struct ledger_time expires = act_time(&act->act, "expires");
	struct holding holding;
	struct bytes label;
	struct dispute d;
	unsigned agreed;

	if (!disputing_get(commons, &act->act, &d, refusal))
		return false;
	if (!dispute_sits(&d, act->act.by))
		return refuse(refusal, REASON_SIDE);
	if (d.procedure.phase != PHASE_PLEAD && d.procedure.phase != PHASE_DELIBERATE)
		return refuse(refusal, REASON_DISPUTE);
	if (!dispute_label(&d, &label))
		return refuse(refusal, REASON_REMEDY);
	if (!disputing_holding(commons, &d, label, &holding, refusal))
		return false;
	if (!lasts(commons, expires))
		return refuse(refusal, REASON_EXPIRES);
	if (!decision_enter(commons, act, &d, "measure", &agreed, refusal))
		return false;
	if (agreed < MAJORITY)
		return true;
	if (bytes_same(act_field(&act->act, "measure"), BYTES("freeze")))
		measure_put(commons->state, &commons->scratch, "frozen", label,
		            &(struct measure){.expires = expires, .dispute = d.id});
	else
		measure_lift(commons->state, "frozen", label, d.id);
	decisions_forget(commons->state, "measure", d.id);
	return true;
}

/* Which fields each remedy has; it has no others. */
static const struct {
	bool party, rule, expires, records;
} ORDERS[REMEDIES] = {
	[REMEDY_RESTORE] = {.records = true},
	[REMEDY_TRANSFER] = {.party = true},
	[REMEDY_INTERIM] = {.party = true, .expires = true},
	[REMEDY_FREEZE] = {.expires = true},
	[REMEDY_LIFT_WAIVER] = {.rule = true},
	[REMEDY_BREACH] = {.party = true},
	[REMEDY_SUSPEND] = {.party = true, .expires = true},
	[REMEDY_COSTS] = {.party = true},
};

/* An award gives what was asked, declares, or dismisses: nothing that nobody asked for. */
static bool remedy_fits(const struct dispute *d, const struct act *act, enum remedy remedy)
{
	bool has_party = !bytes_same(act_field(act, "party"), NONE);
	bool has_rule = !bytes_same(act_field(act, "rule"), NONE);
	bool has_expires = !bytes_same(act_field(act, "expires"), NONE);

	return (remedy == d->asked || remedy == REMEDY_DISMISS || remedy == REMEDY_BREACH ||
	        remedy == REMEDY_COSTS) &&
	       has_party == ORDERS[remedy].party && has_rule == ORDERS[remedy].rule &&
	       has_expires == ORDERS[remedy].expires &&
	       (act->records.size > 0) == ORDERS[remedy].records;
}

/* Against whom an award is, is in the case, and was heard: the respondent, or a side where it is declared. To whom it
 * gives a name, or leaves one for a time, is for those who ratify it. */
static bool is_against_side(const struct dispute *d, enum remedy remedy, struct bytes party)
{
	enum side side;

	if (remedy == REMEDY_SUSPEND)
		return bytes_same(party, d->side[SIDE_RESPONDENT]);
	return (remedy != REMEDY_BREACH && remedy != REMEDY_COSTS) || dispute_side(d, party, &side);
}

static void holding_put(struct commons *commons, const struct holding *holding)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, holding_key(&key, holding->label));

	holding_write(&w, holding);
	commons_put_content(commons, &w);
}

static bool restore(struct commons *commons, const struct signed_act *ruling,
                    struct holding *holding, struct refusal *refusal)
{
	struct party party;
	enum reason fault;

	/* Who left after its name was taken cannot have it back. */
	if (!party_get(commons->state, holding->holder, &party))
		return refuse_name(refusal, REASON_RECIPIENT, holding->holder);
	if (!link_change(commons, holding->label, holding->holder, holding->records,
	                 ruling->act.records, ruling, refusal))
		return false;
	holding->records = ruling->act.records;
	holding->act = act_id_text(ruling);
	holding_put(commons, holding);
	vacancy_end(commons, holding->label);
	retirement_end(commons, holding->label);
	fault = technical_fault(commons, holding->label, holding->records);
	return fault == REASON_NONE || refuse_name(refusal, fault, holding->label);
}

static void transfer(struct commons *commons, const struct signed_act *ruling,
                     struct holding *holding)
{
	struct bytes from = holding->holder, to = act_field(&ruling->act, "party");

	holding->holder = to;
	holding->act = act_id_text(ruling);
	holding_put(commons, holding);
	link_change_owner(commons, holding->label, from, to);
	mandates_end_tld(commons, from, holding->label, holding->act);
	vacancy_end(commons, holding->label);
}

static bool lift_waiver(struct commons *commons, const struct signed_act *ruling,
                        struct bytes label, struct refusal *refusal)
{
	struct record_key key;
	struct bytes at = waiver_key(&key, label, act_field(&ruling->act, "rule")), record;

	if (!state_get(commons->state, at, &record))
		return refuse_name(refusal, REASON_STALE, at);
	state_delete(commons->state, at);
	return true;
}

static void declare(struct commons *commons, const struct dispute *d,
                    const struct signed_act *ruling)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, record_key(&key, "declared", d->id, BYTES("")));

	write_field(&w, "remedy", act_field(&ruling->act, "remedy"));
	write_field(&w, "party", act_field(&ruling->act, "party"));
	write_field(&w, "act", act_id_text(ruling));
	record_put(commons->state, &w);
}

static bool measure_order(struct commons *commons, const struct dispute *d,
                          const struct signed_act *ruling, const char *kind, struct bytes name,
                          struct bytes operator, struct refusal *refusal)
{
	struct measure m = {act_time(&ruling->act, "expires"), d->id, operator}, standing;

	if (!lasts(commons, m.expires))
		return refuse(refusal, REASON_EXPIRES);
	/* Two cannot keep a name at a time: the other case's operator stays. */
	if (operator.size > 0 && measure_get(commons->state, kind, name, commons->now, &standing))
		return refuse_name(refusal, REASON_STILL, name);
	measure_put(commons->state, &commons->scratch, kind, name, &m);
	return true;
}

bool ruling_execute(struct commons *commons, const struct dispute *d,
                    const struct signed_act *ruling, struct refusal *refusal)
{
	enum remedy remedy = remedy_of(act_field(&ruling->act, "remedy"));
	struct bytes label, named = act_field(&ruling->act, "party");
	struct holding holding;
	struct party party;

	if (ORDERS[remedy].party && !party_get(commons->state, named, &party))
		return refuse_name(refusal, REASON_RECIPIENT, named);
	if (!is_against_side(d, remedy, named))
		return refuse_name(refusal, REASON_AWARD_PARTY, named);
	if (remedy_of_tld(remedy) && !(dispute_label(d, &label)
	                                       ? disputing_holding(commons, d, label, &holding, refusal)
	                                       : refuse_name(refusal, REASON_HOLDER, label)))
		return false;
	switch (remedy) {
	case REMEDY_RESTORE:
		return restore(commons, ruling, &holding, refusal);
	case REMEDY_TRANSFER:
		transfer(commons, ruling, &holding);
		return true;
	case REMEDY_REVOKE:
		vacancy_put(commons, &holding, d->id);
		return true;
	case REMEDY_INTERIM:
		return measure_order(commons, d, ruling, "interim", label, named, refusal);
	case REMEDY_FREEZE:
		return measure_order(commons, d, ruling, "frozen", label, BYTES(""), refusal);
	case REMEDY_LIFT_WAIVER:
		return lift_waiver(commons, ruling, label, refusal);
	case REMEDY_SUSPEND:
		return measure_order(commons, d, ruling, "suspended", named, BYTES(""), refusal);
	case REMEDY_BREACH:
	case REMEDY_COSTS:
		declare(commons, d, ruling);
		return true;
	case REMEDY_DISMISS:
	case REMEDIES:
		break;
	}
	return true;
}

void ruling_of_award(struct commons *commons, const struct dispute *d, struct signed_act *ruling)
{
	struct act embedding = {.embed = d->text};
	struct bytes text = act_embedded(&embedding, &commons->scratch);
	struct fault fault;
	enum mishap read = act_read(text, arena_rest(&commons->scratch), &ruling->act, &fault);

	must(read == OK);
	*ruling = (struct signed_act){.act = ruling->act, .id = ruling->act.id};
	hex_write(ruling->id_text, digest_bytes(&ruling->id));
}

/* An order that could not be carried out today is not made. */
static bool possible(struct commons *commons, const struct dispute *d,
                     const struct signed_act *ruling, struct refusal *refusal)
{
	struct state_mark mark = state_mark(commons->state);
	bool is = ruling_execute(commons, d, ruling, refusal);

	state_undo(commons->state, mark);
	return is;
}

static bool award(struct commons *commons, struct dispute *d, const struct signed_act *ruling,
                  enum remedy remedy, struct refusal *refusal)
{
	struct writer w = writer_in(&commons->scratch);

	act_write_embedded(&w, ruling->act.text);
	d->text = writer_keep(&w, &commons->scratch);
	d->award = act_id_text(ruling);
	return disputing_step(commons, d, STEP_AWARD, SIDE_CLAIMANT, remedy, refusal);
}

/* While the others decide, the panel may find that what the award blames is cured. */
static bool cure(struct commons *commons, struct dispute *d, const struct signed_act *act,
                 enum remedy remedy, struct refusal *refusal)
{
	unsigned agreed;

	if (remedy != REMEDY_DISMISS || !remedy_fits(d, &act->act, remedy))
		return refuse(refusal, REASON_REMEDY);
	if (!decision_enter(commons, act, d, "ruling", &agreed, refusal))
		return false;
	return agreed < MAJORITY ||
	       disputing_step(commons, d, STEP_CURED, SIDE_CLAIMANT, d->procedure.award, refusal);
}

bool ruling_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	enum remedy remedy = remedy_of(act_field(&act->act, "remedy"));
	struct dispute d;
	unsigned agreed;

	if (!disputing_get(commons, &act->act, &d, refusal))
		return false;
	/* Ratified: the act of the award takes effect. */
	if (d.procedure.phase == PHASE_RATIFY && bytes_same(d.award, act_id_text(act)))
		return ruling_execute(commons, &d, act, refusal);
	if (!dispute_sits(&d, act->act.by))
		return refuse(refusal, REASON_SIDE);
	if (d.procedure.phase == PHASE_RATIFY)
		return cure(commons, &d, act, remedy, refusal);
	if (d.procedure.phase != PHASE_DELIBERATE && d.procedure.phase != PHASE_CORRECTING)
		return refuse(refusal, REASON_DISPUTE);
	if (!remedy_fits(&d, &act->act, remedy))
		return refuse(refusal, REASON_REMEDY);
	if (!possible(commons, &d, act, refusal) ||
	    !decision_enter(commons, act, &d, "ruling", &agreed, refusal))
		return false;
	return agreed < MAJORITY || award(commons, &d, act, remedy, refusal);
}
