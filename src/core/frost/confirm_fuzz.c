/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/confirm.h"

#include "ceremony_fuzz.h"

/* Only the one true confirmation is accepted, and for its own member only. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t honest[FROST_CONFIRMATION_SIZE];
	static struct frost_group group;
	struct ceremony *c = fuzz_ceremony();
	uint8_t room[FROST_CONFIRMATION_SIZE], share[3 * 32];
	struct arena scratch = {NULL, 0, 0};
	struct bytes wire;
	bool same;

	if (group.max_participants == 0) { /* once; member 1, whose shares are all good */
		scratch = dealer_arena();
		must(frost_keygen_group(&group, &c->keygen, c->deal, 3, &scratch) == OK);
		frost_transcript(c->transcript, &c->keygen, c->deal, 3, &group);
		for (size_t i = 0; i < 3; i++)
			must(frost_deal_open(share + 32 * i, &c->keygen, &c->deal[i], 0,
			                     c->secret_key[0]));
		must(frost_keygen_share(c->share[0], &c->keygen, &group, c->deal, 3, share,
		                        1) == OK);
		frost_confirm_make(honest, c->transcript, &group, 1, c->share[0], c->seed[0]);
		free(scratch.at);
	}
	wire = fuzz_message(data, size, honest, sizeof(honest), room);
	same = wire.size == sizeof(honest) && memcmp(wire.at, honest, sizeof(honest)) == 0;
	must((frost_confirm_check(wire, c->transcript, &group, 1) == OK) == same);
	must(frost_confirm_check(wire, c->transcript, &group, 2) != OK);
	return 0;
}
