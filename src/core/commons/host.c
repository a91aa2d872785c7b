/* SPDX-License-Identifier: Apache-2.0 */
/* host: addresses of a name server that several TLDs use; server: a root server of a party. */
#include "commons/holding.h"
#include "commons/bounds.h"
#include "commons/linking.h"
#include "dns/dname.h"

/* Addresses at that very name, and nothing else. */
static bool only_addresses(struct bytes records, struct bytes wire, struct arena scratch,
                           struct refusal *refusal)
{
	struct rr rr;

	while (record_rr(&records, &scratch, &rr))
		if ((rr.type != TYPE_A && rr.type != TYPE_AAAA) || !bytes_same(rr.owner, wire))
			return refuse(refusal, REASON_RECORDS);
	return true;
}

static bool host_exists(struct commons *commons, struct bytes name, struct bytes wire,
                        const struct signed_act *act, struct host *host, struct refusal *refusal)
{
	struct holding holding;
	struct record_key key;
	struct server server;
	struct bytes label;
	struct writer w;

	if (server_get(commons->state, name, &server))
		return refuse_name(refusal, REASON_RESERVED, name);
	if (!link_label_of(commons, wire, &label))
		return refuse_name(refusal, REASON_OUTSIDE, name);
	if (!holding_may_change(commons, label, false, refusal))
		return false;
	if (host_get(commons->state, name, host))
		return true;
	if (!holding_get(commons->state, label, &holding) || holding.records.size == 0)
		return refuse_name(refusal, REASON_NO_CUT, name);
	*host = (struct host){.name = name,
	                      .owner = holding.holder,
	                      .users = BYTES("none"),
	                      .act = act_id_text(act)};
	if (act->act.records.size == 0)
		return refuse_name(refusal, REASON_RECORDS, name);
	if (!bounds_host_fits(commons, label, refusal))
		return false;
	/* What was the TLD's own becomes a host: its addresses leave the TLD's record. */
	if (link_lines_of(holding.records, wire, true, &commons->scratch).size > 0) {
		host->users = host_users_with(host, label, &commons->scratch);
		holding.records = link_lines_of(holding.records, wire, false, &commons->scratch);
		w = record_begin(&commons->scratch, holding_key(&key, label));
		holding_write(&w, &holding);
		commons_put_content(commons, &w);
	}
	return true;
}

bool host_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes name = act_field(&act->act, "host"), label;
	struct record_key key;
	struct dname wire;
	struct host host;
	struct writer w;

	if (dname_read_strict(name, &wire) != OK)
		return refuse_name(refusal, REASON_OUTSIDE, name);
	if (!commons_replaces(commons, &act->act, host_key(&key, name), refusal) ||
	    !only_addresses(act->act.records, dname_bytes(&wire), arena_rest(&commons->scratch),
	                    refusal) ||
	    !host_exists(commons, name, dname_bytes(&wire), act, &host, refusal))
		return false;
	if (act->act.records.size == 0) {
		if (link_label_of(commons, dname_bytes(&wire), &label) && host_used_by(&host, label))
			return refuse_name(refusal, REASON_NO_GLUE, name);
		if (bytes_same(host.users, BYTES("none"))) {
			commons_bury_content(commons, host_key(&key, name), act_id_text(act));
			return true;
		}
	}
	host.records = act->act.records;
	host.act = act_id_text(act);
	w = record_begin(&commons->scratch, host_key(&key, name));
	host_write(&w, &host);
	commons_put_content(commons, &w);
	return true;
}

/* Below what TLD a party may name a root server: its own; or one that nobody holds, where servers have their names
 * already. The first of all chooses that. */
static bool label_is_for_servers(const struct commons *commons, struct bytes label, struct bytes by)
{
	struct holding holding;
	struct server server;
	bool first = true;

	if (holding_get(commons->state, label, &holding))
		return bytes_same(holding.holder, by);
	for (size_t index = 0; server_next(commons->state, &index, &server);) {
		struct bytes its;
		struct dname wire;

		if (dname_read_strict(server.name, &wire) != OK || !link_label_of(commons, dname_bytes(&wire), &its) ||
		    holding_get(commons->state, its, &holding))
			continue;
		if (bytes_same(its, label))
			return true;
		first = false;
	}
	return first;
}

/* A root server's name is neither the apex nor a TLD, and nobody's name server. */
static bool server_name_free(struct commons *commons, struct bytes name, struct bytes wire,
                             struct bytes by, struct refusal *refusal)
{
	struct holding holding;
	struct apex apex;
	struct bytes label;
	struct host host;

	apex_get(commons->state, &apex);
	if (!link_label_of(commons, wire, &label))
		return !bytes_same(wire, dname_bytes(&apex.name)) ||
		       refuse_name(refusal, REASON_OUTSIDE, name);
	if (dname_label_count(wire) < dname_label_count(dname_bytes(&apex.name)) + 2)
		return refuse_name(refusal, REASON_OUTSIDE, name);
	if (host_get(commons->state, name, &host) ||
	    (holding_get(commons->state, label, &holding) &&
	     link_lines_of(holding.records, wire, true, &commons->scratch).size > 0))
		return refuse_name(refusal, REASON_IN_USE, name);
	return label_is_for_servers(commons, label, by) || refuse_name(refusal, REASON_SERVER_LABEL, label);
}

/* Whether a TLD names it as a name server: then it cannot go. */
static bool server_used(const struct commons *commons, struct bytes wire)
{
	struct holding holding;
	size_t index = 0;

	while (holding_next(commons->state, &index, &holding)) {
		struct arena scratch = arena_rest(&commons->scratch);
		struct bytes lines = holding.records;
		struct rr rr;

		while (record_rr(&lines, &scratch, &rr))
			if (rr.type == TYPE_NS && bytes_same(rr.rdata, wire))
				return true;
	}
	return false;
}

bool server_apply(struct commons *commons, const struct signed_act *act,
                  struct refusal *refusal)
{
	struct bytes name = act_field(&act->act, "server"), label;
	bool retired = bytes_same(act_field(&act->act, "status"), BYTES("retired"));
	struct server server = {.name = name, .owner = act->act.by};
	struct record_key key;
	struct dname wire;
	struct writer w;

	if (dname_read_strict(name, &wire) != OK)
		return refuse_name(refusal, REASON_OUTSIDE, name);
	if (!commons_replaces(commons, &act->act, server_key(&key, name), refusal) ||
	    !only_addresses(act->act.records, dname_bytes(&wire), arena_rest(&commons->scratch),
	                    refusal))
		return false;
	bool stands = server_get(commons->state, name, &server);
	if (retired) {
		if (!stands || act->act.records.size != 0)
			return refuse_name(refusal, REASON_RECORDS, name);
		if (server_used(commons, dname_bytes(&wire)))
			return refuse_name(refusal, REASON_IN_USE, name);
		commons_bury_content(commons, server_key(&key, name), act_id_text(act));
		return true;
	}
	if (!stands && (!server_name_free(commons, name, dname_bytes(&wire), act->act.by, refusal) ||
	                !bounds_server_fits(commons, act->act.by, refusal)))
		return false;
	/* In the zone it has addresses, outside it cannot have any. */
	if (link_label_of(commons, dname_bytes(&wire), &label) != (act->act.records.size != 0))
		return refuse_name(refusal, REASON_RECORDS, name);
	server.records = act->act.records;
	server.act = act_id_text(act);
	w = record_begin(&commons->scratch, server_key(&key, name));
	server_write(&w, &server);
	commons_put_content(commons, &w);
	return true;
}
