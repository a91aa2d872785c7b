/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dns/dname.h"
#include "dns/zonefile.h"
#include "host/file.h"
#include "host/sandbox.h"
#include "prog/rootd/compiled.h"
#include "prog/rootd/transfers.h"
#include "serving/compile.h"
#include "serving/image.h"
#include "serving/receive.h"

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

/* Writes `image` beside `path` and gives it that name when all of it is there: on the disk, if
 * `synced`. */
static enum mishap put_file(const char *path, struct bytes image, bool synced)
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
	if (n < 0 || (synced && fdatasync(descriptor) != 0) || rename(beside, path) != 0) {
		complain(beside, strerror(errno));
		close(descriptor);
		unlink(beside);
		return MISHAP_IO;
	}
	close(descriptor);
	return OK;
}

/* What is made of a text; both lie in memory that is kept. */
struct outcome {
	struct rrset_list zone;
	struct bytes image;
};

/* RFC 8976 section 4: a zone that says what it is must be that. */
static enum mishap check_zonemd(const char *path, const struct outcome *outcome)
{
	const struct rrset_list *zone = &outcome->zone;
	const char *why = receive_check_zonemd(zone, compiled_digest_in(outcome->image), false);
	struct fault fault = {.why = why};

	if (why == NULL)
		return OK;
	fault.line = (uint32_t)(rrset_find(zone, zone->at[0].owner, TYPE_ZONEMD) - zone->at) + 1;
	tell_set(path, zone, &fault);
	fprintf(stderr, "comity-rootd: %s: with --no-zonemd it is taken all the same\n", path);
	return MISHAP_MALFORMED;
}

static enum mishap compile(const char *zone_path, const struct dname *origin,
                           const char *image_path, bool any_shape, bool zonemd,
                           struct outcome *outcome)
{
	struct rrset_list zone;
	struct fault fault = {0}, shape = {0};
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
	*outcome = (struct outcome){zone, writer_bytes(&image)};
	return zonemd ? check_zonemd(zone_path, outcome) : OK;
}

static enum mishap write_transfers(const char *image_path, const struct outcome *outcome)
{
	struct compiled made;

	if (compiled_open(outcome->image, &made) != NULL)
		return complain(image_path, "what was made does not open");
	return transfers_write(transfers_path(image_path), &outcome->zone,
	                       compiled_digest(&made));
}

enum mishap compile_zone(const char *zone_path, const struct dname *origin,
                         const char *image_path, bool any_shape, bool zonemd)
{
	struct outcome outcome;
	enum mishap m = compile(zone_path, origin, image_path, any_shape, zonemd, &outcome);

	/* The transfer file first: whoever sees the new image finds it beside it. */
	if (m == OK)
		m = write_transfers(image_path, &outcome);
	return m == OK ? put_file(image_path, outcome.image, true) : m;
}

/* ---- in a process of its own ---- */

/* What it calls beyond what every program does. */
static const char *const CALLS[] = {"access", "fdatasync", "fsync", "rename", "stat", "unlink"};

static enum mishap give_rights_up(const char *zone_path, const char *image_path,
                                  const char *user, bool sandbox)
{
	char zone[FILE_PATH_MAX], image[FILE_PATH_MAX];
	const char *seen, *owned;

	snprintf(zone, sizeof(zone), "%s", zone_path);
	snprintf(image, sizeof(image), "%s", image_path);
	seen = dirname(zone);
	owned = dirname(image);
	if (user != NULL && sandbox_become(user) != OK)
		return MISHAP_IO;
	if (!sandbox)
		return OK;
	if (sandbox_see_and_own(&seen, 1, &owned, 1) != OK)
		return MISHAP_IO;
	return sandbox_call_only(CALLS, sizeof(CALLS) / sizeof(CALLS[0]));
}

/* Who was told that the image is there begins to serve, on this processor perhaps; nobody waits
 * for what we do then. */
static void give_way(void)
{
	(void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

/* Says `m` once the image is there, or why not, and goes on with the transfer file. */
static _Noreturn void compile_and_say(int to, const struct compile_start *start)
{
	struct outcome outcome;
	enum mishap m = give_rights_up(start->zone, start->image, start->user, start->sandbox);
	uint8_t said;

	if (m == OK)
		m = compile(start->zone, start->origin, start->image, false, start->zonemd,
		            &outcome);
	if (m == OK) /* what is lost by a crash is made again from the text */
		m = put_file(start->image, outcome.image, false);
	said = (uint8_t)m;
	if (write(to, &said, 1) != 1 || m != OK)
		_exit(1);
	give_way();
	_exit(write_transfers(start->image, &outcome) == OK ? 0 : 1);
}

enum mishap compile_start(const struct compile_start *start)
{
	uint8_t said = MISHAP_IO;
	int way[2];
	pid_t process;

	if (pipe2(way, O_CLOEXEC) != 0)
		return complain("pipe", strerror(errno));
	signal(SIGCHLD, SIG_IGN); /* nobody waits for its end */
	process = fork();
	if (process == 0) {
		close(way[0]);
		compile_and_say(way[1], start);
	}
	close(way[1]);
	if (process < 0)
		complain("fork", strerror(errno));
	else if (read(way[0], &said, 1) != 1)
		complain(start->zone, "what reads it broke");
	close(way[0]);
	return (enum mishap)said;
}
