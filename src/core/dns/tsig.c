/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/tsig.h"

#include <string.h>

#include "base/must.h"

#define TSIG_FIXED 16 /* octets of RDATA besides algorithm, MAC and other data */

static struct bytes algorithm_name(enum tsig_algorithm algorithm)
{
	return algorithm == TSIG_HMAC_SHA256 ? BYTES("\13hmac-sha256\0")
	                                     : BYTES("\13hmac-sha512\0");
}

bool tsig_algorithm_read(struct bytes text, enum tsig_algorithm *algorithm)
{
	if (text.size == 12 && text.at[11] == '.')
		text.size--;
	if (!bytes_same(text, BYTES("hmac-sha256")) && !bytes_same(text, BYTES("hmac-sha512")))
		return false;
	*algorithm = text.at[8] == '2' ? TSIG_HMAC_SHA256 : TSIG_HMAC_SHA512;
	return true;
}

size_t tsig_mac_size(enum tsig_algorithm algorithm)
{
	return algorithm == TSIG_HMAC_SHA256 ? crypto_auth_hmacsha256_BYTES
	                                     : crypto_auth_hmacsha512_BYTES;
}

/* ---- the record ---- */

static uint16_t u16_at(struct bytes from, size_t at)
{
	return (uint16_t)(from.at[at] << 8 | from.at[at + 1]);
}

static void write_u48(struct writer *to, uint64_t value)
{
	write_u16(to, (uint16_t)(value >> 32));
	write_u32(to, (uint32_t)value);
}

static enum mishap read_rdata(struct bytes rdata, struct tsig *tsig)
{
	size_t taken, mac;
	struct bytes rest;
	enum mishap m = dname_read(rdata, &tsig->algorithm, &taken);

	if (m != OK)
		return m;
	rest = bytes_from(rdata, taken);
	if (rest.size < TSIG_FIXED)
		return MISHAP_SHORT;
	tsig->time = (uint64_t)u16_at(rest, 0) << 32 | (uint64_t)u16_at(rest, 2) << 16 |
	             u16_at(rest, 4);
	tsig->fudge = u16_at(rest, 6);
	mac = u16_at(rest, 8);
	if (rest.size < TSIG_FIXED + mac)
		return MISHAP_SHORT;
	tsig->mac = bytes_first(bytes_from(rest, 10), mac);
	rest = bytes_from(rest, 10 + mac);
	tsig->original_id = u16_at(rest, 0);
	tsig->error = u16_at(rest, 2);
	tsig->other = bytes_from(rest, 6);
	return tsig->other.size == u16_at(rest, 4) ? OK : MISHAP_MALFORMED;
}

/* Goes past the question and the records before the last one, if that is an additional one;
 * else past all. There is no TSIG among them. */
static enum mishap find_last(struct bytes message, const struct message_header *header,
                             size_t *at)
{
	unsigned last = header->count[SECTION_ADDITIONAL] > 0,
		 others = (unsigned)header->count[SECTION_ANSWER] +
	                  header->count[SECTION_AUTHORITY] + header->count[SECTION_ADDITIONAL] -
	                  last;
	struct question question;
	struct message_rr rr;
	enum mishap m = OK;

	for (unsigned i = 0; i < header->count[SECTION_QUESTION] && m == OK; i++)
		m = message_read_question(message, at, &question);
	for (unsigned i = 0; i < others && m == OK; i++) {
		m = message_read_rr(message, at, &rr);
		if (m == OK && rr.type == TYPE_TSIG)
			m = MISHAP_MALFORMED;
	}
	return m;
}

enum mishap tsig_find(struct bytes message, struct tsig *tsig, bool *present)
{
	struct message_header header;
	struct tsig found = {.at = MESSAGE_HEADER_SIZE};
	struct message_rr rr;
	size_t end;
	enum mishap m = message_read_header(message, &header);

	if (m == OK)
		m = find_last(message, &header, &found.at);
	if (m != OK)
		return m;
	*present = false;
	if (header.count[SECTION_ADDITIONAL] == 0)
		return OK;
	end = found.at;
	m = message_read_rr(message, &end, &rr);
	if (m != OK || rr.type != TYPE_TSIG)
		return m;
	if (rr.rr_class != CLASS_ANY || rr.ttl != 0 || end != message.size)
		return MISHAP_MALFORMED;
	m = read_rdata(rr.rdata, &found);
	if (m != OK)
		return m;
	found.key = rr.owner;
	*tsig = found;
	*present = true;
	return OK;
}

