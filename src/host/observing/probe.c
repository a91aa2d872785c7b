/* SPDX-License-Identifier: Apache-2.0 */
#include "host/observing/probe.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "dns/rdata.h"
#include "host/import/convert.h"
#include "host/observing/chain.h"
#include "host/observing/exchange.h"

#define STRANGERS_NAME "comity-check.invalid." /* of nobody (RFC 6761 section 6.4) */
#define TEXTS_MAX      64

struct probing {
	const struct asking *asking;
	struct arena *arena;
	ldns_rdf *tld;
	ldns_rr_list *ds;
	struct sightings *seen;
};

/* A sorted set of texts. */
struct texts {
	struct bytes text[TEXTS_MAX];
	unsigned count;
};

static void texts_add(struct texts *t, struct bytes text)
{
	unsigned i = 0;

	while (i < t->count && bytes_compare(t->text[i], text) < 0)
		i++;
	if (t->count == TEXTS_MAX || (i < t->count && bytes_same(t->text[i], text)))
		return;
	memmove(&t->text[i + 1], &t->text[i], (t->count - i) * sizeof(t->text[0]));
	t->text[i] = text;
	t->count++;
}

static void texts_write(struct writer *w, const char *name, const struct texts *t)
{
	for (unsigned i = 0; i < t->count; i++)
		write_field(w, name, t->text[i]);
}

static ldns_rdf *name_of(struct bytes text)
{
	char copy[DNAME_TEXT_SIZE_MAX + 1];

	if (text.size >= sizeof(copy))
		return NULL;
	memcpy(copy, text.at, text.size);
	copy[text.size] = '\0';
	return ldns_dname_new_frm_str(copy);
}

/* ---- answers ---- */

/* The text of a record's data: a name, an address, an SOA. Empty when it is none. */
static struct bytes data_text(struct probing *p, const ldns_rr *from)
{
	struct writer w;
	const char *why;
	struct rr rr;

	if (!convert_rr(from, p->arena, &rr, &why))
		return (struct bytes){NULL, 0};
	w = writer_in(p->arena);
	if (rr.type == TYPE_NS)
		dname_write_text(&w, rr.rdata);
	else if (rr.type == TYPE_A || rr.type == TYPE_AAAA)
		address_write(&w, rr.rdata.at, rr.rdata.size);
	else
		rdata_write_text(&w, rr.type, rr.rdata);
	return writer_keep(&w, p->arena);
}

/* Records of the answer section with that owner and type, added to the set. */
static void answers_add(struct probing *p, const ldns_pkt *packet, const ldns_rdf *owner,
                        ldns_rr_type type, struct texts *texts)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);

	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(answer, i);
		struct bytes text;

		if (ldns_rr_get_type(rr) != type || ldns_dname_compare(ldns_rr_owner(rr), owner) != 0)
			continue;
		text = data_text(p, rr);
		if (text.size > 0)
			texts_add(texts, text);
	}
}

static struct bytes rcode_word(struct probing *p, const ldns_pkt *packet)
{
	static const char *const WORDS[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
	ldns_pkt_rcode rcode = ldns_pkt_get_rcode(packet);
	struct writer w = writer_in(p->arena);

	if (rcode < sizeof(WORDS) / sizeof(WORDS[0])) {
		write_text(&w, WORDS[rcode]);
	} else {
		write_text(&w, "RCODE");
		write_number(&w, rcode);
	}
	return writer_keep(&w, p->arena);
}

/* ---- questions ---- */

/* An address that is being asked, and by which ways it answers. */
struct place {
	uint8_t octets[IPV6_SIZE];
	size_t size;
	bool udp, tcp;
};

/* By UDP, and by TCP where that fails or is cut short; NULL when neither answers. */
static ldns_pkt *ask(const struct place *place, const struct question *q)
{
	ldns_pkt *answer = NULL, *whole;

	if (place->udp)
		(void)exchange_udp(place->octets, place->size, q, &answer);
	if (!place->tcp || (answer != NULL && !ldns_pkt_tc(answer)))
		return answer;
	if (exchange_tcp(place->octets, place->size, q, &whole) != REACH_ANSWERED)
		return answer;
	ldns_pkt_free(answer);
	return whole;
}

static struct bytes ask_ns(struct probing *p, const struct place *place)
{
	ldns_pkt *answer = ask(place, &(struct question){p->tld, LDNS_RR_TYPE_NS, false});
	struct texts texts = {.count = 0};
	struct writer w;

	if (answer != NULL)
		answers_add(p, answer, p->tld, LDNS_RR_TYPE_NS, &texts);
	ldns_pkt_free(answer);
	w = writer_in(p->arena);
	texts_write(&w, "ns", &texts);
	return writer_keep(&w, p->arena);
}

/* The addresses it gives with authority for a name; false when it has none. */
static bool ask_addresses(struct probing *p, const struct place *place, const ldns_rdf *name, bool recursive,
                          struct texts *texts)
{
	static const ldns_rr_type TYPES[] = {LDNS_RR_TYPE_A, LDNS_RR_TYPE_AAAA};
	bool both = true;

