/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rrsig.h"

#include "base/must.h"
#include "dns/dname.h"

#define FIXED_SIZE 18 /* octets before the signer's name (section 3.1) */

static uint32_t u32_at(struct bytes from, size_t at)
{
	return (uint32_t)from.at[at] << 24 | (uint32_t)from.at[at + 1] << 16 |
	       (uint32_t)from.at[at + 2] << 8 | from.at[at + 3];
}

static uint16_t u16_at(struct bytes from, size_t at)
{
	return (uint16_t)(from.at[at] << 8 | from.at[at + 1]);
}

struct rrsig rrsig_read(struct bytes rdata)
{
	struct bytes rest = bytes_from(rdata, FIXED_SIZE);
	size_t size = 0;

	must(rest.size != 0);
	while (rest.at[size] != 0)
		size += 1u + rest.at[size];
	must(size < rest.size);
	return (struct rrsig){
		.type_covered = u16_at(rdata, 0),
		.algorithm = rdata.at[2],
		.labels = rdata.at[3],
		.original_ttl = u32_at(rdata, 4),
		.expiration = u32_at(rdata, 8),
		.inception = u32_at(rdata, 12),
		.key_tag = u16_at(rdata, 16),
		.signer = bytes_first(rest, size + 1),
		.signature = bytes_from(rest, size + 1),
	};
}

static void write_without_signature(struct writer *writer, const struct rrsig *rrsig)
{
	write_u16(writer, rrsig->type_covered);
	write_octet(writer, rrsig->algorithm);
	write_octet(writer, rrsig->labels);
	write_u32(writer, rrsig->original_ttl);
	write_u32(writer, rrsig->expiration);
	write_u32(writer, rrsig->inception);
	write_u16(writer, rrsig->key_tag);
	write_bytes(writer, rrsig->signer);
}

void rrsig_write(struct writer *writer, const struct rrsig *rrsig)
{
	write_without_signature(writer, rrsig);
	write_bytes(writer, rrsig->signature);
}

static bool begins_with_wildcard(struct bytes owner)
{
	return owner.at[0] == 1 && owner.at[1] == '*';
}

uint8_t rrsig_labels(struct bytes owner)
{
	return (uint8_t)(dname_label_count(owner) - begins_with_wildcard(owner));
}

void rrsig_write_signed_data(struct writer *writer, const struct rrsig *rrsig,
                             const struct rrset *set)
{
	bool expanded = rrsig->labels < rrsig_labels(set->owner);

	must(rrsig->labels <= rrsig_labels(set->owner));
	write_without_signature(writer, rrsig);
	for (uint32_t i = 0; i < set->count; i++) {
		if (expanded)
			write_bytes(writer, BYTES("\1*"));
		write_bytes(writer,
		            expanded ? dname_last(set->owner, rrsig->labels) : set->owner);
		write_u16(writer, set->type);
		write_u16(writer, CLASS_IN);
		write_u32(writer, rrsig->original_ttl);
		write_u16(writer, (uint16_t)set->rdata[i].size);
		write_bytes(writer, set->rdata[i]);
	}
}
