/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/transfer.h"

#include <string.h>

#include "base/hex.h"
#include "dns/zonemd.h"
#include "serving/sending.h"
#include "serving/transfer_make.h"
#include "tap.h"
#include "zone_fixture.h"

#define ROOM (32u << 20)

static alignas(IMAGE_ALIGN) uint8_t files[4][ROOM];
static uint8_t scratch_memory[ROOM], zone_memory[4][ROOM];
static struct transfer transfers[4];
static struct rrset_list zones[4];
static char text[1 << 16];

/* A zone under that serial, with `hosts` host names and one delegation named after the serial.
 */
static const char *zone_text(unsigned serial, unsigned hosts)
{
	struct writer w = {.at = (uint8_t *)text, .size = sizeof(text)};
	char line[64];

	write_text(&w, ". 60 IN NS a.\n. 60 IN SOA a. h. ");
	write_number(&w, serial);
	write_text(&w, " 1800 900 604800 30\na. 60 IN A 192.0.2.1\nb");
	write_number(&w, serial);
	write_text(&w, ". 60 IN NS a.\n");
	for (unsigned i = 0; i < hosts; i++) {
		snprintf(line, sizeof(line), "c%04u. 60 IN NS a.\n", i);
		write_text(&w, line);
	}
	write_octet(&w, 0);
	return text;
}

/* Makes transfer file `to` of a zone, after that of `before` when there is one. */
static bool make(unsigned to, const char *from, int before)
{
	struct arena arena = {zone_memory[to], ROOM, 0}, scratch = {scratch_memory, ROOM, 0};
	struct writer w = {.at = files[to], .size = ROOM};
	uint8_t digest[SHA384_SIZE];
	struct fault fault;
	const char *why;

	if (!zone_read_text(bytes_of(from), &arena, &zones[to], &fault))
		bail_out(fault.why);
	zonemd_digest(&zones[to], BYTES("\0"), digest);
	if (transfer_make(&zones[to], digest, before < 0 ? NULL : &transfers[before],
	                  before < 0 ? NULL : &zones[before], scratch, &w) != OK)
		return false;
	why = transfer_open(writer_bytes(&w), &transfers[to]);
	if (why != NULL)
		printf("# %s\n", why);
	return why == NULL;
}

static bool same_zone(const struct rrset_list *a, const struct rrset_list *b)
{
	struct rr_walk wa = rr_walk_over(a), wb = rr_walk_over(b);
	struct rr ra, rb;
	bool more;

	while ((more = rr_walk_next(&wa, &ra)) == rr_walk_next(&wb, &rb) && more)
		if (rr_compare(&ra, &rb) != 0 || ra.ttl != rb.ttl)
			return false;
	return !more;
}

/* Reading a transfer file gives the zone that it was made of. */
static bool reads_back(unsigned i)
{
	struct arena arena = {scratch_memory, ROOM, 0};
	struct rrset_list read;
	struct fault fault;

	return transfer_read_zone(&transfers[i], &arena, &read, &fault) &&
	       same_zone(&read, &zones[i]);
}

/* ---- sending ---- */

static struct sending sending;
static struct sending_message message;
static unsigned soas, records, messages;
static bool whole;

static uint8_t flat[MESSAGE_SIZE_MAX];

static struct bytes flatten(void)
{
	struct writer w = {.at = flat, .size = sizeof(flat)};

	for (unsigned i = 0; i < message.part_count; i++)
		write_bytes(&w, i == 0 ? bytes_from(message.part[0], 2) : message.part[i]);
	return writer_bytes(&w);
}

/* Counts what one message has; `whole` falls when it is not as announced. */
static void count_message(struct bytes m)
{
	struct message_header header;
	struct question question;
	struct message_rr rr;
	size_t at = MESSAGE_HEADER_SIZE;

	whole = whole && message_read_header(m, &header) == OK && header.id == 77 &&
	        header.flags == (MESSAGE_QR | MESSAGE_AA) &&
	        message_read_question(m, &at, &question) == OK &&
	        m.size == (size_t)(message.head[0] << 8 | message.head[1]);
	for (unsigned i = 0; i < header.count[SECTION_ANSWER] && whole; i++) {
		whole = message_read_rr(m, &at, &rr) == OK;
		soas += rr.type == TYPE_SOA;
		records++;
	}
	for (unsigned i = 0; i < header.count[SECTION_ADDITIONAL] && whole; i++)
		whole = message_read_rr(m, &at, &rr) == OK;
	whole = whole && at == m.size;
	messages++;
}

/* Sends transfer file `i` for IXFR from a serial, or all of it. */
static enum sending_style send_all(unsigned i, bool has_serial, uint32_t serial,
                                   const struct tsig_key *key)
{
	struct transfer_request request = {.id = 77,
	                                   .edns = true,
	                                   .has_serial = has_serial,
	                                   .serial = {serial},
	                                   .udp_size = 1232,
	                                   .question = BYTES("\0\0\374\0\1"),
	                                   .key = key,
	                                   .mac_size = key == NULL ? 0 : 32};
	struct tsig_chain chain;
	struct tsig tsig;
	bool present = false;

	soas = records = messages = 0;
	whole = true;
	sending_begin(&sending, &transfers[i], &request);
	if (key != NULL)
		tsig_chain_begin(&chain, key, (struct bytes){request.mac, 32});
	while (sending_next(&sending, 1764000000, &message)) {
		count_message(flatten());
		if (key != NULL)
			whole = whole && tsig_find(flatten(), &tsig, &present) == OK &&
			        present &&
			        tsig_chain_check(&chain, flatten(), &tsig, 1764000000) == 0;
	}
	return sending.style;
}

