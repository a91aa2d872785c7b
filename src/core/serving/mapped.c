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

/* ---- making one ---- */

uint64_t mapped_place(const struct mapped_part *parts, size_t count, size_t header_size)
{
	uint64_t at = header_size;

	for (size_t i = 0; i < count; i++) {
		const struct writer *octets = parts[i].octets;

		at = (at + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
		*parts[i].table = (struct image_table){
			(uint32_t)at, (uint32_t)(octets->used / parts[i].entry_size)};
		at += octets->used;
	}
	return at;
}

enum mishap mapped_write(const struct mapped_part *parts, size_t count, const void *header,
                         size_t header_size, struct writer *to)
{
	must((uintptr_t)(to->at + to->used) % IMAGE_ALIGN == 0);
	if (((const struct mapped_front *)header)->size > UINT32_MAX)
		return MISHAP_FULL;
	write_bytes(to, (struct bytes){header, header_size});
	for (size_t i = 0; i < count; i++) {
		if (parts[i].octets->full)
			return MISHAP_FULL;
		while (to->used % IMAGE_ALIGN != 0 && !to->full)
			write_octet(to, 0);
		write_bytes(to, writer_bytes(parts[i].octets));
	}
	return to->full ? MISHAP_FULL : OK;
}

void mapped_seal(struct writer *to, size_t start)
{
	struct bytes file = {to->at + start, to->used - start};
	struct mapped_front *front = (struct mapped_front *)(void *)(to->at + start);

	front->content = sha256(bytes_from(file, SEALED_FROM));
}
