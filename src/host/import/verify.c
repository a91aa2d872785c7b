/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/verify.h"

#include "base/writer.h"
#include "dns/dname.h"
#include "dns/dnskey.h"
#include "dns/nsec.h"
#include "dns/type.h"
#include "dns/zonemd.h"
#include "host/import/convert.h"

#define ZONEMD_HASH_SHA512 2 /* RFC 8976 section 2.2.3 */
#define TYPES_MAX          256

struct verifying {
	ldns_dnssec_zone *zone;
	const ldns_rdf *apex;
	ldns_rr_list *trusted; /* DNSKEY records that an anchor vouches for */
	ldns_rr_list *keys;    /* and those that they vouch for */
	time_t at;
	uint64_t signatures;
	struct arena *arena;
	struct bytes why;
};

static bool fail(struct verifying *v, const ldns_rdf *name, ldns_rr_type type, const char *why)
{
	struct writer w = writer_in(v->arena);
	char *text = ldns_rdf2str(name);

	write_text(&w, text != NULL ? text : "?");
	write_octet(&w, ' ');
	type_write_text(&w, (uint16_t)type);
	write_text(&w, ": ");
	write_text(&w, why);
	v->why = writer_keep(&w, v->arena);
	LDNS_FREE(text);
	return false;
}

/* ---- signatures ---- */

static ldns_rr_list *list_of(const ldns_dnssec_rrs *rrs)
{
	ldns_rr_list *list = ldns_rr_list_new();

	for (; list != NULL && rrs != NULL && rrs->rr != NULL; rrs = rrs->next)
		if (!ldns_rr_list_push_rr(list, rrs->rr)) {
			ldns_rr_list_free(list);
			return NULL;
		}
	return list;
}

static ldns_status signature_holds(const struct verifying *v, const ldns_rr_list *set,
                                   const ldns_rr *rrsig, const ldns_rr_list *keys)
{
	ldns_rr_list *good = ldns_rr_list_new();
	ldns_status status = LDNS_STATUS_MEM_ERR;

	if (ldns_dname_compare(ldns_rr_rrsig_signame(rrsig), v->apex) != 0)
		status = LDNS_STATUS_CRYPTO_NO_MATCHING_KEYTAG_DNSKEY;
	else if (good != NULL)
		status = ldns_verify_rrsig_keylist_time(set, rrsig, keys, v->at, good);
	ldns_rr_list_free(good);
	return status;
}

/* RFC 4035 section 5.3.3: one signature that holds is enough. */
static bool set_holds(struct verifying *v, const ldns_rdf *name, ldns_rr_type type,
                      const ldns_dnssec_rrs *rrs, const ldns_dnssec_rrs *signatures,
                      const ldns_rr_list *keys)
{
	ldns_rr_list *set = list_of(rrs);
	ldns_status status = LDNS_STATUS_CRYPTO_NO_RRSIG;

	for (; set != NULL && status != LDNS_STATUS_OK && signatures != NULL;
	     signatures = signatures->next)
		status = signature_holds(v, set, signatures->rr, keys);
	ldns_rr_list_free(set);
	v->signatures += status == LDNS_STATUS_OK;
	return status == LDNS_STATUS_OK || fail(v, name, type, ldns_get_errorstr_by_id(status));
}

/* ---- keys ---- */

static uint16_t flags_of(const ldns_rr *key)
{
	return ldns_rdf2native_int16(ldns_rr_dnskey_flags(key));
}

static bool is_trusted(const ldns_rr *key, const ldns_rr_list *anchors)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(anchors); i++)
		if (ldns_rr_compare_ds(ldns_rr_list_rr(anchors, i), key))
			return true;
	return false;
}

/* Zone keys that are not revoked (RFC 5011 section 2.1). */
static void keys_sort_out(struct verifying *v, const ldns_dnssec_rrsets *set,
                          const ldns_rr_list *anchors)
{
	for (const ldns_dnssec_rrs *key = set->rrs; key != NULL; key = key->next) {
		if ((flags_of(key->rr) & DNSKEY_FLAG_ZONE) == 0 ||
		    (flags_of(key->rr) & DNSKEY_FLAG_REVOKE) != 0)
			continue;
		ldns_rr_list_push_rr(v->keys, key->rr);
		if (is_trusted(key->rr, anchors))
			ldns_rr_list_push_rr(v->trusted, key->rr);
	}
}

