/* SPDX-License-Identifier: Apache-2.0 */
#include "signing/board.h"

#include "fuzz.h"

static uint8_t out[BOARD_SIZE_MAX];
static uint8_t memory[BOARD_ITEMS_MAX * (DIGEST_SIZE + 1)] __attribute__((aligned(16)));

/* Each item is under the root of the body. */
static void check_items(const struct board_message *m)
{
	struct arena scratch = {memory, sizeof(memory), 0};
	size_t size = board_item_size(m->kind);
	struct digest root = board_root(m->body, size, scratch), leaf;
	uint32_t last = m->count - 1;
	struct merkle_proof path;

	board_prove(m->body, size, last, scratch, &path);
	leaf = merkle_leaf((struct bytes){m->body.at + last * size, size});
	must(merkle_verify_inclusion(&path, last, m->count, &leaf, &root));
}

/* Whatever the octets, reading is total, and what was read writes back the same octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writer w = {.at = out, .size = sizeof(out)};
	struct bytes octets = {data, size};
	struct fault fault = {0};
	struct board_message m;

	if (board_read(octets, &m, &fault) != OK) {
		must(fault.why != NULL);
		return 0;
	}
	must(m.body.size == m.count * board_item_size(m.kind));
	board_write_text(&w, &m);
	must(bytes_same(writer_bytes(&w), m.text));
	w.used = 0;
	board_write(&w, m.note, m.body);
	must(!w.full && bytes_same(writer_bytes(&w), octets));
	check_items(&m);
	return 0;
}
