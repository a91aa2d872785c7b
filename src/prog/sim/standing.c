/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/sim/standing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHARTER "examples/charters/seven-equals.charter"
#define GRANT   "rule delegate.grant states > 2/3, vote "
#define ZEROS   "0000000000000000000000000000000000000000000000000000000000000000"

static void die(const char *what)
{
	fprintf(stderr, "comity-sim: %s\n", what);
	exit(3);
}

/* The charter of seven equals, but that a vote on a grant stays open for ninety days. */
static struct bytes charter(void)
{
	const char *source = getenv("COMITY_SOURCE");
	struct arena memory = federation_memory(1 << 20);
	char path[1000], *vote;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", source != NULL ? source : ".", CHARTER);
	file = fopen(path, "rb");
	if (file == NULL)
		die(path);
	memory.used = fread(memory.at, 1, memory.size - 1, file);
	fclose(file);
	vote = strstr((char *)memory.at, GRANT);
	if (vote == NULL)
		die("the charter has another rule for grants");
	memcpy(vote + strlen(GRANT), "90d", 3);
	return (struct bytes){memory.at, memory.used};
}

static struct bytes manifest(void)
{
	struct arena memory = federation_memory(1 << 20);
	struct writer w = writer_in(&memory);
	char tld[600];

	write_text(&w, "comity-import/1\napex: .\nsource: " ZEROS "\n");
	for (unsigned i = 0; i < STANDING_TLDS; i++) {
		snprintf(tld, sizeof(tld),
		         "\ntld/t%02u\nholder: party-01\nact: genesis\n"
		         "+ t%02u. 172800 IN NS a.nic.t%02u.\n+ t%02u. 172800 IN NS b.nic.t%02u.\n"
		         "+ t%02u. 86400 IN DS 12345 13 2 " ZEROS "\n"
		         "+ a.nic.t%02u. 172800 IN A 192.0.2.%u\n"
		         "+ b.nic.t%02u. 172800 IN AAAA 2001:db8::%x\n",
		         i, i, i, i, i, i, i, i + 1, i, i + 1);
		write_text(&w, tld);
	}
	return writer_keep(&w, &memory);
}

uint32_t standing_serial(const struct federation *f)
{
	struct release release;

	return release_current(&f->sequencer.state, &release) ? release.serial : 0;
}

const struct work *standing_zone(const struct federation *f)
{
	return &f->sequencer.commons.published.work;
}

bool standing_released(struct federation *f, uint32_t serial, int64_t seconds)
{
	int64_t end = f->clock + seconds * 1000;

	while (f->clock < end) {
		if (standing_serial(f) != serial && federation_is_quiet(f))
			return true;
		federation_tick(f);
	}
	return false;
}

static bool groups_active(const struct federation *f)
{
	struct custody custody;

	custody_get(&f->sequencer.state, &custody);
	return custody.active[GROUP_KSK] != 0 && custody.active[GROUP_KSK_STANDBY] != 0 &&
	       custody.active[GROUP_ZSK] != 0;
}

struct federation *standing_federation(uint64_t seed)
{
	struct federation_options options = {
		.seed = seed,
		.parties = 7,
		.charter = charter(),
		.manifest = manifest(),
		.start = STANDING_START,
		.verbose = getenv("COMITY_VERBOSE") != NULL,
	};
	struct federation *f = federation_found(&options);
	struct act act = federation_act(f, 0, ACT_SERVER);
	struct receipt receipt;

	printf("# seed %llu\n", (unsigned long long)seed);
	if (!federation_until(f, groups_active, 60))
		die("no keys");
	act.field[0] = BYTES("a.root-servers.");
	act.field[1] = BYTES("active");
	act.field[2] = BYTES("none");
	act.records = BYTES("+ a.root-servers. 518400 IN A 192.0.2.250\n");
	federation_say(f, 0, &act, &receipt);
	if (receipt.outcome != OUTCOME_ENTERED || !standing_released(f, 0, 60))
		die("no release");
	return f;
}
