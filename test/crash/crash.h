/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_CRASH_H
#define COMITY_TEST_CRASH_H

/*
 * crash.h - for tests only: a process that is killed, or a disk that is full, at the n-th call
 * that changes a folder.
 *
 * The program is linked with --wrap, so that write, fsync, fdatasync, rename, unlink, ftruncate,
 * mkdir and open (of a file that is new) come by here first. What was synced is kept in memory,
 * names apart from contents as fsync(2) has them: a file's octets are on the disk when the file was
 * synced, its name when the folder it stands in was. A power cut is a kill, and the folder made
 * again from that.
 */

#include <stdbool.h>

#define CRASH_CALLS_MAX 4096

enum crash_call {
	CRASH_WRITE,
	CRASH_FSYNC,
	CRASH_FDATASYNC,
	CRASH_RENAME,
	CRASH_UNLINK,
	CRASH_FTRUNCATE,
	CRASH_MKDIR,
	CRASH_CREATE,
};

/* What happens at the call. */
enum crash_way {
	CRASH_NOT,   /* nothing: calls are counted */
	CRASH_KILL,  /* SIGKILL before it */
	CRASH_HALF,  /* of a write: SIGKILL behind half of its octets */
	CRASH_FULL,  /* it fails: ENOSPC, a write behind half of its octets; later ones succeed */
	CRASH_WAYS
};

/* What a restart finds. */
enum crash_left {
	CRASH_ALL,    /* everything that was written: the machine went on */
	CRASH_SYNCED, /* what was synced, and nothing else: the power was cut */
	CRASH_ZEROS,  /* names and sizes as they were, and zeros where octets were not synced */
	CRASH_LEFTS
};

struct crash_plan {
	enum crash_way way;
	enum crash_left left;
	unsigned at;          /* call, from 0 */
	const char *survivor; /* folder that a power cut leaves; is made */
};

/* What calls there were; in memory that outlives the process. */
struct crash_seen {
	unsigned calls;
	unsigned char call[CRASH_CALLS_MAX];
};

/* From here on, below `root`, which counts as synced. Once in a process. */
void crash_arm(const char *root, const struct crash_plan *plan, struct crash_seen *seen);

const char *crash_call_word(enum crash_call call);

#endif
