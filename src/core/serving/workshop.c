/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/workshop.h"

#include "base/must.h"
#include "dns/dname.h"
#include "dns/rdata.h"

enum mishap workshop_refuse(struct compile *c, const struct rrset *set, const char *why)
{
	*c->fault = (struct fault){(uint32_t)(set - c->zone->at) + 1, 0, why};
	return MISHAP_MALFORMED;
}

const struct rrset *workshop_set_of(const struct rrset_list *sets, uint16_t type)
{
	for (size_t i = 0; i < sets->count; i++)
		if (sets->at[i].type == type)
			return &sets->at[i];
	return NULL;
}

static bool is_wildcard(struct bytes name)
{
	return name.at[0] == 1 && name.at[1] == '*';
}

enum mishap workshop_check_types(struct compile *c, const struct rrset_list *sets)
{
	for (size_t i = 0; i < sets->count; i++) {
		uint16_t type = sets->at[i].type;

		if (type == TYPE_CNAME || type == TYPE_DNAME)
			return workshop_refuse(c, &sets->at[i],
			                       "an alias: this server has none");
		if (type == TYPE_NSEC3 || type == TYPE_NSEC3PARAM)
			return workshop_refuse(c, &sets->at[i],
			                       "NSEC3: this server knows NSEC only");
		if (type == TYPE_SOA && !bytes_same(sets->at[i].owner, c->apex))
			return workshop_refuse(c, &sets->at[i], "a second SOA");
	}
	if (is_wildcard(sets->at[0].owner))
		return workshop_refuse(c, sets->at, "a wildcard: this server has none");
	return OK;
}

/* ---- the additional section ---- */

static struct bytes target_of(const struct rrset *set, uint32_t i)
{
	struct bytes names[RDATA_NAMES_MAX];

	must(rdata_names(set->type, set->rdata[i], names) == 1);
	return names[0];
}

static void collect_glue(const struct compile *c, const struct rrset *set, struct bytes domain,
                         bool in_domain, struct glue *glue)
{
	for (uint32_t i = 0; i < set->count; i++) {
		struct bytes target = target_of(set, i);
		struct rrset_list sets;

		if (dname_in_domain(target, domain) != in_domain)
			continue;
		sets = c->addresses != NULL ? addresses_of(c->addresses, target)
		                            : rrset_list_at(c->zone, target);
		for (size_t s = 0; s < sets.count; s++)
			if ((sets.at[s].type == TYPE_A || sets.at[s].type == TYPE_AAAA) &&
			    glue->count < GLUE_MAX)
				glue->set[glue->count++] = &sets.at[s];
	}
}

/* RFC 9471 section 3: a referral needs the glue of name servers in-domain of the delegation. */
static void find_glue(const struct compile *c, const struct rrset *set, struct bytes domain,
                      struct glue *glue)
{
	glue->count = 0;
	collect_glue(c, set, domain, true, glue);
	glue->in_domain = glue->count;
	collect_glue(c, set, domain, false, glue);
}

/*
 * Priming (RFC 9609): one address set of every name server before the second of any, so that
 * where there is not room for all, there is a way to each. Returns how many come first.
 */
static unsigned spread_glue(struct glue *glue)
{
	unsigned first = 0, later = 0;

	for (unsigned i = 0; i < glue->count; i++) {
		const struct rrset *set = glue->set[i];

		if (first != 0 && bytes_same(glue->set[first - 1]->owner, set->owner))
			glue->later[later++] = set;
		else
			glue->set[first++] = set;
	}
	for (unsigned i = 0; i < later; i++)
		glue->set[first + i] = glue->later[i];
	return first;
}

/* RFC 4035 section 3.1.1: where there is no room for both, addresses stay and their
 * signatures go. So they come last. */
static void put_glue(struct layout *l, const struct glue *glue, bool dnssec_ok)
{
	for (unsigned i = 0; i < glue->count; i++)
		layout_put_additional(l, glue->set[i]);
	for (unsigned i = 0; i < glue->count && dnssec_ok; i++)
		if (glue->set[i]->rrsig_count != 0)
			layout_put_additional_rrsigs(l, glue->set[i]);
}

/* ---- pieces ---- */

