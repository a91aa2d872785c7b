/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/receive.h"

#include <string.h>

#include "dns/zonemd.h"
#include "dns/zonetext.h"
#include "serving/notify.h"
#include "serving/refresh.h"
#include "tap.h"

#define ROOM (1u << 20)

static uint8_t memory[4][ROOM];
static struct receiving receiving;
static uint8_t octets[8192];
static struct rrset_list zones[2];
static char shown[4096];

/* Records of a message, one a letter: 1..9 an SOA of that serial, a..z a delegation, A..Z its
 * removal is the same record. '/' begins the next message. */
static struct bytes message_of(const char *records, size_t count, uint16_t type)
{
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct message_header header = {
		.id = 7, .flags = MESSAGE_QR | MESSAGE_AA, .count = {1, (uint16_t)count}};

	message_write_header(&w, &header);
	write_octet(&w, 0);
	write_u16(&w, type);
	write_u16(&w, CLASS_IN);
	for (size_t i = 0; i < count; i++) {
		char c = records[i];
		bool soa = c >= '0' && c <= '9';
		uint8_t owner[] = {1, (uint8_t)c, 0};

		write_bytes(&w, soa ? BYTES("\0") : (struct bytes){owner, 3});
		write_u16(&w, soa ? TYPE_SOA : TYPE_NS);
		write_u16(&w, c == '?' ? CLASS_CH : CLASS_IN);
		write_u32(&w, 60);
		write_bytes(&w, soa ? BYTES("\0\26\0\0\0\0\0") : BYTES("\0\3\1a\0"));
		if (!soa)
			continue;
		write_octet(&w, (uint8_t)(c - '0'));
		write_bytes(&w, BYTES("\0\0\7\10\0\0\3\204\0\11\72\200\0\0\0\36"));
	}
	return writer_bytes(&w);
}

/* What comes of messages: for AXFR when `have` is 0, else for IXFR from that serial. */
static enum received receive(const char *records, uint32_t have)
{
	static struct arena arrays, data;
	struct serial serial = {have};
	enum received received = RECEIVED_MORE;

	arrays = (struct arena){memory[0], ROOM, 0};
	data = (struct arena){memory[1], ROOM, 0};
	receive_begin(&receiving, 7, BYTES("\0"), have == 0 ? NULL : &serial, 100, &arrays,
	              &data);
	while (*records != '\0' && received == RECEIVED_MORE) {
		size_t count = strcspn(records, "/");

		received = receive_message(
			&receiving,
			message_of(records, count, have == 0 ? TYPE_AXFR : TYPE_IXFR));
		records += count + (records[count] == '/');
	}
	return received;
}

static bool refused(const char *records, uint32_t have, const char *why)
{
	bool as = receive(records, have) == RECEIVED_REFUSED && strcmp(receiving.why, why) == 0;

	if (!as)
		printf("# %s\n", receiving.why == NULL ? "not refused" : receiving.why);
	return as;
}

/* The zone that was received, one letter a record: delegations, then the SOA's serial. */
static const char *zone_of(const struct rrset_list *old, struct rrset_list *zone, unsigned room)
{
	struct arena arena = {memory[room], ROOM, 0};
	struct fault fault;
	char *to = shown;

	if (!receive_zone(&receiving, old, &arena, zone, &fault))
		return fault.why;
	for (size_t i = 0; i < zone->count; i++)
		*to++ = (char)(zone->at[i].type == TYPE_SOA
		                       ? '0' + (char)receive_serial(&receiving).value
		                       : zone->at[i].owner.at[1]);
	*to = '\0';
	return shown;
}

static void whole_zones(void)
{
	ok(receive("1ba/dc/1", 0) == RECEIVED_ZONE &&
	           strcmp(zone_of(NULL, &zones[0], 2), "1abcd") == 0,
	   "RFC 5936: a zone between two SOAs, in any order, over messages");
	ok(receive("4ab4", 3) == RECEIVED_ZONE &&
	           strcmp(zone_of(NULL, &zones[0], 2), "4ab") == 0,
	   "RFC 1995 section 4: a whole zone for IXFR");
	ok(refused("a", 0, "a transfer that does not begin with the SOA"), "no SOA");
	ok(refused("11", 0, "a zone of nothing but an SOA"), "nothing between");
	ok(refused("1a2", 0, "a zone between two different SOAs"), "another SOA at the end");
	ok(refused("1a1b", 0, "records behind the end of the transfer"), "something behind");
	ok(receive("1a", 0) == RECEIVED_MORE, "what is not complete goes on");
	ok(refused("1a//", 0, "a message without records"), "but not with nothing");
	ok(refused("1?", 0, "a record that is malformed"), "another class");
	ok(receive("1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	           "aaaaaaaaaaaaaaaaa"
	           "aaaaaaaaaaaaaaaa1",
	           0) == RECEIVED_REFUSED,
	   "more records than there is room for");
}

