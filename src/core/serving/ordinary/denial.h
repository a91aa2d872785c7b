/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ORDINARY_DENIAL_H
#define COMITY_SERVING_ORDINARY_DENIAL_H

/*
 * denial.h - which records prove that something is not there: NSEC (RFC 4035 section 3.1.3) or
 * NSEC3 (RFC 5155 section 7.2), as the zone has it; none where it is not signed.
 *
 * What is known when the zone is made costs nothing here: a query hashes one name at
 * most for each name that is asked for and is not there.
 */

#include "serving/ordinary/file.h"

#define DENIAL_MAX 16 /* proofs in one response: one for each alias, three for its end */

/* The proofs of one response, each once. */
struct denial {
	struct proof {
		const struct ordinary *zone;
		struct bytes owner;
		const struct ordinary_set *set;
	} proof[DENIAL_MAX];
	unsigned count;
};

/* The name of `node` is there and has not what was asked for: no data, or no DS of a delegation
 * (RFC 5155 sections 7.2.3, 7.2.4 and 7.2.7). */
void denial_of_type(struct denial *denial, const struct ordinary *zone, uint32_t node);

/* There is no `name`, which is at `place`, and no wildcard that would match it (section 7.2.2).
 */
void denial_of_name(struct denial *denial, const struct ordinary *zone,
                    const struct ordinary_place *place, struct bytes name);

/* There is no `name`, and so a wildcard answers (section 7.2.6). */
void denial_beside_wildcard(struct denial *denial, const struct ordinary *zone,
                            const struct ordinary_place *place, struct bytes name);

/* The same, and the wildcard has not what was asked for (section 7.2.5). */
void denial_of_wildcard(struct denial *denial, const struct ordinary *zone,
                        const struct ordinary_place *place, struct bytes name);

#endif
