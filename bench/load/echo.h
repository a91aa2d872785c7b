/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BENCH_ECHO_H
#define COMITY_BENCH_ECHO_H

/* echo.h - a response without a thought: the query with QR set, and octets up to a size. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ECHO_ROOM  4096  /* octets that a response may have */
#define ECHO_SIZES 65536 /* at most so many are kept */

struct echo {
	uint8_t filling[ECHO_ROOM];
	uint16_t size[ECHO_SIZES];
	size_t count, next;
};

/* Reads the sizes; ends the process when there are none. */
void echo_begin(struct echo *echo, const char *path);

/* Makes the response of the message in place; its size, 0 to what is shorter than a header. */
static inline size_t echo_make(struct echo *echo, uint8_t *message, size_t size, size_t room)
{
	size_t to = echo->size[echo->next++];

	if (echo->next == echo->count)
		echo->next = 0;
	if (size < 12)
		return 0;
	to = to > room ? room : to;
	message[2] |= 0x80;
	if (to <= size)
		return size;
	memcpy(message + size, echo->filling, to - size);
	return to;
}

#endif
