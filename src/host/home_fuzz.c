/* SPDX-License-Identifier: Apache-2.0 */
#include "host/home.h"

#include <string.h>

#include "act/genesis.h"
#include "fuzz.h"

static uint64_t lines_of(struct bytes text)
{
	uint64_t lines = 1;

	for (size_t i = 0; i < text.size; i++)
		lines += text.at[i] == '\n';
	return lines;
}

/* A home is what the rest of the program may rely on, or there is a line that says why not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct home home;
	struct bytes text = {data, size};
	struct fault fault = {0};

	if (!home_take(&home, "/home/of/a/party", text, &fault)) {
		must(fault.why != NULL && fault.line <= lines_of(text));
		return 0;
	}
	must(party_name_valid(bytes_of(home.party)) && origin_valid(bytes_of(home.origin)));
	must(home.socket[0] == '/' && memchr(home.socket, '\0', sizeof(home.socket)) != NULL);
	must(home.threshold >= 1 && home.threshold <= PARTY_KEYS_MAX && home.number <= PARTY_KEYS_MAX);
	return 0;
}