/* Puts a set, with its signatures when DO is set; returns how many records. */
static uint32_t put_set(struct layout *l, const struct rrset *set, uint32_t ttl, bool dnssec_ok)
{
	uint32_t records = layout_put_set(l, set, ttl);

	return dnssec_ok ? records + layout_put_rrsigs(l, set, ttl) : records;
}

/* Ends the piece at hand; `set` is what it is about. */
static enum mishap end(struct workshop *w, const struct rrset *set, uint32_t answers,
                       uint32_t authorities, uint32_t *index)
{
	enum mishap m = layout_end(&w->layout, answers, authorities, index);

	if (m != OK)
		(void)workshop_refuse(w->compile, set, "too large for a message");
	return m;
}

/* RFC 2308 section 3: the TTL of a negative answer. */
static uint32_t negative_ttl(const struct rrset *soa)
{
	struct bytes minimum = bytes_from(soa->rdata[0], soa->rdata[0].size - 4);
	uint32_t seconds = (uint32_t)minimum.at[0] << 24 | (uint32_t)minimum.at[1] << 16 |
	                   (uint32_t)minimum.at[2] << 8 | minimum.at[3];

	return seconds < soa->ttl ? seconds : soa->ttl;
}

enum mishap workshop_make_negative(struct workshop *w, const struct rrset *soa,
                                   const struct rrset *nsec)
{
	struct compile *c = w->compile;
	struct layout *l = &w->layout;
	uint32_t index;

	for (unsigned i = IMAGE_SOA; i <= IMAGE_NX; i++) {
		layout_begin_behind(l, &c->tables, c->apex);
		uint32_t authorities = put_set(l, soa, negative_ttl(soa), i != IMAGE_SOA);
		if (i == IMAGE_NX && nsec != NULL)
			authorities += put_set(l, nsec, nsec->ttl, true);
		if (layout_size(l) > LAYOUT_POINTER_MAX / 2) {
			(void)workshop_refuse(c, soa, "an SOA with too many signatures");
			return MISHAP_LIMIT;
		}
		enum mishap m = end(w, soa, 0, authorities, &index);
		if (m != OK)
			return m;
	}
	return OK;
}

static enum mishap make_referral(struct workshop *w, const struct draft *draft,
                                 struct image_node *node)
{
	const struct rrset *ns = workshop_set_of(&draft->sets, TYPE_NS);
	const struct rrset *ds = workshop_set_of(&draft->sets, TYPE_DS);
	const struct rrset *nsec = workshop_set_of(&draft->sets, TYPE_NSEC);
	const struct rrset *proof = ds != NULL ? ds : nsec; /* RFC 4035 section 3.1.4 */
	struct layout *l = &w->layout;
	uint32_t index = 0;

	find_glue(w->compile, ns, draft->name, &w->glue);
	for (unsigned dnssec_ok = 0; dnssec_ok < 2; dnssec_ok++) {
		layout_begin_behind(l, &w->compile->tables, draft->name);
		uint32_t authorities = put_set(l, ns, ns->ttl, false);
		if (dnssec_ok && proof != NULL)
			authorities += put_set(l, proof, proof->ttl, true);
		l->piece.required_cuts = (uint16_t)w->glue.in_domain;
		put_glue(l, &w->glue, dnssec_ok);
		enum mishap m = end(w, ns, 0, authorities, &index);
		if (m != OK)
			return m;
	}
	node->referral = index - 1;
	return OK;
}

/* The answer that is one set, without and with DO. */
static enum mishap make_answer(struct workshop *w, const struct rrset *set, uint32_t *piece)
{
	struct layout *l = &w->layout;
	uint32_t index = 0;
	unsigned required = 0;

	w->glue.count = 0;
	if (set->type == TYPE_NS || set->type == TYPE_MX)
		find_glue(w->compile, set, set->owner, &w->glue);
	if (set->type == TYPE_NS)
		required = spread_glue(&w->glue);
	for (unsigned dnssec_ok = 0; dnssec_ok < 2; dnssec_ok++) {
		layout_begin_behind(l, &w->compile->tables, set->owner);
		uint32_t answers = put_set(l, set, set->ttl, dnssec_ok);
		l->piece.required_cuts = (uint16_t)required;
		put_glue(l, &w->glue, dnssec_ok);
		enum mishap m = end(w, set, answers, 0, &index);
		if (m != OK)
			return m;
	}
	*piece = index - 1;
	return OK;
}

