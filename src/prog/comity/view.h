/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_VIEW_H
#define COMITY_COMITY_VIEW_H

/*
 * view.h - what the parties hold in common, as the node tells it at one moment.
 *
 * All records are fetched at once, held against their forms (state/form.h) and put in a state of
 * our own, so that the core's readers, its judge and its rules work on it as they do in the
 * node. It is a copy: what is tried on it changes nothing.
 */

#include "charter/judge.h"
#include "ledger/ledger.h"
#include "prog/comity/command.h"

struct view {
	struct ledger ledger;   /* state and commons; it has no log */
	struct bytes report;    /* comity-ipc(7), REPORT */
	struct bytes federation; /* origin, blank, 32 hex digits */
	struct ledger_time now; /* the node's clock */
	uint64_t height, sealed, final, log; /* of blocks; leaves that are published */
	bool any_final;
	struct bytes public;  /* folder of what the node publishes */
	unsigned memory;
	struct bytes us;      /* the home's party, where there is a home; else empty */
	struct party as;      /* what the parties know of it, when: */
	bool is_party;
};

/* False: a mishap, told. At most two are held at a time. */
bool view_take(struct command *command, struct view *view);

/* Gives its memory back: nothing that was read from it is valid any more. */
void view_drop(struct view *view);

static inline const struct state *view_state(const struct view *view)
{
	return &view->ledger.state;
}

/* The first line of what people read: federation, party and role, height. */
void view_head(const struct command *command, const struct view *view);

/* The same as fields of a JSON object that is open. */
void view_json_head(struct command *command, const struct view *view);

/* The party as the rules of that charter count it now: its weight, whether its votes count, and the registers in
 * which it does not stand; in the command's memory. It has said nothing, and has no part in anything. */
struct charter_party view_voter(struct command *command, const struct view *view, const struct charter *charter,
                                const struct party *party);

/* Whether the party holds a share by the charter: countersigns and signs, from the next ceremony on. */
bool view_signs(const struct view *view, const struct party *party);

/* Whether it does so now: the node lists it among the countersigners. */
bool view_countersigns(const struct view *view, struct bytes party);

/* The party of that name; false and told where there is none. */
bool view_party(struct command *command, const struct view *view, struct bytes name, struct party *party);

/*
 * The proposal whose id begins with those digits, at least 4; false and told when there is none or
 * more than one.
 */
struct proposal;
bool view_proposal(struct command *command, const struct view *view, const char *prefix,
                   struct proposal *proposal);

/* One "voice" line of the report: a countersigner, the newest height it has spoken for, whether its
 * signer is attached. Start with *rest the report; false at the end. */
struct voice_line {
	struct bytes party;
	bool spoken, attached;
	uint64_t height;
};
bool voice_next(struct bytes *rest, struct voice_line *voice);

#endif
