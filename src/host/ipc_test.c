/* SPDX-License-Identifier: Apache-2.0 */
/* Messages between processes, however they are cut up on their way. */
#include "host/ipc.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tap.h"

#include "dice.h"
#include "scratch.h"

static int far; /* the raw other end */

static struct ipc near_end(void)
{
	struct ipc ipc;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		bail_out("no socket pair");
	far = pair[1];
	ipc_init(&ipc, pair[0]);
	return ipc;
}

/* What ipc_send() would write: the test's own idea of it. */
static size_t framed(uint8_t *to, enum ipc_type type, struct bytes body)
{
	uint32_t size = (uint32_t)body.size + 1;

	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(size >> (24 - 8 * i));
	to[4] = (uint8_t)type;
	if (body.size > 0)
		memcpy(to + 5, body.at, body.size);
	return 5 + body.size;
}

static void say_raw(const uint8_t *octets, size_t size)
{
	if (write(far, octets, size) != (ssize_t)size)
		bail_out("the socket takes no more");
}

/* The body of message `number`: 0 to 599 octets. */
static struct bytes body_of(unsigned number)
{
	static uint8_t body[600];

	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (uint8_t)(number + i * 7);
	return (struct bytes){body, number * 97 % sizeof(body)};
}

static bool is_next(struct ipc *ipc, unsigned number)
{
	enum ipc_type type;
	struct bytes body;

	return ipc_take(ipc, &type, &body) && type == (enum ipc_type)(1 + number % 9) &&
	       bytes_same(body, body_of(number));
}

static void in_pieces(void)
{
	static uint8_t stream[200 * 605];
	size_t size = 0, at = 0;
	struct ipc ipc = near_end();
	unsigned taken = 0;
	bool good = true;
	enum ipc_type type;
	struct bytes body;

	for (unsigned i = 0; i < 200; i++)
		size += framed(stream + size, 1 + i % 9, body_of(i));
	while (at < size) {
		size_t part = 1 + dice_below(dice() % 4 == 0 ? 3000 : 12);

		part = part < size - at ? part : size - at;
		say_raw(stream + at, part);
		at += part;
		good = good && ipc_receive(&ipc);
		while (good && taken < 200 && is_next(&ipc, taken))
			taken++;
	}
	ok(good && taken == 200 && !ipc_take(&ipc, &type, &body), "messages cut anywhere arrive whole");
	say_raw(stream, 5);
	ok(ipc_receive(&ipc) && is_next(&ipc, 0), "one without a body, too");
	ipc_close(&ipc);
	close(far);
}

/* Bodies stay where they are while no more is received. */
static void bodies_stay(void)
{
	struct ipc ipc = near_end();
	uint8_t octets[700];
	struct bytes body[20];
	enum ipc_type type;
	bool good = true;

	for (unsigned i = 0; i < 20; i++)
		say_raw(octets, framed(octets, IPC_POST, body_of(i)));
	good = ipc_receive(&ipc);
	for (unsigned i = 0; i < 20; i++)
		good = good && ipc_take(&ipc, &type, &body[i]);
	for (unsigned i = 0; i < 20; i++)
		good = good && bytes_same(body[i], body_of(i));
	ok(good, "bodies that were taken are valid until more is received");
	ipc_close(&ipc);
	close(far);
}

static bool is_heard(uint32_t size)
{
	struct ipc ipc = near_end();
	uint8_t head[4] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8),
	                   (uint8_t)size};
	bool heard;

	say_raw(head, 4);
	say_raw((const uint8_t *)"\x04", 1);
	heard = ipc_receive(&ipc);
	ipc_close(&ipc);
	close(far);
	return heard;
}

static void sizes(void)
{
	ok(is_heard(IPC_MESSAGE_MAX), "a message of the largest size may come");
	ok(!is_heard(IPC_MESSAGE_MAX + 1) && !is_heard(UINT32_MAX), "a larger one ends the conversation");
	ok(!is_heard(0), "and so does one without a type");
}

/* A whole message of the largest size, read while it is written by another process. */
static void largest(void)
{
	struct ipc ipc = near_end();
	uint8_t *body = calloc(1, IPC_MESSAGE_MAX);
	struct bytes got = {NULL, 0};
	enum ipc_type type = IPC_HELLO;
	pid_t child;
	enum mishap mishap;

	body[IPC_MESSAGE_MAX - 2] = 7;
	fflush(stdout);
	child = fork();
	if (child == 0) {
		struct ipc theirs;
		ipc_init(&theirs, far);
		_exit(ipc_say(&theirs, IPC_MANIFEST, (struct bytes){body, IPC_MESSAGE_MAX - 1}) != OK);
	}
	close(far);
	mishap = ipc_wait(&ipc, 60000, &type, &got);
	waitpid(child, NULL, 0);
	ok(mishap == OK && type == IPC_MANIFEST && got.size == IPC_MESSAGE_MAX - 1 &&
	           got.at[got.size - 1] == 7,
	   "the largest message arrives");
	ok(!ipc_receive(&ipc) && ipc.in_room < (1u << 20), "and when it was taken its room is given back");
	free(body);
	ipc_close(&ipc);
}

