/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/tap.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

#define PATIENCE_MILLIS 5000    /* for a collector that does not read, or does not answer */
#define REST_NANOS      2000000 /* between two looks at empty rings */

/* ---- making ---- */

/* The same octets twice, one behind the other: what begins near the end goes on as if there
 * were none. */
static uint8_t *map_twice(void)
{
	int file = memfd_create("dnstap", MFD_CLOEXEC);
	uint8_t *at = MAP_FAILED;

	if (file >= 0 && ftruncate(file, (off_t)TAP_RING_SIZE) == 0)
		at = mmap(NULL, 2 * TAP_RING_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		          0);
	if (at != MAP_FAILED)
		for (unsigned half = 0; half < 2 && at != MAP_FAILED; half++)
			if (mmap(at + half * TAP_RING_SIZE, TAP_RING_SIZE,
			         PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file,
			         0) == MAP_FAILED)
				at = MAP_FAILED;
	if (file >= 0)
		close(file);
	return at == MAP_FAILED ? NULL : at;
}

void tap_make(struct tap *tap, const char *path, size_t count)
{
	*tap = (struct tap){.path = path, .count = count};
	tap->ring = calloc(count, sizeof(*tap->ring));
	if (tap->ring == NULL)
		memory_fail(count * sizeof(*tap->ring));
}

enum mishap tap_make_ring(struct tap_ring *ring, enum transport transport,
                          struct bytes identity, struct bytes version, unsigned every)
{
	dnstap_begin(&ring->dnstap, transport, identity, version);
	ring->every = ring->left = every;
	ring->at = map_twice();
	if (ring->at != NULL)
		return OK;
	fprintf(stderr, "comity: dnstap: no memory for a ring: %s\n", strerror(errno));
	return MISHAP_IO;
}

bool tap_finds_room(struct tap_ring *ring, size_t response_size)
{
	tap_end(ring);
	tap_look(ring);
	return tap_has_room(ring, response_size);
}

/* ---- the stream ---- */

static bool wait_ready(int socket, short events)
{
	struct pollfd one = {.fd = socket, .events = events};

	return poll(&one, 1, PATIENCE_MILLIS) > 0;
}

static bool send_all(int socket, struct bytes octets)
{
	while (octets.size != 0) {
		ssize_t n = send(socket, octets.at, octets.size, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			octets = bytes_from(octets, (size_t)n);
		else if (n == 0 || errno != EAGAIN || !wait_ready(socket, POLLOUT))
			return false;
	}
	return true;
}

static bool send_control(int socket, enum dnstap_control control)
{
	uint8_t frame[DNSTAP_CONTROL_MAX];
	struct writer to = {.at = frame, .size = sizeof(frame)};

	dnstap_write_control(&to, control);
	return send_all(socket, writer_bytes(&to));
}

/* Waits for the collector to take our content type. */
static bool await_accept(int socket)
{
	uint8_t frame[DNSTAP_CONTROL_MAX];
	size_t size = 0;
	uint32_t control = 0;

	while (wait_ready(socket, POLLIN)) {
		ssize_t n = recv(socket, frame + size, sizeof(frame) - size, 0);
		int taken;

		if (n <= 0)
			return false;
		size += (size_t)n;
		taken = dnstap_read_control((struct bytes){frame, size}, &control);
		if (taken != 0)
			return taken > 0 && control == DNSTAP_ACCEPT;
	}
	return false;
}

static int try_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int opened = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (opened < 0 || strlen(path) >= sizeof(address.sun_path))
		return opened;
	strcpy(address.sun_path, path);
	if (connect(opened, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    send_control(opened, DNSTAP_READY) && await_accept(opened) &&
	    send_control(opened, DNSTAP_START))
		return opened;
	close(opened);
	return -1;
}

/* ---- the thread ---- */

/* Opens or closes the rings; what is in them at that moment is of no stream. */
static void open_rings(struct tap *tap, bool open)
{
	for (size_t i = 0; i < tap->count; i++) {
		struct tap_ring *ring = &tap->ring[i];

		atomic_store(&ring->open, open);
		atomic_store(&ring->taken, atomic_load(&ring->written));
	}
}

/* Hands over what a ring has: whole frames. False when the collector is gone. */
static bool empty_ring(int socket, struct tap_ring *ring, bool *busy)
{
	size_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
	size_t written = atomic_load_explicit(&ring->written, memory_order_acquire);

	if (written == taken)
		return true;
	*busy = true;
	if (!send_all(socket, (struct bytes){ring->at + (taken & (TAP_RING_SIZE - 1)),
	                                     written - taken}))
		return false;
	atomic_store_explicit(&ring->taken, written, memory_order_release);
	return true;
}

static void rest(long nanoseconds)
{
	const struct timespec moment = {nanoseconds / 1000000000, nanoseconds % 1000000000};

	nanosleep(&moment, NULL);
}

/* Until the collector goes away. */
static void hand_over(struct tap *tap, int socket)
{
	bool good = true;

	open_rings(tap, true);
	while (good) {
		bool busy = false;

		for (size_t i = 0; i < tap->count && good; i++)
			good = empty_ring(socket, &tap->ring[i], &busy);
		if (!busy)
			rest(REST_NANOS);
	}
	open_rings(tap, false);
}

_Noreturn void tap_run(struct tap *tap)
{
	for (;;) {
		int socket = try_connect(tap->path);

		if (socket >= 0) {
			hand_over(tap, socket);
			close(socket);
		}
		rest(1000000000);
	}
}