static void changes(void)
{
	struct rrset_list old;

	receive("1abc1", 0);
	if (strcmp(zone_of(NULL, &zones[0], 2), "1abc") != 0)
		bail_out("no zone to change");
	old = zones[0];
	/* Names and data of `old` lie in memory[1]: what comes now must not take their place.
	 */
	memcpy(memory[2] + ROOM / 2, memory[1], ROOM / 2);
	for (size_t i = 0; i < old.count; i++) {
		struct rrset *set = (struct rrset *)(uintptr_t)&old.at[i];
		set->owner.at += memory[2] + ROOM / 2 - memory[1];
		((struct bytes *)(uintptr_t)set->rdata)->at += memory[2] + ROOM / 2 - memory[1];
	}
	ok(receive("31b2d2/3e3", 1) == RECEIVED_CHANGES &&
	           strcmp(zone_of(&old, &zones[1], 3), "3acde") == 0,
	   "RFC 1995: two deltas in one answer");
	ok(receive("212d2", 1) == RECEIVED_CHANGES &&
	           strcmp(zone_of(&old, &zones[1], 3), "2abcd") == 0,
	   "only an addition");
	ok(receive("2", 1) == RECEIVED_MORE, "the SOA alone goes on, ...");
	ok(receive("1", 1) == RECEIVED_UP_TO_DATE && receive("1", 2) == RECEIVED_UP_TO_DATE &&
	           receive("1ab1", 1) == RECEIVED_UP_TO_DATE,
	   "... but not when it is what we have, or older");
	ok(receive("21x2y2", 1) == RECEIVED_CHANGES &&
	           strcmp(zone_of(&old, &zones[1], 3), "a change removes what is not there") ==
	                   0,
	   "a removal of nothing");
	ok(receive("21b2a2", 1) == RECEIVED_CHANGES &&
	           strcmp(zone_of(&old, &zones[1], 3), "a change adds what is there") == 0,
	   "an addition of what is there");
	ok(refused("42b4", 1, "changes that do not begin at our serial"),
	   "from another serial");
	ok(refused("31b2c4", 1, "changes that do not begin where those before them end"),
	   "a gap");
	ok(refused("31b1", 1, "changes that do not lead to a later serial"), "in a circle");
}

static void fronts(void)
{
	struct serial serial;
	const char *why;
	struct bytes message;
	struct arena a = {memory[0], ROOM, 0}, b = {memory[1], ROOM, 0};
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct message_header header;
	struct question question;
	size_t at = MESSAGE_HEADER_SIZE;

	receive_write_request(&w, 9, BYTES("\2cn\0"), &(struct serial){5});
	ok(message_read_header(writer_bytes(&w), &header) == OK &&
	           header.count[SECTION_AUTHORITY] == 1 &&
	           message_read_question(writer_bytes(&w), &at, &question) == OK &&
	           question.type == TYPE_IXFR && at + 4 + 10 + 22 == w.used,
	   "a request for changes");
	message = message_of("3", 1, TYPE_SOA);
	ok(receive_read_soa(message, 7, BYTES("\0"), &serial, &why) && serial.value == 3,
	   "an SOA");
	ok(!receive_read_soa(message, 8, BYTES("\0"), &serial, &why) &&
	           !receive_read_soa(message, 7, BYTES("\2cn\0"), &serial, &why) &&
	           !receive_read_soa(message_of("a", 1, TYPE_SOA), 7, BYTES("\0"), &serial,
	                             &why),
	   "another ID, another question, another record");
	octets[3] = RCODE_REFUSED;
	receive_begin(&receiving, 7, BYTES("\0"), NULL, 10, &a, &b);
	ok(receive_message(&receiving, message) == RECEIVED_REFUSED &&
	           receiving.rcode == RCODE_REFUSED,
	   "a primary that says no");
}

