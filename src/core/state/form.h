/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_FORM_H
#define COMITY_STATE_FORM_H

/*
 * form.h - whether a record that came from elsewhere has the form of ours (comity-state(5)).
 *
 * The readers of this folder take it as a fact that a record is of its form, because apply()
 * wrote it. Whoever gets records from outside - the command line from a node - asks here
 * first: of a record that holds, every reader of its kind may be called. What several
 * records say together is not looked at.
 */

#include "base/arena.h"
#include "base/bytes.h"

/* Whether there is a kind of record whose keys begin as this one does. */
bool record_form_known(struct bytes key);

/* Whether the record is a key and the lines of its kind, or a tombstone where its kind leaves
 * one. `scratch`, at least ACT_SCRATCH_SIZE, is used and given back. */
bool record_form_holds(struct bytes record, struct arena scratch);

#endif
