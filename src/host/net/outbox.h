/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_OUTBOX_H
#define COMITY_HOST_NET_OUTBOX_H

/*
 * outbox.h - a transfer on its way out by a stream socket that does not block.
 *
 * Messages are made in batches and handed to the kernel as they lie in the transfer file, many
 * in one call.
 */

#include <stdbool.h>
#include <sys/uio.h>

#include "host/net/held.h"
#include "host/net/tls.h"
#include "serving/sending.h"

#define OUTBOX_BATCH 32 /* messages made at once */

struct outbox {
	struct sending sending;
	struct held *held;
	struct outbox *next;   /* in a list of free ones */
	unsigned first, count; /* parts not yet sent: [first, count) */
	struct iovec part[OUTBOX_BATCH * SENDING_PARTS];
	struct sending_message message[OUTBOX_BATCH];
};

enum outbox_state { OUTBOX_DONE, OUTBOX_WAITS, OUTBOX_LOST };

/* Begins with what attend() began in `outbox->sending`; holds its transfer file. */
void outbox_begin(struct outbox *outbox);

/* Sends what can be sent without waiting, at most a batch and what was left of one; `*progress`
 * tells whether any octet went. OUTBOX_WAITS: there is more. */
enum outbox_state outbox_send(struct outbox *outbox, int descriptor, bool *progress);

/* The same by a session of TLS. */
enum outbox_state outbox_send_tls(struct outbox *outbox, const struct tls_library *library,
                                  struct tls *tls, int descriptor, bool *progress);

/* Ends it, sent or not. */
void outbox_end(struct outbox *outbox);

#endif
