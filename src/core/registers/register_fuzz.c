/* SPDX-License-Identifier: Apache-2.0 */
#include "registers/register.h"

#include "act/kind.h"
#include "fuzz.h"

static bool within(struct bytes whole, struct bytes part)
{
	return part.size > 0 && part.at >= whole.at && part.at + part.size <= whole.at + whole.size;
}

/* What is said of a code, and of its party, on the days on which something changes. */
static void ask(const struct register_text *text, const struct register_entry *e, uint32_t day)
{
	const struct register_entry *by;
	enum register_says code = register_of_code(text, e->code, day, &by), party;
	uint32_t next;

	must((by == NULL) == (code == REGISTER_NEVER));
	must(by == NULL || bytes_same(by->code, e->code));
	party = register_of_party(text, e->party, day, &by);
	must((by == NULL) == (party == REGISTER_NEVER));
	must(day < e->since || (code != REGISTER_NEVER && party != REGISTER_NEVER));
	must(day < e->since || (e->until != 0 && day >= e->until) || (code == REGISTER_LISTED && party == REGISTER_LISTED));
	must(!register_next_day(text, day, &next) || next > day);
}

/* Whatever is read lies in the text and in its bounds; whatever is not has a reason and a line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct register_text text;
	struct bytes octets = {data, size};
	struct fault fault = {0};

	if (!register_read(octets, &text, &fault)) {
		must(fault.why != NULL && (fault.line >= 1 || size > REGISTER_SIZE_MAX));
		return 0;
	}
	must(party_name_valid(text.id) && within(octets, text.id) && within(octets, text.source));
	must(text.version >= 1 && text.version <= REGISTER_VERSION_MAX);
	must(text.count >= 1 && text.count <= REGISTER_ENTRIES_MAX);
	for (unsigned i = 0; i < text.count; i++) {
		const struct register_entry *e = &text.entry[i];

		must(within(octets, e->code) && within(octets, e->party) && (e->until == 0 || e->until > e->since));
		ask(&text, e, e->since - 1);
		ask(&text, e, e->since);
		ask(&text, e, e->until != 0 ? e->until : 99991231);
	}
	return 0;
}
