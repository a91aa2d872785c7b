/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/attend.h"

#include <string.h>

#include "base/must.h"
#include "dns/rdata.h"
#include "serving/octets.h"
#include "serving/request.h"
#include "serving/zones.h"

/* A message being attended to. */
struct visit {
	const struct answerer *server;
	const struct attendant *attendant; /* of the zone, once that is known */
	const struct transfer *transfer;   /* likewise */
	const struct asker *asker;
	uint8_t *message;
	size_t size; /* without TSIG */
	size_t room;
	struct message_header header;
	struct question question;
	size_t question_end;
	struct edns edns;
	bool has_edns;
	bool has_serial;
	struct serial serial;       /* of the SOA in it */
	const struct tsig_key *key; /* that signed it */
	struct tsig tsig;
	uint8_t mac[TSIG_MAC_MAX]; /* its MAC, which the response writes over */
	struct attended attended;
};

void permit_address(struct bytes address, uint8_t octets[ADDRESS_SIZE])
{
	memset(octets, 0, ADDRESS_SIZE);
	if (address.size == 4)
		octets[10] = octets[11] = 0xff;
	memcpy(octets + ADDRESS_SIZE - address.size, address.at, address.size);
}

bool permitted(const struct permit *permits, size_t count, const struct asker *asker,
               const struct tsig_key *key)
{
	uint8_t address[ADDRESS_SIZE];

	permit_address(asker->address, address);
	for (size_t i = 0; i < count; i++) {
		const struct permit *p = &permits[i];
		size_t whole = p->prefix_size / 8, rest = p->prefix_size % 8;
		uint8_t differ =
			(uint8_t)(whole == ADDRESS_SIZE ? 0
		                                        : p->address[whole] ^ address[whole]);

		if (memcmp(p->address, address, whole) == 0 && differ >> (8 - rest) == 0 &&
		    (p->key == NULL || p->key == key) && (!p->tls_only || asker->tls))
			return true;
	}
	return false;
}

/* ---- responses ---- */

static size_t limit_of(const struct visit *v)
{
	size_t asked = v->has_edns ? v->edns.udp_size : MESSAGE_UDP_SIZE;

	if (v->asker->transport == TRANSPORT_TCP)
		return MESSAGE_SIZE_MAX;
	asked = asked < v->server->udp_size ? asked : v->server->udp_size;
	return asked < MESSAGE_UDP_SIZE ? MESSAGE_UDP_SIZE : asked;
}

#define EDE_PROHIBITED "\0\17\0\2\0\22" /* an option (RFC 8914 section 4.19) */

/* Writes header, question and OPT in place of the message. */
static void put_bare(struct visit *v, uint16_t flags, uint16_t rcode)
{
	struct writer to = {.at = v->message, .size = v->room};
	struct message_header header = {
		.id = v->header.id,
		.flags = (uint16_t)(MESSAGE_QR | flags | (v->header.flags & 0x7900u) | rcode),
		.count = {v->question_end > MESSAGE_HEADER_SIZE, 0, 0, v->has_edns},
	};
	struct edns edns = {.udp_size = v->server->udp_size, .dnssec_ok = v->edns.dnssec_ok};

	if (rcode == RCODE_REFUSED)
		edns.options = BYTES(EDE_PROHIBITED);
	message_write_header(&to, &header);
	to.used = v->question_end; /* it stays as it was asked */
	if (v->has_edns)
		edns_write(&to, &edns);
	must(!to.full);
	v->attended.size = to.used;
	v->attended.question_end = (uint16_t)v->question_end;
}

static void put_error(struct visit *v, uint16_t rcode)
{
	put_bare(v, 0, rcode);
}

/* Octets of the record that signs a response. */
static size_t signature_size(const struct tsig_key *key, uint16_t error)
{
	return key->name.size + 10u + 13u + 16u + tsig_mac_size(key->algorithm) +
	       (error == TSIG_BADTIME ? 6u : 0u);
}

/* Signs the response that stands there. One that gets too long so is truncated (RFC 8945
 * section 5.3). */
static void put_signature(struct visit *v, uint16_t error)
{
	size_t more = signature_size(v->key, error);
	uint64_t time = error == TSIG_BADTIME ? v->tsig.time : v->asker->now;
	struct writer to = {.at = v->message, .size = v->room};
	struct tsig_chain chain;

	if (v->attended.size + more > limit_of(v))
		put_bare(v, MESSAGE_TC, MESSAGE_RCODE(load16(v->message + 2)));
	to.used = v->attended.size;
	tsig_chain_begin(&chain, v->key, (struct bytes){v->mac, v->tsig.mac.size});
	tsig_chain_add(&chain, writer_bytes(&to));
	tsig_chain_sign(&chain, v->tsig.original_id, time, error, v->asker->now, &to);
	must(!to.full);
	message_count_additional(v->message);
	v->attended.size = to.used;
}

