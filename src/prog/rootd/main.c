/* SPDX-License-Identifier: Apache-2.0 */
/* rootd(8): serves one zone image by UDP and TCP. Knows no ledger and holds no key. */
#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "host/net/listen.h"
#include "host/net/tcp.h"
#include "host/net/udp.h"
#include "host/sandbox.h"
#include "prog/rootd/compile.h"
#include "prog/rootd/config.h"
#include "prog/rootd/cookies.h"
#include "prog/rootd/courier.h"
#include "prog/rootd/options.h"
#include "prog/rootd/release.h"
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
};

static struct served served;
static struct config config;
static struct attendant attendant;
static struct courier courier = {-1, -1};
static bool expired; /* the courier says so */
static pthread_barrier_t all_here;
static volatile sig_atomic_t stop, look_now;

/* ---- what is served ---- */

static struct serving *serving_make(const struct options *options,
                                    const struct release *release, const struct status *status,
                                    const struct cookie_secrets *secrets, struct held *held)
{
	struct serving *serving = calloc(1, sizeof(*serving));

	if (serving == NULL)
		memory_fail(sizeof(*serving));
	serving->release = *release;
	serving->answerer = (struct answerer){.image = &serving->release.image,
	                                      .identity = options->identity,
	                                      .udp_size = (uint16_t)options->udp_size,
	                                      .attendant = &attendant,
	                                      .transfer = held == NULL || expired
	                                                          ? NULL
	                                                          : &held->transfer,
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
	return serving;
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
}

static void tell_release(const struct image *image, const char *what)
{
	char digest[2 * SHA384_SIZE];

	hex_write(digest, (struct bytes){image->header->zone, SHA384_SIZE});
	fprintf(stderr, "rootd: %s serial %u zone %.*s records %u\n", what,
	        image_serial(image).value, (int)sizeof(digest), digest, image->header->records);
}

/* ---- threads ---- */

/* One of them a thread. */
struct worker {
	struct udp_worker udp;
	struct tcp_worker tcp;
};

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

/* As many descriptors as connections and sockets may want, or as many as we may have. */
static void allow_descriptors(const struct options *options)
{
	rlim_t wanted = (rlim_t)options->workers *
	                        (options->tcp_connections + 2 * options->listen_count + 1) +
	                64;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Opens the sockets of one of the options' workers: a UDP worker an address, and one for TCP.
 */
static enum mishap open_worker(const struct options *options, struct worker *workers)
{
	size_t addresses = options->listen_count;
	int *listeners = calloc(addresses, sizeof(*listeners));
	bool shared = options->workers > 1;

	if (listeners == NULL)
		memory_fail(addresses * sizeof(*listeners));
	for (size_t a = 0; a < addresses; a++) {
		workers[a].udp.wildcard = options->listen[a].wildcard;
		if (listen_udp(&options->listen[a], shared, &workers[a].udp.descriptor) != OK ||
		    listen_tcp(&options->listen[a], shared, &listeners[a]) != OK)
			return MISHAP_IO;
	}
	workers[addresses].tcp =
		(struct tcp_worker){.listeners = listeners,
	                            .listener_count = addresses,
	                            .connections_max = options->tcp_connections,
	                            .idle_seconds = options->tcp_idle};
	return OK;
}

static enum mishap start_thread(void *(*run)(void *), struct worker *worker, size_t slot)
{
	pthread_t thread;

	worker->udp.served = worker->tcp.served = &served;
	worker->udp.worker = worker->tcp.worker = slot;
	if (pthread_create(&thread, NULL, run, worker) == 0 && pthread_detach(thread) == 0)
		return OK;
	fputs("rootd: no thread\n", stderr);
	return MISHAP_IO;
}

static enum mishap start_workers(const struct options *options, struct worker *workers)
{
	size_t each = options->listen_count + 1;
	enum mishap m = OK;

	for (size_t w = 0; w < served.worker_count && m == OK; w++)
		m = start_thread(w % each == each - 1 ? run_tcp : run_udp, &workers[w], w);
	return m;
}

/* ---- rights ---- */

/* What serving calls beyond what every program does. */
static const char *const CALLS[] = {
	"accept4",  "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "recvfrom",
	"recvmmsg", "sendmmsg",      "sendmsg",   "sendto",     "setsockopt", "stat",
};

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
	const char *folders[3];
	size_t count = 0;

	folders[count++] = folder_of(options->image);
	if (options->status != NULL)
		folders[count++] = folder_of(options->status);
	if (options->cookie_secrets != NULL)
		folders[count++] = folder_of(options->cookie_secrets);
	return sandbox_see_only(folders, count);
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

/* A descriptor that becomes readable when a file in the image's folder was put in place. */
static int watch_folder(const struct options *options)
{
	int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (descriptor >= 0)
		(void)inotify_add_watch(descriptor, folder_of(options->image),
		                        IN_MOVED_TO | IN_CLOSE_WRITE);
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

/* Looks for a new image and exchanges it for the one served, unless there is a reason not to.
 */
static void look_for_image(const struct options *options, struct serving **now)
{
	const struct status *status = (*now)->answerer.status;
	struct release next;
	const char *why;

	if (release_load(options->image, &next) != OK)
		return; /* told; the old one stays */
	if (digest_same(&next.image.header->content, &(*now)->release.image.header->content)) {
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
	exchange(now,
	         serving_make(options, &(*now)->release, (*now)->answerer.status, &secrets,
	                      (*now)->held));
	sodium_memzero(&secrets, sizeof(secrets));
	fputs("rootd: new secrets for cookies\n", stderr);
}

/* Tells the courier what is served now. */
static void tell_courier(void)
{
	const struct served_notify serving = {.has_serial = COURIER_SERVING};

	if (courier.tell >= 0 && write(courier.tell, &serving, sizeof(serving)) < 0)
		fputs("rootd: the process that brings zones in does not listen\n", stderr);
}

/* Takes the transfer file beside the image when it has the same zone. */
static void look_for_transfer(const struct options *options, struct serving **now,
                              struct file_identity *seen)
{
	struct file_identity file = file_identity_of(options->transfer);
	struct held *held;

	if (((*now)->held != NULL || file_identity_same(&file, seen)) && !look_now)
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
	tell_courier();
}

/* Hears from the courier whether the zone may be served. */
static void listen_to_courier(const struct options *options, struct serving **now)
{
	bool was = expired;
	uint8_t word;
	ssize_t n;

	if (courier.listen < 0)
		return;
	while ((n = read(courier.listen, &word, 1)) == 1)
		expired = word == COURIER_EXPIRED;
	if (n == 0) {
		fputs("rootd: the process that brings zones in has ended\n", stderr);
		close(courier.listen);
		courier.listen = -1;
	}
	if (expired != was)
		exchange(now, serving_make(options, &(*now)->release, (*now)->answerer.status,
		                           &(*now)->secrets, (*now)->held));
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
		file = file_identity_of(options->image);
		if (look_at_status(options, &now) || look_now ||
		    !file_identity_same(&file, &seen)) {
			look_for_image(options, &now);
			transfer = (struct file_identity){0};
		}
		seen = file;
		look_for_transfer(options, &now, &transfer);
		look_now = 0;
	}
}

/* ---- the program ---- */

/* A secondary that has no zone yet waits for its first. */
static void await_first(const struct options *options)
{
	if (config.primaries == 0 || access(options->image, F_OK) == 0)
		return;
	fputs("rootd: no zone yet: waiting for a primary\n", stderr);
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
			fprintf(stderr, "rootd: %s: no status page\n", options->status);
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
	*now = serving_make(options, &release, known, &secrets, NULL);
	sodium_memzero(&secrets, sizeof(secrets));
	return EXIT_YES;
}

static int serve(const struct options *options)
{
	size_t each = options->listen_count + 1;
	struct worker *workers = calloc(options->workers * each, sizeof(*workers));
	struct serving *now = NULL;
	sigset_t waiting;
	int watch, code;

	if (workers == NULL)
		memory_fail(sizeof(*workers));
	if (options->config != NULL && config_read(options->config, &config) != OK)
		return EXIT_REFUSED;
	attendant = (struct attendant){.key = config.key,
	                               .key_count = config.keys,
	                               .take = config.take,
	                               .take_count = config.takes,
	                               .notify = config.notify,
	                               .notify_count = config.notifies};
	config.sandbox = options->sandbox;
	if (config.primaries + config.secondaries != 0 &&
	    courier_start(options, &config, &courier) != OK)
		return EXIT_MISHAP;
	code = load_first(options, &now);
	if (code != EXIT_YES)
		return code;
	allow_descriptors(options);
	served.worker_count = options->workers * each;
	served.notified = courier.tell;
	served.current = &now->answerer;
	for (unsigned w = 0; w < options->workers; w++)
		if (open_worker(options, workers + w * each) != OK)
			return EXIT_MISHAP;
	watch = watch_folder(options);
	take_signals(&waiting);
	pthread_barrier_init(&all_here, NULL, (unsigned)served.worker_count + 1);
	if ((options->user != NULL && sandbox_become(options->user) != OK) ||
	    (options->sandbox && see_only(options) != OK) ||
	    start_workers(options, workers) != OK)
		return EXIT_MISHAP;
	pthread_barrier_wait(&all_here);
	if (options->sandbox &&
	    sandbox_call_only(CALLS, sizeof(CALLS) / sizeof(CALLS[0])) != OK)
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
		m = compile_zone(options.zone, options.image);
		return m == OK ? EXIT_YES : m == MISHAP_IO ? EXIT_MISHAP : EXIT_REFUSED;
	case CHECK:
		return check(&options);
	case SERVE:
		break;
	}
	return serve(&options);
}