	for (unsigned i = 0; i < 2; i++) {
		ldns_pkt *answer = ask(place, &(struct question){name, TYPES[i], recursive});

		both = both && answer != NULL && (recursive || ldns_pkt_aa(answer)) &&
		       (ldns_pkt_get_rcode(answer) == LDNS_RCODE_NOERROR ||
		        ldns_pkt_get_rcode(answer) == LDNS_RCODE_NXDOMAIN);
		if (answer != NULL)
			answers_add(p, answer, name, TYPES[i], texts);
		ldns_pkt_free(answer);
	}
	return both;
}

/* The names of name servers for which the act has an address. */
static void glued_names(struct probing *p, struct texts *names)
{
	struct bytes lines = p->asking->records;
	struct rr rr;

	while (asking_record(&lines, p->arena, &rr)) {
		struct writer w;

		if (rr.type != TYPE_A && rr.type != TYPE_AAAA)
			continue;
		w = writer_in(p->arena);
		dname_write_text(&w, rr.owner);
		texts_add(names, writer_keep(&w, p->arena));
	}
}

static struct bytes ask_hosts(struct probing *p, const struct place *place)
{
	struct texts names = {.count = 0}, addresses[TEXTS_MAX];
	bool given[TEXTS_MAX];
	struct writer w;

	glued_names(p, &names);
	for (unsigned i = 0; i < names.count; i++) {
		ldns_rdf *name = name_of(names.text[i]);

		addresses[i].count = 0;
		given[i] = name != NULL && ask_addresses(p, place, name, false, &addresses[i]);
		ldns_rdf_deep_free(name);
	}
	w = writer_in(p->arena);
	for (unsigned i = 0; i < names.count; i++) {
		if (!given[i])
			continue;
		write_field(&w, "host", names.text[i]);
		texts_write(&w, "address", &addresses[i]);
	}
	return writer_keep(&w, p->arena);
}

static enum recursion ask_recursion(const struct place *place)
{
	ldns_rdf *name = ldns_dname_new_frm_str(STRANGERS_NAME);
	ldns_pkt *answer = ask(place, &(struct question){name, LDNS_RR_TYPE_A, true});
	enum recursion recursion = RECURSION_UNKNOWN;

