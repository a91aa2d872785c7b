/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_HISTORY_H
#define COMITY_COMITY_HISTORY_H

/* history.h - acts of the public log, one line each. */

#include "prog/comity/public_log.h"

/* One entry: when, in which block, which act, what it does, and how it ended where it was a
 * proposal. A seal is no act, and passed over. */
void tell_entry(struct command *command, const struct view *view, const struct entry *entry);

/* The same as a JSON object; its fields alone, of an object that is open. */
void json_entry(struct command *command, const char *key, const struct view *view,
                const struct entry *entry);

/*
 * Tells every act of the log that `wanted` says yes to, the oldest first, at most the newest `most`.
 * The number told in `*count`. False: a mishap, told.
 */
bool history_tell(struct command *command, const struct view *view,
                  bool (*wanted)(const void *context, const struct entry *entry),
                  const void *context, unsigned most, unsigned *count);

#endif
