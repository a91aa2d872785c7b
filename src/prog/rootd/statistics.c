/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/statistics.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/must.h"
#include "dns/dname.h"
#include "host/file.h"
#include "serving/day.h"
#include "serving/rssac002.h"

#define KEPT_NAME    "today" /* the file that is kept over a restart */
#define KEEP_SECONDS 60

struct statistics {
	const char *folder, *service;
	struct tally *tally;
	size_t count;
	struct day carried;           /* of this day from before a restart, and its loads */
	struct tally_counts at_start; /* of all tallies when this day, or this process, began */
	struct rssac002_day ended;    /* the day before, until it is written */
	struct tally_sources old;     /* what `ended` had carried */
	bool has_ended;
	int64_t kept; /* when, in seconds since 1970 */
	uint32_t period;
	uint64_t height;
	struct served_zone {                    /* by their number */
		char name[DNAME_TEXT_SIZE_MAX]; /* its apex; "" where there is none of that
		                                   number */
		size_t name_size;
		struct serial serial;
		uint32_t records;
	} zone[ZONES_MAX];
	pthread_mutex_t
		lock; /* between the main thread and who asks; workers know nothing of it */
};

static void *pages(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(size);
	return at;
}

static struct ledger_time midnight(void)
{
	int64_t now = time(NULL);

	return (struct ledger_time){now - now % SECONDS_A_DAY};
}

/* ---- sums ---- */

static void sum_all(const struct statistics *s, struct tally_counts *sum)
{
	*sum = (struct tally_counts){0};
	for (size_t i = 0; i < s->count; i++)
		tally_add(sum, &s->tally[i].counts);
}

/* What all have seen in a period, and what was carried into it. */
static void join_all(const struct statistics *s, uint32_t period,
                     const struct tally_sources *carried, struct tally_sources *all)
{
	*all = *carried;
	for (size_t i = 0; i < s->count; i++)
		tally_join(all, &s->tally[i].sources[period & 1]);
}

static void count_senders(const struct tally_sources *all, uint64_t senders[TALLY_SENDERS])
{
	for (unsigned k = 0; k < TALLY_SENDERS; k++)
		senders[k] = tally_count_seen(all->seen[k]);
}

/* The counts of this day. */
static void sum_day(const struct statistics *s, struct tally_counts *sum)
{
	sum_all(s, sum);
	tally_subtract(sum, &s->at_start);
	tally_add(sum, &s->carried.counts);
}

void statistics_now(struct statistics *s, struct metrics *metrics)
{
	static struct tally_sources all; /* too large for a thread's stack */

	pthread_mutex_lock(&s->lock);
	for (size_t z = 0; z < ZONES_MAX; z++) {
		const struct served_zone *zone = &s->zone[z];

		metrics->zone[z] =
			(struct metrics_zone){{(const uint8_t *)zone->name, zone->name_size},
		                              zone->serial,
		                              zone->records};
	}
	metrics->height = s->height;
	sum_all(s, &metrics->counts);
	join_all(s, s->period, &s->carried.sources, &all);
	count_senders(&all, metrics->senders);
	pthread_mutex_unlock(&s->lock);
}

/* ---- files ---- */

static void put_file(const struct statistics *s, const char *name, mode_t mode,
                     struct bytes content)
{
	char path[FILE_PATH_MAX];

	/* What cannot be written is told, and serving goes on. */
	if (file_path(path, s->folder, name))
		(void)!file_write(path, mode, content, false);
}

/* The name of a zone as part of that of a file: what a name of a file cannot hold becomes "_".
 */
static void name_part(const struct served_zone *zone, char part[DNAME_TEXT_SIZE_MAX])
{
	size_t size = zone->name_size > 1 ? zone->name_size - 1 : 0; /* without the last dot */

	for (size_t i = 0; i < size; i++)
		part[i] = zone->name[i] == '/' || zone->name[i] == '\\' ? '_' : zone->name[i];
	part[size] = '\0';
}

