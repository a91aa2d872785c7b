/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/cookie.h"

#include "fuzz.h"

/* Any text is secrets or it is not; with those that are, what is made is taken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = {data, size}, address = BYTES("\300\0\2\1");
	struct cookie_secrets secrets = {.count = 0};
	uint8_t made[COOKIE_SIZE], again[COOKIE_SIZE];

	if (!cookie_read_secrets(text, &secrets)) {
		must(secrets.count == 0);
		return 0;
	}
	must(secrets.count >= 1 && secrets.count <= COOKIE_SECRETS_MAX);
	must(!cookie_answer(&secrets, (const uint8_t *)"a client", 8, address, 1000000, made));
	must(cookie_answer(&secrets, made, sizeof(made), address, 1000001, again));
	must(memcmp(made, again, sizeof(made)) == 0);
	return 0;
}
