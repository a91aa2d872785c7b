/* SPDX-License-Identifier: Apache-2.0 */
#include "host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum mishap tell(const char *path, const char *what)
{
	fprintf(stderr, "comity: %s: %s: %s\n", path, what, strerror(errno));
	return MISHAP_IO;
}

bool file_path(char path[FILE_PATH_MAX], const char *folder, const char *name)
{
	int size = snprintf(path, FILE_PATH_MAX, "%s/%s", folder, name);

	return size > 0 && size < FILE_PATH_MAX;
}

enum mishap file_read(const char *path, size_t most, struct arena *arena, struct bytes *content,
                      bool *missing)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint8_t *at;
	size_t used = 0;

	if (missing != NULL)
		*missing = file < 0 && errno == ENOENT;
	if (file < 0)
		return missing != NULL && *missing ? OK : tell(path, "cannot be read");
	if (fstat(file, &st) != 0) {
		close(file);
		return tell(path, "cannot be read");
	}
	if ((uint64_t)st.st_size > most || (uint64_t)st.st_size > arena->size - arena->used) {
		close(file);
		fprintf(stderr, "comity: %s: larger than %zu octets\n", path, most);
		return MISHAP_LIMIT;
	}
	at = arena_take(arena, (size_t)st.st_size);
	while (used < (size_t)st.st_size) {
		ssize_t got = read(file, at + used, (size_t)st.st_size - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	close(file);
	*content = (struct bytes){at, used};
	return used == (size_t)st.st_size ? OK : tell(path, "cannot be read");
}

enum mishap file_write_all(int descriptor, struct bytes bytes)
{
	while (bytes.size > 0) {
		ssize_t put = write(descriptor, bytes.at, bytes.size);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return MISHAP_IO;
		bytes = bytes_from(bytes, (size_t)put);
	}
	return OK;
}

enum mishap file_sync_name(const char *path)
{
	char folder[FILE_PATH_MAX];
	char *slash;
	int at, synced;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		snprintf(folder, sizeof(folder), ".");
	else
		slash[slash == folder] = '\0';
	at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return tell(folder, "cannot be synced");
	synced = fsync(at);
	close(at);
	return synced == 0 ? OK : tell(folder, "cannot be synced");
}

static bool is_device(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static enum mishap device_write(const char *path, struct bytes content)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	bool written = file >= 0 && file_write_all(file, content) == OK;

	if (file >= 0 && close(file) != 0)
		written = false;
	return written ? OK : tell(path, "cannot be written");
}

enum mishap file_write(const char *path, mode_t mode, struct bytes content, bool synced)
{
	char temporary[FILE_PATH_MAX];
	int file;
	bool written;

	if (is_device(path))
		return device_write(path, content);
	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return tell(path, "cannot be written");
	}
	/* What somebody who was interrupted left may be read-only: it is not written to, but replaced. */
	(void)unlink(temporary);
	file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (file < 0)
		return tell(temporary, "cannot be written");
	written = file_write_all(file, content) == OK && (!synced || fsync(file) == 0);
	if (close(file) != 0 || !written || rename(temporary, path) != 0)
		return tell(path, "cannot be written");
	return synced ? file_sync_name(path) : OK;
}

/* A folder that is new is entered on the disk in the one above it: what is synced below it could
 * not be found otherwise. */
static enum mishap make_one(const char *path, mode_t mode)
{
	if (mkdir(path, mode) == 0)
		return file_sync_name(path);
	return errno == EEXIST ? OK : tell(path, "cannot be made");
}

enum mishap file_make_folder(const char *path, mode_t mode)
{
	char part[FILE_PATH_MAX];
	enum mishap made = OK;

	snprintf(part, sizeof(part), "%s", path);
	for (char *slash = strchr(part + 1, '/'); slash != NULL && made == OK;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		made = make_one(part, mode);
		*slash = '/';
	}
	return made == OK ? make_one(part, mode) : made;
}