/* The response to a key we do not have, or a MAC that is not its: unsigned. */
static void put_unsigned_error(struct visit *v, uint16_t error)
{
	struct writer to = {.at = v->message, .size = v->room};

	put_error(v, RCODE_NOTAUTH);
	to.used = v->attended.size;
	tsig_write_error(&to, &v->tsig, error);
	must(!to.full);
	message_count_additional(v->message);
	v->attended.size = to.used;
}

/* ---- what came ---- */

/* The serial in an SOA of the message: its last 20 octets are its numbers. */
static void note_serial(struct visit *v, const struct message_rr *rr)
{
	if (rr->type != TYPE_SOA || v->has_serial || rr->rdata.size < 22)
		return;
	const uint8_t *numbers = rr->rdata.at + rr->rdata.size - 20;
	v->serial.value = load16(numbers) << 16 | load16(numbers + 2);
	v->has_serial = true;
}

/* Reads the message without its TSIG; false when it is malformed. */
static bool read_message(struct visit *v)
{
	struct bytes message = {v->message, v->size};
	size_t at = MESSAGE_HEADER_SIZE;

	if (v->header.count[SECTION_QUESTION] != 1 ||
	    message_read_question(message, &at, &v->question) != OK)
		return false;
	v->question_end = at;
	for (unsigned s = SECTION_ANSWER; s <= SECTION_ADDITIONAL; s++)
		for (unsigned i = 0; i < v->header.count[s]; i++) {
			struct message_rr rr;

			if (message_read_rr(message, &at, &rr) != OK)
				return false;
			if (rr.type == TYPE_OPT && edns_read(&rr, &v->edns) == OK)
				v->has_edns = true;
			note_serial(v, &rr);
		}
	return at == message.size;
}

/* ---- TSIG ---- */

static const struct tsig_key *key_of(const struct visit *v)
{
	for (size_t i = 0; i < v->attendant->key_count; i++)
		if (tsig_names_key(&v->tsig, &v->attendant->key[i]))
			return &v->attendant->key[i];
	return NULL;
}

/* Checks who signed all `size` octets (RFC 8945 section 5.2). False when that made the response
 * already. */
static bool authenticate(struct visit *v, size_t size)
{
	struct tsig_chain chain;
	uint16_t error;
	const struct tsig_key *key = key_of(v);

	if (key == NULL) {
		put_unsigned_error(v, TSIG_BADKEY);
		return false;
	}
	tsig_chain_begin(&chain, key, (struct bytes){NULL, 0});
	error = tsig_chain_check(&chain, (struct bytes){v->message, size}, &v->tsig,
	                         v->asker->now);
	if (error == RCODE_FORMERR) {
		put_error(v, RCODE_FORMERR);
		return false;
	}
	if (error == TSIG_BADSIG) {
		put_unsigned_error(v, error);
		return false;
	}
	v->key = key;
	v->attended.authentic = true;
	memcpy(v->mac, v->tsig.mac.at, v->tsig.mac.size);
	if (error == 0)
		return true;
	put_error(v, RCODE_NOTAUTH);
	put_signature(v, error);
	return false;
}

/* ---- what was wanted ---- */

/* Finds the zone whose apex is asked for, and what was set up for it; false when there is none. */
static bool find_zone(struct visit *v)
{
	struct bytes apex = dname_bytes(&v->question.name);
	const struct zone *zone;

	if (v->question.qclass != CLASS_IN)
		return false;
	v->transfer = v->server->transfer;
	if (v->server->zones == NULL)
		return bytes_same(apex, image_apex(v->server->image));
	zone = zones_at(v->server->zones, apex);
	if (zone == NULL)
		return false;
	v->attendant = zone->attendant;
	v->transfer = zone->transfer;
	v->attended.zone = zone->number;
	return true;
}

/* RFC 1996 section 3: a copy of its header and question is the response. */
static void take_notify(struct visit *v)
{
	if (!find_zone(v))
		put_error(v, RCODE_NOTAUTH);
	else if (v->question.type != TYPE_SOA)
		put_error(v, RCODE_FORMERR);
	else if (!permitted(v->attendant->notify, v->attendant->notify_count, v->asker, v->key))
		put_error(v, RCODE_REFUSED);
	else {
		v->attended.notified = true;
		v->attended.has_serial = v->has_serial;
		v->attended.serial = v->serial;
		put_bare(v, MESSAGE_AA, RCODE_NOERROR);
	}
}

