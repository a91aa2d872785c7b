/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BENCH_METER_H
#define COMITY_BENCH_METER_H

/*
 * meter.h - what a generator counts, and how it tells: while it warms up nothing; then the line
 * `measuring` on standard output, and at the end one line of JSON.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define METER_BUCKETS 1024

struct meter {
	double seconds, warm_seconds; /* how long to measure, and to warm up before */
	bool measuring;
	uint64_t begun_at, measured_from; /* ns of meter_now() */
	uint64_t sent, answered, lost;
	uint64_t late;   /* answers to what was given up, or never asked */
	uint64_t octets; /* of answers */
	uint64_t connections, errors;
	uint64_t noerror, nxdomain;
	uint64_t waited[METER_BUCKETS]; /* answers by how long they took */
};

/* Says why, with errno, and ends the process. */
_Noreturn void give_up(const char *what);

/* The monotonic clock, ns. */
uint64_t meter_now(void);

/* Keeps the process on a processor; one below 0 is none. */
void meter_pin(int processor);

/* Begins warming up; `seconds` and `warm_seconds` are set. */
void meter_begin(struct meter *meter);

/* To be called often: begins the measuring in time. False when it is over. */
bool meter_goes_on(struct meter *meter, uint64_t now);

/* Counts an answer with that header, of so many octets, after so many ns. */
void meter_answer(struct meter *meter, const uint8_t header[4], size_t octets, uint64_t ns);

/* Tells everything that was counted. */
void meter_tell(const struct meter *meter);

#endif
