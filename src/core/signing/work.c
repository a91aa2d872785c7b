/* SPDX-License-Identifier: Apache-2.0 */
#include "signing/work.h"

#include "base/must.h"
#include "dns/dname.h"
#include "dns/dnskey.h"
#include "dns/rrsig.h"
#include "dns/zonemd.h"
#include "dns/zonetext.h"
#include "state/content.h"
#include "state/holding.h"

struct digest rrset_digest(const struct rrset *set)
{
	crypto_hash_sha256_state hash;
	uint8_t fixed[6];
	struct writer w = {.at = fixed, .size = sizeof(fixed)};
	struct digest digest;

	write_u16(&w, set->type);
	write_u32(&w, set->ttl);
	crypto_hash_sha256_init(&hash);
	crypto_hash_sha256_update(&hash, set->owner.at, set->owner.size);
	crypto_hash_sha256_update(&hash, fixed, sizeof(fixed));
	for (uint32_t i = 0; i < set->count; i++) {
		uint8_t size[2] = {(uint8_t)(set->rdata[i].size >> 8), (uint8_t)set->rdata[i].size};
		crypto_hash_sha256_update(&hash, size, sizeof(size));
		crypto_hash_sha256_update(&hash, set->rdata[i].at, set->rdata[i].size);
	}
	crypto_hash_sha256_final(&hash, digest.octet);
	return digest;
}

const struct group *work_group(const struct work *work, uint32_t index)
{
	bool ksk = work->job.kind == JOB_ZONE && work->item[index].ksk;

	return ksk ? &work->ksk : &work->zsk;
}

static void group_must_get(const struct state *state, const struct job_group *ref,
                           struct group *group)
{
	bool there = group_get(state, ref->kind, ref->number, group);

	must(there);
}

static struct rrsig rrsig_of(const struct work *work, uint32_t index)
{
	const struct work_item *item = &work->item[index];
	const struct rrset *set = &work->zone.set[item->set];

	return (struct rrsig){
		.type_covered = set->type,
		.algorithm = DNSKEY_ALGORITHM_ED25519,
		.labels = rrsig_labels(set->owner),
		.original_ttl = set->ttl,
		.expiration = item->expiration,
		.inception = work->job.inception,
		.key_tag = work_group(work, index)->tag,
		.signer = work->zone.apex,
	};
}

static void attach_rdata(struct work *work, uint32_t set, const struct rrsig *rrsig,
                         struct arena *arena)
{
	struct bytes *rdata = arena_take(arena, sizeof(*rdata));
	struct writer w = writer_in(arena);

	rrsig_write(&w, rrsig);
	*rdata = writer_keep(&w, arena);
	work->zone.set[set].rrsig = rdata;
	work->zone.set[set].rrsig_count = 1;
	if (work->expires == 0 || rrsig->expiration < work->expires)
		work->expires = rrsig->expiration;
}

void work_attach(struct work *work, uint32_t index, const uint8_t signature[64],
                 struct arena *arena)
{
	struct rrsig rrsig = rrsig_of(work, index);

	must(work->job.kind == JOB_ZONE && index <= work->items);
	rrsig.signature = (struct bytes){signature, 64};
	attach_rdata(work, work->item[index].set, &rrsig, arena);
}

void work_message(const struct work *work, uint32_t index, struct writer *writer)
{
	if (work->job.kind == JOB_ZONE) {
		struct rrsig rrsig = rrsig_of(work, index);
		rrsig_write_signed_data(writer, &rrsig, &work->zone.set[work->item[index].set]);
		return;
	}
	must(index == 0);
	write_text(writer, "comity-confirm/1\n");
	write_field_digest(writer, "genesis", &work->federation);
	write_field(writer, "group", bytes_of(group_word(work->zsk.kind)));
	write_field_number(writer, "number", work->zsk.number);
	write_text(writer, "key: ");
	write_hex(writer, (struct bytes){work->zsk.public_key, 32});
	write_octet(writer, '\n');
}

