/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/importing.h"

#include "act/act.h"
#include "base/must.h"
#include "base/sort.h"
#include "commons/bounds.h"
#include "commons/manifest.h"
#include "dns/dname.h"

struct tld {
	struct bytes label;
	struct bytes name;  /* wire */
	struct bytes party; /* who will hold it */
	size_t first, end;  /* sets at the name and below it */
};

/* A TLD names a name server inside this zone. */
struct use {
	struct bytes name; /* wire; of the name server */
	size_t tld;
};

struct name_server {
	struct bytes name, text;
	size_t first, end;     /* its uses, each by another TLD, in their order */
	const struct tld *tld; /* that it lies below */
	bool own;              /* it stands in the record of its TLD, which alone uses it */
};

struct making {
	const struct importing *from;
	const struct rrset *set; /* of the zone */
	bool *kept;              /* [i]: set[i] went into the manifest */
	size_t count;
	struct tld *tld;
	size_t tlds;
	struct use *use;
	size_t uses;
	struct name_server *host; /* in canonical order of their names */
	size_t hosts;
	struct importing_waiver *waiver;
	size_t waivers;
	struct arena *arena;
	struct writer *out;
	struct importing_fault *fault;
};

static bool fault_at(struct making *m, struct bytes name, const char *why)
{
	*m->fault = (struct importing_fault){name, why};
	return false;
}

static unsigned tld_labels(const struct making *m)
{
	return dname_label_count(m->from->apex) + 1;
}

/* A name as records hold it, or none. */
static struct bytes strict_text(struct making *m, struct bytes name)
{
	struct writer writer = writer_in(m->arena);
	struct dname same;

	dname_write_text(&writer, name);
	if (dname_read_strict(writer_bytes(&writer), &same) != OK)
		return (struct bytes){NULL, 0};
	return writer_keep(&writer, m->arena);
}

/* The item that is `wanted`, in that order; NULL for none. */
static const void *search(const void *items, size_t count, size_t size, sort_order *order,
                          const void *wanted)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const void *item = (const uint8_t *)items + middle * size;
		int d = order(item, wanted, NULL);

		if (d == 0)
			return item;
		if (d < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- who holds what ---- */

int importing_share_order(const void *a, const void *b, const void *context)
{
	const struct importing_share *x = a, *y = b;

	(void)context;
	return bytes_compare(x->label, y->label);
}

static bool share_of(const struct importing *from, struct bytes label, struct bytes *party)
{
	const struct importing_share wanted = {.label = label};
	const struct importing_share *share = search(from->share, from->shares, sizeof(*share),
	                                             importing_share_order, &wanted);

	if (share != NULL)
		*party = share->party;
	return share != NULL;
}

/* ---- the TLDs ---- */

static bool is_delegation(const struct making *m, const struct rrset *set)
{
	return set->type == TYPE_NS && dname_in_domain(set->owner, m->from->apex) &&
	       dname_label_count(set->owner) == tld_labels(m);
}

/* The first set at the owner of set[i], which may sort before its NS. */
static size_t owner_begin(const struct making *m, size_t i)
{
	while (i > 0 && bytes_same(m->set[i - 1].owner, m->set[i].owner))
		i--;
	return i;
}

static size_t domain_end(const struct making *m, size_t i, struct bytes name)
{
	while (i < m->count && dname_in_domain(m->set[i].owner, name))
		i++;
	return i;
}

static bool tlds_find(struct making *m, struct imported *imported)
{
	m->tld = arena_take_array(m->arena, m->count, sizeof(*m->tld));
	for (size_t i = 0; i < m->count; i++) {
		struct tld *tld = &m->tld[m->tlds];
		struct bytes name = m->set[i].owner;

		if (!is_delegation(m, &m->set[i]))
			continue;
		if (strict_text(m, name).size == 0)
			return fault_at(m, name,
			                "a name with other characters than a-z 0-9 - _");
		if (m->tlds == IMPORTING_TLDS_MAX)
			return fault_at(m, name, "one TLD more than the 24,500 that a federation can sign");
		*tld = (struct tld){dname_first_label(name), name, m->from->common,
		                    owner_begin(m, i), domain_end(m, i, name)};
		imported->mapped += share_of(m->from, tld->label, &tld->party);
		m->tlds++;
	}
	return true;
}

static int tld_order(const void *a, const void *b, const void *context)
{
	const struct tld *x = a, *y = b;

	(void)context;
	return bytes_compare(x->label, y->label);
}

/* The delegated TLD that a name inside the zone lies in; NULL for none. */
static const struct tld *tld_of(const struct making *m, struct bytes name)
{
	struct tld wanted = {.label = dname_first_label(dname_last(name, tld_labels(m)))};

	return search(m->tld, m->tlds, sizeof(*m->tld), tld_order, &wanted);
}

/* ---- the hosts ---- */

static int use_order(const void *a, const void *b, const void *context)
{
	const struct use *x = a, *y = b;
	int order = dname_order(x->name, y->name);

	(void)context;
	return order != 0 ? order : x->tld < y->tld ? -1 : x->tld > y->tld;
}

static size_t ns_count(const struct making *m)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		if (is_delegation(m, &m->set[i]))
			count += m->set[i].count;
	return count;
}

