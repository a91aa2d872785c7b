/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IPC_H
#define COMITY_HOST_IPC_H

/*
 * ipc.h - what the processes of a node say to each other, over stream sockets (comity-ipc(7)).
 *
 *     u32 size of what follows, u8 type, body        big endian
 *
 * The whole dialogue is the enum. It needs only a carrier: today a unix socket or a socket pair.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"

#define IPC_MESSAGE_MAX ((size_t)32 << 20)
#define IPC_BACKLOG_MAX ((size_t)256 << 20) /* a peer that does not read is given up */
#define IPC_ANSWERS_MAX ((size_t)4 << 20) /* who does not read that much is not answered more  \
	                                   */

enum ipc_type {
	/* to the node */
	IPC_HELLO = 1,  /* text: role, party, height it has */
	IPC_SUBMIT = 2, /* a note */
	IPC_VOICE = 3,  /* a seal-sign note; both ways */
	IPC_POST = 4,   /* a board message; both ways */
	IPC_LOG = 5,    /* a checkpoint note signed by the log key */
	IPC_GET = 6,    /* a key */
	IPC_LIST = 7,   /* a prefix */
	IPC_STATUS = 8, /* nothing */
	IPC_WATCH = 9,  /* nothing: receipts and events from now on */
	IPC_PROVE = 10, /* a key */
	/* from the node */
	IPC_GENESIS = 33,  /* the note */
	IPC_MANIFEST = 34, /* the import, right behind it; may be empty */
	IPC_BLOCK = 35,    /* ledger/block.h */
	IPC_SYNCED = 36,   /* nothing: what follows happens now */
	IPC_RECEIPT = 37,  /* text */
	IPC_RECORDS = 38,  /* u32 size, record, ...: the answer to GET and LIST; or part of it: IPC_MORE */
	IPC_REPORT = 39,   /* text: the answer to STATUS */
	IPC_PROOF = 40,    /* text: the answer to PROVE */
};

/* Stands in the place of a last record when another IPC_RECORDS follows. */
#define IPC_MORE "more\n"

/* One end of a connection that does not block. */
struct ipc {
	int socket; /* -1: closed */
	uint8_t *in;
	size_t in_first, in_used, in_room; /* what was received and not yet taken: [first, used) */
	uint8_t *out;
	size_t out_first, out_used, out_room;
};

void ipc_init(struct ipc *ipc, int socket);
void ipc_close(struct ipc *ipc); /* takes a closed one */

/*
 * Where the next octets of the stream go, at least one; what was taken makes room. Then how many came: false
 * when a message begins there that cannot be (empty, or larger than IPC_MESSAGE_MAX).
 */
uint8_t *ipc_room(struct ipc *ipc, size_t *room);
bool ipc_received(struct ipc *ipc, size_t size) CHECKED;

/* Reads what is there. False: the peer is gone, or said something too large. */
bool ipc_receive(struct ipc *ipc) CHECKED;

/* Takes the next whole message. The body is valid until the next ipc_receive(). */
bool ipc_take(struct ipc *ipc, enum ipc_type *type, struct bytes *body);

/* Queues a message. When the backlog is too long the connection is closed, and what the peer
 * said before is not taken any more. */
void ipc_send(struct ipc *ipc, enum ipc_type type, struct bytes body);
void ipc_send_parts(struct ipc *ipc, enum ipc_type type, struct bytes first,
                    struct bytes second);

/* Writes what can be written. False: the peer is gone. */
bool ipc_flush(struct ipc *ipc) CHECKED;

bool ipc_has_backlog(const struct ipc *ipc);

/* Whether so much is queued that the peer had better read before it is answered again. */
bool ipc_is_full(const struct ipc *ipc);

/* A unix socket that listens at `path`, readable and writable by owner and group. -1, told on standard
 * error. An old socket that nobody answers at is replaced. */
int ipc_listen(const char *path);

/* Connects to one; -1 and errno. The socket blocks. */
int ipc_connect(const char *path);

/* For clients that do one thing at a time: sends, or waits for the next message. What a peer said
 * before it hung up is heard first. MISHAP_IO. */
enum mishap ipc_say(struct ipc *ipc, enum ipc_type type, struct bytes body) CHECKED;
enum mishap ipc_wait(struct ipc *ipc, int milliseconds, enum ipc_type *type,
                     struct bytes *body) CHECKED;

/* Whether a page of IPC_RECORDS is not the last one; it is then cut down to its records. */
bool ipc_page_goes_on(struct bytes *page);

/* Takes the next record off the records of a page, or of several, one behind the other. False at the end, and where what is
 * left is none. */
bool ipc_record_next(struct bytes *records, struct bytes *record);

#endif
