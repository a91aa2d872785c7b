/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_COMPILE_H
#define COMITY_ROOTD_COMPILE_H

/* compile.h - rootd without a ledger: from a zone's text to its image, and what is in one. */

#include <stdbool.h>

#include "base/mishap.h"

/* Reads the canonical text at `zone` (dns/zonetext.h) and puts its image at `image`, at once,
 * by renaming; with `any_shape` a zone that is not root-shaped becomes an ordinary one. Mishaps are told on standard error; MISHAP_IO, or of what the zone is. */
enum mishap compile_zone(const char *zone, const char *image, bool any_shape) CHECKED;

#endif
