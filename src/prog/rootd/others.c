/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/others.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/must.h"
#include "prog/rootd/compiled.h"
#include "prog/rootd/courier.h"
#include "prog/rootd/follow.h"
#include "prog/rootd/release.h"
#include "prog/rootd/transfers.h"

#define OTHERS_MAX (ZONES_MAX - 1)

/* One zone. */
struct other {
	struct options options; /* as its courier has them: with its files */
	struct config *config;
	struct attendant attendant;
	struct courier courier;
	struct hearing *hearing; /* where there is a courier */
	struct compiled *now;    /* NULL: nothing yet */
	struct held *held;       /* NULL: nothing to transfer */
	struct file_identity seen, seen_transfer;
	bool expired;
	struct statistics *statistics; /* NULL: nobody is told yet */
	uint32_t number;
	/* What the last look replaced. */
	struct compiled *old;
	struct held *old_held;
};

struct others {
	struct other *other[OTHERS_MAX];
	size_t count;
};

static void *pieces_of(size_t size)
{
	void *at = calloc(1, size);

	if (at == NULL)
		memory_fail(size);
	return at;
}

static void complain(const struct other *o, const char *why)
{
	fprintf(stderr, "comity-rootd: %s: %s\n", o->options.image, why);
}

/* ---- which there are ---- */

static enum mishap add(struct others *others, const struct options *options, const char *file,
                       struct config *config)
{
	struct other *o;

	if (others->count == OTHERS_MAX) {
		fprintf(stderr, "comity-rootd: more than %d zones\n", ZONES_MAX);
		return MISHAP_MALFORMED;
	}
	o = pieces_of(sizeof(*o));
	o->options = *options;
	o->options.image = file;
	o->options.transfer = transfers_path(file);
	o->options.status = NULL; /* it speaks of the main zone */
	o->config = config;
	o->attendant = (struct attendant){.key = config->key,
	                                  .key_count = config->keys,
	                                  .take = config->take,
	                                  .take_count = config->takes,
	                                  .notify = config->notify,
	                                  .notify_count = config->notifies};
	o->courier = (struct courier){-1, -1};
	others->other[others->count++] = o;
	o->number = (uint32_t)others->count;
	if (config->primaries + config->secondaries == 0)
		return OK;
	o->hearing = pieces_of(sizeof(*o->hearing));
	return courier_start(&o->options, config, &o->courier);
}

enum mishap others_open(const struct options *options, struct config *config,
                        struct others **others)
{
	enum mishap m = OK;

	*others = NULL;
	if (options->zone_count == 0 && config->next == NULL)
		return OK;
	*others = pieces_of(sizeof(**others));
	for (struct config *c = config->next; c != NULL && m == OK; c = c->next)
		m = add(*others, options, c->file, c);
	for (size_t i = 0; i < options->zone_count && m == OK; i++)
		m = add(*others, options, options->zones[i], config_of_nobody(config));
	return m;
}

size_t others_folders(const struct others *others, const char *folders[])
{
	size_t count = others == NULL ? 0 : others->count;

	for (size_t i = 0; i < count; i++) {
		char *copy = strdup(others->other[i]->options.image);

		if (copy == NULL)
			memory_fail(1);
		folders[i] = dirname(copy);
	}
	return count;
}

void others_hear(const struct others *others, struct served *served)
{
	for (size_t i = 0; others != NULL && i < others->count; i++)
		served->notified[i + 1] = others->other[i]->courier.tell;
}

/* ---- their files ---- */

static void compiled_free(struct compiled *zone)
{
	if (zone != NULL)
		munmap((void *)(uintptr_t)zone->file.at, zone->file.size);
	free(zone);
}

/* Why that zone shall not be served; NULL when it may. */
static const char *refused(const struct other *o, const struct compiled *next)
{
	enum serial_order order;

	if (o->config->file[0] != '\0' &&
	    !bytes_same(compiled_apex(next), dname_bytes(&o->config->apex)))
		return "of another apex than its section says";
	if (o->now == NULL)
		return NULL;
	if (!bytes_same(compiled_apex(next), compiled_apex(o->now)))
		return "of another apex than what is served";
	order = serial_compare(compiled_serial(next), compiled_serial(o->now));
	if (!o->options.allow_older && order != SERIAL_AFTER && order != SERIAL_SAME)
		return "older than what is served";
	return NULL;
}

/* Reads the file as it is now. NULL, told on standard error, when there is none that may be
 * served. */
static struct compiled *read_zone(const struct other *o)
{
	struct compiled *zone;
	struct bytes file;
	const char *why;

	if (release_read_file(o->options.image, &file) != OK) {
		if (access(o->options.image, F_OK) != 0)
			complain(o, "there is no such file");
		return NULL;
	}
	zone = pieces_of(sizeof(*zone));
	zone->file = file;
	why = compiled_open(file, zone);
	if (why == NULL)
		why = refused(o, zone);
	if (why == NULL)
		return zone;
	complain(o, why);
	compiled_free(zone);
	return NULL;
}

static void tell(const struct other *o)
{
	uint8_t octets[DNAME_TEXT_SIZE_MAX];
	struct writer name = {.at = octets, .size = sizeof(octets)};

	dname_write_text(&name, compiled_apex(o->now));
	fprintf(stderr, "comity-rootd: serving zone %.*s serial %u%s\n", (int)name.used,
	        (const char *)octets, compiled_serial(o->now).value,
	        o->now->is_ordinary ? " the ordinary way" : " by its image");
}

static void tell_statistics(const struct other *o)
{
	const struct compiled *now = o->now;

	statistics_serving(o->statistics, o->number, compiled_serial(now),
	                   now->is_ordinary ? now->ordinary.header->records
	                                    : now->image.header->records);
}

