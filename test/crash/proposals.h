/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_PROPOSALS_H
#define COMITY_TEST_PROPOSALS_H

/*
 * proposals.h - for tests only: acts that always enter, and that nobody has to sign anything for.
 * After tap.h and scratch.h.
 */

#include "prog/sim/federation.h"

/* The charter of seven equals, under which a proposal waits for consent. */
static inline struct bytes proposals_charter(void)
{
	const char *source = getenv("COMITY_SOURCE");
	char path[SCRATCH_PATH_MAX];

	snprintf(path, sizeof(path), "%s/examples/charters/seven-equals.charter",
	         source != NULL ? source : ".");
	return scratch_read(path);
}

/* A proposal, signed; the same for the same series, number and time (seconds since 1970). */
static inline struct bytes proposal_make(struct federation *f, const char *series, unsigned number,
                                         int64_t now)
{
	unsigned party = number % f->count;
	struct act act = federation_act(f, party, ACT_GRANT);
	struct writer w;
	char label[30];

	snprintf(label, sizeof(label), "%s%u", series, number);
	act.until.seconds = now + SECONDS_A_DAY;
	act.field[0] = bytes_of(label);
	act.field[1] = bytes_of(f->node[party].name);
	act.field[2] = BYTES("none");
	w = writer_in(&f->memory);
	act_write(&w, &act);
	return federation_sign(f, &f->node[party].act, f->node[party].name, 1,
	                       writer_keep(&w, &f->memory));
}

#endif
