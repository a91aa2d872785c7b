/* SPDX-License-Identifier: Apache-2.0 */
#include "note/note.h"

#include "fuzz.h"

/* Whatever the bytes, reading is total, and what was read writes back the same octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[NOTE_SIZE_MAX];
	struct writer w = {.at = out, .size = sizeof(out)};
	struct bytes octets = {data, size};
	struct fault fault = {0};
	struct note note;

	if (note_read(octets, &note, &fault) != OK) {
		must(fault.why != NULL);
		return 0;
	}
	write_bytes(&w, note.text);
	write_octet(&w, '\n');
	for (unsigned i = 0; i < note.count; i++) {
		struct note_key key = {.name = note.signature[i].name};
		memcpy(key.id, note.signature[i].id, sizeof(key.id));
		note_signature_write(&w, &key, (struct bytes){note.signature[i].octet, note.signature[i].size});
	}
	must(bytes_same(writer_bytes(&w), octets));
	return 0;
}
