/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/beside.h"

#define PREFIX "comity-" /* which folders of a build tree leave out */

static bool is_there(const char *path)
{
	return access(path, X_OK) == 0;
}

static bool missing(const char *path, const char *program)
{
	fprintf(stderr, "comityd: %s: %s; comity.conf asks for %s: say where it is, programs = in [node]\n",
	        path, strerror(errno), program);
	return false;
}

bool program_find(char path[PROGRAM_PATH_SIZE], const char *configured, const char *program)
{
	char own[BESIDE_PATH_SIZE], built[PROGRAM_PATH_SIZE], *slash;

	if (configured[0] != '\0') {
		snprintf(path, PROGRAM_PATH_SIZE, "%s/%s", configured, program);
		return is_there(path) || missing(path, program);
	}
	if (!beside_folder(own))
		return missing("/proc/self/exe", program);
	if (snprintf(path, PROGRAM_PATH_SIZE, "%s/%s", own, program) < PROGRAM_PATH_SIZE && is_there(path))
		return true;
	slash = strrchr(own, '/');
	if (slash == NULL)
		return missing(path, program);
	*slash = '\0';
	if (snprintf(built, sizeof(built), "%s/%s/%s", own, program + strlen(PREFIX), program) >=
	            (int)sizeof(built) ||
	    !is_there(built))
		return missing(path, program);
	memcpy(path, built, sizeof(built));
	return true;
}