/* The NS set of a TLD, which it has. */
static const struct rrset *ns_of(const struct making *m, const struct tld *tld)
{
	const struct rrset *set = &m->set[tld->first];

	while (set->type != TYPE_NS)
		set++;
	return set;
}

static bool inside(const struct making *m, struct bytes name)
{
	return dname_in_domain(name, m->from->apex) && name.size != m->from->apex.size;
}

static bool uses_find(struct making *m)
{
	m->use = arena_take_array(m->arena, ns_count(m), sizeof(*m->use));
	for (size_t t = 0; t < m->tlds; t++) {
		const struct rrset *ns = ns_of(m, &m->tld[t]);

		for (uint32_t i = 0; i < ns->count; i++) {
			if (strict_text(m, ns->rdata[i]).size == 0)
				return fault_at(
					m, ns->rdata[i],
					"a name server with other characters than a-z 0-9 - _");
			if (inside(m, ns->rdata[i]))
				m->use[m->uses++] = (struct use){ns->rdata[i], t};
		}
	}
	sort(m->use, m->uses, sizeof(*m->use), use_order, NULL);
	return true;
}

static bool has_addresses(const struct making *m, struct bytes name)
{
	return rrset_find(&m->from->zone, name, TYPE_A) != NULL ||
	       rrset_find(&m->from->zone, name, TYPE_AAAA) != NULL;
}

static bool hosts_find(struct making *m)
{
	size_t next;

	m->host = arena_take_array(m->arena, m->uses, sizeof(*m->host));
	for (size_t i = 0; i < m->uses; i = next) {
		struct name_server *host = &m->host[m->hosts++];
		struct bytes name = m->use[i].name;

		for (next = i; next < m->uses && bytes_same(m->use[next].name, name);)
			next++;
		*host = (struct name_server){name, strict_text(m, name), i,
		                             next, tld_of(m, name),      false};
		if (host->tld == NULL)
			return fault_at(m, name,
			                "a name server below a name that is not delegated");
		/* A name server that has no address, and needs one, is a host until it has. */
		host->own = next == i + 1 && &m->tld[m->use[i].tld] == host->tld &&
		            has_addresses(m, name);
	}
	return true;
}

static int canonical_order(const void *a, const void *b, const void *context)
{
	const struct name_server *x = a, *y = b;

	(void)context;
	return dname_order(x->name, y->name);
}

static const struct name_server *host_of(const struct making *m, struct bytes name)
{
	struct name_server wanted = {.name = name};

	return search(m->host, m->hosts, sizeof(*m->host), canonical_order, &wanted);
}

/* comity-import(5): the party that holds all the TLDs it serves, or else the common holder. */
static struct bytes owner_of(const struct making *m, const struct name_server *host)
{
	struct bytes party = m->tld[m->use[host->first].tld].party;

	for (size_t i = host->first + 1; i < host->end; i++)
		if (!bytes_same(m->tld[m->use[i].tld].party, party))
			return m->from->common;
	return party;
}

/* ---- writing ---- */

static bool write_set(struct making *m, const struct rrset *set)
{
	if (set->count > bounds_of_type(set->type))
		return fault_at(m, set->owner, "more records of one type than a name may have");
	for (uint32_t i = 0; i < set->count; i++) {
		struct rr rr = {set->owner, set->ttl, set->type, set->rdata[i]};
		size_t start = m->out->used;

		act_write_record(m->out, &rr);
		if (m->out->used - start > ACT_LINE_SIZE_MAX)
			return fault_at(m, set->owner,
			                "a record that is longer than a line may be");
	}
	m->kept[set - m->set] = true;
	return true;
}

static void write_key(struct making *m, const char *kind, struct bytes name)
{
	write_octet(m->out, '\n');
	write_text(m->out, kind);
	write_bytes(m->out, name);
	write_octet(m->out, '\n');
}

