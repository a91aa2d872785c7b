/* SPDX-License-Identifier: Apache-2.0 */
#include "act/act.h"

#include "fuzz.h"

static uint8_t memory[2 * ACT_TEXT_SIZE_MAX + ACT_SCRATCH_SIZE] __attribute__((aligned(16)));

/* What a reader took apart can be asked for, piece by piece, and every piece is within the
 * text. */
static void use(const struct act *act)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes records = act->records, rest;
	enum key_role role;
	struct note_key key;
	struct rr rr;

	for (const struct act_field *f = act_row(act->kind)->field; f->form != FORM_NONE; f++) {
		rest = act_field(act, f->name);
		must(rest.at >= act->text.at &&
		     rest.at + rest.size <= act->text.at + act->text.size);
		must(f->form == FORM_KEYS || field_form_holds(f, rest));
		while (f->form == FORM_KEYS && act_key(&rest, &role, &key))
			must(role < ROLES);
	}
	while (act_record(&records, &arena, &rr))
		arena.used = 0;
	must(act_embedded(act, &arena).size <= act->embed.size);
}

/* Whatever the octets, reading is total, and what was read writes back the same octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[ACT_TEXT_SIZE_MAX];
	struct arena scratch = {memory, ACT_SCRATCH_SIZE, 0};
	struct writer w = {.at = out, .size = sizeof(out)};
	struct bytes text = {data, size};
	struct fault fault = {0};
	struct act act;

	if (act_read(text, scratch, &act, &fault) != OK) {
		must(fault.why != NULL);
		return 0;
	}
	act_write(&w, &act);
	must(!w.full && bytes_same(writer_bytes(&w), text));
	use(&act);
	return 0;
}