bool tsig_names_key(const struct tsig *tsig, const struct tsig_key *key)
{
	return bytes_same(dname_bytes(&tsig->key), dname_bytes(&key->name)) &&
	       bytes_same(dname_bytes(&tsig->algorithm), algorithm_name(key->algorithm));
}

/* What a record to write consists of, behind the owner. */
struct record {
	struct bytes algorithm;
	uint64_t time;
	uint16_t fudge;
	struct bytes mac;
	uint16_t id;
	uint16_t error;
	struct bytes other;
};

static void write_record(struct writer *to, struct bytes owner, const struct record *r)
{
	write_bytes(to, owner);
	write_u16(to, TYPE_TSIG);
	write_u16(to, CLASS_ANY);
	write_u32(to, 0);
	write_u16(to, (uint16_t)(r->algorithm.size + TSIG_FIXED + r->mac.size + r->other.size));
	write_bytes(to, r->algorithm);
	write_u48(to, r->time);
	write_u16(to, r->fudge);
	write_u16(to, (uint16_t)r->mac.size);
	write_bytes(to, r->mac);
	write_u16(to, r->id);
	write_u16(to, r->error);
	write_u16(to, (uint16_t)r->other.size);
	write_bytes(to, r->other);
}

void tsig_write_error(struct writer *to, const struct tsig *request, uint16_t error)
{
	struct record record = {.algorithm = dname_bytes(&request->algorithm),
	                        .time = request->time,
	                        .fudge = request->fudge,
	                        .id = request->original_id,
	                        .error = error};

	write_record(to, dname_bytes(&request->key), &record);
}

void message_count_additional(uint8_t *message)
{
	unsigned count = ((unsigned)message[10] << 8 | message[11]) + 1;

	message[10] = (uint8_t)(count >> 8);
	message[11] = (uint8_t)count;
}

/* ---- a chain ---- */

static void begin_mac(struct tsig_chain *chain)
{
	const struct tsig_key *key = chain->key;

	if (key->algorithm == TSIG_HMAC_SHA256)
		crypto_auth_hmacsha256_init(&chain->state.sha256, key->secret,
		                            key->secret_size);
	else
		crypto_auth_hmacsha512_init(&chain->state.sha512, key->secret,
		                            key->secret_size);
}

void tsig_chain_add(struct tsig_chain *chain, struct bytes octets)
{
	if (chain->key->algorithm == TSIG_HMAC_SHA256)
		crypto_auth_hmacsha256_update(&chain->state.sha256, octets.at, octets.size);
	else
		crypto_auth_hmacsha512_update(&chain->state.sha512, octets.at, octets.size);
}

static void end_mac(struct tsig_chain *chain, uint8_t mac[TSIG_MAC_MAX])
{
	if (chain->key->algorithm == TSIG_HMAC_SHA256)
		crypto_auth_hmacsha256_final(&chain->state.sha256, mac);
	else
		crypto_auth_hmacsha512_final(&chain->state.sha512, mac);
}

/* The MAC before, its size in front. */
static void add_prior(struct tsig_chain *chain, struct bytes prior)
{
	uint8_t size[2] = {(uint8_t)(prior.size >> 8), (uint8_t)prior.size};

	if (prior.size == 0)
		return;
	tsig_chain_add(chain, (struct bytes){size, sizeof(size)});
	tsig_chain_add(chain, prior);
}

void tsig_chain_begin(struct tsig_chain *chain, const struct tsig_key *key, struct bytes prior)
{
	*chain = (struct tsig_chain){.key = key};
	begin_mac(chain);
	add_prior(chain, prior);
}

/* Section 4.3.3: the variables of the record; of a later one in a stream the timers only. */
static void add_variables(struct tsig_chain *chain, const struct record *record)
{
	uint8_t octets[2 * DNAME_SIZE_MAX + 64];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	if (!chain->timers_only) {
		write_bytes(&w, dname_bytes(&chain->key->name));
		write_u16(&w, CLASS_ANY);
		write_u32(&w, 0);
		write_bytes(&w, algorithm_name(chain->key->algorithm));
	}
	write_u48(&w, record->time);
	write_u16(&w, record->fudge);
	if (!chain->timers_only) {
		write_u16(&w, record->error);
		write_u16(&w, (uint16_t)record->other.size);
		write_bytes(&w, record->other);
	}
	tsig_chain_add(chain, writer_bytes(&w));
}

