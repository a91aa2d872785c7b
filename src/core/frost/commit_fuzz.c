/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/commit.h"

#include <sodium.h>

#include "fuzz.h"
#include "sodium_valid.h"

#define COUNT_MAX 64

/* A list is read when libsodium calls each point valid; else the first bad pair is named. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t memory[FROST_COMMITMENTS_SCRATCH];
	static struct frost_commitment list[COUNT_MAX];
	struct arena scratch = {memory, sizeof(memory), 0};
	size_t count = size / FROST_COMMITMENT_SIZE, first = 0, bad = 0;
	enum mishap mishap;

	if (count > COUNT_MAX)
		return 0;
	mishap =
		frost_commitments_read(list, count, (struct bytes){data, size}, &bad, &scratch);
	if (size % FROST_COMMITMENT_SIZE != 0) {
		must(mishap == MISHAP_TRAILING);
		return 0;
	}
	while (first < count && sodium_calls_valid(data + first * FROST_COMMITMENT_SIZE) &&
	       sodium_calls_valid(data + first * FROST_COMMITMENT_SIZE + 32))
		first++;
	must(mishap == (first == count ? OK : MISHAP_MALFORMED));
	must(mishap == OK || bad == first);
	return 0;
}
