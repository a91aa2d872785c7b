/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/linking.h"

#include "base/must.h"
#include "commons/bounds.h"
#include "dns/dname.h"

static struct bytes apex_name(const struct commons *commons, struct dname *apex)
{
	apex_name_get(commons->state, apex);
	return dname_bytes(apex);
}

bool link_label_of(const struct commons *commons, struct bytes wire, struct bytes *label)
{
	struct dname apex;
	struct bytes zone = apex_name(commons, &apex);

	if (!dname_in_domain(wire, zone) || wire.size == zone.size)
		return false;
	*label = dname_first_label(dname_last(wire, dname_label_count(zone) + 1));
	return true;
}

static struct bytes name_of_text(struct bytes text, struct dname *name)
{
	enum mishap read = dname_read_strict(text, name);

	must(read == OK);
	return dname_bytes(name);
}

static struct bytes text_of_name(struct bytes wire, struct arena *arena)
{
	struct writer w = writer_in(arena);

	dname_write_text(&w, wire);
	return writer_keep(&w, arena);
}

bool link_host_is_below(const struct commons *commons, struct bytes host, struct bytes label)
{
	struct dname name;
	struct bytes its;

	return link_label_of(commons, name_of_text(host, &name), &its) && bytes_same(its, label);
}

bool link_owner_of(const struct commons *commons, struct bytes host_name, struct bytes *owner)
{
	struct holding holding;
	struct dname name;
	struct bytes label;
	struct host host;

	if (host_get(commons->state, host_name, &host)) {
		*owner = host.owner;
		return true;
	}
	if (!link_label_of(commons, name_of_text(host_name, &name), &label) ||
	    !holding_get(commons->state, label, &holding))
		return false;
	*owner = holding.holder;
	return true;
}

bool link_used_by_others(const struct commons *commons, struct bytes label)
{
	struct host host;
	size_t index = 0;

	while (host_next(commons->state, &index, &host))
		if (link_host_is_below(commons, host.name, label) &&
		    host_user_count(&host) > (host_used_by(&host, label) ? 1u : 0u))
			return true;
	return false;
}

bool link_has_servers(const struct commons *commons, struct bytes label)
{
	struct server server;
	size_t index = 0;

	while (server_next(commons->state, &index, &server))
		if (link_host_is_below(commons, server.name, label))
			return true;
	return false;
}

struct bytes link_lines_of(struct bytes records, struct bytes wire, bool of, struct arena *arena)
{
	struct writer w = writer_in(arena);
	uint8_t memory[16384] __attribute__((aligned(16)));
	struct bytes rest = records;

	while (rest.size > 0) {
		struct arena scratch = {memory, sizeof(memory), 0};
		struct bytes line = rest;
		struct rr rr;

		if (!record_rr(&rest, &scratch, &rr))
			break;
		line.size -= rest.size;
		if (bytes_same(rr.owner, wire) == of)
			write_bytes(&w, line);
	}
	return writer_keep(&w, arena);
}

struct bytes link_addresses(const struct commons *commons, struct bytes wire,
                            struct bytes records, struct arena *arena)
{
	struct bytes text = text_of_name(wire, arena), own, label;
	struct holding holding;
	struct server server;
	struct host host;

	own = link_lines_of(records, wire, true, arena);
	if (own.size > 0)
		return own;
	if (host_get(commons->state, text, &host))
		return host.records;
	if (server_get(commons->state, text, &server))
		return server.records;
	if (link_label_of(commons, wire, &label) && holding_get(commons->state, label, &holding))
		return link_lines_of(holding.records, wire, true, arena);
	return own;
}

/* The name servers (wire, in the arena) that record lines name. */
struct targets {
	unsigned count;
	struct bytes name[BOUNDS_NS];
};

static void targets_of(struct bytes records, struct arena *arena, struct targets *t)
{
	uint8_t memory[16384] __attribute__((aligned(16)));

	t->count = 0;
	while (records.size > 0) {
		struct arena scratch = {memory, sizeof(memory), 0};
		struct rr rr;

		if (!record_rr(&records, &scratch, &rr))
			break;
		if (rr.type != TYPE_NS)
			continue;
		must(t->count < BOUNDS_NS);
		t->name[t->count++] = arena_copy(arena, rr.rdata);
	}
}

static bool targets_have(const struct targets *targets, struct bytes name)
{
	for (unsigned i = 0; i < targets->count; i++)
		if (bytes_same(targets->name[i], name))
			return true;
	return false;
}

static void host_put(struct commons *commons, const struct host *host)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, host_key(&key, host->name));

	host_write(&w, host);
	commons_put_content(commons, &w);
}

