/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_RELEASE_H
#define COMITY_ROOTD_RELEASE_H

/*
 * release.h - an image in memory, and whether it may be served.
 *
 * The file is read, not mapped: what was checked is what is served, whatever becomes
 * of the file. Its pages are then made read-only.
 */

#include <stdbool.h>
#include <sys/stat.h>

#include "serving/image.h"
#include "serving/status.h"

struct release {
	struct image image;
	struct bytes file; /* ours: release_free() gives it back */
	size_t mapped;     /* octets from its begin on: live.h writes behind it */
};

/* Which file a path named when it was looked at. */
struct file_identity {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

/* The identity of the file at `path`; all zero when there is none. */
struct file_identity file_identity_of(const char *path);
bool file_identity_same(const struct file_identity *a, const struct file_identity *b);

/* How many seconds ago the file at `path` was put in place. */
uint32_t release_seconds_since(const char *path);

/* Reads a whole file into pages of its own, read-only, at least one. MISHAP_IO, told on
 * standard error unless there is no such file. */
enum mishap release_read_file(const char *path, struct bytes *file) CHECKED;

/* Reads and opens the image at `path`. MISHAP_IO or MISHAP_MALFORMED, told on standard error,
 * and `*release` untouched. */
enum mishap release_load(const char *path, struct release *release) CHECKED;
void release_free(struct release *release);

/*
 * Why `next` may not be served, NULL when it may: the status page expects another release, or,
 * when it expects none (or `status` is NULL), `now` is of another apex or newer. `now` is NULL
 * at the start.
 */
const char *release_refused(const struct image *next, const struct image *now,
                            const struct status *status, bool allow_older);

/* Reads the status page at `path`; false when it is not there or torn. */
bool status_load(const char *path, struct status *status);

/* True when both would be written as the same page. */
bool status_same(const struct status *a, const struct status *b);

#endif
