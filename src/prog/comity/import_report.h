/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_PROG_COMITY_IMPORT_REPORT_H
#define COMITY_PROG_COMITY_IMPORT_REPORT_H

/* import_report.h - what comity import tells people, and what it tells programs (JSON). */

#include <stdio.h>

#include "commons/importing.h"
#include "host/import/telling.h"
#include "prog/comity/import_options.h"

struct import_report {
	const struct telling *telling;
	const struct imported *imported; /* NULL: it did not come to that */
	size_t records;                  /* of the zone */
	uint32_t serial;
	struct digest source;
	size_t shares;         /* TLDs that the map names */
	struct bytes manifest; /* empty: none was made */
};

void import_report_write(FILE *to, struct command *command,
                         const struct import_options *options,
                         const struct import_report *report);
void import_report_write_json(FILE *to, const struct import_options *options,
                              const struct import_report *report);

#endif
