/* SPDX-License-Identifier: Apache-2.0 */
#include "host/observing/chain.h"

#include "dns/dnskey.h"

/* The records of that type at the zone's own name, in the answer; the caller's to free. */
static ldns_rr_list *set_of(const ldns_pkt *packet, const ldns_rdf *zone, ldns_rr_type type)
{
	ldns_rr_list *set = packet == NULL ? NULL
	                                   : ldns_pkt_rr_list_by_name_and_type(packet, zone, type,
	                                                                       LDNS_SECTION_ANSWER);

	return set != NULL ? set : ldns_rr_list_new();
}

static bool is_zone_key(const ldns_rr *key)
{
	uint16_t flags = ldns_rdf2native_int16(ldns_rr_dnskey_flags(key));

	return (flags & DNSKEY_FLAG_ZONE) != 0 && (flags & DNSKEY_FLAG_REVOKE) == 0;
}

bool chain_has_key(const ldns_pkt *keys, const ldns_rdf *zone, const ldns_rr *ds)
{
	ldns_rr_list *set = set_of(keys, zone, LDNS_RR_TYPE_DNSKEY);
	bool found = false;

	for (size_t i = 0; i < ldns_rr_list_rr_count(set) && !found; i++)
		found = is_zone_key(ldns_rr_list_rr(set, i)) && ldns_rr_compare_ds(ds, ldns_rr_list_rr(set, i));
	ldns_rr_list_deep_free(set);
	return found;
}

/* RFC 4035 section 5.3.3: one signature that holds is enough. */
static ldns_status set_holds(const ldns_pkt *packet, const ldns_rdf *zone, ldns_rr_type type,
                             const ldns_rr_list *keys, time_t at)
{
	ldns_rr_list *set = set_of(packet, zone, type), *rrsigs = set_of(packet, zone, LDNS_RR_TYPE_RRSIG);
	ldns_status status = LDNS_STATUS_CRYPTO_NO_RRSIG;

	for (size_t i = 0; i < ldns_rr_list_rr_count(rrsigs) && status != LDNS_STATUS_OK; i++) {
		const ldns_rr *rrsig = ldns_rr_list_rr(rrsigs, i);
		ldns_rr_list *good;

		if (ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(rrsig)) != type ||
		    ldns_dname_compare(ldns_rr_rrsig_signame(rrsig), zone) != 0)
			continue;
		good = ldns_rr_list_new();
		status = ldns_verify_rrsig_keylist_time(set, rrsig, keys, at, good);
		ldns_rr_list_free(good);
	}
	ldns_rr_list_deep_free(set);
	ldns_rr_list_deep_free(rrsigs);
	return status;
}

const char *chain_holds(const ldns_pkt *keys, const ldns_pkt *soa, const ldns_rdf *zone,
                        const ldns_rr_list *ds, time_t at)
{
	ldns_rr_list *set = set_of(keys, zone, LDNS_RR_TYPE_DNSKEY), *trusted = ldns_rr_list_new();
	ldns_status status;
	const char *why = "no DNSKEY is of a DS";

	for (size_t i = 0; i < ldns_rr_list_rr_count(set); i++)
		for (size_t d = 0; d < ldns_rr_list_rr_count(ds); d++)
			if (is_zone_key(ldns_rr_list_rr(set, i)) &&
			    ldns_rr_compare_ds(ldns_rr_list_rr(ds, d), ldns_rr_list_rr(set, i))) {
				ldns_rr_list_push_rr(trusted, ldns_rr_list_rr(set, i));
				break;
			}
	if (ldns_rr_list_rr_count(trusted) > 0) {
		status = set_holds(keys, zone, LDNS_RR_TYPE_DNSKEY, trusted, at);
		if (status == LDNS_STATUS_OK)
			status = set_holds(soa, zone, LDNS_RR_TYPE_SOA, set, at);
		why = status == LDNS_STATUS_OK ? "holds" : ldns_get_errorstr_by_id(status);
	}
	ldns_rr_list_free(trusted);
	ldns_rr_list_deep_free(set);
	return why;
}
