/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_CHARTER_CHECK_WORDS_H
#define COMITY_COMITY_CHARTER_CHECK_WORDS_H

/* charter_check_words.h - what a check of a charter found, in sentences (power/check.h). */

#include "power/check.h"
#include "prog/comity/view.h"

/* A charter that is checked, and over whom. */
struct looked {
	struct charter charter;
	struct charter_party *parties;
	size_t count;
	struct check *check;
};

/*
 * Reads the charter in `text` and checks it: over the members in the text of `members`, or over the
 * parties of the view where that is NULL. False: told, with where and why, and the exit code in `*code`.
 * `name` and `members_name` are the files', for that.
 */
bool look_at(struct command *command, struct bytes text, const char *name, const struct bytes *members,
             const char *members_name, const struct view *view, struct looked *looked, int *code);

struct bytes finding_text(const struct command *command, const struct check *check,
                          const struct finding *finding);

/* A word for programs: "not-proper". */
const char *finding_word(enum finding_kind kind);

/* What a path is, without who goes it. */
struct bytes path_text(const struct command *command, const struct path *path);
const char *path_word(enum path_kind kind);

/* The holder of a peril, and how many are like it. */
struct bytes holder_text(const struct command *command, const struct check *check,
                         const struct peril *peril);

/* Names of seats: the first few, and how many more. `is` says which, by seat. */
struct bytes seats_text(const struct command *command, const struct check *check, const bool *is,
                        size_t seats);

/* The seats of a class, empty where it has only parts that the rule does not ask; and those of a coalition. */
struct bytes class_text(const struct command *command, const struct check *check,
                        const struct game *game, size_t class);
struct bytes coalition_text(const struct command *command, const struct check *check,
                            const struct path *path);
struct bytes taken_text(const struct command *command, const struct check *check,
                        const struct game *game, const uint16_t *taken);

/* A fraction of 2^60 in percent, with that many digits after the point, rounded. */
struct bytes percent_text(const struct command *command, uint64_t fraction, unsigned digits);

/* A count that search.h found: "5", "more than 40", "-". */
struct bytes search_text(const struct command *command, const struct search *search);

/* What is found, a sentence each on standard output (or on standard error), those that refuse first. */
void findings_tell(const struct command *command, const struct check *check, bool error);

#endif
