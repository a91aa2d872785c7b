/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/frame.h"

#include <string.h>

#include "fuzz.h"

#define MTU 1500

/* A frame with something to read behind it for as long as a response may be. */
static uint8_t *copy_of(const uint8_t *data, size_t size, size_t room)
{
	uint8_t *octets = calloc(1, room);

	must(octets != NULL);
	memcpy(octets, data, size);
	return octets;
}

/* What is taken lies in the frame; the reply is whole, and goes back where the query came from.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame query, reply;
	uint8_t *octets = copy_of(data, size, size == 0 ? 1 : size);
	enum frame_kind kind = frame_read(octets, size, &query);
	size_t response, whole;
	struct bytes sender;

	free(octets);
	if (kind != FRAME_QUERY)
		return 0;
	must(query.size <= FRAME_QUERY_MAX && (size_t)query.message + query.size <= size);
	must(query.message <= FRAME_HEAD_MAX);
	response = (size_t)data[size - 1] * 6;
	if (response > frame_room(&query, MTU))
		response = frame_room(&query, MTU);
	octets = copy_of(data, size, (size < MTU ? MTU : size) + FRAME_HEAD_MAX);
	whole = frame_reply(octets, &query, response);
	must(whole == query.message + response);
	sender = frame_sender(data, &query);
	must(memcmp(sender.at, sender.at + (query.v6 ? 16 : 4), sender.size) != 0);
	must(memcmp(octets + query.ip + (query.v6 ? 24 : 16), sender.at, sender.size) == 0);
	must(memcmp(octets, data + 6, 6) == 0 && memcmp(octets + 6, data, 6) == 0);
	kind = frame_read(octets, whole, &reply);
	must(kind != FRAME_DAMAGED);
	if (kind == FRAME_QUERY)
		must(reply.size == response && reply.message == query.message &&
		     reply.v6 == query.v6);
	free(octets);
	return 0;
}
