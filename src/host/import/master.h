/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_MASTER_H
#define COMITY_HOST_IMPORT_MASTER_H

/*
 * master.h - master files as others write them (RFC 1035 section 5), read by ldns.
 *
 * $ORIGIN, $TTL, relative names, left-out classes and owners, parentheses, comments. $INCLUDE is
 * refused: what is read here may come from anybody. Only the sandboxed helper calls this.
 */

#include <ldns/ldns.h>
#include <stdbool.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "base/mishap.h"

/*
 * Pushes the records of `text` to `records`, whose owner they become; relative names are below
 * `origin`. False, and `*fault` with the line, at the first that cannot be read, is of another class
 * than IN, or does not lie in `origin`.
 */
bool master_read(struct bytes text, const ldns_rdf *origin, ldns_rr_list *records,
                 struct fault *fault) CHECKED;

#endif
