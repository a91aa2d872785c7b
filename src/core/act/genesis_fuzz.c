/* SPDX-License-Identifier: Apache-2.0 */
#include "act/genesis.h"

#include "fuzz.h"

static uint8_t memory[2 * ACT_TEXT_SIZE_MAX] __attribute__((aligned(16)));

/* The digest of the charter hides everything behind it from a fuzzer: it is made to fit. */
static struct bytes with_digest(const uint8_t *data, size_t size)
{
	static uint8_t text[ACT_TEXT_SIZE_MAX];
	struct text lines = {.rest = {data, size}};
	struct writer w = {.at = memory, .size = sizeof(memory)};
	struct writer digits = {.size = 64};
	struct bytes line, value;
	struct digest digest;

	memcpy(text, data, size);
	while (text_line(&lines, &line)) {
		size_t at = (size_t)(line.at - data);

		if (text_field(line, "charter", &value) && line.size == 75)
			digits.at = text + at + 11;
		if (bytes_starts(line, BYTES("|"))) {
			write_bytes(&w, bytes_from(line, 2));
			write_octet(&w, '\n');
		}
	}
	if (digits.at != NULL) {
		digest = sha256(writer_bytes(&w));
		write_digest(&digits, &digest);
	}
	return (struct bytes){text, size};
}

/* Whatever the octets, reading is total, and what was read writes back the same octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[ACT_TEXT_SIZE_MAX];
	struct writer w = {.at = out, .size = sizeof(out)};
	struct arena arena = {memory, sizeof(memory), 0};
	struct fault fault = {0};
	struct genesis genesis;
	struct founder founder;
	struct bytes text, rest;
	unsigned parties = 0;

	if (size > ACT_TEXT_SIZE_MAX)
		return 0;
	text = with_digest(data, size);
	if (genesis_read(text, &genesis, &fault) != OK) {
		must(fault.why != NULL);
		return 0;
	}
	genesis_write(&w, &genesis);
	must(!w.full && bytes_same(writer_bytes(&w), text));
	for (rest = genesis.parties; genesis_party(&rest, &founder); parties++)
		must(founder.threshold >= 1 && founder.threshold <= PARTY_KEYS_MAX);
	must(parties >= 1 && parties <= GENESIS_PARTIES_MAX);
	must(genesis_charter(&genesis, &arena).size > 0);
	return 0;
}
