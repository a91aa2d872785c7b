/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ACT_BATCH_H
#define COMITY_ACT_BATCH_H

/*
 * batch.h - the document in a batch act: changes of delegations, one after the other (comity-act(5), BATCH).
 *
 *     delegate aur 0123456789abcdef0123456789abcdef
 *     + aur. 172800 IN NS a.nic.aur.
 *     ds bor 0123456789abcdef0123456789abcdef
 *     + bor. 86400 IN DS 12345 13 2 ...
 *     ds-drop cas 0123456789abcdef0123456789abcdef
 *
 * The slot is the first 32 digits of what `replaces` would be, or "none". Labels rise: none stands twice.
 */

#include "act/act.h"

#define BATCH_ITEMS_MAX   200
#define BATCH_SLOT_DIGITS 32

enum batch_change {
	BATCH_DELEGATE, /* the whole delegation */
	BATCH_DS,       /* its DS records, and nothing else */
	BATCH_DS_DROP,  /* the DS records that stay */
	BATCH_CHANGES
};

struct batch_item {
	enum batch_change change;
	struct bytes label;
	struct bytes slot;    /* 32 digits, or "none" */
	struct bytes records; /* "+ " lines; whether they are records is not looked at */
};

/* "delegate", "ds", "ds-drop". */
const char *batch_change_word(enum batch_change change);

/*
 * Takes the next item off `*rest`, which is the document. False at the end, and `*why` is NULL; false and
 * `*why` set where no item stands.
 */
bool batch_next(struct bytes *rest, struct batch_item *item, const char **why);

/* Whether the document is `count` items, 1 to BATCH_ITEMS_MAX, whose labels rise; otherwise `*fault` says
 * in which line of it, and why. */
bool batch_holds(struct bytes document, uint64_t count, struct fault *fault);

/* Writes an item; `records` are "+ " lines. */
void batch_write(struct writer *writer, const struct batch_item *item);

#endif
