/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/message.h"

#define POINTER      0xc0 /* RFC 1035 section 4.1.4 */
#define DO_BIT       0x8000u
#define RR_FIXED     10 /* type, class, TTL, size of RDATA */
#define OPTION_FIXED 4

static uint16_t u16_at(struct bytes from, size_t at)
{
	return (uint16_t)(from.at[at] << 8 | from.at[at + 1]);
}

enum mishap message_read_header(struct bytes message, struct message_header *header)
{
	if (message.size < MESSAGE_HEADER_SIZE)
		return MISHAP_SHORT;
	header->id = u16_at(message, 0);
	header->flags = u16_at(message, 2);
	for (unsigned s = 0; s < SECTIONS; s++)
		header->count[s] = u16_at(message, 4 + 2 * s);
	return OK;
}

void message_write_header(struct writer *writer, const struct message_header *header)
{
	write_u16(writer, header->id);
	write_u16(writer, header->flags);
	for (unsigned s = 0; s < SECTIONS; s++)
		write_u16(writer, header->count[s]);
}

/* Adds the label at `i`, its length octet included, to a name under construction. */
static enum mishap add_label(struct bytes message, size_t i, struct dname *name)
{
	size_t size = 1u + message.at[i];

	if (message.size - i < size)
		return MISHAP_SHORT;
	if (name->size + size + (size > 1) > DNAME_SIZE_MAX)
		return MISHAP_LIMIT;
	for (size_t j = 0; j < size; j++)
		name->wire[name->size + j] = dname_lower(message.at[i + j]);
	name->size = (uint8_t)(name->size + size);
	return OK;
}

enum mishap message_read_name(struct bytes message, size_t *at, struct dname *name)
{
	struct dname n = {0};
	size_t i = *at, bound = *at, after = 0; /* a pointer must point before `bound` */

	for (;;) {
		if (i >= message.size)
			return MISHAP_SHORT;
		uint8_t label = message.at[i];
		if (label >= POINTER) {
			if (message.size - i < 2)
				return MISHAP_SHORT;
			size_t target = u16_at(message, i) & 0x3fffu;
			if (target >= bound || target < MESSAGE_HEADER_SIZE)
				return MISHAP_MALFORMED;
			after = after == 0 ? i + 2 : after;
			i = bound = target;
			continue;
		}
		if (label > DNAME_LABEL_MAX)
			return MISHAP_MALFORMED;
		enum mishap m = add_label(message, i, &n);
		if (m != OK)
			return m;
		i += 1u + label;
		if (label == 0)
			break;
	}
	*name = n;
	*at = after == 0 ? i : after;
	return OK;
}

enum mishap message_read_question(struct bytes message, size_t *at, struct question *question)
{
	struct question q;
	size_t i = *at;
	enum mishap m = message_read_name(message, &i, &q.name);

	if (m != OK)
		return m;
	if (message.size - i < 4)
		return MISHAP_SHORT;
	q.type = u16_at(message, i);
	q.qclass = u16_at(message, i + 2);
	*question = q;
	*at = i + 4;
	return OK;
}

enum mishap message_read_rr(struct bytes message, size_t *at, struct message_rr *rr)
{
	struct message_rr r;
	size_t i = *at;
	enum mishap m = message_read_name(message, &i, &r.owner);

	if (m != OK)
		return m;
	if (message.size - i < RR_FIXED || message.size - i - RR_FIXED < u16_at(message, i + 8))
		return MISHAP_SHORT;
	r.type = u16_at(message, i);
	r.rr_class = u16_at(message, i + 2);
	r.ttl = (uint32_t)u16_at(message, i + 4) << 16 | u16_at(message, i + 6);
	r.rdata = (struct bytes){message.at + i + RR_FIXED, u16_at(message, i + 8)};
	*rr = r;
	*at = i + RR_FIXED + r.rdata.size;
	return OK;
}

bool edns_option_next(struct bytes *options, uint16_t *code, struct bytes *value)
{
	if (options->size < OPTION_FIXED)
		return false;
	*code = u16_at(*options, 0);
	*value = bytes_first(bytes_from(*options, OPTION_FIXED), u16_at(*options, 2));
	*options = bytes_from(*options, OPTION_FIXED + value->size);
	return true;
}

static bool options_fill(struct bytes options)
{
	while (options.size >= OPTION_FIXED &&
	       options.size - OPTION_FIXED >= u16_at(options, 2))
		options = bytes_from(options, OPTION_FIXED + (size_t)u16_at(options, 2));
	return options.size == 0;
}

enum mishap edns_read(const struct message_rr *rr, struct edns *edns)
{
	if (rr->owner.size != 1 || !options_fill(rr->rdata))
		return MISHAP_MALFORMED;
	*edns = (struct edns){
		.udp_size = rr->rr_class,
		.rcode_high = (uint8_t)(rr->ttl >> 24),
		.version = (uint8_t)(rr->ttl >> 16),
		.dnssec_ok = (rr->ttl & DO_BIT) != 0,
		.options = rr->rdata,
	};
	return OK;
}

void edns_write(struct writer *writer, const struct edns *edns)
{
	write_octet(writer, 0);
	write_u16(writer, TYPE_OPT);
	write_u16(writer, edns->udp_size);
	write_octet(writer, edns->rcode_high);
	write_octet(writer, edns->version);
	write_u16(writer, edns->dnssec_ok ? DO_BIT : 0);
	write_u16(writer, (uint16_t)edns->options.size);
	write_bytes(writer, edns->options);
}

void edns_option_write(struct writer *writer, uint16_t code, struct bytes value)
{
	write_u16(writer, code);
	write_u16(writer, (uint16_t)value.size);
	write_bytes(writer, value);
}
