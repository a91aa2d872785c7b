/* SPDX-License-Identifier: Apache-2.0 */
#include "host/ipc.h"

#include <string.h>

#include "fuzz.h"

#define MESSAGES_MAX 4096

/* What came out of a stream. */
struct heard {
	size_t count, octets;
	bool good;
	uint64_t sum; /* of types, sizes and octets, in order */
};

static void add(struct heard *heard, uint8_t octet)
{
	heard->sum = (heard->sum ^ octet) * 0x100000001b3;
}

static void take_all(struct ipc *ipc, struct heard *heard)
{
	enum ipc_type type;
	struct bytes body;

	while (heard->count < MESSAGES_MAX && ipc_take(ipc, &type, &body)) {
		must(body.at >= ipc->in && body.at + body.size <= ipc->in + ipc->in_used);
		heard->count++;
		heard->octets += 5 + body.size;
		add(heard, (uint8_t)type);
		for (size_t i = 0; i < body.size; i++)
			add(heard, body.at[i]);
		add(heard, 1);
	}
}

/* The stream in pieces of so many octets. */
static struct heard hear(const uint8_t *data, size_t size, size_t piece)
{
	struct heard heard = {.good = true};
	struct ipc ipc = {.socket = -1};

	while (size > 0 && heard.good) {
		size_t room, n = size < piece ? size : piece;
		uint8_t *to = ipc_room(&ipc, &room);

		n = n < room ? n : room;
		memcpy(to, data, n);
		heard.good = ipc_received(&ipc, n);
		data += n;
		size -= n;
		if (heard.good)
			take_all(&ipc, &heard);
	}
	ipc_close(&ipc);
	return heard;
}

/* However a stream is cut into pieces, the same messages come out of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard small = hear(data, size, 1 + size / 50), other = hear(data, size, 7 + size / 9);

	must(small.octets <= size);
	must(!small.good || !other.good || (small.count == other.count && small.sum == other.sum));
	return 0;
}
