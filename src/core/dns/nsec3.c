/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/nsec3.h"

#include <string.h>

#include "base/base32hex.h"
#include "base/must.h"
#include "dns/dname.h"

struct nsec3 nsec3_read_param(struct bytes rdata)
{
	must(rdata.size >= 5 && rdata.size >= 5u + rdata.at[4]);
	return (struct nsec3){.way = {rdata.at[0], (uint16_t)(rdata.at[2] << 8 | rdata.at[3]),
	                              bytes_first(bytes_from(rdata, 5), rdata.at[4])},
	                      .flags = rdata.at[1]};
}

struct nsec3 nsec3_read(struct bytes rdata)
{
	struct nsec3 read = nsec3_read_param(rdata);
	struct bytes next = bytes_from(rdata, 5 + read.way.salt.size);

	must(next.size > next.at[0]);
	read.next = bytes_first(bytes_from(next, 1), next.at[0]);
	return read;
}

bool nsec3_way_same(const struct nsec3_way *a, const struct nsec3_way *b)
{
	return a->algorithm == b->algorithm && a->iterations == b->iterations &&
	       bytes_same(a->salt, b->salt);
}

/* RFC 5155 section 5: IH(0) = H(name || salt), IH(k) = H(IH(k - 1) || salt). */
void nsec3_hash(const struct nsec3_way *way, struct bytes name, uint8_t text[NSEC3_TEXT_SIZE])
{
	uint8_t salted[DNAME_SIZE_MAX + NSEC3_SALT_MAX], hash[SHA1_SIZE];
	struct writer to = {.at = text, .size = NSEC3_TEXT_SIZE};
	struct bytes input = name;

	must(way->algorithm == NSEC3_SHA1);
	for (uint32_t i = 0; i <= way->iterations; i++) {
		struct writer w = {.at = salted, .size = sizeof(salted)};

		write_bytes(&w, input);
		write_bytes(&w, way->salt);
		sha1(writer_bytes(&w), hash);
		input = (struct bytes){hash, SHA1_SIZE};
	}
	base32hex_write(&to, input);
}
