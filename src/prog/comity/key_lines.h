/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_KEY_LINES_H
#define COMITY_COMITY_KEY_LINES_H

/* key_lines.h - the keys of a home, or of a file, as texts that are signed want them. */

#include "act/genesis.h"
#include "prog/comity/command.h"

/* "party" and "key" lines of a genesis, and the log key of a sequencer (empty: none), from a home folder or
 * from a file that holds what `comity key show` prints. False: told; the home of an operator has none. */
bool founder_lines(struct command *command, const char *path, struct bytes *lines, struct bytes *log);

/* The "key" lines alone, of the home of the command. */
bool home_key_lines(struct command *command, struct bytes *lines);

/* A list of keys in the making, in order of their numbers. */
struct key_list {
	struct listed_key {
		uint32_t number;
		enum key_role role;
		struct note_key key;
	} item[PARTY_KEYS_MAX];
	unsigned count;
};

/* Adds the "key" lines of a text, whatever else is in it; one of a number that is there takes its
 * place. False: told. */
bool key_list_add(struct command *command, struct key_list *list, struct bytes text);

/* Takes out the key of that number. False: there is none. */
bool key_list_remove(struct key_list *list, uint32_t number);

/* "key" lines, in the command's memory. */
struct bytes key_list_text(struct command *command, const struct key_list *list);

/* The roles that a home may have keys of, in the order in which they are numbered; every home of a party has
 * the first HOME_ROLES_OF_ALL, and whoever attests the duty key besides. */
#define HOME_ROLES        4
#define HOME_ROLES_OF_ALL 3
extern const char *const HOME_ROLE_WORDS[HOME_ROLES];

/* A key of the home that is made and not yet in use: keys/ROLE.next.key. Its "key" line; false when
 * there is none. */
bool next_key_line(struct command *command, const char *role, struct bytes *line);

/* The next keys take the place of those they follow, which are kept as ROLE.old.key. */
bool next_keys_settle(struct command *command);

#endif
