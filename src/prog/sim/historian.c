/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/sim/historian.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/sort.h"
#include "commons/technical.h"
#include "dns/dname.h"
#include "state/holding.h"

#define WAIVER_DAYS 730
#define RECORDS_MAX 400 /* of one act */
#define ROUNDS_MAX  10

unsigned historian_holder(unsigned parties, struct bytes label)
{
	struct digest digest = sha256(label);

	return digest.octet[0] % parties;
}

/* ---- lists of names ---- */

struct names {
	struct bytes *name;
	size_t count, room;
};

static struct names names_make(struct arena *arena, size_t room)
{
	return (struct names){arena_take_array(arena, room, sizeof(struct bytes)), 0, room};
}

static void names_add(struct names *names, struct bytes name)
{
	for (size_t i = 0; i < names->count; i++)
		if (bytes_same(names->name[i], name))
			return;
	must(names->count < names->room);
	names->name[names->count++] = name;
}

/* "a.b.cn." lies below "cn."; the label of a TLD is its name without the dot. */
static struct bytes tld_of(struct bytes name)
{
	size_t at = name.size - 1;

	while (at > 0 && name.at[at - 1] != '.')
		at--;
	return bytes_from(name, at);
}

static struct bytes label_of(struct bytes tld)
{
	return bytes_first(tld, tld.size - 1);
}

/* ---- what should be ---- */

static bool uses(const struct historian *h, struct bytes tld, struct bytes name)
{
	struct content of = content_of_owner(&h->content, tld);

	for (size_t i = 0; i < of.count; i++) {
		struct content_line l = content_line(of.line[i]);

		if (bytes_same(l.type, BYTES("NS")) && bytes_same(l.rdata, name))
			return true;
	}
	return false;
}

static bool is_delegated(const struct historian *h, struct bytes tld)
{
	struct content of = content_of_owner(&h->content, tld);

	for (size_t i = 0; i < of.count; i++)
		if (bytes_same(content_line(of.line[i]).type, BYTES("NS")))
			return true;
	return false;
}

/* Whether a TLD names it as a name server; another one than the TLD it lies below when `other`.
 */
static bool is_used(const struct historian *h, struct bytes name, bool other)
{
	for (size_t i = 0; i < h->content.count; i++) {
		struct bytes line = h->content.line[i];
		struct content_line l;

		if (line.size < name.size ||
		    !bytes_same(bytes_from(line, line.size - name.size), name))
			continue;
		l = content_line(line);
		if (bytes_same(l.type, BYTES("NS")) && bytes_same(l.rdata, name) &&
		    !bytes_same(l.owner, BYTES(".")) &&
		    (!other || !bytes_same(l.owner, tld_of(name))))
			return true;
	}
	return false;
}

/* ---- records of an act ---- */

struct records {
	struct rr rr[RECORDS_MAX];
	size_t count;
};

static void records_add(struct historian *h, struct records *r, struct bytes line)
{
	struct fault fault;

	must(r->count < RECORDS_MAX);
	bool read = rr_read_text(line, &h->scratch, &r->rr[r->count++], &fault);
	must(read);
}

static void records_add_addresses(struct historian *h, struct records *r, struct bytes name)
{
	struct content of = content_of_owner(&h->content, name);

	for (size_t i = 0; i < of.count; i++) {
		struct bytes type = content_line(of.line[i]).type;

		if (bytes_same(type, BYTES("A")) || bytes_same(type, BYTES("AAAA")))
			records_add(h, r, of.line[i]);
	}
}

static int canonical_order(const void *a, const void *b, const void *context)
{
	(void)context;
	return rr_compare(a, b);
}

/* Their "+ " lines, in canonical order. */
static struct bytes records_write(struct historian *h, struct records *r)
{
	struct writer w = writer_in(&h->scratch);

	sort(r->rr, r->count, sizeof(r->rr[0]), canonical_order, NULL);
	for (size_t i = 0; i < r->count; i++)
		act_write_record(&w, &r->rr[i]);
	return writer_keep(&w, &h->scratch);
}

