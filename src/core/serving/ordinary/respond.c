/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/respond.h"

#include "base/must.h"
#include "dns/dname.h"
#include "dns/rdata.h"
#include "dns/type.h"
#include "serving/octets.h"
#include "serving/ordinary/denial.h"
#include "serving/ordinary/reply.h"

#define GLUE_MAX 64 /* names in an additional section */

_Static_assert(ORDINARY_HOPS_MAX + 3 <= DENIAL_MAX, "a proof for each alias, three for the end");

/* Spares what is filled as far as it is used the zeros that -ftrivial-auto-var-init gives all. */
#define UNINITIALIZED __attribute__((uninitialized))

/* One question on its way through the zones. */
struct way {
	const struct zones *zones;
	const struct ordinary *zone; /* the one that is asked now */
	const struct request *request;
	bool dnssec_ok;
	struct reply reply;
	/* The names asked for one after the other: records point to them until the end. */
	struct dname name[ORDINARY_HOPS_MAX + 1], made[ORDINARY_HOPS_MAX + 1];
	const struct ordinary_set *used[ORDINARY_HOPS_MAX + 1]; /* the DNAME of each; NULL: none */
	unsigned hops;
	const struct ordinary_place *unmatched; /* where the name is that a wildcard answers for */
	struct denial denial;
	/* The NS or MX set whose addresses go into the additional section; NULL: none. */
	const struct ordinary_set *pointing;
	struct bytes pointing_from; /* its owner */
	bool referral;
	uint32_t flags, rcode;
	bool full; /* something that is needed did not fit */
};

static struct bytes name_now(const struct way *w)
{
	return dname_bytes(&w->name[w->hops]);
}

/* ---- putting ---- */

static void put_set(struct way *w, enum section section, struct bytes owner,
                    const struct ordinary_set *set, uint32_t ttl)
{
	w->full = !reply_put_set(&w->reply, section, owner, w->zone, set, ttl, w->dnssec_ok) ||
	          w->full;
}

/* What a wildcard answers comes with the proof that the name itself is not there. */
static void prove_unmatched(struct way *w)
{
	if (w->dnssec_ok && w->unmatched != NULL)
		denial_beside_wildcard(&w->denial, w->zone, w->unmatched, name_now(w));
}

/* What answers: owned by the name that was asked for, a wildcard's records too. */
static void put_answer(struct way *w, const struct ordinary_set *set)
{
	put_set(w, SECTION_ANSWER, name_now(w), set, set->ttl);
	w->flags |= MESSAGE_AA;
	prove_unmatched(w);
	if (set->type == TYPE_NS || set->type == TYPE_MX) {
		w->pointing = set;
		w->pointing_from = name_now(w);
	}
}

/* Proofs go into the authority section, behind what else does. */
static void put_proofs(struct way *w)
{
	for (unsigned i = 0; i < w->denial.count; i++) {
		const struct proof *p = &w->denial.proof[i];

		w->zone = p->zone;
		put_set(w, SECTION_AUTHORITY, p->owner, p->set, p->set->ttl);
	}
}

/* RFC 2308 section 3: the SOA of a negative answer lives no longer than its MINIMUM says. */
static void put_soa(struct way *w)
{
	const struct ordinary_set *soa = ordinary_set_of(w->zone, 0, TYPE_SOA);
	struct bytes records = ordinary_records(w->zone, soa), rdata = ordinary_take(&records);
	const uint8_t *minimum = rdata.at + rdata.size - 4;
	uint32_t seconds = load16(minimum) << 16 | load16(minimum + 2);

	put_set(w, SECTION_AUTHORITY, ordinary_name(w->zone, 0), soa,
	        seconds < soa->ttl ? seconds : soa->ttl);
	w->flags |= MESSAGE_AA;
}

/* ---- the additional section ---- */

/* The nodes whose addresses go with an NS or MX set, those in-domain of `domain` first. */
struct glue {
	uint32_t node[GLUE_MAX];
	unsigned count;
	unsigned in_domain;
};