static bool keys_hold(struct verifying *v, const ldns_rr_list *anchors)
{
	const ldns_dnssec_rrsets *set =
		ldns_dnssec_zone_find_rrset(v->zone, v->apex, LDNS_RR_TYPE_DNSKEY);

	if (ldns_rr_list_rr_count(anchors) == 0)
		return fail(v, v->apex, LDNS_RR_TYPE_DNSKEY, "no trust anchor is valid at that time");
	if (set == NULL || set->rrs == NULL)
		return fail(v, v->apex, LDNS_RR_TYPE_DNSKEY, "the zone has no keys");
	keys_sort_out(v, set, anchors);
	if (ldns_rr_list_rr_count(v->trusted) == 0)
		return fail(v, v->apex, LDNS_RR_TYPE_DNSKEY, "no key is one of the trust anchors");
	return set_holds(v, v->apex, LDNS_RR_TYPE_DNSKEY, set->rrs, set->signatures, v->trusted);
}

/* ---- names ---- */

static const ldns_dnssec_name *name_at(const ldns_rbnode_t *node)
{
	return node->data;
}

/* The next name that is not below a cut, from `node` on; NULL at the end. */
static ldns_rbnode_t *authoritative(ldns_rbnode_t *node)
{
	while (node != LDNS_RBTREE_NULL && ldns_dnssec_name_is_glue(name_at(node)))
		node = ldns_rbtree_next(node);
	return node == LDNS_RBTREE_NULL ? NULL : node;
}

static bool has_type(const ldns_dnssec_name *name, ldns_rr_type type)
{
	for (const ldns_dnssec_rrsets *set = name->rrsets; set != NULL; set = set->next)
		if (set->type == type && set->rrs != NULL)
			return true;
	return false;
}

static bool is_cut(const struct verifying *v, const ldns_dnssec_name *name)
{
	return has_type(name, LDNS_RR_TYPE_NS) && ldns_dname_compare(name->name, v->apex) != 0;
}

static bool sets_hold(struct verifying *v, const ldns_dnssec_name *name)
{
	bool cut = is_cut(v, name);

	for (const ldns_dnssec_rrsets *set = name->rrsets; set != NULL; set = set->next) {
		/* RFC 4035 section 2.2: at a cut, only DS is the parent's to sign. */
		if (set->rrs == NULL || (cut && set->type != LDNS_RR_TYPE_DS))
			continue;
		if (set->type == LDNS_RR_TYPE_DNSKEY && name == v->zone->soa)
			continue; /* keys_hold() */
		if (!set_holds(v, name->name, set->type, set->rrs, set->signatures, v->keys))
			return false;
	}
	return true;
}

/* The NSEC that the name must have: what is next, and which types are here. */
static bool nsec_is_true(struct verifying *v, const ldns_dnssec_name *name,
                         const ldns_dnssec_name *next)
{
	uint16_t types[TYPES_MAX] = {TYPE_RRSIG, TYPE_NSEC};
	struct writer w = writer_in(v->arena);
	bool cut = is_cut(v, name);
	struct dname target;
	size_t count = 2, taken;
	const char *why;
	struct rr nsec;

	for (const ldns_dnssec_rrsets *set = name->rrsets; set != NULL; set = set->next)
		if (set->rrs != NULL && count < TYPES_MAX &&
		    (!cut || set->type == LDNS_RR_TYPE_NS || set->type == LDNS_RR_TYPE_DS))
			types[count++] = (uint16_t)set->type;
	if (dname_read((struct bytes){ldns_rdf_data(next->name), ldns_rdf_size(next->name)},
	               &target, &taken) != OK)
		return false;
	nsec_write(&w, dname_bytes(&target), types, count);
	struct bytes wanted = writer_keep(&w, v->arena);
	return convert_rr(name->nsec, v->arena, &nsec, &why) && bytes_same(nsec.rdata, wanted);
}

static bool nsec_holds(struct verifying *v, const ldns_dnssec_name *name,
                       const ldns_dnssec_name *next)
{
	ldns_dnssec_rrs set = {.rr = name->nsec};
	size_t mark = v->arena->used;
	bool is_true;

	if (name->nsec == NULL || ldns_rr_get_type(name->nsec) != LDNS_RR_TYPE_NSEC)
		return fail(v, name->name, LDNS_RR_TYPE_NSEC, "there is none");
	is_true = nsec_is_true(v, name, next);
	v->arena->used = mark;
	if (!is_true)
		return fail(v, name->name, LDNS_RR_TYPE_NSEC, "it does not tell what the zone has");
	return set_holds(v, name->name, LDNS_RR_TYPE_NSEC, &set, name->nsec_signatures, v->keys);
}

