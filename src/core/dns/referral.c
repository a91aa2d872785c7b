/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/referral.h"

#include "base/must.h"
#include "dns/dname.h"

#define QNAME_MAX      255
#define HEADER_SIZE    12
#define QUESTION_FIXED 4  /* QTYPE, QCLASS */
#define RR_FIXED       10 /* TYPE, CLASS, TTL, RDLENGTH */
#define POINTER_SIZE   2

/* Octets of `name` in a message where `known` names stand already: the labels that none of them
 * ends in, and a pointer. */
static size_t compressed_size(struct bytes name, const struct bytes *known, unsigned count)
{
	for (struct bytes rest = name; dname_label_count(rest) > 0; rest = dname_parent(rest))
		for (unsigned i = 0; i < count; i++)
			if (dname_in_domain(known[i], rest))
				return name.size - rest.size + POINTER_SIZE;
	return name.size;
}

size_t referral_size(struct bytes child, const struct bytes *ns, unsigned count, bool a, bool aaaa)
{
	struct bytes known[REFERRAL_NS_MAX + 1] = {child};
	size_t size = HEADER_SIZE + QNAME_MAX + QUESTION_FIXED;

	must(count <= REFERRAL_NS_MAX);
	for (unsigned i = 0; i < count; i++) {
		/* The owner is a pointer into the question. */
		size += POINTER_SIZE + RR_FIXED + compressed_size(ns[i], known, i + 1);
		known[i + 1] = ns[i];
	}
	return size + (a ? POINTER_SIZE + RR_FIXED + 4 : 0) + (aaaa ? POINTER_SIZE + RR_FIXED + 16 : 0);
}