static void note_glue(const struct ordinary *zone, struct bytes target, struct glue *glue)
{
	uint32_t node;

	if (!dname_in_domain(target, ordinary_name(zone, 0)))
		return;
	node = ordinary_before(zone, target);
	if (!bytes_same(ordinary_name(zone, node), target) || glue->count == GLUE_MAX)
		return;
	for (unsigned i = 0; i < glue->count; i++)
		if (glue->node[i] == node)
			return;
	glue->node[glue->count++] = node;
}

static void find_glue(const struct ordinary *zone, const struct ordinary_set *set,
                      struct bytes domain, struct glue *glue)
{
	glue->count = 0;
	for (unsigned inside = 2; inside-- > 0;) {
		struct bytes records = ordinary_records(zone, set);

		for (uint32_t i = 0; i < set->count; i++) {
			struct bytes names[RDATA_NAMES_MAX], rdata = ordinary_take(&records);

			must(rdata_names(set->type, rdata, names) == 1);
			if (dname_in_domain(names[0], domain) == (inside != 0))
				note_glue(zone, names[0], glue);
		}
		if (inside != 0)
			glue->in_domain = glue->count;
	}
}

/* Puts the addresses of a name; false when there was no room for one of the sets. */
static bool put_addresses(struct way *w, uint32_t node)
{
	static const uint16_t types[] = {TYPE_A, TYPE_AAAA};
	bool fits = true;

	for (unsigned t = 0; t < 2; t++) {
		const struct ordinary_set *set = ordinary_set_of(w->zone, node, types[t]);

		if (set != NULL)
			fits = reply_put_set(&w->reply, SECTION_ADDITIONAL,
			                     ordinary_name(w->zone, node), w->zone, set,
			                     set->ttl, false) &&
			       fits;
	}
	return fits;
}

static void put_address_signatures(struct way *w, uint32_t node)
{
	static const uint16_t types[] = {TYPE_A, TYPE_AAAA};

	for (unsigned t = 0; t < 2; t++) {
		const struct ordinary_set *set = ordinary_set_of(w->zone, node, types[t]);

		if (set != NULL)
			(void)reply_put_rrsigs(&w->reply, SECTION_ADDITIONAL,
			                       ordinary_name(w->zone, node), w->zone, set,
			                       set->ttl);
	}
}

/*
 * RFC 4035 section 3.1.1: addresses before their signatures, which may be left out. RFC 9471
 * section 3: of a referral, addresses in-domain of the delegation may not.
 */
static void put_additional(struct way *w)
{
	struct glue glue;

	find_glue(w->zone, w->pointing, w->pointing_from, &glue);
	for (unsigned i = 0; i < glue.count; i++)
		if (!put_addresses(w, glue.node[i]) && w->referral && i < glue.in_domain)
			w->flags |= MESSAGE_TC;
	for (unsigned i = 0; i < glue.count && w->dnssec_ok; i++)
		put_address_signatures(w, glue.node[i]);
}

/* ---- where the name stands ---- */

/* RFC 4035 section 3.1.4: to a delegation belongs its DS, or the proof that there is none; in a
 * zone that is not signed, neither. */
static void take_referral(struct way *w, uint32_t cut)
{
	struct bytes owner = ordinary_name(w->zone, cut);
	const struct ordinary_set *ns = ordinary_set_of(w->zone, cut, TYPE_NS);
	const struct ordinary_set *ds = ordinary_set_of(w->zone, cut, TYPE_DS);

	w->full = !reply_put_set(&w->reply, SECTION_AUTHORITY, owner, w->zone, ns, ns->ttl,
	                         false) ||
	          w->full;
	if (w->dnssec_ok && ds != NULL && ds->rrsig_count != 0)
		put_set(w, SECTION_AUTHORITY, owner, ds, ds->ttl);
	if (ds == NULL && w->dnssec_ok)
		denial_of_type(&w->denial, w->zone, cut);
	w->pointing = ns;
	w->pointing_from = owner;
	w->referral = true;
}

