/* SPDX-License-Identifier: Apache-2.0 */
/* How many TLDs a federation takes (comity-act(5)). */
#include <stdio.h>
#include <stdlib.h>

#include "commons/apply.h"
#include "commons/importing.h"
#include "commons/standing.h"
#include "tap.h"

#define MEMORY ((size_t)64 << 20)

static struct state state;
static struct commons commons;

static struct arena memory_of(size_t size)
{
	void *at = calloc(1, size);

	if (at == NULL)
		bail_out("no memory");
	return (struct arena){at, size, 0};
}

static void begin(void)
{
	struct arena memory = memory_of(MEMORY);
	struct party party = {BYTES("aurelia"), BYTES("state"), 1, BYTES(""), BYTES("genesis")};
	struct text lines = {.rest = BYTES("apex: .\nsoa: a. b. 1 1 1 1\nttl: 1 1 1 1\n"
	                                   "signatures: 21d 14d\nsigning: 2s 20m 1h\n")};
	struct apex apex;
	const char *why;

	state_init(&state, memory.at, memory.size);
	commons_init(&commons, &state,
	             &(struct commons_memory){.scratch = memory_of(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE),
	                                      .charter = memory_of(COMMONS_CHARTER_SIZE)});
	party_put(&state, &commons.scratch, &party);
	if (!apex_read(&lines, &apex, &why))
		bail_out(why);
	standing_put_apex(&commons, &apex, BYTES("genesis"));
}

/* A name that is held, as if it had been granted long ago. */
static void hold(unsigned number)
{
	char label[16];
	struct holding holding = {.holder = BYTES("aurelia"), .act = BYTES("genesis")};
	struct record_key key;
	struct writer w;

	snprintf(label, sizeof(label), "n%u", number);
	holding.label = bytes_of(label);
	w = record_begin(&commons.scratch, holding_key(&key, holding.label));
	holding_write(&w, &holding);
	commons_put_content(&commons, &w);
}

static bool grants(struct bytes label, struct refusal *refusal)
{
	struct signed_act act = {.act = {.kind = ACT_GRANT, .by = BYTES("aurelia")}};

	act.act.field[0] = label;
	act.act.field[1] = BYTES("aurelia");
	act.act.field[2] = BYTES("none");
	memset(act.id_text, 'a', sizeof(act.id_text));
	*refusal = (struct refusal){0};
	return grant_apply(&commons, &act, refusal);
}

int main(void)
{
	struct refusal refusal;

	begin();
	for (unsigned i = 1; i < IMPORTING_TLDS_MAX; i++)
		hold(i);
	ok(grants(BYTES("last"), &refusal), "the last that can be signed");
	ok(!grants(BYTES("more"), &refusal) && refusal.reason == REASON_TLDS, "one more is refused");
	ok(!grants(BYTES("last"), &refusal) && refusal.reason != REASON_TLDS, "one that is held is refused for that");
	return done_testing();
}
