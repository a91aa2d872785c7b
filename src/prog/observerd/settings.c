/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/observerd/settings.h"

#include <stdio.h>
#include <string.h>

#include "act/kind.h"
#include "base/text.h"
#include "host/conf.h"
#include "host/file.h"
#include "observing/asking.h"

#define PAUSE_DEFAULT 60
#define PAUSE_MAX     3600

static bool set_resolver(struct settings *s, const char *value)
{
	uint8_t octets[IPV6_SIZE];

	return s->resolvers < SETTINGS_RESOLVERS_MAX && address_read(bytes_of(value), octets) > 0 &&
	       snprintf(s->resolver[s->resolvers++], sizeof(s->resolver[0]), "%s", value) > 0;
}

static bool option(void *context, const char *section, const char *name, const char *value,
                   const char **why)
{
	struct settings *s = context;
	uint64_t number;

	if (strcmp(section, "observer") != 0)
		return true; /* others read those */
	if (strcmp(name, "vantage") == 0) {
		*why = "not of the form of a name of a party";
		return party_name_valid(bytes_of(value)) &&
		       snprintf(s->vantage, sizeof(s->vantage), "%s", value) < (int)sizeof(s->vantage);
	}
	if (strcmp(name, "resolver") == 0) {
		*why = "not an address, or more than eight";
		return set_resolver(s, value);
	}
	*why = strcmp(name, "pause") == 0 ? "not seconds, 0 to 3600" : "no such option";
	if (strcmp(name, "pause") != 0 || !text_number(bytes_of(value), PAUSE_MAX, &number))
		return false;
	s->pause_seconds = (unsigned)number;
	return true;
}

enum mishap settings_read(struct settings *settings, const char *home)
{
	uint8_t memory[CONF_SIZE_MAX + 64] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes text = {NULL, 0};
	char path[FILE_PATH_MAX];
	struct fault fault;
	enum mishap mishap;

	*settings = (struct settings){.pause_seconds = PAUSE_DEFAULT};
	if (!file_path(path, home, "comity.conf"))
		return MISHAP_LIMIT;
	mishap = file_read(path, CONF_SIZE_MAX, &arena, &text, NULL);
	if (mishap != OK)
		return mishap;
	if (!conf_read(text, option, settings, &fault)) {
		fprintf(stderr, "comity-observerd: %s: line %u: %s\n", path, fault.line, fault.why);
		return MISHAP_MALFORMED;
	}
	if (settings->vantage[0] != '\0')
		return OK;
	fprintf(stderr, "comity-observerd: %s: [observer] says no vantage: the network it asks from\n", path);
	return MISHAP_MALFORMED;
}
