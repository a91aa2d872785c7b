/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/compile.h"

#include <string.h>

#include "base/must.h"
#include "dns/dname.h"
#include "dns/message.h"
#include "dns/nsec.h"
#include "dns/rdata.h"
#include "dns/zonemd.h"
#include "serving/image.h"
#include "serving/layout.h"

#define GLUE_MAX 1024 /* sets in one additional section */

#define TYPE_NSEC3      50
#define TYPE_NSEC3PARAM 51

/* A node under construction. */
struct draft {
	struct bytes name;
	struct rrset_list sets; /* none for an empty non-terminal */
	enum image_kind kind;
};

struct compile {
	const struct rrset_list *zone;
	struct bytes apex;
	bool is_signed;
	struct tables tables;
	struct fault *fault;
};

static enum mishap refuse(struct compile *c, const struct rrset *set, const char *why)
{
	*c->fault = (struct fault){(uint32_t)(set - c->zone->at) + 1, 0, why};
	return MISHAP_MALFORMED;
}

static uint32_t count(const struct compile *c, enum table table)
{
	return tables_count(&c->tables, table);
}

static uint32_t add(struct compile *c, enum table table, const void *entry)
{
	return tables_add(&c->tables, table, entry);
}

static struct draft *drafts(const struct compile *c)
{
	return (struct draft *)(void *)c->tables.table[TABLE_DRAFT].at;
}

static struct image_node *nodes(const struct compile *c)
{
	return (struct image_node *)(void *)c->tables.table[TABLE_NODE].at;
}

static struct image_piece *pieces(const struct compile *c)
{
	return (struct image_piece *)(void *)c->tables.table[TABLE_PIECE].at;
}

/* ---- the names of the zone ---- */

static const struct rrset *set_of(const struct rrset_list *sets, uint16_t type)
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

/* How many labels two names share at their ends. */
static unsigned shared_labels(struct bytes a, struct bytes b)
{
	unsigned na = dname_label_count(a), nb = dname_label_count(b), most = na < nb ? na : nb;
	unsigned labels = 0;

	while (labels < most &&
	       bytes_same(dname_last(a, labels + 1), dname_last(b, labels + 1)))
		labels++;
	return labels;
}

/* Adds the empty non-terminals between the name before and `name` (RFC 4592 section 2.2.2). */
static void add_empty(struct compile *c, struct bytes name)
{
	uint32_t before = count(c, TABLE_DRAFT);

	if (before == 0 || c->tables.table[TABLE_DRAFT].full)
		return;
	unsigned labels = shared_labels(drafts(c)[before - 1].name, name) + 1;
	for (; labels < dname_label_count(name); labels++)
		add(c, TABLE_DRAFT,
		    &(struct draft){.name = dname_last(name, labels), .kind = IMAGE_EMPTY});
}

static enum mishap check_types(struct compile *c, const struct rrset_list *sets)
{
	for (size_t i = 0; i < sets->count; i++) {
		uint16_t type = sets->at[i].type;

		if (type == TYPE_CNAME || type == TYPE_DNAME)
			return refuse(c, &sets->at[i], "an alias: this server has none");
		if (type == TYPE_NSEC3 || type == TYPE_NSEC3PARAM)
			return refuse(c, &sets->at[i], "NSEC3: this server knows NSEC only");
		if (type == TYPE_SOA && !bytes_same(sets->at[i].owner, c->apex))
			return refuse(c, &sets->at[i], "a second SOA");
	}
	if (is_wildcard(sets->at[0].owner))
		return refuse(c, sets->at, "a wildcard: this server has none");
	return OK;
}

/* Adds an owner that is not below a zone cut. */
static enum mishap add_owner(struct compile *c, const struct rrset_list *sets)
{
	struct draft draft = {sets->at[0].owner, *sets, IMAGE_DATA};
	enum mishap m = check_types(c, sets);

	if (m != OK)
		return m;
	if (set_of(sets, TYPE_NS) != NULL && !bytes_same(draft.name, c->apex))
		draft.kind = IMAGE_CUT;
	if (c->is_signed && set_of(sets, TYPE_NSEC) == NULL)
		return refuse(c, sets->at, "no NSEC at a name of a signed zone");
	add_empty(c, draft.name);
	if (is_wildcard(dname_last(draft.name, dname_label_count(c->apex) + 1)))
		return refuse(c, sets->at, "a name below a wildcard: this server has none");
	add(c, TABLE_DRAFT, &draft);
	return OK;
}

