/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_REGISTERS_RECOGNITION_H
#define COMITY_REGISTERS_RECOGNITION_H

/*
 * recognition.h - the registers that stand, and what they say of the parties.
 *
 *     register/<id>                     version, since, act, | text
 *     recognition/<register>/<party>    status, code, since      while the party is one, and had an entry
 *
 * The second follows from the first and the date, and is what everybody is told; `since` is when it
 * came to be so here. A party without it never stood in that register.
 */

#include "registers/register.h"
#include "state/record.h"

#define REGISTERS_MAX 16 /* that stand */

struct registered {
	struct bytes id;
	uint32_t version;
	struct ledger_time since;
	struct bytes act;
	struct bytes embedded; /* "|" lines */
};

/* Borrowed from the state. */
bool registered_get(const struct state *state, struct bytes id, struct registered *registered);
bool registered_next(const struct state *state, size_t *index, struct registered *registered);
void registered_put(struct state *state, struct arena *arena, const struct registered *registered);
struct bytes registered_key(struct record_key *key, struct bytes id);

struct recognition {
	struct bytes of, party; /* of which register */
	bool listed;            /* else removed */
	struct bytes code;      /* of the entry that says so */
	struct ledger_time since;
};

/* Borrowed from the state. */
bool recognition_get(const struct state *state, struct bytes of, struct bytes party,
                     struct recognition *recognition);
bool recognition_next(const struct state *state, size_t *index, struct recognition *recognition);
void recognition_put(struct state *state, struct arena *arena, const struct recognition *recognition);
void recognition_delete(struct state *state, struct bytes of, struct bytes party);

#endif
