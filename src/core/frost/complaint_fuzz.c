/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/complaint.h"

#include "ceremony_fuzz.h"

/* Only the one true complaint, that of member 3 about dealer 2, convicts a dealer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ceremony *c = fuzz_ceremony();
	static uint8_t honest[FROST_COMPLAINT_SIZE];
	uint8_t room[FROST_COMPLAINT_SIZE];
	struct frost_complaint complaint;
	struct bytes wire;
	bool same;

	if (honest[1] == 0) /* once */
		frost_complaint_make(honest, &c->keygen, &c->deal[1], 2, c->secret_key[2],
		                     c->seed[2]);
	wire = fuzz_message(data, size, honest, sizeof(honest), room);
	if (frost_complaint_read(&complaint, &c->keygen, wire) != OK)
		return 0;
	same = memcmp(wire.at, honest, sizeof(honest)) == 0;
	must(frost_complaint_judge(&complaint, &c->keygen, &c->deal[complaint.dealer - 1]) ==
	     (same ? FROST_GUILTY_DEALER : FROST_GUILTY_COMPLAINER));
	return 0;
}
