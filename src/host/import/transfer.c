/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/transfer.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "dns/type.h"

#define HEADER_SIZE  12
#define MESSAGE_MAX  65535
#define QUESTION_MAX (HEADER_SIZE + 255 + 4)

struct transfer {
	int socket;
	uint16_t id;
	const ldns_rdf *apex;
	ldns_rr_list *records;
	ldns_rr *first; /* the SOA that opened it */
	bool over;      /* it came again */
	uint32_t message;
	size_t size; /* octets so far */
	struct fault *fault;
	uint8_t octet[MESSAGE_MAX];
};

static bool fault_at(struct transfer *t, const char *why)
{
	*t->fault = (struct fault){t->message, 0, why};
	return false;
}

static bool ask(struct transfer *t)
{
	uint8_t octets[2 + QUESTION_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	/* RFC 5936 section 2.1: a query of QTYPE AXFR; all flags are zero. */
	write_u16(&w, (uint16_t)(HEADER_SIZE + ldns_rdf_size(t->apex) + 4));
	write_u16(&w, t->id);
	write_u16(&w, OPCODE_QUERY);
	write_u16(&w, 1);
	write_u16(&w, 0);
	write_u16(&w, 0);
	write_u16(&w, 0);
	write_bytes(&w, (struct bytes){ldns_rdf_data(t->apex), ldns_rdf_size(t->apex)});
	write_u16(&w, TYPE_AXFR);
	write_u16(&w, CLASS_IN);
	return write(t->socket, octets, w.used) == (ssize_t)w.used ||
	       fault_at(t, "the question cannot be sent");
}

static bool receive(struct transfer *t, uint8_t *to, size_t size)
{
	while (size > 0) {
		ssize_t n = read(t->socket, to, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault_at(t, errno == EAGAIN ? "no answer in time" : strerror(errno));
		if (n == 0)
			return fault_at(t, "the connection ends before the zone does");
		to += n;
		size -= (size_t)n;
	}
	return true;
}

static bool take_rr(struct transfer *t, const ldns_rr *rr)
{
	bool soa = ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA;
	ldns_rr *kept;

	if (t->over)
		return fault_at(t, "records behind the last SOA");
	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN)
		return fault_at(t, "a record that is not of class IN");
	if (ldns_dname_compare(ldns_rr_owner(rr), t->apex) != 0 &&
	    (soa || !ldns_dname_is_subdomain(ldns_rr_owner(rr), t->apex)))
		return fault_at(t, "a record outside the zone");
	if (soa && t->first != NULL) {
		t->over = true;
		/* RFC 5936 section 2.2: the same SOA, or the zone changed meanwhile. */
		return ldns_rr_compare(rr, t->first) == 0 || fault_at(t, "two different SOA records");
	}
	if (!soa && t->first == NULL)
		return fault_at(t, "it does not begin with the SOA");
	kept = ldns_rr_clone(rr);
	if (kept == NULL || !ldns_rr_list_push_rr(t->records, kept))
		return fault_at(t, "no memory");
	t->first = soa ? kept : t->first;
	return true;
}

static bool take_packet(struct transfer *t, const ldns_pkt *packet)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);

	if (!ldns_pkt_qr(packet) || ldns_pkt_id(packet) != t->id ||
	    ldns_pkt_get_opcode(packet) != LDNS_PACKET_QUERY)
		return fault_at(t, "not an answer to the question");
	if (ldns_pkt_get_rcode(packet) == LDNS_RCODE_REFUSED)
		return fault_at(t, "the transfer is refused");
	if (ldns_pkt_get_rcode(packet) == LDNS_RCODE_NOTAUTH)
		return fault_at(t, "the server is not authoritative for the zone");
	if (ldns_pkt_get_rcode(packet) != LDNS_RCODE_NOERROR)
		return fault_at(t, "the server answers with an error");
	if (ldns_rr_list_rr_count(answer) == 0)
		return fault_at(t, "an answer without records");
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++)
		if (!take_rr(t, ldns_rr_list_rr(answer, i)))
			return false;
	return true;
}

static bool take_message(struct transfer *t)
{
	ldns_pkt *packet = NULL;
	ldns_status status;
	uint8_t head[2];
	size_t size;
	bool good;

	t->message++;
	if (!receive(t, head, sizeof(head)))
		return false;
	size = (size_t)head[0] << 8 | head[1];
	if ((t->size += size) > TRANSFER_SIZE_MAX)
		return fault_at(t, "a zone larger than we take");
	if (!receive(t, t->octet, size))
		return false;
	status = ldns_wire2pkt(&packet, t->octet, size);
	if (status != LDNS_STATUS_OK)
		return fault_at(t, ldns_get_errorstr_by_id(status));
	good = take_packet(t, packet);
	ldns_pkt_free(packet);
	return good;
}

bool transfer_read(int socket, const ldns_rdf *apex, ldns_rr_list *records, struct fault *fault)
{
	static struct transfer t;

	t = (struct transfer){.socket = socket, .apex = apex, .records = records, .fault = fault};
	if (getrandom(&t.id, sizeof(t.id), 0) != sizeof(t.id))
		return fault_at(&t, "no randomness");
	if (!ask(&t))
		return false;
	while (!t.over)
		if (!take_message(&t))
			return false;
	return true;
}
