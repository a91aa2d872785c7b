/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comity-import-helper: reads a zone of somebody else's, and tells comity what it holds.
 *
 *     comity-import-helper file|transfer APEX SECONDS|inception anchor|none [open]
 *
 * Standard input is the file or the connected socket, standard output the pipe
 * (host/import/telling.h), descriptor 3 the anchors. It is the only program that calls ldns; it
 * has given up files, sockets and all but a few system calls before the first octet is read,
 * unless the last argument says otherwise.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/text.h"
#include "host/import/anchor.h"
#include "host/import/convert.h"
#include "host/import/master.h"
#include "host/import/transfer.h"
#include "host/import/unpack.h"
#include "host/import/verify.h"
#include "host/memory.h"
#include "host/sandbox.h"

#define CPU_SECONDS_MAX 300
#define MEMORY_MAX      ((rlim_t)8 << 30) /* octets of addresses: most are never touched */
#define ANCHOR_FILE     3
#define FILES_MAX       4

struct helper {
	bool transfer, anchored, inception;
	ldns_rdf *apex;
	struct telling telling;
	struct bytes anchors;
	ldns_rr_list *records, *anchor;
	struct arena input, arena;
	struct fault fault;
};

/* ---- telling ---- */

static void put(struct bytes octets)
{
	if (octets.size > 0)
		fwrite(octets.at, 1, octets.size, stdout);
}

static bool tell_fault(const struct helper *h)
{
	uint8_t octets[2000];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	telling_write_fault(&w, h->fault.line, bytes_of(h->fault.why));
	put(writer_bytes(&w));
	return false;
}

static bool fault_of(struct helper *h, const char *why)
{
	h->fault = (struct fault){0, 0, why};
	return false;
}

static bool tell_record(struct helper *h, const ldns_rr *from)
{
	size_t mark = h->arena.used;
	struct writer w;
	struct rr rr;

	if (!convert_rr(from, &h->arena, &rr, &h->fault.why))
		return false;
	w = writer_in(&h->arena);
	write_text(&w, "+ ");
	rr_write_text(&w, &rr);
	write_octet(&w, '\n');
	put(writer_keep(&w, &h->arena));
	h->arena.used = mark;
	return true;
}

static bool tell_records(struct helper *h)
{
	uint8_t octets[100];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	telling_write_head(&w, h->telling.form);
	put(writer_bytes(&w));
	for (size_t i = 0; i < ldns_rr_list_rr_count(h->records); i++)
		if (!tell_record(h, ldns_rr_list_rr(h->records, i)))
			return false;
	return true;
}

static void tell_end(struct helper *h)
{
	uint8_t octets[4000];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	telling_write_end(&w, &h->telling);
	put(writer_bytes(&w));
}

/* ---- reading ---- */

static bool unpacked(struct helper *h, int descriptor, struct bytes *content,
                     enum packing *packing)
{
	enum mishap m = unpack(descriptor, &h->input, content, packing);

	if (m == OK)
		return true;
	return fault_of(h, m == MISHAP_IO      ? strerror(errno)
	                   : m == MISHAP_LIMIT ? "larger than we take"
	                                       : "packed, and damaged or cut short");
}

static bool read_source(struct helper *h)
{
	enum packing packing;
	struct bytes text;

	if (h->transfer) {
		h->telling.form = BYTES("transfer");
		return transfer_read(0, h->apex, h->records, &h->fault);
	}
	if (!unpacked(h, 0, &text, &packing))
		return false;
	h->telling.form = bytes_of(packing_word(packing));
	return master_read(text, h->apex, h->records, &h->fault);
}

/* A zone has one SOA, and at its apex. */
static bool soa_is_there(struct helper *h)
{
	size_t count = 0;

	for (size_t i = 0; i < ldns_rr_list_rr_count(h->records); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(h->records, i);

		if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_SOA)
			continue;
		if (ldns_dname_compare(ldns_rr_owner(rr), h->apex) != 0)
			return fault_of(h, "an SOA that is not at the apex");
		count++;
	}
	return count > 0 || fault_of(h, "no SOA at the apex: not this zone");
}

