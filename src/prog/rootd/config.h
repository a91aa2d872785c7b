/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_CONFIG_H
#define COMITY_ROOTD_CONFIG_H

/* config.h - the configuration file of rootd: keys, and who transfers what (comity-rootd.conf(5)). */

#include <stdbool.h>
#include <stddef.h>

#include "base/mishap.h"
#include "host/net/listen.h"
#include "serving/attend.h"

#define CONFIG_KEYS_MAX    64
#define CONFIG_PERMITS_MAX 256
#define CONFIG_PEERS_MAX   64

/* Another server: a primary to take the zone from, or a secondary to tell of a new one. */
struct peer {
	struct listen_address address;
	const struct tsig_key *key; /* NULL: none */
};

struct config {
	struct tsig_key key[CONFIG_KEYS_MAX]; /* SECRET */
	size_t keys;
	struct permit take[CONFIG_PERMITS_MAX];
	size_t takes;
	struct permit notify[CONFIG_PERMITS_MAX];
	size_t notifies;
	struct peer secondary[CONFIG_PEERS_MAX];
	size_t secondaries;
};

/* Reads the file. MISHAP_IO, MISHAP_MALFORMED, told on standard error with the line. `*config` points into
 * itself afterwards: it must stay where it is. */
enum mishap config_read(const char *path, struct config *config) CHECKED;

#endif
