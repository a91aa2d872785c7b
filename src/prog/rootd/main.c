/* SPDX-License-Identifier: Apache-2.0 */
/* comity-rootd(8): serves one zone image by UDP and TCP. Knows no ledger and holds no key. */
#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/must.h"
#include "host/net/listen.h"
#include "host/net/report.h"
#include "host/net/tap.h"
#include "host/net/tcp.h"
#include "host/net/udp.h"
#include "host/net/xdp.h"
#include "host/sandbox.h"
#include "prog/rootd/certificate.h"
#include "prog/rootd/compile.h"
#include "prog/rootd/config.h"
#include "prog/rootd/cookies.h"
#include "prog/rootd/courier.h"
#include "prog/rootd/follow.h"
#include "prog/rootd/options.h"
#include "prog/rootd/others.h"
#include "prog/rootd/release.h"
#include "prog/rootd/statistics.h"
#include "prog/rootd/transfers.h"

/* Exit codes (comity-rootd(8)). */
enum { EXIT_YES = 0, EXIT_REFUSED = 1, EXIT_MISUSE = 2, EXIT_MISHAP = 3 };

#define LOOK_SECONDS 1 /* how often files are looked at when inotify tells nothing */

/* What is served at the moment, all in one piece so that it is exchanged at once. */
struct serving {
	struct answerer answerer;
	struct release release;
	struct status status;
	struct cookie_secrets secrets;
	struct held *held; /* NULL: nothing to transfer */
	struct zones zones; /* where there are others */
	struct zone zone[ZONES_MAX]; /* in `zones`; the main one first */
};

static struct served served;
static struct config config;
static struct attendant attendant;
static struct certificate certificate;
static struct courier courier = {-1, -1};
static struct follow follow; /* where there is a primary */
static struct hearing hearing;
static struct others *others; /* NULL: there is the main zone only */
static bool expired; /* the courier says so */
static struct statistics *statistics;
static struct tap tap;
static struct report report;
static pthread_barrier_t all_here;
static volatile sig_atomic_t stop, look_now;

/* ---- what is served ---- */

/* All zones, where there are several. */
static void add_zones(struct serving *serving)
{
	const struct answerer *a = &serving->answerer;

	if (others == NULL)
		return;
	zones_begin(&serving->zones);
	serving->zone[0] = (struct zone){.apex = image_apex(a->image),
	                                 .image = a->image,
	                                 .transfer = a->transfer,
	                                 .attendant = a->attendant,
	                                 .expired = a->expired};
	must(zones_add(&serving->zones, &serving->zone[0]));
	others_add(others, serving->zone + 1, &serving->zones);
	serving->answerer.zones = &serving->zones;
}

static struct serving *serving_make(const struct options *options,
                                    const struct release *release, const struct status *status,
                                    const struct cookie_secrets *secrets, struct held *held)
{
	struct serving *serving = calloc(1, sizeof(*serving));

	if (serving == NULL)
		memory_fail(sizeof(*serving));
	serving->release = *release;
	serving->answerer =
		(struct answerer){.image = &serving->release.image,
	                          .identity = options->identity,
	                          .udp_size = (uint16_t)options->udp_size,
	                          .attendant = &attendant,
	                          .transfer = held == NULL || expired ? NULL : &held->transfer,
	                          .expired = expired};
	serving->held = held;
	if (status != NULL) {
		serving->status = *status;
		serving->answerer.status = &serving->status;
	}
	if (secrets->count != 0) {
		serving->secrets = *secrets;
		serving->answerer.secrets = &serving->secrets;
	}
	add_zones(serving);
	return serving;
}

static void tell_statistics(const struct serving *now)
{
	statistics_serving(statistics, image_serial(&now->release.image),
	                   now->release.image.header->records, now->status.height);
}

static void exchange(struct serving **now, struct serving *next)
{
	struct serving *old = *now;

	served_exchange(&served, &next->answerer);
	if (old->release.file.at != next->release.file.at)
		release_free(&old->release);
	if (old->held != next->held)
		held_give(old->held);
	sodium_memzero(&old->secrets, sizeof(old->secrets));
	free(old);
	*now = next;
	tell_statistics(next);
}

