/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVING_CHECK_H
#define COMITY_OBSERVING_CHECK_H

/* check.h - what each technical check asks for, and why, for people (comity-check(7)). */

#include "act/check.h"

/* What is asked for, in a few words without full stop; and why, in a sentence or two. */
const char *check_title(enum check check, bool chinese);
const char *check_reason(enum check check, bool chinese);

#endif
