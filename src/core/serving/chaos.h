/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_CHAOS_H
#define COMITY_SERVING_CHAOS_H

/*
 * chaos.h - what a server tells about itself, in class CH (RFC 4892).
 *
 *   version.bind. version.server.   the version of the software
 *   hostname.bind. id.server.       which instance this is
 *   height.ledger.comity.           the last block its operator's node applied, decimal
 *   size.ledger.comity.             the size of the log at that block, decimal
 *   root.ledger.comity.             the root of the log's tree, base64
 */

#include <stdbool.h>

#include "base/writer.h"
#include "serving/answer.h"
#include "serving/request.h"

/*
 * Writes the one TXT record that answers the question of `request`, which stands in
 * `message`. False when there is none: another type, an unknown name, or nothing to tell.
 */
bool chaos_write(struct writer *to, const struct answerer *server,
                 const struct request *request, const uint8_t *message);

#endif
