/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_COMMONS_H
#define COMITY_COMMONS_COMMONS_H

/*
 * commons.h - where acts take effect.
 *
 * apply(state, time, act) -> state' | refusal: total, pure, the same everywhere. The
 * struct holds the state and what is needed to change it; all but the state is either
 * constant for the federation, or a cache of what the state says.
 *
 * A check reads; an effect changes. The functions named after kinds of act do both, in
 * this order, and when they refuse, their caller takes back what they changed.
 */

#include "act/act.h"
#include "charter/charter.h"
#include "commons/refusal.h"
#include "note/note.h"
#include "signing/schedule.h"
#include "state/content.h"
#include "state/holding.h"
#include "state/party.h"

struct commons {
	struct state *state;
	struct bytes origin;   /* constant */
	struct digest genesis; /* constant */
	struct arena scratch;  /* of one act, one timer, one step: its mark goes back after each */
	struct arena charter_memory;
	struct charter charter; /* of the record "charter" */
	struct work_cache cache;     /* of the open job */
	struct work_cache published; /* of the current release: its zone, signed */
	uint64_t height;        /* of the block at hand */
	struct ledger_time now; /* its time */
};

/* An act with those who signed it. */
struct signed_act {
	struct act act;
	struct bytes note;      /* the whole note */
	struct bytes recipient; /* a transfer's recipient, where it signed too; else empty */
	struct note_key operator; /* whose key signed in the party's name; without a name where the party did */
	struct digest id;
	char id_text[2 * DIGEST_SIZE];
};

static inline struct bytes act_id_text(const struct signed_act *act)
{
	return (struct bytes){(const uint8_t *)act->id_text, sizeof(act->id_text)};
}

/* Reads the charter that stands into the commons. Called when the record changed. */
void commons_load_charter(struct commons *commons);

/* Whether the federation's signers by the charter: fills names, sorted; returns how many. */
unsigned commons_signers(const struct commons *commons, struct bytes name[CUSTODY_MEMBERS_MAX + 1]);

/* CAS: `replaces` of the act names the record of that key as it stands, or none. */
bool commons_replaces(const struct commons *commons, const struct act *act, struct bytes key,
                      struct refusal *refusal);

/* The wire name of a TLD of this zone. False when it would be too long. */
bool commons_tld_name(const struct commons *commons, struct bytes label, struct dname *name);

/* Content records, with what the open job needs kept. */
bool commons_zone_job_is_open(const struct commons *commons);
void commons_put_content(struct commons *commons, struct writer *writer);
void commons_bury_content(struct commons *commons, struct bytes key, struct bytes act);

/* A check and effect of one kind of act. False: refused, and perhaps half done. */
typedef bool commons_apply_kind(struct commons *commons, const struct signed_act *act,
                                struct refusal *refusal);

commons_apply_kind accede_apply, withdraw_apply, rotate_apply, delegate_apply, ds_drop_apply,
        grant_apply, transfer_apply, host_apply, server_apply, consent_apply, object_apply,
        charter_amend_apply, waive_apply, comment_apply, proxy_apply, withdraw_proposal_apply,
        cancel_apply, freeze_apply, open_apply, key_apply, deal_apply, complain_apply,
        confirm_apply, pool_apply, answered_apply, accuse_apply, signatures_apply,
        release_apply;

commons_apply_kind dispute_apply, answer_apply, appoint_apply, rank_apply, challenge_apply,
        exhibit_apply, interim_apply, ruling_apply, correct_apply, settle_apply;

commons_apply_kind norm_apply, repeal_apply, accept_apply, reserve_apply, denounce_apply,
        contest_apply;
commons_apply_kind empower_apply, disempower_apply, batch_apply;
commons_apply_kind retire_apply, plan_apply, operate_apply, resume_apply, rekey_apply;
commons_apply_kind suspend_apply;
commons_apply_kind register_apply;

commons_apply_kind attest_apply;

#endif
