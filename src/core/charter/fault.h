/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_FAULT_H
#define COMITY_CHARTER_FAULT_H

/*
 * fault.h - where a charter was not accepted, why, and what may have been meant.
 *
 * Goes with a mishap, as base/fault.h does: set only when a mishap is returned.
 */

#include "base/bytes.h"
#include "base/fault.h"
#include "base/writer.h"

struct charter_fault {
	struct fault at;         /* line, column, why */
	struct bytes found;      /* what stands there; into the charter's text; may be empty */
	struct bytes suggestion; /* what may have been meant; into the text or constant; may be
	                            empty */
};

/* In English, without LF: line 9, column 21: no such chamber: "statse" (did you mean
 * "states"?). What was found is shown only when it is short printable ASCII. */
void charter_fault_write(const struct charter_fault *fault, struct writer *writer);

/* The candidate nearest to a word, by insertions, deletions, exchanges and swaps of
 * neighbours; empty while none is near enough to suggest. The first of equals stays. */
struct nearest {
	struct bytes word;
	struct bytes best;
	unsigned distance; /* of `best`; before there is one, what is too far */
};

struct nearest nearest_to(struct bytes word);
void nearest_try(struct nearest *nearest, struct bytes candidate);

#endif