/* The name exists, and has nothing of that type. */
static void take_no_data(struct way *w, uint32_t node)
{
	put_soa(w);
	if (w->dnssec_ok && w->unmatched != NULL)
		denial_of_wildcard(&w->denial, w->zone, w->unmatched, name_now(w));
	else if (w->dnssec_ok)
		denial_of_type(&w->denial, w->zone, node);
}

/* DS at a zone cut, or that there is none. */
static void take_ds(struct way *w, uint32_t cut)
{
	const struct ordinary_set *ds = ordinary_set_of(w->zone, cut, TYPE_DS);

	if (ds != NULL)
		put_answer(w, ds);
	else
		take_no_data(w, cut);
}

static void take_no_name(struct way *w, const struct ordinary_place *place)
{
	put_soa(w);
	w->rcode = RCODE_NXDOMAIN;
	if (w->dnssec_ok)
		denial_of_name(&w->denial, w->zone, place, name_now(w));
}

/* The answer to QTYPE RRSIG: all signatures of the name. False when it has none. */
static bool take_signatures(struct way *w, uint32_t node)
{
	const struct ordinary_set *set = w->zone->set + w->zone->node[node].sets;
	bool any = false;

	for (uint32_t i = 0; i < w->zone->node[node].set_count; i++) {
		any = any || set[i].rrsig_count != 0;
		w->full = !reply_put_rrsigs(&w->reply, SECTION_ANSWER, name_now(w), w->zone,
		                            &set[i], set[i].ttl) ||
		          w->full;
	}
	if (any) {
		w->flags |= MESSAGE_AA;
		prove_unmatched(w);
	}
	return any;
}

/* RFC 8482 section 4.1: of all sets one, at the apex the SOA. */
static const struct ordinary_set *any_set(const struct ordinary *zone, uint32_t node)
{
	const struct ordinary_set *soa = ordinary_set_of(zone, node, TYPE_SOA);

	if (soa != NULL || zone->node[node].set_count == 0)
		return soa;
	return zone->set + zone->node[node].sets;
}

/* Goes on with another name: false when that is for somebody else to answer, or was asked
 * before, or there were too many. */
static bool go_on(struct way *w, const struct dname *target)
{
	const struct zone *zone = zones_of(w->zones, dname_bytes(target));

	for (unsigned i = 0; i <= w->hops; i++)
		if (dname_compare(&w->name[i], target) == 0)
			return false;
	if (w->hops == ORDINARY_HOPS_MAX || zone == NULL || zone->ordinary == NULL ||
	    zone->expired)
		return false;
	w->name[++w->hops] = *target;
	w->used[w->hops] = NULL;
	w->zone = zone->ordinary;
	return true;
}

/* The name in the one record of a CNAME or DNAME set. */
static struct dname target_of(const struct way *w, const struct ordinary_set *set)
{
	struct bytes records = ordinary_records(w->zone, set);
	struct dname target = {0};
	size_t taken;

	must(dname_read(ordinary_take(&records), &target, &taken) == OK);
	return target;
}

/* The name exists: its data are those of `node`, its own or a wildcard. True when there is
 * another name to go on with. */
static bool take_node(struct way *w, uint32_t node)
{
	uint32_t type = w->request->type;
	const struct ordinary_set *set = ordinary_set_of(w->zone, node, (uint16_t)type);
	const struct ordinary_set *cname = ordinary_set_of(w->zone, node, TYPE_CNAME);
	struct dname target;

	if (type == TYPE_ANY)
		set = any_set(w->zone, node);
	if (type == TYPE_RRSIG && take_signatures(w, node))
		return false;
	if (set != NULL) {
		put_answer(w, set);
		return false;
	}
	if (cname == NULL) {
		take_no_data(w, node);
		return false;
	}
	put_answer(w, cname);
	target = target_of(w, cname);
	return go_on(w, &target);
}