/* What is sent takes room until it is out. */
static void room_given_back(void)
{
	static uint8_t body[1 << 20], read_out[1 << 16];
	struct ipc ipc = near_end();
	bool held, out = true;

	ipc_send(&ipc, IPC_RECORDS, (struct bytes){body, sizeof(body)});
	held = ipc.out_room >= sizeof(body);
	while (out && ipc_has_backlog(&ipc))
		out = ipc_flush(&ipc) && read(far, read_out, sizeof(read_out)) > 0;
	ok(held && out && ipc.out_room == 0, "the room of what was sent is given back when it is out");
	ipc_send(&ipc, IPC_STATUS, BYTES(""));
	ok(ipc_has_backlog(&ipc) && ipc_flush(&ipc), "and taken again for the next message");
	ipc_close(&ipc);
	close(far);
}

/* test/bug/last-word: what a peer said before it hung up. */
static void last_words(void)
{
	struct ipc ipc = near_end();
	uint8_t octets[700];
	struct bytes body;
	enum ipc_type type;

	say_raw(octets, framed(octets, 1, body_of(0)));
	say_raw(octets, framed(octets, 2, body_of(1)));
	close(far);
	ok(ipc_wait(&ipc, 1000, &type, &body) == OK && bytes_same(body, body_of(0)),
	   "what was said before hanging up is heard");
	ok(ipc_wait(&ipc, 1000, &type, &body) == OK && type == 2 && bytes_same(body, body_of(1)),
	   "to the last word");
	ok(ipc_wait(&ipc, 1000, &type, &body) == MISHAP_IO, "and then there is silence");
	ipc_close(&ipc);
}

static void backlog(void)
{
	struct ipc ipc = near_end();
	size_t queued = 0;
	uint8_t octets[700];
	struct bytes said;
	enum ipc_type type;
	uint8_t *body = calloc(1, (size_t)8 << 20);

	ok(!ipc_has_backlog(&ipc) && ipc_flush(&ipc), "who says nothing has no backlog");
	while (queued < IPC_BACKLOG_MAX) {
		ipc_send(&ipc, IPC_BLOCK, (struct bytes){body, (size_t)8 << 20});
		queued += (size_t)8 << 20;
	}
	ok(ipc_flush(&ipc) && ipc_has_backlog(&ipc), "a peer that does not read is waited for");
	say_raw(octets, framed(octets, 1, body_of(0)));
	ok(ipc_is_full(&ipc) && ipc_receive(&ipc), "it still says things");
	ipc_send(&ipc, IPC_BLOCK, (struct bytes){body, (size_t)8 << 20});
	ipc_send(&ipc, IPC_BLOCK, (struct bytes){body, 1});
	ok(!ipc_take(&ipc, &type, &said), "which are not taken any more");
	ok(!ipc_flush(&ipc), "until the backlog is too long: then it is given up");
	ipc_close(&ipc);
	ipc_send(&ipc, IPC_BLOCK, BYTES("x"));
	ok(!ipc_has_backlog(&ipc), "to a closed one nothing is queued");
	ipc_close(&ipc);
	free(body);
	close(far);
}

static void listening(void)
{
	char name[200];
	const char *path = scratch("socket");
	int first = ipc_listen(path), caller;
	struct stat st;

	ok(first >= 0 && stat(path, &st) == 0 && (st.st_mode & 0777) == 0660,
	   "a socket is for its owner and group");
	ok(ipc_listen(path) < 0, "where somebody answers nobody else listens");
	close(first);
	caller = ipc_connect(path);
	ok(caller < 0 && errno == ECONNREFUSED, "a socket whose process is gone does not answer");
	first = ipc_listen(path);
	caller = ipc_connect(path);
	ok(first >= 0 && caller >= 0, "and is replaced");
	close(caller);
	close(first);
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	ok(ipc_listen(name) < 0 && ipc_connect(name) < 0, "a path must fit into an address");
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	dice_seed();
	in_pieces();
	bodies_stay();
	sizes();
	largest();
	room_given_back();
	last_words();
	backlog();
	listening();
	return done_testing();
}
