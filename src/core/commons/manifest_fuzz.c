/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/manifest.h"

#include <string.h>

#include "commons/apply.h"
#include "commons/standing.h"
#include "fuzz.h"

#define STATE_SIZE ((size_t)1 << 20)
#define INPUT_MAX  ((size_t)1 << 16) /* what fits, many times over, in that state */

/* A state of two parties and an apex, and nothing else. */
static void begin(struct commons *commons, struct state *state)
{
	static const char *const NAMES[] = {"aurelia", "borealia"};
	static uint8_t memory[STATE_SIZE] __attribute__((aligned(64)));
	static uint8_t scratch[COMMONS_SCRATCH_SIZE] __attribute__((aligned(64)));
	struct text lines = {.rest = BYTES("apex: .\nsoa: a. b. 1 1 1 1\nttl: 1 1 1 1\n"
	                                   "signatures: 21d 14d\nsigning: 2s 20m 1h\n")};
	const char *why;
	struct apex apex;

	memset(memory, 0, sizeof(memory));
	state_init(state, memory, sizeof(memory));
	commons_init(commons, state,
	             &(struct commons_memory){.scratch = {scratch, sizeof(scratch), 0}});
	commons->now.seconds = 1795352400;
	for (unsigned i = 0; i < 2; i++) {
		struct party party = {bytes_of(NAMES[i]), BYTES("state"), 1, BYTES(""), BYTES("genesis")};
		party_put(state, &commons->scratch, &party);
	}
	must(apex_read(&lines, &apex, &why));
	standing_put_apex(commons, &apex, BYTES("genesis"));
}

/* Whatever is imported: its records stand, each under its key, or there is a reason. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct commons commons;
	static struct state state;
	struct refusal refusal = {.reason = REASON_NONE};
	struct bytes record, again;
	size_t index = 1;

	if (size > INPUT_MAX)
		return 0;
	begin(&commons, &state);
	if (!manifest_put(&commons, (struct bytes){data, size}, &refusal)) {
		must(refusal.reason != REASON_NONE);
		return 0;
	}
	while (state_next(&state, (struct bytes){NULL, 0}, &index, &record)) {
		const uint8_t *end = memchr(record.at, '\n', record.size);

		must(end != NULL && state_get(&state, bytes_first(record, (size_t)(end - record.at)), &again) &&
		     bytes_same(record, again));
	}
	return 0;
}
