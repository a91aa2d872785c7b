/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_TIME_H
#define COMITY_BASE_TIME_H

/*
 * time.h - the ledger's time: whole seconds, UTC, without leap seconds.
 *
 * The core has no clock. Every moment it knows came in with a block. Its text
 * form is RFC 3339 in the one shape 2026-11-24T13:00:00Z, years 1970 to 9999.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define TIME_TEXT_SIZE 20
#define TIME_MAX       253402300799 /* 9999-12-31T23:59:59Z */

#define SECONDS_A_MINUTE 60
#define SECONDS_AN_HOUR  3600
#define SECONDS_A_DAY    86400

struct ledger_time {
	int64_t seconds; /* since 1970-01-01T00:00:00Z, 0..TIME_MAX */
};

/* Writes TIME_TEXT_SIZE characters, no NUL. */
void time_write(char to[TIME_TEXT_SIZE], struct ledger_time time);

/* False, and `*time` untouched, when `text` is not exactly that shape or names no moment. */
bool time_read(struct bytes text, struct ledger_time *time);

/* The day of `time` as the number YYYYMMDD. */
uint32_t time_day(struct ledger_time time);

/* A date 1974-12-15, years 1 to 9999, as such a number; false, and `*day` untouched, for anything else. */
bool time_date_read(struct bytes text, uint32_t *day);

/* When that day begins, which is not before 1970. */
struct ledger_time time_of_day(uint32_t day);

/*
 * A span as a charter writes it: a number and one of s, m, h, d ("90d", "15m"),
 * at most 100 years. False, and `*seconds` untouched, for anything else.
 */
bool time_span_read(struct bytes text, int64_t *seconds);

/* The shortest form that time_span_read() reads back; returns its size, at most 12. */
unsigned time_span_write(char to[12], int64_t seconds);

#endif