void others_tell(struct others *others, struct statistics *statistics)
{
	for (size_t i = 0; others != NULL && i < others->count; i++) {
		others->other[i]->statistics = statistics;
		if (others->other[i]->now != NULL)
			tell_statistics(others->other[i]);
	}
}

static bool look_for_zone(struct other *o, bool again)
{
	struct file_identity file = file_identity_of(o->options.image);
	struct compiled *next;

	if (file_identity_same(&file, &o->seen) && !again)
		return false;
	o->seen = file;
	if (file.inode == 0)
		return false;
	next = read_zone(o);
	if (next == NULL)
		return false; /* told; the old one stays */
	if (o->now != NULL &&
	    memcmp(compiled_digest(next), compiled_digest(o->now), SHA384_SIZE) == 0) {
		compiled_free(next);
		return false;
	}
	o->old = o->now;
	o->now = next;
	o->old_held = o->held;
	o->held = NULL;
	o->seen_transfer = (struct file_identity){0};
	tell(o);
	tell_statistics(o);
	statistics_load(o->statistics, o->number, compiled_serial(next),
	                release_seconds_since(o->options.image));
	return true;
}

static bool matches(const struct other *o, const struct held *held)
{
	return memcmp(held->transfer.header->zone, compiled_digest(o->now), SHA384_SIZE) == 0;
}

/* Tells the courier what is served now. */
static void tell_courier(const struct other *o)
{
	const struct served_notify serving = {.has_serial = COURIER_SERVING};

	if (o->courier.tell >= 0 && write(o->courier.tell, &serving, sizeof(serving)) < 0)
		complain(o, "the process that brings it in does not listen");
}

/* Takes the transfer file beside the zone when it has the same zone. */
static bool look_for_transfer(struct other *o, bool again)
{
	struct file_identity file;
	struct held *held;

	if (o->now == NULL || o->held != NULL || (o->config->takes == 0 && o->courier.tell < 0))
		return false;
	file = file_identity_of(o->options.transfer);
	if (file_identity_same(&file, &o->seen_transfer) && !again)
		return false;
	o->seen_transfer = file;
	held = transfers_load(o->options.transfer);
	if (held == NULL)
		return false;
	if (!matches(o, held)) {
		held_give(held);
		return false;
	}
	o->held = held;
	if (o->statistics != NULL)
		statistics_size(o->statistics, o->number, compiled_serial(o->now),
		                transfer_octets(&held->transfer));
	tell_courier(o);
	return true;
}

/* Whether the zone may be served is all that is heard: changes come with their file. */
static bool listen_to_courier(struct other *o)
{
	struct courier_changes head;
	enum courier_word word;
	struct bytes changes;
	bool was = o->expired, lives;

	if (o->courier.listen < 0)
		return false;
	lives = hearing_read(o->hearing, o->courier.listen);
	while (hearing_take(o->hearing, &word, &head, &changes))
		if (word != COURIER_CHANGES)
			o->expired = word == COURIER_EXPIRED;
	if (!lives) {
		complain(o, "the process that brings it in has ended");
		close(o->courier.listen);
		o->courier.listen = -1;
	}
	return o->expired != was;
}

enum mishap others_load(struct others *others, struct bytes main_apex)
{
	struct zone main_zone = {.apex = main_apex}, zone[OTHERS_MAX];
	struct zones zones;

	zones_begin(&zones);
	must(zones_add(&zones, &main_zone));
	for (size_t i = 0; i < others->count; i++) {
		struct other *o = others->other[i];

		o->seen = file_identity_of(o->options.image);
		if (o->config->primaries == 0 || o->seen.inode != 0)
			o->now = read_zone(o);
		if (o->now == NULL && o->config->primaries == 0)
			return MISHAP_MALFORMED;
		zone[i] = (struct zone){.apex = o->now != NULL ? compiled_apex(o->now)
		                                               : dname_bytes(&o->config->apex)};
		if (!zones_add(&zones, &zone[i])) {
			complain(o, "a zone of this apex is served already");
			return MISHAP_MALFORMED;
		}
		if (o->now != NULL)
			tell(o);
		(void)look_for_transfer(o, true);
	}
	return OK;
}

bool others_look(struct others *others, bool all)
{
	bool changed = false;

	for (size_t i = 0; others != NULL && i < others->count; i++) {
		struct other *o = others->other[i];

		changed = listen_to_courier(o) || changed;
		changed = look_for_zone(o, all) || changed;
		changed = look_for_transfer(o, all) || changed;
	}
	return changed;
}

void others_add(const struct others *others, struct zone *zone, struct zones *zones)
{
	for (size_t i = 0; others != NULL && i < others->count; i++) {
		const struct other *o = others->other[i];
		const struct compiled *now = o->now;

		zone[i] = (struct zone){
			.apex = dname_bytes(&o->config->apex),
			.attendant = &o->attendant,
			.transfer = o->held == NULL || o->expired ? NULL : &o->held->transfer,
			.number = (uint32_t)i + 1,
			.expired = o->expired};
		if (now != NULL) {
			zone[i].apex = compiled_apex(now);
			zone[i].image = now->is_ordinary ? NULL : &now->image;
			zone[i].ordinary = now->is_ordinary ? &now->ordinary : NULL;
		}
		must(zones_add(zones, &zone[i]));
	}
}

void others_retire(struct others *others)
{
	for (size_t i = 0; others != NULL && i < others->count; i++) {
		struct other *o = others->other[i];

		compiled_free(o->old);
		held_give(o->old_held);
		o->old = NULL;
		o->old_held = NULL;
	}
}
