/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/deal.h"

#include "ceremony_fuzz.h"

/* A deal that is accepted is opened or complained about, and the judge sees the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ceremony *c = fuzz_ceremony();
	uint8_t room[sizeof(c->octets[0])], share[32], octets[FROST_COMPLAINT_SIZE];
	struct bytes wire = fuzz_message(data, size, c->octets[0], ceremony_deal_size(c), room);
	struct frost_complaint complaint;
	struct frost_deal deal;

	if (frost_deal_check(&deal, &c->keygen, wire) != OK)
		return 0;
	must(frost_keygen_deals(&c->keygen, deal.dealer));
	for (size_t j = 0; j < 3; j++) {
		bool good = frost_deal_open(share, &c->keygen, &deal, j, c->secret_key[j]);

		frost_complaint_make(octets, &c->keygen, &deal, j, c->secret_key[j],
		                     c->seed[j]);
		must(frost_complaint_read(&complaint, &c->keygen,
		                          (struct bytes){octets, sizeof(octets)}) == OK);
		must(frost_complaint_judge(&complaint, &c->keygen, &deal) ==
		     (good ? FROST_GUILTY_COMPLAINER : FROST_GUILTY_DEALER));
	}
	return 0;
}
