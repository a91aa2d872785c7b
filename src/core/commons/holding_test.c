/* SPDX-License-Identifier: Apache-2.0 */
/* How many TLDs a federation takes (comity-act(5)). */
#include "commons/importing.h"
#include "tap.h"
#include "bare.h"

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

	bare_begin();
	bare_join("aurelia", "state");
	for (unsigned i = 1; i < IMPORTING_TLDS_MAX; i++)
		hold(i);
	ok(grants(BYTES("last"), &refusal), "the last that can be signed");
	ok(!grants(BYTES("more"), &refusal) && refusal.reason == REASON_TLDS, "one more is refused");
	ok(!grants(BYTES("last"), &refusal) && refusal.reason != REASON_TLDS, "one that is held is refused for that");
	return done_testing();
}
