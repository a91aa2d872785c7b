/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_CONFIG_H
#define COMITY_ROOTD_CONFIG_H

/* config.h - the configuration file of rootd: keys, and who transfers what
 * (comity-rootd.conf(5)). */

#include <stdbool.h>
#include <stddef.h>

#include "base/mishap.h"
#include "host/net/listen.h"
#include "serving/attend.h"

#define CONFIG_KEYS_MAX    64
#define CONFIG_PERMITS_MAX 256
#define CONFIG_PEERS_MAX   64
#define CONFIG_NAME_MAX    256
#define CONFIG_PATH_MAX    1024

/* Another server: a primary to take the zone from, or a secondary to tell of a new one. */
struct peer {
	struct listen_address address;
	const struct tsig_key *key; /* NULL: none */
	bool tls;
	char tls_name[CONFIG_NAME_MAX]; /* that its certificate must have; "": any (RFC 9103
	                                   section 9.3) */
};

/* What is set for one zone; of the main zone's also what is for all. */
struct config {
	struct tsig_key *key; /* SECRET: CONFIG_KEYS_MAX of them, the same for all zones */
	size_t keys;
	struct permit take[CONFIG_PERMITS_MAX];
	size_t takes;
	struct permit notify[CONFIG_PERMITS_MAX];
	size_t notifies;
	struct peer secondary[CONFIG_PEERS_MAX]; /* who is told of a new zone */
	size_t secondaries;
	struct peer primary[CONFIG_PEERS_MAX]; /* whom the zone comes from */
	size_t primaries;
	struct dname apex; /* of the zone; of the main one, what a primary is asked for when there is
	                      none yet */
	bool zonemd_required; /* a zone that comes in must have a ZONEMD */
	bool keep_expired; /* serve on when no primary has answered for as long as the SOA says
	                    */
	struct listen_address tls_listen[CONFIG_PEERS_MAX];
	size_t tls_listens;
	char tls_certificate[CONFIG_PATH_MAX], tls_key[CONFIG_PATH_MAX]; /* of ours, PEM */
	char tls_trusted[CONFIG_PATH_MAX]; /* certificates that primaries show; "": the system's
	                                    */
	bool sandbox;                      /* builders give their rights up */
	bool any_shape; /* a zone that is not root-shaped is served the ordinary way */
	char file[CONFIG_PATH_MAX]; /* of a zone beside the main one; "": of the main zone, or --zone
	                             */
	struct config *next;        /* the next zone, in memory that is kept; NULL: none */
};

/* A zone beside the main one for which nothing is set: nobody may take it. In memory that is
 * kept. */
struct config *config_of_nobody(const struct config *config);

/* Wipes the secrets: those of all zones. */
void config_wipe(struct config *config);

/* Begins with nothing set: one main zone, no key. There is one such in a process. */
void config_begin(struct config *config);

/* Reads the file. MISHAP_IO, MISHAP_MALFORMED, told on standard error with the line. `*config`
 * points into itself afterwards: it must stay where it is. */
enum mishap config_read(const char *path, struct config *config) CHECKED;

#endif
