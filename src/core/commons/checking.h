/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_CHECKING_H
#define COMITY_COMMONS_CHECKING_H

/*
 * checking.h - technical checks as attestations: a rule that says "checked" waits for parties that have
 * asked the name servers, each from its own place (comity-act(5), attest; comity-charter(7), checked).
 *
 *     checking/<act-id>               which checks a proposal waits for, of how many, until when
 *     attestation/<act-id>/<party>    what a party attests, in the run that is on
 *
 * The run of submission decides whether "checked" holds; a change of name servers waits for another,
 * of publication, that held at most CHECKING_FRESH before it takes effect. A check holds when that many
 * attest it, from networks that are not the same.
 */

#include "act/check.h"
#include "charter/judge.h"
#include "commons/proposal.h"

#define CHECKING_WINDOW ((int64_t)SECONDS_A_DAY) /* seconds, of one run */
#define CHECKING_FRESH  ((int64_t)SECONDS_A_DAY) /* seconds, from the second run to the effect */
#define CHECKING_LEAST  3                        /* attestations of a check, at least */

enum checking_run { RUN_SUBMISSION, RUN_PUBLICATION, RUN_OVER, RUN_FAILED, CHECKING_RUNS };

struct checking {
	struct bytes id; /* hex of the act-id */
	struct bytes label;
	enum checking_run run;
	struct ledger_time since, until; /* of the run */
	unsigned needs;                  /* set of checks */
	unsigned quorum;
	bool held;                   /* the run has held, */
	struct ledger_time held_at;  /* since then */
	unsigned failed;             /* RUN_FAILED: the checks that too few attest */
};

/* Reads a record of that kind, which holds its form (state/form.h). */
void checking_read(struct bytes record, struct checking *checking);

/* That of the proposal of that id; false: it waits for none. Of all, the next, from *index = 0 on. They borrow from the state. */
bool checking_get(const struct state *state, struct bytes id, struct checking *checking);
bool checking_next(const struct state *state, size_t *index, struct checking *checking);
/* "submission", "publication", "over" or "failed", as records and acts have it. */
const char *checking_run_word(enum checking_run run);

/* What the checks of an act that is about to be decided say: held, when it needs none; none, when there
 * are too few who could attest; otherwise open. `the_case` has its parties. */
enum charter_checks checking_before(struct commons *commons, const struct signed_act *act,
                                    const struct charter_case *the_case);

/* The act became a proposal: where its rule asks for checks, the run of submission begins, or is over where nothing is to
 * be checked. The case is as it was judged, its checks as checking_before() says. */
void checking_begin(struct commons *commons, const struct signed_act *act, const struct charter_rule *rule,
                    const struct charter_case *the_case);

/* What the checks of a proposal say in the run of submission. */
enum charter_checks checking_of(const struct commons *commons, const struct proposal *proposal,
                                const struct charter_case *the_case);

/* The proposal passed: where its checks held and name servers change, the second run is set, before
 * proposal->execute_at. */
void checking_passed(struct commons *commons, const struct proposal *proposal,
                     const struct charter_case *the_case);

/* Whether the proposal, which has passed, may take effect by its checks: open, failed or held. One that
 * never had checks may. */
enum charter_checks checking_effect(struct commons *commons, const struct proposal *proposal,
                                    const struct charter_case *the_case);

/* The checks of the proposal fail: it stays in the record which. */
void checking_fail(struct commons *commons, const struct proposal *proposal,
                   const struct charter_case *the_case);

/* The proposal ended: its attestations go, and the record unless the checks failed. */
void checking_end(struct commons *commons, struct bytes id);

#endif
