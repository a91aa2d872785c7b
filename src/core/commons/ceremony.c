/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/ceremony.h"

#include "base/must.h"
#include "commons/roll.h"
#include "commons/signing.h"
#include "frost/complaint.h"
#include "signing/keygen.h"

/* Fewer members than this cannot lose one and still sign. */
static unsigned fewest(const struct ceremony *c)
{
	return c->threshold + 1u;
}

static void phase_set(struct commons *commons, struct ceremony *c, enum ceremony_phase phase)
{
	struct apex apex;

	apex_get(commons->state, &apex);
	c->phase = phase;
	c->deadline.seconds = commons->now.seconds + apex.phase_seconds;
	ceremony_put(commons->state, &commons->scratch, c);
}

void ceremony_open(struct commons *commons, enum group_kind kind)
{
	struct bytes name[CUSTODY_MEMBERS_MAX + 1];
	struct ceremony c = {.kind = kind}, before;
	unsigned count = commons_signers(commons, name);

	must(count <= CUSTODY_MEMBERS_MAX);
	c.number = ceremony_get(commons->state, kind, &before) ? before.number + 1 : 1;
	c.threshold = (uint16_t)charter_signing_threshold(count);
	c.opened = commons->now;
	c.count = count;
	for (unsigned i = 0; i < count; i++) {
		c.member[i].party = name[i];
		c.member[i].identifier = (uint16_t)(i + 1);
	}
	ceremony_sweep(commons->state, kind);
	/* Signers who hold no share yet may all have withdrawn. */
	phase_set(commons, &c, count < c.threshold ? CEREMONY_FAILED : CEREMONY_KEY);
}

/* Begins anew with the members there are now; or ends, when they are too few. */
static void begin_anew(struct commons *commons, struct ceremony *c)
{
	ceremony_sweep(commons->state, c->kind);
	c->number++;
	c->opened = commons->now;
	c->has_session = c->has_transcript = false;
	for (unsigned i = 0; i < c->count; i++)
		c->member[i].has_key = false;
	phase_set(commons, c, c->count < fewest(c) ? CEREMONY_FAILED : CEREMONY_KEY);
}

static void exclude(struct commons *commons, struct ceremony *c, unsigned member,
                    const char *reason)
{
	struct writer w = writer_in(&commons->scratch);

	write_bytes(&w, c->excluded);
	write_text(&w, "excluded: ");
	write_bytes(&w, c->member[member].party);
	write_octet(&w, ' ');
	write_number(&w, c->number);
	write_octet(&w, ' ');
	write_text(&w, reason);
	write_octet(&w, '\n');
	c->excluded = writer_keep(&w, &commons->scratch);
	for (unsigned i = member; i + 1 < c->count; i++)
		c->member[i] = c->member[i + 1];
	c->count--;
}

/* Whether the member has done what the phase asks for. */
static bool has_done(const struct commons *commons, const struct ceremony *c, unsigned member)
{
	const struct ceremony_member *m = &c->member[member];
	struct arena scratch = arena_rest(&commons->scratch);
	struct bytes deal;

	switch (c->phase) {
	case CEREMONY_KEY:
		return m->has_key;
	case CEREMONY_DEAL:
		return deal_get(commons->state, c->kind, m->party, &scratch, &deal);
	case CEREMONY_CONFIRM:
		return confirmed_get(commons->state, c->kind, m->party);
	case CEREMONY_SIGN:
	case CEREMONY_DONE:
	case CEREMONY_FAILED:
	case CEREMONY_PHASES:
		break;
	}
	return true;
}

static void exclude_absent(struct commons *commons, struct ceremony *c)
{
	static const char *const REASONS[] = {
		[CEREMONY_KEY] = "absent-key",
		[CEREMONY_DEAL] = "absent-deal",
		[CEREMONY_CONFIRM] = "absent-confirm",
	};

	/* Where there is nothing to confirm, nobody is absent. */
	for (unsigned i = c->phase == CEREMONY_CONFIRM && !c->has_transcript ? 0 : c->count;
	     i-- > 0;)
		if (!has_done(commons, c, i))
			exclude(commons, c, i, REASONS[c->phase]);
	begin_anew(commons, c);
}

static void deal_begin(struct commons *commons, struct ceremony *c)
{
	struct keygen keygen;
	bool opened = keygen_of(commons->state, commons->origin, &commons->genesis, c, &keygen);

	must(opened);
	c->has_session = true;
	memcpy(c->session.octet, keygen.frost.sid, DIGEST_SIZE);
	phase_set(commons, c, CEREMONY_DEAL);
}

