/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/helper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "host/beside.h"
#include "host/launch.h"

#define NAME   "comity-import-helper"
#define HELPER "the import helper" /* in messages */

static enum mishap complain(const char *what, const char *why)
{
	fprintf(stderr, "comity: %s: %s\n", what, why);
	return MISHAP_IO;
}

int helper_connect(const struct listen_address *address, int seconds)
{
	const struct timeval patience = {.tv_sec = seconds};
	int socket_ = socket(address->socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (socket_ >= 0 &&
	    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
	    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) == 0 &&
	    connect(socket_, &address->socket.any, address->size) == 0)
		return socket_;
	complain("connecting", errno == EINPROGRESS ? "no answer in time" : strerror(errno));
	if (socket_ >= 0)
		close(socket_);
	return -1;
}

enum mishap helper_ask(const struct helper_question *question, struct arena *arena,
                       struct telling *telling)
{
	char path[BESIDE_PATH_SIZE], at[30];
	char *arguments[] = {(char[]){NAME},
	                     question->transfer ? (char[]){"transfer"} : (char[]){"file"},
	                     (char *)(uintptr_t)question->apex,
	                     at,
	                     question->anchors >= 0 ? (char[]){"anchor"} : (char[]){"none"},
	                     question->open ? (char[]){"open"} : NULL,
	                     NULL};
	struct launch launch = {HELPER, path, arguments, question->source, question->anchors};
	struct bytes text;

	beside_find(path, NAME);
	snprintf(at, sizeof(at), "%lld", (long long)question->at.seconds);
	if (question->inception)
		snprintf(at, sizeof(at), "inception");
	if (launch_hear(&launch, TELLING_SIZE_MAX, arena, &text) != OK)
		return MISHAP_IO;
	if (telling_read(text, telling) != OK)
		return complain(HELPER, "what it told is cut short or not understood");
	return OK;
}
