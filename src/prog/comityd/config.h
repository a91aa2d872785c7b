/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITYD_CONFIG_H
#define COMITY_COMITYD_CONFIG_H

/* config.h - comity.conf(5). */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "base/mishap.h"

#define CONFIG_CHILDREN_MAX 8
#define CONFIG_ARGS_MAX     64
#define CONFIG_ARGS_OURS    5 /* of them: what comityd adds itself, and the NULL */

struct config_child {
	const char *program;                 /* "signerd", "rootd" */
	const char *argument[CONFIG_ARGS_MAX]; /* behind the program's name; owned */
	unsigned arguments;
};

struct config {
	char home[900];
	char node[900];   /* folder of the journal and the public files */
	char socket[960];
	char programs[960]; /* folder of the other programs; empty: program_find() looks */
	char signer[960]; /* home of the party whose signer is started; empty: none */
	struct config_child child[CONFIG_CHILDREN_MAX];
	unsigned children;
};

/* Takes the text of the comity.conf of that home. False, and `*fault` set with the line; config_free() takes
 * what was made even so. */
bool config_take(struct config *config, const char *home, struct bytes text, struct fault *fault) CHECKED;

void config_free(struct config *config);

/* Reads HOME/comity.conf. MISHAP_IO, MISHAP_MALFORMED; told with file and line. */
enum mishap config_read(struct config *config, const char *home) CHECKED;

#endif
