/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_CONF_H
#define COMITY_HOST_CONF_H

/*
 * conf.h - the lines of comity.conf(5): "name = value" in sections.
 *
 * What the options mean is for those who read them: host/home.h and comityd's config.h.
 */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "base/mishap.h"

#define CONF_SIZE_MAX ((size_t)1 << 16) /* octets of the file */

/* Called for each option in order. False, and `*why` set, when there is no such option or its value
 * is none: `why` is static text. */
typedef bool conf_option(void *context, const char *section, const char *name, const char *value,
                         const char **why);

/* Reads the whole of a file's text. False, and `*fault` set with the first line that is wrong. */
bool conf_read(struct bytes text, conf_option *option, void *context, struct fault *fault) CHECKED;

#endif
