/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_sign - a whole zone under one full Ed25519 key, as our own functions of zones do it:
 * what of the work is ours, what is the cryptography's. No program of the product has a full
 * key.
 *
 *     zone_sign sign SEED IN OUT    text without signatures, to signed text with NSEC and
 * ZONEMD zone_sign verify IN           every signature, the NSEC chain, ZONEMD
 *
 * SEED has 32 octets. Texts are those of comity-zone(5). A line of JSON tells milliseconds of
 * CPU.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "dns/dname.h"
#include "dns/dnskey.h"
#include "dns/nsec.h"
#include "dns/rrsig.h"
#include "dns/zonemd.h"
#include "dns/zonetext.h"
#include "host/file.h"
#include "host/memory.h"

#define MEMORY                ((size_t)1 << 30)
#define TEXT_MAX              ((size_t)64 << 20)
#define INCEPTION             1577836800 /* 2020 */
#define EXPIRATION            2145830400 /* 2037: no test hangs on the day */
#define TTL_DNSKEY            172800
#define TYPES_MAX             32
#define DATA_MAX              65536
#define SIGNED_TYPE(set, cut) (!(cut) || (set)->type == TYPE_DS || (set)->type == TYPE_NSEC)

static struct arena memory;

/* ---- what it takes ---- */

struct lap {
	double since;
};

static double cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void tell(struct lap *lap, const char *what)
{
	double now = cpu_ms();

	printf("\"%s\": %.3f, ", what, now - lap->since);
	lap->since = now;
}

_Noreturn static void fail(const char *why)
{
	fprintf(stderr, "zone_sign: %s\n", why);
	exit(1);
}

/* ---- zones ---- */

static struct rrset_list read_zone(const char *path)
{
	struct rrset_list zone;
	struct fault fault;
	struct bytes text;
	bool missing;

	if (file_read(path, TEXT_MAX, &memory, &text, &missing) != OK)
		fail(path);
	if (!zone_read_text(text, &memory, &zone, &fault) || zone.count == 0) {
		fprintf(stderr, "%s: line %u: %s\n", path, fault.line, fault.why);
		exit(1);
	}
	return zone;
}

/* The sets of one owner, one owner after the other, with what the zone says of it. */
struct owner_walk {
	const struct rrset_list *zone;
	size_t from, to;        /* its sets */
	struct bytes apex, cut; /* the last zone cut; none: of size 0 */
	bool at_cut, below;     /* it is one, or stands below */
};

static struct owner_walk owners_of(const struct rrset_list *zone)
{
	return (struct owner_walk){.zone = zone, .apex = zone->at[0].owner};
}

static bool next_owner(struct owner_walk *w)
{
	const struct rrset *set = w->zone->at;

	w->from = w->to;
	if (w->from == w->zone->count)
		return false;
	while (w->to < w->zone->count && bytes_same(set[w->to].owner, set[w->from].owner))
		w->to++;
	w->below = w->cut.size != 0 && dname_in_domain(set[w->from].owner, w->cut);
	w->at_cut = false;
	for (size_t i = w->from; i < w->to && !w->below; i++)
		w->at_cut |= set[i].type == TYPE_NS && !bytes_same(set[i].owner, w->apex);
	if (w->at_cut)
		w->cut = set[w->from].owner;
	return true;
}

/* The types of an owner that its NSEC names, that of the NSEC and its RRSIG included. */
static size_t types_of(const struct owner_walk *w, uint16_t types[TYPES_MAX])
{
	size_t count = 0;

	for (size_t i = w->from; i < w->to && count < TYPES_MAX - 2; i++) {
		const struct rrset *set = &w->zone->at[i];

		if (set->type != TYPE_NSEC &&
		    (SIGNED_TYPE(set, w->at_cut) || set->type == TYPE_NS))
			types[count++] = set->type;
	}
	types[count++] = TYPE_NSEC;
	types[count++] = TYPE_RRSIG;
	return count;
}

static struct bytes nsec_rdata(const struct owner_walk *w, struct bytes next)
{
	uint16_t types[TYPES_MAX];
	size_t count = types_of(w, types);
	struct writer writer = writer_in(&memory);

