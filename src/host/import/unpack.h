/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_UNPACK_H
#define COMITY_HOST_IMPORT_UNPACK_H

/*
 * unpack.h - a file as somebody packed it: as it is, gzip (RFC 1952) or xz, told apart by the first
 * octets, whatever its name.
 */

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"

#define UNPACK_SIZE_MAX ((size_t)256 << 20) /* octets, packed and unpacked; a root zone has 2 MB */

#define UNPACK_ARENA_SIZE (2 * UNPACK_SIZE_MAX + 4096)

enum packing { PACKED_NOT, PACKED_GZIP, PACKED_XZ };

/* "plain", "gzip", "xz". */
const char *packing_word(enum packing packing);

/*
 * Reads `descriptor` to its end and unpacks it into the arena, which has UNPACK_ARENA_SIZE
 * octets left. MISHAP_IO (errno says), MISHAP_LIMIT, MISHAP_MALFORMED (it
 * ends too early, or does not check); `*packing` tells what it looked like in any case but
 * the first.
 */
enum mishap unpack(int descriptor, struct arena *arena, struct bytes *content,
                   enum packing *packing) CHECKED;

#endif
