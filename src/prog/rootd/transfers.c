/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/transfers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "host/file.h"
#include "prog/rootd/pages.h"
#include "prog/rootd/release.h"
#include "serving/transfer_make.h"

#define SUFFIX ".xfr"

const char *transfers_path(const char *image_path)
{
	size_t size = strlen(image_path) + sizeof(SUFFIX);
	char *path = malloc(size);

	if (path == NULL)
		memory_fail(size);
	snprintf(path, size, "%s%s", image_path, SUFFIX);
	return path;
}

struct held *transfers_load(const char *path)
{
	struct bytes file;
	struct transfer transfer;
	const char *why;

	if (release_read_file(path, &file) != OK)
		return NULL;
	why = transfer_open(file, &transfer);
	if (why == NULL)
		return held_make(&transfer, file);
	fprintf(stderr, "comity-rootd: %s: %s\n", path, why);
	munmap((void *)(uintptr_t)file.at, file.size);
	return NULL;
}

bool transfers_match(const struct held *held, const struct image *image)
{
	return memcmp(held->transfer.header->zone, image->header->zone, SHA384_SIZE) == 0;
}

/* The zone of the release before; false when it cannot be carried on. */
static bool read_before(const struct held *held, struct arena *arena, struct rrset_list *old)
{
	struct fault fault;

	*arena = pages_reserve(TRANSFER_ARENA_SIZE(&held->transfer));
	return transfer_read_zone(&held->transfer, arena, old, &fault);
}

enum mishap transfers_write(const char *path, const struct rrset_list *zone,
                            const uint8_t digest[SHA384_SIZE])
{
	struct held *before = transfers_load(path);
	size_t records = rrset_list_records(zone);
	size_t changes = before == NULL ? 0 : before->file.size;
	struct arena old_arena = {0}, scratch = pages_reserve(TRANSFER_ROOM(records, changes));
	struct arena room = pages_reserve(scratch.size);
	struct writer to = {.at = room.at, .size = room.size};
	struct rrset_list old = {NULL, 0};
	bool carried = before != NULL && read_before(before, &old_arena, &old);
	enum mishap m = transfer_make(zone, digest, carried ? &before->transfer : NULL, &old,
	                              scratch, &to);

	if (m == OK)
		m = file_write(path, 0644, writer_bytes(&to), true);
	else
		fprintf(stderr, "comity-rootd: %s: a record too large to transfer\n", path);
	held_give(before);
	pages_release(&old_arena);
	pages_release(&scratch);
	pages_release(&room);
	return m;
}