static enum mishap check_apex(struct compile *c)
{
	const struct rrset_list *zone = c->zone;

	if (zone->count == 0) {
		*c->fault = (struct fault){0, 0, "an empty zone"};
		return MISHAP_MALFORMED;
	}
	c->apex = zone->at[0].owner;
	const struct rrset *soa = rrset_find(zone, c->apex, TYPE_SOA);
	if (soa == NULL || soa->count != 1)
		return refuse(c, zone->at, "not one SOA at the first name");
	if (rrset_find(zone, c->apex, TYPE_NS) == NULL)
		return refuse(c, zone->at, "no NS at the apex");
	if (dname_label_count(c->apex) > IMAGE_APEX_LABELS_MAX)
		return refuse(c, zone->at, "an apex of too many labels");
	c->is_signed = rrset_find(zone, c->apex, TYPE_NSEC) != NULL;
	return OK;
}

/* Finds the nodes. What stands below a zone cut is glue, or occluded. */
static enum mishap find_names(struct compile *c)
{
	struct bytes cut = {NULL, 0};
	struct rrset_list sets;

	for (size_t i = 0; i < c->zone->count; i += sets.count) {
		struct bytes owner = c->zone->at[i].owner;

		sets = (struct rrset_list){c->zone->at + i, 1};
		while (i + sets.count < c->zone->count &&
		       bytes_same(c->zone->at[i + sets.count].owner, owner))
			sets.count++;
		if (!dname_in_domain(owner, c->apex))
			return refuse(c, sets.at, "a name outside the zone");
		if (cut.size != 0 && dname_in_domain(owner, cut))
			continue;
		enum mishap m = add_owner(c, &sets);
		if (m != OK)
			return m;
		if (set_of(&sets, TYPE_NS) != NULL && i != 0)
			cut = owner;
	}
	return OK;
}

