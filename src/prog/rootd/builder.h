/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_BUILDER_H
#define COMITY_ROOTD_BUILDER_H

/*
 * builder.h - a process that reads one transfer and makes image and transfer file of it.
 *
 * Whoever reads a stranger's zone holds nothing: the process wipes the keys before it reads,
 * sees no file and may call next to nothing. Messages go in by a pipe, a verdict comes out, and
 * the two files lie in memory that it shares with who started it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"
#include "dns/serial.h"
#include "host/net/held.h"
#include "prog/rootd/config.h"

enum verdict_kind {
	VERDICT_ENDED = 1,  /* the transfer is complete; the next verdict is about the zone */
	VERDICT_UP_TO_DATE, /* the primary has nothing newer */
	VERDICT_CHANGES, /* what changes is known and good; the next verdict is about the image
	                  */
	VERDICT_BUILT,   /* image and transfer file are there */
	VERDICT_REFUSED, /* `why` */
	VERDICT_NOT_APPLICABLE, /* changes that do not fit what we have: the whole zone may be
	                           asked for */
};

struct verdict {
	uint32_t kind; /* enum verdict_kind */
	uint32_t serial;
	uint64_t image_size, transfer_size; /* VERDICT_BUILT: octets */
	uint64_t changes_size;              /* VERDICT_CHANGES: octets, at builder_changes() */
	uint8_t zone[SHA384_SIZE]; /* VERDICT_CHANGES: the digest of the zone they lead to;
	                              zeros where it has no ZONEMD: nobody waits for a digest
	                              that says nothing */
	char why[160];
};

/* What to build from. What it points to is the process's own copy from its start on. */
struct building {
	uint16_t id; /* of the request that is to be answered */
	struct bytes apex;
	const struct held *have;       /* NULL: AXFR was asked for */
	const struct held *before;     /* whose deltas are carried on; NULL: none */
	const struct rrset_list *zone; /* in both of them */
	bool zonemd_required;
	struct config *config; /* whose keys are wiped */
};

struct builder {
	pid_t process;                /* 0: none */
	uint16_t id;                  /* building.id */
	int to, from;                 /* pipes */
	struct arena image, transfer; /* shared */
};

#define BUILDER_NONE ((struct builder){.to = -1, .from = -1})

/* Starts the process, which makes ready to apply changes and then waits for messages: the
 * longer before, the sooner it has a verdict. MISHAP_IO, told on standard error. */
enum mishap builder_start(struct builder *builder, const struct building *building) CHECKED;

/* Hands it a message. False: it is gone, or has said something already. */
bool builder_give(struct builder *builder, struct bytes message) CHECKED;

/* Waits for what it says. False: it is gone. */
bool builder_verdict(struct builder *builder, struct verdict *verdict) CHECKED;

/* The delta of VERDICT_CHANGES, as a transfer file has it. A view into memory that the process
 * can write. */
struct bytes builder_changes(const struct builder *builder, const struct verdict *verdict);

/* Ends it, if there is one, and gives its memory back. */
void builder_end(struct builder *builder);

#endif
