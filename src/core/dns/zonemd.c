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

static void write_record(struct writer *w, const struct rr *rr)
{
	write_bytes(w, rr->owner);
	write_u16(w, rr->type);
	write_u16(w, CLASS_IN);
	write_u32(w, rr->ttl);
	write_u16(w, (uint16_t)rr->rdata.size);
	write_bytes(w, rr->rdata);
}

/* Hashing in large pieces: most records are shorter than a block of SHA-384. */
struct chunk {
	struct sha384 hash;
	struct writer writer; /* with room for a record of any size behind CHUNK_SIZE octets */
	uint8_t octets[CHUNK_SIZE + DNAME_SIZE_MAX + FRAME_SIZE + UINT16_MAX];
};

static void chunk_begin(struct chunk *chunk)
{
	sha384_init(&chunk->hash);
	chunk->writer = (struct writer){.at = chunk->octets, .size = sizeof(chunk->octets)};
}

static void flush(struct chunk *chunk)
{
	sha384_update(&chunk->hash, writer_bytes(&chunk->writer));
	chunk->writer.used = 0;
}

static void add(struct chunk *chunk, const struct rrset_list *zone, struct bytes apex)
{
	struct rr_walk walk = rr_walk_over(zone);
	struct rr rr;

	while (rr_walk_next(&walk, &rr)) {
		if (!left_out(&rr, apex))
			write_record(&chunk->writer, &rr);
		if (chunk->writer.used >= CHUNK_SIZE)
			flush(chunk);
	}
}

static void chunk_end(struct chunk *chunk, uint8_t digest[SHA384_SIZE])
{
	flush(chunk);
	must(!chunk->writer.full);
	sha384_final(&chunk->hash, digest);
}

void zonemd_digest(const struct rrset_list *zone, struct bytes apex,
                   uint8_t digest[SHA384_SIZE])
{
	struct chunk chunk;

	chunk_begin(&chunk);
	add(&chunk, zone, apex);
	chunk_end(&chunk, digest);
}

/* ---- after changes ---- */

size_t zonemd_kept_size(const struct rrset_list *zone)
{
	size_t size = 256 + zone->count * sizeof(struct zonemd_name);
	struct rr_walk walk = rr_walk_over(zone);
	struct rr rr;

	while (rr_walk_next(&walk, &rr))
		size += rr.owner.size + FRAME_SIZE + rr.rdata.size;
	return size;
}

void zonemd_keep(struct zonemd_kept *kept, const struct rrset_list *zone, struct bytes apex,
                 struct arena *arena)
{
	struct rr_walk walk = rr_walk_over(zone);
	struct writer octets;
	struct rr rr;

	*kept = (struct zonemd_kept){.apex = apex};
	kept->name = arena_take_array(arena, zone->count, sizeof(*kept->name));
	octets = writer_in(arena);
	while (rr_walk_next(&walk, &rr)) {
		if (kept->names == 0 ||
		    !bytes_same(kept->name[kept->names - 1].owner, rr.owner))
			kept->name[kept->names++] = (struct zonemd_name){rr.owner, octets.used};
		if (!left_out(&rr, apex))
			write_record(&octets, &rr);
	}
	kept->octets = writer_keep(&octets, arena);
}

/* Where the records of a name begin, and where they end: the same where it has none. */
static void find_kept(const struct zonemd_kept *kept, struct bytes owner, size_t *begin,
                      size_t *end)
{
	size_t low = 0, high = kept->names;
	bool here;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dname_order(kept->name[middle].owner, owner) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	here = low < kept->names && bytes_same(kept->name[low].owner, owner);
	*begin = low < kept->names ? kept->name[low].at : kept->octets.size;
	*end = !here                   ? *begin
	       : low + 1 < kept->names ? kept->name[low + 1].at
	                               : kept->octets.size;
}

void zonemd_digest_changed(const struct zonemd_kept *kept, const struct rrset_list *zone,
                           const struct bytes *changed, size_t count,
                           uint8_t digest[SHA384_SIZE])
{
	size_t begin, end, from = 0;
	struct chunk chunk;

	chunk_begin(&chunk);
	for (size_t i = 0; i < count; i++, from = end) {
		struct rrset_list sets = rrset_list_at(zone, changed[i]);

		find_kept(kept, changed[i], &begin, &end);
		must(from <= begin);
		flush(&chunk);
		sha384_update(&chunk.hash,
		              bytes_first(bytes_from(kept->octets, from), begin - from));
		add(&chunk, &sets, kept->apex);
	}
	flush(&chunk);
	sha384_update(&chunk.hash, bytes_from(kept->octets, from));
	chunk_end(&chunk, digest);
}