static void refreshes(void)
{
	static const struct soa_numbers soa = {{5}, 1800, 900, 604800},
					next = {{6}, 1800, 900, 604800};
	struct refresh r;

	refresh_begin(&r, 1000, NULL);
	ok(r.due == 1000 && !refresh_expired(&r, 1u << 30), "without a zone: at once");
	refresh_failed(&r, 1000);
	ok(r.due == 1002, "again soon");
	for (unsigned i = 0; i < 20; i++)
		refresh_failed(&r, 1000);
	ok(r.due == 1000 + 128, "and less and less often");
	refresh_confirmed(&r, 2000, &soa);
	ok(r.due == 3800 && !refresh_expired(&r, 2000 + 604799) &&
	           refresh_expired(&r, 2000 + 604800),
	   "RFC 1034 section 4.3.5: refresh and expire");
	refresh_failed(&r, 3800);
	ok(r.due == 4700, "retry");
	ok(!refresh_notified(&r, 4000, true, (struct serial){5}) && r.due == 4700,
	   "RFC 1996: a NOTIFY of what is here");
	ok(refresh_notified(&r, 4000, true, (struct serial){6}) && r.due == 4000,
	   "of something newer");
	ok(refresh_notified(&r, 4000, false, (struct serial){0}), "of something");
	refresh_failed(&r, 4000);
	ok(r.due < 4000 + 900, "which is asked for again before the retry");
	refresh_confirmed(&r, 5000, &next);
	ok(r.soa.serial.value == 6 && !r.notified, "until it is here");
}

static void notifies(void)
{
	struct tsig_key key = {.name = {3, {1, 'k', 0}}, .secret_size = 32};
	struct notify n = {.key = &key};
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct tsig_chain chain;
	unsigned sent = 0;
	uint16_t rcode;

	notify_begin(&n, 100);
	for (uint64_t now = 100; now < 1000; now++) {
		w.used = 0;
		sent += notify_write(&n, BYTES("\0"), BYTES("\0"), 5, now, 1764000000, &w);
	}
	ok(sent == NOTIFY_TRIES && !n.pending, "so many tries, and no more");
	notify_begin(&n, 2000);
	w.used = 0;
	ok(notify_write(&n, BYTES("\0"), BYTES("\0"), 5, 2000, 1764000000, &w) &&
	           !notify_write(&n, BYTES("\0"), BYTES("\0"), 5, 2000, 1764000000, &w),
	   "one, and then a wait");
	w.used = 0;
	message_write_header(&w, &(struct message_header){
					 .id = 5, .flags = MESSAGE_QR | OPCODE_NOTIFY << 11});
	ok(!notify_answered(&n, writer_bytes(&w), 1764000000, &rcode) && n.pending,
	   "an answer that is not signed");
	tsig_chain_begin(&chain, &key, (struct bytes){n.mac, n.mac_size});
	tsig_chain_add(&chain, writer_bytes(&w));
	tsig_chain_sign(&chain, 5, 1764000000, 0, 1764000000, &w);
	message_count_additional(w.at);
	ok(notify_answered(&n, writer_bytes(&w), 1764000000, &rcode) && !n.pending &&
	           rcode == 0,
	   "one that is");
	ok(!notify_answered(&n, writer_bytes(&w), 1764000000, &rcode), "and no second");
}

static void zonemds(void)
{
	static const char text[] =
		". 60 IN NS a.\n. 60 IN SOA a. h. 7 1 1 1 1\n. 60 IN ZONEMD 7 1 1 ";
	struct arena arena = {memory[0], ROOM, 0};
	char all[1024];
	struct rrset_list zone;
	struct fault fault;
	uint8_t digest[SHA384_SIZE] = {0};

	snprintf(all, sizeof(all), "%s%0*d\n", text, 2 * SHA384_SIZE, 0);
	if (!zone_read_text(bytes_of(all), &arena, &zone, &fault))
		bail_out(fault.why);
	ok(receive_check_zonemd(&zone, digest, true) == NULL,
	   "RFC 8976: the digest that it says");
	digest[3] = 1;
	ok(receive_check_zonemd(&zone, digest, false) != NULL, "another");
	snprintf(all, sizeof(all), "%.*s",
	         (int)(strchr(strchr(text, '\n') + 1, '\n') + 1 - text), text);
	if (!zone_read_text(bytes_of(all), &arena, &zone, &fault))
		bail_out(fault.why);
	ok(receive_check_zonemd(&zone, digest, false) == NULL &&
	           receive_check_zonemd(&zone, digest, true) != NULL,
	   "none at all, where one is required and where not");
}

int main(void)
{
	whole_zones();
	changes();
	fronts();
	refreshes();
	notifies();
	zonemds();
	return done_testing();
}
