/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_CHARTER_DIFF_H
#define COMITY_COMITY_CHARTER_DIFF_H

/* charter_diff.h - what one charter changes in another, in words. */

#include "prog/comity/charter_check_words.h"

/* A sentence for each change, on standard output or standard error; how many. With --json: objects in an
 * array that is open. */
size_t charter_changes_tell(struct command *command, const struct looked *before,
                            const struct looked *after, bool error);

/* The rule that decides on the amendment, and how few carry it. */
void charter_deciding_tell(const struct command *command, const struct looked *before,
                           const struct looked *after, bool error);

#endif
