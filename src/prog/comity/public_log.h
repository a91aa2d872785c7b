/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_PUBLIC_LOG_H
#define COMITY_COMITY_PUBLIC_LOG_H

/*
 * public_log.h - the log as the node publishes it: what was said, in order, for ever.
 *
 * It is read from the public folder, up to what the newest published checkpoint covers. Whether
 * the folder holds the log that the parties signed is for `comity verify` to say.
 */

#include "act/genesis.h"
#include "note/note.h"
#include "prog/comity/view.h"

enum entry_kind { ENTRY_GENESIS, ENTRY_ACT, ENTRY_SEAL };

/* Borrows until the walk goes on. */
struct entry {
	enum entry_kind kind;
	uint64_t index;          /* of the leaf */
	uint64_t height;         /* of the block it is in */
	struct ledger_time time; /* of that block */
	struct bytes octets;     /* a note; a seal's text */
	struct note note;        /* of a genesis, of an act */
	struct act act;          /* of an act */
	struct genesis genesis;
	uint64_t acts;           /* of a seal: entered in its block */
};

/* Calls `each` for every entry, the oldest first, until it says false. False: a mishap, told. */
bool log_walk(struct command *command, const struct view *view,
              bool (*each)(void *context, const struct entry *entry), void *context);

/* A copy of an entry that lives in the command's memory. */
void entry_keep(struct command *command, const struct entry *entry, struct entry *kept);

/* How many acts have an id that begins with those digits: none, one, more; or the log did not read,
 * told. */
enum found { FOUND_NONE, FOUND_ONE, FOUND_MORE, FOUND_MISHAP };

/* Looks for the act, or the genesis, whose id begins with `prefix`, or for "genesis" that; the first one
 * is kept. */
enum found log_find(struct command *command, const struct view *view, struct bytes prefix,
                    struct entry *entry);

/* Tells that there is none, or more than one. An exit code. */
int tell_not_found(struct command *command, enum found found, struct bytes prefix);

/* The "key" lines that the party had when the entry of that index entered; empty for none. */
bool log_keys_at(struct command *command, const struct view *view, struct bytes party,
                 uint64_t index, struct bytes *keys);

#endif
