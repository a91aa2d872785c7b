/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/served.h"

#include <time.h>
#include <unistd.h>

const struct answerer *served_take(struct served *served, size_t worker)
{
	const struct answerer *taken = atomic_load(&served->current), *again;

	for (;; taken = again) {
		atomic_store(&served->slot[worker].held, taken);
		again = atomic_load(
			&served->current); /* exchanged before it was seen to be held? */
		if (again == taken)
			return taken;
	}
}

void served_give(struct served *served, size_t worker)
{
	atomic_store_explicit(&served->slot[worker].held, NULL, memory_order_release);
}

void served_exchange(struct served *served, const struct answerer *next)
{
	const struct timespec moment = {.tv_nsec = 1000000};
	const struct answerer *held;

	atomic_store(&served->current, next);
	for (size_t worker = 0; worker < served->worker_count; worker++)
		for (;;) {
			held = atomic_load(&served->slot[worker].held);
			if (held == NULL || held == next)
				break;
			nanosleep(&moment, NULL);
		}
}

void served_tell(const struct served *served, const struct attended *attended)
{
	struct served_notify notify = {attended->has_serial, attended->serial.value};
	int to = served->notified[attended->zone];

	if (to >= 0 && write(to, &notify, sizeof(notify)) < 0)
		return;
}
