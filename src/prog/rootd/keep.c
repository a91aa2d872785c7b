/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/keep.h"

#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "prog/rootd/rights.h"

#define LOOK_SECONDS 1 /* how often files are looked at when inotify tells nothing */

static volatile sig_atomic_t stop, look_now;

static void on_signal(int number)
{
	if (number == SIGHUP)
		look_now = 1;
	else
		stop = 1;
}

void keep_take_signals(sigset_t *waiting)
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

int keep_watch(const struct server *s)
{
	int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	const char *folders[ZONES_MAX];
	size_t count = others_folders(s->others, folders);

	folders[count++] = rights_folder(s->options->image);
	for (size_t i = 0; i < count && descriptor >= 0; i++)
		(void)inotify_add_watch(descriptor, folders[i], IN_MOVED_TO | IN_CLOSE_WRITE);
	return descriptor;
}

static void wait_for_change(const struct server *s, int watch, const sigset_t *waiting)
{
	const struct timespec timeout = {.tv_sec = LOOK_SECONDS};
	struct pollfd event[] = {{.fd = watch, .events = POLLIN},
	                         {.fd = s->courier.listen, .events = POLLIN}};
	char events[4096];

	if (ppoll(event, 2, &timeout, waiting) > 0)
		while (read(watch, events, sizeof(events)) > 0)
			;
}

/* True when the image is as it stands in its file. */
static bool is_of_file(const struct release *release)
{
	return (const void *)release->image.header == release->file.at;
}

/* True when what is served came there by changes already. */
static bool is_followed(const struct server *s, const struct image *next)
{
	return s->follow.ready && memcmp(next->header->zone, s->now->release.image.header->zone,
	                                 sizeof(next->header->zone)) == 0;
}

/* Looks for a new image and exchanges it for the one served, unless there is a reason not to.
 */
static void look_for_image(struct server *s)
{
	const struct status *status = s->now->answerer.status;
	struct release next;
	const char *why;

	if (release_load(s->options->image, &next) != OK)
		return; /* told; the old one stays */
	if (digest_same(&next.image.header->content, &s->now->release.image.header->content) ||
	    is_followed(s, &next.image)) {
		release_free(&next);
		return;
	}
	why = release_refused(&next.image, &s->now->release.image, status,
	                      s->options->allow_older);
	if (why != NULL) {
		server_tell_release(&next.image, why);
		release_free(&next);
		return;
	}
	server_exchange(s, server_make(s, &next, status, &s->now->secrets, NULL));
	follow_end(&s->follow);
	statistics_load(s->statistics, 0, image_serial(&s->now->release.image),
	                release_seconds_since(s->options->image));
	server_tell_release(&s->now->release.image, "serving");
}

/* Takes a new status page, if there is one; true when it changed. */
static bool look_at_status(struct server *s)
{
	struct status status;

	if (s->options->status == NULL || !status_load(s->options->status, &status) ||
	    status_same(&status, &s->now->status))
		return false;
	server_exchange(
		s, server_make(s, &s->now->release, &status, &s->now->secrets, s->now->held));
	return true;
}

/* Takes the secrets of cookies again when their file is another. */
static void look_at_secrets(struct server *s, struct file_identity *seen)
{
	struct file_identity file;
	struct cookie_secrets secrets;

	if (s->options->cookie_secrets == NULL)
		return;
	file = file_identity_of(s->options->cookie_secrets);
	if (!look_now && file_identity_same(&file, seen))
		return;
	*seen = file;
	if (!cookies_load(s->options->cookie_secrets, &secrets))
		return; /* told; the old ones stay */
	server_exchange(s, server_make(s, &s->now->release, s->now->answerer.status, &secrets,
	                               s->now->held));
	sodium_memzero(&secrets, sizeof(secrets));
	fputs("comity-rootd: new secrets for cookies\n", stderr);
}

/* Tells the courier what is served now. */
static void tell_courier(const struct server *s)
{
	const struct served_notify serving = {.has_serial = COURIER_SERVING};

	if (s->courier.tell >= 0 && write(s->courier.tell, &serving, sizeof(serving)) < 0)
		fputs("comity-rootd: the process that brings zones in does not listen\n",
		      stderr);
}

