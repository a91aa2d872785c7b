/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ORDINARY_MAKE_H
#define COMITY_SERVING_ORDINARY_MAKE_H

/* make.h - from a zone to the file it is answered from the ordinary way (file.h). */

#include "base/arena.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "dns/rrset.h"

/*
 * Writes the file of `zone` into `to`, which begins at an address divisible by IMAGE_ALIGN. The
 * same zone gives the same octets. The zone is one that rrset_list_make() would make; and
 *
 *   - its first owner is the apex, with one SOA and an NS set, and every owner is
 *     in-domain of it;
 *   - a CNAME stands alone but for an NSEC, and a CNAME or DNAME set is one record (RFC 2181
 *     section 10.1, RFC 6672 section 2.4);
 *   - nothing stands below a DNAME, which stands with no NS but at the apex; and neither a DNAME
 *     nor an NS set at a wildcard, where their meaning is not defined (RFC 4592 section 4);
 *   - when the apex has an NSEC, so has every authoritative owner and zone cut,
 *     and following them leads through all back to the apex;
 *   - when it has an NSEC3PARAM instead, the NSEC3s of the one that chain_find() takes form a chain of
 *     all that RFC 5155 section 7.1 wants in it, and of nothing else. Those of others are not served.
 *
 * Otherwise MISHAP_MALFORMED, with fault->line the index of an rrset from 1. MISHAP_FULL: `to`
 * or what is left of the arena is too small. What `arena` has left is used, and given back.
 */
enum mishap ordinary_make(const struct rrset_list *zone, const struct arena *arena,
                          struct writer *to, struct fault *fault) CHECKED;

#endif
