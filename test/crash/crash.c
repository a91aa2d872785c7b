/* SPDX-License-Identifier: Apache-2.0 */
#include "crash/crash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 2048
#define PATH_SIZE 1400

/* What the linker makes of a call, and of what it stands for. */
ssize_t __real_write(int file, const void *octets, size_t size);
ssize_t __wrap_write(int file, const void *octets, size_t size);
int __real_fsync(int file);
int __wrap_fsync(int file);
int __real_fdatasync(int file);
int __wrap_fdatasync(int file);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __real_ftruncate64(int file, off_t size);
int __wrap_ftruncate64(int file, off_t size);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);

/* A name, as its folder was synced. */
struct name {
	char text[256];
	struct kept *kept;
};

/* A file or folder, as it is on the disk for certain. */
struct kept {
	dev_t device;
	ino_t number;
	int hold; /* keeps the number from being given to another file */
	bool folder;
	mode_t mode;
	uint8_t *octets; /* of a file */
	size_t size;
	struct name *name; /* of a folder */
	unsigned names;
};

static bool armed, choking;
static char root[PATH_SIZE];
static struct crash_plan plan;
static struct crash_seen *seen;
static struct kept kept[FILES_MAX];
static unsigned files;

static _Noreturn void stop(const char *what)
{
	fprintf(stderr, "crash: %s: %s\n", what, strerror(errno));
	_exit(98);
}

static void *got(void *at)
{
	if (at == NULL)
		stop("memory");
	return at;
}

static void path_of(char path[PATH_SIZE], const char *folder, const char *name)
{
	if (snprintf(path, PATH_SIZE, "%s/%s", folder, name) >= PATH_SIZE)
		stop("a path too long");
}

