/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_COMPILED_H
#define COMITY_ROOTD_COMPILED_H

/* compiled.h - the file of one zone beside the main one: an image where the zone is
 * root-shaped, else an ordinary zone. Its first octets say which. */

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/writer.h"
#include "dns/rrset.h"
#include "serving/image.h"
#include "serving/ordinary/file.h"

struct compiled {
	struct bytes file;
	bool is_ordinary;
	struct image image;       /* unless is_ordinary */
	struct ordinary ordinary; /* with is_ordinary */
};

/* Opens all of `file` as image_open() and ordinary_open() do: NULL when it is good. */
const char *compiled_open(struct bytes file, struct compiled *opened) CHECKED;

struct bytes compiled_apex(const struct compiled *zone);
struct serial compiled_serial(const struct compiled *zone);

/* The digest of RFC 8976 over the zone: SHA384_SIZE octets. */
const uint8_t *compiled_digest(const struct compiled *zone);

/* The same, in a file that compiled_make() or image_compile() just made. A view. */
const uint8_t *compiled_digest_in(struct bytes made);

/*
 * Makes the file of a zone: its image, or, when it is not root-shaped, an ordinary zone;
 * `*shape` then is why it is not, with the set it is about, and `shape->why` NULL otherwise.
 * Mishaps of ordinary_make(), and MISHAP_LIMIT of image_compile().
 */
enum mishap compiled_make(const struct rrset_list *zone, const struct arena *arena,
                          struct writer *to, struct fault *shape, struct fault *fault) CHECKED;

#endif
