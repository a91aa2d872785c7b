/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_MEANING_H
#define COMITY_COMITY_MEANING_H

/*
 * meaning.h - what an act means to a person who is asked to sign it, or reads it afterwards.
 *
 * A help, and never what is signed: the text is.
 */

#include "act/genesis.h"
#include "charter/charter.h"
#include "prog/comity/view.h"

/* Tells what the act does in one sentence, what it would change of what stands now, and whose consent
 * that takes. The view is as it was before the act, or as it is now; NULL: the sentence alone. */
void tell_meaning(struct command *command, const struct view *view, const struct act *act);

/* The same of a founding text: over which apex, under which charter, by whom. */
void tell_founding(struct command *command, const struct genesis *genesis);

/* What governs the act: a rule of the charter as it stands; NULL for what is a party's own affair, what is
 * computed, and what the charter has no rule for. */
const struct charter_rule *meaning_rule(const struct view *view, const struct act *act);

/* "article 2 (What is a party's own): delegate.update holder", in the reader's language. */
struct bytes rule_text(struct command *command, const struct view *view,
                       const struct charter_rule *rule);

/* The title of the charter, or an article's heading, in the reader's language or the first one. */
struct bytes in_language(const struct command *command, const struct charter *charter,
                         const struct bytes *texts);

#endif
