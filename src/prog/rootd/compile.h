/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_COMPILE_H
#define COMITY_ROOTD_COMPILE_H

/* compile.h - rootd without a ledger: from a zone's text to its image, and what is in one. */

#include <stdbool.h>

#include "base/mishap.h"
#include "dns/dname.h"

/* Reads the master file at `zone` (dns/zonefile.h), its names relative to `origin`, and puts its
 * image at `image`, at once, by renaming; with `any_shape` a zone that is not root-shaped becomes
 * an ordinary one. Mishaps are told on standard error; MISHAP_IO, or of what the zone is. */
enum mishap compile_zone(const char *zone, const struct dname *origin, const char *image,
                         bool any_shape) CHECKED;

#endif