	nsec_write(&writer, next, types, count);
	return writer_keep(&writer, &memory);
}

/* ---- signing ---- */

struct full_key {
	uint8_t secret_key[crypto_sign_SECRETKEYBYTES], public_key[crypto_sign_PUBLICKEYBYTES];
	struct bytes dnskey, apex;
	uint16_t tag;
	uint32_t negative_ttl; /* seconds (RFC 9077) */
	unsigned count;        /* signatures made */
};

static struct full_key make_key(const char *path, const struct rrset_list *zone)
{
	struct full_key signer = {.apex = zone->at[0].owner};
	const struct rrset *soa = rrset_find(zone, signer.apex, TYPE_SOA);
	struct writer writer;
	struct bytes seed, minimum;
	bool missing;

	if (file_read(path, crypto_sign_SEEDBYTES, &memory, &seed, &missing) != OK ||
	    soa == NULL || seed.size != crypto_sign_SEEDBYTES)
		fail(path);
	(void)crypto_sign_seed_keypair(signer.public_key, signer.secret_key, seed.at);
	writer = writer_in(&memory);
	dnskey_write_ed25519(&writer, DNSKEY_FLAG_ZONE | DNSKEY_FLAG_SECURE_ENTRY,
	                     signer.public_key);
	signer.dnskey = writer_keep(&writer, &memory);
	signer.tag = dnskey_key_tag(signer.dnskey);
	minimum = bytes_from(soa->rdata[0], soa->rdata[0].size - 4);
	signer.negative_ttl = (uint32_t)minimum.at[0] << 24 | (uint32_t)minimum.at[1] << 16 |
	                      (uint32_t)minimum.at[2] << 8 | minimum.at[3];
	if (soa->ttl < signer.negative_ttl)
		signer.negative_ttl = soa->ttl;
	return signer;
}

static void sign(struct full_key *signer, struct rrset *set)
{
	static uint8_t data[DATA_MAX];
	uint8_t signature[crypto_sign_BYTES];
	struct writer writer = {.at = data, .size = sizeof(data)};
	struct bytes *rdata = arena_take(&memory, sizeof(*rdata));
	struct rrsig rrsig = {
		.type_covered = set->type,
		.algorithm = DNSKEY_ALGORITHM_ED25519,
		.labels = rrsig_labels(set->owner),
		.original_ttl = set->ttl,
		.expiration = EXPIRATION,
		.inception = INCEPTION,
		.key_tag = signer->tag,
		.signer = signer->apex,
	};

	rrsig_write_signed_data(&writer, &rrsig, set);
	(void)crypto_sign_detached(signature, NULL, data, writer.used, signer->secret_key);
	rrsig.signature = (struct bytes){signature, sizeof(signature)};
	writer = writer_in(&memory);
	rrsig_write(&writer, &rrsig);
	*rdata = writer_keep(&writer, &memory);
	set->rrsig = rdata;
	set->rrsig_count = 1;
	signer->count++;
}

static void sign_all(struct full_key *signer, const struct rrset_list *zone, struct rrset *sets)
{
	struct owner_walk w = owners_of(zone);

	while (next_owner(&w))
		for (size_t i = w.from; i < w.to && !w.below; i++)
			if (SIGNED_TYPE(&sets[i], w.at_cut) && sets[i].type != TYPE_ZONEMD)
				sign(signer, &sets[i]);
}

/* Adds the NSEC of every owner with authority; their number. */
static size_t chain(const struct rrset_list *zone, const struct full_key *signer, struct rr *rr)
{
	struct owner_walk w = owners_of(zone), last = w;
	size_t count = 0;

	while (next_owner(&w)) {
		if (w.below)
			continue;
		if (last.to != 0) /* now it is known what comes next */
			rr[count++].rdata = nsec_rdata(&last, zone->at[w.from].owner);
		rr[count] = (struct rr){
			zone->at[w.from].owner, signer->negative_ttl, TYPE_NSEC, {NULL, 0}};
		last = w;
	}
	rr[count++].rdata = nsec_rdata(&last, signer->apex);
	return count;
}