/* The answer to QTYPE RRSIG: all signatures of the name, whether DO is set or not. */
static enum mishap make_rrsigs(struct workshop *w, const struct draft *draft,
                               struct image_type *type)
{
	struct layout *l = &w->layout;
	uint32_t index = 0;

	for (unsigned twice = 0; twice < 2; twice++) {
		uint32_t answers = 0;
		layout_begin_behind(l, &w->compile->tables, draft->name);
		for (size_t s = 0; s < draft->sets.count; s++)
			answers +=
				layout_put_rrsigs(l, &draft->sets.at[s], draft->sets.at[s].ttl);
		enum mishap m = end(w, draft->sets.at, answers, 0, &index);
		if (m != OK)
			return m;
	}
	*type = (struct image_type){.type = TYPE_RRSIG, .piece = index - 1};
	return OK;
}

static enum mishap make_types(struct workshop *w, const struct draft *draft,
                              struct image_node *node)
{
	struct compile *c = w->compile;
	struct image_type type = {0}, any = {.type = TYPE_ANY};
	bool has_rrsig = false;

	node->types = tables_count(&c->tables, TABLE_TYPE);
	for (size_t s = 0; s < draft->sets.count; s++) {
		const struct rrset *set = &draft->sets.at[s];
		enum mishap m = make_answer(w, set, &type.piece);

		if (m != OK)
			return m;
		type.type = set->type;
		tables_add(&c->tables, TABLE_TYPE, &type);
		has_rrsig = has_rrsig || set->rrsig_count != 0;
		/* RFC 8482 section 4.1: one set of those there are; at the apex the SOA. */
		if (s == 0 || set->type == TYPE_SOA)
			any.piece = type.piece;
	}
	if (has_rrsig) {
		enum mishap m = make_rrsigs(w, draft, &type);
		if (m != OK)
			return m;
		tables_add(&c->tables, TABLE_TYPE, &type);
	}
	tables_add(&c->tables, TABLE_TYPE, &any);
	node->type_count = (uint16_t)(tables_count(&c->tables, TABLE_TYPE) - node->types);
	return OK;
}

static enum mishap make_nsec(struct workshop *w, const struct draft *draft, uint32_t *index)
{
	const struct rrset *nsec = workshop_set_of(&draft->sets, TYPE_NSEC);
	uint32_t authorities;

	layout_begin_anywhere(&w->layout, &w->compile->tables);
	authorities = put_set(&w->layout, nsec, nsec->ttl, true);
	/* Two of them may stand behind the SOA, and pointers reach only so far. */
	if (layout_size(&w->layout) > LAYOUT_POINTER_MAX / 4) {
		(void)workshop_refuse(w->compile, nsec, "an NSEC with too many signatures");
		return MISHAP_LIMIT;
	}
	return end(w, nsec, 0, authorities, index);
}

enum mishap workshop_make_node(struct workshop *w, const struct draft *draft, uint32_t *nsec)
{
	struct compile *c = w->compile;
	const struct rrset *ds = workshop_set_of(&draft->sets, TYPE_DS);
	struct image_node node = {.name = (uint32_t)c->tables.table[TABLE_OCTET].used,
	                          .kind = (uint8_t)draft->kind,
	                          .labels = (uint8_t)dname_label_count(draft->name)};
	enum mishap m = OK;

	write_bytes(&c->tables.table[TABLE_OCTET], draft->name);
	if (c->is_signed && draft->kind != IMAGE_EMPTY)
		m = make_nsec(w, draft, nsec);
	node.nsec = *nsec;
	if (m == OK && draft->kind == IMAGE_CUT)
		m = make_referral(w, draft, &node);
	if (m == OK && draft->kind == IMAGE_CUT && ds != NULL)
		m = make_answer(w, ds, &node.ds);
	if (m == OK && draft->kind == IMAGE_DATA)
		m = make_types(w, draft, &node);
	tables_add(&c->tables, TABLE_NODE, &node);
	return m;
}
