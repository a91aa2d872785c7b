/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_CURSOR_H
#define COMITY_CHARTER_CURSOR_H

/*
 * cursor.h - reading one line of a charter from left to right. For charter/ only.
 *
 * Blanks are part of what is taken, so that a line has one form only.
 */

#include "base/mishap.h"
#include "charter/fault.h"

struct cursor {
	struct bytes line;
	size_t at;       /* octets taken */
	uint32_t number; /* of the line, from 1 */
	struct charter_fault *fault;
};

/* Takes `literal` when the line goes on with it. */
bool cursor_take(struct cursor *cursor, const char *literal);

/* Whether the line goes on with `literal`. */
bool cursor_sees(const struct cursor *cursor, const char *literal);

bool cursor_done(const struct cursor *cursor);

/* The run of a-z, 0-9, - and . that comes next, not taken; may be empty. */
struct bytes cursor_word(const struct cursor *cursor);

/* What was taken since the line was at `from`. */
struct bytes cursor_since(const struct cursor *cursor, size_t from);

/* Takes a decimal of 1..most, without leading zero. Otherwise a fault, `why`. */
enum mishap cursor_number(struct cursor *cursor, uint64_t most, const char *why,
                          uint64_t *number) CHECKED;

/*
 * Takes a name: 2 to 63 of a-z, 0-9 and -, no - at either end; where `letter`,
 * it begins with one. MISHAP_MALFORMED with a fault otherwise.
 */
enum mishap cursor_name(struct cursor *cursor, bool letter, struct bytes *name) CHECKED;

/* Sets the fault: here, with what stands here as found, and no suggestion. MISHAP_MALFORMED. */
enum mishap cursor_fault(struct cursor *cursor, const char *why) CHECKED;

/* The same, for the whole of what was taken since `from`. */
enum mishap cursor_fault_since(struct cursor *cursor, size_t from, const char *why) CHECKED;

/* The same as cursor_fault(), with what is nearest as suggestion. */
enum mishap cursor_fault_near(struct cursor *cursor, const char *why,
                              const struct nearest *nearest) CHECKED;

/* The same as cursor_fault(), for what is well formed and too much. MISHAP_LIMIT. */
enum mishap cursor_limit(struct cursor *cursor, const char *why) CHECKED;

#endif
