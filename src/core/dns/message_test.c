/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/message.h"

#include <string.h>

#include "tap.h"

#define HEADER "\x12\x34\x01\x10\0\1\0\0\0\0\0\1"

/* RFC 1035 section 4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root, at 20, 40, 64, 92. */
static void names(void)
{
	uint8_t octets[93] = {0};
	struct bytes message = {octets, sizeof(octets)};
	struct dname n;
	size_t at;

	memcpy(octets + 20, "\1F\3ISI\4ARPA\0", 12);
	memcpy(octets + 40, "\3FOO\300\24", 6);
	memcpy(octets + 64, "\300\32", 2);
	at = 20;
	ok(message_read_name(message, &at, &n) == OK && at == 32 &&
	           bytes_same(dname_bytes(&n), BYTES("\1f\3isi\4arpa\0")),
	   "a name without pointers");
	at = 40;
	ok(message_read_name(message, &at, &n) == OK && at == 46 &&
	           bytes_same(dname_bytes(&n), BYTES("\3foo\1f\3isi\4arpa\0")),
	   "labels and a pointer");
	at = 64;
	ok(message_read_name(message, &at, &n) == OK && at == 66 &&
	           bytes_same(dname_bytes(&n), BYTES("\4arpa\0")),
	   "a pointer alone");
	at = 92;
	ok(message_read_name(message, &at, &n) == OK && at == 93 && n.size == 1, "the root");
}

static enum mishap name_at(struct bytes message, size_t at)
{
	struct dname n, untouched;
	size_t kept = at;
	enum mishap m;

	memset(&untouched, 0xaa, sizeof(untouched));
	n = untouched;
	m = message_read_name(message, &at, &n);
	if (m != OK && (at != kept || memcmp(&n, &untouched, sizeof(n)) != 0))
		bail_out("a mishap touched its outputs");
	return m;
}

static void bad_names(void)
{
	uint8_t octets[600];

	memset(octets, 0, sizeof(octets));
	ok(name_at(BYTES("            \300\14"), 12) == MISHAP_MALFORMED,
	   "a pointer to itself");
	ok(name_at(BYTES("            \1a\300\14"), 12) == MISHAP_MALFORMED, "a loop");
	ok(name_at(BYTES("            \300\16\0"), 12) == MISHAP_MALFORMED,
	   "a pointer forward");
	ok(name_at(BYTES("\0           \300\0"), 12) == MISHAP_MALFORMED, "into the header");
	ok(name_at(BYTES("            \100a\0"), 12) == MISHAP_MALFORMED,
	   "a reserved label type");
	ok(name_at(BYTES("            \300"), 12) == MISHAP_SHORT, "half a pointer");
	ok(name_at(BYTES("            \2a"), 12) == MISHAP_SHORT, "half a label");
	ok(name_at(BYTES("            \1a"), 12) == MISHAP_SHORT, "no end");
	for (size_t i = 0; i < 4; i++)
		octets[12 + 64 * i] = 63;
	ok(name_at((struct bytes){octets, sizeof(octets)}, 12) == MISHAP_LIMIT, "257 octets");
	octets[12 + 64 * 3] = 61;
	ok(name_at((struct bytes){octets, sizeof(octets)}, 12) == OK, "255 octets");
}

static void query(void)
{
	struct bytes message = BYTES(HEADER "\2CN\0\0\2\0\1"
	                                    "\0\0\51\4\320\0\0\200\0\0\10\0\3\0\0\0\12\0\0");
	struct message_header header;
	struct question question;
	struct message_rr rr;
	struct edns edns = {0};
	uint8_t octets[100];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	size_t at = MESSAGE_HEADER_SIZE;

	ok(message_read_header(message, &header) == OK && header.id == 0x1234 &&
	           header.flags == (MESSAGE_RD | MESSAGE_CD) &&
	           header.count[SECTION_QUESTION] == 1 && header.count[SECTION_ADDITIONAL] == 1,
	   "the header");
	ok(message_read_question(message, &at, &question) == OK && question.type == TYPE_NS &&
	           question.qclass == CLASS_IN && question.name.size == 4,
	   "the question");
	message_write_header(&w, &header);
	write_bytes(&w, (struct bytes){message.at + 12, at - 12});
	ok(message_read_rr(message, &at, &rr) == OK && at == message.size &&
	           rr.type == TYPE_OPT,
	   "the OPT record");
	ok(edns_read(&rr, &edns) == OK && edns.udp_size == 1232 && edns.dnssec_ok &&
	           edns.version == 0 && edns.options.size == 8,
	   "is EDNS with DO");
	edns_write(&w, &edns);
	ok(bytes_same(writer_bytes(&w), message), "and all of it writes back");
	struct bytes options = edns.options, value;
	uint16_t code = 0;
	ok(edns_option_next(&options, &code, &value) && code == EDNS_NSID && value.size == 0 &&
	           edns_option_next(&options, &code, &value) && code == 10 &&
	           !edns_option_next(&options, &code, &value),
	   "two options");
}

static void bad_edns(void)
{
	struct message_rr rr = {
		.owner = {1, {0}}, .type = TYPE_OPT, .rdata = BYTES("\0\3\0\1")};
	struct edns edns;

	ok(edns_read(&rr, &edns) == MISHAP_MALFORMED, "an option that runs out");
	rr.rdata = BYTES("\0\3\0\0x");
	ok(edns_read(&rr, &edns) == MISHAP_MALFORMED, "an octet left over");
	rr.rdata = BYTES("");
	rr.owner = (struct dname){3, {1, 'a', 0}};
	ok(edns_read(&rr, &edns) == MISHAP_MALFORMED, "an owner that is not the root");
	size_t at = 0;
	ok(message_read_rr(BYTES("\0\0\51\0\0\0\0\0\0\0\1"), &at, &rr) == MISHAP_SHORT &&
	           at == 0,
	   "RDATA that runs out");
}

int main(void)
{
	names();
	bad_names();
	query();
	bad_edns();
	return done_testing();
}
