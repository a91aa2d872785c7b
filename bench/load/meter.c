/* SPDX-License-Identifier: Apache-2.0 */
#include "meter.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STEPS  16 /* buckets an octave */
#define FINEST 10 /* below 2^10 ns all is one bucket */

void give_up(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

uint64_t meter_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void meter_pin(int processor)
{
	cpu_set_t set;

	if (processor < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		give_up("processor");
}

void meter_begin(struct meter *meter)
{
	meter->begun_at = meter->measured_from = meter_now();
}

static void measure(struct meter *meter, uint64_t now)
{
	*meter = (struct meter){
		.seconds = meter->seconds,
		.warm_seconds = meter->warm_seconds,
		.begun_at = meter->begun_at,
		.measured_from = now,
		.measuring = true,
	};
	puts("measuring");
	fflush(stdout);
}

bool meter_goes_on(struct meter *meter, uint64_t now)
{
	double past = (double)(now - meter->begun_at) * 1e-9;

	if (!meter->measuring && past >= meter->warm_seconds)
		measure(meter, now);
	return past < meter->warm_seconds + meter->seconds;
}

static unsigned bucket_of(uint64_t ns)
{
	unsigned octave;

	if (ns >> FINEST == 0)
		return 0;
	octave = 63 - (unsigned)__builtin_clzll(ns);
	return (octave - FINEST) * STEPS + (unsigned)(ns >> (octave - 4) & (STEPS - 1)) + 1;
}

/* The least that falls into a bucket, microseconds. */
static double bucket_floor(unsigned bucket)
{
	unsigned octave;

	if (bucket == 0)
		return 0;
	octave = (bucket - 1) / STEPS + FINEST;
	return (double)((1ull << octave) + ((uint64_t)((bucket - 1) % STEPS) << (octave - 4))) /
	       1e3;
}

void meter_answer(struct meter *meter, const uint8_t header[4], size_t octets, uint64_t ns)
{
	meter->answered++;
	meter->octets += octets;
	meter->noerror += (header[3] & 15) == 0;
	meter->nxdomain += (header[3] & 15) == 3;
	meter->waited[bucket_of(ns)]++;
}

static double waited_at_most(const struct meter *meter, double share)
{
	uint64_t all = 0, so_far = 0;

	for (unsigned i = 0; i < METER_BUCKETS; i++)
		all += meter->waited[i];
	for (unsigned i = 0; i < METER_BUCKETS; i++) {
		so_far += meter->waited[i];
		if (all != 0 && (double)so_far >= share * (double)all)
			return bucket_floor(i);
	}
	return 0;
}

void meter_tell(const struct meter *m)
{
	double seconds = (double)(meter_now() - m->measured_from) * 1e-9;
	double settled = (double)(m->answered + m->lost);

	printf("{\"seconds\": %.3f, \"sent\": %ju, \"answered\": %ju, \"lost\": %ju, \"late\": "
	       "%ju, ",
	       seconds, (uintmax_t)m->sent, (uintmax_t)m->answered, (uintmax_t)m->lost,
	       (uintmax_t)m->late);
	printf("\"qps\": %.0f, \"share\": %.6f, \"octets\": %.1f, \"noerror\": %ju, "
	       "\"nxdomain\": %ju, ",
	       (double)m->answered / seconds, settled > 0 ? (double)m->answered / settled : 0,
	       m->answered != 0 ? (double)m->octets / (double)m->answered : 0,
	       (uintmax_t)m->noerror, (uintmax_t)m->nxdomain);
	printf("\"connections\": %ju, \"errors\": %ju, \"p50_us\": %.1f, \"p99_us\": %.1f}\n",
	       (uintmax_t)m->connections, (uintmax_t)m->errors, waited_at_most(m, .5),
	       waited_at_most(m, .99));
}
