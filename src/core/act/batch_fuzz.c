/* SPDX-License-Identifier: Apache-2.0 */
#include "act/batch.h"

#include "fuzz.h"

/* Whatever the octets, reading is total; what holds writes back the same octets, and says how much it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[ACT_TEXT_SIZE_MAX];
	struct writer w = {.at = out, .size = sizeof(out)};
	struct bytes document = {data, size}, rest = document;
	struct batch_item item;
	struct fault fault = {0};
	uint64_t count = 0;
	const char *why;

	if (size > sizeof(out))
		return 0;
	while (batch_next(&rest, &item, &why)) {
		must(item.change < BATCH_CHANGES && item.label.size > 0 && item.slot.size > 0);
		batch_write(&w, &item);
		count++;
	}
	must(why != NULL || (!w.full && bytes_same(writer_bytes(&w), document)));
	if (batch_holds(document, count, &fault))
		must(why == NULL && count >= 1 && count <= BATCH_ITEMS_MAX);
	else
		must(fault.why != NULL);
	must(!batch_holds(document, count + 1, &fault));
	return 0;
}