static void begin_sending(struct visit *v, struct sending *sending)
{
	struct transfer_request request = {
		.id = v->header.id,
		.recursion_desired = (v->header.flags & MESSAGE_RD) != 0,
		.edns = v->has_edns,
		.dnssec_ok = v->edns.dnssec_ok,
		.has_serial = v->question.type == TYPE_IXFR,
		.serial = v->serial,
		.udp_size = v->server->udp_size,
		.question = {v->message + MESSAGE_HEADER_SIZE,
	                     v->question_end - MESSAGE_HEADER_SIZE},
		.key = v->key,
		.mac_size = v->key == NULL ? 0 : v->tsig.mac.size,
	};

	memcpy(request.mac, v->mac, request.mac_size);
	sending_begin(sending, v->transfer, &request);
}

/* IXFR by UDP: the SOA, after which whoever wants more asks by TCP (RFC 1995 section 2). */
static void put_soa(struct visit *v)
{
	struct writer to = {.at = v->message, .size = v->room};
	struct edns edns = {.udp_size = v->server->udp_size, .dnssec_ok = v->edns.dnssec_ok};

	put_bare(v, MESSAGE_AA, RCODE_NOERROR);
	store16(v->message + 6, 1);
	to.used = v->question_end;
	write_bytes(&to, v->transfer->soa);
	if (v->has_edns)
		edns_write(&to, &edns);
	must(!to.full);
	v->attended.size = to.used;
	if (to.used > limit_of(v))
		put_bare(v, MESSAGE_AA | MESSAGE_TC, RCODE_NOERROR);
}

static void take_transfer_request(struct visit *v, struct sending *sending)
{
	bool incremental = v->question.type == TYPE_IXFR,
	     udp = v->asker->transport == TRANSPORT_UDP;

	if (!find_zone(v))
		put_error(v, RCODE_NOTAUTH);
	else if (!permitted(v->attendant->take, v->attendant->take_count, v->asker, v->key))
		put_error(v, RCODE_REFUSED);
	else if ((incremental && !v->has_serial) || (udp && !incremental))
		put_error(v, RCODE_FORMERR); /* RFC 5936 section 4.2: no AXFR by UDP */
	else if (v->transfer == NULL || (!udp && sending == NULL))
		put_error(v, RCODE_SERVFAIL);
	else if (udp)
		put_soa(v);
	else {
		begin_sending(v, sending);
		v->attended.sending = true;
	}
}

/* A question like any other, but signed. */
static void take_query(struct visit *v)
{
	const struct answerer *server = v->server;
	struct outcome outcome = (server->expired ? answer_expired : answer)(
		server, v->asker, v->message, v->size, v->room);

	v->attended.size = outcome.size;
	v->attended.question_end = (uint16_t)v->question_end;
	must(v->attended.size != ANSWER_ATTEND && v->attended.size != 0);
}

static void take(struct visit *v, struct sending *sending)
{
	unsigned opcode = MESSAGE_OPCODE(v->header.flags);

	if (opcode == OPCODE_NOTIFY)
		take_notify(v);
	else if (opcode != OPCODE_QUERY)
		put_error(v, RCODE_NOTIMP);
	else if (v->has_edns && v->edns.version != 0)
		take_query(v); /* which says so */
	else if (v->question.type == TYPE_AXFR || v->question.type == TYPE_IXFR)
		take_transfer_request(v, sending);
	else
		take_query(v);
}

struct attended attend(const struct answerer *server, const struct asker *asker,
                       uint8_t *message, size_t size, size_t room, struct sending *sending)
{
	struct visit v = {.server = server,
	                  .attendant = server->attendant,
	                  .asker = asker,
	                  .message = message,
	                  .size = size,
	                  .room = room,
	                  .question_end = MESSAGE_HEADER_SIZE};
	bool has_tsig = false, malformed;

	must(message_read_header((struct bytes){message, size}, &v.header) == OK);
	malformed = tsig_find((struct bytes){message, size}, &v.tsig, &has_tsig) != OK;
	if (has_tsig) { /* what follows sees what was signed */
		v.size = v.tsig.at;
		v.header.count[SECTION_ADDITIONAL]--;
	}
	if (malformed || !read_message(&v)) {
		put_error(&v, RCODE_FORMERR);
		return v.attended;
	}
	if (has_tsig && !authenticate(&v, size))
		return v.attended;
	store16(message + 10, v.header.count[SECTION_ADDITIONAL]);
	take(&v, sending);
	if (v.key != NULL && !v.attended.sending)
		put_signature(&v, 0);
	return v.attended;
}
