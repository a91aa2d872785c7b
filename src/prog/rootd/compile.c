/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dns/dname.h"
#include "dns/zonefile.h"
#include "prog/rootd/transfers.h"
#include "prog/rootd/compiled.h"
#include "serving/compile.h"
#include "serving/image.h"

#define ROOM_MAX ((size_t)1 << 40) /* octets of address space */

static enum mishap complain(const char *path, const char *why)
{
	fprintf(stderr, "comity-rootd: %s: %s\n", path, why);
	return MISHAP_IO;
}

/* Address space: only what is touched becomes memory. */
static uint8_t *reserve(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static enum mishap map_text(const char *path, struct bytes *text)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	void *at = NULL;
	struct stat st;

	if (descriptor < 0 || fstat(descriptor, &st) != 0)
		return complain(path, strerror(errno));
	if (st.st_size != 0)
		at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
	close(descriptor);
	if (at == MAP_FAILED)
		return complain(path, strerror(errno));
	*text = (struct bytes){at, (size_t)st.st_size};
	return OK;
}

static enum mishap read_zone(const char *path, const struct dname *origin,
                             struct rrset_list *zone)
{
	struct arena arena = {0};
	struct fault fault;
	struct bytes text;
	enum mishap m = map_text(path, &text);

	if (m != OK)
		return m;
	arena.size = ZONE_FILE_ARENA_SIZE(text.size);
	arena.at = reserve(arena.size);
	if (arena.at == NULL)
		return complain(path, strerror(errno));
	if (zone_file_read(text, dname_bytes(origin), &arena, zone, &fault))
		return OK;
	fprintf(stderr, "comity-rootd: %s:%u:%u: %s\n", path, fault.line, fault.column, fault.why);
	return MISHAP_MALFORMED;
}

/* Which set of the zone a fault is about. */
static void tell_set(const char *path, const struct rrset_list *zone, const struct fault *fault)
{
	uint8_t octets[DNAME_TEXT_SIZE_MAX + 16];
	struct writer name = {.at = octets, .size = sizeof(octets)};

	if (fault->line != 0) {
		const struct rrset *set = &zone->at[fault->line - 1];
		dname_write_text(&name, set->owner);
		write_octet(&name, ' ');
		type_write_text(&name, set->type);
	}
	fprintf(stderr, "comity-rootd: %s: %.*s: %s\n", path, (int)name.used, (const char *)octets,
	        fault->why);
}

/* Writes `image` beside `path` and gives it that name when all of it is on the disk. */
static enum mishap put_file(const char *path, struct bytes image)
{
	char beside[4096];
	int size = snprintf(beside, sizeof(beside), "%s.%ld", path, (long)getpid());
	size_t written = 0;
	ssize_t n = 0;
	int descriptor;

	if (size < 0 || (size_t)size >= sizeof(beside))
		return complain(path, strerror(ENAMETOOLONG));
	descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (descriptor < 0)
		return complain(beside, strerror(errno));
	while (written < image.size &&
	       (n = write(descriptor, image.at + written, image.size - written)) > 0)
		written += (size_t)n;
	if (n < 0 || fdatasync(descriptor) != 0 || rename(beside, path) != 0) {
		complain(beside, strerror(errno));
		close(descriptor);
		unlink(beside);
		return MISHAP_IO;
	}
	close(descriptor);
	return OK;
}

enum mishap compile_zone(const char *zone_path, const struct dname *origin,
                         const char *image_path, bool any_shape)
{
	struct rrset_list zone;
	struct fault fault = {0}, shape = {0};
	struct compiled made;
	struct writer image = {0};
	enum mishap m;

	m = read_zone(zone_path, origin, &zone);
	if (m != OK)
		return m;
	m = MISHAP_FULL;
	for (size_t room = IMAGE_ROOM(zone.count); m == MISHAP_FULL && room < ROOM_MAX;
	     room *= 4) {
		struct arena arena = {.at = reserve(room), .size = room};

		image = (struct writer){.at = reserve(room), .size = room};
		if (arena.at == NULL || image.at == NULL)
			return complain(image_path, strerror(errno));
		m = any_shape ? compiled_make(&zone, &arena, &image, &shape, &fault)
		              : image_compile(&zone, &arena, &image, &fault);
		munmap(arena.at, arena.size);
		if (m == MISHAP_FULL)
			munmap(image.at, image.size);
	}
	if (m == MISHAP_MALFORMED || m == MISHAP_LIMIT) {
		tell_set(zone_path, &zone, fault.why == NULL ? &shape : &fault);
		return m;
	}
	if (m == OK && shape.why != NULL) {
		tell_set(zone_path, &zone, &shape);
		fprintf(stderr, "comity-rootd: %s: so it is no root-shaped zone, but an ordinary one\n",
		        zone_path);
	}
	if (m != OK)
		return complain(zone_path, mishap_text(m));
	/* The transfer file first: whoever sees the new image finds it beside it. */
	if (compiled_open(writer_bytes(&image), &made) != NULL)
		return complain(image_path, "what was made does not open");
	m = transfers_write(transfers_path(image_path), &zone, compiled_digest(&made));
	return m == OK ? put_file(image_path, writer_bytes(&image)) : m;
}
