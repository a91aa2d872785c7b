/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_MANDATE_H
#define COMITY_STATE_MANDATE_H

/*
 * mandate.h - what the key of an operator may do in a party's name.
 *
 *     mandate/<party>/<operator>/<label or *>    key, may, expires, named-by, act
 *     agent/<act-id>                             key
 *
 * "*" is every TLD that the party keeps; where an operator has a record of the TLD itself, that one
 * alone counts. An operator is no party: its name is in the name of its key, and the same key may
 * serve many parties. An agent record says which operator's key signed a proposal that has not ended.
 */

#include "note/key.h"
#include "state/record.h"

/* Kinds of change; the words of `may`, in this order (comity-act(5), empower). */
enum scope {
	SCOPE_NS = 1,        /* NS records of the TLD */
	SCOPE_GLUE = 2,      /* addresses in its record */
	SCOPE_DS = 4,        /* DS records come or go */
	SCOPE_DS_DROP = 8,   /* DS records go */
	SCOPE_HOST = 16,     /* addresses of the party's hosts below it */
	SCOPE_OPERATORS = 32 /* names operators with any of the others: an administrator */
};

struct mandate {
	struct bytes party, operator, tld; /* tld: a label, or "*" */
	struct bytes key;                  /* vkey */
	struct bytes may;                  /* words, or "none" */
	struct ledger_time expires;
	struct bytes named_by; /* the party itself, or the administrator whose key signed */
	struct bytes act;
};

/* The key of a record; "*" for every TLD. */
struct bytes mandate_key(struct record_key *key, struct bytes party, struct bytes operator, struct bytes tld);

/* The record that counts for that TLD: its own, else the one for all. Not whether it has expired. */
bool mandate_of(const struct state *state, struct bytes party, struct bytes operator, struct bytes label,
                struct mandate *mandate);

/* That very record; false where there is none, or it has ended. */
bool mandate_get(const struct state *state, struct bytes party, struct bytes operator, struct bytes tld,
                 struct mandate *mandate);

/* Walks those that have not ended, of one party, or of all where `party` is empty: start with *index = 0. */
bool mandate_next(const struct state *state, struct bytes party, size_t *index, struct mandate *mandate);

void mandate_put(struct state *state, struct arena *arena, const struct mandate *mandate);

/* Its key. The name is borrowed from the record. */
struct note_key mandate_note_key(const struct mandate *mandate);

/* The kinds of change in words of `may`, or-ed; "ds" has "ds-drop" in it. */
unsigned scopes_of(struct bytes may);

/* Writes the words of some kinds of change; "none" for none. */
void scopes_write(struct writer *writer, unsigned scopes);

/* The key of the operator that signed the proposal; false when a party's own did. */
bool agent_get(const struct state *state, struct bytes proposal, struct note_key *key);
void agent_put(struct state *state, struct arena *arena, struct bytes proposal, const struct note_key *key);
void agent_delete(struct state *state, struct bytes proposal);

#endif
