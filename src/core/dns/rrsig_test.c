/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rrsig.h"

#include <sodium.h>
#include <string.h>

#include "base/base64.h"
#include "dns/dname.h"
#include "dns/dnskey.h"
#include "dns/rdata.h"
#include "tap.h"

static uint8_t memory[1 << 16];
static struct arena arena = {memory, sizeof(memory), 0};

static struct bytes rdata(uint16_t type, const char *text)
{
	struct bytes rdata = {NULL, 0};
	struct fault fault;

	if (!rdata_read_text(type, bytes_of(text), &arena, &rdata, &fault))
		bail_out(text);
	return rdata;
}

struct example {
	const char *dnskey, *ds, *rrsig;
	uint16_t key_tag;
};

/* RFC 8080 section 6 with its erratum 4935 (the names have two labels). */
static const struct example RFC8080[] = {
	{"257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=",
         "3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b",
         "MX 15 2 3600 20150819220000 20150729220000 3613 example.com. "
         "oL9krJun7xfBOIWcGHi7mag5/"
         "hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==",
         3613},
	{"257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=",
         "35217 15 2 401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c6614c",
         "MX 15 2 3600 20150819220000 20150729220000 35217 example.com. "
         "zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcB"
         "g==",
         35217},
};

static void keys(const struct example *e, struct bytes owner)
{
	struct bytes key = rdata(TYPE_DNSKEY, e->dnskey);
	uint8_t octets[100];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	ok(dnskey_key_tag(key) == e->key_tag, "key tag");
	ds_write_sha256(&w, owner, key);
	ok(bytes_same(writer_bytes(&w), rdata(TYPE_DS, e->ds)), "DS");
	w.used = 0;
	dnskey_write_ed25519(&w, DNSKEY_FLAG_ZONE | DNSKEY_FLAG_SECURE_ENTRY, key.at + 4);
	ok(bytes_same(writer_bytes(&w), key), "DNSKEY");
}

static void signed_data(const struct example *e, struct bytes owner)
{
	struct bytes key = rdata(TYPE_DNSKEY, e->dnskey),
		     mx = rdata(TYPE_MX, "10 mail.example.com.");
	struct bytes whole = rdata(TYPE_RRSIG, e->rrsig);
	struct rrset set = {
		.owner = owner, .type = TYPE_MX, .ttl = 1, .count = 1, .rdata = &mx};
	struct rrsig rrsig = rrsig_read(whole);
	uint8_t octets[500];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	rrsig_write(&w, &rrsig);
	ok(bytes_same(writer_bytes(&w), whole), "RRSIG RDATA reads and writes back");
	w.used = 0;
	rrsig_write_signed_data(&w, &rrsig, &set);
	ok(rrsig.signature.size == crypto_sign_BYTES &&
	           crypto_sign_verify_detached(rrsig.signature.at, octets, w.used,
	                                       key.at + 4) == 0,
	   "the signature of RFC 8080 verifies over the signed data");
	octets[0] ^= 1;
	ok(crypto_sign_verify_detached(rrsig.signature.at, octets, w.used, key.at + 4) != 0,
	   "and over nothing else");
}

/* RFC 4034 section 5.4 and RFC 4509 section 2.3: an RSA key. */
static void ds_of_rfc4509(void)
{
	struct bytes key =
		rdata(TYPE_DNSKEY,
	              "256 3 5 "
	              "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZ"
	              "DRD99WYwYqUSdjMmmAphXdvxegXd/"
	              "M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbt"
	              "G9DMBmADjFDc2w/rljwvFw==");
	uint8_t octets[100];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	ok(dnskey_key_tag(key) == 60485, "key tag of RFC 4034 section 5.4");
	ds_write_sha256(&w, BYTES("\5dskey\7example\3com\0"), key);
	ok(bytes_same(
		   writer_bytes(&w),
		   rdata(TYPE_DS,
	                 "60485 5 2 "
	                 "d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a")),
	   "DS of RFC 4509 section 2.3");
}

/* RFC 4035 section 2.2 and RFC 4034 section 3.1.3, 3.1.8.1. */
static void wildcards(void)
{
	struct bytes a = rdata(TYPE_A, "192.0.2.1");
	struct rrset set = {BYTES("\1x\1y\2cn\0"), TYPE_A, 0, 60, 1, &a, NULL};
	struct rrsig rrsig = {TYPE_A, 15, 1, 60, 2, 1, 7, BYTES("\0"), {NULL, 0}};
	uint8_t octets[200];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	ok(rrsig_labels(BYTES("\1*\2cn\0")) == 1 && rrsig_labels(BYTES("\0")) == 0 &&
	           rrsig_labels(BYTES("\1x\2cn\0")) == 2,
	   "labels without the root and the wildcard");
	rrsig_write_signed_data(&w, &rrsig, &set);
	ok(bytes_same(bytes_first(bytes_from(writer_bytes(&w), 19), 6), BYTES("\1*\2cn\0")),
	   "an expanded owner is signed as its wildcard");
}

int main(void)
{
	for (size_t i = 0; i < 2; i++) {
		keys(&RFC8080[i], BYTES("\7example\3com\0"));
		signed_data(&RFC8080[i], BYTES("\7example\3com\0"));
	}
	ds_of_rfc4509();
	wildcards();
	return done_testing();
}
