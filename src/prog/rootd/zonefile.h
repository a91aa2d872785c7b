/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_ZONEFILE_H
#define COMITY_ROOTD_ZONEFILE_H

/* zonefile.h - the file of one zone beside the main one: an image where the zone is
 * root-shaped, else an ordinary zone. Its first octets say which. */

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/writer.h"
#include "dns/rrset.h"
#include "serving/image.h"
#include "serving/ordinary/file.h"

struct zonefile {
	struct bytes file;
	bool is_ordinary;
	struct image image;       /* unless is_ordinary */
	struct ordinary ordinary; /* with is_ordinary */
};

/* Opens all of `file` as image_open() and ordinary_open() do: NULL when it is good. */
const char *zonefile_open(struct bytes file, struct zonefile *opened) CHECKED;

struct bytes zonefile_apex(const struct zonefile *zone);
struct serial zonefile_serial(const struct zonefile *zone);

/* The digest of RFC 8976 over the zone: SHA384_SIZE octets. */
const uint8_t *zonefile_digest(const struct zonefile *zone);

/*
 * Makes the file of a zone: its image, or, when it is not root-shaped, an ordinary zone; `*shape`
 * then is why it is not, with the set it is about, and `shape->why` NULL otherwise. Mishaps of
 * ordinary_make(), and MISHAP_LIMIT of image_compile().
 */
enum mishap zonefile_make(const struct rrset_list *zone, const struct arena *arena,
                          struct writer *to, struct fault *shape, struct fault *fault) CHECKED;

#endif