static bool time_decide(struct helper *h)
{
	if (!h->inception || verify_inception(h->records, h->apex, &h->telling.at))
		return true;
	if (h->anchored)
		return fault_of(h,
		                "the SOA has no signature whose inception could be the time");
	h->telling.at.seconds = 0;
	return true;
}

static bool verify(struct helper *h)
{
	if (!h->anchored)
		return true;
	if (!anchor_read(h->anchors, h->apex, h->telling.at, &h->arena, h->anchor, &h->fault)) {
		char why[400];
		struct writer w = writer_in(&h->arena);

		snprintf(why, sizeof(why), "the trust anchors, line %u: %s", h->fault.line,
		         h->fault.why);
		write_text(&w, why);
		write_octet(&w, '\0');
		return fault_of(h, (const char *)writer_keep(&w, &h->arena).at);
	}
	verify_zone(h->records, h->apex, h->anchor, &h->arena, &h->telling);
	return true;
}

static bool run(struct helper *h)
{
	enum packing packing;

	if (h->anchored && !unpacked(h, ANCHOR_FILE, &h->anchors, &packing))
		return false;
	h->input =
		(struct arena){h->input.at + h->input.used, h->input.size - h->input.used, 0};
	if (!read_source(h) || !soa_is_there(h) || !time_decide(h) || !tell_records(h) ||
	    !verify(h))
		return false;
	tell_end(h);
	return true;
}

/* ---- rights ---- */

#define LIMIT(what, value) (setrlimit(what, &(const struct rlimit){value, value}) == 0)

/* No files, no new descriptors, nothing written to a file, no new processes. */
static bool confine(void)
{
	if (sandbox_see_only(NULL, 0) != OK)
		return false;
	if (!LIMIT(RLIMIT_CPU, CPU_SECONDS_MAX) || !LIMIT(RLIMIT_FSIZE, 0) ||
	    !LIMIT(RLIMIT_NOFILE, FILES_MAX) || !LIMIT(RLIMIT_NPROC, 0) ||
	    !LIMIT(RLIMIT_CORE, 0)) {
		perror("comity-import-helper: setrlimit");
		return false;
	}
#ifndef __SANITIZE_ADDRESS__ /* whose shadow alone is larger */
	if (!LIMIT(RLIMIT_AS, MEMORY_MAX)) {
		perror("comity-import-helper: setrlimit");
		return false;
	}
#endif
	return sandbox_call_only(NULL, 0) == OK;
}

static bool options(int argc, char *argv[], struct helper *h)
{
	uint64_t seconds = 0;

	if (argc < 5 || argc > 6)
		return false;
	h->transfer = strcmp(argv[1], "transfer") == 0;
	h->inception = strcmp(argv[3], "inception") == 0;
	h->anchored = strcmp(argv[4], "anchor") == 0;
	h->apex = ldns_dname_new_frm_str(argv[2]);
	if (h->apex == NULL ||
	    (!h->inception && !text_number(bytes_of(argv[3]), TIME_MAX, &seconds)))
		return false;
	h->telling.at.seconds = (int64_t)seconds;
	h->records = ldns_rr_list_new();
	h->anchor = ldns_rr_list_new();
	return h->records != NULL && h->anchor != NULL;
}

int main(int argc, char *argv[])
{
	static struct helper h;

	if (!options(argc, argv, &h)) {
		fputs("comity-import-helper: comity import starts this, nobody else\n", stderr);
		return 2;
	}
	h.input = memory_reserve(2 * UNPACK_ARENA_SIZE);
	h.arena = memory_reserve((size_t)64 << 20);
	if (argc == 5 && !confine())
		return 3;
	if (!run(&h))
		tell_fault(&h);
	/* Not by way of exit(): what others do at the end of a process is not allowed here. */
	_exit(fflush(stdout) == 0 ? 0 : 3);
}