/* The last node that is `name` or stands before it. */
static uint32_t predecessor(const struct compile *c, struct bytes name)
{
	uint32_t low = 0,
		 high = count(c, TABLE_DRAFT); /* the apex is not after any name of its zone */

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (dname_order(drafts(c)[middle].name, name) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Every NSEC must point to the next owner that has one, the last one to the apex. */
static enum mishap check_chain(struct compile *c)
{
	struct bytes next = c->apex, bitmap;
	const struct rrset *nsec = NULL;

	if (!c->is_signed)
		return OK;
	for (uint32_t i = 0; i < count(c, TABLE_DRAFT); i++) {
		const struct draft *draft = &drafts(c)[i];
		if (draft->kind == IMAGE_EMPTY)
			continue;
		nsec = set_of(&draft->sets, TYPE_NSEC);
		if (nsec->count != 1 || !bytes_same(next, draft->name))
			return refuse(c, nsec, "a broken chain of NSEC");
		nsec_read(nsec->rdata[0], &next, &bitmap);
	}
	if (!bytes_same(next, c->apex))
		return refuse(c, nsec, "a chain of NSEC that does not end at the apex");
	return OK;
}

/* ---- the additional section ---- */

/* The address sets that go with an NS or MX set, those in-domain of `domain` first. */
struct glue {
	const struct rrset *set[GLUE_MAX];
	unsigned count;
	unsigned in_domain;
	const struct rrset *later[GLUE_MAX]; /* of spread_glue() */
};

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
		sets = rrset_list_at(c->zone, target);
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

/* What the records of a zone need room for while they become pieces. */
struct workshop {
	struct compile *compile;
	struct layout layout;
	struct glue glue;
};

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
		(void)refuse(w->compile, set, "too large for a message");
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

/* The three pieces with a fixed place. */
static enum mishap make_negative(struct workshop *w, uint32_t *wildcard_nsec)
{
	struct compile *c = w->compile;
	const struct rrset *soa = set_of(&drafts(c)[0].sets, TYPE_SOA), *nsec = NULL;
	struct layout *l = &w->layout;
	struct dname wildcard;
	uint32_t index;

	*wildcard_nsec = 0;
	if (c->is_signed && dname_prepend(BYTES("*"), c->apex, &wildcard) == OK) {
		uint32_t denier = predecessor(c, dname_bytes(&wildcard));
		while (drafts(c)[denier].kind == IMAGE_EMPTY)
			denier--;
		nsec = set_of(&drafts(c)[denier].sets, TYPE_NSEC);
		*wildcard_nsec = denier; /* a node; becomes its piece in make_nodes() */
	}
	for (unsigned i = IMAGE_SOA; i <= IMAGE_NX; i++) {
		layout_begin_behind(l, &c->tables, c->apex);
		uint32_t authorities = put_set(l, soa, negative_ttl(soa), i != IMAGE_SOA);
		if (i == IMAGE_NX && nsec != NULL)
			authorities += put_set(l, nsec, nsec->ttl, true);
		if (layout_size(l) > LAYOUT_POINTER_MAX / 2) {
			(void)refuse(c, soa, "an SOA with too many signatures");
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
	const struct rrset *ns = set_of(&draft->sets, TYPE_NS);
	const struct rrset *ds = set_of(&draft->sets, TYPE_DS);
	const struct rrset *nsec = set_of(&draft->sets, TYPE_NSEC);
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

	node->types = count(c, TABLE_TYPE);
	for (size_t s = 0; s < draft->sets.count; s++) {
		const struct rrset *set = &draft->sets.at[s];
		enum mishap m = make_answer(w, set, &type.piece);

		if (m != OK)
			return m;
		type.type = set->type;
		add(c, TABLE_TYPE, &type);
		has_rrsig = has_rrsig || set->rrsig_count != 0;
		/* RFC 8482 section 4.1: one set of those there are; at the apex the SOA. */
		if (s == 0 || set->type == TYPE_SOA)
			any.piece = type.piece;
	}
	if (has_rrsig) {
		enum mishap m = make_rrsigs(w, draft, &type);
		if (m != OK)
			return m;
		add(c, TABLE_TYPE, &type);
	}
	add(c, TABLE_TYPE, &any);
	node->type_count = (uint16_t)(count(c, TABLE_TYPE) - node->types);
	return OK;
}

static enum mishap make_nsec(struct workshop *w, const struct draft *draft, uint32_t *index)
{
	const struct rrset *nsec = set_of(&draft->sets, TYPE_NSEC);
	uint32_t authorities;

	layout_begin_anywhere(&w->layout, &w->compile->tables);
	authorities = put_set(&w->layout, nsec, nsec->ttl, true);
	/* Two of them may stand behind the SOA, and pointers reach only so far. */
	if (layout_size(&w->layout) > LAYOUT_POINTER_MAX / 4) {
		(void)refuse(w->compile, nsec, "an NSEC with too many signatures");
		return MISHAP_LIMIT;
	}
	return end(w, nsec, 0, authorities, index);
}

static enum mishap make_node(struct workshop *w, const struct draft *draft, uint32_t *nsec)
{
	struct compile *c = w->compile;
	const struct rrset *ds = set_of(&draft->sets, TYPE_DS);
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
	add(c, TABLE_NODE, &node);
	return m;
}

static enum mishap make_nodes(struct workshop *w)
{
	struct compile *c = w->compile;
	uint32_t nsec = 0;

	for (uint32_t i = 0; i < count(c, TABLE_DRAFT) && !tables_full(&c->tables); i++) {
		enum mishap m = make_node(w, &drafts(c)[i], &nsec);
		if (m != OK)
			return m;
	}
	return OK;
}

static void make_children(struct compile *c)
{
	unsigned labels = dname_label_count(c->apex) + 1;
	uint32_t i, keys;

	add(c, TABLE_KEY, &(uint64_t){IMAGE_KEY_FIRST});
	for (i = 0; i < count(c, TABLE_NODE); i++) {
		uint8_t label[8] = {0};
		struct bytes first = dname_first_label(drafts(c)[i].name);

		if (nodes(c)[i].labels != labels)
			continue;
		memcpy(label, first.at, first.size < 8 ? first.size : 8);
		add(c, TABLE_KEY, &(uint64_t){image_label_key(label, first.size)});
		add(c, TABLE_CHILD, &i);
	}
	add(c, TABLE_CHILD, &i);
	do
		keys = add(c, TABLE_KEY, &(uint64_t){IMAGE_KEY_REST}) + 1;
	while ((keys & (keys - 1)) != 0 && !c->tables.table[TABLE_KEY].full);
}

/* ---- putting the image together ---- */

static void align(struct writer *to)
{
	while (to->used % IMAGE_ALIGN != 0 && !to->full)
		write_octet(to, 0);
}

/* Where the octets will stand: offsets were counted from the front of their table. */
static void move_octets(struct compile *c, uint32_t by)
{
	for (uint32_t i = 0; i < count(c, TABLE_NODE); i++)
		nodes(c)[i].name += by;
	for (uint32_t i = 0; i < count(c, TABLE_PIECE); i++)
		pieces(c)[i].octets += by;
}

/* Decides where the tables stand; the octets come last. Returns the size of the image. */
static size_t place(const struct compile *c, struct image_header *header)
{
	struct image_table *const table[] = {
		[TABLE_NODE] = &header->node,   [TABLE_KEY] = &header->key,
		[TABLE_CHILD] = &header->child, [TABLE_TYPE] = &header->type,
		[TABLE_PIECE] = &header->piece, [TABLE_POINTER] = &header->pointer,
		[TABLE_CUT] = &header->cut,     [TABLE_OCTET] = &header->octet,
	};
	size_t at = sizeof(*header);

	for (unsigned t = 0; t <= TABLE_OCTET; t++) {
		at = (at + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
		*table[t] = (struct image_table){(uint32_t)at, count(c, t)};
		at += c->tables.table[t].used;
	}
	return at;
}

static void seal(struct writer *to, size_t start)
{
	struct image_header *header = (struct image_header *)(void *)(to->at + start);
	size_t behind = offsetof(struct image_header, content) + sizeof(header->content);

	header->content =
		sha256((struct bytes){to->at + start + behind, to->used - start - behind});
}

static enum mishap put_together(struct compile *c, uint32_t wildcard_nsec, struct writer *to)
{
	struct image_header header = {.magic = IMAGE_MAGIC,
	                              .format = IMAGE_FORMAT,
	                              .byte_order = IMAGE_BYTE_ORDER,
	                              .apex_labels = dname_label_count(c->apex),
	                              .records = (uint32_t)rrset_list_records(c->zone),
	                              .wildcard_nsec = wildcard_nsec};
	struct bytes soa = set_of(&drafts(c)[0].sets, TYPE_SOA)->rdata[0];
	struct bytes numbers = bytes_from(soa, soa.size - 20);
	size_t start = to->used;

	must((uintptr_t)(to->at + start) % IMAGE_ALIGN == 0);
	header.serial = (uint32_t)numbers.at[0] << 24 | (uint32_t)numbers.at[1] << 16 |
	                (uint32_t)numbers.at[2] << 8 | numbers.at[3];
	zonemd_digest(c->zone, c->apex, header.zone);
	write_bytes(&c->tables.table[TABLE_OCTET],
	            BYTES("\0\0\0\0\0\0\0\0")); /* image_label_key() reads on */
	header.size = place(c, &header);
	if (tables_full(&c->tables) || header.size > UINT32_MAX)
		return MISHAP_FULL;
	move_octets(c, header.octet.at);
	write_bytes(to, (struct bytes){(uint8_t *)&header, sizeof(header)});
	for (unsigned t = 0; t <= TABLE_OCTET; t++) {
		align(to);
		write_bytes(to, writer_bytes(&c->tables.table[t]));
	}
	if (to->full)
		return MISHAP_FULL;
	seal(to, start);
	return OK;
}

enum mishap image_compile(const struct rrset_list *zone, const struct arena *arena,
                          struct writer *to, struct fault *fault)
{
	struct compile c = {.zone = zone, .fault = fault};
	struct arena work = arena_rest(arena);
	struct workshop *w = arena_take(&work, sizeof(*w));
	uint32_t wildcard_nsec;
	enum mishap m;

	w->compile = &c;
	tables_divide(&c.tables, &work, sizeof(struct draft));
	m = check_apex(&c);
	if (m == OK)
		m = find_names(&c);
	if (tables_full(&c.tables))
		return MISHAP_FULL;
	if (m == OK)
		m = check_chain(&c);
	if (m == OK)
		m = make_negative(w, &wildcard_nsec);
	if (m == OK)
		m = make_nodes(w);
	if (m != OK)
		return m;
	if (tables_full(&c.tables))
		return MISHAP_FULL;
	make_children(&c);
	if (c.is_signed)
		wildcard_nsec = nodes(&c)[wildcard_nsec].nsec;
	return put_together(&c, wildcard_nsec, to);
}