/* The group that all deals together make; false when they make none. */
static bool result(struct commons *commons, const struct ceremony *c, struct frost_group *group,
                   struct digest *transcript)
{
	struct frost_deal deal[CUSTODY_MEMBERS_MAX];
	struct keygen keygen;

	return keygen_of(commons->state, commons->origin, &commons->genesis, c, &keygen) &&
	       keygen_deals(commons->state, c, &keygen, &commons->scratch, deal) &&
	       keygen_result(&keygen, deal, c->count, &commons->scratch, group, transcript);
}

static void confirm_begin(struct commons *commons, struct ceremony *c)
{
	struct frost_group group;

	/* Whoever deals last can make the deals come to no good group, by coefficients that it
	 * does not know. What it deals does not fit them then, and is complained of. */
	c->has_transcript = result(commons, c, &group, &c->transcript);
	phase_set(commons, c, CEREMONY_CONFIRM);
}

static void sign_begin(struct commons *commons, struct ceremony *c)
{
	struct group group = {.kind = c->kind, .number = c->number, .since = commons->now};
	struct frost_group frost;
	struct digest transcript;
	bool made = result(commons, c, &frost, &transcript);

	must(made);
	group.threshold = c->threshold;
	memcpy(group.public_key, frost.group_public_key.octet, sizeof(group.public_key));
	group.tag = roll_tag(c->kind, group.public_key);
	group.count = c->count;
	for (unsigned i = 0; i < c->count; i++) {
		group.member[i].party = c->member[i].party;
		group.member[i].identifier = c->member[i].identifier;
		memcpy(group.member[i].verification_share, frost.verification_share[i], 32);
	}
	group_put(commons->state, &commons->scratch, &group);
	phase_set(commons, c, CEREMONY_SIGN);
}

static void phase_over(struct commons *commons, struct ceremony *c)
{
	switch (c->phase) {
	case CEREMONY_KEY:
		deal_begin(commons, c);
		break;
	case CEREMONY_DEAL:
		confirm_begin(commons, c);
		break;
	case CEREMONY_CONFIRM:
		sign_begin(commons, c);
		break;
	case CEREMONY_SIGN:
	case CEREMONY_DONE:
	case CEREMONY_FAILED:
	case CEREMONY_PHASES:
		break;
	}
}

static void ceremony_step(struct commons *commons, enum group_kind kind)
{
	struct custody custody;
	struct ceremony c;
	bool all = true;

	custody_get(commons->state, &custody);
	if (!ceremony_get(commons->state, kind, &c)) {
		ceremony_open(commons, kind); /* the founding opens the first ones */
		return;
	}
	if (c.phase == CEREMONY_FAILED && custody.active[kind] == 0 &&
	    commons->now.seconds >= c.deadline.seconds)
		ceremony_open(commons, kind);
	if (c.phase > CEREMONY_CONFIRM)
		return;
	for (unsigned i = 0; i < c.count; i++)
		all = all && has_done(commons, &c, i);
	if (all)
		phase_over(commons, &c);
	else if (commons->now.seconds >= c.deadline.seconds)
		exclude_absent(commons, &c);
}

void ceremonies_step(struct commons *commons)
{
	for (enum group_kind k = 0; k < GROUPS; k++)
		ceremony_step(commons, k);
}

bool ceremonies_are_open(const struct state *state)
{
	struct ceremony c;

	for (enum group_kind k = 0; k < GROUPS; k++)
		if (ceremony_get(state, k, &c) && c.phase <= CEREMONY_SIGN)
			return true;
	return false;
}

void ceremony_confirmed(struct commons *commons, const struct work *work)
{
	struct session session;
	struct ceremony c;
	bool there = ceremony_get(commons->state, work->zsk.kind, &c) &&
	             session_get(commons->state, work->job.number, 0, &session);

	must(there && c.phase == CEREMONY_SIGN && c.number == work->zsk.number);
	signing_close(commons, &session);
	if (!roll_activate(commons, &work->zsk)) {
		/* RFC 4034 appendix B: two keys of one tag make validators try both. */
		begin_anew(commons, &c);
		return;
	}
	ceremony_sweep(commons->state, c.kind);
	phase_set(commons, &c, CEREMONY_DONE);
	content_set_due(commons->state, &commons->scratch, commons->now);
}

