/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_PROG_COMITY_IMPORT_OPTIONS_H
#define COMITY_PROG_COMITY_IMPORT_OPTIONS_H

/* import_options.h - the command line of comity import (comity-import(1)). */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/time.h"
#include "dns/dname.h"
#include "host/net/listen.h"
#include "prog/comity/command.h"

struct import_options {
	const char *file; /* "-": standard input; NULL: a transfer */
	const char *from; /* the server, as it was named */
	struct listen_address server;
	struct dname apex;
	const char *apex_text; /* canonical */
	const char *anchor;    /* NULL: nothing is verified */
	bool inception;
	struct ledger_time at;
	const char *map;      /* NULL: by countries */
	struct bytes parties; /* words with single blanks between; empty: not said */
	struct bytes common;
	struct ledger_time waive_until;
	const char *output; /* NULL: standard output */
	bool verbose, sandbox;
};

/* False, after telling why on standard error: misuse. */
bool import_options_read(struct command *command, int argc, char *argv[],
                         struct import_options *options);

#endif
