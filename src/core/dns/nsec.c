/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/nsec.h"

#include "base/must.h"
#include "dns/dname.h"

#define WINDOW_SIZE 32 /* octets at most, for 256 types */

/* Section 4.1.2: the window's number, its size, its bits without trailing zeros. */
static void write_window(struct writer *writer, unsigned window, const uint16_t *types,
                         size_t count)
{
	uint8_t bits[WINDOW_SIZE] = {0};
	unsigned size = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned in_window = types[i] % 256u;

		if (types[i] / 256u != window)
			continue;
		bits[in_window / 8] |= (uint8_t)(0x80 >> in_window % 8);
		if (in_window / 8 >= size)
			size = in_window / 8 + 1;
	}
	if (size == 0)
		return;
	write_octet(writer, (uint8_t)window);
	write_octet(writer, (uint8_t)size);
	write_bytes(writer, (struct bytes){bits, size});
}

void type_bitmap_write(struct writer *writer, const uint16_t *types, size_t count)
{
	unsigned windows = 0;

	for (size_t i = 0; i < count; i++)
		if (types[i] / 256u >= windows)
			windows = types[i] / 256u + 1;
	for (unsigned window = 0; window < windows; window++)
		write_window(writer, window, types, count);
}

bool type_bitmap_check(struct bytes bitmap)
{
	int last = -1;

	while (bitmap.size != 0) {
		if (bitmap.size < 3 || bitmap.at[0] <= last)
			return false;
		size_t size = bitmap.at[1];
		if (size < 1 || size > WINDOW_SIZE || bitmap.size < 2 + size ||
		    bitmap.at[1 + size] == 0)
			return false;
		last = bitmap.at[0];
		bitmap = bytes_from(bitmap, 2 + size);
	}
	return true;
}

bool type_bitmap_has(struct bytes bitmap, uint16_t type)
{
	uint32_t next = type;

	return type_bitmap_next(bitmap, &next) && next == type;
}

bool type_bitmap_next(struct bytes bitmap, uint32_t *type)
{
	for (; bitmap.size != 0; bitmap = bytes_from(bitmap, 2u + bitmap.at[1])) {
		uint32_t first = (uint32_t)bitmap.at[0] * 256, end = first + bitmap.at[1] * 8u;

		for (uint32_t t = *type > first ? *type : first; t < end; t++)
			if (bitmap.at[2 + (t - first) / 8] & 0x80 >> t % 8) {
				*type = t;
				return true;
			}
	}
	return false;
}

void nsec_write(struct writer *writer, struct bytes next, const uint16_t *types, size_t count)
{
	write_bytes(writer, next);
	type_bitmap_write(writer, types, count);
}

void nsec_read(struct bytes rdata, struct bytes *next, struct bytes *bitmap)
{
	size_t size = 0;

	while (rdata.at[size] != 0)
		size += 1u + rdata.at[size];
	must(size < rdata.size);
	*next = bytes_first(rdata, size + 1);
	*bitmap = bytes_from(rdata, size + 1);
}

bool nsec_covers(struct bytes owner, struct bytes next, struct bytes name)
{
	bool last = dname_order(next, owner) <= 0;

	return dname_order(owner, name) < 0 && (last || dname_order(name, next) < 0);
}
