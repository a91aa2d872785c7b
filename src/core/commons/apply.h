/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_APPLY_H
#define COMITY_COMMONS_APPLY_H

/*
 * apply.h - the front door of the commons: one block's worth of change.
 *
 *     commons_begin()    time passes: timers that are due fire, by (deadline, key)
 *     commons_apply()    each act, in order
 *     commons_end()      ceremonies, jobs and sessions that are due
 */

#include "act/genesis.h"
#include "commons/commons.h"

/* What a commons lives in. All of it belongs to the commons from now on. */
struct commons_memory {
	struct arena scratch;    /* COMMONS_SCRATCH_SIZE */
	struct arena charter;    /* CHARTER_MEMORY and the text */
	struct arena work[2];    /* ZONE_ARENA_SIZE each: the open job, the current release */
};

#define COMMONS_SCRATCH_SIZE ((size_t)32 << 20)
#define COMMONS_CHARTER_SIZE ((size_t)1 << 20)

/* A commons over an empty state. */
void commons_init(struct commons *commons, struct state *state,
                  const struct commons_memory *memory);

/*
 * Founds the federation: the first act of the first block. `manifest` is the import that the
 * genesis cites, or empty. False, `*refusal` set and the state empty, when founders' signatures
 * do not hold, the charter is none, or the manifest is not what was cited.
 */
bool commons_found(struct commons *commons, const struct note *note,
                   const struct genesis *genesis, struct bytes manifest,
                   struct refusal *refusal) CHECKED;

void commons_begin(struct commons *commons, uint64_t height, struct ledger_time now);

/*
 * Applies the act in `note`. False and `*refusal` set: nothing changed. Details of the refusal
 * live in the scratch arena until the next call.
 */
bool commons_apply(struct commons *commons, const struct note *note, const struct act *act,
                   struct refusal *refusal) CHECKED;

void commons_end(struct commons *commons);

/*
 * The part of commons_apply() that comes when it is known who signed: which rule governs, whether
 * it is satisfied, the effect or a proposal. On its own it serves who tries, on a copy of the
 * state, an act that nobody has signed yet. When it refuses, it may be half done.
 */
bool commons_decide(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal) CHECKED;

/* Effects of an act that has consent: of commons_apply(), or of a proposal that passed. */
bool commons_effect(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal) CHECKED;

/* Who must countersign a seal, sorted: the holders of the active ZSK, or before there is one the
 * signers of the charter; and how many of them make it final. */
unsigned commons_countersigners(const struct commons *commons,
                                struct bytes name[CUSTODY_MEMBERS_MAX], unsigned *threshold);

/* When something must happen though nobody acts: the first timer, or at once while a job, a
 * session or a ceremony is under way. False: nothing is due, ever. */
bool commons_next_due(const struct commons *commons, struct ledger_time *due);

#endif