/* The zone with the key, a place for ZONEMD, and the NSEC chain. */
static struct rrset_list complete(const struct rrset_list *zone, const struct full_key *signer)
{
	static const uint8_t no_digest[6 + SHA384_SIZE];
	size_t count = 0;
	struct rr *rr =
		arena_take_array(&memory, 2 * rrset_list_records(zone) + 2, sizeof(*rr));
	struct rr_walk walk = rr_walk_over(zone);
	struct rrset_list with_key, whole;
	struct fault fault;

	while (rr_walk_next(&walk, &rr[count]))
		count++;
	rr[count++] = (struct rr){signer->apex, TTL_DNSKEY, TYPE_DNSKEY, signer->dnskey};
	rr[count++] = (struct rr){
		signer->apex, zone->at[0].ttl, TYPE_ZONEMD, {no_digest, sizeof(no_digest)}};
	if (!rrset_list_make(rr, count, &memory, &with_key, &fault))
		fail(fault.why);
	count += chain(&with_key, signer, rr + count);
	if (!rrset_list_make(rr, count, &memory, &whole, &fault))
		fail(fault.why);
	return whole;
}

static struct rrset *find(const struct rrset_list *zone, struct rrset *sets, struct bytes owner,
                          uint16_t type)
{
	return sets + (rrset_find(zone, owner, type) - zone->at);
}

/* ZONEMD over everything else, and its signature. */
static void digest(struct full_key *signer, const struct rrset_list *zone, struct rrset *sets)
{
	const struct rrset *soa = rrset_find(zone, signer->apex, TYPE_SOA);
	struct rrset *set = find(zone, sets, signer->apex, TYPE_ZONEMD);
	struct bytes tail = bytes_from(soa->rdata[0], soa->rdata[0].size - 20);
	struct bytes *rdata = arena_take(&memory, sizeof(*rdata));
	uint8_t octets[SHA384_SIZE];
	struct zonemd zonemd = {
		.serial = {(uint32_t)tail.at[0] << 24 | (uint32_t)tail.at[1] << 16 |
	                   (uint32_t)tail.at[2] << 8 | tail.at[3]},
		.scheme = ZONEMD_SCHEME_SIMPLE,
		.hash = ZONEMD_HASH_SHA384,
		.digest = {octets, sizeof(octets)},
	};
	struct writer writer;

	zonemd_digest(zone, signer->apex, octets);
	writer = writer_in(&memory);
	zonemd_write(&writer, &zonemd);
	*rdata = writer_keep(&writer, &memory);
	set->rdata = rdata;
	sign(signer, set);
}

static int run_sign(const char *seed, const char *in, const char *out)
{
	struct lap lap = {cpu_ms()};
	struct rrset_list zone = read_zone(in);
	struct full_key signer = make_key(seed, &zone);
	struct rrset *sets;
	struct writer writer;

	printf("{");
	tell(&lap, "read_ms");
	zone = complete(&zone, &signer);
	sets = arena_take_array(&memory, zone.count, sizeof(*sets));
	memcpy(sets, zone.at, zone.count * sizeof(*sets));
	zone.at = sets;
	tell(&lap, "complete_ms");
	sign_all(&signer, &zone, sets);
	tell(&lap, "sign_ms");
	digest(&signer, &zone, sets);
	tell(&lap, "zonemd_ms");
	writer = writer_in(&memory);
	zone_write_text(&writer, &zone);
	if (file_write(out, 0644, writer_bytes(&writer), false) != OK)
		fail(out);
	tell(&lap, "write_ms");
	printf("\"signatures\": %u}\n", signer.count);
	return 0;
}

/* ---- verifying ---- */