/* Of a zone beside the main one, what can be told apart. */
static void write_ended_zone(const struct statistics *s, uint32_t number)
{
	static const enum rssac002_metric told[] = {RSSAC002_RCODE_VOLUME, RSSAC002_LOAD_TIME,
	                                            RSSAC002_ZONE_SIZE};
	static uint8_t text[RSSAC002_TEXT_MAX];
	const struct served_zone *zone = &s->zone[number];
	char name[FILE_PATH_MAX], service[2 * DNAME_TEXT_SIZE_MAX], part[DNAME_TEXT_SIZE_MAX];

	name_part(zone, part);
	snprintf(service, sizeof(service), "%.1000s %.*s", s->service, (int)zone->name_size,
	         zone->name);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		struct writer to = {.at = text, .size = sizeof(text)};
		int size = snprintf(name, sizeof(name), "%s-%s-%u-%s.yaml", s->service, part,
		                    time_day(s->ended.start), rssac002_name(told[i]));

		rssac002_write_zone(&to, told[i], &s->ended, number, bytes_of(service));
		must(!to.full);
		if (size > 0 && (size_t)size < sizeof(name))
			put_file(s, name, 0644, writer_bytes(&to));
	}
}

static void write_ended(const struct statistics *s)
{
	static uint8_t text[RSSAC002_TEXT_MAX];
	char name[FILE_PATH_MAX];

	for (uint32_t z = 1; z < ZONES_MAX; z++)
		if (s->zone[z].name_size != 0)
			write_ended_zone(s, z);
	for (enum rssac002_metric m = 0; m < RSSAC002_METRICS; m++) {
		struct writer to = {.at = text, .size = sizeof(text)};
		int size = snprintf(name, sizeof(name), "%s-%u-%s.yaml", s->service,
		                    time_day(s->ended.start), rssac002_name(m));

		rssac002_write(&to, m, &s->ended);
		must(!to.full);
		if (size > 0 && (size_t)size < sizeof(name))
			put_file(s, name, 0644, writer_bytes(&to));
	}
}

void statistics_keep(struct statistics *s)
{
	static struct day day;
	static uint8_t file[DAY_SIZE];
	struct writer to = {.at = file, .size = sizeof(file)};

	if (s->folder == NULL)
		return;
	day = s->carried;
	sum_day(s, &day.counts);
	join_all(s, s->period, &s->carried.sources, &day.sources);
	day_write(&to, &day);
	must(!to.full);
	put_file(s, KEPT_NAME, 0600, writer_bytes(&to));
}

static bool read_kept(const struct statistics *s, struct day *day)
{
	static uint8_t file[DAY_SIZE + 1];
	char path[FILE_PATH_MAX];
	FILE *from;
	size_t size;

	if (!file_path(path, s->folder, KEPT_NAME))
		return false;
	from = fopen(path, "rbe");
	if (from == NULL)
		return false;
	size = fread(file, 1, sizeof(file), from);
	fclose(from);
	return day_read((struct bytes){file, size}, day);
}

/* ---- days ---- */

/* A new day: the old one's counts are taken, and its senders once no worker is in a batch of
 * then. */
static void begin_day(struct statistics *s, struct ledger_time start)
{
	s->ended = (struct rssac002_day){.service = bytes_of(s->service),
	                                 .start = s->carried.start,
	                                 .load_count = s->carried.load_count};
	memcpy(s->ended.load, s->carried.load, sizeof(s->ended.load));
	sum_day(s, &s->ended.counts);
	sum_all(s, &s->at_start);
	s->old = s->carried.sources;
	s->carried.counts = (struct tally_counts){0};
	s->carried.sources = (struct tally_sources){0};
	s->carried.load_count = 0;
	s->carried.start = start;
	s->has_ended = true;
	__atomic_store_n(&s->period, s->period + 1, __ATOMIC_RELAXED);
	for (size_t i = 0; i < s->count; i++)
		__atomic_store_n(&s->tally[i].period, s->period, __ATOMIC_RELAXED);
}

static void end_day(struct statistics *s)
{
	static struct tally_sources all;

	join_all(s, s->period - 1, &s->old, &all);
	count_senders(&all, s->ended.senders);
	for (size_t i = 0; i < s->count; i++)
		memset(&s->tally[i].sources[(s->period - 1) & 1], 0, sizeof(all));
	if (s->folder != NULL)
		write_ended(s);
	s->has_ended = false;
}

