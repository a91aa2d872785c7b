/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_CONVERT_H
#define COMITY_HOST_IMPORT_CONVERT_H

/* convert.h - a record of ldns as one of ours (dns/rr.h). Only the sandboxed helper calls this. */

#include <ldns/ldns.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/mishap.h"
#include "dns/rr.h"

/* Owner and RDATA are copied into the arena, their names in lower case. False, and `*why` set,
 * when RDATA or TTL is nothing that we would write. */
bool convert_rr(const ldns_rr *from, struct arena *arena, struct rr *to,
                const char **why) CHECKED;

#endif
