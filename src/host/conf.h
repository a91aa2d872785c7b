/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_CONF_H
#define COMITY_HOST_CONF_H

/*
 * conf.h - the lines of comity.conf(5), and what is wrong with the first that is not understood.
 *
 * Who reads sees each "name = value" with its section and says whether it stands; nothing is read
 * behind a line that does not.
 */

#include <stdbool.h>

#include "base/fault.h"
#include "base/mishap.h"

/* One line. False: it is not understood, and `*why` says so; which lives on. */
typedef bool conf_take(void *context, const char *section, const char *name, const char *value,
                       const char **why);

/* Reads the file at `path`. MISHAP_IO: it cannot be read; MISHAP_MALFORMED: `*fault` says which line,
 * and why. Nothing is told. */
enum mishap conf_read(const char *path, conf_take *take, void *context, struct fault *fault) CHECKED;

#endif
