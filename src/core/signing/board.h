/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIGNING_BOARD_H
#define COMITY_SIGNING_BOARD_H

/*
 * board.h - what signers tell each other beside the ledger (comity-board(5)).
 *
 *     u16 size of the note, the note, the body
 *
 * The note is signed by the party's custody key and names the body by the RFC 6962 root over its
 * items, so that one item can be shown to others with its path. A message is kept and passed on as
 * it is; nothing in it is secret.
 *
 *     commitments    a pool: items of 64 octets, a pair of nonce commitments each
 *     shares         a member's shares of one round of a session: items of 32 octets
 */

#include "base/fault.h"
#include "note/merkle.h"
#include "note/note.h"
#include "state/party.h"

#define BOARD_ITEMS_MAX  49400 /* a full signing of 24,500 signed TLDs and 50 root servers takes 49,155 */
#define BOARD_HEAD_MAX   1024
#define BOARD_SIZE_MAX   (2 + BOARD_HEAD_MAX + BOARD_ITEMS_MAX * 64)

enum board_kind { BOARD_COMMITMENTS, BOARD_SHARES };

struct board_message {
	enum board_kind kind;
	struct bytes note; /* as signed */
	struct bytes text;
	struct bytes origin;
	uint8_t federation[16];
	struct bytes by;
	uint8_t pool[16];              /* commitments */
	uint64_t job, session;         /* shares */
	bool round_b;                  /* shares */
	uint32_t count;                /* items */
	struct digest root;            /* over the items */
	struct bytes body;
};

/* Octets of one item. */
size_t board_item_size(enum board_kind kind);

/*
 * Takes a message apart; it borrows from `octets`. The body has the size it must have; whether it has
 * the root, and who signed, is not looked at. MISHAP_SHORT, MISHAP_TRAILING, MISHAP_LIMIT,
 * MISHAP_MALFORMED with `*fault` set.
 */
enum mishap board_read(struct bytes octets, struct board_message *message,
                       struct fault *fault) CHECKED;

/* The same of the head alone, where the body is elsewhere. */
enum mishap board_read_head(struct bytes note, struct board_message *message,
                            struct fault *fault) CHECKED;

/* Writes the text to be signed. */
void board_write_text(struct writer *writer, const struct board_message *message);

/* Writes the whole message from its signed note and body. */
void board_write(struct writer *writer, struct bytes note, struct bytes body);

/* Whether the note is of this federation and signed by the party's custody key. */
bool board_signed(const struct state *state, struct bytes origin, const struct digest *genesis,
                  const struct board_message *message);

/*
 * Whether the ledger has a use for it: commitments of the pool that their party announced last, shares of a member
 * of a session of the open job. What is older was signed as well, and says nothing any more.
 */
bool board_expected(const struct state *state, const struct board_message *message);

/* The root over the items of a body; leaf hashes are taken from the arena. */
struct digest board_root(struct bytes body, size_t item_size, struct arena scratch);

/* The path of one item. */
void board_prove(struct bytes body, size_t item_size, uint32_t index, struct arena scratch,
                 struct merkle_proof *proof);

#endif
