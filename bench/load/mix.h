/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BENCH_MIX_H
#define COMITY_BENCH_MIX_H

/*
 * mix.h - the queries of a file of bench/queries: messages, each with two octets of its size
 * (big-endian) in front. They are given out in turn, again from the first after the last.
 */

#include <stddef.h>
#include <stdint.h>

#define MIX_MESSAGE_MAX 512 /* octets */

struct mix {
	const uint8_t **message; /* each of at most MIX_MESSAGE_MAX octets */
	uint16_t *size;
	size_t count, next;
};

/* Reads the whole file; ends the process when there is no message in it, or one too long. */
struct mix mix_read(const char *path);

/* The next query; `*size` becomes its octets. */
static inline const uint8_t *mix_next(struct mix *mix, uint16_t *size)
{
	size_t at = mix->next++;

	if (mix->next == mix->count)
		mix->next = 0;
	*size = mix->size[at];
	return mix->message[at];
}

#endif