/* The signature of the current release, when it still covers this set and is good enough. */
static bool kept(struct work *work, const struct state *state, const struct apex *apex,
                 uint32_t set, const struct digest *covers, bool ksk, struct arena *arena)
{
	const struct group *group = ksk ? &work->ksk : &work->zsk;
	const struct rrset *s = &work->zone.set[set];
	uint8_t owner[DNAME_TEXT_SIZE_MAX], type[16];
	struct writer o = {.at = owner, .size = sizeof(owner)}, t = {.at = type, .size = sizeof(type)};
	struct signed_rrset have;

	dname_write_text(&o, s->owner);
	type_write_text(&t, s->type);
	if (!signed_rrset_get(state, writer_bytes(&o), writer_bytes(&t), &have))
		return false;
	if (!digest_same(&have.covers, covers) || have.group != group->kind ||
	    have.group_number != group->number ||
	    (int64_t)have.expiration - work->job.opened.seconds <= apex->renewal_seconds)
		return false;
	struct rrsig rrsig = {s->type,
	                      DNSKEY_ALGORITHM_ED25519,
	                      rrsig_labels(s->owner),
	                      s->ttl,
	                      have.expiration,
	                      have.inception,
	                      group->tag,
	                      work->zone.apex,
	                      {have.signature, 64}};
	attach_rdata(work, set, &rrsig, arena);
	return true;
}

/* Expirations spread over a fifth of the renewal margin, by owner and type, so that renewals do
 * not come all at once. */
static uint32_t expiration_of(const struct work *work, const struct apex *apex,
                              const struct rrset *set)
{
	uint8_t buffer[DNAME_SIZE_MAX + 2];
	struct writer w = {.at = buffer, .size = sizeof(buffer)};
	int64_t spread = (apex->validity_seconds - apex->renewal_seconds) / 5 + 1;

	write_bytes(&w, set->owner);
	write_u16(&w, set->type);
	struct digest d = sha256(writer_bytes(&w));
	uint32_t jitter = (uint32_t)d.octet[0] << 24 | (uint32_t)d.octet[1] << 16 |
	                  (uint32_t)d.octet[2] << 8 | d.octet[3];
	return (uint32_t)(work->job.opened.seconds + apex->validity_seconds - jitter % spread);
}

static void item_add(struct work *work, const struct apex *apex, uint32_t set, bool ksk,
                     const struct digest *covers)
{
	const struct rrset *s = &work->zone.set[set];
	struct work_item *item = &work->item[work->items];

	*item = (struct work_item){set, ksk, expiration_of(work, apex, s), *covers};
	if (s->type != TYPE_ZONEMD)
		work->items++;
}

static void items_plan(struct work *work, const struct state *state, const struct apex *apex,
                       struct arena *arena)
{
	struct zone *zone = &work->zone;
	static const struct digest NONE;

	work->item = arena_take_array(arena, zone->count + 1, sizeof(*work->item));
	for (uint32_t i = 0; i < zone->count; i++) {
		bool ksk = zone->set[i].type == TYPE_DNSKEY;
		struct digest covers;

		if (!zone->authoritative[i] || zone->set[i].type == TYPE_ZONEMD)
			continue;
		covers = rrset_digest(&zone->set[i]);
		if (zone->set[i].type == TYPE_SOA ||
		    !kept(work, state, apex, i, &covers, ksk, arena))
			item_add(work, apex, i, ksk, &covers);
	}
	item_add(work, apex, (uint32_t)(zone->zonemd - zone->set), false, &NONE);
}

static struct digest messages_digest(const struct work *work, struct arena scratch)
{
	crypto_hash_sha256_state hash;
	struct digest digest;
	struct writer w = writer_in(&scratch);

	crypto_hash_sha256_init(&hash);
	for (uint32_t i = 0; i < work->items; i++) {
		w.used = 0;
		work_message(work, i, &w);
		must(!w.full);
		digest = sha256(writer_bytes(&w));
		crypto_hash_sha256_update(&hash, digest.octet, DIGEST_SIZE);
	}
	crypto_hash_sha256_final(&hash, digest.octet);
	return digest;
}