static bool holds(const struct rrset *set, struct bytes rdata, const struct rrset *keys)
{
	static uint8_t data[DATA_MAX];
	struct writer writer = {.at = data, .size = sizeof(data)};
	struct rrsig rrsig = rrsig_read(rdata);

	if (rrsig.algorithm != DNSKEY_ALGORITHM_ED25519 ||
	    rrsig.signature.size != crypto_sign_BYTES ||
	    rrsig.labels > rrsig_labels(set->owner))
		return false;
	rrsig_write_signed_data(&writer, &rrsig, set);
	for (uint32_t i = 0; i < keys->count; i++)
		if (keys->rdata[i].size == 4 + DNSKEY_ED25519_SIZE &&
		    dnskey_key_tag(keys->rdata[i]) == rrsig.key_tag &&
		    crypto_sign_verify_detached(rrsig.signature.at, data, writer.used,
		                                keys->rdata[i].at + 4) == 0)
			return true;
	return false;
}

/* Every set with authority has a signature, and all that there are hold; their number. */
static unsigned verify_all(const struct rrset_list *zone)
{
	const struct rrset *keys = rrset_find(zone, zone->at[0].owner, TYPE_DNSKEY);
	struct owner_walk w = owners_of(zone);
	unsigned count = 0;

	if (keys == NULL)
		fail("there is no key");
	while (next_owner(&w))
		for (size_t i = w.from; i < w.to; i++) {
			const struct rrset *set = &zone->at[i];
			bool wanted = !w.below && SIGNED_TYPE(set, w.at_cut);

			if (wanted != (set->rrsig_count != 0))
				fail("a signature is missing, or one too many");
			for (uint32_t k = 0; k < set->rrsig_count; k++, count++)
				if (!holds(set, set->rrsig[k], keys))
					fail("a signature does not hold");
		}
	return count;
}

/* The chain is that which complete() would make. */
static void verify_chain(const struct rrset_list *zone)
{
	struct owner_walk w = owners_of(zone);
	struct bytes expected = zone->at[0].owner, next, bitmap;

	while (next_owner(&w)) {
		const struct rrset *nsec = rrset_find(zone, zone->at[w.from].owner, TYPE_NSEC);
		struct arena before = memory;

		if (w.below) {
			if (nsec != NULL)
				fail("an NSEC without authority");
			continue;
		}
		if (nsec == NULL || !bytes_same(expected, zone->at[w.from].owner))
			fail("the NSEC chain has a gap");
		nsec_read(nsec->rdata[0], &next, &bitmap);
		if (nsec->count != 1 || !bytes_same(nsec->rdata[0], nsec_rdata(&w, next)))
			fail("an NSEC with other types than there are");
		expected = next;
		memory = before;
	}
	if (!bytes_same(expected, zone->at[0].owner))
		fail("the NSEC chain does not end at the apex");
}

static void verify_digest(const struct rrset_list *zone)
{
	const struct rrset *set = rrset_find(zone, zone->at[0].owner, TYPE_ZONEMD);
	uint8_t octets[SHA384_SIZE];

	zonemd_digest(zone, zone->at[0].owner, octets);
	if (set == NULL || !bytes_same(zonemd_read(set->rdata[0]).digest,
	                               (struct bytes){octets, sizeof(octets)}))
		fail("not the zone that ZONEMD tells of");
}

static int run_verify(const char *in)
{
	struct lap lap = {cpu_ms()};
	struct rrset_list zone = read_zone(in);
	unsigned count;

	printf("{");
	tell(&lap, "read_ms");
	count = verify_all(&zone);
	tell(&lap, "verify_ms");
	verify_chain(&zone);
	tell(&lap, "chain_ms");
	verify_digest(&zone);
	tell(&lap, "zonemd_ms");
	printf("\"signatures\": %u}\n", count);
	return 0;
}

int main(int argc, char *argv[])
{
	if (sodium_init() < 0)
		fail("libsodium");
	memory = memory_reserve(MEMORY);
	if (argc == 5 && strcmp(argv[1], "sign") == 0)
		return run_sign(argv[2], argv[3], argv[4]);
	if (argc == 3 && strcmp(argv[1], "verify") == 0)
		return run_verify(argv[2]);
	fprintf(stderr, "usage: zone_sign sign SEED IN OUT | verify IN\n");
	return 2;
}
