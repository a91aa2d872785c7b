/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_WORKSHOP_H
#define COMITY_SERVING_WORKSHOP_H

/*
 * workshop.h - laying out what an image has of one name: its pieces, types and node, at the end
 * of the tables. image_compile() does it for every name of a zone, live_apply() for those that
 * changed.
 */

#include "base/fault.h"
#include "base/mishap.h"
#include "dns/rrset.h"
#include "serving/addresses.h"
#include "serving/image.h"
#include "serving/layout.h"

#define GLUE_MAX 1024 /* sets in one additional section */

/* A node under construction. */
struct draft {
	struct bytes name;
	struct rrset_list sets; /* none for an empty non-terminal */
	enum image_kind kind;
};

struct compile {
	const struct rrset_list *zone;
	const struct addresses *addresses; /* of the zone; NULL: they are searched for */
	struct bytes apex;
	bool is_signed;
	struct tables tables;
	struct fault *fault;
};

/* The address sets that go with an NS or MX set, those in-domain of `domain` first. */
struct glue {
	const struct rrset *set[GLUE_MAX];
	unsigned count;
	unsigned in_domain;
	const struct rrset *later[GLUE_MAX]; /* of spread_glue() */
};

/* What the records of a zone need room for while they become pieces. */
struct workshop {
	struct compile *compile;
	struct layout layout;
	struct glue glue;
};

/* Notes in the fault which set is not good, and why; MISHAP_MALFORMED. */
enum mishap workshop_refuse(struct compile *c, const struct rrset *set, const char *why);

/* The set of that type among the sets of one owner; NULL when there is none. */
const struct rrset *workshop_set_of(const struct rrset_list *sets, uint16_t type);

/* The types that an authoritative owner may have. MISHAP_MALFORMED. */
enum mishap workshop_check_types(struct compile *c, const struct rrset_list *sets) CHECKED;

/* Makes the three pieces with a fixed place. `nsec` is the one that denies a wildcard at the
 * apex, NULL without. */
enum mishap workshop_make_negative(struct workshop *w, const struct rrset *soa,
                                   const struct rrset *nsec) CHECKED;

/* Makes the node of a draft. `*nsec` is the piece of the NSEC before, and becomes that of this
 * name's. */
enum mishap workshop_make_node(struct workshop *w, const struct draft *draft,
                               uint32_t *nsec) CHECKED;

#endif
