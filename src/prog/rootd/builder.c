/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/builder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dns/zonemd.h"
#include "host/file.h"
#include "host/sandbox.h"
#include "prog/rootd/pages.h"
#include "prog/rootd/compiled.h"
#include "serving/compile.h"
#include "serving/live.h"
#include "serving/receive.h"
#include "serving/transfer_make.h"

#define SHARED_ROOM ((size_t)4 << 30)  /* octets of address space for each file */
#define RECORDS_MAX ((size_t)16 << 20) /* records of a transfer */
#define OCTETS_ROOM ((size_t)8 << 30)  /* address space for their names and data */
#define OCTETS_MAX  ((size_t)1 << 30)  /* octets of all messages of a transfer */

#define CHANGES_AT                                                                             \
	(SHARED_ROOM / 2) /* where the delta stands behind the transfer file to come */

/* ---- the process ---- */

struct work {
	const struct building *building;
	struct builder *builder;
	int from; /* messages */
	int to;   /* verdicts */
	struct receiving receiving;
	struct live live; /* of the zone that changes are asked for */
	struct arena live_memory;
	struct zonemd_kept kept; /* that zone as it is hashed */
	struct arena kept_memory;
};

static _Noreturn void say(const struct work *w, const struct verdict *verdict)
{
	bool said = file_write_all(w->to, (struct bytes){(const uint8_t *)verdict,
	                                                 sizeof(*verdict)}) == OK;

	_exit(said ? 0 : 1);
}

static _Noreturn void refuse(const struct work *w, enum verdict_kind kind, const char *why)
{
	struct verdict verdict = {.kind = kind};

	snprintf(verdict.why, sizeof(verdict.why), "%s", why);
	say(w, &verdict);
}

