/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIM_HISTORY_H
#define COMITY_SIM_HISTORY_H

/*
 * history.h - the content of a root zone, release by release.
 *
 *     = SERIAL seen=TIME signed=TIME rrs=N sha256=HEX      opens a release
 *     - RECORD, + RECORD                                   what it removes and adds
 *
 * Content is the records of type NS, DS, A and AAAA, as lines, in the order of their octets;
 * N and HEX are their number and the SHA-256 of all lines, each ended by LF. Lines that begin
 * with
 * ';' are for people. Digests of DS are in capitals there, and here.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "base/time.h"

struct history_release {
	uint32_t serial;
	struct ledger_time signed_at;
	size_t records;       /* after it */
	struct digest digest; /* of the content after it */
	struct bytes changes; /* "- " and "+ " lines */
};

/* The next release; `lines` is the whole history at first. False at its end, and where the text
 * is no history: tell the two apart by lines->rest.size. */
bool history_next(struct text *lines, struct history_release *release);

/* Content: lines without LF, sorted; they live where the history does. */
struct content {
	struct bytes *line;
	size_t count, room;
};

/* An empty content of at most `room` lines. */
void content_make(struct content *content, struct arena *arena, size_t room);

/* Takes the changes of a release. False: it removes what is not there, or adds what is. */
bool content_change(struct content *content, struct bytes changes);

/* The lines of one owner, given as text with its final dot. */
struct content content_of_owner(const struct content *content, struct bytes owner);

/* The words of a line. */
struct content_line {
	struct bytes owner, ttl, type, rdata;
};

struct content_line content_line(struct bytes line);

#endif
