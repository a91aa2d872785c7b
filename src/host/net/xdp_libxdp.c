/* SPDX-License-Identifier: Apache-2.0 */
/* The module of xdp.h, by libxdp and libbpf. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <xdp/libxdp.h>
#include <xdp/xsk.h>

#include "host/net/xdp.h"
#include "host/net/xdp_filter.h"
#include "serving/frame.h"
#include "xdp_program.h" /* PROGRAM: xdp.bpf.c, as clang made it */

#define BATCH      64
#define RING       2048 /* descriptors of each ring */
#define FRAMES     4096 /* what the kernel fills, and as many on their way out */
#define FRAME_SIZE 2048
#define MTU_MAX    1500 /* what a frame has room for behind what the kernel keeps of it */
#define PATIENCE   1    /* millisecond: how long frames on their way out are waited for */

/* Linux 6.17. */
#define SOCKET_SEND_BUDGET 9 /* XDP_MAX_TX_SKB_BUDGET of if_xdp.h */

struct queue {
	struct xsk_socket *socket;
	struct xsk_umem *umem;
	struct xsk_ring_prod fill, out;
	struct xsk_ring_cons in, sent;
	int descriptor;
	uint8_t *memory;   /* FRAMES of FRAME_SIZE */
	size_t free_count; /* frames that are nobody's */
	size_t out_count;  /* frames on their way out */
	uint64_t free[FRAMES];
};

struct xdp {
	const char *interface;
	unsigned index; /* of the interface */
	size_t mtu;
	bool generic; /* its driver does not do it: the kernel does, and copies */
	struct bpf_object *object;
	int link; /* holds the program; -1: none */
	size_t queue_count;
	struct queue *queue;
};

/* Why something is not as it should be. */
struct reason {
	const char *text;
	int number; /* an errno; 0: it says nothing more */
};

static bool fail(struct reason *why, const char *text, int number)
{
	*why = (struct reason){text, number};
	return false;
}

/* ---- the interface ---- */

static bool ask(int socket, const char *interface, unsigned long what, struct ifreq *request)
{
	size_t size = strlen(interface);

	if (size >= sizeof(request->ifr_name))
		return false;
	memcpy(request->ifr_name, interface, size + 1);
	return ioctl(socket, what, request) == 0;
}

/* True when a VLAN device sits on the interface, and the card takes the tags of its frames off
 * before the program sees them: answers would go out without. */
static bool loses_tags(int socket, const char *interface)
{
	struct ethtool_value flags = {.cmd = ETHTOOL_GFLAGS};
	struct ifreq request = {.ifr_data = (void *)&flags};
	struct if_nameindex *all, *one;
	bool found = false;

	if (!ask(socket, interface, SIOCETHTOOL, &request) ||
	    (flags.data & ETH_FLAG_RXVLAN) == 0)
		return false;
	all = if_nameindex();
	for (one = all; one != NULL && one->if_name != NULL && !found; one++) {
		struct vlan_ioctl_args vlan = {.cmd = GET_VLAN_REALDEV_NAME_CMD};

		if (strlen(one->if_name) >= sizeof(vlan.device1))
			continue;
		strcpy(vlan.device1, one->if_name);
		found = ioctl(socket, SIOCGIFVLAN, &vlan) == 0 &&
		        strcmp(vlan.u.device2, interface) == 0;
	}
	if (all != NULL)
		if_freenameindex(all);
	return found;
}