static bool read_all(int descriptor, uint8_t *to, size_t size)
{
	while (size != 0) {
		ssize_t n = read(descriptor, to, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		size -= (size_t)n;
	}
	return true;
}

/* Reads messages until the transfer ends. */
static enum received receive_all(struct work *w)
{
	static uint8_t message[65535];
	enum received received;
	size_t octets = 0;

	do {
		uint8_t prefix[2];
		size_t size;

		if (!read_all(w->from, prefix, sizeof(prefix)))
			_exit(1); /* whoever started us gave up */
		size = (size_t)prefix[0] << 8 | prefix[1];
		octets += size;
		if (!read_all(w->from, message, size) || octets > OCTETS_MAX)
			refuse(w, VERDICT_REFUSED, "more octets than we take");
		received = receive_message(&w->receiving, (struct bytes){message, size});
	} while (received == RECEIVED_MORE);
	return received;
}

static void make_zone(const struct work *w, enum received received, struct rrset_list *zone)
{
	const struct rrset_list *old = received == RECEIVED_CHANGES ? w->building->zone : NULL;
	size_t records = old == NULL ? 0 : rrset_list_records(old);
	struct fault fault = {0};
	struct arena arena;

	arena = pages_reserve(RECEIVE_ARENA_SIZE(records, w->receiving.count));
	if (receive_zone(&w->receiving, old, &arena, zone, &fault))
		return;
	refuse(w, received == RECEIVED_CHANGES ? VERDICT_NOT_APPLICABLE : VERDICT_REFUSED,
	       fault.why);
}

static void make_image(const struct work *w, const struct rrset_list *zone, struct writer *to)
{
	struct arena arena = pages_reserve(SHARED_ROOM);
	struct fault fault = {0}, shape;
	enum mishap m;

	*to = (struct writer){.at = w->builder->image.at, .size = w->builder->image.size};
	m = w->building->config->any_shape ? compiled_make(zone, &arena, to, &shape, &fault)
	                                   : image_compile(zone, &arena, to, &fault);
	if (fault.why == NULL)
		fault = (struct fault){.why = "a set too large for a message"};
	if (m != OK)
		refuse(w, VERDICT_REFUSED, m == MISHAP_FULL ? mishap_text(m) : fault.why);
	pages_release(&arena);
}

static void make_transfer(const struct work *w, const struct rrset_list *zone,
                          const uint8_t digest[SHA384_SIZE], struct writer *to)
{
	const struct held *before = w->building->before;
	struct arena scratch = pages_reserve(SHARED_ROOM);

	*to = (struct writer){.at = w->builder->transfer.at, .size = CHANGES_AT};
	if (transfer_make(zone, digest, before == NULL ? NULL : &before->transfer,
	                  w->building->zone, scratch, to) != OK)
		refuse(w, VERDICT_REFUSED, "a record too large to transfer");
}

static void tell(const struct work *w, const struct verdict *verdict)
{
	if (file_write_all(w->to, (struct bytes){(const uint8_t *)verdict, sizeof(*verdict)}) !=
	    OK)
		_exit(1);
}

static void check_changes(const struct work *w, const struct rrset_list *zone,
                          uint8_t digest[SHA384_SIZE])
{
	static struct bytes changed[LIVE_CHANGES_MAX];
	size_t count = live_changed(&w->live, changed);
	const char *why;

	zonemd_digest_changed(&w->kept, zone, changed, count, digest);
	why = receive_check_zonemd(zone, digest, w->building->zonemd_required);
	if (why != NULL)
		refuse(w, VERDICT_REFUSED, why);
}

/* Whoever was told, and whom they tell, may run before we go on with what nobody waits for: a
 * scheduler does not take a processor from us at once. */
static void give_way(void)
{
	(void)nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/*
 * Tells what changes, once that is known to be good: the server need not wait for the image.
 * What cannot be told so waits for it.
 */
static void tell_changes(struct work *w)
{
	struct verdict verdict = {.kind = VERDICT_CHANGES,
	                          .serial = receive_serial(&w->receiving).value};
	struct writer to = {.at = w->builder->transfer.at + CHANGES_AT,
	                    .size = SHARED_ROOM - CHANGES_AT};
	struct rrset_list zone;
	const char *why;

	receive_write_changes(&w->receiving, &to);
	if (live_apply_zone(&w->live, writer_bytes(&to), &why)) {
		zone = live_zone(&w->live);
		if (w->building->zonemd_required ||
		    rrset_find(&zone, w->building->apex, TYPE_ZONEMD) != NULL)
			check_changes(w, &zone, verdict.zone);
		verdict.changes_size = to.used;
		tell(w, &verdict);
		give_way();
	}
	pages_release(&w->live_memory);
	pages_release(&w->kept_memory);
}

/* What can be done before the first message is there. */
static void make_ready(struct work *w)
{
	if (w->building->have == NULL)
		return;
	w->live_memory = pages_reserve(LIVE_MEMORY(rrset_list_records(w->building->zone)));
	live_begin_zone(&w->live, w->building->zone, &w->live_memory);
	w->kept_memory = pages_reserve(zonemd_kept_size(w->building->zone));
	zonemd_keep(&w->kept, w->building->zone, w->building->apex, &w->kept_memory);
	w->builder->transfer.at[CHANGES_AT] = 0; /* touched, it is memory */
}

static _Noreturn void build(struct work *w)
{
	struct arena records = pages_reserve(RECORDS_MAX * sizeof(struct change));
	struct arena octets = pages_reserve(OCTETS_ROOM);
	const struct building *b = w->building;
	struct serial have = {b->have == NULL ? 0 : b->have->transfer.header->serial};
	struct verdict verdict = {.kind = VERDICT_ENDED};
	struct writer image, transfer;
	struct compiled made;
	struct rrset_list zone;
	enum received received;
	const char *why;

	receive_begin(&w->receiving, b->id, b->apex, b->have == NULL ? NULL : &have,
	              RECORDS_MAX, &records, &octets);
	make_ready(w);
	received = receive_all(w);
	if (received == RECEIVED_UP_TO_DATE)
		refuse(w, VERDICT_UP_TO_DATE, "");
	if (received == RECEIVED_REFUSED)
		refuse(w, w->receiving.rcode != 0 ? VERDICT_NOT_APPLICABLE : VERDICT_REFUSED,
		       w->receiving.why);
	tell(w, &verdict);
	if (received == RECEIVED_CHANGES && !b->config->any_shape)
		tell_changes(w);
	make_zone(w, received, &zone);
	make_image(w, &zone, &image);
	why = compiled_open(writer_bytes(&image), &made);
	if (why == NULL)
		why = receive_check_zonemd(&zone, compiled_digest(&made), b->zonemd_required);
	if (why != NULL)
		refuse(w, VERDICT_REFUSED, why);
	make_transfer(w, &zone, compiled_digest(&made), &transfer);
	verdict = (struct verdict){.kind = VERDICT_BUILT,
	                           .serial = compiled_serial(&made).value,
	                           .image_size = image.used,
	                           .transfer_size = transfer.used};
	say(w, &verdict);
}

static _Noreturn void run(struct work *w)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	config_wipe(w->building->config);
	close(w->builder->to);
	close(w->builder->from);
	if (w->building->config->sandbox &&
	    (sandbox_see_only(NULL, 0) != OK || sandbox_call_only(NULL, 0) != OK))
		_exit(1);
	build(w);
}

/* ---- whoever starts it ---- */

static struct arena reserve_shared(void)
{
	void *at = mmap(NULL, SHARED_ROOM, PROT_READ | PROT_WRITE,
	                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(SHARED_ROOM);
	return (struct arena){at, SHARED_ROOM, 0};
}

enum mishap builder_start(struct builder *b, const struct building *building)
{
	static struct work work;
	int in[2], out[2];

	*b = (struct builder){.to = -1, .from = -1, .id = building->id};
	if (pipe2(in, O_CLOEXEC) != 0)
		return MISHAP_IO;
	if (pipe2(out, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return MISHAP_IO;
	}
	b->image = reserve_shared();
	b->transfer = reserve_shared();
	b->to = in[1];
	b->from = out[0];
	work = (struct work){.building = building, .builder = b, .from = in[0], .to = out[1]};
	(void)fcntl(in[1], F_SETPIPE_SZ, 1 << 20);
	b->process = fork();
	if (b->process == 0)
		run(&work);
	close(in[0]);
	close(out[1]);
	if (b->process > 0)
		return OK;
	perror("comity-rootd: fork");
	b->process = 0;
	builder_end(b);
	return MISHAP_IO;
}

bool builder_give(struct builder *b, struct bytes message)
{
	static uint8_t octets[2 + UINT16_MAX];
	struct writer framed = {.at = octets, .size = sizeof(octets)};

	write_u16(&framed, (uint16_t)message.size);
	write_bytes(&framed, message);
	return !framed.full && file_write_all(b->to, writer_bytes(&framed)) == OK;
}

bool builder_verdict(struct builder *b, struct verdict *verdict)
{
	if (!read_all(b->from, (uint8_t *)verdict, sizeof(*verdict)))
		return false;
	verdict->why[sizeof(verdict->why) - 1] = '\0';
	return true;
}

struct bytes builder_changes(const struct builder *b, const struct verdict *verdict)
{
	struct bytes all = {b->transfer.at + CHANGES_AT, SHARED_ROOM - CHANGES_AT};

	return bytes_first(all, verdict->changes_size);
}

void builder_end(struct builder *b)
{
	if (b->process > 0) {
		kill(b->process, SIGKILL);
		while (waitpid(b->process, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (b->to >= 0)
		close(b->to);
	if (b->from >= 0)
		close(b->from);
	pages_release(&b->image);
	pages_release(&b->transfer);
	*b = BUILDER_NONE;
}
