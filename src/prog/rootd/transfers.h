/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_TRANSFERS_H
#define COMITY_ROOTD_TRANSFERS_H

/* transfers.h - the transfer file beside an image: IMAGE.xfr (comity-transfer(5)). */

#include "base/mishap.h"
#include "dns/rrset.h"
#include "host/net/held.h"
#include "serving/image.h"

/* The path of the transfer file of an image, in memory of its own that is kept. */
const char *transfers_path(const char *image_path);

/* Reads the transfer file. NULL: there is none, or, told on standard error, it is not good. The
 * caller holds it. */
struct held *transfers_load(const char *path);

/* True when it has the zone that the image was made of. */
bool transfers_match(const struct held *held, const struct image *image);

/*
 * Writes the transfer file of `zone`, whose digest is `digest` (RFC 8976), carrying on the
 * deltas of the one that stands there. MISHAP_IO, MISHAP_LIMIT, told on standard error.
 */
enum mishap transfers_write(const char *path, const struct rrset_list *zone,
                            const uint8_t digest[SHA384_SIZE]) CHECKED;

#endif