static void write_users(struct making *m, const struct name_server *host)
{
	write_text(m->out, "users:");
	for (size_t i = host->first; i < host->end; i++) {
		write_octet(m->out, ' ');
		write_bytes(m->out, m->tld[m->use[i].tld].label);
	}
	write_octet(m->out, '\n');
}

static bool write_host(struct making *m, const struct name_server *host)
{
	static const uint16_t TYPES[] = {TYPE_A, TYPE_AAAA};

	write_key(m, "host/", host->text);
	write_field(m->out, "owner", owner_of(m, host));
	write_users(m, host);
	write_field(m->out, "act", BYTES("genesis"));
	for (unsigned i = 0; i < 2; i++) {
		const struct rrset *set = rrset_find(&m->from->zone, host->name, TYPES[i]);

		if (set != NULL && !write_set(m, set))
			return false;
	}
	return true;
}

static int text_order(const void *a, const void *b, const void *context)
{
	const struct name_server *const *x = a, *const *y = b;

	(void)context;
	return bytes_compare((*x)->text, (*y)->text);
}

static bool write_hosts(struct making *m, struct imported *imported)
{
	const struct name_server **by_text =
		arena_take_array(m->arena, m->hosts, sizeof(struct name_server *));
	size_t count = 0;

	for (size_t i = 0; i < m->hosts; i++)
		if (!m->host[i].own)
			by_text[count++] = &m->host[i];
	sort(by_text, count, sizeof(*by_text), text_order, NULL);
	for (size_t i = 0; i < count; i++) {
		if (!write_host(m, by_text[i]))
			return false;
		imported->shared += by_text[i]->end - by_text[i]->first > 1;
	}
	imported->hosts = count;
	return true;
}

/* Whether a set stands in the record of its TLD. */
static bool belongs(const struct making *m, const struct tld *tld, const struct rrset *set)
{
	const struct name_server *host;

	if (set->type == TYPE_NS || set->type == TYPE_DS)
		return bytes_same(set->owner, tld->name);
	if (set->type != TYPE_A && set->type != TYPE_AAAA)
		return false;
	host = host_of(m, set->owner);
	return host != NULL && host->own;
}

static bool write_tlds(struct making *m)
{
	for (size_t t = 0; t < m->tlds; t++) {
		const struct tld *tld = &m->tld[t];

		write_key(m, "tld/", tld->label);
		write_field(m->out, "holder", tld->party);
		write_field(m->out, "act", BYTES("genesis"));
		for (size_t i = tld->first; i < tld->end; i++)
			if (belongs(m, tld, &m->set[i]) && !write_set(m, &m->set[i]))
				return false;
	}
	return true;
}

/* ---- waivers ---- */

static void survey_make(const struct making *m, const struct tld *tld,
                        struct technical_survey *s)
{
	const struct rrset *ds = rrset_find(&m->from->zone, tld->name, TYPE_DS);
	const struct rrset *ns = ns_of(m, tld);

	for (uint32_t i = 0; ds != NULL && i < ds->count; i++)
		technical_survey_add(s, TYPE_DS, ds->rdata[i]);
	for (uint32_t i = 0; i < ns->count; i++)
		technical_survey_add(s, TYPE_NS, ns->rdata[i]);
	for (uint32_t i = 0; i < ns->count && i < TECHNICAL_NS_MAX; i++) {
		s->outside = s->outside || !inside(m, ns->rdata[i]);
		if (!inside(m, ns->rdata[i]))
			continue;
		s->a = s->a || rrset_find(&m->from->zone, ns->rdata[i], TYPE_A) != NULL;
		s->aaaa =
			s->aaaa || rrset_find(&m->from->zone, ns->rdata[i], TYPE_AAAA) != NULL;
	}
}

static void waivers_find(struct making *m)
{
	m->waiver = arena_take_array(m->arena, m->tlds * TECHNICAL_RULES, sizeof(*m->waiver));
	for (size_t t = 0; t < m->tlds; t++) {
		struct technical_survey survey = {0};
		unsigned broken;

		survey_make(m, &m->tld[t], &survey);
		broken = technical_broken(&survey, m->tld[t].name);
		for (enum technical_rule rule = 0; rule < TECHNICAL_RULES; rule++)
			if ((broken & 1u << rule) != 0)
				m->waiver[m->waivers++] =
					(struct importing_waiver){m->tld[t].label, rule};
	}
}