/* RFC 6672 section 3.1: the labels of the name below the owner, before the target. False when
 * that is no name any more. */
static bool substitute(struct bytes name, size_t owner_size, struct bytes target,
                       struct dname *to)
{
	size_t before = name.size - owner_size;

	if (before + target.size > DNAME_SIZE_MAX)
		return false;
	memcpy(to->wire, name.at, before);
	memcpy(to->wire + before, target.at, target.size);
	to->size = (uint8_t)(before + target.size);
	return true;
}

/* True when the DNAME led on before: its set is in the answer. */
static bool is_used(const struct way *w, const struct ordinary_set *dname)
{
	for (unsigned i = 0; i < w->hops; i++)
		if (w->used[i] == dname)
			return true;
	return false;
}

static bool take_dname(struct way *w, uint32_t node)
{
	const struct ordinary_set *dname = ordinary_set_of(w->zone, node, TYPE_DNAME);
	struct dname end = target_of(w, dname), *target = &w->made[w->hops];
	struct bytes owner = ordinary_name(w->zone, node);

	if (!is_used(w, dname))
		put_set(w, SECTION_ANSWER, owner, dname, dname->ttl);
	w->used[w->hops] = dname;
	w->flags |= MESSAGE_AA;
	if (!substitute(name_now(w), owner.size, dname_bytes(&end), target)) {
		w->rcode = RCODE_YXDOMAIN;
		return false;
	}
	w->full = !reply_put_cname(&w->reply, name_now(w), dname_bytes(target), dname->ttl) ||
	          w->full;
	return w->request->type != TYPE_CNAME && go_on(w, target);
}

/* One name. True when there is another to go on with. */
static bool take_name(struct way *w)
{
	struct ordinary_place place = ordinary_find(w->zone, name_now(w));
	uint32_t wildcard;
	bool more;

	switch (place.kind) {
	case PLACE_CUT:
		/* RFC 4035 section 3.1.4.1: DS is the parent's. */
		if (w->request->type == TYPE_DS &&
		    bytes_same(ordinary_name(w->zone, place.node), name_now(w)))
			take_ds(w, place.node);
		else
			take_referral(w, place.node);
		return false;
	case PLACE_DNAME:
		return take_dname(w, place.node);
	case PLACE_NODE:
		return take_node(w, place.node);
	case PLACE_NONE:
		break;
	}
	wildcard = w->zone->node[place.node].wildcard;
	if (wildcard == 0) {
		take_no_name(w, &place);
		return false;
	}
	w->unmatched = &place;
	more = take_node(w, wildcard);
	w->unmatched = NULL;
	return more;
}

struct ordinary_answer ordinary_respond(const struct zones *zones, const struct ordinary *zone,
                                        const struct request *request, uint8_t *message,
                                        size_t limit)
{
	struct way w UNINITIALIZED;
	struct bytes question = {message + MESSAGE_HEADER_SIZE,
	                         request->question_end - MESSAGE_HEADER_SIZE};
	const struct ordinary *last;
	size_t taken;

	w.zones = zones;
	w.zone = zone;
	w.request = request;
	w.dnssec_ok = request->dnssec_ok;
	w.hops = w.denial.count = 0;
	w.unmatched = NULL;
	w.used[0] = NULL;
	w.pointing = NULL;
	w.flags = 0;
	w.rcode = RCODE_NOERROR;
	w.referral = w.full = false;
	must(dname_read(question, &w.name[0], &taken) == OK);
	reply_begin(&w.reply, message, request->question_end, limit, name_now(&w));
	while (take_name(&w))
		;
	last = w.zone;
	put_proofs(&w);
	w.zone = last;
	if (w.full)
		return (struct ordinary_answer){.end = request->question_end,
		                                .flags = w.flags | MESSAGE_TC,
		                                .rcode = w.rcode};
	if (w.pointing != NULL)
		put_additional(&w);
	return (struct ordinary_answer){w.reply.end, w.reply.counts, w.flags, w.rcode};
}
