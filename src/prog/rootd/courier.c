/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/courier.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "host/file.h"
#include "host/net/conduit.h"
#include "host/sandbox.h"
#include "prog/rootd/fetch.h"
#include "prog/rootd/pages.h"
#include "prog/rootd/release.h"
#include "prog/rootd/transfers.h"
#include "prog/rootd/compiled.h"
#include "serving/notify.h"
#include "serving/refresh.h"

#define LOOK_SECONDS 5 /* at least so often it looks at its clocks */

struct state {
	const struct options *options;
	struct config *config;
	int events, words;
	struct fetch_tls tls; /* where a primary speaks it */
	struct file_identity loaded;
	struct held *held;      /* what we have; NULL: nothing */
	struct rrset_list zone; /* in it */
	struct arena arena;     /* of that */
	struct builder ready;   /* for changes of it */
	struct refresh refresh;
	bool told_expired;
	struct notify notify[CONFIG_PEERS_MAX];
	int socket[CONFIG_PEERS_MAX]; /* connected, of the secondary with that number */
};

static uint64_t seconds_now(void)
{
	return conduit_clock() / 1000;
}

static struct soa_numbers soa_of(const struct held *held)
{
	return soa_numbers_read(held->transfer.soa);
}

/* ---- telling the secondaries ---- */