/* What the record of the TLD should hold: NS, DS, and addresses of its own that no host has. */
static struct bytes wanted_of_tld(struct historian *h, struct bytes tld)
{
	struct content of = content_of_owner(&h->content, tld);
	struct records r = {.count = 0};
	struct host host;

	for (size_t i = 0; i < of.count; i++) {
		struct content_line l = content_line(of.line[i]);

		if (!bytes_same(l.type, BYTES("NS")) && !bytes_same(l.type, BYTES("DS")))
			continue;
		records_add(h, &r, of.line[i]);
		if (bytes_same(l.type, BYTES("NS")) && bytes_same(tld_of(l.rdata), tld) &&
		    !host_get(&h->f->sequencer.state, l.rdata, &host))
			records_add_addresses(h, &r, l.rdata);
	}
	return records_write(h, &r);
}

static struct bytes wanted_of_name(struct historian *h, struct bytes name)
{
	struct records r = {.count = 0};

	records_add_addresses(h, &r, name);
	return records_write(h, &r);
}

/* ---- saying it ---- */

enum said { SAID, LATER, REFUSED };

static unsigned party_named(const struct historian *h, struct bytes name)
{
	for (unsigned i = 0; i < h->f->count; i++)
		if (bytes_same(bytes_of(h->f->node[i].name), name))
			return i;
	must(false);
	return 0;
}

static struct bytes slot(struct historian *h, const char *kind, struct bytes name)
{
	char key[400];

	snprintf(key, sizeof(key), "%s/%.*s", kind, (int)name.size, (const char *)name.at);
	return federation_slot(h->f, key);
}

static void tell_refusal(struct historian *h, const struct receipt *receipt)
{
	struct writer w = {.at = (uint8_t *)h->why, .size = sizeof(h->why) - 1};

	if (receipt->outcome == OUTCOME_REFUSED)
		refusal_write(&w, &receipt->refusal, false);
	else
		write_text(&w, receipt->outcome == OUTCOME_MALFORMED ? receipt->fault.why
		                                                     : "again");
	h->why[w.used] = '\0';
}

static bool submit(struct historian *h, unsigned party, const struct act *act,
                   struct receipt *receipt)
{
	federation_say(h->f, party, act, receipt);
	if (receipt->outcome != OUTCOME_ENTERED) {
		tell_refusal(h, receipt);
		return false;
	}
	h->entered[act->kind]++;
	h->acts++;
	return true;
}

/* The rule that the refusal names; false when it names none. */
static bool rule_broken(const struct receipt *receipt, enum technical_rule *rule)
{
	for (*rule = 0; *rule < TECHNICAL_RULES; ++*rule)
		if (receipt->outcome == OUTCOME_REFUSED &&
		    receipt->refusal.reason == technical_reason(*rule))
			return true;
	return false;
}

static bool waive(struct historian *h, unsigned party, struct bytes label,
                  enum technical_rule rule)
{
	struct act act = federation_act(h->f, party, ACT_WAIVE);
	struct receipt receipt;
	char expires[TIME_TEXT_SIZE], name[100];

	time_write(expires,
	           (struct ledger_time){h->f->clock / 1000 + WAIVER_DAYS * SECONDS_A_DAY});
	snprintf(name, sizeof(name), "%.*s/%s", (int)label.size, (const char *)label.at,
	         technical_word(rule));
	act.field[0] = label;
	act.field[1] = bytes_of(technical_word(rule));
	act.field[2] = (struct bytes){(const uint8_t *)expires, sizeof(expires)};
	act.field[3] = slot(h, "waiver", bytes_of(name));
	return submit(h, party, &act, &receipt);
}

static enum said delegate(struct historian *h, unsigned party, struct bytes label,
                          struct bytes records)
{
	struct act act = federation_act(h->f, party, ACT_DELEGATE);
	enum technical_rule rule;
	struct receipt receipt;

