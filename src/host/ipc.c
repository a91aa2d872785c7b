/* SPDX-License-Identifier: Apache-2.0 */
#include "host/ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"

#define HEAD_SIZE  5
#define READ_CHUNK 65536

void ipc_init(struct ipc *ipc, int socket)
{
	*ipc = (struct ipc){.socket = socket};
	(void)fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
}

void ipc_close(struct ipc *ipc)
{
	if (ipc->socket >= 0)
		close(ipc->socket);
	free(ipc->in);
	free(ipc->out);
	*ipc = (struct ipc){.socket = -1};
}

static void grow(uint8_t **at, size_t *room, size_t wanted)
{
	size_t size = *room == 0 ? READ_CHUNK : *room;

	while (size < wanted)
		size *= 2;
	if (size == *room)
		return;
	*at = realloc(*at, size);
	if (*at == NULL)
		memory_fail(size);
	*room = size;
}

/* One that is empty and grew for a large message, an import or a state, is given back. */
static void shrink(uint8_t **at, size_t *room)
{
	if (*room <= 2 * READ_CHUNK)
		return;
	free(*at);
	*at = NULL;
	*room = 0;
}

static size_t message_size(const struct ipc *ipc)
{
	const uint8_t *at = ipc->in + ipc->in_first;

	return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

static bool message_cannot_be(const struct ipc *ipc)
{
	return ipc->in_used - ipc->in_first >= HEAD_SIZE &&
	       (message_size(ipc) == 0 || message_size(ipc) > IPC_MESSAGE_MAX);
}

uint8_t *ipc_room(struct ipc *ipc, size_t *room)
{
	if (ipc->in_first > 0)
		memmove(ipc->in, ipc->in + ipc->in_first, ipc->in_used - ipc->in_first);
	ipc->in_used -= ipc->in_first;
	ipc->in_first = 0;
	if (ipc->in_used == 0)
		shrink(&ipc->in, &ipc->in_room);
	grow(&ipc->in, &ipc->in_room, ipc->in_used + READ_CHUNK);
	*room = ipc->in_room - ipc->in_used;
	return ipc->in + ipc->in_used;
}

bool ipc_received(struct ipc *ipc, size_t size)
{
	ipc->in_used += size;
	return !message_cannot_be(ipc);
}

bool ipc_receive(struct ipc *ipc)
{
	for (;;) {
		size_t room;
		uint8_t *to = ipc_room(ipc, &room);
		ssize_t got = read(ipc->socket, to, room);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		if (got == 0 || !ipc_received(ipc, (size_t)got))
			return false;
		if (ipc->in_used > IPC_MESSAGE_MAX)
			return true; /* first take what is there */
	}
}

bool ipc_take(struct ipc *ipc, enum ipc_type *type, struct bytes *body)
{
	const uint8_t *at = ipc->in + ipc->in_first;
	size_t size;

	if (ipc->in_used - ipc->in_first < HEAD_SIZE)
		return false;
	size = message_size(ipc);
	if (size == 0 || ipc->in_used - ipc->in_first < 4 + size)
		return false;
	*type = at[4];
	*body = (struct bytes){at + HEAD_SIZE, size - 1};
	ipc->in_first += 4 + size;
	return true;
}

void ipc_send_parts(struct ipc *ipc, enum ipc_type type, struct bytes first,
                    struct bytes second)
{
	size_t size = first.size + second.size + 1;
	uint8_t *to;

	if (ipc->socket < 0)
		return;
	if (ipc->out_used - ipc->out_first > IPC_BACKLOG_MAX) {
		shutdown(ipc->socket, SHUT_RDWR);
		ipc->in_first = ipc->in_used;
		return;
	}
	if (ipc->out_first > ipc->out_used / 2) {
		memmove(ipc->out, ipc->out + ipc->out_first, ipc->out_used - ipc->out_first);
		ipc->out_used -= ipc->out_first;
		ipc->out_first = 0;
	}
	grow(&ipc->out, &ipc->out_room, ipc->out_used + size + 4);
	to = ipc->out + ipc->out_used;
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(size >> (24 - 8 * i));
	to[4] = (uint8_t)type;
	if (first.size > 0)
		memcpy(to + HEAD_SIZE, first.at, first.size);
	if (second.size > 0)
		memcpy(to + HEAD_SIZE + first.size, second.at, second.size);
	ipc->out_used += size + 4;
}

void ipc_send(struct ipc *ipc, enum ipc_type type, struct bytes body)
{
	ipc_send_parts(ipc, type, body, (struct bytes){NULL, 0});
}

bool ipc_has_backlog(const struct ipc *ipc)
{
	return ipc->out_first < ipc->out_used;
}

bool ipc_is_full(const struct ipc *ipc)
{
	return ipc->out_used - ipc->out_first > IPC_ANSWERS_MAX;
}

bool ipc_flush(struct ipc *ipc)
{
	while (ipc_has_backlog(ipc)) {
		ssize_t put = send(ipc->socket, ipc->out + ipc->out_first,
		                   ipc->out_used - ipc->out_first, MSG_NOSIGNAL);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		ipc->out_first += (size_t)put;
	}
	ipc->out_first = ipc->out_used = 0;
	shrink(&ipc->out, &ipc->out_room);
	return true;
}

static bool address_of(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(address->sun_path, path, strlen(path));
	return true;
}

int ipc_connect(const char *path)
{
	struct sockaddr_un address;
	int s;

	if (!address_of(path, &address))
		return -1;
	s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s >= 0 && connect(s, (struct sockaddr *)&address, sizeof(address)) != 0) {
		int kept = errno;
		close(s);
		errno = kept;
		return -1;
	}
	return s;
}

