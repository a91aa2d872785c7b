/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_HOLDING_H
#define COMITY_STATE_HOLDING_H

/*
 * holding.h - what parties hold: TLDs, hosts, root servers, waivers.
 *
 *     tld/<label>              holder, act, + NS, DS, and addresses of its own name servers
 *     host/<dname>             owner, users, act, + A, AAAA
 *     server/<dname>           owner, act, + A, AAAA
 *     waiver/<label>/<rule>    expires, act
 *
 * A name server below a TLD that only this TLD uses is part of the TLD's record. Any
 * other name server inside the apex is a host, whose record lists the TLDs that use it;
 * its owner is the holder of the TLD it lies below.
 */

#include "act/apex.h"
#include "dns/dname.h"
#include "dns/rr.h"
#include "state/record.h"

struct holding {
	struct bytes label;
	struct bytes holder;
	struct bytes act;
	struct bytes records; /* "+ " lines: act_record() */
};

bool holding_get(const struct state *state, struct bytes label, struct holding *holding);
bool holding_next(const struct state *state, size_t *index, struct holding *holding);
void holding_write(struct writer *writer, const struct holding *holding); /* behind the key */
void holding_read(struct bytes record, struct holding *holding);
struct bytes holding_key(struct record_key *key, struct bytes label);

struct host {
	struct bytes name; /* text of a dname */
	struct bytes owner;
	struct bytes users; /* labels, sorted, blanks between; or "none" */
	struct bytes act;
	struct bytes records;
};

bool host_get(const struct state *state, struct bytes name, struct host *host);
bool host_next(const struct state *state, size_t *index, struct host *host);
void host_write(struct writer *writer, const struct host *host);
void host_read(struct bytes record, struct host *host);
struct bytes host_key(struct record_key *key, struct bytes name);

/* Whether `label` is among the users; how many there are. */
bool host_used_by(const struct host *host, struct bytes label);
unsigned host_user_count(const struct host *host);

/* The users with `label` put in or taken out, in the arena. */
struct bytes host_users_with(const struct host *host, struct bytes label, struct arena *arena);
struct bytes host_users_without(const struct host *host, struct bytes label,
                                struct arena *arena);

struct server {
	struct bytes name; /* text of a dname */
	struct bytes owner;
	struct bytes act;
	struct bytes records;
};

bool server_get(const struct state *state, struct bytes name, struct server *server);
bool server_next(const struct state *state, size_t *index, struct server *server);
void server_write(struct writer *writer, const struct server *server);
void server_read(struct bytes record, struct server *server);
struct bytes server_key(struct record_key *key, struct bytes name);

/* Whether the TLD is waived from the rule at that time. */
bool waiver_stands(const struct state *state, struct bytes label, struct bytes rule,
                   struct ledger_time time);
struct bytes waiver_key(struct record_key *key, struct bytes label, struct bytes rule);

/* The apex record: the five lines, act. Its name alone, which never changes, costs far less. */
void apex_get(const struct state *state, struct apex *apex);
void apex_name_get(const struct state *state, struct dname *name);

#endif
