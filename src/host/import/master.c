/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/master.h"

#include <stdio.h>

#include "base/text.h"

#define TTL_NOT_STATED 0xffffffffu /* no TTL is that large (RFC 2181 section 8) */

/* Where reading stands: what one entry leaves for the next. */
struct reading {
	struct bytes text;
	FILE *file;
	uint32_t ttl;
	bool ttl_fixed; /* by $TTL */
	ldns_rdf *origin, *owner;
	int line;  /* that comes next */
	int entry; /* that came next when the entry at hand was not yet read */
};

static bool is_blank(struct bytes line)
{
	for (size_t i = 0; i < line.size; i++)
		if (line.at[i] != ' ' && line.at[i] != '\t' && line.at[i] != '\r')
			return false;
	return true;
}

/* The line at which the entry begins: ldns passes over empty ones before it. */
static bool fault_at(const struct reading *r, struct fault *fault, const char *why)
{
	struct text lines = {.rest = r->text};
	struct bytes line;

	while (text_line(&lines, &line) && (lines.line < (uint32_t)r->entry || is_blank(line)))
		;
	*fault = (struct fault){lines.line > (uint32_t)r->entry ? lines.line : (uint32_t)r->entry,
	                        0, why};
	return false;
}

static bool is_in(const ldns_rdf *name, const ldns_rdf *domain)
{
	return ldns_dname_compare(name, domain) == 0 || ldns_dname_is_subdomain(name, domain);
}

static bool take(struct reading *r, ldns_rr *rr, const ldns_rdf *origin, ldns_rr_list *records,
                 struct fault *fault)
{
	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN)
		return fault_at(r, fault, "a record that is not of class IN");
	if (!is_in(ldns_rr_owner(rr), origin))
		return fault_at(r, fault, "a record outside the zone");
	if (ldns_rr_ttl(rr) == TTL_NOT_STATED)
		return fault_at(r, fault, "no time to live, here or before");
	/* RFC 1035 section 5.1: what is left out is what was stated last. ldns knows $TTL only. */
	if (!r->ttl_fixed)
		r->ttl = ldns_rr_ttl(rr);
	if (!ldns_rr_list_push_rr(records, rr))
		return fault_at(r, fault, "no memory");
	return true;
}

/* One entry: a record, or a directive, or nothing. */
static bool entry(struct reading *r, const ldns_rdf *origin, ldns_rr_list *records,
                  struct fault *fault)
{
	ldns_rr *rr = NULL;
	ldns_status status;

	r->entry = r->line;
	status = ldns_rr_new_frm_fp_l(&rr, r->file, &r->ttl, &r->origin, &r->owner, &r->line);
	switch (status) {
	case LDNS_STATUS_OK:
		if (take(r, rr, origin, records, fault))
			return true;
		ldns_rr_free(rr);
		return false;
	case LDNS_STATUS_SYNTAX_TTL:
		r->ttl_fixed = true;
		return true;
	case LDNS_STATUS_SYNTAX_EMPTY:
	case LDNS_STATUS_SYNTAX_ORIGIN:
		return true;
	case LDNS_STATUS_SYNTAX_INCLUDE:
		return fault_at(r, fault, "$INCLUDE is not followed");
	default:
		return fault_at(r, fault, ldns_get_errorstr_by_id(status));
	}
}

static bool entries(struct reading *r, const ldns_rdf *origin, ldns_rr_list *records,
                    struct fault *fault)
{
	while (!feof(r->file))
		if (!entry(r, origin, records, fault))
			return false;
	return true;
}

bool master_read(struct bytes text, const ldns_rdf *origin, ldns_rr_list *records,
                 struct fault *fault)
{
	struct reading r = {.text = text, .ttl = TTL_NOT_STATED, .line = 1};
	bool good;

	if (text.size == 0)
		return true;
	r.file = fmemopen((void *)(uintptr_t)text.at, text.size, "r");
	r.origin = ldns_rdf_clone(origin);
	if (r.file == NULL || r.origin == NULL)
		return fault_at(&r, fault, "no memory");
	good = entries(&r, origin, records, fault);
	fclose(r.file);
	ldns_rdf_deep_free(r.origin);
	ldns_rdf_deep_free(r.owner);
	return good;
}
