/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_COMPILE_H
#define COMITY_SERVING_COMPILE_H

/* compile.h - from a zone to its image (image.h). */

#include "base/arena.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "dns/rrset.h"

/* Octets that are enough for the image of an ordinary zone of so many sets, and for the arena;
 * MISHAP_FULL asks for more. What is not used is not touched. */
#define IMAGE_ROOM(sets) (1024 * (size_t)(sets) + (64u << 20))

/*
 * Compiles `zone` into `to`, which begins at an address divisible by
 * IMAGE_ALIGN. The same zone gives the same octets. The zone is one that
 * rrset_list_make() would make; and
 *
 *   - its first owner is the apex, with one SOA and an NS set, and every owner is
 *     in-domain of it;
 *   - no authoritative owner has a CNAME, DNAME, NSEC3 or NSEC3PARAM, or begins with "*";
 *   - when the apex has an NSEC, so has every authoritative owner and zone cut,
 *     and following them leads through all back to the apex.
 *
 * Otherwise MISHAP_MALFORMED, with fault->line the index of an rrset from 1.
 * MISHAP_LIMIT: a set is too large for a message (`*fault` as before).
 * MISHAP_FULL: `to` or what is left of the arena is too small. What `arena` has
 * left is used, and given back.
 */
enum mishap image_compile(const struct rrset_list *zone, const struct arena *arena,
                          struct writer *to, struct fault *fault) CHECKED;

#endif
