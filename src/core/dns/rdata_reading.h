/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_RDATA_READING_H
#define COMITY_DNS_RDATA_READING_H

/*
 * rdata_reading.h - a field of RDATA that is one word of text, for rdata_read.c.
 *
 * Whatever is false without a word about why has written something that does not count; the
 * others have said in `*why` what the matter is.
 */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "dns/words.h"

/* What is read at the moment. */
struct reading {
	struct words *words;
	struct bytes origin; /* of relative names; `at` is NULL: there is none */
	struct writer *wire;
	const char **why;
};

/* Says why; false. */
bool reading_fault(const struct reading *r, const char *why);

/* Takes a word; false, and why, at the end of the record too. */
bool reading_take(const struct reading *r, struct bytes *word);

/* Takes the word that is this field (rdata_form.h), and writes it; false, and why. */
bool reading_field(const struct reading *r, char field);

/* What the matter is with a word that is not this field. */
const char *reading_want(char field);

/* A word as a number of so many octets; as a type; 'a' or 'A', an address; one
 * character-string. False: it is none. */
bool reading_number(const struct reading *r, struct bytes word, size_t size);
bool reading_type(const struct reading *r, struct bytes word, uint16_t *type);
bool reading_address(char field, struct bytes word, struct writer *wire);
bool reading_string(struct bytes word, struct writer *wire);

/* Hex that may go on in the next word; `*half` is the digit that waits for its other one, or
 * -1. False: it is none. */
bool reading_hex(struct bytes word, int *half, struct writer *wire);

/* A word as a name; false, and why. */
bool reading_name(const struct reading *r, struct bytes word);

#endif