	act.field[0] = label;
	act.field[1] = slot(h, "tld", label);
	act.records = records;
	while (!submit(h, party, &act, &receipt)) {
		if (!rule_broken(&receipt, &rule))
			return receipt.refusal.reason == REASON_NO_CUT ? LATER : REFUSED;
		if (!waive(h, party, label, rule))
			return REFUSED;
	}
	return SAID;
}

/* ---- a TLD ---- */

static bool is_ds(struct bytes line)
{
	return bytes_same(content_line(bytes_from(line, 2)).type, BYTES("DS"));
}

/* Whether `wanted` is what stands without some DS; `*ds` is then what is left of them. */
static bool only_drops_ds(struct historian *h, struct bytes stands, struct bytes wanted,
                          struct bytes *ds)
{
	struct text left = {.rest = wanted}, lines = {.rest = stands};
	struct writer w = writer_in(&h->scratch);
	struct bytes line, next;

	while (text_line(&lines, &line)) {
		if (text_peek(&left, &next) && bytes_same(line, next)) {
			bool read = text_line(&left, &next);
			must(read);
			if (!is_ds(line))
				continue;
			write_bytes(&w, line);
			write_octet(&w, '\n');
		} else if (!is_ds(line)) {
			return false;
		}
	}
	*ds = writer_keep(&w, &h->scratch);
	return left.rest.size == 0;
}

static enum said drop_ds(struct historian *h, unsigned party, struct bytes label,
                         struct bytes records)
{
	struct act act = federation_act(h->f, party, ACT_DS_DROP);
	struct receipt receipt;

	act.field[0] = label;
	act.field[1] = slot(h, "tld", label);
	act.records = records;
	return submit(h, party, &act, &receipt) ? SAID : REFUSED;
}

static enum said grant(struct historian *h, struct bytes label)
{
	unsigned party = historian_holder(h->f->count, label);
	struct act act = federation_act(h->f, party, ACT_GRANT);
	struct receipt receipt;

	act.field[0] = label;
	act.field[1] = bytes_of(h->f->node[party].name);
	act.field[2] = slot(h, "tld", label);
	return submit(h, party, &act, &receipt) ? SAID : REFUSED;
}

static enum said withdraw(struct historian *h, unsigned party, struct bytes label)
{
	struct act act = federation_act(h->f, party, ACT_WITHDRAW);
	struct receipt receipt;
	char subject[100];

	snprintf(subject, sizeof(subject), "tld/%.*s", (int)label.size, (const char *)label.at);
	act.field[0] = bytes_of(subject);
	act.field[1] = federation_slot(h->f, subject);
	if (submit(h, party, &act, &receipt))
		return SAID;
	return receipt.refusal.reason == REASON_IN_USE ? LATER : REFUSED;
}

static enum said say_tld(struct historian *h, struct bytes tld)
{
	struct bytes label = label_of(tld), wanted, ds;
	struct holding holding;
	unsigned party;

	if (!holding_get(&h->f->sequencer.state, label, &holding)) {
		if (grant(h, label) != SAID)
			return REFUSED;
		bool held = holding_get(&h->f->sequencer.state, label, &holding);
		must(held);
	}
	party = party_named(h, holding.holder);
	if (!is_delegated(h, tld))
		return withdraw(h, party, label);
	wanted = wanted_of_tld(h, tld);
	if (bytes_same(wanted, holding.records))
		return SAID;
	if (only_drops_ds(h, holding.records, wanted, &ds))
		return drop_ds(h, party, label, ds);
	return delegate(h, party, label, wanted);
}

/* ---- a name server that several use, or will ---- */

static enum said say_host(struct historian *h, struct bytes name)
{
	const struct state *state = &h->f->sequencer.state;
	struct bytes wanted = wanted_of_name(h, name), owner;
	struct holding holding;
	struct receipt receipt;
	struct host host = {0};
	struct act act;
	bool stands = host_get(state, name, &host), several;

