/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_FILE_H
#define COMITY_HOST_FILE_H

/*
 * file.h - whole files, read and written so that a crash leaves the old one or the new one.
 *
 * Every failure is told on standard error with the path; the caller decides what follows.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"

#define FILE_PATH_MAX 1024

/* A path put together from a folder and a name; false when it would be too long. */
bool file_path(char path[FILE_PATH_MAX], const char *folder, const char *name);

/* Reads a whole file of at most `most` octets into the arena. MISHAP_IO, MISHAP_LIMIT. When
 * `missing` is not NULL a file that is not there is no failure: it is set, and OK returned. */
enum mishap file_read(const char *path, size_t most, struct arena *arena, struct bytes *content,
                      bool *missing) CHECKED;

/* Writes a whole file by way of a temporary one beside it, and renames. `synced`: file and folder
 * are on the disk when it returns. A device or a pipe is written to, not replaced. MISHAP_IO. */
enum mishap file_write(const char *path, mode_t mode, struct bytes content, bool synced) CHECKED;

/* The name of a file is on the disk when it returns: its folder is synced. MISHAP_IO. */
enum mishap file_sync_name(const char *path) CHECKED;

/* Makes a folder, and those above it, unless they are there; each one's name is synced. MISHAP_IO. */
enum mishap file_make_folder(const char *path, mode_t mode) CHECKED;

/* All of `bytes` to a descriptor. MISHAP_IO, nothing told. */
enum mishap file_write_all(int descriptor, struct bytes bytes) CHECKED;

#endif