static bool look_at(int socket, struct xdp *xdp, struct xdp_filter *filter, struct reason *why)
{
	struct ifreq request;

	xdp->index = if_nametoindex(xdp->interface);
	if (xdp->index == 0)
		return fail(why, "no such interface", 0);
	if (!ask(socket, xdp->interface, SIOCGIFHWADDR, &request) ||
	    request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return fail(why, "not an Ethernet interface", 0);
	memcpy(filter->mac, request.ifr_hwaddr.sa_data, sizeof(filter->mac));
	if (!ask(socket, xdp->interface, SIOCGIFMTU, &request) ||
	    request.ifr_mtu < FRAME_MTU_MIN)
		return fail(why, "its MTU is below 1280", 0);
	xdp->mtu = request.ifr_mtu < MTU_MAX ? (size_t)request.ifr_mtu : MTU_MAX;
	if (loses_tags(socket, xdp->interface))
		return fail(why,
		            "it has VLANs and takes their tags off (ethtool -K ... rxvlan off)",
		            0);
	return true;
}

/* ---- addresses ---- */

static bool add_v4(struct xdp_filter *filter, const struct sockaddr_in *address, uint16_t port)
{
	if (filter->v4_count == XDP_TARGETS_MAX)
		return false;
	filter->v4[filter->v4_count].address = address->sin_addr.s_addr;
	filter->v4[filter->v4_count++].port = port;
	return true;
}

static bool add_v6(struct xdp_filter *filter, const struct sockaddr_in6 *address, uint16_t port)
{
	if (filter->v6_count == XDP_TARGETS_MAX)
		return false;
	memcpy(filter->v6[filter->v6_count].address, &address->sin6_addr, 16);
	filter->v6[filter->v6_count++].port = port;
	return true;
}

/* Adds the addresses of a family that the machine has, but for those that no frame is for. */
static bool add_own(struct xdp_filter *filter, sa_family_t family, uint16_t port)
{
	struct ifaddrs *all = NULL, *one;
	bool room = getifaddrs(&all) == 0;

	for (one = all; one != NULL && room; one = one->ifa_next) {
		const union sender *address = (const void *)one->ifa_addr;

		if (address == NULL || address->any.sa_family != family)
			continue;
		if (family == AF_INET) {
			if (ntohl(address->v4.sin_addr.s_addr) >> 24 != IN_LOOPBACKNET)
				room = add_v4(filter, &address->v4, port);
		} else if (!IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr) &&
		           !IN6_IS_ADDR_LINKLOCAL(&address->v6.sin6_addr)) {
			room = add_v6(filter, &address->v6, port);
		}
	}
	freeifaddrs(all);
	return room;
}

static bool add_target(struct xdp_filter *filter, const union sender *target)
{
	if (target->any.sa_family == AF_INET)
		return target->v4.sin_addr.s_addr == htonl(INADDR_ANY)
		               ? add_own(filter, AF_INET, target->v4.sin_port)
		               : add_v4(filter, &target->v4, target->v4.sin_port);
	return IN6_IS_ADDR_UNSPECIFIED(&target->v6.sin6_addr)
	               ? add_own(filter, AF_INET6, target->v6.sin6_port)
	               : add_v6(filter, &target->v6, target->v6.sin6_port);
}

/* ---- the program ---- */

static bool load_program(struct xdp *xdp, const struct xdp_filter *filter, size_t queues,
                         struct reason *why)
{
	struct bpf_map *constants, *map;
	int result;

	xdp->object = bpf_object__open_mem(PROGRAM, sizeof(PROGRAM), NULL);
	if (xdp->object == NULL)
		return fail(why, "its program cannot be read", errno);
	constants = bpf_object__find_map_by_name(xdp->object, ".rodata");
	map = bpf_object__find_map_by_name(xdp->object, "queues");
	if (constants == NULL || map == NULL ||
	    bpf_map__set_initial_value(constants, filter, sizeof(*filter)) != 0 ||
	    bpf_map__set_max_entries(map, (uint32_t)queues) != 0)
		return fail(why, "its program is not the one of this module", 0);
	result = bpf_object__load(xdp->object);
	return result == 0 || fail(why, "the kernel does not take its program", -result);
}

/* The driver runs the program, where it can; else the kernel does. */
static bool attach(struct xdp *xdp, struct reason *why)
{
	int program = bpf_program__fd(bpf_object__find_program_by_name(xdp->object, "comity"));
	const struct bpf_link_create_opts generic = {.sz = sizeof(generic),
	                                             .flags = XDP_FLAGS_SKB_MODE};

	xdp->link = bpf_link_create(program, (int)xdp->index, BPF_XDP, NULL);
	if (xdp->link < 0 && errno != EBUSY && errno != EPERM) {
		xdp->link = bpf_link_create(program, (int)xdp->index, BPF_XDP, &generic);
		xdp->generic = xdp->link >= 0;
	}
	return xdp->link >= 0 || fail(why, "the interface does not take its program", errno);
}

/* ---- queues ---- */

static void close_queue(struct queue *queue)
{
	if (queue->socket != NULL)
		xsk_socket__delete(queue->socket);
	if (queue->umem != NULL)
		xsk_umem__delete(queue->umem);
	if (queue->memory != NULL)
		munmap(queue->memory, (size_t)FRAMES * FRAME_SIZE);
	*queue = (struct queue){0};
}

