/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_SIGNATURE_LINE_H
#define COMITY_COMITY_SIGNATURE_LINE_H

/* signature_line.h - putting a line under a text of ours, beside those that stand there. */

#include "base/fault.h"
#include "prog/comity/command.h"

/* Whether it is a text that a tool of ours signs: an act, or a founding text. Nothing else is. */
bool text_is_ours(struct command *command, struct bytes text, struct fault *fault);

/* Takes a file apart: the text, and the signature lines there are, perhaps none. */
struct bytes note_text(struct bytes content, struct bytes *lines);

/*
 * The note with `text`, `lines` and the line of a key of the home ("act", or "act.next"), in the
 * command's memory. False: the key does not sign, told.
 */
bool note_sign(struct command *command, struct bytes text, struct bytes lines, const char *key,
               struct bytes *note);

/* Shows a file's text to the person who sits there, and when they agree adds the home's line; the
 * note goes to `out`, or standard output for NULL. An exit code. */
int sign_file(struct command *command, const char *name, struct bytes content, const char *out);

#endif
