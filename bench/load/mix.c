/* SPDX-License-Identifier: Apache-2.0 */
#include "mix.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "meter.h"

static uint8_t *read_file(const char *path, size_t *size)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	uint8_t *octets;
	size_t have = 0;
	ssize_t got;

	if (descriptor < 0 || fstat(descriptor, &status) != 0)
		give_up(path);
	*size = (size_t)status.st_size;
	octets = malloc(*size + 1);
	if (octets == NULL)
		give_up("memory");
	while (have < *size && (got = read(descriptor, octets + have, *size - have)) > 0)
		have += (size_t)got;
	close(descriptor);
	if (have < *size)
		give_up(path);
	return octets;
}

struct mix mix_read(const char *path)
{
	size_t size, room;
	uint8_t *octets = read_file(path, &size);
	struct mix mix = {.count = 0};

	room = size / 3 + 1; /* no message is empty */
	mix.message = malloc(room * sizeof(*mix.message));
	mix.size = malloc(room * sizeof(*mix.size));
	if (mix.message == NULL || mix.size == NULL)
		give_up("memory");
	for (size_t at = 0; at + 2 < size;) {
		uint16_t of = (uint16_t)(octets[at] << 8 | octets[at + 1]);

		if (of == 0 || of > MIX_MESSAGE_MAX || at + 2 + of > size)
			give_up("the mix: a message of no good size");
		mix.message[mix.count] = octets + at + 2;
		mix.size[mix.count++] = of;
		at += 2u + of;
	}
	if (mix.count == 0)
		give_up("the mix: no message");
	return mix;
}
