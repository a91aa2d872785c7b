/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/block.h"

#include "fuzz.h"

static uint8_t out[BLOCK_SIZE_MAX];

static void check_seal(struct bytes text)
{
	struct writer w = {.at = out, .size = sizeof(out)};
	struct fault fault = {0};
	struct seal seal;

	if (seal_read(text, &seal, &fault) != OK) {
		must(fault.why != NULL);
		return;
	}
	seal_write(&w, &seal);
	must(!w.full && bytes_same(writer_bytes(&w), text));
}

/* Whatever the octets, reading is total, and a block and a seal write back the same octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writer w = {.at = out, .size = sizeof(out)};
	struct bytes octets = {data, size}, notes, note;
	struct block block;
	uint32_t count = 0;

	check_seal(octets);
	if (block_read(octets, &block) != OK)
		return 0;
	for (notes = block.notes; block_note(&notes, &note); count++)
		must(note.at + note.size <= data + size);
	must(count == block.count && notes.size == 0);
	check_seal(block.seal);
	block_write(&w, &block);
	must(!w.full && bytes_same(writer_bytes(&w), octets));
	return 0;
}
