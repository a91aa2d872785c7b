/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rr.h"

#include "dns/dname.h"
#include "dns/rdata.h"
#include "fuzz.h"

static uint8_t memory[16 << 20];

/* A line that reads prints as a line that reads as the same record; a strict one as itself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes line = {data, size};
	struct fault fault = {0};
	struct rr rr, again;

	bool strict = rr_read_strict(line, &arena, &rr, &fault);
	arena.used = 0;
	if (!rr_read_text(line, &arena, &rr, &fault)) {
		must(!strict && fault.why != NULL && fault.column <= size + 1);
		return 0;
	}
	must(arena.used <= 8 * size + 128);
	must(dname_check(rr.owner) && rdata_check(rr.type, rr.rdata) == OK);
	must(!strict || rr_prints_as(&rr, line, arena));
	struct writer printed = writer_in(&arena);
	rr_write_text(&printed, &rr);
	struct bytes text = writer_keep(&printed, &arena);
	must(rr_read_text(text, &arena, &again, &fault));
	must(rr_compare(&rr, &again) == 0 && rr.ttl == again.ttl);
	must(rr_prints_as(&again, text, arena));
	return 0;
}
