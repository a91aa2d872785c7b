/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/request.h"

/* The octets of the question where they are plain: a pointer has nothing to point to. */
static bool read_question(struct bytes message, struct request *request)
{
	struct question question;
	size_t at = MESSAGE_HEADER_SIZE;
	uint32_t offset = 0;

	if (message_read_question(message, &at, &question) != OK)
		return false;
	for (const uint8_t *name = question.name.wire; name[offset] != 0;
	     offset += 1u + name[offset]) {
		request->trail = (request->trail | offset) << 8;
		request->label_count++;
	}
	request->trail |= offset;
	request->type = question.type;
	request->qclass = question.qclass;
	request->question_end = (uint32_t)at;
	return true;
}

#define EDNS_VERSION(ttl) ((ttl) >> 16 & 255)

/* RFC 6891 section 6.1.1: at most one OPT record, and in the additional section. The response
 * to a bad one has one too (section 7). What stands in one of another version we do not know.
 */
static enum rcode read_opt(const struct message_rr *rr, enum section section,
                           struct request *request)
{
	struct edns edns;
	bool alone = section == SECTION_ADDITIONAL && !request->edns && rr->owner.size == 1;

	request->edns = true;
	if (!alone)
		return RCODE_FORMERR;
	if (EDNS_VERSION(rr->ttl) != 0)
		return RCODE_BADVERS;
	if (edns_read(rr, &edns) != OK)
		return RCODE_FORMERR;
	request->udp_size = edns.udp_size;
	request->dnssec_ok = edns.dnssec_ok;
	return request_read_options(edns.options.at, edns.options.size, request)
	               ? RCODE_NOERROR
	               : RCODE_FORMERR;
}

/* The records behind the question: none matters but OPT and TSIG, and all must be whole. */
static enum rcode read_records(struct bytes message, const struct message_header *header,
                               struct request *request)
{
	enum rcode rcode = RCODE_NOERROR;
	size_t at = request->question_end;

	for (unsigned section = SECTION_ANSWER; section <= SECTION_ADDITIONAL; section++)
		for (unsigned i = 0; i < header->count[section]; i++) {
			struct message_rr rr;

			if (message_read_rr(message, &at, &rr) != OK)
				return RCODE_FORMERR;
			request->attend |= rr.type == TYPE_TSIG;
			if (rr.type != TYPE_OPT)
				continue;
			rcode = read_opt(&rr, section, request);
			if (rcode == RCODE_FORMERR)
				return rcode;
		}
	return at == message.size ? rcode : RCODE_FORMERR;
}

void request_read_any(struct bytes message, struct request *request)
{
	struct message_header header;

	*request = (struct request){.udp_size = MESSAGE_UDP_SIZE, .rcode = RCODE_FORMERR};
	if (message_read_header(message, &header) != OK)
		return;
	if (MESSAGE_OPCODE(header.flags) != OPCODE_QUERY) {
		request->rcode = RCODE_NOTIMP;
		request->attend = MESSAGE_OPCODE(header.flags) == OPCODE_NOTIFY;
		return;
	}
	/* RFC 9619: a query has one question, or none when it asks for a cookie (RFC 7873
	 * section 5.4). */
	if (header.count[SECTION_QUESTION] > 1)
		return;
	request->has_question = header.count[SECTION_QUESTION] == 1;
	if (request->has_question && !read_question(message, request))
		return;
	if (!request->has_question)
		request->question_end = MESSAGE_HEADER_SIZE;
	request->rcode = read_records(message, &header, request);
	if (!request->has_question) {
		if (request->rcode == RCODE_NOERROR && request->cookie_size == 0)
			request->rcode = RCODE_FORMERR;
		return;
	}
	request->is_for_zone = request->rcode == RCODE_NOERROR && !request->attend &&
	                       request_is_for_zone(request->type, request->qclass);
}