/* Writes a holding anew with other lines: its holder did not act, so its act stays. */
static void holding_put_records(struct commons *commons, const struct holding *holding,
                                struct bytes records)
{
	struct holding h = *holding;
	struct record_key key;
	struct writer w;

	h.records = records;
	w = record_begin(&commons->scratch, holding_key(&key, h.label));
	holding_write(&w, &h);
	commons_put_content(commons, &w);
}

/* A name below `other` comes into use by `label`: it becomes a host of other's holder. */
static bool host_make(struct commons *commons, struct bytes text, struct bytes wire,
                      struct bytes label, struct bytes other, const struct signed_act *act,
                      struct refusal *refusal)
{
	struct arena *scratch = &commons->scratch;
	struct holding holding;
	struct host host = {.name = text, .users = BYTES("none"), .act = act_id_text(act)};
	struct targets used;

	if (!holding_get(commons->state, other, &holding) || holding.records.size == 0)
		return refuse_name(refusal, REASON_NO_CUT, text);
	host.owner = arena_copy(scratch, holding.holder);
	host.records = link_lines_of(holding.records, wire, true, scratch);
	targets_of(holding.records, scratch, &used);
	if (targets_have(&used, wire))
		host.users = host_users_with(&host, other, scratch);
	host.users = host_users_with(&host, label, scratch);
	if (host.records.size > 0)
		holding_put_records(commons, &holding,
		                    link_lines_of(holding.records, wire, false, scratch));
	host_put(commons, &host);
	return true;
}

static bool host_add_user(struct commons *commons, struct host *host, struct bytes label)
{
	if (!host_used_by(host, label)) {
		host->users = host_users_with(host, label, &commons->scratch);
		host_put(commons, host);
	}
	return true;
}

/* A name server below the TLD itself. Its addresses come with the act, unless others use it. */
static bool link_own(struct commons *commons, struct bytes label, struct bytes holder,
                     struct bytes text, struct bytes given, const struct signed_act *act,
                     struct refusal *refusal)
{
	struct record_key key;
	struct server server;
	struct host host;

	if (server_get(commons->state, text, &server))
		return given.size == 0 || refuse_name(refusal, REASON_RESERVED, text);
	if (!host_get(commons->state, text, &host))
		return given.size > 0 || refuse_name(refusal, REASON_NO_GLUE, text);
	if (given.size == 0) {
		if (host.records.size == 0)
			return refuse_name(refusal, REASON_NO_GLUE, text);
		return host_add_user(commons, &host, label);
	}
	/* Nobody else uses it any more: its addresses come home. */
	if (host_user_count(&host) > (host_used_by(&host, label) ? 1u : 0u) ||
	    !bytes_same(host.owner, holder))
		return refuse_name(refusal, REASON_USE_HOST, text);
	commons_bury_content(commons, host_key(&key, text), act_id_text(act));
	return true;
}

static bool link_one(struct commons *commons, struct bytes label, struct bytes holder,
                     struct bytes wire, struct bytes after, const struct signed_act *act,
                     struct refusal *refusal)
{
	struct bytes text = text_of_name(wire, &commons->scratch), other;
	struct server server;
	struct dname apex;
	struct host host;

	if (bytes_same(wire, apex_name(commons, &apex)))
		return refuse_name(refusal, REASON_OUTSIDE, text);
	if (!link_label_of(commons, wire, &other))
		return true; /* not in this zone: no glue, nobody's host */
	if (bytes_same(other, label))
		return link_own(commons, label, holder, text,
		                link_lines_of(after, wire, true, &commons->scratch), act, refusal);
	if (server_get(commons->state, text, &server))
		return true;
	if (host_get(commons->state, text, &host))
		return host_add_user(commons, &host, label);
	return host_make(commons, text, wire, label, other, act, refusal);
}

static void unlink_one(struct commons *commons, struct bytes label, struct bytes wire,
                       const struct signed_act *act)
{
	struct bytes text = text_of_name(wire, &commons->scratch);
	struct record_key key;
	struct host host;

	if (!host_get(commons->state, text, &host) || !host_used_by(&host, label))
		return;
	host.users = host_users_without(&host, label, &commons->scratch);
	if (bytes_same(host.users, BYTES("none")))
		commons_bury_content(commons, host_key(&key, host.name), act_id_text(act));
	else
		host_put(commons, &host);
}

