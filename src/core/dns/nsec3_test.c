/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/nsec3.h"

#include <stdio.h>
#include <string.h>

#include "base/base32hex.h"
#include "dns/dname.h"
#include "dns/rdata.h"
#include "dns/type.h"
#include "tap.h"

/* The zone of RFC 5155 appendix A: twelve iterations, and this salt. */
static const struct nsec3_way way = {NSEC3_SHA1, 12, {(const uint8_t *)"\252\273\314\335", 4}};

static bool hashes(const struct nsec3_way *how, const char *name, const char *want)
{
	uint8_t text[NSEC3_TEXT_SIZE];
	struct dname dname;

	if (dname_read_text(bytes_of(name), &dname) != OK)
		bail_out(name);
	nsec3_hash(how, dname_bytes(&dname), text);
	if (bytes_same((struct bytes){text, sizeof(text)}, bytes_of(want)))
		return true;
	printf("# got %.*s\n", NSEC3_TEXT_SIZE, (const char *)text);
	return false;
}

static void names(void)
{
	ok(hashes(&way, "example.", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom") &&
	           hashes(&way, "a.example.", "35mthgpgcu1qg68fab165klnsnk3dpvl") &&
	           hashes(&way, "ns1.example.", "2t7b4g4vsa5smi47k61mv5bv1a22bojr") &&
	           hashes(&way, "*.w.example.", "r53bq7cc2uvmubfu5ocmm6pers9tk9en") &&
	           hashes(&way, "x.y.w.example.", "2vptu5timamqttgl4luu9kg21e0aor3s"),
	   "the hashes of RFC 5155 appendix A");
	ok(hashes(&way, "Ns1.eXaMple.", "2t7b4g4vsa5smi47k61mv5bv1a22bojr"),
	   "letters count as small ones");
}

static bool is_sha1(const char *text, const char *want)
{
	uint8_t hash[SHA1_SIZE], hex[2 * SHA1_SIZE];
	struct writer w = {.at = hex, .size = sizeof(hex)};

	sha1(bytes_of(text), hash);
	write_hex(&w, (struct bytes){hash, sizeof(hash)});
	return bytes_same(writer_bytes(&w), bytes_of(want));
}

/* FIPS 180-4's examples, and the sizes at which the padding takes another block. */
static void hash(void)
{
	ok(is_sha1("", "da39a3ee5e6b4b0d3255bfef95601890afd80709") &&
	           is_sha1("abc", "a9993e364706816aba3e25717850c26c9cd0d89d") &&
	           is_sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	                   "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
	   "SHA-1 of none, one and two blocks");
	ok(is_sha1("0123456789012345678901234567890123456789012345678901234",
	           "9f3a4ce7f66b1b74c34da2c5d732c39f81e0f8df") &&
	           is_sha1("0123456701234567012345670123456701234567012345670123456701234567",
	                   "e0c094e867ef46c350ef54a7f59dd60bed92ae83"),
	   "of 55 and of 64 octets");
}

static void texts(void)
{
	uint8_t octets[40];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	base32hex_write(&w, BYTES("foobar"));
	ok(bytes_same(writer_bytes(&w), BYTES("cpnmuoj1e8")), "RFC 4648 section 10");
	w = (struct writer){.at = octets, .size = sizeof(octets)};
	ok(base32hex_read(BYTES("CPNMuoj1E8"), &w) &&
	           bytes_same(writer_bytes(&w), BYTES("foobar")),
	   "and back, in any case");
	ok(!base32hex_read(BYTES("cpnmuoj1e9"), &w) && !base32hex_read(BYTES("c"), &w) &&
	           !base32hex_read(BYTES("cw"), &w) && !base32hex_read(BYTES("c="), &w),
	   "spare bits, a lone digit, and what is none are refused");
}

static void records(void)
{
	struct bytes wire = BYTES("\1\1\0\14\4\252\273\314\335\3abc\0\1\100");
	struct nsec3 read = nsec3_read(wire);
	struct nsec3_way other = way;

	ok(rdata_check(TYPE_NSEC3, wire) == OK && nsec3_way_same(&read.way, &way) &&
	           read.flags == NSEC3_OPT_OUT && bytes_same(read.next, BYTES("abc")),
	   "an NSEC3 is taken apart");
	read = nsec3_read_param(BYTES("\1\0\0\0\0"));
	ok(read.way.iterations == 0 && read.way.salt.size == 0 && read.flags == 0,
	   "an NSEC3PARAM as RFC 9276 wants it");
	other.salt = BYTES("\252");
	ok(!nsec3_way_same(&other, &way), "another salt is another chain");
}

int main(void)
{
	names();
	hash();
	texts();
	records();
	return done_testing();
}