static void tell_release(const struct image *image, const char *what)
{
	char digest[2 * SHA384_SIZE];

	hex_write(digest, (struct bytes){image->header->zone, SHA384_SIZE});
	fprintf(stderr, "comity-rootd: %s serial %u zone %.*s records %u\n", what,
	        image_serial(image).value, (int)sizeof(digest), digest, image->header->records);
}

/* ---- threads ---- */

/* One of them a thread. */
struct worker {
	struct udp_worker udp;
	struct tcp_worker tcp;
	struct xdp_worker xdp;
	size_t number; /* which of --workers it belongs to */
};

static bool is_tcp(const struct worker *worker)
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

/* No thread reads a query before the sandbox stands, nor is it built before all have begun:
 * beginning takes calls that it does not allow. */
static void wait_for_sandbox(void)
{
	pthread_barrier_wait(&all_here); /* all have begun */
	pthread_barrier_wait(&all_here); /* it stands */
}

static void *run_udp(void *argument)
{
	const struct worker *worker = argument;

	wait_for_sandbox();
	udp_serve(&worker->udp);
}

static void *run_tcp(void *argument)
{
	const struct worker *worker = argument;

	wait_for_sandbox();
	tcp_serve(&worker->tcp);
}

static void *run_xdp(void *argument)
{
	const struct worker *worker = argument;

	wait_for_sandbox();
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

/* Starts a thread; `processor` NULL: wherever the kernel likes. */
static enum mishap start_thread(void *(*run)(void *), void *argument,
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

/* ---- who is told ---- */

static void write_metrics(void *context, struct writer *to)
{
	static struct metrics metrics;

	(void)context;
	statistics_now(statistics, &metrics);
	metrics_write(to, &metrics);
}

static void *run_report(void *argument)
{
	wait_for_sandbox();
	report_serve(argument);
}

static void *run_tap(void *argument)
{
	wait_for_sandbox();
	tap_run(argument);
}

/* Opens what others are told by. */
static enum mishap open_telling(const struct options *options, const struct worker *workers)
{
	const struct answer_identity *who = &options->identity;
	enum mishap m = OK;

	if (options->dnstap != NULL)
		tap_make(&tap, options->dnstap, served.worker_count);
	for (size_t w = 0; w < tap.count && m == OK; w++)
		m = tap_make_ring(&tap.ring[w],
		                  is_tcp(&workers[w]) ? TRANSPORT_TCP : TRANSPORT_UDP, who->id,
		                  who->version, options->dnstap_every);
	report.write = write_metrics;
	report.text_max = METRICS_TEXT_MAX;
	if (m == OK && options->metrics != NULL)
		m = report_listen(options->metrics, &report.listener);
	return m;
}

/* Threads besides the workers. */
static unsigned telling_threads(const struct options *options)
{
	return (options->dnstap != NULL ? 1u : 0u) + (options->metrics != NULL ? 1u : 0u);
}

static enum mishap start_telling(const struct options *options)
{
	enum mishap m = OK;

	if (options->dnstap != NULL)
		m = start_thread(run_tap, &tap, NULL);
	if (m == OK && options->metrics != NULL)
		m = start_thread(run_report, &report, NULL);
	return m;
}

/* As many descriptors as connections and sockets may want, or as many as we may have. */
static void allow_descriptors(const struct options *options)
{
	rlim_t wanted =
		(rlim_t)options->workers * (options->tcp_connections + 2 * LISTEN_MAX + 1) + 64;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Sockets of one worker: what it opened, or what all share. */
struct sockets {
	int udp[LISTEN_MAX];
	bool wildcard[LISTEN_MAX];
	size_t udp_count;
	int *tcp; /* kept */
	size_t tcp_count;
};

static enum mishap open_sockets(const struct options *options, struct sockets *sockets)
{
	bool shared = options->workers > 1;

	for (size_t a = 0; a < options->listen_count; a++) {
		sockets->wildcard[a] = options->listen[a].wildcard;
		if (listen_udp(&options->listen[a], shared, &sockets->udp[a]) != OK ||
		    listen_tcp(&options->listen[a], shared, &sockets->tcp[a]) != OK)
			return MISHAP_IO;
	}
	return OK;
}

static struct tcp_worker tcp_worker_of(const struct options *options, const int *listeners,
                                       size_t count)
{
	return (struct tcp_worker){.listeners = listeners,
	                           .listener_count = count,
	                           .connections_max = options->tcp_connections,
	                           .per_source_max = options->tcp_per_source,
	                           .idle_seconds = options->tcp_idle};
}

/* DNS over TLS, in a thread of its own: a handshake holds up no query by TCP. */
static enum mishap open_tls(const struct options *options, struct worker *worker)
{
	int *listeners = calloc(config.tls_listens, sizeof(*listeners));

	if (listeners == NULL)
		memory_fail(config.tls_listens * sizeof(*listeners));
	for (size_t i = 0; i < config.tls_listens; i++)
		if (listen_tcp(&config.tls_listen[i], options->workers > 1, &listeners[i]) !=
		    OK)
			return MISHAP_IO;
	worker->tcp = tcp_worker_of(options, listeners, config.tls_listens);
	worker->tcp.tls = certificate.library;
	worker->tcp.context = certificate.context;
	return OK;
}

/* Gives a worker its sockets: a UDP thread each, one thread for TCP, and one for TLS. */
static enum mishap open_worker(const struct options *options,
                               const struct listen_inherited *inherited, struct worker *workers)
{
	struct sockets s = {.udp_count = options->listen_count,
	                    .tcp_count = options->listen_count};

	if (options->listen_count == 0) {
		s.udp_count = inherited->udp_count;
		s.tcp_count = inherited->tcp_count;
	}
	s.tcp = calloc(s.tcp_count + 1, sizeof(*s.tcp));
	if (s.tcp == NULL)
		memory_fail(s.tcp_count * sizeof(*s.tcp));
	if (options->listen_count == 0) {
		memcpy(s.udp, inherited->udp, s.udp_count * sizeof(*s.udp));
		memcpy(s.wildcard, inherited->wildcard, s.udp_count * sizeof(*s.wildcard));
		memcpy(s.tcp, inherited->tcp, s.tcp_count * sizeof(*s.tcp));
	} else if (open_sockets(options, &s) != OK) {
		return MISHAP_IO;
	}
	for (size_t a = 0; a < s.udp_count; a++) {
		workers[a].udp.descriptor = s.udp[a];
		workers[a].udp.wildcard = s.wildcard[a];
	}
	workers[s.udp_count].tcp = tcp_worker_of(options, s.tcp, s.tcp_count);
	if (config.tls_listens != 0)
		return open_tls(options, &workers[s.udp_count + 1]);
	return OK;
}

/* Has the interface hand over what comes for the first worker's UDP sockets: a queue a worker,
 * with a thread of its own. Those begin at `workers`; how many there are. */
static size_t open_xdp(const struct options *options, const struct worker *first,
                       size_t udp_count, struct worker *workers)
{
	union sender address[LISTEN_MAX] = {0};
	struct xdp_targets targets = {address, udp_count};
	const struct xdp_library *library;
	struct xdp *xdp;
	size_t count;

	if (options->xdp == NULL)
		return 0;
	for (size_t a = 0; a < udp_count; a++) {
		socklen_t size = sizeof(address[a]);

		if (getsockname(first[a].udp.descriptor, &address[a].any, &size) != 0)
			return 0;
	}
	xdp = xdp_open(options->xdp, options->workers, &targets, &library);
	count = xdp == NULL ? 0 : library->queues(xdp);
	for (size_t q = 0; q < count; q++) {
		workers[q].xdp =
			(struct xdp_worker){.library = library, .xdp = xdp, .queue = q};
		workers[q].number = q;
	}
	return count;
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

/* What the workers count in, and what limits them all. */
static void give_tables(const struct options *options, struct worker *workers, size_t count)
{
	struct rate_table *rate = NULL;
	uint8_t random[16];

	if (options->rate_limit != 0) {
		rate = pages(sizeof(*rate));
		randombytes_buf(random, sizeof(random));
		rate_begin(rate, random, options->rate_limit);
		sodium_memzero(random, sizeof(random));
	}
	for (size_t w = 0; w < count; w++) {
		struct datagram_worker *datagram = datagram_of(&workers[w]);

		datagram->tally = workers[w].tcp.tally = statistics_tally(statistics, w);
		datagram->tap = workers[w].tcp.tap =
			options->dnstap == NULL ? NULL : &tap.ring[w];
		datagram->rate = rate;
		datagram->slip = options->rate_slip;
	}
}

static enum mishap start_workers(const struct options *options, struct worker *workers)
{
	enum mishap m = OK;

	for (size_t w = 0; w < served.worker_count && m == OK; w++) {
		void *(*run)(void *) = is_xdp(&workers[w])   ? run_xdp
		                       : is_tcp(&workers[w]) ? run_tcp
		                                             : run_udp;
		cpu_set_t processor = processor_of(workers[w].number);
		struct datagram_worker *datagram = datagram_of(&workers[w]);

		datagram->served = workers[w].tcp.served = &served;
		datagram->worker = workers[w].tcp.worker = w;
		m = start_thread(run, &workers[w], options->pin ? &processor : NULL);
	}
	return m;
}

/* ---- rights ---- */

/* What serving calls beyond what every program does. */
static const char *const CALLS[] = {
	"accept4",  "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "recvfrom",
	"recvmmsg", "sendmmsg",      "sendmsg",   "sendto",     "setsockopt",  "stat",
	"rename",   "unlink",        "socket",    "connect",
};

#define CALLS_COUNT  (sizeof(CALLS) / sizeof(CALLS[0]))
#define CALLS_DNSTAP 2 /* the last ones are for dnstap only */

/* The folder of a path, in memory of its own that is kept. */
static const char *folder_of(const char *path)
{
	char *copy = strdup(path);

	if (copy == NULL)
		memory_fail(strlen(path));
	return dirname(copy);
}

static enum mishap see_only(const struct options *options)
{
	const char *folders[3 + ZONES_MAX];
	size_t count = others_folders(others, folders);

	folders[count++] = folder_of(options->image);
	if (options->status != NULL)
		folders[count++] = folder_of(options->status);
	if (options->cookie_secrets != NULL)
		folders[count++] = folder_of(options->cookie_secrets);
	if (config.tls_listens != 0) { /* they are renewed */
		folders[count++] = folder_of(config.tls_certificate);
		folders[count++] = folder_of(config.tls_key);
	}
	return sandbox_see_and_own(folders, count, &options->statistics,
	                           options->statistics != NULL);
}

static enum mishap call_only(const struct options *options)
{
	return sandbox_call_only(CALLS,
	                         CALLS_COUNT - (options->dnstap == NULL ? CALLS_DNSTAP : 0));
}

/* ---- the loop ---- */

static void on_signal(int number)
{
	if (number == SIGHUP)
		look_now = 1;
	else
		stop = 1;
}

/* Signals reach the main thread only, and only while it waits. */
static void take_signals(sigset_t *waiting)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t blocked;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaddset(&blocked, numbers[i]);
		sigaction(numbers[i], &action, NULL);
	}
	pthread_sigmask(SIG_BLOCK, &blocked, waiting);
	signal(SIGPIPE, SIG_IGN); /* whoever reads our log may go away */
}

/* A descriptor that becomes readable when a file in the folder of a zone was put in place. */
static int watch_folder(const struct options *options)
{
	int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	const char *folders[ZONES_MAX];
	size_t count = others_folders(others, folders);

	folders[count++] = folder_of(options->image);
	for (size_t i = 0; i < count && descriptor >= 0; i++)
		(void)inotify_add_watch(descriptor, folders[i], IN_MOVED_TO | IN_CLOSE_WRITE);
	return descriptor;
}

static void wait_for_change(int watch, const sigset_t *waiting)
{
	const struct timespec timeout = {.tv_sec = LOOK_SECONDS};
	struct pollfd event[] = {{.fd = watch, .events = POLLIN},
	                         {.fd = courier.listen, .events = POLLIN}};
	char events[4096];

	if (ppoll(event, 2, &timeout, waiting) > 0)
		while (read(watch, events, sizeof(events)) > 0)
			;
}

/* How long ago the file was put in place. */
static uint32_t seconds_since(const char *path)
{
	int64_t seconds = time(NULL) - file_identity_of(path).changed.tv_sec;

	return seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

/* True when the image is as it stands in its file. */
static bool is_of_file(const struct release *release)
{
	return (const void *)release->image.header == release->file.at;
}

/* True when what is served came there by changes already. */
static bool is_followed(const struct image *next, const struct serving *now)
{
	return follow.ready && memcmp(next->header->zone, now->release.image.header->zone,
	                              sizeof(next->header->zone)) == 0;
}

/* Looks for a new image and exchanges it for the one served, unless there is a reason not to.
 */
static void look_for_image(const struct options *options, struct serving **now)
{
	const struct status *status = (*now)->answerer.status;
	struct release next;
	const char *why;

	if (release_load(options->image, &next) != OK)
		return; /* told; the old one stays */
	if (digest_same(&next.image.header->content, &(*now)->release.image.header->content) ||
	    is_followed(&next.image, *now)) {
		release_free(&next);
		return;
	}
	why = release_refused(&next.image, &(*now)->release.image, status,
	                      options->allow_older);
	if (why != NULL) {
		tell_release(&next.image, why);
		release_free(&next);
		return;
	}
	exchange(now, serving_make(options, &next, status, &(*now)->secrets, NULL));
	follow_end(&follow);
	statistics_load(statistics, image_serial(&(*now)->release.image),
	                seconds_since(options->image));
	tell_release(&(*now)->release.image, "serving");
}

/* Takes a new status page, if there is one; true when it changed. */
static bool look_at_status(const struct options *options, struct serving **now)
{
	struct status status;

	if (options->status == NULL || !status_load(options->status, &status) ||
	    status_same(&status, &(*now)->status))
		return false;
	exchange(now, serving_make(options, &(*now)->release, &status, &(*now)->secrets,
	                           (*now)->held));
	return true;
}

/* Takes the secrets of cookies again when their file is another. */
static void look_at_secrets(const struct options *options, struct serving **now,
                            struct file_identity *seen)
{
	struct file_identity file;
	struct cookie_secrets secrets;

	if (options->cookie_secrets == NULL)
		return;
	file = file_identity_of(options->cookie_secrets);
	if (!look_now && file_identity_same(&file, seen))
		return;
	*seen = file;
	if (!cookies_load(options->cookie_secrets, &secrets))
		return; /* told; the old ones stay */
	exchange(now, serving_make(options, &(*now)->release, (*now)->answerer.status, &secrets,
	                           (*now)->held));
	sodium_memzero(&secrets, sizeof(secrets));
	fputs("comity-rootd: new secrets for cookies\n", stderr);
}

/* Tells the courier what is served now. */
static void tell_courier(void)
{
	const struct served_notify serving = {.has_serial = COURIER_SERVING};

	if (courier.tell >= 0 && write(courier.tell, &serving, sizeof(serving)) < 0)
		fputs("comity-rootd: the process that brings zones in does not listen\n", stderr);
}

/* Takes the transfer file beside the image when it has the same zone. */
static void look_for_transfer(const struct options *options, struct serving **now,
                              struct file_identity *seen)
{
	struct file_identity file;
	struct held *held;

	if (config.takes == 0 && courier.tell < 0)
		return; /* nobody is given it */
	file = file_identity_of(options->transfer);
	if (((*now)->held != NULL && transfers_match((*now)->held, &(*now)->release.image)) ||
	    (file_identity_same(&file, seen) && !look_now))
		return;
	*seen = file;
	held = transfers_load(options->transfer);
	if (held == NULL)
		return;
	if (!transfers_match(held, &(*now)->release.image)) {
		held_give(held); /* of the release that comes next, or of the one before */
		return;
	}
	exchange(now, serving_make(options, &(*now)->release, (*now)->answerer.status,
	                           &(*now)->secrets, held));
	statistics_size(statistics, image_serial(&(*now)->release.image),
	                transfer_octets(&held->transfer));
	tell_courier();
	/* An image that came by changes lies in what follow_end() would give back. */
	if (config.primaries != 0 && !follow.ready && is_of_file(&(*now)->release)) {
		follow_end(&follow);
		follow_begin(&follow, &(*now)->release, held);
	}
}

/* Serves what changes make of the image, at once. */
static void take_changes(const struct options *options, struct serving **now,
                         const struct courier_changes *head, struct bytes changes)
{
	const struct status *status = (*now)->answerer.status;
	const struct image *image = follow_apply(&follow, head, changes);
	struct release next = (*now)->release;
	const char *why;

	if (image == NULL)
		return;
	why = release_refused(image, &next.image, status, false);
	if (why != NULL) {
		tell_release(image, why);
		follow.ready = false;
		return;
	}
	next.image = *image;
	exchange(now, serving_make(options, &next, status, &(*now)->secrets, (*now)->held));
	fprintf(stderr, "comity-rootd: serving serial %u by its changes\n", image_serial(image).value);
}

/* Hears from the courier what changes, and whether the zone may be served. */
static void listen_to_courier(const struct options *options, struct serving **now)
{
	struct courier_changes head;
	enum courier_word word;
	struct bytes changes;
	bool was = expired, lives;

	if (courier.listen < 0)
		return;
	lives = hearing_read(&hearing, courier.listen);
	while (hearing_take(&hearing, &word, &head, &changes))
		if (word == COURIER_CHANGES)
			take_changes(options, now, &head, changes);
		else
			expired = word == COURIER_EXPIRED;
	if (!lives) {
		fputs("comity-rootd: the process that brings zones in has ended\n", stderr);
		close(courier.listen);
		courier.listen = -1;
	}
	if (expired != was)
		exchange(now, serving_make(options, &(*now)->release, (*now)->answerer.status,
		                           &(*now)->secrets, (*now)->held));
}

static void look_at_others(const struct options *options, struct serving **now)
{
	if (!others_look(others, look_now != 0))
		return;
	exchange(now, serving_make(options, &(*now)->release, (*now)->answerer.status,
	                           &(*now)->secrets, (*now)->held));
	others_retire(others);
}

static void keep_serving(const struct options *options, struct serving *now, int watch,
                         const sigset_t *waiting)
{
	struct file_identity seen = file_identity_of(options->image), file;
	struct file_identity secrets = {0}, transfer = {0};

	look_for_transfer(options, &now, &transfer);
	if (options->cookie_secrets != NULL)
		secrets = file_identity_of(options->cookie_secrets);

	while (!stop) {
		wait_for_change(watch, waiting);
		listen_to_courier(options, &now);
		look_at_secrets(options, &now, &secrets);
		certificate_look(&config, &certificate, look_now);
		file = file_identity_of(options->image);
		if (look_at_status(options, &now) || look_now ||
		    !file_identity_same(&file, &seen)) {
			look_for_image(options, &now);
			transfer = (struct file_identity){0};
		}
		seen = file;
		look_for_transfer(options, &now, &transfer);
		look_at_others(options, &now);
		look_now = 0;
		statistics_look(statistics);
	}
	statistics_keep(statistics);
}

/* ---- the program ---- */

/* A secondary that has no zone yet waits for its first. */
static void await_first(const struct options *options)
{
	if (config.primaries == 0 || access(options->image, F_OK) == 0)
		return;
	fputs("comity-rootd: no zone yet: waiting for a primary\n", stderr);
	while (access(options->image, F_OK) != 0)
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

static int load_first(const struct options *options, struct serving **now)
{
	struct status status, *known = NULL;
	struct cookie_secrets secrets = {.count = 0};
	struct release release;
	const char *why;
	enum mishap m;

	if (options->status != NULL) {
		known = &status;
		if (!status_load(options->status, known)) {
			fprintf(stderr, "comity-rootd: %s: no status page\n", options->status);
			return EXIT_MISHAP;
		}
	}
	await_first(options);
	m = release_load(options->image, &release);
	if (m != OK)
		return m == MISHAP_IO ? EXIT_MISHAP : EXIT_REFUSED;
	why = release_refused(&release.image, NULL, known, options->allow_older);
	if (why != NULL) {
		tell_release(&release.image, why);
		return EXIT_REFUSED;
	}
	if (options->cookie_secrets != NULL && !cookies_load(options->cookie_secrets, &secrets))
		return EXIT_MISHAP;
	if (others != NULL && others_load(others, image_apex(&release.image)) != OK)
		return EXIT_REFUSED;
	*now = serving_make(options, &release, known, &secrets, NULL);
	sodium_memzero(&secrets, sizeof(secrets));
	return EXIT_YES;
}

/* Makes the image of a text. Where that is no zone, an image that is there is served. */
static enum mishap begin_with_text(const struct options *options)
{
	const struct compile_start start = {.zone = options->text,
	                                    .origin = &options->origin,
	                                    .image = options->image,
	                                    .user = options->user,
	                                    .sandbox = options->sandbox};
	enum mishap m = compile_start(&start);

	if (m == OK || access(options->image, F_OK) != 0)
		return m;
	fprintf(stderr, "comity-rootd: %s: the image that is there stays\n", options->text);
	return OK;
}

static int serve(const struct options *options)
{
	struct listen_inherited inherited;
	struct worker *workers;
	struct serving *now = NULL;
	sigset_t waiting;
	size_t each, sockets;
	int watch, code;

	config_begin(&config);
	if (options->text != NULL && begin_with_text(options) != OK)
		return EXIT_REFUSED;
	if (options->config != NULL && config_read(options->config, &config) != OK)
		return EXIT_REFUSED;
	if (listen_inherit(&inherited) != OK)
		return EXIT_MISHAP;
	each = (options->listen_count == 0 ? inherited.udp_count : options->listen_count) + 1 +
	       (config.tls_listens != 0);
	sockets = options->workers * each;
	if (sockets + options->workers > SERVED_WORKERS_MAX)
		return EXIT_MISUSE;
	workers = calloc(sockets + options->workers, sizeof(*workers));
	if (workers == NULL)
		memory_fail(sizeof(*workers));
	attendant = (struct attendant){.key = config.key,
	                               .key_count = config.keys,
	                               .take = config.take,
	                               .take_count = config.takes,
	                               .notify = config.notify,
	                               .notify_count = config.notifies};
	for (struct config *c = &config; c != NULL; c = c->next)
		c->sandbox = options->sandbox;
	if (config.primaries + config.secondaries != 0 &&
	    courier_start(options, &config, &courier) != OK)
		return EXIT_MISHAP;
	if (others_open(options, &config, &others) != OK)
		return EXIT_MISHAP;
	if (certificate_load(&config, &certificate) != OK)
		return EXIT_REFUSED;
	code = load_first(options, &now);
	if (code != EXIT_YES)
		return code;
	allow_descriptors(options);
	for (size_t z = 0; z < ZONES_MAX; z++)
		served.notified[z] = -1;
	served.notified[0] = courier.tell;
	others_hear(others, &served);
	served.current = &now->answerer;
	for (size_t w = 0; w < sockets; w++)
		workers[w].number = w / each;
	for (size_t w = 0; w < sockets; w += each)
		if (open_worker(options, &inherited, workers + w) != OK)
			return EXIT_MISHAP;
	served.worker_count =
		sockets + open_xdp(options, workers, each - 1 - (config.tls_listens != 0),
	                           workers + sockets);
	statistics =
		statistics_make(served.worker_count, options->statistics, options->service);
	if (open_telling(options, workers) != OK)
		return EXIT_MISHAP;
	tell_statistics(now);
	give_tables(options, workers, served.worker_count);
	watch = watch_folder(options);
	take_signals(&waiting);
	pthread_barrier_init(&all_here, NULL,
	                     (unsigned)served.worker_count + telling_threads(options) + 1);
	if ((options->user != NULL && sandbox_become(options->user) != OK) ||
	    (options->sandbox && sandbox_drop_capabilities() != OK) ||
	    (options->sandbox && see_only(options) != OK) ||
	    start_workers(options, workers) != OK || start_telling(options) != OK)
		return EXIT_MISHAP;
	pthread_barrier_wait(&all_here);
	if (options->sandbox && call_only(options) != OK)
		return EXIT_MISHAP;
	pthread_barrier_wait(&all_here);
	tell_release(&now->release.image, "serving");
	keep_serving(options, now, watch, &waiting);
	return EXIT_YES;
}

static int check(const struct options *options)
{
	struct release release;
	enum mishap m = release_load(options->image, &release);

	if (m != OK)
		return m == MISHAP_IO ? EXIT_MISHAP : EXIT_REFUSED;
	tell_release(&release.image, "good image:");
	release_free(&release);
	return EXIT_YES;
}

int main(int argc, char *argv[])
{
	static struct options options;
	enum mishap m;

	if (!options_read(argc, argv, &options))
		return EXIT_MISUSE;
	switch (options.what) {
	case COMPILE:
		m = compile_zone(options.zone, &options.origin, options.image,
		                 options.any_shape);
		return m == OK ? EXIT_YES : m == MISHAP_IO ? EXIT_MISHAP : EXIT_REFUSED;
	case CHECK:
		return check(&options);
	case SERVE:
		break;
	}
	return serve(&options);
}
