/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/anchor.h"

#include "fuzz.h"

/* Whatever is given for trust anchors: those taken are DS and DNSKEY records of the apex, or there is a reason. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {.size = 2 * size + 4096};
	ldns_rr_list *anchors = ldns_rr_list_new();
	ldns_rdf *root = ldns_dname_new_frm_str(".");
	struct fault fault = {0};

	arena.at = malloc(arena.size);
	must(arena.at != NULL && anchors != NULL && root != NULL);
	if (!anchor_read((struct bytes){data, size}, root, (struct ledger_time){1795352400}, &arena, anchors, &fault))
		must(fault.why != NULL);
	for (size_t i = 0; i < ldns_rr_list_rr_count(anchors); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(anchors, i);

		must(ldns_rr_get_type(rr) == LDNS_RR_TYPE_DS || ldns_rr_get_type(rr) == LDNS_RR_TYPE_DNSKEY);
		must(ldns_dname_compare(ldns_rr_owner(rr), root) == 0);
	}
	ldns_rr_list_deep_free(anchors);
	ldns_rdf_deep_free(root);
	free(arena.at);
	return 0;
}