	if (!stands && !holding_get(state, label_of(tld_of(name)), &holding))
		return LATER;
	if (stands && bytes_same(host.records, wanted))
		return SAID;
	several = stands && host_user_count(&host) > 1;
	owner = stands ? host.owner : holding.holder;
	act = federation_act(h->f, party_named(h, owner), ACT_HOST);
	act.field[0] = name;
	act.field[1] = slot(h, "host", name);
	act.records = wanted;
	if (!submit(h, party_named(h, owner), &act, &receipt))
		return receipt.refusal.reason == REASON_NO_CUT ? LATER : REFUSED;
	h->renumbered += several;
	return SAID;
}

/* ---- a root server ---- */

static enum said say_server(struct historian *h, struct bytes name)
{
	struct act act;
	struct receipt receipt;
	struct server server;
	unsigned party = historian_holder(h->f->count, name);
	bool active = uses(h, BYTES("."), name);

	if (server_get(&h->f->sequencer.state, name, &server))
		party = party_named(h, server.owner);
	else if (!active)
		return SAID;
	act = federation_act(h->f, party, ACT_SERVER);
	act.field[0] = name;
	act.field[1] = active ? BYTES("active") : BYTES("retired");
	act.field[2] = slot(h, "server", name);
	act.records = active ? wanted_of_name(h, name) : BYTES("");
	return submit(h, party, &act, &receipt) ? SAID : REFUSED;
}

/* ---- a release ---- */

struct touched {
	struct names servers, names, hosts, tlds;
};

static void touch(struct historian *h, struct touched *t, struct bytes line)
{
	struct content_line l = content_line(line);
	struct server server;

	if (bytes_same(l.owner, BYTES("."))) {
		names_add(&t->servers, l.rdata);
	} else if (bytes_same(l.type, BYTES("NS"))) {
		names_add(&t->tlds, l.owner);
		names_add(&t->names, l.rdata);
	} else if (bytes_same(l.type, BYTES("DS"))) {
		names_add(&t->tlds, l.owner);
	} else if (server_get(&h->f->sequencer.state, l.owner, &server) ||
	           uses(h, BYTES("."), l.owner)) {
		names_add(&t->servers, l.owner);
	} else {
		names_add(&t->names, l.owner);
	}
}

/* A name server that is a host, or that others than its TLD will use, changes by itself; any
 * other with its TLD. One that nobody will use goes with its last user. */
static void sort_out(struct historian *h, struct touched *t)
{
	for (size_t i = 0; i < t->names.count; i++) {
		struct bytes name = t->names.name[i];
		struct host host;

		if (!is_used(h, name, false))
			continue;
		if (host_get(&h->f->sequencer.state, name, &host) || is_used(h, name, true))
			names_add(&t->hosts, name);
		else
			names_add(&t->tlds, tld_of(name));
	}
}

/* Says each of the list, and keeps those whose time has not come. */
static bool say_each(struct historian *h, struct names *names,
                     enum said (*say)(struct historian *h, struct bytes name))
{
	size_t left = 0;

	for (size_t i = 0; i < names->count; i++) {
		enum said said = say(h, names->name[i]);

		if (said == REFUSED)
			return false;
		if (said == LATER)
			names->name[left++] = names->name[i];
	}
	h->later += left;
	names->count = left;
	return true;
}

bool historian_say(struct historian *h, struct bytes changes)
{
	struct text lines = {.rest = changes};
	size_t room = 1;
	struct touched t;
	struct bytes line;

	h->scratch.used = 0;
	for (size_t i = 0; i < changes.size; i++)
		room += changes.at[i] == '\n';
	t = (struct touched){names_make(&h->scratch, room), names_make(&h->scratch, 2 * room),
	                     names_make(&h->scratch, 2 * room),
	                     names_make(&h->scratch, 3 * room)};
	while (text_line(&lines, &line))
		touch(h, &t, bytes_from(line, 2));
	sort_out(h, &t);
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		if (!say_each(h, &t.servers, say_server) || !say_each(h, &t.hosts, say_host) ||
		    !say_each(h, &t.tlds, say_tld))
			return false;
		if (t.servers.count + t.hosts.count + t.tlds.count == 0)
			return true;
	}
	snprintf(h->why, sizeof(h->why), "acts that wait for each other");
	return false;
}
