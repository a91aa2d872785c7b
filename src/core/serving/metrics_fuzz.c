/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/metrics.h"

#include "fuzz.h"

/* A request that is decided stays so, whatever comes behind its empty line; before, there is more to come or
 * it is none. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum metrics_request whole = METRICS_MORE;

	for (size_t part = 1; part <= size; part++) {
		enum metrics_request now = metrics_read_request((struct bytes){data, part});

		must(whole == METRICS_MORE || now == whole);
		whole = now;
	}
	return 0;
}
