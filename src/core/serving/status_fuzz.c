/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/status.h"

#include <string.h>

#include "fuzz.h"

/* The input is a page whose digest is put right: what reads, writes back as it was but for what
 * is not used. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t page[STATUS_SIZE] = {0}, again[STATUS_SIZE];
	struct writer w = {.at = again, .size = sizeof(again)};
	struct status status, reread;
	struct digest digest;

	if (status_read((struct bytes){data, size}, &status))
		must(size >= STATUS_SIZE);
	memcpy(page, data, size < STATUS_SIZE - DIGEST_SIZE ? size : STATUS_SIZE - DIGEST_SIZE);
	digest = sha256((struct bytes){page, STATUS_SIZE - DIGEST_SIZE});
	memcpy(page + STATUS_SIZE - DIGEST_SIZE, digest.octet, DIGEST_SIZE);
	if (!status_read((struct bytes){page, sizeof(page)}, &status))
		return 0;
	status_write(&w, &status);
	must(!w.full && status_read(writer_bytes(&w), &reread));
	must(reread.height == status.height && reread.size == status.size &&
	     reread.expects == status.expects);
	return 0;
}
