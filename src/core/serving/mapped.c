/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/mapped.h"

#include <string.h>

#include "base/must.h"

#define SEALED_FROM (offsetof(struct mapped_front, content) + DIGEST_SIZE)

const char *mapped_check(struct bytes file, const struct mapped_kind *kind)
{
	const struct mapped_front *front = (const void *)file.at;
	struct digest content;

	must((uintptr_t)file.at % IMAGE_ALIGN == 0 && kind->header_size >= sizeof(*front));
	if (file.size < kind->header_size)
		return kind->too_short;
	if (memcmp(front->magic, kind->magic, sizeof(front->magic)) != 0)
		return kind->another;
	if (front->byte_order != IMAGE_BYTE_ORDER)
		return "made on a machine of another byte order";
	if (front->format != kind->format)
		return kind->another_version;
	if (front->size != file.size || file.size > UINT32_MAX)
		return "not of the size it says";
	content = sha256(bytes_from(file, SEALED_FROM));
	if (!digest_same(&content, &front->content))
		return "its content does not have its digest";
	return NULL;
}

const void *mapped_entries(struct bytes file, size_t header_size, struct image_table table,
                           size_t entry_size)
{
	if (table.at % IMAGE_ALIGN != 0 || table.at < header_size || table.at > file.size ||
	    table.count > (file.size - table.at) / entry_size)
		return NULL;
	return file.at + table.at;
}