/* The MAC of this message is the first thing in the MAC of the next. */
static void go_on(struct tsig_chain *chain, struct bytes mac)
{
	begin_mac(chain);
	add_prior(chain, mac);
	chain->timers_only = true;
	chain->unsigned_count = 0;
}

void tsig_chain_sign(struct tsig_chain *chain, uint16_t id, uint64_t time, uint16_t error,
                     uint64_t now, struct writer *to)
{
	uint8_t mac[TSIG_MAC_MAX], clock[6];
	struct writer w = {.at = clock, .size = sizeof(clock)};
	struct record record = {.algorithm = algorithm_name(chain->key->algorithm),
	                        .time = time,
	                        .fudge = TSIG_FUDGE,
	                        .id = id,
	                        .error = error};

	write_u48(&w, now);
	if (error == TSIG_BADTIME)
		record.other = writer_bytes(&w);
	add_variables(chain, &record);
	end_mac(chain, mac);
	record.mac = (struct bytes){mac, tsig_mac_size(chain->key->algorithm)};
	write_record(to, dname_bytes(&chain->key->name), &record);
	go_on(chain, record.mac);
}

/* The octets of a message that its MAC covers: ID of the request, the record not counted. */
static void add_message(struct tsig_chain *chain, struct bytes message, const struct tsig *tsig)
{
	uint8_t header[MESSAGE_HEADER_SIZE];
	unsigned count = u16_at(message, 10) - 1u;

	memcpy(header, message.at, sizeof(header));
	header[0] = (uint8_t)(tsig->original_id >> 8);
	header[1] = (uint8_t)tsig->original_id;
	header[10] = (uint8_t)(count >> 8);
	header[11] = (uint8_t)count;
	tsig_chain_add(chain, (struct bytes){header, sizeof(header)});
	tsig_chain_add(chain, bytes_from(bytes_first(message, tsig->at), sizeof(header)));
}

uint16_t tsig_chain_check(struct tsig_chain *chain, struct bytes message,
                          const struct tsig *tsig, uint64_t now)
{
	size_t whole = tsig_mac_size(chain->key->algorithm);
	struct record record = {.time = tsig->time,
	                        .fudge = tsig->fudge,
	                        .error = tsig->error,
	                        .other = bytes_first(tsig->other, 6)};
	uint8_t mac[TSIG_MAC_MAX];

	must(tsig_names_key(tsig, chain->key));
	if (tsig->mac.size > whole || tsig->mac.size < whole / 2 || tsig->other.size > 6)
		return RCODE_FORMERR;
	add_message(chain, message, tsig);
	add_variables(chain, &record);
	end_mac(chain, mac);
	if (sodium_memcmp(mac, tsig->mac.at, tsig->mac.size) != 0)
		return TSIG_BADSIG;
	if (now + tsig->fudge < tsig->time || now > tsig->time + tsig->fudge)
		return TSIG_BADTIME;
	go_on(chain, tsig->mac);
	return 0;
}

bool tsig_chain_skip(struct tsig_chain *chain, struct bytes message)
{
	if (!chain->timers_only || chain->unsigned_count == TSIG_UNSIGNED_MAX)
		return false;
	chain->unsigned_count++;
	tsig_chain_add(chain, message);
	return true;
}

size_t tsig_sign_request(struct writer *message, const struct tsig_key *key, uint64_t now,
                         uint8_t mac[TSIG_MAC_MAX])
{
	struct tsig_chain chain;
	size_t size = tsig_mac_size(key->algorithm);
	uint16_t id = u16_at(writer_bytes(message), 0);

	tsig_chain_begin(&chain, key, (struct bytes){NULL, 0});
	tsig_chain_add(&chain, writer_bytes(message));
	tsig_chain_sign(&chain, id, now, 0, now, message);
	if (message->full)
		return 0;
	/* Behind the MAC stand ID, error and the size of no other data. */
	memcpy(mac, message->at + message->used - 6 - size, size);
	message_count_additional(message->at);
	return size;
}