static void zone_work_build(const struct state *state, struct arena *arena, struct work *work)
{
	struct zone_plan plan = {.serial = {work->job.serial}};
	struct apex apex;
	struct bytes record = {NULL, 0};
	const char *why;

	for (unsigned i = 0; i < work->job.group_count; i++) {
		const struct job_group *ref = &work->job.group[i];
		struct group group;

		group_must_get(state, ref, &group);
		plan.key[i].flags = DNSKEY_FLAG_ZONE |
		                    (ref->kind == GROUP_ZSK ? 0 : DNSKEY_FLAG_SECURE_ENTRY);
		memcpy(plan.key[i].public_key, group.public_key, 32);
		plan.key_count++;
		if (ref->kind == GROUP_KSK)
			work->ksk = group;
		if (ref->kind == GROUP_ZSK && work->zsk.count == 0)
			work->zsk = group;
	}
	zone_derive(state, &plan, arena, &work->zone);
	bool read = content_get(state, BYTES("apex"), arena, &record);
	must(read);
	struct text lines = record_lines(record);
	read = apex_read(&lines, &apex, &why);
	must(read);
	items_plan(work, state, &apex, arena);
}

void work_build(const struct state *state, const struct digest *federation,
                const struct job *job, struct arena *arena, struct work *work)
{
	*work = (struct work){.job = *job, .federation = *federation};
	if (job->kind == JOB_ZONE) {
		zone_work_build(state, arena, work);
	} else {
		group_must_get(state, &job->group[0], &work->zsk);
		work->items = 1;
	}
	work->digest = messages_digest(work, *arena);
}

struct bytes work_attached(const struct work *work, uint32_t index)
{
	const struct rrset *set = &work->zone.set[work->item[index].set];

	must(set->rrsig_count == 1);
	return rrsig_read(set->rrsig[0]).signature;
}

void work_compute_zonemd(const struct work *work, uint8_t digest[SHA384_SIZE])
{
	struct rrset_list list = zone_list(&work->zone);

	zonemd_digest(&list, work->zone.apex, digest);
}

void work_place_zonemd(struct work *work, const uint8_t digest[SHA384_SIZE],
                       struct arena *arena)
{
	struct zonemd zonemd = {{work->job.serial}, ZONEMD_SCHEME_SIMPLE, ZONEMD_HASH_SHA384,
	                        {digest, SHA384_SIZE}};
	struct bytes *rdata = arena_take(arena, sizeof(*rdata));
	struct writer w = writer_in(arena);

	zonemd_write(&w, &zonemd);
	*rdata = writer_keep(&w, arena);
	work->zone.zonemd->rdata = rdata;
}

uint64_t work_zone_digest(const struct work *work, struct digest *digest)
{
	struct rrset_list list = zone_list(&work->zone);
	struct rr_walk walk = rr_walk_over(&list);
	uint8_t line[2048];
	crypto_hash_sha256_state hash;
	uint64_t records = 0;
	struct rr rr;

	crypto_hash_sha256_init(&hash);
	while (rr_walk_next(&walk, &rr)) {
		struct writer w = {.at = line, .size = sizeof(line)};

		rr_write_text(&w, &rr);
		write_octet(&w, '\n');
		must(!w.full);
		crypto_hash_sha256_update(&hash, line, w.used);
		records++;
	}
	crypto_hash_sha256_final(&hash, digest->octet);
	return records;
}

void work_item_name(const struct work *work, uint32_t index, struct writer *owner,
                    struct writer *type)
{
	const struct rrset *set = &work->zone.set[work->item[index].set];

	dname_write_text(owner, set->owner);
	type_write_text(type, set->type);
}

/* "rrsig/<owner>/<type>" names a set that the zone signs. */
static bool still_signed(const struct work *work, struct bytes key)
{
	struct bytes owner = record_key_part(key, 1), type = record_key_part(key, 2);
	struct rrset_list list = zone_list(&work->zone);
	const struct rrset *set;
	struct dname name;
	uint16_t number;

	owner.size -= type.size + 1;
	if (dname_read_text(owner, &name) != OK || !type_read_text(type, &number))
		return false;
	set = rrset_find(&list, dname_bytes(&name), number);
	return set != NULL && work->zone.authoritative[set - work->zone.set];
}

void work_forget_rrsigs(const struct work *work, struct state *state)
{
	struct bytes record;
	size_t index = 0;

	while (state_next(state, BYTES("rrsig/"), &index, &record))
		if (!still_signed(work, state_key(record))) {
			state_delete(state, state_key(record));
			index--;
		}
}
