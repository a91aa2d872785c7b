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

#define POINTER        0xc000u                    /* RFC 1035 section 4.1.4 */
#define POINTER_MAX    (0x3fffu - DNAME_SIZE_MAX) /* a pointer may move by a name's length */
#define PIECE_SIZE_MAX 60000 /* leaves room for a question and OPT in any message */
#define SUFFIX_MAX     512   /* names a piece may point back to */
#define GLUE_MAX       1024  /* sets in one additional section */

#define TYPE_NSEC3      50
#define TYPE_NSEC3PARAM 51

/* A node under construction. */
struct draft {
	struct bytes name;
	struct rrset_list sets; /* none for an empty non-terminal */
	enum image_kind kind;
};

/* What later becomes a table of the image each: arrays, written in place one after another. */
enum table { NODE, KEY, CHILD, TYPE, PIECE, POINTERS, CUT, OCTET, DRAFT, TABLES };

struct compile {
	const struct rrset_list *zone;
	struct bytes apex;
	bool is_signed;
	struct writer table[TABLES];
	struct fault *fault;
};

static enum mishap refuse(struct compile *c, const struct rrset *set, const char *why)
{
	*c->fault = (struct fault){(uint32_t)(set - c->zone->at) + 1, 0, why};
	return MISHAP_MALFORMED;
}

/* ---- tables ---- */

static const uint16_t ENTRY_SIZE[TABLES] = {
	[NODE] = sizeof(struct image_node),   [KEY] = sizeof(uint64_t),
	[CHILD] = sizeof(uint32_t),           [TYPE] = sizeof(struct image_type),
	[PIECE] = sizeof(struct image_piece), [POINTERS] = sizeof(uint16_t),
	[CUT] = sizeof(struct image_cut),     [OCTET] = 1,
	[DRAFT] = sizeof(struct draft),
};

/* The share of the arena that each table gets, in sixteenths. */
static const uint8_t SHARE[TABLES] = {
	[NODE] = 1,     [KEY] = 1, [CHILD] = 1, [TYPE] = 1,  [PIECE] = 2,
	[POINTERS] = 2, [CUT] = 1, [OCTET] = 6, [DRAFT] = 1,
};

static void divide(struct compile *c, const struct arena *arena)
{
	struct arena rest = arena_rest(arena);
	size_t sixteenth = rest.size / 16 / IMAGE_ALIGN * IMAGE_ALIGN;
	size_t at = 0;

	for (unsigned t = 0; t < TABLES; t++) {
		c->table[t] = (struct writer){.at = rest.at + at, .size = SHARE[t] * sixteenth};
		at += SHARE[t] * sixteenth;
	}
}

static bool any_full(const struct compile *c)
{
	for (unsigned t = 0; t < TABLES; t++)
		if (c->table[t].full)
			return true;
	return false;
}

static uint32_t count(const struct compile *c, enum table table)
{
	return (uint32_t)(c->table[table].used / ENTRY_SIZE[table]);
}

/* Adds an entry; returns its index. */
static uint32_t add(struct compile *c, enum table table, const void *entry)
{
	uint32_t index = count(c, table);

	write_bytes(&c->table[table], (struct bytes){entry, ENTRY_SIZE[table]});
	return index;
}

static struct draft *drafts(const struct compile *c)
{
	return (struct draft *)(void *)c->table[DRAFT].at;
}

static struct image_node *nodes(const struct compile *c)
{
	return (struct image_node *)(void *)c->table[NODE].at;
}

static struct image_piece *pieces(const struct compile *c)
{
	return (struct image_piece *)(void *)c->table[PIECE].at;
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
	uint32_t before = count(c, DRAFT);

