/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/refresh.h"

#include "base/must.h"

#define FAILURES_DOUBLING                                                                      \
	6 /* without a zone, waiting grows from REFRESH_LEAST to 64 times that */

static uint32_t u32_at(struct bytes from, size_t at)
{
	return (uint32_t)from.at[at] << 24 | (uint32_t)from.at[at + 1] << 16 |
	       (uint32_t)from.at[at + 2] << 8 | from.at[at + 3];
}

struct soa_numbers soa_numbers_read(struct bytes octets)
{
	must(octets.size >= 20);
	octets = bytes_from(octets, octets.size - 20);
	return (struct soa_numbers){
		{u32_at(octets, 0)}, u32_at(octets, 4), u32_at(octets, 8), u32_at(octets, 12)};
}

static uint64_t later(uint64_t now, uint32_t seconds)
{
	return now + (seconds < REFRESH_LEAST  ? REFRESH_LEAST
	              : seconds > REFRESH_MOST ? REFRESH_MOST
	                                       : seconds);
}

void refresh_begin(struct refresh *r, uint64_t now, const struct soa_numbers *soa)
{
	*r = (struct refresh){.due = now, .confirmed = now};
	if (soa == NULL)
		return;
	r->has_zone = true;
	r->soa = *soa;
}

bool refresh_notified(struct refresh *r, uint64_t now, bool has_serial, struct serial serial)
{
	if (has_serial && r->has_zone && serial_compare(serial, r->soa.serial) != SERIAL_AFTER)
		return false;
	r->due = now;
	r->notified = true;
	return true;
}

void refresh_confirmed(struct refresh *r, uint64_t now, const struct soa_numbers *soa)
{
	r->has_zone = true;
	r->soa = *soa;
	r->confirmed = now;
	r->due = later(now, soa->refresh);
	r->notified = false;
	r->failures = 0;
}

void refresh_failed(struct refresh *r, uint64_t now)
{
	uint32_t wait = (uint32_t)REFRESH_LEAST
	                << (r->failures < FAILURES_DOUBLING ? r->failures : FAILURES_DOUBLING);

	/* After a NOTIFY the news is there: it is asked for again sooner than RETRY says. */
	if (r->has_zone && (!r->notified || wait > r->soa.retry))
		wait = r->soa.retry;
	r->due = later(now, wait);
	r->failures++;
}

bool refresh_expired(const struct refresh *r, uint64_t now)
{
	return r->has_zone && now - r->confirmed >= r->soa.expire;
}
