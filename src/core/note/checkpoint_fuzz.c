/* SPDX-License-Identifier: Apache-2.0 */
#include "note/checkpoint.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t out[CHECKPOINT_SIZE_MAX];
	struct writer w = {.at = out, .size = sizeof(out)};
	struct bytes text = {data, size};
	struct fault fault = {0};
	struct checkpoint checkpoint;
	struct note_key key;

	if (note_key_read(text, &key)) {
		note_key_write(&w, &key);
		must(w.full || bytes_same(writer_bytes(&w), text));
		w = (struct writer){.at = out, .size = sizeof(out)};
	}
	if (checkpoint_read(text, &checkpoint, &fault) != OK) {
		must(fault.why != NULL);
		return 0;
	}
	checkpoint_write(&w, &checkpoint);
	must(bytes_same(writer_bytes(&w), text));
	return 0;
}