	if (answer != NULL) {
		ldns_pkt_rcode rcode = ldns_pkt_get_rcode(answer);
		bool found = rcode == LDNS_RCODE_NXDOMAIN ||
		             (rcode == LDNS_RCODE_NOERROR && ldns_pkt_ancount(answer) > 0);

		recursion = ldns_pkt_ra(answer) && found ? RECURSION_OPEN : RECURSION_CLOSED;
	}
	ldns_pkt_free(answer);
	ldns_rdf_deep_free(name);
	return recursion;
}

static void ask_chain(struct probing *p, const struct place *place, struct sighting *s)
{
	ldns_pkt *keys, *soa;
	struct writer w = writer_in(p->arena);

	if (ldns_rr_list_rr_count(p->ds) == 0)
		return;
	keys = ask(place, &(struct question){p->tld, LDNS_RR_TYPE_DNSKEY, false});
	soa = ask(place, &(struct question){p->tld, LDNS_RR_TYPE_SOA, false});
	for (size_t i = 0; i < ldns_rr_list_rr_count(p->ds); i++) {
		const ldns_rr *ds = ldns_rr_list_rr(p->ds, i);

		write_text(&w, "ds: ");
		write_number(&w, ldns_rdf2native_int16(ldns_rr_rdf(ds, 0)));
		write_text(&w, chain_has_key(keys, p->tld, ds) ? " yes\n" : " no\n");
	}
	s->ds = writer_keep(&w, p->arena);
	s->chain = bytes_of(chain_holds(keys, soa, p->tld, p->ds, time(NULL)));
	ldns_pkt_free(keys);
	ldns_pkt_free(soa);
}

/* ---- one address ---- */

static void answer_take(struct probing *p, const ldns_pkt *answer, struct sighting *s)
{
	struct texts soa = {.count = 0};

	if (s->answered)
		return;
	s->answered = true;
	s->rcode = rcode_word(p, answer);
	s->aa = ldns_pkt_aa(answer);
	s->tc = ldns_pkt_tc(answer);
	s->ra = ldns_pkt_ra(answer);
	answers_add(p, answer, p->tld, LDNS_RR_TYPE_SOA, &soa);
	if (soa.count > 0)
		s->soa = soa.text[0];
}

static void see(struct probing *p, struct bytes name, struct bytes address)
{
	const struct question soa = {p->tld, LDNS_RR_TYPE_SOA, false};
	struct sighting *s = &p->seen->sighting[p->seen->count];
	struct place place = {.udp = false};
	ldns_pkt *answer;

	if (p->seen->count == SIGHTINGS_MAX)
		return;
	p->seen->count++;
	*s = (struct sighting){.name = name, .address = address, .recursion = RECURSION_UNKNOWN};
	place.size = address_read(address, place.octets);
	if (place.size == 0)
		return;
	s->udp = exchange_udp(place.octets, place.size, &soa, &answer);
	if (answer != NULL)
		answer_take(p, answer, s);
	ldns_pkt_free(answer);
	s->tcp = exchange_tcp(place.octets, place.size, &soa, &answer);
	if (answer != NULL)
		answer_take(p, answer, s);
	ldns_pkt_free(answer);
	place.udp = s->udp == REACH_ANSWERED;
	place.tcp = s->tcp == REACH_ANSWERED;
	if (!s->answered)
		return;
	s->ns = ask_ns(p, &place);
	s->hosts = ask_hosts(p, &place);
	s->recursion = ask_recursion(&place);
	ask_chain(p, &place, s);
}

/* ---- which addresses ---- */

static void known_addresses(struct probing *p, struct bytes name, struct texts *texts)
{
	struct bytes lines = p->asking->records, value, word;
	struct rr rr;

	while (asking_record(&lines, p->arena, &rr)) {
		struct writer w;
		struct bytes owner;

		if (rr.type != TYPE_A && rr.type != TYPE_AAAA)
			continue;
		w = writer_in(p->arena);
		dname_write_text(&w, rr.owner);
		owner = writer_keep(&w, p->arena);
		w = writer_in(p->arena);
		address_write(&w, rr.rdata.at, rr.rdata.size);
		if (bytes_same(owner, name))
			texts_add(texts, writer_keep(&w, p->arena));
	}
	for (lines = p->asking->addresses; asking_value(&lines, &value);)
		if (text_word(&value, &word) && bytes_same(word, name))
			texts_add(texts, value);
}

static void resolved_addresses(struct probing *p, struct bytes name, struct texts *texts)
{
	struct bytes lines = p->asking->resolvers, value;
	ldns_rdf *wire = name_of(name);

	while (wire != NULL && texts->count == 0 && asking_value(&lines, &value)) {
		struct place place = {.udp = true, .tcp = true};

		place.size = address_read(value, place.octets);
		(void)ask_addresses(p, &place, wire, true, texts);
	}
	ldns_rdf_deep_free(wire);
}

static void see_server(struct probing *p, struct bytes name)
{
	struct texts addresses = {.count = 0};

	known_addresses(p, name, &addresses);
	if (addresses.count == 0)
		resolved_addresses(p, name, &addresses);
	if (addresses.count == 0)
		see(p, name, BYTES("none"));
	for (unsigned i = 0; i < addresses.count; i++)
		see(p, name, addresses.text[i]);
}

/* ---- all of it ---- */

static bool take_ds(struct probing *p)
{
	struct text lines = {.rest = p->asking->records};
	struct bytes line;

	while (text_line(&lines, &line)) {
		char text[1000];
		ldns_rr *rr = NULL;

		if (line.size >= sizeof(text))
			return false;
		memcpy(text, line.at + 2, line.size - 2);
		text[line.size - 2] = '\0';
		if (ldns_rr_new_frm_str(&rr, text, 0, NULL, NULL) != LDNS_STATUS_OK)
			return false;
		if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_DS)
			ldns_rr_free(rr);
		else if (!ldns_rr_list_push_rr(p->ds, rr))
			return false;
	}
	return true;
}

static void see_all(struct probing *p)
{
	struct bytes lines = p->asking->records;
	struct rr rr;

	while (asking_record(&lines, p->arena, &rr)) {
		struct writer w;

		if (rr.type != TYPE_NS)
			continue;
		w = writer_in(p->arena);
		dname_write_text(&w, rr.rdata);
		see_server(p, writer_keep(&w, p->arena));
	}
}

enum mishap probe(const struct asking *asking, struct arena *arena, struct writer *writer)
{
	static struct sightings seen;
	struct probing p = {
		.asking = asking,
		.arena = arena,
		.tld = name_of(asking->tld),
		.ds = ldns_rr_list_new(),
		.seen = &seen,
	};
	bool good = p.tld != NULL && p.ds != NULL && take_ds(&p);

	seen.count = 0;
	if (good)
		see_all(&p);
	sightings_write_head(writer, asking->tld);
	for (unsigned i = 0; i < seen.count; i++)
		sighting_write(writer, &seen.sighting[i]);
	sightings_write_end(writer);
	ldns_rdf_deep_free(p.tld);
	ldns_rr_list_deep_free(p.ds);
	return good && !writer->full ? OK : MISHAP_LIMIT;
}
