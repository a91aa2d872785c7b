/* SPDX-License-Identifier: Apache-2.0 */
#include "host/observing/runner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/beside.h"
#include "host/file.h"
#include "host/launch.h"
#include "observing/sighting.h"

#define NAME   "comity-check-helper"
#define FOLDER "comity" /* where a build tree has it, beside the folder of the program that asks */

/* The question as a file without a name, read from its beginning. */
static int question_file(struct bytes asking)
{
	int file = memfd_create("asking", MFD_CLOEXEC);

	if (file >= 0 && file_write_all(file, asking) == OK && lseek(file, 0, SEEK_SET) == 0)
		return file;
	fprintf(stderr, "comity: the question: %s\n", strerror(errno));
	if (file >= 0)
		close(file);
	return -1;
}

/* Where it is installed, or beside the program; for a program that has a folder of its own in a build tree, in
 * that of comity. */
static void helper_find(char path[BESIDE_PATH_SIZE])
{
	char folder[BESIDE_PATH_SIZE], built[BESIDE_PATH_SIZE];

	beside_find(path, NAME);
	if (access(path, X_OK) != 0 && beside_folder(folder) &&
	    snprintf(built, sizeof(built), "%s/../" FOLDER "/" NAME, folder) < (int)sizeof(built) &&
	    access(built, X_OK) == 0)
		memcpy(path, built, sizeof(built));
}

enum mishap runner_ask(struct bytes asking, bool open, struct arena *arena, struct bytes *sightings)
{
	char path[BESIDE_PATH_SIZE];
	char *arguments[] = {(char[]){NAME}, open ? (char[]){"open"} : NULL, NULL};
	struct launch launch = {"the check helper", path, arguments, question_file(asking), -1};
	enum mishap mishap;

	if (launch.input < 0)
		return MISHAP_IO;
	helper_find(path);
	mishap = launch_hear(&launch, SIGHTINGS_SIZE_MAX, arena, sightings);
	close(launch.input);
	return mishap;
}

bool runner_is_open(void)
{
#ifdef __SANITIZE_ADDRESS__
	return true;
#else
	return false;
#endif
}
