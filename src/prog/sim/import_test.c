/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foundings from what comity import makes: of the small world that ships, and of each stored
 * root zone. The zone that the founded state derives has every record that was kept, and no
 * other.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "prog/sim/federation.h"
#include "zone/derive.h"

#include "tap.h"

#define START 1795352400 /* 2026-11-22T13:00:00Z */

static const char *const PARTIES[] = {"aurelia", "borealia", "cascadia",  "commons",
                                      "delmare", "estoria",  "fjordland", "galatia"};

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value != NULL ? value : otherwise;
}

/* Where the stored data are: said, or beside the source. */
static const char *shared(void)
{
	static char beside[800];

	snprintf(beside, sizeof(beside), "%s/../shared", setting("COMITY_SOURCE", "."));
	return setting("COMITY_SHARED", beside);
}

static struct bytes read_all(FILE *file, size_t room)
{
	struct arena memory = federation_memory(room);

	if (file == NULL)
		bail_out("a file or program that is not there");
	memory.used = fread(memory.at, 1, memory.size, file);
	return (struct bytes){memory.at, memory.used};
}

static struct bytes charter(void)
{
	char path[1000];
	struct bytes text;
	FILE *file;

	snprintf(path, sizeof(path), "%s/examples/charters/seven-equals.charter",
	         setting("COMITY_SOURCE", "."));
	file = fopen(path, "rb");
	text = read_all(file, 1 << 20);
	fclose(file);
	return text;
}

static struct bytes imported(const char *zone)
{
	char command[3000];
	struct bytes manifest;
	FILE *from;

	snprintf(command, sizeof(command),
	         "'%s' import --waive-until 2028-11-20T00:00:00Z --map "
	         "'%s/examples/seven-states/map' '%s' "
	         "2>/dev/null",
	         setting("COMITY_PROGRAM", "comity"), setting("COMITY_SOURCE", "."), zone);
	from = popen(command, "r");
	manifest = read_all(from, 16 << 20);
	if (pclose(from) != 0)
		bail_out(zone);
	return manifest;
}

static size_t lines_with(struct bytes text, struct bytes start)
{
	struct text lines = {.rest = text};
	struct bytes line;
	size_t count = 0;

	while (text_line(&lines, &line))
		count += bytes_starts(line, start);
	return count;
}

/* Records of the zone that come from content. */
static size_t content_of(const struct federation *f)
{
	struct arena arena = federation_memory(ZONE_ARENA_SIZE);
	struct zone_plan plan = {0};
	struct zone zone;
	size_t count = 0;

	zone_derive(&f->sequencer.state, &plan, &arena, &zone);
	for (size_t i = 0; i < zone.count; i++)
		if (zone.set[i].type == TYPE_NS || zone.set[i].type == TYPE_DS ||
		    zone.set[i].type == TYPE_A || zone.set[i].type == TYPE_AAAA)
			count += zone.set[i].count;
	return count;
}

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void founding(const char *path, const char *name)
{
	struct federation_options options = {
		.seed = 1,
		.parties = 8,
		.names = PARTIES,
		.charter = charter(),
		.manifest = imported(path),
		.start = START,
		.sequencer_only = true,
	};
	double start = cpu_seconds();
	struct federation *f = federation_found(&options);

	printf("# %s: %zu TLDs founded in %.3f s\n", name,
	       lines_with(options.manifest, BYTES("tld/")), cpu_seconds() - start);
	ok(content_of(f) == lines_with(options.manifest, BYTES("+ ")), name);
}

static int is_zone(const struct dirent *entry)
{
	return strstr(entry->d_name, ".zone.xz") != NULL;
}

static void roots(void)
{
	char folder[900], path[1200];
	struct dirent **entry;
	int count;

	snprintf(folder, sizeof(folder), "%s/data/root", shared());
	count = scandir(folder, &entry, is_zone, alphasort);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry[i]->d_name);
		founding(path, entry[i]->d_name);
	}
	if (count <= 0)
		printf("ok %d - the stored roots # SKIP no zones in %s\n", ++tap_run, folder);
}

int main(void)
{
	char path[1000];

	snprintf(path, sizeof(path), "%s/examples/world.zone", setting("COMITY_SOURCE", "."));
	founding(path, "world.zone");
	roots();
	return done_testing();
}
