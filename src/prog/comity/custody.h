/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_CUSTODY_H
#define COMITY_COMITY_CUSTODY_H

/* custody.h - how the keys that nobody holds stand: groups, ceremonies, the open job. */

#include "prog/comity/view.h"
#include "state/job.h"

#define CUSTODY_LINES_MAX 64

/* Sentences about custody, each behind a mark: "ok", ".." (under way), "!!" (wrong), "??". */
struct custody_lines {
	struct bytes line[CUSTODY_LINES_MAX];
	unsigned count;
};

void custody_describe(struct command *command, const struct view *view,
                      struct custody_lines *lines);

/* The same as fields "groups", "ceremonies", "job" of an object that is open. */
void json_custody(struct command *command, const struct view *view);

/* The open job: signatures it takes, and those that are on the ledger so far, by the session that is
 * furthest. Both 0 while nothing is being signed. */
struct progress {
	uint64_t wanted, made;
};
struct progress custody_progress(const struct view *view);

/* Signers of the active ZSK: how many there are, are ready to sign now, and are needed. False before
 * there is one. */
struct readiness {
	unsigned members, ready, needed;
};
bool custody_readiness(const struct view *view, struct readiness *readiness);

#endif
