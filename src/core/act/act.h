/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ACT_ACT_H
#define COMITY_ACT_ACT_H

/*
 * act.h - what a party says (comity-act(5)).
 *
 * act_read() is the only door in: every struct act holds a text that follows the
 * grammar of its kind, so that act_write() of what was read gives the text again.
 * It says nothing about who signed, or whether the charter agrees; that is
 * ledger/ and commons/.
 */

#include <stdint.h>

#include "act/kind.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/text.h"
#include "base/time.h"
#include "base/writer.h"
#include "dns/rr.h"
#include "note/key.h"

#define ACT_TEXT_SIZE_MAX   32768
#define ACT_LINE_SIZE_MAX   1000
#define ACT_SCRATCH_SIZE    20480 /* octets of arena that reading an act needs */
#define ACT_FEDERATION_SIZE 16 /* octets of SHA-256(genesis text) that every act names */
#define ACT_UNTIL_MAX       ((int64_t)90 * SECONDS_A_DAY)
#define ACT_UNTIL_DEFAULT   ((int64_t)SECONDS_A_DAY)

struct act {
	enum act_kind kind;
	struct bytes text; /* what is signed; everything below borrows from it */
	struct digest id;  /* SHA-256 of the text */
	struct bytes origin;
	uint8_t federation[ACT_FEDERATION_SIZE];
	uint32_t charter; /* version */
	struct bytes by;
	struct ledger_time until;
	struct bytes field[ACT_FIELDS_MAX]; /* values in the order of the row; FORM_KEYS: its lines */
	struct bytes records;               /* "+ " lines, none or more */
	struct bytes embed;                 /* "|" lines, none or more */
	struct bytes words;                 /* "> " lines, none or more */
};

/*
 * Reads the text of an act. On OK `*act` borrows from `text`; otherwise it is untouched
 * and `*fault` says which line and why. `scratch`, at least ACT_SCRATCH_SIZE, is used and given back.
 * MISHAP_LIMIT, MISHAP_MALFORMED.
 */
enum mishap act_read(struct bytes text, struct arena scratch, struct act *act,
                     struct fault *fault) CHECKED;

/* The value of the field of that name, which the kind must have. */
struct bytes act_field(const struct act *act, const char *name);
uint64_t act_number(const struct act *act, const char *name);
struct digest act_digest(const struct act *act, const char *name);
struct ledger_time act_time(const struct act *act, const char *name);

/* A slot: true and its digest, or false for "none". */
bool act_slot(const struct act *act, const char *name, struct digest *digest);

/* A counted digest: its number and its digest. */
uint64_t act_counted(const struct act *act, const char *name, struct digest *digest);

/* The octets behind a base64 field, copied into the arena. */
struct bytes act_base64(const struct act *act, const char *name, struct arena *arena);

/* Takes the next key line off `*lines` (a FORM_KEYS value). False when none is left. */
bool act_key(struct bytes *lines, enum key_role *role, struct note_key *key);

/* Takes the next record off `*lines`. False when none is left. */
bool act_record(struct bytes *lines, struct arena *arena, struct rr *rr);

/* The embedded document: its lines without the "| " before each, in the arena. */
struct bytes act_embedded(const struct act *act, struct arena *arena);

/*
 * Writes the text of an act from what it holds: `kind`, `origin`, `federation`,
 * `charter`, `by`, `until`, `field`, `records`, `embed`, `words`. Whether that is an
 * acceptable text is for act_read() to say.
 */
void act_write(struct writer *writer, const struct act *act);

/* Writes one record line, one embedded line, a document as embedded lines, one line of words. */
void act_write_record(struct writer *writer, const struct rr *rr);
void act_write_embedded(struct writer *writer, struct bytes document);
void act_write_words(struct writer *writer, struct bytes line);

/* Whether this line (without its "| ") may stand in an embedded document. */
bool act_embedded_line_valid(struct bytes line, struct fault *fault);

/* Takes the embedded lines, or the words, that come next; there may be none. False, and
 * `*why` set, at a line of that sort that is not acceptable; it was then read. */
bool act_take_embedded(struct text *lines, struct bytes *embed, const char **why) CHECKED;
bool act_take_words(struct text *lines, struct bytes *words, const char **why) CHECKED;

/* The key name "origin/p/party/number" taken apart; false when it is not one. The same for
 * "origin/o/operator/number". */
bool act_key_name(struct bytes name, struct bytes *origin, struct bytes *party, uint32_t *number);
bool act_operator_key_name(struct bytes name, struct bytes *origin, struct bytes *operator, uint32_t *number);

#endif
