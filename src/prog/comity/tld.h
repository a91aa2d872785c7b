/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_TLD_H
#define COMITY_COMITY_TLD_H

/* tld.h - what commands about TLDs share. */

#include "prog/comity/draft.h"
#include "prog/comity/rr_lines.h"
#include "prog/comity/view.h"

/* The label a person means, in the command's memory: "aur", "AUR", ".aur" and "aur." are one (RFC 4343).
 * Whether it is one is not looked at. */
struct bytes tld_label(struct command *command, const char *argument);

/* Whether it is one. */
bool tld_label_valid(struct bytes label);

/* The holding of that label; false, and refused in words, when nobody holds it. */
bool tld_holding(struct command *command, const struct view *view, struct bytes label,
                 struct holding *holding);

/* The name of the TLD as an owner of records, whatever the apex is: "aur." */
struct bytes tld_owner(struct command *command, const struct view *view, struct bytes label);

/* ---- options that say how the records of a TLD are to be ---- */

enum { OPTION_SET = OPTION_OWN, OPTION_NS, OPTION_DS, OPTION_ADD, OPTION_REMOVE, OPTION_BEHIND };

#define TLD_CHANGE_OPTIONS                                                                         \
	{"set", required_argument, NULL, OPTION_SET}, {"ns", required_argument, NULL, OPTION_NS},  \
		{"ds", required_argument, NULL, OPTION_DS}, {"add", required_argument, NULL, OPTION_ADD}, \
	{                                                                                          \
		"remove", required_argument, NULL, OPTION_REMOVE                                   \
	}

#define TLD_CHANGES_MAX 64

/* What the options ask for, in their order. */
struct tld_changes {
	const char *set; /* --set FILE */
	struct {
		int kind; /* OPTION_NS to OPTION_REMOVE */
		const char *text;
	} change[TLD_CHANGES_MAX];
	unsigned count;
};

/* Takes one of those options. An exit code. */
int tld_change_option(const struct command *command, int option, struct tld_changes *changes);

/* Makes the changes to `set`, in which the records `before` stand. Addresses of name servers that go are
 * taken along. An exit code; what is wrong was told. */
int tld_changes_make(struct command *command, const struct tld_changes *changes, struct bytes owner,
                     struct bytes before, struct rr_lines *set);

#endif
