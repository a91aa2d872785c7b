/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_POWER_NATURAL_H
#define COMITY_POWER_NATURAL_H

/*
 * natural.h - how many coalitions: exact numbers beyond 64 bits.
 *
 * 640 bits hold the coalitions of 512 parties, times their number. No operation here may be
 * asked for more: that is a bug of the caller, and must() says so.
 */

#include "base/writer.h"

#define NATURAL_LIMBS 10

/* Octets that natural_write() writes at most. */
#define NATURAL_TEXT 193

struct natural {
	uint64_t limb[NATURAL_LIMBS]; /* the least first */
};

struct natural natural_of(uint64_t value);
struct natural natural_two_to(unsigned exponent); /* below 640 */
bool natural_zero(const struct natural *a);
int natural_compare(const struct natural *a, const struct natural *b); /* <0, 0, >0 */

void natural_add(struct natural *to, const struct natural *a);
void natural_subtract(struct natural *from, const struct natural *a); /* a <= from */
struct natural natural_times(const struct natural *a, const struct natural *b);
void natural_scale(struct natural *a, uint64_t by);
void natural_divide(struct natural *a, uint64_t by); /* by > 0; rounds down */

/* How many sets of k there are among n things; k <= n <= 512. */
struct natural natural_choose(unsigned n, unsigned k);

/*
 * a / b as a fraction of 2^60, rounded down: too small by less than 2^-60. a <= b, 0 < b, and
 * b below 2^639.
 */
#define NATURAL_ONE ((uint64_t)1 << 60)
uint64_t natural_ratio(const struct natural *a, const struct natural *b);

/* In decimal. */
void natural_write(struct writer *writer, const struct natural *a);

#endif
