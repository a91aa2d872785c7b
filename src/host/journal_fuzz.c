/* SPDX-License-Identifier: Apache-2.0 */
#include "host/journal.h"

#include <string.h>

#include "fuzz.h"

/* The frame written again is the same octets. */
static void check_head(struct bytes before, enum journal_type type, struct bytes body)
{
	uint8_t head[JOURNAL_HEAD_SIZE];

	journal_head(head, type, body);
	must(memcmp(before.at, head, sizeof(head)) == 0 && body.at == before.at + sizeof(head));
	must(body.size <= JOURNAL_FRAME_MAX && body.size <= before.size - sizeof(head));
}

/* Behind a rest that a crash left, a block makes it damage. */
static void check_rest(struct bytes rest)
{
	static uint8_t more[4096];
	struct bytes body = BYTES("x");
	size_t size = rest.size < 1000 ? rest.size : 1000;

	if (size == 0 || !journal_rest_is_torn(rest))
		return;
	memcpy(more, rest.at, size);
	journal_head(more + size, JOURNAL_BLOCK, body);
	memcpy(more + size + JOURNAL_HEAD_SIZE, body.at, body.size);
	must(!journal_rest_is_torn((struct bytes){more, size + JOURNAL_HEAD_SIZE + body.size}));
}

/* A segment: frames, and what stands behind the last good one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = {data, size}, before = rest, body;
	enum journal_type type;

	while (journal_take(&rest, &type, &body)) {
		check_head(before, type, body);
		before = rest;
	}
	must(rest.size == before.size && (rest.size == 0 || rest.at == before.at));
	check_rest(rest);
	return 0;
}