/* "label/rule", as the key goes on. */
static struct bytes waiver_name(const struct importing_waiver *waiver, struct arena *arena)
{
	struct writer w = writer_in(arena);

	write_bytes(&w, waiver->label);
	write_octet(&w, '/');
	write_text(&w, technical_word(waiver->rule));
	return writer_keep(&w, arena);
}

static int name_order(const void *a, const void *b, const void *context)
{
	(void)context;
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static void write_waivers(struct making *m)
{
	struct bytes *name = arena_take_array(m->arena, m->waivers, sizeof(*name));

	for (size_t i = 0; i < m->waivers; i++)
		name[i] = waiver_name(&m->waiver[i], m->arena);
	/* '-' sorts before '/': not the order of labels. */
	sort(name, m->waivers, sizeof(*name), name_order, NULL);
	for (size_t i = 0; i < m->waivers; i++) {
		write_key(m, "waiver/", name[i]);
		write_field_time(m->out, "expires", m->from->expires);
		write_field(m->out, "act", BYTES("genesis"));
	}
}

/* ---- who got what ---- */

static int party_order(const void *a, const void *b, const void *context)
{
	const struct importing_holder *x = a, *y = b;

	(void)context;
	return bytes_compare(x->party, y->party);
}

/* One a TLD, sorted; then those of one party become one. */
static void holders_count(struct making *m, struct imported *imported)
{
	struct importing_holder *holder = arena_take_array(m->arena, m->tlds, sizeof(*holder));
	size_t count = 0;

	for (size_t t = 0; t < m->tlds; t++)
		holder[t] = (struct importing_holder){m->tld[t].party, 1};
	sort(holder, m->tlds, sizeof(*holder), party_order, NULL);
	for (size_t t = 0; t < m->tlds; t++)
		if (count > 0 && bytes_same(holder[count - 1].party, holder[t].party))
			holder[count - 1].tlds++;
		else
			holder[count++] = holder[t];
	imported->holder = holder;
	imported->holders = count;
}

/* ---- what was left behind ---- */

/* What only the source's root servers needed is part of its apex set. */
static bool is_apex_set(const struct making *m, const struct rrset *set)
{
	const struct rrset *ns = rrset_find(&m->from->zone, m->from->apex, TYPE_NS);

	if (bytes_same(set->owner, m->from->apex))
		return true;
	if (ns == NULL || (set->type != TYPE_A && set->type != TYPE_AAAA))
		return false;
	for (uint32_t i = 0; i < ns->count; i++)
		if (bytes_same(ns->rdata[i], set->owner))
			return true;
	return false;
}

static void account(struct making *m, struct imported *imported)
{
	const struct rrset **other = arena_take_array(m->arena, m->count, sizeof(*other));

	for (size_t i = 0; i < m->count; i++) {
		const struct rrset *set = &m->set[i];
		bool at_apex = bytes_same(set->owner, m->from->apex);

		*(at_apex ? &imported->apex : &imported->chain) += set->rrsig_count;
		if (m->kept[i]) {
			imported->kept += set->count;
		} else if (is_apex_set(m, set)) {
			imported->apex += set->count;
		} else if (set->type == TYPE_NSEC || set->type == TYPE_NSEC3 ||
		           set->type == TYPE_NSEC3PARAM) {
			imported->chain += set->count;
		} else {
			imported->others += set->count;
			other[imported->other_sets++] = set;
		}
	}
	imported->other = other;
	imported->tlds = m->tlds;
	imported->waiver = m->waiver;
	imported->waivers = m->waivers;
}

static void write_head(struct making *m)
{
	write_text(m->out, MANIFEST_HEAD "\napex: ");
	dname_write_text(m->out, m->from->apex);
	write_octet(m->out, '\n');
	write_field_digest(m->out, "source", &m->from->source);
}

bool importing_write(const struct importing *importing, struct arena *arena,
                     struct writer *manifest, struct imported *imported,
                     struct importing_fault *fault)
{
	struct making m = {
		.from = importing,
		.set = importing->zone.at,
		.count = importing->zone.count,
		.arena = arena,
		.out = manifest,
		.fault = fault,
	};

	*imported = (struct imported){0};
	m.kept = arena_take_array(arena, m.count, sizeof(*m.kept));
	if (!tlds_find(&m, imported) || !uses_find(&m) || !hosts_find(&m))
		return false;
	waivers_find(&m);
	write_head(&m);
	if (!write_hosts(&m, imported) || !write_tlds(&m))
		return false;
	write_waivers(&m);
	holders_count(&m, imported);
	account(&m, imported);
	return true;
}
