/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_COURIER_H
#define COMITY_ROOTD_COURIER_H

/*
 * courier.h - the process that brings zones in and tells others of new ones.
 *
 * It asks the primaries when their SOA or a NOTIFY says so, has what comes built by a process
 * of its own (builder.h), puts it where the server looks for its image, and sends NOTIFY to the
 * secondaries. It answers nobody; the server answers nobody's transfer.
 */

#include "base/digest.h"
#include "base/mishap.h"
#include "host/net/served.h"
#include "prog/rootd/config.h"
#include "prog/rootd/options.h"

/* What the server says to the courier, besides NOTIFYs (served.h): what it serves now. */
#define COURIER_SERVING UINT32_MAX /* in served_notify.has_serial */

/* What the courier says to the server: an octet each; behind COURIER_CHANGES the rest of it. */
enum courier_word { COURIER_EXPIRED = 'e', COURIER_CONFIRMED = 'c', COURIER_CHANGES = 'd' };

/* A delta that is good, as a transfer file has it. Its octets stand behind. */
struct courier_changes {
	uint32_t size;             /* octets, at most COURIER_CHANGES_MAX */
	uint32_t from;             /* the serial it begins at */
	uint8_t zone[SHA384_SIZE]; /* digest of the zone that it leads to, or zeros (builder.h)
	                            */
};

#define COURIER_CHANGES_MAX ((size_t)256 << 10)

struct courier {
	int tell;   /* served_notify goes in here; does not block */
	int listen; /* courier_words come out here; does not block */
};

/* Starts the process; it ends when this one does. MISHAP_IO, told on standard error. */
enum mishap courier_start(const struct options *options, struct config *config,
                          struct courier *courier) CHECKED;

#endif
