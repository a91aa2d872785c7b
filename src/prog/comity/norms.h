/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_NORMS_H
#define COMITY_COMITY_NORMS_H

/* norms.h - what people are told of norms in more than one place. */

#include "norms/adopted.h"
#include "prog/comity/view.h"

/* The document behind a version, in the command's memory. */
struct bytes norm_document(struct command *command, const struct norm_text *text);

/* Its title in the reader's language; "-" when the norm is repealed. */
struct bytes norm_title_of(struct command *command, const struct view *view,
                           const struct adopted *adopted);

/* "its signer answers; broken when not so for 3 d" */
struct bytes duty_sentence(struct command *command, const struct duty *duty);

#endif