/* The ceremony that the act names, in that phase, and the speaker's place in it. */
static struct ceremony_member *member_of_act(const struct commons *commons,
                                             const struct signed_act *act,
                                             enum ceremony_phase phase, struct ceremony *c,
                                             struct refusal *refusal)
{
	struct ceremony_member *m;

	if (!ceremony_get(commons->state, group_kind(act_field(&act->act, "group")), c) ||
	    c->number != act_number(&act->act, "ceremony") || c->phase != phase) {
		refuse(refusal, REASON_CEREMONY);
		return NULL;
	}
	m = ceremony_member_of(c, act->act.by);
	if (m == NULL)
		refuse(refusal, REASON_MEMBER);
	return m;
}

bool key_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct ceremony c;
	struct ceremony_member *m = member_of_act(commons, act, CEREMONY_KEY, &c, refusal);
	struct digest point = act_digest(&act->act, "key");

	if (m == NULL)
		return false;
	if (m->has_key)
		return refuse(refusal, REASON_TWICE);
	if (!frost_encryption_key_valid(point.octet))
		return refuse(refusal, REASON_PROOF);
	m->has_key = true;
	memcpy(m->key, point.octet, sizeof(m->key));
	ceremony_put(commons->state, &commons->scratch, &c);
	return true;
}

bool deal_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct ceremony c;
	const struct ceremony_member *m = member_of_act(commons, act, CEREMONY_DEAL, &c, refusal);
	struct frost_deal deal;
	struct keygen keygen;
	struct bytes octets;

	if (m == NULL)
		return false;
	if (has_done(commons, &c, (unsigned)(m - c.member)))
		return refuse(refusal, REASON_TWICE);
	if (!record_blob(act->act.embed, &commons->scratch, &octets) ||
	    !keygen_of(commons->state, commons->origin, &commons->genesis, &c, &keygen) ||
	    frost_deal_check(&deal, &keygen.frost, octets) != OK || deal.dealer != m->identifier)
		return refuse(refusal, REASON_PROOF);
	deal_put(commons->state, &commons->scratch, c.kind, act->act.by, act->act.embed);
	return true;
}

bool complain_apply(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal)
{
	struct ceremony c;
	const struct ceremony_member *m = member_of_act(commons, act, CEREMONY_CONFIRM, &c, refusal);
	struct ceremony_member *dealer;
	struct bytes octets, proof;
	struct frost_complaint complaint;
	struct frost_deal deal;
	struct keygen keygen;

	if (m == NULL)
		return false;
	dealer = ceremony_member_of(&c, act_field(&act->act, "dealer"));
	if (dealer == NULL)
		return refuse(refusal, REASON_MEMBER);
	proof = act_base64(&act->act, "proof", &commons->scratch);
	if (!keygen_of(commons->state, commons->origin, &commons->genesis, &c, &keygen) ||
	    !deal_get(commons->state, c.kind, dealer->party, &commons->scratch, &octets) ||
	    frost_deal_check(&deal, &keygen.frost, octets) != OK ||
	    frost_complaint_read(&complaint, &keygen.frost, proof) != OK ||
	    complaint.complainer != m->identifier || complaint.dealer != dealer->identifier)
		return refuse(refusal, REASON_PROOF);
	if (frost_complaint_judge(&complaint, &keygen.frost, &deal) == FROST_GUILTY_DEALER)
		exclude(commons, &c, (unsigned)(dealer - c.member), "guilty-deal");
	else
		exclude(commons, &c, (unsigned)(m - c.member), "guilty-complaint");
	begin_anew(commons, &c);
	return true;
}

bool confirm_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	struct ceremony c;
	const struct ceremony_member *m = member_of_act(commons, act, CEREMONY_CONFIRM, &c, refusal);
	struct digest transcript = act_digest(&act->act, "transcript");
	struct frost_group group;
	struct bytes proof;

	if (m == NULL)
		return false;
	if (has_done(commons, &c, (unsigned)(m - c.member)))
		return refuse(refusal, REASON_TWICE);
	proof = act_base64(&act->act, "proof", &commons->scratch);
	if (!c.has_transcript || !digest_same(&transcript, &c.transcript) ||
	    !result(commons, &c, &group, &transcript) ||
	    frost_confirm_check(proof, c.transcript.octet, &group, m->identifier) != OK)
		return refuse(refusal, REASON_PROOF);
	confirmed_put(commons->state, &commons->scratch, c.kind, act->act.by);
	return true;
}
