/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/dnstap.h"

#include "fuzz.h"

/* Whatever a collector sends, it is a control frame, the beginning of one, or none. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t control = 0;
	int taken = dnstap_read_control((struct bytes){data, size}, &control);

	must(taken >= -1 && taken <= DNSTAP_CONTROL_MAX &&
	     (taken <= 0 || (size_t)taken <= size));
	for (size_t part = 0; taken > 0 && part < (size_t)taken; part++)
		must(dnstap_read_control((struct bytes){data, part}, &control) <= 0);
	return 0;
}
