/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_REFERRAL_H
#define COMITY_DNS_REFERRAL_H

/* referral.h - how large the answer is that sends a resolver to the servers of a child zone. */

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

#define REFERRAL_NS_MAX   13
#define REFERRAL_SIZE_MAX 512 /* RFC 1035 section 4.2.1 */

/*
 * Octets of the smallest referral to `child` for the longest QNAME there is: the NS of these names
 * (wire, at most REFERRAL_NS_MAX), names compressed (RFC 1035 section 4.1.4), and one A and one AAAA
 * where `a` and `aaaa` ask for them.
 */
size_t referral_size(struct bytes child, const struct bytes *ns, unsigned count, bool a, bool aaaa);

#endif
