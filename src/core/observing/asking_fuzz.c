/* SPDX-License-Identifier: Apache-2.0 */
#include "observing/asking.h"

#include "fuzz.h"

/* What is read, written again, is the same octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t memory[16384] __attribute__((aligned(16)));
	struct bytes text = {data, size};
	struct writer w = {.size = size + 64};
	struct asking asking;

	if (asking_read(text, (struct arena){memory, sizeof(memory), 0}, &asking) != OK)
		return 0;
	w.at = malloc(w.size);
	must(w.at != NULL);
	asking_write(&w, &asking);
	must(bytes_same(writer_bytes(&w), text));
	free(w.at);
	return 0;
}
