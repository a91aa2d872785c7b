/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NORMS_DUTY_H
#define COMITY_NORMS_DUTY_H

/*
 * duty.h - what a norm may ask that the ledger can see (comity-norm(7), DUTIES).
 *
 * "WORD within SPAN": the state says at every moment whether a party keeps the duty; it breaks it
 * when it has not kept it for longer than the span. The list is closed.
 */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/time.h"
#include "base/writer.h"

enum duty_kind {
	DUTY_SIGNS,      /* its signer answers where it was asked to sign */
	DUTY_POOL,       /* its nonces are announced, not used up, and leased */
	DUTY_SHARE,      /* it holds a share of the active ZSK */
	DUTY_SERVER,     /* it has a root server */
	DUTY_DUAL_STACK, /* each of its root servers has both an A and an AAAA */
	DUTY_VOTES,      /* it speaks on every proposal that asks for its vote */
	DUTY_TECHNICAL,  /* every delegation it holds meets the technical rules, or is waived */
	DUTY_AWARD,      /* it has complied with an award against it */
	DUTIES
};

#define DUTY_WITHIN_MIN ((int64_t)3600)
#define DUTY_WITHIN_MAX (366 * SECONDS_A_DAY)

struct duty {
	enum duty_kind kind;
	int64_t within; /* seconds, DUTY_WITHIN_MIN..DUTY_WITHIN_MAX */
};

/* "signs"; DUTIES for any other word. */
const char *duty_word(enum duty_kind kind);
enum duty_kind duty_kind(struct bytes word);

/* What the party does who keeps it, for people: "its signer answers". */
const char *duty_text(enum duty_kind kind, bool chinese);

/* "signs within 3d". False, and `*duty` untouched, for anything else, and a span in another form. */
bool duty_read(struct bytes text, struct duty *duty);

/* The same of a record, whose form says as much (state/form.h), and not that the span is in its bounds. */
struct duty duty_of_record(struct bytes value);

void duty_write(struct writer *writer, const struct duty *duty);

#endif
