/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_SVCB_H
#define COMITY_DNS_SVCB_H

/* svcb.h - the SvcParams of SVCB and HTTPS records (RFC 9460). */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/writer.h"

/* True when `params` is keys in ascending order with their values (section 2.2), and those we know have a
 * value of their form (section 7). */
bool svcb_check_params(struct bytes params);

/* Room for the parameters of one record while they are read. */
#define SVCB_PARAMS_MAX 32
#define SVCB_VALUES_MAX 4096 /* octets of all values */

struct svcb_params {
	unsigned count;
	struct svcb_param {
		uint16_t key;
		uint16_t at, size; /* in values[] */
	} param[SVCB_PARAMS_MAX];
	size_t used;
	uint8_t values[SVCB_VALUES_MAX];
};

/* Adds one word `key` or `key=value` (section 2.1), the quotes around the value still there. False when it is
 * none, repeats a key, or there is no room. */
bool svcb_add_param(struct svcb_params *params, struct bytes word);

/* Writes what was added, in ascending order. False when it is not what svcb_check_params() takes. */
bool svcb_write_params(struct writer *writer, struct svcb_params *params);

#endif