static void whole_zones(void)
{
	static const struct tsig_key key = {.name = {3, {1, 'k', 0}}, .secret_size = 32};
	unsigned zone_records;

	ok(make(0, ROOT_ZONE, -1) && reads_back(0), "a zone, made and read back");
	zone_records = (unsigned)rrset_list_records(&zones[0]);
	ok(send_all(0, false, 0, NULL) == SENDING_ZONE && whole && soas == 2 &&
	           records == zone_records + 1 && messages == 1,
	   "RFC 5936: the zone between two SOAs");
	ok(make(1, zone_text(1, 2000), -1) && reads_back(1) && transfers[1].message_count > 1,
	   "a zone of several messages");
	zone_records = (unsigned)rrset_list_records(&zones[1]);
	ok(send_all(1, false, 0, NULL) == SENDING_ZONE && whole && soas == 2 &&
	           records == zone_records + 1 && messages == transfers[1].message_count,
	   "in each of them the records that it announces");
	ok(send_all(1, false, 0, &key) == SENDING_ZONE && whole && records == zone_records + 1,
	   "each signed, one behind the other");
	ok(make(2, INNER_ZONE, -1) && reads_back(2), "a zone below the root");
}

/* How the octets from a serial on are as a list of serials and counts of records. */
static bool chain_is(unsigned i, uint32_t from, unsigned steps)
{
	return send_all(i, true, from, NULL) == SENDING_CHANGES && whole &&
	       soas == 2 + 2 * steps;
}

static void deltas(void)
{
	bool made = make(0, zone_text(1, 5), -1);
	unsigned serial;

	for (serial = 2; serial <= 80 && made; serial++)
		made = make((serial + 1) % 2, zone_text(serial, 5), (int)(serial % 2));
	ok(made && serial == 81 && transfers[1].delta_count == 79,
	   "79 deltas behind each other");
	ok(chain_is(1, 79, 1) && records == 2 + 2 + 2, "RFC 1995: the last one");
	ok(chain_is(1, 16, 64), "64 serials back");
	ok(chain_is(1, 1, 79), "as far as it goes");
	ok(send_all(1, true, 0, NULL) == SENDING_ZONE && soas == 2, "no farther: the zone");
	ok(send_all(1, true, 80, NULL) == SENDING_SOA && whole && records == 1 && messages == 1,
	   "who has it gets the SOA");
	ok(send_all(1, true, 90, NULL) == SENDING_SOA && records == 1, "and who is ahead");
	for (; serial <= 200 && made; serial++)
		made = make((serial + 1) % 2, zone_text(serial, 5), (int)(serial % 2));
	ok(made && transfers[1].delta_count == TRANSFER_DELTAS_MAX &&
	           transfers[1].delta[0].from == 200 - TRANSFER_DELTAS_MAX,
	   "so many are kept, the newest");
	ok(make(0, zone_text(200, 5), 1) && transfers[0].delta_count == TRANSFER_DELTAS_MAX &&
	           bytes_same(transfers[0].file, transfers[1].file),
	   "the same zone again: the same file");
	ok(make(0, zone_text(200, 6), 1) && transfers[0].delta_count == 0,
	   "another zone of one serial: no delta can lead to it");
	ok(make(0, zone_text(150, 6), 1) && transfers[0].delta_count == 0,
	   "nor to an older one");
}

/* A file with one octet changed and its digest made good again is refused or serves, and never
 * a fault. */
static void damaged(void)
{
	struct transfer t;
	size_t size, refused = 0,
		     behind = offsetof(struct transfer_header, content) + DIGEST_SIZE;
	struct transfer_header *header = (void *)files[2];

	if (!make(0, zone_text(1, 5), -1) || !make(1, zone_text(2, 5), 0))
		bail_out("no files");
	size = transfers[1].file.size;
	memcpy(files[2], files[1], size);
	files[2][size - 1] ^= 1;
	ok(transfer_open((struct bytes){files[2], size}, &t) != NULL &&
	           transfer_open((struct bytes){files[1], size - 1}, &t) != NULL &&
	           transfer_open((struct bytes){files[1], 10}, &t) != NULL,
	   "an octet changed, one missing");
	for (size_t i = behind; i < size; i++) {
		memcpy(files[2], files[1], size);
		files[2][i] ^= 0xff;
		header->content = sha256((struct bytes){files[2] + behind, size - behind});
		if (transfer_open((struct bytes){files[2], size}, &transfers[2]) != NULL) {
			refused++;
			continue;
		}
		send_all(2, false, 0, NULL);
		send_all(2, true, 1, NULL);
		(void)reads_back(2);
	}
	ok(refused > 40, "files made with ill will are refused, or do no harm");
}

int main(void)
{
	whole_zones();
	deltas();
	damaged();
	return done_testing();
}
