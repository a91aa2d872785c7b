/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/attend.h"

#include <string.h>

#include "serving/transfer_make.h"
#include "tap.h"
#include "zone_fixture.h"

#define ROOM (1u << 22)
#define NOW  1764000000u

static alignas(IMAGE_ALIGN) uint8_t file[ROOM];
static uint8_t memory[2][ROOM];
static struct image image;
static struct transfer transfer;
static struct sending sending;
static struct tsig_key keys[2] = {
	{.name = {3, {1, 'k', 0}}, .secret_size = 32, .secret = {1}},
	{.name = {3, {1, 'l', 0}},
         .algorithm = TSIG_HMAC_SHA512,
         .secret_size = 20,
         .secret = {2}},
};
static struct permit take[3], notify[1];
static struct attendant attendant = {keys, 2, take, 3, notify, 1};
static struct answerer server = {
	.image = &image, .udp_size = 1232, .attendant = &attendant, .transfer = &transfer};
static struct asker asker = {TRANSPORT_TCP, {(const uint8_t *)"\300\0\2\1", 4}, NOW, 0, false};
static uint8_t message[4096];
static uint8_t mac[TSIG_MAC_MAX];
static size_t mac_size;

static void make(void)
{
	struct arena arena = {memory[0], ROOM, 0}, scratch = {memory[1], ROOM, 0};
	struct writer to = {.at = file, .size = ROOM}, made;
	struct rrset_list zone;
	struct fault fault;

	if (fixture_compile(ROOT_ZONE, &made, &fault) != OK ||
	    image_open(writer_bytes(&made), &image) != NULL ||
	    !zone_read_text(bytes_of(ROOT_ZONE), &arena, &zone, &fault) ||
	    transfer_make(&zone, image.header->zone, NULL, NULL, scratch, &to) != OK ||
	    transfer_open(writer_bytes(&to), &transfer) != NULL)
		bail_out("no zone");
	/* 192.0.2.0/28; anybody with key k; one address by TLS. */
	permit_address((struct bytes){(const uint8_t *)"\300\0\2\0", 4}, take[0].address);
	take[0].prefix_size = 96 + 28;
	take[1].key = &keys[0];
	permit_address(BYTES("\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1"), take[2].address);
	take[2].prefix_size = 128;
	take[2].tls_only = true;
	notify[0] = take[0];
	notify[0].key = &keys[1];
}

