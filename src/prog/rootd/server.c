/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/server.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/must.h"

/* All zones, where there are several. */
static void add_zones(const struct server *s, struct serving *serving)
{
	const struct answerer *a = &serving->answerer;

	if (s->others == NULL)
		return;
	zones_begin(&serving->zones);
	serving->zone[0] = (struct zone){.apex = image_apex(a->image),
	                                 .image = a->image,
	                                 .transfer = a->transfer,
	                                 .attendant = a->attendant,
	                                 .expired = a->expired};
	must(zones_add(&serving->zones, &serving->zone[0]));
	others_add(s->others, serving->zone + 1, &serving->zones);
	serving->answerer.zones = &serving->zones;
}

struct serving *server_make(const struct server *s, const struct release *release,
                            const struct status *status, const struct cookie_secrets *secrets,
                            struct held *held)
{
	struct serving *serving = calloc(1, sizeof(*serving));

	if (serving == NULL)
		memory_fail(sizeof(*serving));
	serving->release = *release;
	serving->answerer = (struct answerer){
		.image = &serving->release.image,
		.identity = s->options->identity,
		.udp_size = (uint16_t)s->options->udp_size,
		.attendant = &s->attendant,
		.transfer = held == NULL || s->expired ? NULL : &held->transfer,
		.expired = s->expired};
	serving->held = held;
	if (status != NULL) {
		serving->status = *status;
		serving->answerer.status = &serving->status;
	}
	if (secrets->count != 0) {
		serving->secrets = *secrets;
		serving->answerer.secrets = &serving->secrets;
	}
	add_zones(s, serving);
	return serving;
}

void server_tell_statistics(const struct server *s)
{
	const struct serving *now = s->now;

	statistics_serving(s->statistics, 0, image_serial(&now->release.image),
	                   now->release.image.header->records);
	statistics_height(s->statistics, now->status.height);
}

void server_exchange(struct server *s, struct serving *next)
{
	struct serving *old = s->now;

	served_exchange(&s->served, &next->answerer);
	if (old->release.file.at != next->release.file.at)
		release_free(&old->release);
	if (old->held != next->held)
		held_give(old->held);
	sodium_memzero(&old->secrets, sizeof(old->secrets));
	free(old);
	s->now = next;
	server_tell_statistics(s);
}

void server_tell_release(const struct image *image, const char *what)
{
	char digest[2 * SHA384_SIZE];

	hex_write(digest, (struct bytes){image->header->zone, SHA384_SIZE});
	fprintf(stderr, "comity-rootd: %s serial %u zone %.*s records %u\n", what,
	        image_serial(image).value, (int)sizeof(digest), digest, image->header->records);
}

/* A secondary that has no zone yet waits for its first. */
static void await_first(const struct server *s)
{
	if (s->config.primaries == 0 || access(s->options->image, F_OK) == 0)
		return;
	fputs("comity-rootd: no zone yet: waiting for a primary\n", stderr);
	while (access(s->options->image, F_OK) != 0)
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

int server_load(struct server *s)
{
	struct status status, *known = NULL;
	struct cookie_secrets secrets = {.count = 0};
	struct release release;
	const char *why;
	enum mishap m;

	if (s->options->status != NULL) {
		known = &status;
		if (!status_load(s->options->status, known)) {
			fprintf(stderr, "comity-rootd: %s: no status page\n",
			        s->options->status);
			return EXIT_MISHAP;
		}
	}
	await_first(s);
	s->image_file = file_identity_of(s->options->image);
	m = release_load(s->options->image, &release);
	if (m != OK)
		return m == MISHAP_IO ? EXIT_MISHAP : EXIT_REFUSED;
	why = release_refused(&release.image, NULL, known, s->options->allow_older);
	if (why != NULL) {
		server_tell_release(&release.image, why);
		return EXIT_REFUSED;
	}
	if (s->options->cookie_secrets != NULL)
		s->secrets_file = file_identity_of(s->options->cookie_secrets);
	if (s->options->cookie_secrets != NULL &&
	    !cookies_load(s->options->cookie_secrets, &secrets))
		return EXIT_MISHAP;
	if (s->others != NULL && others_load(s->others, image_apex(&release.image)) != OK)
		return EXIT_REFUSED;
	s->now = server_make(s, &release, known, &secrets, NULL);
	sodium_memzero(&secrets, sizeof(secrets));
	return EXIT_YES;
}
