/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "comity-" /* which folders of a build tree leave out */

static bool is_there(const char *path)
{
	return access(path, X_OK) == 0;
}

static bool own_folder(char folder[PROGRAM_PATH_SIZE])
{
	ssize_t size = readlink("/proc/self/exe", folder, PROGRAM_PATH_SIZE - 1);

	if (size <= 0)
		return false;
	folder[size] = '\0';
	*strrchr(folder, '/') = '\0';
	return true;
}

static bool missing(const char *path, const char *program)
{
	fprintf(stderr, "comityd: %s: %s; comity.conf asks for %s: say where it is, programs = in [node]\n",
	        path, strerror(errno), program);
	return false;
}

bool program_find(char path[PROGRAM_PATH_SIZE], const char *configured, const char *program)
{
	char own[PROGRAM_PATH_SIZE], built[PROGRAM_PATH_SIZE];

	if (configured[0] != '\0') {
		snprintf(path, PROGRAM_PATH_SIZE, "%s/%s", configured, program);
		return is_there(path) || missing(path, program);
	}
	if (!own_folder(own))
		return missing("/proc/self/exe", program);
	if (snprintf(path, PROGRAM_PATH_SIZE, "%s/%s", own, program) < PROGRAM_PATH_SIZE && is_there(path))
		return true;
	*strrchr(own, '/') = '\0';
	if (snprintf(built, sizeof(built), "%s/%s/%s", own, program + strlen(PREFIX), program) >=
	            (int)sizeof(built) ||
	    !is_there(built))
		return missing(path, program);
	memcpy(path, built, sizeof(built));
	return true;
}
