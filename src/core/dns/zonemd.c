/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonemd.h"

#include "base/must.h"
#include "dns/dname.h"

#define FIXED_SIZE 6 /* octets before the digest (section 2.2) */

struct zonemd zonemd_read(struct bytes rdata)
{
	must(rdata.size > FIXED_SIZE);
	return (struct zonemd){
		.serial = {(uint32_t)rdata.at[0] << 24 | (uint32_t)rdata.at[1] << 16 |
	                   (uint32_t)rdata.at[2] << 8 | rdata.at[3]},
		.scheme = rdata.at[4],
		.hash = rdata.at[5],
		.digest = bytes_from(rdata, FIXED_SIZE),
	};
}

void zonemd_write(struct writer *writer, const struct zonemd *zonemd)
{
	write_u32(writer, zonemd->serial.value);
	write_octet(writer, zonemd->scheme);
	write_octet(writer, zonemd->hash);
	write_bytes(writer, zonemd->digest);
}

/* Section 3.3.1: the apex ZONEMD set and the RRSIGs that cover it are left out. */
static bool left_out(const struct rr *rr, struct bytes apex)
{
	bool zonemd =
		rr->type == TYPE_ZONEMD || (rr->type == TYPE_RRSIG && rr->rdata.at[0] == 0 &&
	                                    rr->rdata.at[1] == TYPE_ZONEMD);

	return zonemd && bytes_same(rr->owner, apex);
}

#define CHUNK_SIZE (16 * 1024)
#define FRAME_SIZE 10 /* type, class, TTL and size of RDATA */

/* Hashing in large pieces: most records are shorter than a block of SHA-384. */
struct chunk {
	struct sha384 hash;
	struct writer writer;
};

static void flush(struct chunk *chunk)
{
	sha384_update(&chunk->hash, writer_bytes(&chunk->writer));
	chunk->writer.used = 0;
}

static void add(struct chunk *chunk, const struct rr *rr)
{
	struct writer *w = &chunk->writer;
	bool large = rr->owner.size + FRAME_SIZE + rr->rdata.size > CHUNK_SIZE;

	if (w->size - w->used < rr->owner.size + FRAME_SIZE + (large ? 0 : rr->rdata.size))
		flush(chunk);
	write_bytes(w, rr->owner);
	write_u16(w, rr->type);
	write_u16(w, CLASS_IN);
	write_u32(w, rr->ttl);
	write_u16(w, (uint16_t)rr->rdata.size);
	if (!large) {
		write_bytes(w, rr->rdata);
		return;
	}
	flush(chunk);
	sha384_update(&chunk->hash, rr->rdata);
}

void zonemd_digest(const struct rrset_list *zone, struct bytes apex,
                   uint8_t digest[SHA384_SIZE])
{
	uint8_t octets[CHUNK_SIZE];
	struct chunk chunk = {.writer = {.at = octets, .size = sizeof(octets)}};
	struct rr_walk walk = rr_walk_over(zone);
	struct rr rr;

	sha384_init(&chunk.hash);
	while (rr_walk_next(&walk, &rr))
		if (!left_out(&rr, apex))
			add(&chunk, &rr);
	flush(&chunk);
	must(!chunk.writer.full);
	sha384_final(&chunk.hash, digest);
}
