/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_SCRATCH_H
#define COMITY_TEST_SCRATCH_H

/*
 * scratch.h - a folder of its own for one run of a test, gone with the process that made it.
 * Include it in one .c file of a test, after tap.h.
 */

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"

#define SCRATCH_PATH_MAX 1024

static char scratch_folder[64];
static pid_t scratch_owner;

static inline int scratch_remove_one(const char *path, const struct stat *st, int type,
                                     struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* Removes what is at a path, and below it. */
static inline void scratch_remove(const char *path)
{
	nftw(path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void scratch_end(void)
{
	if (getpid() == scratch_owner)
		scratch_remove(scratch_folder);
}

/* A path in the folder; "" is the folder itself. Valid until the fourth call from now. */
static inline const char *scratch(const char *name)
{
	static char path[4][SCRATCH_PATH_MAX];
	static unsigned turn;
	char *to = path[turn++ % 4];

	if (scratch_folder[0] == '\0') {
		snprintf(scratch_folder, sizeof(scratch_folder), "/tmp/comity-test.XXXXXX");
		if (mkdtemp(scratch_folder) == NULL)
			bail_out("no folder in /tmp");
		scratch_owner = getpid();
		atexit(scratch_end);
	}
	snprintf(to, SCRATCH_PATH_MAX, "%s%s%s", scratch_folder, name[0] == '\0' ? "" : "/", name);
	return to;
}

/* A whole file, in memory of its own; size 0 and NULL when there is none. */
static inline struct bytes scratch_read(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st = {0};
	uint8_t *at;
	ssize_t got;

	if (file < 0 || fstat(file, &st) != 0)
		return (struct bytes){NULL, 0};
	at = malloc((size_t)st.st_size + 1);
	got = at == NULL ? -1 : read(file, at, (size_t)st.st_size);
	close(file);
	if (got != st.st_size)
		bail_out(path);
	return (struct bytes){at, (size_t)got};
}

static inline void scratch_free(struct bytes content)
{
	free((void *)(uintptr_t)content.at);
}

static inline void scratch_write(const char *path, struct bytes content)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (file < 0 || write(file, content.at, content.size) != (ssize_t)content.size ||
	    close(file) != 0)
		bail_out(path);
}

#endif
