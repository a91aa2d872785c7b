/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIM_SCENARIO_H
#define COMITY_SIM_SCENARIO_H

/*
 * scenario.h - a story in acts: a text that is played to a federation through its front door, and
 * what became of each step.
 *
 *     # words                            kept as they are
 *     federation CHARTER NAME:KIND...    founds; the charter is a file below the source, or "-": the one that it is
 *                                        played under. Then, where they do not fit or something is held, lines of
 *       NAME:KIND...
 *       tld LABEL HOLDER                 held from the beginning
 *       host DNAME OWNER USER...
 *       + RECORD                         of that TLD or host
 *     [STEP = ]PARTY KIND FIELD=VALUE... says an act; then, for it alone, lines of
 *       + RECORD                         a record of a zone
 *       | FILE                           a file below the source, embedded
 *       | FILE s/OLD/NEW/                the same with the first OLD made NEW
 *       > WORDS
 *     wait SPAN                          time passes; what is due in it happens when it is due
 *     keys PARTY new|old                 from now on it signs with an act key that it got, or has again
 *     leaves LABEL                       a TLD of the beginning may be out of the zone from now on
 *     zone                               tells what the zone that derives says of TLDs
 *
 * In a field, @STEP is the id of the act of an earlier step; a step without a name is named by its line. `replaces`
 * is the slot, as it stands, of the record of that key, otherwise of the one that the act is about; `charter=N` is the
 * head's, otherwise the version that stands; `also=PARTY` signs too; `key=PARTY` is the keys of that party with a new
 * act key in place of the old one.
 *
 * After every step each TLD of the beginning is in the zone, and every record has the form of its kind.
 */

#include "prog/sim/federation.h"

struct scenario {
	struct federation *f; /* NULL before it is founded */
	struct writer told;   /* the text again, with what became of it */
	char why[300];        /* where and why it cannot be played */
};

/* Plays the text, under that charter where it names none (NULL: it does). False: `why` says which line. Files are
 * read below `source`. */
bool scenario_play(struct scenario *scenario, const char *source, const char *charter, struct bytes text) CHECKED;

/* A file below `source`, in memory for the life of the process. False: there is none. */
bool scenario_file(const char *source, const char *path, struct bytes *content) CHECKED;

#endif