void statistics_look(struct statistics *s)
{
	struct ledger_time start = midnight();

	pthread_mutex_lock(&s->lock);
	if (s->has_ended)
		end_day(s);
	else if (start.seconds != s->carried.start.seconds)
		begin_day(s, start);
	pthread_mutex_unlock(&s->lock);
	if (time(NULL) - s->kept >= KEEP_SECONDS) {
		s->kept = time(NULL);
		statistics_keep(s);
	}
}

void statistics_load(struct statistics *s, uint32_t zone, struct serial serial,
                     uint32_t seconds)
{
	if (s->carried.load_count < RSSAC002_LOADS_MAX)
		s->carried.load[s->carried.load_count++] =
			(struct rssac002_load){serial, seconds, 0, zone};
}

void statistics_size(struct statistics *s, uint32_t zone, struct serial serial, size_t octets)
{
	for (size_t i = 0; i < s->carried.load_count; i++)
		if (s->carried.load[i].zone == zone &&
		    s->carried.load[i].serial.value == serial.value)
			s->carried.load[i].octets = (uint32_t)octets;
}

void statistics_serving(struct statistics *s, uint32_t zone, struct serial serial,
                        uint32_t records)
{
	pthread_mutex_lock(&s->lock);
	s->zone[zone].serial = serial;
	s->zone[zone].records = records;
	pthread_mutex_unlock(&s->lock);
}

void statistics_height(struct statistics *s, uint64_t height)
{
	pthread_mutex_lock(&s->lock);
	s->height = height;
	pthread_mutex_unlock(&s->lock);
}

static void name_zone(struct statistics *s, uint32_t number, struct bytes apex)
{
	struct served_zone *zone = &s->zone[number];
	struct writer to = {.at = (uint8_t *)zone->name, .size = sizeof(zone->name)};

	dname_write_text(&to, apex);
	zone->name_size = to.used;
}

/* Which zones there are, by their numbers. */
static struct digest digest_of_zones(const struct statistics *s)
{
	static uint8_t text[ZONES_MAX * DNAME_TEXT_SIZE_MAX];
	struct writer to = {.at = text, .size = sizeof(text)};

	for (size_t z = 1; z < ZONES_MAX; z++) {
		write_bytes(&to, (struct bytes){(const uint8_t *)s->zone[z].name,
		                                s->zone[z].name_size});
		write_octet(&to, ' ');
	}
	return sha256(writer_bytes(&to));
}

/* What a number meant before a restart it may mean no more. */
static void forget_zones(struct day *day)
{
	size_t kept = 0;

	memset(day->counts.zone_rcode, 0, sizeof(day->counts.zone_rcode));
	memset(day->counts.zone_transfer + 1, 0,
	       (ZONES_MAX - 1) * sizeof(day->counts.zone_transfer[0]));
	for (size_t i = 0; i < day->load_count; i++)
		if (day->load[i].zone == 0)
			day->load[kept++] = day->load[i];
	day->load_count = kept;
}

struct statistics *statistics_make(size_t count, const char *folder, const char *service,
                                   struct bytes apex, const struct zones *zones)
{
	struct statistics *s = pages(sizeof(*s));
	struct digest digest;
	struct day *kept = pages(sizeof(*kept));

	s->folder = folder;
	s->service = service;
	s->count = count;
	s->tally = pages(count * sizeof(*s->tally));
	s->kept = time(NULL);
	pthread_mutex_init(&s->lock, NULL);
	name_zone(s, 0, apex);
	for (size_t z = 0; zones != NULL && z < zones->count; z++)
		name_zone(s, zones->zone[z]->number, zones->zone[z]->apex);
	digest = digest_of_zones(s);
	if (folder != NULL && read_kept(s, kept)) {
		s->carried = *kept; /* perhaps of a day before: then it ends now */
		if (!digest_same(&kept->zones, &digest))
			forget_zones(&s->carried);
	} else {
		randombytes_buf(&s->carried.key, sizeof(s->carried.key));
		s->carried.start = midnight();
	}
	s->carried.zones = digest;
	munmap(kept, sizeof(*kept));
	for (size_t i = 0; i < count; i++)
		s->tally[i].key = s->carried.key;
	return s;
}

struct tally *statistics_tally(struct statistics *s, size_t worker)
{
	return &s->tally[worker];
}
