/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVERD_SETTINGS_H
#define COMITY_OBSERVERD_SETTINGS_H

/* settings.h - the section [observer] of comity.conf(5). */

#include "base/mishap.h"

#define SETTINGS_RESOLVERS_MAX 8

struct settings {
	char vantage[64]; /* the network that this party asks from */
	char resolver[SETTINGS_RESOLVERS_MAX][46];
	unsigned resolvers;     /* 0: those of this machine */
	unsigned pause_seconds; /* before it looks again at what did not hold */
};

/* Reads HOME/comity.conf. MISHAP_IO, MISHAP_MALFORMED: told on standard error, with the line. */
enum mishap settings_read(struct settings *settings, const char *home) CHECKED;

#endif
