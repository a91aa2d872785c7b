/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ACT_SHOW_H
#define COMITY_ACT_SHOW_H

/*
 * show.h - what an act does, in one sentence for people, English or Chinese.
 *
 * The sentence is the row's (act/kind.h) with the act's values in it. It is a help and never
 * what is signed: the text is.
 */

#include "act/act.h"

#define SHOW_DIGEST 8 /* hex digits that stand for an act's id in a sentence */

/* "aurelia grants aur to borealia", without full stop; digests by their first digits. */
void act_show(struct writer *writer, const struct act *act, bool chinese);

/* The word of a choice, a group or a status as people say it: "yes" is 赞成. Any other word is
 * given back as it is. */
struct bytes show_word(struct bytes word, bool chinese);

/* Writes a template: {0} to {9} are the values, of which there are at least as many; all else
 * stands for itself. */
void show_template(struct writer *writer, const char *template, const struct bytes *value);

#endif
