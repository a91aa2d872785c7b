/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_REGISTERS_REGISTER_H
#define COMITY_REGISTERS_REGISTER_H

/*
 * register.h - the text of a register, comity-register/1 (comity-register(7), THE TEXT): a list that
 * others keep, as the parties have taken note of it.
 *
 * register_read() is the only door in: whoever has a struct register_text may rely on the grammar.
 * Everything in it borrows from the text it was read from.
 */

#include "base/bytes.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/time.h"

#define REGISTER_SIZE_MAX    24576 /* octets of the text */
#define REGISTER_ENTRIES_MAX 512
#define REGISTER_VERSION_MAX 999999999

/* Dates are numbers YYYYMMDD, as time_day() gives them. */
struct register_entry {
	struct bytes code;  /* of the list that others keep, in small letters */
	struct bytes party; /* the name that whom it stands for has, or would have, in the federation */
	uint32_t since;     /* the first day */
	uint32_t until;     /* the first day no more; 0: no end */
};

struct register_text {
	struct bytes id; /* like a party, a letter first */
	uint32_t version;
	struct bytes source;  /* words: what was read, and where */
	struct digest digest; /* SHA-256 of what was read there */
	unsigned count;
	struct register_entry entry[REGISTER_ENTRIES_MAX]; /* by code and then `since`, rising */
};

/*
 * False, and `*fault` says where and why, for a text that is not of this form; `*text` is then not
 * to be used. Times of one code never overlap: a code stands for one party at a time.
 */
bool register_read(struct bytes octets, struct register_text *text, struct fault *fault);

enum register_says {
	REGISTER_NEVER,   /* no entry has begun */
	REGISTER_LISTED,  /* an entry has begun and not ended */
	REGISTER_REMOVED, /* all that have begun have ended */
};

/* What it says on that day of a code, and of a party; `*entry` is the one that decides, NULL for never. */
enum register_says register_of_code(const struct register_text *text, struct bytes code, uint32_t day,
                                    const struct register_entry **entry);
enum register_says register_of_party(const struct register_text *text, struct bytes party, uint32_t day,
                                     const struct register_entry **entry);

/* The next day after that one on which an entry begins or ends; false: none does. */
bool register_next_day(const struct register_text *text, uint32_t day, uint32_t *next);

#endif
