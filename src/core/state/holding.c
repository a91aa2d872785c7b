/* SPDX-License-Identifier: Apache-2.0 */
#include "state/holding.h"

#include "base/must.h"

struct bytes holding_key(struct record_key *key, struct bytes label)
{
	return record_key(key, "tld", label, BYTES(""));
}

void holding_read(struct bytes record, struct holding *holding)
{
	struct text lines = record_lines(record);

	holding->label = record_key_part(state_key(record), 1);
	holding->holder = record_value(&lines, "holder");
	holding->act = record_value(&lines, "act");
	holding->records = record_run(&lines, "+ ");
}

void holding_write(struct writer *writer, const struct holding *holding)
{
	write_field(writer, "holder", holding->holder);
	write_field(writer, "act", holding->act);
	write_bytes(writer, holding->records);
}

bool holding_get(const struct state *state, struct bytes label, struct holding *holding)
{
	struct record_key key;
	struct bytes record;

	if (!record_get(state, holding_key(&key, label), &record))
		return false;
	holding_read(record, holding);
	return true;
}

/* The next record below `prefix` that is no tombstone. */
static bool live_next(const struct state *state, struct bytes prefix, size_t *index,
                      struct bytes *record)
{
	while (state_next(state, prefix, index, record))
		if (!record_is_tombstone(*record))
			return true;
	return false;
}

bool holding_next(const struct state *state, size_t *index, struct holding *holding)
{
	struct bytes record;

	if (!live_next(state, BYTES("tld/"), index, &record))
		return false;
	holding_read(record, holding);
	return true;
}

struct bytes host_key(struct record_key *key, struct bytes name)
{
	return record_key(key, "host", name, BYTES(""));
}

void host_read(struct bytes record, struct host *host)
{
	struct text lines = record_lines(record);

	host->name = record_key_part(state_key(record), 1);
	host->owner = record_value(&lines, "owner");
	host->users = record_value(&lines, "users");
	host->act = record_value(&lines, "act");
	host->records = record_run(&lines, "+ ");
}

void host_write(struct writer *writer, const struct host *host)
{
	write_field(writer, "owner", host->owner);
	write_field(writer, "users", host->users);
	write_field(writer, "act", host->act);
	write_bytes(writer, host->records);
}

bool host_get(const struct state *state, struct bytes name, struct host *host)
{
	struct record_key key;
	struct bytes record;

	if (!record_get(state, host_key(&key, name), &record))
		return false;
	host_read(record, host);
	return true;
}

bool host_next(const struct state *state, size_t *index, struct host *host)
{
	struct bytes record;

	if (!live_next(state, BYTES("host/"), index, &record))
		return false;
	host_read(record, host);
	return true;
}

static bool user_next(struct bytes *users, struct bytes *user)
{
	return !bytes_same(*users, BYTES("none")) && text_word(users, user);
}

bool host_used_by(const struct host *host, struct bytes label)
{
	struct bytes users = host->users, user;

	while (user_next(&users, &user))
		if (bytes_same(user, label))
			return true;
	return false;
}

unsigned host_user_count(const struct host *host)
{
	struct bytes users = host->users, user;
	unsigned count = 0;

	while (user_next(&users, &user))
		count++;
	return count;
}

static void word_write(struct writer *w, struct bytes word)
{
	if (w->used > 0)
		write_octet(w, ' ');
	write_bytes(w, word);
}

struct bytes host_users_with(const struct host *host, struct bytes label, struct arena *arena)
{
	struct writer w = writer_in(arena);
	struct bytes users = host->users, user;
	bool put = false;

	while (user_next(&users, &user)) {
		int order = bytes_compare(label, user);
		if (!put && order < 0)
			word_write(&w, label);
		put = put || order <= 0;
		word_write(&w, user);
	}
	if (!put)
		word_write(&w, label);
	return writer_keep(&w, arena);
}

struct bytes host_users_without(const struct host *host, struct bytes label, struct arena *arena)
{
	struct writer w = writer_in(arena);
	struct bytes users = host->users, user;

	while (user_next(&users, &user))
		if (!bytes_same(user, label))
			word_write(&w, user);
	if (w.used == 0)
		write_text(&w, "none");
	return writer_keep(&w, arena);
}

struct bytes server_key(struct record_key *key, struct bytes name)
{
	return record_key(key, "server", name, BYTES(""));
}

void server_read(struct bytes record, struct server *server)
{
	struct text lines = record_lines(record);

	server->name = record_key_part(state_key(record), 1);
	server->owner = record_value(&lines, "owner");
	server->act = record_value(&lines, "act");
	server->records = record_run(&lines, "+ ");
}

void server_write(struct writer *writer, const struct server *server)
{
	write_field(writer, "owner", server->owner);
	write_field(writer, "act", server->act);
	write_bytes(writer, server->records);
}

bool server_get(const struct state *state, struct bytes name, struct server *server)
{
	struct record_key key;
	struct bytes record;

	if (!record_get(state, server_key(&key, name), &record))
		return false;
	server_read(record, server);
	return true;
}

bool server_next(const struct state *state, size_t *index, struct server *server)
{
	struct bytes record;

	if (!live_next(state, BYTES("server/"), index, &record))
		return false;
	server_read(record, server);
	return true;
}

struct bytes waiver_key(struct record_key *key, struct bytes label, struct bytes rule)
{
	return record_key(key, "waiver", label, rule);
}

bool waiver_stands(const struct state *state, struct bytes label, struct bytes rule,
                   struct ledger_time time)
{
	struct record_key key;
	struct bytes record;

	if (!record_get(state, waiver_key(&key, label, rule), &record))
		return false;
	struct text lines = record_lines(record);
	return record_time(&lines, "expires").seconds > time.seconds;
}

static struct text apex_lines(const struct state *state)
{
	struct bytes record = {NULL, 0};
	bool there = state_get(state, BYTES("apex"), &record);

	must(there);
	return record_lines(record);
}

void apex_get(const struct state *state, struct apex *apex)
{
	struct text lines = apex_lines(state);
	const char *why;
	bool read = apex_read(&lines, apex, &why);

	must(read);
}

void apex_name_get(const struct state *state, struct dname *name)
{
	struct text lines = apex_lines(state);
	enum mishap read = dname_read_strict(record_value(&lines, "apex"), name);

	must(read == OK);
}
