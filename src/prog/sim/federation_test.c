/* SPDX-License-Identifier: Apache-2.0 */
/* A federation from its founding to signed releases, with parties that fail and parties that lie. */
#include "prog/sim/federation.h"

#include <stdlib.h>

#include "tap.h"

static struct bytes file_of(const char *path)
{
	const char *source = getenv("COMITY_SOURCE");
	char full[1000];
	FILE *file;
	struct arena memory = federation_memory(1 << 20);

	snprintf(full, sizeof(full), "%s/%s", source != NULL ? source : ".", path);
	file = fopen(full, "rb");
	if (file == NULL)
		bail_out(full);
	memory.used = fread(memory.at, 1, memory.size, file);
	fclose(file);
	return (struct bytes){memory.at, memory.used};
}

static struct federation *found(uint64_t seed)
{
	struct federation_options options = {
		.seed = seed,
		.parties = 7,
		.charter = file_of("examples/charters/seven-equals.charter"),
		.start = 1795352400,
		.verbose = getenv("COMITY_VERBOSE") != NULL,
	};

	printf("# seed %llu\n", (unsigned long long)seed);
	return federation_found(&options);
}

static const char *why_of(const struct receipt *receipt)
{
	static char why[2000];
	struct writer w = {.at = (uint8_t *)why, .size = sizeof(why) - 1};

	if (receipt->outcome == OUTCOME_REFUSED)
		refusal_write(&w, &receipt->refusal, false);
	else if (receipt->outcome == OUTCOME_MALFORMED)
		write_text(&w, receipt->fault.why);
	why[w.used] = '\0';
	return why;
}

static void server_act(struct federation *f, unsigned party, const char *name, const char *lines)
{
	struct act act = federation_act(f, party, ACT_SERVER);
	struct receipt receipt;

	act.field[0] = bytes_of(name);
	act.field[1] = BYTES("active");
	act.field[2] = BYTES("none");
	act.records = bytes_of(lines);
	federation_say(f, party, &act, &receipt);
	if (!ok(receipt.outcome == OUTCOME_ENTERED, "a party enters its root server"))
		printf("# %s\n", why_of(&receipt));
}

static bool groups_active(const struct federation *f)
{
	struct custody custody;

	custody_get(&f->sequencer.state, &custody);
	return custody.active[GROUP_KSK] != 0 && custody.active[GROUP_KSK_STANDBY] != 0 &&
	       custody.active[GROUP_ZSK] != 0;
}

static void first_release(void)
{
	struct federation *f = found(1);

	ok(federation_until(f, groups_active, 60), "three keys that nobody holds");
	server_act(f, 0, "a.root-servers.", "+ a.root-servers. 518400 IN A 127.0.0.2\n");
	ok(federation_until(f, federation_has_release, 60), "a first release");
	ok(federation_until(f, federation_is_quiet, 60), "and then it is quiet");
	ok(f->bad_acts == 0, "no custodian said anything that was refused");
	printf("# %zu blocks, %zu board messages, clock +%lld ms\n", f->blocks, f->boards,
	       (long long)(f->clock - 1795352400000));
	for (unsigned i = 0; i < f->count; i++) {
		struct digest a = state_root(&f->sequencer.state), b = state_root(&f->node[i].ledger.state);
		if (!digest_same(&a, &b))
			ok(false, "every party holds the same state");
	}
}

int main(void)
{
	first_release();
	return done_testing();
}