/* Takes the transfer file beside the image when it has the same zone. */
static void look_for_transfer(struct server *s, struct file_identity *seen)
{
	struct file_identity file;
	struct held *held;

	if (s->config.takes == 0 && s->courier.tell < 0)
		return; /* nobody is given it */
	file = file_identity_of(s->options->transfer);
	if ((s->now->held != NULL && transfers_match(s->now->held, &s->now->release.image)) ||
	    (file_identity_same(&file, seen) && !look_now))
		return;
	*seen = file;
	held = transfers_load(s->options->transfer);
	if (held == NULL)
		return;
	if (!transfers_match(held, &s->now->release.image)) {
		held_give(held); /* of the release that comes next, or of the one before */
		return;
	}
	server_exchange(s, server_make(s, &s->now->release, s->now->answerer.status,
	                               &s->now->secrets, held));
	statistics_size(s->statistics, 0, image_serial(&s->now->release.image),
	                transfer_octets(&held->transfer));
	tell_courier(s);
	/* An image that came by changes lies in what follow_end() would give back. */
	if (s->config.primaries != 0 && !s->follow.ready && is_of_file(&s->now->release)) {
		follow_end(&s->follow);
		follow_begin(&s->follow, &s->now->release, held);
	}
}

/* Serves what changes make of the image, at once. */
static void take_changes(struct server *s, const struct courier_changes *head,
                         struct bytes changes)
{
	const struct status *status = s->now->answerer.status;
	const struct image *image = follow_apply(&s->follow, head, changes);
	struct release next = s->now->release;
	const char *why;

	if (image == NULL)
		return;
	why = release_refused(image, &next.image, status, false);
	if (why != NULL) {
		server_tell_release(image, why);
		s->follow.ready = false;
		return;
	}
	next.image = *image;
	server_exchange(s, server_make(s, &next, status, &s->now->secrets, s->now->held));
	fprintf(stderr, "comity-rootd: serving serial %u by its changes\n",
	        image_serial(image).value);
}

/* Hears from the courier what changes, and whether the zone may be served. */
static void listen_to_courier(struct server *s)
{
	struct courier_changes head;
	enum courier_word word;
	struct bytes changes;
	bool was = s->expired, lives;

	if (s->courier.listen < 0)
		return;
	lives = hearing_read(&s->hearing, s->courier.listen);
	while (hearing_take(&s->hearing, &word, &head, &changes))
		if (word == COURIER_CHANGES)
			take_changes(s, &head, changes);
		else
			s->expired = word == COURIER_EXPIRED;
	if (!lives) {
		fputs("comity-rootd: the process that brings zones in has ended\n", stderr);
		close(s->courier.listen);
		s->courier.listen = -1;
	}
	if (s->expired != was)
		server_exchange(s, server_make(s, &s->now->release, s->now->answerer.status,
		                               &s->now->secrets, s->now->held));
}

static void look_at_others(struct server *s)
{
	if (!others_look(s->others, look_now != 0))
		return;
	server_exchange(s, server_make(s, &s->now->release, s->now->answerer.status,
	                               &s->now->secrets, s->now->held));
	others_retire(s->others);
}

void keep_serving(struct server *s, int watch, const sigset_t *waiting)
{
	struct file_identity seen = s->image_file, secrets = s->secrets_file, transfer = {0},
			     file;

	look_for_transfer(s, &transfer);
	while (!stop) {
		wait_for_change(s, watch, waiting);
		listen_to_courier(s);
		look_at_secrets(s, &secrets);
		certificate_look(&s->config, &s->certificate, look_now);
		file = file_identity_of(s->options->image);
		if (look_at_status(s) || look_now || !file_identity_same(&file, &seen)) {
			look_for_image(s);
			transfer = (struct file_identity){0};
		}
		seen = file;
		look_for_transfer(s, &transfer);
		look_at_others(s);
		look_now = 0;
		statistics_look(s->statistics);
	}
	statistics_keep(s->statistics);
}