/* NS and DS at the TLD, addresses at its own name servers, and nothing else. */
static bool records_belong(const struct commons *commons, struct bytes label,
                           struct bytes records, const struct targets *targets,
                           struct refusal *refusal)
{
	uint8_t memory[16384] __attribute__((aligned(16)));
	struct dname tld;
	struct rr rr;

	if (!commons_tld_name(commons, label, &tld))
		return refuse_name(refusal, REASON_OUTSIDE, label);
	while (records.size > 0) {
		struct arena scratch = {memory, sizeof(memory), 0};
		struct bytes line = bytes_from(records, 2);
		bool there = record_rr(&records, &scratch, &rr);

		must(there);
		line.size -= records.size + 1;
		if (rr.type == TYPE_NS || rr.type == TYPE_DS) {
			if (!bytes_same(rr.owner, dname_bytes(&tld)) || targets->count == 0)
				return refuse_name(refusal, REASON_OUTSIDE, line);
		} else if (!dname_in_domain(rr.owner, dname_bytes(&tld)) ||
		           !targets_have(targets, rr.owner)) {
			return refuse_name(refusal, REASON_OUTSIDE, line);
		}
	}
	return true;
}

/* What is no delegation any more has no name servers below it: they do not wait there for whoever comes next. */
static void hosts_end(struct commons *commons, struct bytes label, const struct signed_act *act)
{
	struct host host;
	size_t index = 0;

	while (host_next(commons->state, &index, &host)) {
		struct record_key key;

		if (!link_host_is_below(commons, host.name, label))
			continue;
		commons_bury_content(commons, host_key(&key, host.name), act_id_text(act));
		index = 0; /* what is buried ends the walk */
	}
}

bool link_change(struct commons *commons, struct bytes label, struct bytes holder,
                 struct bytes before, struct bytes after, const struct signed_act *act,
                 struct refusal *refusal)
{
	struct targets had, has;
	size_t kept;

	targets_of(before, &commons->scratch, &had);
	targets_of(after, &commons->scratch, &has);
	if (!records_belong(commons, label, after, &has, refusal))
		return false;
	/* Each host with its users, who may be all TLDs there are, goes before the next is looked at. */
	kept = commons->scratch.used;
	for (unsigned i = 0; i < has.count; i++, commons->scratch.used = kept)
		if (!link_one(commons, label, holder, has.name[i], after, act, refusal))
			return false;
	for (unsigned i = 0; i < had.count; i++, commons->scratch.used = kept)
		if (!targets_have(&has, had.name[i]))
			unlink_one(commons, label, had.name[i], act);
	if (has.count > 0)
		return true;
	if (link_used_by_others(commons, label))
		return refuse_name(refusal, REASON_IN_USE, label);
	hosts_end(commons, label, act);
	return true;
}

void link_change_owner(struct commons *commons, struct bytes label, struct bytes from,
                       struct bytes to)
{
	struct host host;
	size_t index = 0;

	while (host_next(commons->state, &index, &host))
		if (bytes_same(host.owner, from) && link_host_is_below(commons, host.name, label)) {
			size_t kept = commons->scratch.used;

			host.owner = to;
			host_put(commons, &host);
			commons->scratch.used = kept;
		}
}

/* The record lines of a type, or all others, in the arena. */
static struct bytes lines_of_type(struct bytes records, uint16_t type, bool of,
                                  struct arena *arena)
{
	struct writer w = writer_in(arena);
	uint8_t memory[16384] __attribute__((aligned(16)));

	while (records.size > 0) {
		struct arena scratch = {memory, sizeof(memory), 0};
		struct bytes line = records;
		struct rr rr;

		if (!record_rr(&records, &scratch, &rr))
			break;
		line.size -= records.size;
		if ((rr.type == type) == of)
			write_bytes(&w, line);
	}
	return writer_keep(&w, arena);
}

struct bytes link_ds_of(struct bytes records, struct arena *arena)
{
	return lines_of_type(records, TYPE_DS, true, arena);
}

struct bytes link_records_with_ds(struct commons *commons, struct bytes label, struct bytes records,
                                  struct bytes ds)
{
	struct arena *scratch = &commons->scratch;
	struct bytes others = lines_of_type(records, TYPE_DS, false, scratch), own, below;
	struct dname tld;
	struct writer w;
	bool named = commons_tld_name(commons, label, &tld);

	must(named);
	own = link_lines_of(others, dname_bytes(&tld), true, scratch);
	below = link_lines_of(others, dname_bytes(&tld), false, scratch);
	w = writer_in(scratch);
	write_bytes(&w, own);
	write_bytes(&w, ds);
	write_bytes(&w, below);
	return writer_keep(&w, scratch);
}