static bool below_root(const char *path)
{
	size_t size = strlen(root);

	return armed && strncmp(path, root, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

static struct kept *find(const struct stat *st)
{
	for (unsigned i = 0; i < files; i++)
		if (kept[i].device == st->st_dev && kept[i].number == st->st_ino)
			return &kept[i];
	return NULL;
}

static struct kept *find_open(int file)
{
	struct stat st;

	return armed && fstat(file, &st) == 0 ? find(&st) : NULL;
}

/* Registers what stands at a path; nothing of it is on the disk yet. */
static struct kept *enter(const char *path)
{
	int hold = __real_open64(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct kept *k;
	struct stat st;

	if (hold < 0 || fstat(hold, &st) != 0 || files == FILES_MAX)
		stop(path);
	k = find(&st);
	if (k != NULL) {
		close(hold);
		return k;
	}
	kept[files] = (struct kept){.device = st.st_dev,
	                            .number = st.st_ino,
	                            .hold = hold,
	                            .folder = S_ISDIR(st.st_mode),
	                            .mode = st.st_mode & 07777};
	return &kept[files++];
}

/* ---- what is synced ---- */

static void sync_file(struct kept *k, int file)
{
	char path[64];
	struct stat st;
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	again = __real_open64(path, O_RDONLY | O_CLOEXEC);
	if (again < 0 || fstat(again, &st) != 0)
		stop("reading what is synced");
	k->octets = got(realloc(k->octets, (size_t)st.st_size + 1));
	k->size = (size_t)st.st_size;
	for (size_t at = 0; at < k->size;) {
		ssize_t n = pread(again, k->octets + at, k->size - at, (off_t)at);
		if (n <= 0)
			stop("reading what is synced");
		at += (size_t)n;
	}
	close(again);
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The names of a folder, as they are now. Sockets are nothing that a disk keeps. */
static void sync_folder(struct kept *k)
{
	char path[64], below[PATH_SIZE];
	const struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/.", k->hold);
	folder = opendir(path);
	if (folder == NULL)
		stop("reading a folder");
	k->names = 0;
	while ((entry = readdir(folder)) != NULL) {
		if (is_dots(entry->d_name) || entry->d_type == DT_SOCK)
			continue;
		path_of(below, path, entry->d_name);
		k->name = got(realloc(k->name, (k->names + 1) * sizeof(*k->name)));
		snprintf(k->name[k->names].text, sizeof(k->name[k->names].text), "%s", entry->d_name);
		k->name[k->names++].kept = enter(below);
	}
	closedir(folder);
}

/* All that stands there counts as synced. */
static void sync_tree(struct kept *k)
{
	char path[64];
	int file;

	if (k->folder) {
		sync_folder(k);
		for (unsigned i = 0; i < k->names; i++)
			sync_tree(k->name[i].kept);
		return;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", k->hold);
	file = __real_open64(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		stop("reading what is there");
	sync_file(k, file);
	close(file);
}

/* ---- what a power cut leaves ---- */

static void put(const char *path, const struct kept *k, size_t size)
{
	int file = __real_open64(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t known = k->size < size ? k->size : size;

	for (size_t at = 0; file >= 0 && at < known;) {
		ssize_t n = __real_write(file, k->octets + at, known - at);
		if (n <= 0)
			stop(path);
		at += (size_t)n;
	}
	if (file < 0 || __real_ftruncate64(file, (off_t)size) != 0 || fchmod(file, k->mode) != 0)
		stop(path);
	close(file);
}

static void make_synced(const struct kept *k, const char *path)
{
	char below[PATH_SIZE];

	if (!k->folder) {
		put(path, k, k->size);
		return;
	}
	if (__real_mkdir(path, k->mode) != 0)
		stop(path);
	for (unsigned i = 0; i < k->names; i++) {
		path_of(below, path, k->name[i].text);
		make_synced(k->name[i].kept, below);
	}
}

static void make_zeros(const char *from, const char *to)
{
	char one[PATH_SIZE], other[PATH_SIZE];
	DIR *folder = opendir(from);
	const struct dirent *entry;

	if (folder == NULL || __real_mkdir(to, 0750) != 0)
		stop(to);
	while ((entry = readdir(folder)) != NULL) {
		struct stat st;

		path_of(one, from, entry->d_name);
		path_of(other, to, entry->d_name);
		if (is_dots(entry->d_name) || lstat(one, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			make_zeros(one, other);
		else if (S_ISREG(st.st_mode))
			put(other, enter(one), (size_t)st.st_size);
	}
	closedir(folder);
}

static _Noreturn void die(void)
{
	struct stat st;

	if (plan.left == CRASH_SYNCED && stat(root, &st) == 0)
		make_synced(find(&st), plan.survivor);
	if (plan.left == CRASH_ZEROS)
		make_zeros(root, plan.survivor);
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* ---- the calls ---- */

enum turn { PASS, HALF, FAIL };

static enum turn turn(enum crash_call call)
{
	unsigned number = seen->calls++;

	if (number >= CRASH_CALLS_MAX)
		stop("too many calls");
	seen->call[number] = (unsigned char)call;
	if (choking) {
		choking = false;
		errno = ENOSPC;
		return FAIL;
	}
	if (number != plan.at || plan.way == CRASH_NOT)
		return PASS;
	if (plan.way == CRASH_KILL)
		die();
	if (call == CRASH_WRITE)
		return HALF;
	errno = ENOSPC;
	return FAIL;
}

ssize_t __wrap_write(int file, const void *octets, size_t size)
{
	ssize_t half;

	if (find_open(file) == NULL)
		return __real_write(file, octets, size);
	switch (turn(CRASH_WRITE)) {
	case PASS:
		return __real_write(file, octets, size);
	case FAIL:
		return -1;
	case HALF:
		break;
	}
	half = __real_write(file, octets, size / 2);
	if (plan.way == CRASH_HALF)
		die();
	choking = half > 0;
	errno = ENOSPC;
	return half > 0 ? half : -1;
}

int __wrap_fsync(int file)
{
	struct kept *k = find_open(file);

	if (k == NULL)
		return __real_fsync(file);
	if (turn(CRASH_FSYNC) == FAIL)
		return -1;
	if (k->folder)
		sync_folder(k);
	else
		sync_file(k, file);
	return 0;
}

int __wrap_fdatasync(int file)
{
	struct kept *k = find_open(file);

	if (k == NULL)
		return __real_fdatasync(file);
	if (turn(CRASH_FDATASYNC) == FAIL)
		return -1;
	sync_file(k, file);
	return 0;
}

int __wrap_rename(const char *from, const char *to)
{
	return below_root(to) && turn(CRASH_RENAME) == FAIL ? -1 : __real_rename(from, to);
}

int __wrap_unlink(const char *path)
{
	return below_root(path) && turn(CRASH_UNLINK) == FAIL ? -1 : __real_unlink(path);
}

int __wrap_ftruncate64(int file, off_t size)
{
	return find_open(file) != NULL && turn(CRASH_FTRUNCATE) == FAIL ? -1
	                                                                 : __real_ftruncate64(file, size);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	if (!below_root(path) || access(path, F_OK) == 0)
		return __real_mkdir(path, mode);
	if (turn(CRASH_MKDIR) == FAIL || __real_mkdir(path, mode) != 0)
		return -1;
	enter(path);
	return 0;
}

int __wrap_open64(const char *path, int flags, ...)
{
	va_list rest;
	mode_t mode = 0;
	int file;

	if (flags & O_CREAT) {
		va_start(rest, flags);
		mode = va_arg(rest, mode_t);
		va_end(rest);
	}
	if ((flags & O_CREAT) == 0 || !below_root(path) || access(path, F_OK) == 0)
		return __real_open64(path, flags, mode);
	if (turn(CRASH_CREATE) == FAIL)
		return -1;
	file = __real_open64(path, flags, mode);
	if (file >= 0)
		enter(path);
	return file;
}

void crash_arm(const char *folder, const struct crash_plan *what, struct crash_seen *where)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	snprintf(root, sizeof(root), "%s", folder);
	plan = *what;
	seen = where;
	sync_tree(enter(root));
	armed = true;
}

const char *crash_call_word(enum crash_call call)
{
	static const char *const WORDS[] = {
		[CRASH_WRITE] = "write",   [CRASH_FSYNC] = "fsync",         [CRASH_FDATASYNC] = "fdatasync",
		[CRASH_RENAME] = "rename", [CRASH_UNLINK] = "unlink",       [CRASH_FTRUNCATE] = "ftruncate",
		[CRASH_MKDIR] = "mkdir",   [CRASH_CREATE] = "open (a new file)",
	};

	return WORDS[call];
}
