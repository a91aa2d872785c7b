/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_COMPILE_H
#define COMITY_ROOTD_COMPILE_H

/* compile.h - rootd without a ledger: from a zone's text to its image, and what is in one. */

#include <stdbool.h>

#include "base/mishap.h"
#include "dns/dname.h"

/* Reads the master file at `zone` (dns/zonefile.h), its names relative to `origin`, and puts its
 * image at `image`, at once, by renaming; with `any_shape` a zone that is not root-shaped becomes
 * an ordinary one. With `zonemd`, one that is not what its ZONEMD says is refused (RFC 8976 section
 * 4). Mishaps are told on standard error; MISHAP_IO, or of what the zone is. */
enum mishap compile_zone(const char *zone, const struct dname *origin, const char *image,
                         bool any_shape, bool zonemd) CHECKED;

struct compile_start {
	const char *zone; /* a master file, its names relative to `origin` */
	const struct dname *origin;
	const char *image;
	bool zonemd;      /* it must be what its ZONEMD says, if it has one */
	const char *user; /* that the process becomes; NULL: who we are */
	bool sandbox;     /* it sees the two folders only, and calls next to nothing */
};

/*
 * Before serving: makes the image in a process of its own, which is started before any secret
 * is read. Returns when the image is in place; the transfer file follows. Mishaps as above.
 */
enum mishap compile_start(const struct compile_start *start) CHECKED;

#endif
