/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/workers.h"

#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/mman.h>

static pthread_barrier_t all_here;

void workers_await(unsigned threads)
{
	pthread_barrier_init(&all_here, NULL, threads + 1);
}

bool worker_is_tcp(const struct worker *worker)
{
	return worker->tcp.listeners != NULL;
}

static bool is_xdp(const struct worker *worker)
{
	return worker->xdp.xdp != NULL;
}

static struct datagram_worker *datagram_of(struct worker *worker)
{
	return is_xdp(worker) ? &worker->xdp.datagram : &worker->udp.datagram;
}

void workers_meet(void)
{
	pthread_barrier_wait(&all_here);
}

void workers_wait(void)
{
	pthread_barrier_wait(&all_here); /* all have begun */
	pthread_barrier_wait(&all_here); /* it stands */
}

static void *run_udp(void *argument)
{
	const struct worker *worker = argument;

	workers_wait();
	udp_serve(&worker->udp);
}

static void *run_tcp(void *argument)
{
	const struct worker *worker = argument;

	workers_wait();
	tcp_serve(&worker->tcp);
}

static void *run_xdp(void *argument)
{
	const struct worker *worker = argument;

	workers_wait();
	xdp_serve(&worker->xdp);
}

/* The processor a worker is pinned to: the one with that number of those we may use, around. */
static cpu_set_t processor_of(size_t worker)
{
	cpu_set_t all, one;
	size_t left, cpu = 0;

	CPU_ZERO(&one);
	if (sched_getaffinity(0, sizeof(all), &all) != 0 || CPU_COUNT(&all) == 0)
		return all;
	for (left = worker % (size_t)CPU_COUNT(&all); !CPU_ISSET(cpu, &all) || left-- != 0;)
		cpu++;
	CPU_SET(cpu, &one);
	return one;
}

enum mishap workers_start_thread(void *(*run)(void *), void *argument,
                                 const cpu_set_t *processor)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, argument) != 0) {
		fputs("comity-rootd: no thread\n", stderr);
		return MISHAP_IO;
	}
	if (processor != NULL)
		(void)pthread_setaffinity_np(thread, sizeof(*processor), processor);
	pthread_detach(thread);
	return OK;
}

/* Memory that is zero, and touched only where it is used. */
static void *pages(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(size);
	return at;
}

void workers_give_tables(struct server *s, struct tap *tap, struct worker *workers)
{
	struct rate_table *rate = NULL;
	uint8_t random[16];

	if (s->options->rate_limit != 0) {
		rate = pages(sizeof(*rate));
		randombytes_buf(random, sizeof(random));
		rate_begin(rate, random, s->options->rate_limit);
		sodium_memzero(random, sizeof(random));
	}
	for (size_t w = 0; w < s->served.worker_count; w++) {
		struct datagram_worker *datagram = datagram_of(&workers[w]);

		datagram->tally = workers[w].tcp.tally = statistics_tally(s->statistics, w);
		datagram->tap = workers[w].tcp.tap =
			s->options->dnstap == NULL ? NULL : &tap->ring[w];
		datagram->rate = rate;
		datagram->slip = s->options->rate_slip;
	}
}

enum mishap workers_start(struct server *s, struct worker *workers)
{
	enum mishap m = OK;

	for (size_t w = 0; w < s->served.worker_count && m == OK; w++) {
		void *(*run)(void *) = is_xdp(&workers[w])          ? run_xdp
		                       : worker_is_tcp(&workers[w]) ? run_tcp
		                                                    : run_udp;
		cpu_set_t processor = processor_of(workers[w].number);
		struct datagram_worker *datagram = datagram_of(&workers[w]);

		datagram->served = workers[w].tcp.served = &s->served;
		datagram->worker = workers[w].tcp.worker = w;
		m = workers_start_thread(run, &workers[w], s->options->pin ? &processor : NULL);
	}
	return m;
}
