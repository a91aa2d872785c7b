/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/xdp.h"

#include <stdio.h>
#include <string.h>

#include "host/net/module.h"

struct xdp *xdp_open(const char *interface, size_t queues, const struct xdp_targets *targets,
                     const struct xdp_library **library)
{
	const char *why = NULL;
	int number = 0;
	struct xdp *xdp = NULL;

	*library = module_load("comity-xdp.so", XDP_SYMBOL, &why);
	if (*library != NULL)
		xdp = (*library)->open(interface, queues, targets, &why, &number);
	if (xdp != NULL)
		fprintf(stderr, "comity-rootd: %s: AF_XDP on %zu of its queues\n", interface,
		        (*library)->queues(xdp));
	else
		fprintf(stderr,
		        "comity-rootd: %s: no AF_XDP, so all queries come by sockets: %s%s%s\n",
		        interface, why, number == 0 ? "" : ": ",
		        number == 0 ? "" : strerror(number));
	return xdp;
}

/* ---- what the module asks back ---- */

static void begin(void *context)
{
	datagram_begin(context);
}

static void end(void *context)
{
	datagram_end(context);
}

static size_t answer_frame(void *context, struct bytes address, uint16_t port, uint8_t *message,
                           size_t size, size_t room)
{
	struct datagram_round *round = context;

	tally_one(&round->worker->tally->counts.xdp_received);
	return datagram_answer(round, address, port, message, size, room);
}

static void refuse(void *context)
{
	const struct datagram_round *round = context;

	tally_one(&round->worker->tally->counts.xdp_refused);
}

_Noreturn void xdp_serve(const struct xdp_worker *worker)
{
	struct datagram_round round = {.worker = &worker->datagram};
	const struct xdp_handler handler = {&round, begin, end, answer_frame, refuse};

	worker->library->serve(worker->xdp, worker->queue, &handler);
}
