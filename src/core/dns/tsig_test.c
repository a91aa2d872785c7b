/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/tsig.h"

#include <string.h>

#include "base/hex.h"
#include "dns/type.h"
#include "tap.h"

#define NOW 1764000000u

static struct tsig_key key = {.algorithm = TSIG_HMAC_SHA256, .secret_size = 32};
static uint8_t octets[1024];
static uint8_t mac[TSIG_MAC_MAX];
static size_t mac_size;

static struct bytes query(void)
{
	struct writer w = {.at = octets, .size = sizeof(octets)};

	message_write_header(&w, &(struct message_header){.id = 0x1234, .count = {1}});
	write_octet(&w, 0);
	write_u16(&w, TYPE_SOA);
	write_u16(&w, CLASS_IN);
	mac_size = tsig_sign_request(&w, &key, NOW, mac);
	return writer_bytes(&w);
}

/* What a server says to a request: 0, an error, or 0xffff when it finds no record. */
static uint16_t check(struct bytes message, uint64_t now)
{
	struct tsig_chain chain;
	struct tsig tsig;
	bool present;

	if (tsig_find(message, &tsig, &present) != OK || !present ||
	    !tsig_names_key(&tsig, &key))
		return 0xffff;
	tsig_chain_begin(&chain, &key, (struct bytes){NULL, 0});
	return tsig_chain_check(&chain, message, &tsig, now);
}

static bool mac_is(const char *hex)
{
	uint8_t want[TSIG_MAC_MAX];

	query();
	return hex_read(bytes_of(hex), want, mac_size) && memcmp(mac, want, mac_size) == 0;
}

/* A byte changed anywhere, the record's ID and the message's aside, is found. */
static bool changes_are_found(void)
{
	struct bytes message = query();

	for (size_t i = 2; i < message.size; i++) {
		bool id = i == message.size - 6 || i == message.size - 5;

		octets[i] ^= 0x80;
		if ((check(message, NOW) == 0) && !id)
			return false;
		octets[i] ^= 0x80;
	}
	return check(message, NOW) == 0;
}

/* The request with its MAC cut to `size` octets. */
static uint16_t check_cut(size_t size)
{
	struct bytes message = query();
	size_t at = message.size - 6 - mac_size, rdata = at - 10 - 13;
	uint16_t rdata_size = (uint16_t)(13 + 16 + size);

	memmove(octets + at + size, octets + at + mac_size, 6);
	octets[at - 1] = (uint8_t)size;
	octets[rdata - 2] = (uint8_t)(rdata_size >> 8);
	octets[rdata - 1] = (uint8_t)rdata_size;
	return check((struct bytes){octets, message.size - mac_size + size}, NOW);
}

/* One message of a stream; `sign` or not. */
static struct bytes next_of(struct tsig_chain *chain, uint8_t *room, uint8_t mark, bool sign)
{
	struct writer w = {.at = room, .size = 600};

	message_write_header(&w, &(struct message_header){.id = 7, .flags = MESSAGE_QR | mark});
	tsig_chain_add(chain, writer_bytes(&w));
	if (!sign) {
		chain->unsigned_count++;
		return writer_bytes(&w);
	}
	tsig_chain_sign(chain, 7, NOW, 0, NOW, &w);
	message_count_additional(room);
	return writer_bytes(&w);
}

static bool take(struct tsig_chain *chain, struct bytes message)
{
	struct tsig tsig;
	bool present;

	if (tsig_find(message, &tsig, &present) != OK)
		return false;
	return present ? tsig_names_key(&tsig, &key) &&
	                         tsig_chain_check(chain, message, &tsig, NOW) == 0
	               : tsig_chain_skip(chain, message);
}

