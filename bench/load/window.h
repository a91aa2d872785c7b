/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BENCH_WINDOW_H
#define COMITY_BENCH_WINDOW_H

/* window.h - the queries that are under way from one port, by their identifiers. */

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_MAX 60000 /* under way, answered out of order or not */

struct window {
	uint16_t head, tail; /* the next identifier, and the oldest that may be under way */
	unsigned under_way;
	uint64_t sent_at[65536]; /* ns; 0: not under way */
};

/* How many more may be sent. */
static inline unsigned window_room(const struct window *w)
{
	return WINDOW_MAX - (uint16_t)(w->head - w->tail);
}

/* The identifier of a query that is sent now; there is room. */
static inline uint16_t window_send(struct window *w, uint64_t now)
{
	w->sent_at[w->head] = now;
	w->under_way++;
	return w->head++;
}

/* Takes the last `count` back: they were not sent. */
static inline void window_unsend(struct window *w, unsigned count)
{
	for (; count != 0; count--, w->under_way--)
		w->sent_at[--w->head] = 0;
}

/* An answer came: when its query was sent; 0 when none is under way. */
static inline uint64_t window_answer(struct window *w, uint16_t identifier)
{
	uint64_t sent_at = w->sent_at[identifier];

	w->sent_at[identifier] = 0;
	w->under_way -= sent_at != 0;
	return sent_at;
}

/* Gives up what was sent before `then`; how many. */
static inline unsigned window_expire(struct window *w, uint64_t then)
{
	unsigned lost = 0;

	for (; w->tail != w->head; w->tail++) {
		uint64_t sent_at = w->sent_at[w->tail];

		if (sent_at >= then && sent_at != 0)
			break;
		lost += sent_at != 0;
		w->sent_at[w->tail] = 0;
	}
	w->under_way -= lost;
	return lost;
}

#endif