static bool names_hold(struct verifying *v)
{
	ldns_rbnode_t *first = authoritative(ldns_rbtree_first(v->zone->names)), *next;

	if (has_type(v->zone->soa, LDNS_RR_TYPE_NSEC3PARAM))
		return fail(v, v->apex, LDNS_RR_TYPE_NSEC3PARAM, "NSEC3 is not verified here");
	for (ldns_rbnode_t *node = first; node != NULL; node = next) {
		next = authoritative(ldns_rbtree_next(node));
		if (!sets_hold(v, name_at(node)) ||
		    !nsec_holds(v, name_at(node), name_at(next != NULL ? next : first)))
			return false;
	}
	return true;
}

/* ---- the digest ---- */

static bool is_supported(const ldns_rr *zonemd)
{
	uint8_t hash;

	if (ldns_rr_rd_count(zonemd) < 4 ||
	    ldns_rdf2native_int8(ldns_rr_rdf(zonemd, 1)) != ZONEMD_SCHEME_SIMPLE)
		return false;
	hash = ldns_rdf2native_int8(ldns_rr_rdf(zonemd, 2));
	return hash == ZONEMD_HASH_SHA384 || hash == ZONEMD_HASH_SHA512;
}

static enum verdict zonemd_verdict(struct verifying *v)
{
	const ldns_dnssec_rrsets *set =
		ldns_dnssec_zone_find_rrset(v->zone, v->apex, LDNS_RR_TYPE_ZONEMD);
	bool supported = false;
	ldns_status status;

	if (set == NULL || set->rrs == NULL)
		return VERDICT_ABSENT; /* as the apex NSEC says, which held */
	for (const ldns_dnssec_rrs *rrs = set->rrs; rrs != NULL; rrs = rrs->next)
		supported = supported || is_supported(rrs->rr);
	if (!supported)
		return VERDICT_UNSUPPORTED;
	status = ldns_dnssec_zone_verify_zonemd(v->zone);
	if (status == LDNS_STATUS_OK)
		return VERDICT_VERIFIED;
	fail(v, v->apex, LDNS_RR_TYPE_ZONEMD, ldns_get_errorstr_by_id(status));
	return VERDICT_FAILED;
}

/* ---- all of it ---- */

static bool zone_make(struct verifying *v, const ldns_rr_list *records)
{
	v->zone = ldns_dnssec_zone_new();
	v->trusted = ldns_rr_list_new();
	v->keys = ldns_rr_list_new();
	if (v->zone == NULL || v->trusted == NULL || v->keys == NULL)
		return fail(v, v->apex, LDNS_RR_TYPE_SOA, "no memory");
	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
		ldns_rr *rr = ldns_rr_list_rr(records, i);
		ldns_status status = ldns_dnssec_zone_add_rr(v->zone, rr);

		if (status != LDNS_STATUS_OK)
			return fail(v, ldns_rr_owner(rr), ldns_rr_get_type(rr),
			            ldns_get_errorstr_by_id(status));
	}
	ldns_dnssec_zone_mark_glue(v->zone);
	return v->zone->soa != NULL || fail(v, v->apex, LDNS_RR_TYPE_SOA, "there is none");
}

void verify_zone(ldns_rr_list *records, const ldns_rdf *apex, const ldns_rr_list *anchors,
                 struct arena *arena, struct telling *telling)
{
	struct verifying v = {.apex = apex, .at = telling->at.seconds, .arena = arena};
	bool good = zone_make(&v, records) && keys_hold(&v, anchors) && names_hold(&v);

	telling->dnssec = good ? VERDICT_VERIFIED : VERDICT_FAILED;
	telling->zonemd = good ? zonemd_verdict(&v) : VERDICT_UNCHECKED;
	telling->signatures = v.signatures;
	telling->why = v.why;
}

bool verify_inception(const ldns_rr_list *records, const ldns_rdf *apex,
                      struct ledger_time *inception)
{
	bool found = false;

	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(records, i);
		int64_t seconds;

		if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_RRSIG ||
		    ldns_dname_compare(ldns_rr_owner(rr), apex) != 0 ||
		    ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(rr)) != LDNS_RR_TYPE_SOA)
			continue;
		seconds = ldns_rdf2native_time_t(ldns_rr_rrsig_inception(rr));
		if (!found || seconds > inception->seconds)
			inception->seconds = seconds;
		found = true;
	}
	return found;
}