/* 0, or an errno. */
static int open_queue(const struct xdp *xdp, uint32_t number, struct queue *queue)
{
	const struct xsk_umem_config frames = {
		.fill_size = RING, .comp_size = RING, .frame_size = FRAME_SIZE};
	const struct xsk_socket_config rings = {
		.rx_size = RING,
		.tx_size = RING,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = (uint16_t)(XDP_USE_NEED_WAKEUP | (xdp->generic ? XDP_COPY : 0))};
	int budget = RING, buffer = FRAMES * FRAME_SIZE, result;

	queue->memory = mmap(NULL, (size_t)FRAMES * FRAME_SIZE, PROT_READ | PROT_WRITE,
	                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (queue->memory == MAP_FAILED) {
		queue->memory = NULL;
		return ENOMEM;
	}
	result = xsk_umem__create(&queue->umem, queue->memory, (uint64_t)FRAMES * FRAME_SIZE,
	                          &queue->fill, &queue->sent, &frames);
	if (result == 0)
		result = xsk_socket__create(&queue->socket, xdp->interface, number, queue->umem,
		                            &queue->in, &queue->out, &rings);
	if (result != 0)
		return -result;
	queue->descriptor = xsk_socket__fd(queue->socket);
	(void)setsockopt(queue->descriptor, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
	/* A batch goes out by one call; older kernels take 32 frames a call. */
	(void)setsockopt(queue->descriptor, SOL_XDP, SOCKET_SEND_BUDGET, &budget,
	                 sizeof(budget));
	for (size_t i = 0; i < FRAMES; i++)
		queue->free[queue->free_count++] = (uint64_t)(FRAMES - 1 - i) * FRAME_SIZE;
	return 0;
}

/* Gives the kernel frames to receive into. */
static void refill(struct queue *queue)
{
	uint32_t count = xsk_prod_nb_free(&queue->fill, BATCH), at;

	if (count > queue->free_count)
		count = (uint32_t)queue->free_count;
	if (count == 0 || xsk_ring_prod__reserve(&queue->fill, count, &at) != count)
		return;
	for (uint32_t i = 0; i < count; i++)
		*xsk_ring_prod__fill_addr(&queue->fill, at + i) =
			queue->free[--queue->free_count];
	xsk_ring_prod__submit(&queue->fill, count);
}

/* As many queues as there are; false, and `*why`, when there is not one. */
static bool open_queues(struct xdp *xdp, size_t queues, struct reason *why)
{
	int map = bpf_object__find_map_fd_by_name(xdp->object, "queues");

	while (xdp->queue_count < queues) {
		uint32_t number = (uint32_t)xdp->queue_count;
		struct queue *queue = &xdp->queue[number];
		int result = open_queue(xdp, number, queue);

		if (result == 0) {
			refill(queue);
			if (bpf_map_update_elem(map, &number, &queue->descriptor, 0) != 0)
				result = errno;
		}
		if (result != 0) {
			close_queue(queue);
			return number != 0 ||
			       fail(why, "no socket for the frames of its first queue", result);
		}
		xdp->queue_count++;
	}
	return true;
}

/* ---- opening ---- */

static void close_all(struct xdp *xdp)
{
	for (size_t i = 0; i < xdp->queue_count; i++)
		close_queue(&xdp->queue[i]);
	if (xdp->link >= 0)
		close(xdp->link);
	bpf_object__close(xdp->object);
	free(xdp->queue);
	free(xdp);
}

static bool set_up(struct xdp *xdp, size_t queues, const struct xdp_targets *targets,
                   struct reason *why)
{
	static struct xdp_filter filter;
	int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool good;

	if (any < 0)
		return fail(why, "no socket", errno);
	filter = (struct xdp_filter){.message_max = FRAME_QUERY_MAX};
	good = look_at(any, xdp, &filter, why);
	close(any);
	for (size_t i = 0; i < targets->count && good; i++)
		good = add_target(&filter, &targets->at[i]) ||
		       fail(why, "more than 64 addresses of a family", 0);
	return good && load_program(xdp, &filter, queues, why) && attach(xdp, why) &&
	       open_queues(xdp, queues, why);
}

static struct xdp *open_interface(const char *interface, size_t queues,
                                  const struct xdp_targets *targets, const char **why,
                                  int *number)
{
	const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	struct xdp *xdp = calloc(1, sizeof(*xdp));
	struct queue *queue = calloc(queues, sizeof(*queue));
	struct reason reason = {"no memory", 0};

	libbpf_set_print(NULL); /* what went wrong we tell ourselves */
	libxdp_set_print(NULL);
	/* Where frames are locked memory and we have no right to lock any. */
	(void)setrlimit(RLIMIT_MEMLOCK, &all);
	if (xdp == NULL || queue == NULL) {
		free(queue);
		free(xdp);
	} else {
		*xdp = (struct xdp){.interface = interface, .queue = queue, .link = -1};
		if (set_up(xdp, queues, targets, &reason))
			return xdp;
		close_all(xdp);
	}
	*why = reason.text;
	*number = reason.number;
	return NULL;
}

static size_t count_queues(const struct xdp *xdp)
{
	return xdp->queue_count;
}

/* ---- serving ---- */

static void give_back(struct queue *queue, uint64_t address)
{
	queue->free[queue->free_count++] = address & ~(uint64_t)(FRAME_SIZE - 1);
}

/* Takes back what has been sent. */
static void collect(struct queue *queue)
{
	uint32_t at, count = xsk_ring_cons__peek(&queue->sent, RING, &at);

	for (uint32_t i = 0; i < count; i++)
		give_back(queue, *xsk_ring_cons__comp_addr(&queue->sent, at + i));
	if (count != 0)
		xsk_ring_cons__release(&queue->sent, count);
	queue->out_count -= count;
}

/* Has the kernel send, where it waits for being asked; a kernel that takes 32 at once is asked
 * as often as a batch needs. What it does not take now it takes later. */
static void push(struct queue *queue)
{
	for (unsigned tries = 0; tries < BATCH / 32 + 1; tries++) {
		if (!xsk_ring_prod__needs_wakeup(&queue->out) ||
		    xsk_prod_nb_free(&queue->out, RING) == RING)
			return;
		if (sendto(queue->descriptor, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 &&
		    errno != EAGAIN)
			return;
	}
}

/* Sends responses; where there is no way out, they are lost as they are where a socket's buffer
 * is full. */
static void send_out(struct queue *queue, const struct xdp_desc *ready, uint32_t count)
{
	uint32_t at;

	if (xsk_ring_prod__reserve(&queue->out, count, &at) != count) {
		collect(queue);
		push(queue);
		if (xsk_ring_prod__reserve(&queue->out, count, &at) != count) {
			for (uint32_t i = 0; i < count; i++)
				give_back(queue, ready[i].addr);
			return;
		}
	}
	for (uint32_t i = 0; i < count; i++)
		*xsk_ring_prod__tx_desc(&queue->out, at + i) = ready[i];
	xsk_ring_prod__submit(&queue->out, count);
	queue->out_count += count;
	push(queue);
}

/* Answers a frame in place; the size of the one to send, 0 when there shall be none. */
static inline uint32_t answer_frame(const struct xdp *xdp, const struct queue *queue,
                                    const struct xdp_desc *came,
                                    const struct xdp_handler *handler)
{
	uint8_t *octets = queue->memory + came->addr;
	struct frame frame;
	size_t size;

	if ((came->addr & (FRAME_SIZE - 1)) + FRAME_HEAD_MAX + MTU_MAX > FRAME_SIZE ||
	    frame_read(octets, came->len, &frame) != FRAME_QUERY) {
		handler->refuse(handler->context);
		return 0;
	}
	size = handler->answer(handler->context, frame_sender(octets, &frame), frame.port,
	                       octets + frame.message, frame.size,
	                       frame_room(&frame, xdp->mtu));
	return size == 0 ? 0 : (uint32_t)frame_reply(octets, &frame, size);
}

static void answer_batch(const struct xdp *xdp, struct queue *queue, uint32_t at,
                         uint32_t count, const struct xdp_handler *handler)
{
	struct xdp_desc ready[BATCH];
	uint32_t ready_count = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct xdp_desc *came = xsk_ring_cons__rx_desc(&queue->in, at + i);
		uint32_t size;

		if (i + 1 < count)
			__builtin_prefetch(
				queue->memory +
				xsk_ring_cons__rx_desc(&queue->in, at + i + 1)->addr);
		size = answer_frame(xdp, queue, came, handler);
		if (size != 0)
			ready[ready_count++] =
				(struct xdp_desc){.addr = came->addr, .len = size};
		else
			give_back(queue, came->addr);
	}
	xsk_ring_cons__release(&queue->in, count);
	if (ready_count != 0)
		send_out(queue, ready, ready_count);
}

/* Until frames come; a moment only, while others are on their way out. */
static void wait_for_frames(struct queue *queue)
{
	struct pollfd one = {.fd = queue->descriptor, .events = POLLIN};

	push(queue);
	(void)poll(&one, 1, queue->out_count == 0 ? -1 : PATIENCE);
}

static __attribute__((noreturn)) void serve(struct xdp *xdp, size_t number,
                                            const struct xdp_handler *handler)
{
	struct queue *queue = &xdp->queue[number];
	uint32_t at, count;

	for (;;) {
		collect(queue);
		refill(queue);
		count = xsk_ring_cons__peek(&queue->in, BATCH, &at);
		if (count == 0) {
			wait_for_frames(queue);
			continue;
		}
		handler->begin(handler->context);
		answer_batch(xdp, queue, at, count, handler);
		handler->end(handler->context);
	}
}

extern const struct xdp_library comity_xdp;
__attribute__((visibility("default"))) const struct xdp_library comity_xdp = {
	.open = open_interface,
	.queues = count_queues,
	.serve = serve,
};
