/* SPDX-License-Identifier: Apache-2.0 */
#include "xdp_queue.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "meter.h"

#define BUSY_TRIES    200
#define BUSY_PAUSE_US 10000

/* Redirects every frame to the socket of its queue in `map`: the descriptor of a loaded
 * program. */
static int load_redirection(int map)
{
	const struct bpf_insn program[] = {
		/* r2 = context->rx_queue_index; r1 = map; r3 = XDP_PASS, where there is no
	           socket */
		{.code = BPF_LDX | BPF_MEM | BPF_W,
	         .dst_reg = BPF_REG_2,
	         .src_reg = BPF_REG_1,
	         .off = 16},
		{.code = BPF_LD | BPF_DW | BPF_IMM,
	         .dst_reg = BPF_REG_1,
	         .src_reg = BPF_PSEUDO_MAP_FD,
	         .imm = map},
		{.code = 0},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect_map},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "bench_redirect", "Apache-2.0", program,
	                     sizeof(program) / sizeof(program[0]), NULL);
}

/* The link is held by this process alone, and ends with it. */
static void redirect(struct xdp_queue *q)
{
	const struct bpf_link_create_opts options = {.sz = sizeof(options),
	                                             .flags = XDP_FLAGS_DRV_MODE};
	int map = bpf_map_create(BPF_MAP_TYPE_XSKMAP, "bench_sockets", 4, 4, 64, NULL);
	int program = map < 0 ? -1 : load_redirection(map);
	uint32_t queue = 0;

	if (program < 0 || bpf_map_update_elem(map, &queue, &q->descriptor, BPF_ANY) != 0)
		give_up("the program that redirects");
	if (bpf_link_create(program, q->interface, BPF_XDP, &options) < 0)
		give_up("attaching the program that redirects");
}

/* The socket of whoever was here before may take a moment to go. An errno. */
static int create_socket(struct xdp_queue *q, const char *interface)
{
	const struct xsk_socket_config config = {
		.rx_size = XDP_RING,
		.tx_size = XDP_RING,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = XDP_USE_NEED_WAKEUP | XDP_COPY,
	};
	int error = 0;

	for (int tries = 0; tries < BUSY_TRIES; tries++) {
		error = -xsk_socket__create(&q->socket, interface, 0, q->umem, &q->in, &q->out,
		                            &config);
		if (error != EBUSY)
			break;
		usleep(BUSY_PAUSE_US);
	}
	return error;
}

void xdp_open(struct xdp_queue *q, const char *interface)
{
	const struct xsk_umem_config umem = {
		.fill_size = XDP_RING, .comp_size = XDP_RING, .frame_size = XDP_FRAME_SIZE};
	const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	const size_t size = (size_t)XDP_FRAMES * XDP_FRAME_SIZE;

	(void)setrlimit(RLIMIT_MEMLOCK, &all);
	q->interface = (int)if_nametoindex(interface);
	q->memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (q->interface == 0 || q->memory == MAP_FAILED)
		give_up(interface);
	errno = -xsk_umem__create(&q->umem, q->memory, size, &q->fill, &q->done, &umem);
	if (errno == 0)
		errno = create_socket(q, interface);
	if (errno != 0)
		give_up("AF_XDP socket");
	q->descriptor = xsk_socket__fd(q->socket);
	for (unsigned i = 0; i < XDP_FRAMES; i++)
		q->spare[q->spare_count++] = (uint64_t)i * XDP_FRAME_SIZE;
	redirect(q);
	xdp_turn(q);
}

void xdp_turn(struct xdp_queue *q)
{
	uint32_t at, count = xsk_ring_cons__peek(&q->done, XDP_RING, &at);

	for (uint32_t i = 0; i < count; i++)
		q->spare[q->spare_count++] = *xsk_ring_cons__comp_addr(&q->done, at + i) &
		                             ~(uint64_t)(XDP_FRAME_SIZE - 1);
	xsk_ring_cons__release(&q->done, count);
	q->sending -= count;

	count = xsk_prod_nb_free(&q->fill, XDP_RING);
	count = count < q->spare_count ? count : q->spare_count;
	if (count == 0 || xsk_ring_prod__reserve(&q->fill, count, &at) != count)
		return;
	for (uint32_t i = 0; i < count; i++)
		*xsk_ring_prod__fill_addr(&q->fill, at + i) = q->spare[--q->spare_count];
	xsk_ring_prod__submit(&q->fill, count);
}

void xdp_push(struct xdp_queue *q)
{
	if (q->sending != 0)
		(void)sendto(q->descriptor, NULL, 0, MSG_DONTWAIT, NULL, 0);
}