static void open_sockets(struct state *s)
{
	for (size_t i = 0; i < s->config->secondaries; i++) {
		const struct listen_address *address = &s->config->secondary[i].address;

		s->notify[i].key = s->config->secondary[i].key;
		s->socket[i] = socket(address->socket.any.sa_family,
		                      SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (s->socket[i] >= 0 &&
		    connect(s->socket[i], &address->socket.any, address->size) != 0) {
			close(s->socket[i]);
			s->socket[i] = -1; /* and NOTIFY does not go there */
		}
	}
}

static void tell_secondary(const struct state *s, size_t i, const char *what)
{
	char name[LISTEN_TEXT_MAX];

	listen_write(&s->config->secondary[i].address, name);
	fprintf(stderr, "comity-rootd: secondary %s: %s\n", name, what);
}

static void send_notifies(struct state *s)
{
	uint8_t octets[NOTIFY_ROOM];

	for (size_t i = 0; i < s->config->secondaries && s->held != NULL; i++) {
		struct writer to = {.at = octets, .size = sizeof(octets)};
		struct notify *notify = &s->notify[i];
		bool pending = notify->pending;

		if (notify_write(notify, s->held->transfer.apex, s->held->transfer.soa,
		                 (uint16_t)randombytes_random(), seconds_now(),
		                 (uint64_t)time(NULL), &to) &&
		    send(s->socket[i], to.at, to.used, 0) < 0)
			continue; /* the next try may go */
		if (pending && !notify->pending)
			tell_secondary(s, i, "does not answer a NOTIFY");
	}
}

static void take_answers(struct state *s)
{
	uint8_t octets[NOTIFY_ROOM];

	for (size_t i = 0; i < s->config->secondaries; i++) {
		ssize_t n;

		while (s->socket[i] >= 0 &&
		       (n = recv(s->socket[i], octets, sizeof(octets), 0)) >= 0) {
			uint16_t rcode;

			if (notify_answered(&s->notify[i], (struct bytes){octets, (size_t)n},
			                    (uint64_t)time(NULL), &rcode) &&
			    rcode != RCODE_NOERROR)
				tell_secondary(s, i, "answers a NOTIFY with an error");
		}
	}
}

/* ---- what we have ---- */

static void load(struct state *s)
{
	struct file_identity file = file_identity_of(s->options->transfer);
	struct held *held = transfers_load(s->options->transfer);
	struct fault fault;

	if (held == NULL)
		return;
	builder_end(&s->ready);
	held_give(s->held);
	s->held = NULL;
	pages_release(&s->arena);
	s->arena = pages_reserve(TRANSFER_ARENA_SIZE(&held->transfer));
	if (transfer_read_zone(&held->transfer, &s->arena, &s->zone, &fault)) {
		s->held = held;
		s->loaded = file;
		return;
	}
	fprintf(stderr, "comity-rootd: %s: %s\n", s->options->transfer, fault.why);
	held_give(held);
}

/* True when what the server serves is what we have read already. */
static bool is_known(const struct state *s)
{
	struct file_identity now = file_identity_of(s->options->transfer);

	return s->held != NULL && file_identity_same(&now, &s->loaded);
}

/* The server serves another zone: ours by now, or one that somebody else put there. */
static void take_serving(struct state *s)
{
	struct soa_numbers soa;

	if (!is_known(s))
		load(s);
	if (s->held == NULL)
		return;
	soa = soa_of(s->held);
	if (!s->refresh.has_zone || s->refresh.soa.serial.value != soa.serial.value)
		refresh_confirmed(&s->refresh, seconds_now(), &soa);
	for (size_t i = 0; i < s->config->secondaries; i++)
		notify_begin(&s->notify[i], seconds_now());
}

static void take_events(struct state *s)
{
	struct served_notify event;
	ssize_t n;

	while ((n = read(s->events, &event, sizeof(event))) == (ssize_t)sizeof(event))
		if (event.has_serial == COURIER_SERVING)
			take_serving(s);
		else
			(void)refresh_notified(&s->refresh, seconds_now(),
			                       event.has_serial != 0,
			                       (struct serial){event.serial});
	if (n == 0)
		exit(0); /* the server has ended */
}

static void say(const struct state *s, enum courier_word word)
{
	uint8_t octet = (uint8_t)word;

	if (write(s->words, &octet, 1) != 1)
		exit(0);
}

/* ---- asking the primaries ---- */

/* Why a zone of that header shall not be served; NULL when it may. */
static const char *refused(const struct state *s, const struct image_header *header)
{
	struct image next = {.header = header};
	struct status status = {.expects = false};

	if (s->options->status != NULL && !status_load(s->options->status, &status))
		return "no status page to say what is expected";
	if (status.expects)
		return release_refused(&next, NULL, &status, false);
	if (s->held != NULL &&
	    serial_compare(image_serial(&next),
	                   (struct serial){s->held->transfer.header->serial}) != SERIAL_AFTER)
		return "not newer than what is here";
	return NULL;
}

/* Hands changes on to the server, which need not wait for the image that they lead to. */
static void hear_changes(void *context, const struct verdict *verdict, struct bytes changes)
{
	static uint8_t octets[1 + sizeof(struct courier_changes) + COURIER_CHANGES_MAX];
	const struct state *s = context;
	struct image_header header = {.serial = verdict->serial};
	struct courier_changes head = {.from = s->held->transfer.header->serial};
	struct writer to = {.at = octets, .size = sizeof(octets)};

	memcpy(header.zone, verdict->zone, SHA384_SIZE);
	if (changes.size != verdict->changes_size || changes.size > COURIER_CHANGES_MAX ||
	    refused(s, &header) != NULL)
		return;
	head.size = (uint32_t)changes.size;
	memcpy(head.zone, verdict->zone, SHA384_SIZE);
	write_octet(&to, COURIER_CHANGES);
	write_bytes(&to, (struct bytes){(const uint8_t *)&head, sizeof(head)});
	write_bytes(&to, changes);
	if (file_write_all(s->words, writer_bytes(&to)) != OK)
		exit(0); /* the server has ended */
}

/* Puts both files where the server looks for them. What is lost by a crash can be fetched
 * again. */
static bool put(const struct state *s, const struct builder *builder,
                const struct verdict *verdict)
{
	struct bytes image = {builder->image.at, verdict->image_size};
	struct bytes transfer = {builder->transfer.at, verdict->transfer_size};
	const char *why = NULL;
	struct transfer opened;
	struct compiled built;
	struct image_header header;

	if (verdict->image_size > builder->image.size ||
	    verdict->transfer_size > builder->transfer.size)
		why = "sizes that cannot be";
	if (why == NULL)
		why = compiled_open(image, &built);
	if (why == NULL && built.is_ordinary && !s->config->any_shape)
		why = "not root-shaped";
	if (why == NULL) {
		header = (struct image_header){.serial = compiled_serial(&built).value};
		memcpy(header.zone, compiled_digest(&built), SHA384_SIZE);
		why = refused(s, &header);
	}
	if (why == NULL)
		why = transfer_open(transfer, &opened);
	if (why != NULL) {
		fprintf(stderr, "comity-rootd: %s: serial %u is refused: %s\n", s->options->image,
		        verdict->serial, why);
		return false;
	}
	return file_write(s->options->transfer, 0644, transfer, false) == OK &&
	       file_write(s->options->image, 0644, image, false) == OK;
}

/* One primary. True when it said what the zone is, and we have that. */
static bool ask(struct state *s, const struct peer *primary)
{
	struct bytes apex =
		s->held != NULL ? s->held->transfer.apex : dname_bytes(&s->config->apex);
	struct fetch_have have = {s->held, &s->zone, &s->ready};
	struct fetch_listener listener = {hear_changes, s};
	struct builder builder;
	struct verdict verdict;
	struct soa_numbers soa;
	bool good = true;

	switch (fetch(s->config, &s->tls, primary, apex, &have, s->refresh.notified, &listener,
	              &builder, &verdict)) {
	case FETCHED_FAILED:
		return false;
	case FETCHED_NOTHING:
		break;
	case FETCHED_ZONE:
		good = put(s, &builder, &verdict);
		builder_end(&builder);
		if (good)
			load(s);
		break;
	}
	if (!good || s->held == NULL)
		return false;
	soa = soa_of(s->held);
	refresh_confirmed(&s->refresh, seconds_now(), &soa);
	return true;
}

static void ask_primaries(struct state *s)
{
	struct serial before = {s->held == NULL ? 0 : s->held->transfer.header->serial};
	bool heard = false;

	for (size_t i = 0; i < s->config->primaries; i++) {
		bool nothing =
			s->held != NULL && s->held->transfer.header->serial == before.value;

		/* One that has nothing new does not speak for the others. */
		if (nothing || !heard)
			heard = ask(s, &s->config->primary[i]) || heard;
	}
	if (!heard) {
		refresh_failed(&s->refresh, seconds_now());
		return;
	}
	if (s->told_expired)
		say(s, COURIER_CONFIRMED);
	s->told_expired = false;
}

/* A process to apply the next changes is there before they are: to start it takes longer than
 * everything else from a NOTIFY to the answers that it leads to. */
static void keep_one_ready(struct state *s)
{
	struct building building;

	if (s->config->primaries == 0 || s->held == NULL || s->ready.process != 0)
		return;
	building = (struct building){.id = (uint16_t)randombytes_random(),
	                             .apex = s->held->transfer.apex,
	                             .have = s->held,
	                             .before = s->held,
	                             .zone = &s->zone,
	                             .zonemd_required = s->config->zonemd_required,
	                             .config = s->config};
	if (builder_start(&s->ready, &building) != OK)
		s->ready = BUILDER_NONE; /* one is started when it is needed */
}

static void look_at_expiry(struct state *s)
{
	if (s->config->primaries == 0 || s->config->keep_expired || s->told_expired ||
	    !refresh_expired(&s->refresh, seconds_now()))
		return;
	fprintf(stderr,
	        "comity-rootd: %s: the zone has expired: no primary answered for as long as its "
	        "SOA says\n",
	        s->options->image);
	say(s, COURIER_EXPIRED);
	s->told_expired = true;
}

/* ---- the loop ---- */

static uint64_t next_due(const struct state *s)
{
	uint64_t due = seconds_now() + LOOK_SECONDS;

	if (s->config->primaries != 0 && s->refresh.due < due)
		due = s->refresh.due;
	for (size_t i = 0; i < s->config->secondaries; i++)
		if (s->notify[i].pending && s->notify[i].due < due)
			due = s->notify[i].due;
	return due;
}

static void await(const struct state *s)
{
	struct pollfd wait[1 + CONFIG_PEERS_MAX] = {{.fd = s->events, .events = POLLIN}};
	uint64_t due = next_due(s) * 1000, now = conduit_clock();

	for (size_t i = 0; i < s->config->secondaries; i++)
		wait[1 + i] = (struct pollfd){.fd = s->socket[i], .events = POLLIN};
	(void)poll(wait, 1 + s->config->secondaries, due > now ? (int)(due - now) : 0);
}

/* What it calls beyond what every program does; its builder has less. */
static const char *const CALLS[] = {
	"clone",
	"clone3",
	"close_range",
	"connect",
	"fsync",
	"getsockopt",
	"kill",
	"pipe2",
	"prctl",
	"recvfrom",
	"rename",
	"renameat",
	"seccomp",
	"sendto",
	"setsockopt",
	"socket",
	"set_robust_list",
	"stat",
	"unlink",
	"wait4",
	"access",
	"rseq",
	"landlock_create_ruleset",
	"landlock_add_rule",
	"landlock_restrict_self",
	"set_tid_address",
	"getppid",
	"fdatasync",
	"ftruncate",
	"getsockname",
	"getpeername",
	"sendmsg",
	"recvmsg",
};

static enum mishap give_rights_up(const struct state *s)
{
	char image[FILE_PATH_MAX], status[FILE_PATH_MAX] = "";
	const char *folders[2];
	size_t count = 0;

	if (s->options->user != NULL && sandbox_become(s->options->user) != OK)
		return MISHAP_IO;
	prctl(PR_SET_PDEATHSIG, SIGTERM); /* another user forgets it */
	if (!s->options->sandbox)
		return OK;
	snprintf(image, sizeof(image), "%s", s->options->image);
	folders[count++] = dirname(image);
	if (s->options->status != NULL) {
		snprintf(status, sizeof(status), "%s", s->options->status);
		folders[count++] = dirname(status);
	}
	if (sandbox_see_and_own(folders + 1, count - 1, folders, 1) != OK)
		return MISHAP_IO;
	return sandbox_call_only(CALLS, sizeof(CALLS) / sizeof(CALLS[0]));
}

/* Whom we trust is read before files are out of sight. */
static enum mishap prepare_tls(struct state *s)
{
	const char *trusted = s->config->tls_trusted, *why;
	bool wanted = false;

	for (size_t i = 0; i < s->config->primaries; i++)
		wanted = wanted || s->config->primary[i].tls;
	if (!wanted)
		return OK;
	s->tls.library = tls_load();
	if (s->tls.library == NULL)
		return MISHAP_IO;
	s->tls.context = s->tls.library->client(trusted[0] == '\0' ? NULL : trusted, &why);
	if (s->tls.context != NULL)
		return OK;
	fprintf(stderr, "comity-rootd: %s: %s\n", trusted, why);
	return MISHAP_IO;
}

static _Noreturn void run(struct state *s)
{
	struct soa_numbers soa;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	open_sockets(s);
	if (prepare_tls(s) != OK || give_rights_up(s) != OK)
		_exit(3);
	load(s);
	if (s->held != NULL)
		soa = soa_of(s->held);
	refresh_begin(&s->refresh, seconds_now(), s->held == NULL ? NULL : &soa);
	for (;;) {
		take_events(s);
		take_answers(s);
		send_notifies(s);
		if (s->config->primaries != 0 && seconds_now() >= s->refresh.due)
			ask_primaries(s);
		look_at_expiry(s);
		keep_one_ready(s);
		await(s);
	}
}

enum mishap courier_start(const struct options *options, struct config *config,
                          struct courier *courier)
{
	static struct state state;
	int events[2], words[2];
	pid_t process;

	if (pipe2(events, O_CLOEXEC | O_NONBLOCK) != 0 || pipe2(words, O_CLOEXEC) != 0 ||
	    fcntl(words[0], F_SETFL, O_NONBLOCK) != 0) {
		perror("comity-rootd: pipe");
		return MISHAP_IO;
	}
	(void)fcntl(words[1], F_SETPIPE_SZ, 2 * COURIER_CHANGES_MAX);
	state = (struct state){.options = options,
	                       .config = config,
	                       .events = events[0],
	                       .words = words[1],
	                       .ready = BUILDER_NONE};
	process = fork();
	if (process == 0) {
		close(events[1]);
		close(words[0]);
		run(&state);
	}
	close(events[0]);
	close(words[1]);
	if (process < 0) {
		perror("comity-rootd: fork");
		return MISHAP_IO;
	}
	*courier = (struct courier){.tell = events[1], .listen = words[0]};
	return OK;
}
