/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/telling.h"

#include "fuzz.h"

/* What is read, written again, is the same octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = {data, size};
	struct writer w = {.size = size + 64};
	struct telling telling;

	if (telling_read(text, &telling) != OK)
		return 0;
	w.at = malloc(w.size);
	must(w.at != NULL);
	if (!telling.fault || !bytes_same(telling.form, BYTES("-")) || telling.records.size > 0) {
		telling_write_head(&w, telling.form);
		write_bytes(&w, telling.records);
	}
	if (telling.fault)
		telling_write_fault(&w, telling.fault_line, telling.why);
	else
		telling_write_end(&w, &telling);
	must(!w.full);
	must(bytes_same(writer_bytes(&w), text) || (telling.fault && bytes_starts(text, BYTES("form: -\n"))));
	free(w.at);
	return 0;
}
