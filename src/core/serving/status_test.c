/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/status.h"

#include <string.h>

#include "tap.h"

int main(void)
{
	struct status status = {.height = 1,
	                        .size = (uint64_t)1 << 40,
	                        .time = {1764000000},
	                        .expects = true,
	                        .serial = {2026112401}};
	struct status read = {0};
	uint8_t page[STATUS_SIZE + 1] = {0}, again[STATUS_SIZE];
	struct writer w = {.at = page, .size = sizeof(page)};
	struct writer v = {.at = again, .size = sizeof(again)};
	bool torn = true;

	memset(status.root.octet, 7, DIGEST_SIZE);
	memset(status.zone, 9, SHA384_SIZE);
	status_write(&w, &status);
	ok(w.used == STATUS_SIZE && !w.full, "the page has its size");
	ok(status_read((struct bytes){page, sizeof(page)}, &read) && read.height == 1 &&
	           read.size == (uint64_t)1 << 40 && read.expects &&
	           read.serial.value == 2026112401 &&
	           memcmp(read.zone, status.zone, SHA384_SIZE) == 0,
	   "what was written is read");
	status_write(&v, &read);
	ok(memcmp(page, again, STATUS_SIZE) == 0, "and writes back octet by octet");
	for (size_t i = 0; i < STATUS_SIZE; i++) {
		page[i] ^= 1;
		torn = torn && !status_read((struct bytes){page, STATUS_SIZE}, &read);
		page[i] ^= 1;
	}
	ok(torn, "a page with any octet changed is not read");
	ok(!status_read((struct bytes){page, STATUS_SIZE - 1}, &read), "nor a short one");
	return done_testing();
}
