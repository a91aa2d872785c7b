/* SPDX-License-Identifier: Apache-2.0 */
#define ZLIB_CONST
#include "host/import/unpack.h"

#include <errno.h>
#include <lzma.h>
#include <unistd.h>
#include <zlib.h>

#define XZ_MEMORY_MAX ((uint64_t)128 << 20) /* octets; xz -9 asks for 65 MB */
#define GZIP_WINDOW   (15 + 16)             /* zlib.h: the largest window, and a gzip head */

const char *packing_word(enum packing packing)
{
	return packing == PACKED_GZIP ? "gzip" : packing == PACKED_XZ ? "xz" : "plain";
}

static enum packing packing_of(struct bytes content)
{
	if (bytes_starts(content, BYTES("\x1f\x8b")))
		return PACKED_GZIP;
	if (bytes_starts(content, BYTES("\xfd"
	                                "7zXZ\0")))
		return PACKED_XZ;
	return PACKED_NOT;
}

/* All there is, in the arena. */
static enum mishap read_all(int descriptor, struct arena *arena, struct bytes *content)
{
	struct arena rest = arena_rest(arena);
	size_t size = 0;
	ssize_t n;

	while ((n = read(descriptor, rest.at + size, UNPACK_SIZE_MAX + 1 - size)) != 0) {
		if (n < 0 && errno != EINTR)
			return MISHAP_IO;
		size += n > 0 ? (size_t)n : 0;
		if (size > UNPACK_SIZE_MAX)
			return MISHAP_LIMIT;
	}
	arena_keep(arena, &rest, size);
	*content = (struct bytes){rest.at, size};
	return OK;
}

/* Members one behind another are one file (RFC 1952 section 2.2). */
static enum mishap inflate_all(z_stream *z)
{
	int result = Z_OK;

	while (result == Z_OK || (result == Z_STREAM_END && z->avail_in > 0)) {
		if (result == Z_STREAM_END && inflateReset(z) != Z_OK)
			return MISHAP_MALFORMED;
		result = inflate(z, Z_NO_FLUSH);
	}
	if (result == Z_STREAM_END)
		return OK;
	return z->avail_out == 0 ? MISHAP_LIMIT : MISHAP_MALFORMED;
}

static enum mishap unpack_gzip(struct bytes packed, struct arena *rest, size_t *size)
{
	z_stream z = {
		.next_in = packed.at,
		.avail_in = (uInt)packed.size,
		.next_out = rest->at,
		.avail_out = (uInt)UNPACK_SIZE_MAX,
	};
	enum mishap m;

	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		memory_fail(packed.size);
	m = inflate_all(&z);
	*size = UNPACK_SIZE_MAX - z.avail_out;
	inflateEnd(&z);
	return m;
}

static enum mishap unpack_xz(struct bytes packed, struct arena *rest, size_t *size)
{
	lzma_stream xz = LZMA_STREAM_INIT;
	lzma_ret result = lzma_stream_decoder(&xz, XZ_MEMORY_MAX, LZMA_CONCATENATED);

	if (result != LZMA_OK)
		memory_fail(packed.size);
	xz.next_in = packed.at;
	xz.avail_in = packed.size;
	xz.next_out = rest->at;
	xz.avail_out = UNPACK_SIZE_MAX;
	while (result == LZMA_OK)
		result = lzma_code(&xz, LZMA_FINISH);
	*size = UNPACK_SIZE_MAX - xz.avail_out;
	bool full = xz.avail_out == 0;
	lzma_end(&xz);
	if (result == LZMA_STREAM_END)
		return OK;
	return full || result == LZMA_MEMLIMIT_ERROR ? MISHAP_LIMIT : MISHAP_MALFORMED;
}

enum mishap unpack(int descriptor, struct arena *arena, struct bytes *content,
                   enum packing *packing)
{
	struct bytes packed;
	enum mishap m = read_all(descriptor, arena, &packed);
	struct arena rest = arena_rest(arena);
	size_t size = 0;

	*packing = PACKED_NOT;
	if (m != OK)
		return m;
	*packing = packing_of(packed);
	if (*packing == PACKED_NOT) {
		*content = packed;
		return OK;
	}
	m = *packing == PACKED_GZIP ? unpack_gzip(packed, &rest, &size)
	                            : unpack_xz(packed, &rest, &size);
	if (m != OK)
		return m;
	arena_keep(arena, &rest, size);
	*content = (struct bytes){rest.at, size};
	return OK;
}
