/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ACT_CHECK_H
#define COMITY_ACT_CHECK_H

/*
 * check.h - the ids of the technical checks of a delegation (comity-check(7)): IANA's twelve of name
 * servers, N1 to N12, and its four of DS records, D1 to D4.
 *
 * A set of checks is bits 1 << check. Its text is the ids in this order with single blanks between,
 * or "none".
 */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/writer.h"

enum check {
	CHECK_COUNT,         /* N1 */
	CHECK_NAMES,         /* N2 */
	CHECK_REACHABLE,     /* N3 */
	CHECK_AUTHORITATIVE, /* N4 */
	CHECK_NETWORKS,      /* N5 */
	CHECK_GLUE,          /* N6 */
	CHECK_DELEGATION,    /* N7 */
	CHECK_CONSISTENT,    /* N8 */
	CHECK_REFERRAL,      /* N9 */
	CHECK_PROHIBITED,    /* N10 */
	CHECK_RECURSION,     /* N11 */
	CHECK_SOURCE,        /* N12 */
	CHECK_DS_FORMAT,     /* D1 */
	CHECK_DS_ALGORITHM,  /* D2 */
	CHECK_DS_KEY,        /* D3 */
	CHECK_DS_CHAIN,      /* D4 */
	CHECKS
};

#define CHECKS_OF_SERVERS 0x0fffu /* N1 to N12 */
#define CHECKS_OF_DS      0xf000u /* D1 to D4 */
#define CHECKS_ALL        0xffffu

/* "N1" to "D4". */
const char *check_id(enum check check);

/* The check of that id; CHECKS when there is none. */
enum check check_of(struct bytes id);

/* Reads all of `text` as a set of checks. False, and `*checks` untouched, otherwise. */
bool checks_read(struct bytes text, unsigned *checks);
void checks_write(struct writer *writer, unsigned checks);

#endif
