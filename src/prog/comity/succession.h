/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_SUCCESSION_H
#define COMITY_COMITY_SUCCESSION_H

/*
 * succession.h - what goes on about a name whose holder cannot act, or that ends: told where the
 * name is (comity-charter(7), SUCCESSION).
 */

#include "prog/comity/view.h"

/* Sorts of events, as programs read them. */
enum event_sort {
	EVENT_RETIREMENT, /* it ends at `until` */
	EVENT_OPERATION,  /* `party` keeps it until then */
	EVENT_VACANCY,    /* it was taken from `party`; `until`: when */
	EVENT_FREEZE,     /* nothing of it changes until then */
	EVENT_SORTS
};

struct event {
	enum event_sort sort;
	struct bytes label;
	struct bytes party;  /* the operator, or the former holder; else empty */
	struct bytes ground; /* of a retirement or an operation by the rule; else empty */
	struct ledger_time until, latest; /* latest: of a retirement; otherwise as until */
	struct bytes act;    /* act-id of the act, or of the dispute, that made it so */
};

const char *event_word(enum event_sort sort);

/* The event of that sort about the TLD that stands now; false: none. */
bool event_get(const struct view *view, struct bytes label, enum event_sort sort, struct event *event);

/* In a sentence that begins with the TLD. */
struct bytes event_text(const struct command *command, const struct view *view, const struct event *event);

/* The same for programs: an array "events" of the TLD, or, where `label` is empty, of all. */
void events_json(struct command *command, const struct view *view, struct bytes label);

#endif
