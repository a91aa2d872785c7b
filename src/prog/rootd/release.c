/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/release.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "serving/live.h"

struct file_identity file_identity_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return (struct file_identity){0};
	return (struct file_identity){st.st_dev, st.st_ino, st.st_size, st.st_ctim};
}

uint32_t release_seconds_since(const char *path)
{
	int64_t seconds = time(NULL) - file_identity_of(path).changed.tv_sec;

	return seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

bool file_identity_same(const struct file_identity *a, const struct file_identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

static enum mishap complain(const char *path, const char *why)
{
	fprintf(stderr, "comity-rootd: %s: %s\n", path, why);
	return MISHAP_IO;
}

static size_t whole_pages(size_t size)
{
	return (size + (size == 0) + LIVE_PAGE - 1) / LIVE_PAGE * LIVE_PAGE;
}

/* All of the file, in pages of our own and `room` octets behind them; `at` NULL when it cannot
 * be read. */
static struct bytes read_file(int descriptor, size_t size, size_t room)
{
	uint8_t *at = mmap(NULL, whole_pages(size) + room, PROT_READ | PROT_WRITE,
	                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t had = 0;

	if (at == MAP_FAILED)
		return (struct bytes){NULL, 0};
	while (had < size) {
		ssize_t n = read(descriptor, at + had, size - had);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break; /* it shrank: image_open() will say so */
		had += (size_t)n;
	}
	mprotect(at, whole_pages(size), PROT_READ);
	return (struct bytes){at, size};
}

static enum mishap read_path(const char *path, size_t room, struct bytes *file)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (descriptor < 0)
		return errno == ENOENT ? MISHAP_IO : complain(path, strerror(errno));
	*file = (struct bytes){NULL, 0};
	if (fstat(descriptor, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= UINT32_MAX)
		*file = read_file(descriptor, (size_t)st.st_size, room);
	close(descriptor);
	return file->at != NULL ? OK : complain(path, "not a file we can read");
}

enum mishap release_read_file(const char *path, struct bytes *file)
{
	return read_path(path, 0, file);
}

enum mishap release_load(const char *path, struct release *release)
{
	struct release loaded = {0};
	const char *why;

	if (read_path(path, LIVE_ROOM, &loaded.file) != OK)
		return access(path, F_OK) == 0 ? MISHAP_IO : complain(path, strerror(errno));
	loaded.mapped = whole_pages(loaded.file.size) + LIVE_ROOM;
	why = image_open(loaded.file, &loaded.image);
	if (why != NULL) {
		release_free(&loaded);
		complain(path, why);
		return MISHAP_MALFORMED;
	}
	*release = loaded;
	return OK;
}

void release_free(struct release *release)
{
	if (release->file.at != NULL)
		munmap((void *)(uintptr_t)release->file.at, release->mapped);
	*release = (struct release){0};
}

const char *release_refused(const struct image *next, const struct image *now,
                            const struct status *status, bool allow_older)
{
	enum serial_order order;

	if (status != NULL && status->expects) {
		if (image_serial(next).value != status->serial.value)
			return "not the serial that is expected";
		if (memcmp(next->header->zone, status->zone, sizeof(status->zone)) != 0)
			return "not the zone that is expected";
		return NULL;
	}
	if (now == NULL)
		return NULL;
	if (!bytes_same(image_apex(next), image_apex(now)))
		return "of another apex than what is served";
	order = serial_compare(image_serial(next), image_serial(now));
	if (!allow_older && order != SERIAL_AFTER && order != SERIAL_SAME)
		return "older than what is served";
	return NULL;
}

bool status_load(const char *path, struct status *status)
{
	uint8_t page[STATUS_SIZE];
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (descriptor >= 0) {
		n = read(descriptor, page, sizeof(page));
		close(descriptor);
	}
	return n >= 0 && status_read((struct bytes){page, (size_t)n}, status);
}

bool status_same(const struct status *a, const struct status *b)
{
	uint8_t pages[2][STATUS_SIZE];
	struct writer wa = {.at = pages[0], .size = STATUS_SIZE};
	struct writer wb = {.at = pages[1], .size = STATUS_SIZE};

	status_write(&wa, a);
	status_write(&wb, b);
	return memcmp(pages[0], pages[1], STATUS_SIZE) == 0;
}