/* Writes a message; an SOA with that serial stands in its authority or answer section. */
static size_t put(unsigned opcode, const char *name, uint16_t type, int64_t serial,
                  const struct tsig_key *key)
{
	struct writer w = {.at = message, .size = sizeof(message)};
	bool notifies = opcode == OPCODE_NOTIFY, has = serial >= 0;
	struct message_header header = {.id = 0x1234,
	                                .flags = (uint16_t)(opcode << 11),
	                                .count = {1, has && notifies, has && !notifies, 0}};
	struct dname dname;

	if (dname_read_text(bytes_of(name), &dname) != OK)
		bail_out(name);
	message_write_header(&w, &header);
	write_bytes(&w, dname_bytes(&dname));
	write_u16(&w, type);
	write_u16(&w, CLASS_IN);
	if (has) {
		write_bytes(&w, BYTES("\0\0\6\0\1\0\0\0\74\0\26\0\0"));
		write_u32(&w, (uint32_t)serial);
		write_bytes(&w, BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
	}
	if (key != NULL)
		mac_size = tsig_sign_request(&w, key, NOW, mac);
	return w.used;
}

static struct attended attended_to(size_t size)
{
	if (answer(&server, &asker, message, size, sizeof(message)).size != ANSWER_ATTEND)
		bail_out("not a message to attend to");
	return attend(&server, &asker, message, size, sizeof(message), &sending);
}

static unsigned rcode_of(size_t size)
{
	struct attended a = attended_to(size);

	return a.sending ? 1000 : a.size < MESSAGE_HEADER_SIZE ? 2000 : message[3] & 15u;
}

/* The error in the response's TSIG; 1000 when it has none. `*good`: it is signed by that key.
 */
static unsigned tsig_error(size_t size, const struct tsig_key *key, bool *good)
{
	struct tsig_chain chain;
	struct tsig tsig;
	bool present;

	*good = false;
	if (tsig_find((struct bytes){message, size}, &tsig, &present) != OK || !present)
		return 1000;
	if (tsig_names_key(&tsig, key) && tsig.mac.size != 0) {
		tsig_chain_begin(&chain, key, (struct bytes){mac, mac_size});
		*good = tsig_chain_check(&chain, (struct bytes){message, size}, &tsig, NOW) ==
		        0;
	}
	return tsig.error;
}

static void from(const char *octets, size_t size)
{
	asker.address = (struct bytes){(const uint8_t *)octets, size};
}

#define SENT 1000

static void permits(void)
{
	from("\300\0\2\1", 4);
	ok(rcode_of(put(0, ".", TYPE_AXFR, -1, NULL)) == SENT && sending.style == SENDING_ZONE,
	   "an address that may");
	ok(rcode_of(put(0, ".", TYPE_IXFR, 7, NULL)) == SENT && sending.style == SENDING_SOA,
	   "and for IXFR");
	from("\300\0\2\20", 4);
	ok(rcode_of(put(0, ".", TYPE_AXFR, -1, NULL)) == RCODE_REFUSED,
	   "the first one that may not");
	ok(rcode_of(put(0, ".", TYPE_AXFR, -1, &keys[1])) == RCODE_REFUSED,
	   "nor with another's key");
	ok(rcode_of(put(0, ".", TYPE_AXFR, -1, &keys[0])) == SENT &&
	           sending.request.key == &keys[0],
	   "with a key that may, from anywhere");
	from("\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	ok(rcode_of(put(0, ".", TYPE_AXFR, -1, NULL)) == RCODE_REFUSED,
	   "by TLS only (RFC 9103)");
	asker.tls = true;
	ok(rcode_of(put(0, ".", TYPE_AXFR, -1, NULL)) == SENT, "and so it is");
	asker.tls = false;
	from("\300\0\2\1", 4);
	ok(rcode_of(put(0, "cn.", TYPE_AXFR, -1, NULL)) == RCODE_NOTAUTH, "not a zone of ours");
	ok(rcode_of(put(0, ".", TYPE_IXFR, -1, NULL)) == RCODE_FORMERR, "IXFR from nowhere");
	asker.transport = TRANSPORT_UDP;
	ok(rcode_of(put(0, ".", TYPE_AXFR, -1, NULL)) == RCODE_FORMERR, "no AXFR by UDP");
	ok(rcode_of(put(0, ".", TYPE_IXFR, 5, NULL)) == RCODE_NOERROR && message[7] == 1,
	   "IXFR by UDP: the SOA");
	asker.transport = TRANSPORT_TCP;
	server.transfer = NULL;
	ok(rcode_of(put(0, ".", TYPE_AXFR, -1, NULL)) == RCODE_SERVFAIL, "nothing to send");
	server.transfer = &transfer;
}

static void notifies(void)
{
	struct attended a;

	a = attended_to(put(OPCODE_NOTIFY, ".", TYPE_SOA, 9, &keys[1]));
	ok(a.notified && a.has_serial && a.serial.value == 9 && (message[3] & 15) == 0 &&
	           message[2] == (0x80 | OPCODE_NOTIFY << 3 | 4),
	   "RFC 1996: a NOTIFY");
	a = attended_to(put(OPCODE_NOTIFY, ".", TYPE_SOA, -1, &keys[1]));
	ok(a.notified && !a.has_serial, "one without a serial");
	a = attended_to(put(OPCODE_NOTIFY, ".", TYPE_SOA, 9, NULL));
	ok(!a.notified && (message[3] & 15) == RCODE_REFUSED, "one without the key");
	a = attended_to(put(OPCODE_NOTIFY, "cn.", TYPE_SOA, 9, &keys[1]));
	ok(!a.notified && (message[3] & 15) == RCODE_NOTAUTH, "one for another zone");
	a = attended_to(put(OPCODE_NOTIFY, ".", TYPE_A, 9, &keys[1]));
	ok(!a.notified && (message[3] & 15) == RCODE_FORMERR, "one for no SOA");
}

static void signatures(void)
{
	size_t size;
	bool good;

	size = attended_to(put(0, "cn.", TYPE_A, -1, &keys[0])).size;
	ok(tsig_error(size, &keys[0], &good) == 0 && good && (message[3] & 15) == 0 &&
	           message[9] != 0,
	   "a signed question gets a signed answer");
	server.expired = true;
	size = attended_to(put(0, "cn.", TYPE_A, -1, &keys[0])).size;
	server.expired = false;
	ok(tsig_error(size, &keys[0], &good) == 0 && good &&
	           (message[3] & 15) == RCODE_SERVFAIL && message[9] == 0,
	   "of an expired zone nobody is told more for a signature");
	size = attended_to(put(0, "cn.", TYPE_AXFR, -1, &keys[1])).size;
	ok(tsig_error(size, &keys[1], &good) == 0 && good && (message[3] & 15) == RCODE_NOTAUTH,
	   "so does what is refused");
	asker.transport = TRANSPORT_UDP;
	size = attended_to(put(0, ".", TYPE_NS, -1, &keys[1])).size;
	ok(size <= 512 && tsig_error(size, &keys[1], &good) == 0 && good,
	   "by UDP no longer than may be");
	asker.transport = TRANSPORT_TCP;
	size = put(0, ".", TYPE_SOA, -1, &keys[0]);
	message[18] = 'x'; /* the name of the key */
	size = attended_to(size).size;
	ok(tsig_error(size, &keys[0], &good) == TSIG_BADKEY &&
	           (message[3] & 15) == RCODE_NOTAUTH,
	   "RFC 8945 section 5.2: a key that we do not have");
	size = put(0, ".", TYPE_SOA, -1, &keys[0]);
	message[9] = 1; /* the record counts as authority, not as additional */
	message[11] = 0;
	ok(rcode_of(size) == RCODE_FORMERR, "section 5.2: a TSIG in another section");
	size = put(0, ".", TYPE_SOA, -1, &keys[0]);
	message[size - 10] ^= 1;
	size = attended_to(size).size;
	ok(tsig_error(size, &keys[0], &good) == TSIG_BADSIG &&
	           (message[3] & 15) == RCODE_NOTAUTH,
	   "a MAC that is not its");
	size = put(0, ".", TYPE_SOA, -1, &keys[0]);
	asker.now += 1000;
	size = attended_to(size).size;
	asker.now -= 1000;
	ok(tsig_error(size, &keys[0], &good) == TSIG_BADTIME && good &&
	           (message[3] & 15) == RCODE_NOTAUTH,
	   "a clock that is not ours: signed, with our time");
	size = put(0, ".", TYPE_SOA, -1, &keys[0]);
	message[11] = 2;
	memcpy(message + size, message + 17, size - 17);
	ok(rcode_of(2 * size - 17) == RCODE_FORMERR, "two of them");
}

int main(void)
{
	make();
	permits();
	notifies();
	signatures();
	return done_testing();
}
