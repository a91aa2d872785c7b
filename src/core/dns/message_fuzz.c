/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/message.h"

#include "fuzz.h"

static void edns(const struct message_rr *rr)
{
	struct edns edns;
	struct bytes value;
	uint16_t code;
	size_t size = 0;

	if (rr->type != TYPE_OPT || edns_read(rr, &edns) != OK)
		return;
	for (struct bytes rest = edns.options; edns_option_next(&rest, &code, &value);)
		size += 4 + value.size;
	must(size == edns.options.size);
}

/* Reading is total, moves forward and stays inside, whatever the octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = {data, size};
	struct message_header header;
	struct question question;
	struct message_rr rr;
	size_t at = MESSAGE_HEADER_SIZE;

	if (message_read_header(message, &header) != OK)
		return 0;
	for (unsigned i = 0; i < header.count[SECTION_QUESTION]; i++) {
		if (message_read_question(message, &at, &question) != OK)
			return 0;
		must(at <= size && dname_check(dname_bytes(&question.name)));
	}
	for (size_t before = at; message_read_rr(message, &at, &rr) == OK; before = at) {
		must(at > before && at <= size && dname_check(dname_bytes(&rr.owner)));
		edns(&rr);
	}
	return 0;
}