	if (before == 0 || c->table[DRAFT].full)
		return;
	unsigned labels = shared_labels(drafts(c)[before - 1].name, name) + 1;
	for (; labels < dname_label_count(name); labels++)
		add(c, DRAFT,
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
	add(c, DRAFT, &draft);
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
		 high = count(c, DRAFT); /* the apex is not after any name of its zone */

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
	for (uint32_t i = 0; i < count(c, DRAFT); i++) {
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

/* ---- laying out a piece ---- */

/* A name that may be pointed to, and where it begins in the message. */
struct suffix {
	struct bytes name;
	uint16_t at;
};

struct layout {
	struct compile *compile;
	struct image_piece piece;
	uint32_t first; /* the piece's begin in the table of octets */
	size_t base;    /* and in the message */
	uint32_t additionals;
	unsigned suffixes;
	struct suffix suffix[SUFFIX_MAX];
};

static size_t laid_out(const struct layout *l)
{
	return l->compile->table[OCTET].used - l->first;
}

static void remember(struct layout *l, struct bytes name, size_t at)
{
	if (l->suffixes < SUFFIX_MAX && at <= POINTER_MAX)
		l->suffix[l->suffixes++] = (struct suffix){name, (uint16_t)at};
}

static struct layout *begin(struct layout *l, struct compile *c, size_t base)
{
	l->compile = c;
	l->first = (uint32_t)c->table[OCTET].used;
	l->base = base;
	l->suffixes = 0;
	l->additionals = 0;
	l->piece = (struct image_piece){
		.octets = l->first, .pointers = count(c, POINTERS), .cuts = count(c, CUT)};
	return l;
}

/* Begins a piece that stands behind a question for `name`. */
static struct layout *begin_behind(struct layout *l, struct compile *c, struct bytes name)
{
	begin(l, c, MESSAGE_HEADER_SIZE + name.size + 4);
	for (struct bytes n = name; n.size > 1; n = dname_parent(n))
		remember(l, n, MESSAGE_HEADER_SIZE + (name.size - n.size));
	return l;
}

/* Begins a piece that may stand anywhere: its pointers move by its place in the message. */
static struct layout *begin_anywhere(struct layout *l, struct compile *c)
{
	return begin(l, c, 0);
}

static const struct suffix *known(const struct layout *l, struct bytes name)
{
	for (unsigned i = 0; i < l->suffixes; i++)
		if (bytes_same(l->suffix[i].name, name))
			return &l->suffix[i];
	return NULL;
}

/* Puts a name, compressed where it can be (RFC 1035 section 4.1.4). */
static void put_name(struct layout *l, struct bytes name)
{
	struct writer *octets = &l->compile->table[OCTET];

	for (; name.size > 1; name = dname_parent(name)) {
		const struct suffix *suffix = known(l, name);

		if (suffix != NULL) {
			add(l->compile, POINTERS, &(uint16_t){(uint16_t)laid_out(l)});
			l->piece.pointer_count++;
			write_u16(octets, (uint16_t)(POINTER | suffix->at));
			return;
		}
		remember(l, name, l->base + laid_out(l));
		write_bytes(octets, bytes_first(name, 1u + name.at[0]));
	}
	write_octet(octets, 0);
}

/* RFC 3597 section 4: names are compressed only in the RDATA of the types of RFC 1035. */
static bool compressible(uint16_t type)
{
	return type == TYPE_NS || type == TYPE_SOA || type == TYPE_MX || type == TYPE_PTR;
}

static void put_rdata(struct layout *l, uint16_t type, struct bytes rdata)
{
	struct writer *octets = &l->compile->table[OCTET];
	struct bytes names[RDATA_NAMES_MAX];
	unsigned name_count = compressible(type) ? rdata_names(type, rdata, names) : 0;

	for (unsigned i = 0; i < name_count; i++) {
		write_bytes(octets, bytes_first(rdata, (size_t)(names[i].at - rdata.at)));
		put_name(l, names[i]);
		rdata = bytes_from(rdata, (size_t)(names[i].at - rdata.at) + names[i].size);
	}
	write_bytes(octets, rdata);
}

static void put_record(struct layout *l, struct bytes owner, uint32_t ttl, uint16_t type,
                       struct bytes rdata)
{
	struct writer *octets = &l->compile->table[OCTET];
	size_t size_at, size;

	put_name(l, owner);
	write_u16(octets, type);
	write_u16(octets, CLASS_IN);
	write_u32(octets, ttl);
	size_at = octets->used;
	write_u16(octets, 0);
	put_rdata(l, type, rdata);
	size = octets->used - size_at - 2;
	if (octets->full)
		return;
	octets->at[size_at] = (uint8_t)(size >> 8);
	octets->at[size_at + 1] = (uint8_t)size;
}

/* Puts a set, with its signatures when DO is set; returns how many records. */
static uint32_t put_set(struct layout *l, const struct rrset *set, uint32_t ttl, bool dnssec_ok)
{
	uint32_t records = set->count;

	for (uint32_t i = 0; i < set->count; i++)
		put_record(l, set->owner, ttl, set->type, set->rdata[i]);
	if (dnssec_ok) {
		for (uint32_t i = 0; i < set->rrsig_count; i++)
			put_record(l, set->owner, ttl, TYPE_RRSIG, set->rrsig[i]);
		records += set->rrsig_count;
	}
	return records;
}

/* Puts a set that may be left out when the message gets too long. */
static void put_additional(struct layout *l, const struct rrset *set, bool dnssec_ok)
{
	add(l->compile, CUT,
	    &(struct image_cut){(uint16_t)laid_out(l), (uint16_t)l->additionals});
	l->piece.cut_count++;
	l->additionals += put_set(l, set, set->ttl, dnssec_ok);
}

/* Ends a piece of that many records and the additional ones; `*index` is its place among the
 * pieces. A record has 11 octets at least, so no count passes 16 bits. */
static enum mishap end(struct layout *l, const struct rrset *set, uint32_t answers,
                       uint32_t authorities, uint32_t *index)
{
	if (laid_out(l) > PIECE_SIZE_MAX) {
		(void)refuse(l->compile, set, "too large for a message");
		return MISHAP_LIMIT;
	}
	l->piece.size = (uint16_t)laid_out(l);
	l->piece.counts = IMAGE_COUNTS(answers, authorities, l->additionals);
	*index = add(l->compile, PIECE, &l->piece);
	return OK;
}

/* ---- the additional section ---- */

/* The address sets that go with an NS or MX set, those in-domain of `domain` first. */
struct glue {
	const struct rrset *set[GLUE_MAX];
	unsigned count;
	unsigned in_domain;
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

static void put_glue(struct layout *l, const struct glue *glue, bool dnssec_ok)
{
	for (unsigned i = 0; i < glue->count; i++)
		put_additional(l, glue->set[i], dnssec_ok);
}

/* ---- pieces ---- */

/* What the records of a zone need room for while they become pieces. */
struct workshop {
	struct compile *compile;
	struct layout layout;
	struct glue glue;
};

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
		struct layout *l = begin_behind(&w->layout, c, c->apex);
		uint32_t authorities = put_set(l, soa, negative_ttl(soa), i != IMAGE_SOA);
		if (i == IMAGE_NX && nsec != NULL)
			authorities += put_set(l, nsec, nsec->ttl, true);
		if (laid_out(l) > POINTER_MAX / 2) {
			(void)refuse(c, soa, "an SOA with too many signatures");
			return MISHAP_LIMIT;
		}
		enum mishap m = end(l, soa, 0, authorities, &index);
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
	uint32_t index = 0;

	find_glue(w->compile, ns, draft->name, &w->glue);
	for (unsigned dnssec_ok = 0; dnssec_ok < 2; dnssec_ok++) {
		struct layout *l = begin_behind(&w->layout, w->compile, draft->name);
		uint32_t authorities = put_set(l, ns, ns->ttl, false);
		if (dnssec_ok && proof != NULL)
			authorities += put_set(l, proof, proof->ttl, true);
		l->piece.required_cuts = (uint16_t)w->glue.in_domain;
		put_glue(l, &w->glue, dnssec_ok);
		enum mishap m = end(l, ns, 0, authorities, &index);
		if (m != OK)
			return m;
	}
	node->referral = index - 1;
	return OK;
}

/* The answer that is one set, without and with DO. */
static enum mishap make_answer(struct workshop *w, const struct rrset *set, uint32_t *piece)
{
	uint32_t index = 0;

	w->glue.count = 0;
	if (set->type == TYPE_NS || set->type == TYPE_MX)
		find_glue(w->compile, set, set->owner, &w->glue);
	for (unsigned dnssec_ok = 0; dnssec_ok < 2; dnssec_ok++) {
		struct layout *l = begin_behind(&w->layout, w->compile, set->owner);
		uint32_t answers = put_set(l, set, set->ttl, dnssec_ok);
		put_glue(l, &w->glue, dnssec_ok);
		enum mishap m = end(l, set, answers, 0, &index);
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
	uint32_t index = 0, answers;

	for (unsigned twice = 0; twice < 2; twice++) {
		answers = 0;
		struct layout *l = begin_behind(&w->layout, w->compile, draft->name);
		for (size_t s = 0; s < draft->sets.count; s++) {
			const struct rrset *set = &draft->sets.at[s];
			for (uint32_t i = 0; i < set->rrsig_count; i++, answers++)
				put_record(l, set->owner, set->ttl, TYPE_RRSIG, set->rrsig[i]);
		}
		enum mishap m = end(l, draft->sets.at, answers, 0, &index);
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

	node->types = count(c, TYPE);
	for (size_t s = 0; s < draft->sets.count; s++) {
		const struct rrset *set = &draft->sets.at[s];
		enum mishap m = make_answer(w, set, &type.piece);

		if (m != OK)
			return m;
		type.type = set->type;
		add(c, TYPE, &type);
		has_rrsig = has_rrsig || set->rrsig_count != 0;
		/* RFC 8482 section 4.1: one set of those there are; at the apex the SOA. */
		if (s == 0 || set->type == TYPE_SOA)
			any.piece = type.piece;
	}
	if (has_rrsig) {
		enum mishap m = make_rrsigs(w, draft, &type);
		if (m != OK)
			return m;
		add(c, TYPE, &type);
	}
	add(c, TYPE, &any);
	node->type_count = (uint16_t)(count(c, TYPE) - node->types);
	return OK;
}

static enum mishap make_nsec(struct workshop *w, const struct draft *draft, uint32_t *index)
{
	const struct rrset *nsec = set_of(&draft->sets, TYPE_NSEC);
	struct layout *l = begin_anywhere(&w->layout, w->compile);

	uint32_t authorities = put_set(l, nsec, nsec->ttl, true);

	return end(l, nsec, 0, authorities, index);
}

static enum mishap make_node(struct workshop *w, const struct draft *draft, uint32_t *nsec)
{
	struct compile *c = w->compile;
	const struct rrset *ds = set_of(&draft->sets, TYPE_DS);
	struct image_node node = {.name = (uint32_t)c->table[OCTET].used,
	                          .kind = (uint8_t)draft->kind,
	                          .labels = (uint8_t)dname_label_count(draft->name)};
	enum mishap m = OK;

	write_bytes(&c->table[OCTET], draft->name);
	if (c->is_signed && draft->kind != IMAGE_EMPTY)
		m = make_nsec(w, draft, nsec);
	node.nsec = *nsec;
	if (m == OK && draft->kind == IMAGE_CUT)
		m = make_referral(w, draft, &node);
	if (m == OK && draft->kind == IMAGE_CUT && ds != NULL)
		m = make_answer(w, ds, &node.ds);
	if (m == OK && draft->kind == IMAGE_DATA)
		m = make_types(w, draft, &node);
	add(c, NODE, &node);
	return m;
}

static enum mishap make_nodes(struct workshop *w)
{
	struct compile *c = w->compile;
	uint32_t nsec = 0;

	for (uint32_t i = 0; i < count(c, DRAFT) && !any_full(c); i++) {
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

	add(c, KEY, &(uint64_t){IMAGE_KEY_FIRST});
	for (i = 0; i < count(c, NODE); i++) {
		uint8_t label[8] = {0};
		struct bytes first = dname_first_label(drafts(c)[i].name);

		if (nodes(c)[i].labels != labels)
			continue;
		memcpy(label, first.at, first.size < 8 ? first.size : 8);
		add(c, KEY, &(uint64_t){image_label_key(label, first.size)});
		add(c, CHILD, &i);
	}
	add(c, CHILD, &i);
	do
		keys = add(c, KEY, &(uint64_t){IMAGE_KEY_REST}) + 1;
	while ((keys & (keys - 1)) != 0 && !c->table[KEY].full);
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
	for (uint32_t i = 0; i < count(c, NODE); i++)
		nodes(c)[i].name += by;
	for (uint32_t i = 0; i < count(c, PIECE); i++)
		pieces(c)[i].octets += by;
}

/* Decides where the tables stand; the octets come last. Returns the size of the image. */
static size_t place(const struct compile *c, struct image_header *header)
{
	struct image_table *const table[] = {
		[NODE] = &header->node, [KEY] = &header->key,     [CHILD] = &header->child,
		[TYPE] = &header->type, [PIECE] = &header->piece, [POINTERS] = &header->pointer,
		[CUT] = &header->cut,   [OCTET] = &header->octet,
	};
	size_t at = sizeof(*header);

	for (unsigned t = 0; t <= OCTET; t++) {
		at = (at + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
		*table[t] = (struct image_table){(uint32_t)at, count(c, t)};
		at += c->table[t].used;
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
	write_bytes(&c->table[OCTET],
	            BYTES("\0\0\0\0\0\0\0\0")); /* image_label_key() reads on */
	header.size = place(c, &header);
	if (any_full(c) || header.size > UINT32_MAX)
		return MISHAP_FULL;
	move_octets(c, header.octet.at);
	write_bytes(to, (struct bytes){(uint8_t *)&header, sizeof(header)});
	for (unsigned t = 0; t <= OCTET; t++) {
		align(to);
		write_bytes(to, writer_bytes(&c->table[t]));
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
	divide(&c, &work);
	m = check_apex(&c);
	if (m == OK)
		m = find_names(&c);
	if (any_full(&c))
		return MISHAP_FULL;
	if (m == OK)
		m = check_chain(&c);
	if (m == OK)
		m = make_negative(w, &wildcard_nsec);
	if (m == OK)
		m = make_nodes(w);
	if (m != OK)
		return m;
	if (any_full(&c))
		return MISHAP_FULL;
	make_children(&c);
	if (c.is_signed)
		wildcard_nsec = nodes(&c)[wildcard_nsec].nsec;
	return put_together(&c, wildcard_nsec, to);
}
