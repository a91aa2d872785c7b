/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_LEDGER_STATE_PROOF_H
#define COMITY_LEDGER_STATE_PROOF_H

/*
 * state_proof.h - what stands in the state, or does not, shown to somebody who has only a checkpoint
 * (comity-ledger(5), STATE PROOFS).
 *
 *     comity-state-proof/1                     or: comity-state-proof/1 absent KEY
 *     record INDEX COUNT
 *     base64 hash ...                          leaf to root
 *     (empty line)
 *     the record
 *     (empty line)                             for "absent", the two neighbours so, one by one
 *     seal
 *     the seal's text
 *     (empty line)
 *     c2sp.org/tlog-proof@v1
 *     index N
 *     base64 hash ...
 *     (empty line)
 *     the checkpoint note                      written by the host, which has its signatures
 */

#include "ledger/ledger.h"

/*
 * Writes all but the checkpoint note, for the state of the newest seal; no block may be open. `subtree` tells
 * hashes of the log of that seal. False: there is no seal, or `key` is none that a record could have.
 */
bool state_proof_write(struct writer *writer, struct ledger *ledger, struct bytes key,
                 merkle_subtree *subtree, const void *context);

/* What a proof says, when it is one. */
struct state_proof {
	bool present;
	struct bytes key;
	struct bytes record; /* when present */
	struct seal seal;
	struct bytes checkpoint; /* the note: its signatures are for the caller to look at */
};

/* Checks everything but the signatures of the checkpoint: that its root follows. False and `*why`. */
bool state_proof_check(struct bytes text, struct state_proof *proof, const char **why) CHECKED;

#endif