int ipc_listen(const char *path)
{
	struct sockaddr_un address;
	int s = ipc_connect(path), bound = -1;

	if (s >= 0) {
		close(s);
		fprintf(stderr, "comity: %s: another process listens there\n", path);
		return -1;
	}
	if (errno == ECONNREFUSED)
		unlink(path);
	s = address_of(path, &address) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
	if (s >= 0) {
		/* Never more open than it is to be, not for a moment. */
		mode_t mask = umask(0117);
		bound = bind(s, (struct sockaddr *)&address, sizeof(address));
		umask(mask);
	}
	if (bound != 0 || chmod(path, 0660) != 0 || listen(s, 64) != 0) {
		fprintf(stderr, "comity: %s: cannot listen: %s\n", path, strerror(errno));
		if (s >= 0)
			close(s);
		return -1;
	}
	return s;
}

static enum mishap wait_for(int socket, short events, int milliseconds)
{
	struct pollfd p = {socket, events, 0};
	int got;

	do
		got = poll(&p, 1, milliseconds);
	while (got < 0 && errno == EINTR);
	return got > 0 ? OK : MISHAP_IO;
}

enum mishap ipc_say(struct ipc *ipc, enum ipc_type type, struct bytes body)
{
	ipc_send(ipc, type, body);
	for (;;) {
		if (!ipc_flush(ipc))
			return MISHAP_IO;
		if (!ipc_has_backlog(ipc))
			return OK;
		if (wait_for(ipc->socket, POLLOUT, -1) != OK)
			return MISHAP_IO;
	}
}

enum mishap ipc_wait(struct ipc *ipc, int milliseconds, enum ipc_type *type, struct bytes *body)
{
	bool there = true;

	while (!ipc_take(ipc, type, body)) {
		if (!there || wait_for(ipc->socket, POLLIN, milliseconds) != OK)
			return MISHAP_IO;
		there = ipc_receive(ipc);
	}
	return OK;
}

bool ipc_page_goes_on(struct bytes *page)
{
	static const char MORE[] = "\0\0\0\5" IPC_MORE; /* no record has zeros */
	size_t size = sizeof(MORE) - 1;

	if (page->size < size || memcmp(page->at + page->size - size, MORE, size) != 0)
		return false;
	page->size -= size;
	return true;
}

bool ipc_record_next(struct bytes *records, struct bytes *record)
{
	size_t size;

	if (records->size < 4)
		return false;
	size = (size_t)records->at[0] << 24 | (size_t)records->at[1] << 16 | (size_t)records->at[2] << 8 |
	       records->at[3];
	if (size > records->size - 4)
		return false;
	*record = (struct bytes){records->at + 4, size};
	*records = bytes_from(*records, 4 + size);
	return true;
}
