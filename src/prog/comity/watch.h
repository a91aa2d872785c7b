/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_WATCH_H
#define COMITY_COMITY_WATCH_H

/* watch.h - what the node tells as it happens, one event after another. */

#include "base/time.h"
#include "ledger/block.h"
#include "prog/comity/command.h"

struct watching {
	struct command *command;
	void *context;
	/* A block that closed; a countersignature; an answer to what the watcher asked meanwhile. Each
	 * says whether to go on. What they take from the command's memory is given back. */
	bool (*block)(struct watching *watching, const struct block *block);
	bool (*voice)(struct watching *watching, struct bytes note);
	bool (*answer)(struct watching *watching, enum ipc_type type, struct bytes body);
	int64_t seconds; /* how long to watch; negative: until interrupted */
	bool timed_out;
};

/* Subscribes, and calls until one of them says stop or the time is over. False: a mishap, told. */
bool watch_run(struct watching *watching);

/* Asks the node something whose answer comes among the events. */
bool watch_ask(struct watching *watching, enum ipc_type question, struct bytes body);

/* --for SPAN; false: told. */
bool watch_span(struct command *command, const char *text, int64_t *seconds);

#endif
