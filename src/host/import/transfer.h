/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_TRANSFER_H
#define COMITY_HOST_IMPORT_TRANSFER_H

/*
 * transfer.h - a zone by AXFR (RFC 5936), read by ldns, over a socket that is already connected.
 *
 * Only the sandboxed helper calls this: it can neither open a socket nor look a name up.
 */

#include <ldns/ldns.h>
#include <stdbool.h>

#include "base/fault.h"
#include "base/mishap.h"

#define TRANSFER_SIZE_MAX ((size_t)256 << 20) /* octets of all messages */

/*
 * Asks for the zone and pushes its records to `records`, whose owner they become, the closing SOA
 * left out. False, and `*fault` set, its line the number of the message.
 */
bool transfer_read(int socket, const ldns_rdf *apex, ldns_rr_list *records,
                   struct fault *fault) CHECKED;

#endif
