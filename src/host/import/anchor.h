/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_ANCHOR_H
#define COMITY_HOST_IMPORT_ANCHOR_H

/*
 * anchor.h - the keys of a zone that its reader trusts beforehand: DS or DNSKEY records in a
 * master file, or the XML in which IANA publishes those of the root (RFC 7958).
 *
 * Of the XML exactly what that RFC describes is read; entities, CDATA and document types are
 * refused. A digest counts from its validFrom up to its validUntil. Only the sandboxed helper
 * calls this.
 */

#include <ldns/ldns.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/time.h"

/*
 * Pushes the DS and DNSKEY records of `text` that are for `apex` and valid at that time to
 * `anchors`. False, and `*fault` set (line 0 for XML), when it is neither form.
 */
bool anchor_read(struct bytes text, const ldns_rdf *apex, struct ledger_time at,
                 struct arena *arena, ldns_rr_list *anchors, struct fault *fault) CHECKED;

#endif
