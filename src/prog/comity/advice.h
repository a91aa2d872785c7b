/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_ADVICE_H
#define COMITY_COMITY_ADVICE_H

/* advice.h - what to do about a refusal. */

#include "commons/refusal.h"

/* Whether it is a reason of this version: a node may be newer. */
bool reason_known(enum reason reason);

/* The reason of that word or number; REASON_NONE when there is none. */
enum reason reason_of(struct bytes word);

/* A command, or what to look at. Every reason but REASON_NONE has one. */
const char *reason_advice(enum reason reason, bool chinese);

#endif