static void streams(void)
{
	struct tsig_chain out, in, other;
	uint8_t room[600];
	bool good = true;

	query();
	tsig_chain_begin(&out, &key, (struct bytes){mac, mac_size});
	tsig_chain_begin(&in, &key, (struct bytes){mac, mac_size});
	other = in;
	ok(!take(&in, next_of(&(struct tsig_chain){.key = &key}, room, 0, false)),
	   "the first message of a stream is signed");
	in = other;
	for (uint8_t i = 0; i < 12; i++)
		good = good && take(&in, next_of(&out, room, i, i % 3 == 0));
	ok(good, "a stream signed in every third message");
	other = in;
	(void)next_of(&out, room, 1, true);
	ok(!take(&other, next_of(&out, room, 2, true)), "one left out is found");
	in.unsigned_count = 0;
	good = true;
	for (unsigned i = 0; i < TSIG_UNSIGNED_MAX; i++)
		good = good && tsig_chain_skip(&in, BYTES("x"));
	ok(good && !tsig_chain_skip(&in, BYTES("x")), "99 without, not 100");
}

int main(void)
{
	struct tsig tsig;
	bool present = true;
	struct bytes message;
	struct writer w;

	for (unsigned i = 0; i < 32; i++)
		key.secret[i] = (uint8_t)i;
	if (dname_read_text(BYTES("k."), &key.name) != OK)
		bail_out("k.");
	ok(mac_is("7a926e1d17b36ac8c13f71e769260be4d013372367b85e15cbc89839e73588f0"),
	   "the MAC of HMAC-SHA256 that Python's hmac makes");
	ok(changes_are_found(), "no octet can be changed");
	message = query();
	ok(check(message, NOW + 300) == 0 && check(message, NOW + 301) == TSIG_BADTIME &&
	           check(message, NOW - 300) == 0 && check(message, NOW - 301) == TSIG_BADTIME,
	   "the clocks may differ by the fudge");
	ok(check_cut(31) == 0 && check_cut(16) == 0 && check_cut(15) == RCODE_FORMERR &&
	           check_cut(0) == RCODE_FORMERR,
	   "a MAC may be cut to its half (RFC 8945 section 5.2.2.1)");
	streams();
	message = query();
	ok(tsig_find(bytes_first(message, 17), &tsig, &present) != OK, "a message that is cut");
	octets[11] = 0;
	ok(tsig_find(bytes_first(message, 17), &tsig, &present) == OK && !present,
	   "one without");
	message = query();
	memcpy(octets + message.size, octets + 17, message.size - 17);
	octets[11] = 2;
	ok(tsig_find((struct bytes){octets, 2 * message.size - 17}, &tsig, &present) ==
	           MISHAP_MALFORMED,
	   "two of them");
	message = query();
	octets[11] = 0; /* counted in another section */
	octets[7] = 1;
	ok(tsig_find(message, &tsig, &present) == MISHAP_MALFORMED, "one among the answers");
	octets[7] = 0;
	octets[9] = 1;
	ok(tsig_find(message, &tsig, &present) == MISHAP_MALFORMED, "one as authority");
	message = query();
	if (tsig_find(message, &tsig, &present) != OK)
		bail_out("no TSIG");
	w = (struct writer){.at = octets, .size = sizeof(octets)};
	message_write_header(
		&w, &(struct message_header){.flags = MESSAGE_QR, .count = {0, 0, 0, 1}});
	tsig_write_error(&w, &tsig, TSIG_BADKEY);
	ok(tsig_find(writer_bytes(&w), &tsig, &present) == OK && present &&
	           tsig.error == TSIG_BADKEY && tsig.mac.size == 0 && tsig.time == NOW,
	   "an error has no MAC");
	key.algorithm = TSIG_HMAC_SHA512;
	ok(mac_is("6928ae7d183a81159c498469dacb2c9dd562da4a993d2b18285b5f4981d33c3d"
	          "5cc1910f9f1ece133b522988cc5f2c48b62a6210a52040b6a450db422918cef6"),
	   "the MAC of HMAC-SHA512");
	ok(changes_are_found() && check_cut(32) == 0 && check_cut(31) == RCODE_FORMERR,
	   "and the same of it");
	return done_testing();
}
