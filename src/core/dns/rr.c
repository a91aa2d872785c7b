/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rr.h"

#include "base/text.h"
#include "dns/dname.h"
#include "dns/message.h"
#include "dns/rdata.h"

static bool fault_at(struct fault *fault, struct bytes line, struct bytes rest, const char *why)
{
	*fault = (struct fault){1, (uint32_t)(line.size - rest.size) + 1, why};
	return false;
}

bool rr_read_text(struct bytes line, struct arena *arena, struct rr *rr, struct fault *fault)
{
	struct bytes rest = line, before = line, word;
	struct dname owner;
	struct rr read;
	uint64_t ttl;

	if (!text_word(&rest, &word) || dname_read_text(word, &owner) != OK)
		return fault_at(fault, line, before, "not an absolute domain name");
	before = rest;
	if (!text_word_number(&rest, TTL_MAX, &ttl))
		return fault_at(fault, line, before, "not a time to live in seconds");
	before = rest;
	if (!text_word(&rest, &word) || !bytes_same(word, BYTES("IN")))
		return fault_at(fault, line, before, "not class IN");
	before = rest;
	if (!text_word(&rest, &word) || !type_read_text(word, &read.type))
		return fault_at(fault, line, before, "not a record type");
	if (rest.size == 0)
		return fault_at(fault, line, rest, "the record has no data");
	if (!rdata_read_text(read.type, rest, arena, &read.rdata, fault)) {
		fault->column += (uint32_t)(line.size - rest.size);
		return false;
	}
	read.owner = arena_copy(arena, dname_bytes(&owner));
	read.ttl = (uint32_t)ttl;
	*rr = read;
	return true;
}

void rr_write_text(struct writer *writer, const struct rr *rr)
{
	dname_write_text(writer, rr->owner);
	write_octet(writer, ' ');
	write_number(writer, rr->ttl);
	write_text(writer, " IN ");
	type_write_text(writer, rr->type);
	write_octet(writer, ' ');
	rdata_write_text(writer, rr->type, rr->rdata);
}

bool rr_prints_as(const struct rr *rr, struct bytes line, struct arena scratch)
{
	struct writer printed = writer_in(&scratch);

	rr_write_text(&printed, rr);
	return !printed.full && bytes_same(writer_bytes(&printed), line);
}

static bool strict_name(struct bytes name)
{
	uint8_t text[DNAME_TEXT_SIZE_MAX];
	struct writer writer = {.at = text, .size = sizeof(text)};
	struct dname again;

	dname_write_text(&writer, name);
	return dname_read_strict(writer_bytes(&writer), &again) == OK;
}

bool rr_read_strict(struct bytes line, struct arena *arena, struct rr *rr, struct fault *fault)
{
	struct rr read;

	if (!rr_read_text(line, arena, &read, fault))
		return false;
	if (read.type != TYPE_NS && read.type != TYPE_A && read.type != TYPE_AAAA &&
	    read.type != TYPE_DS)
		return fault_at(fault, line, line, "not a record of type NS, A, AAAA or DS");
	if (!strict_name(read.owner) || (read.type == TYPE_NS && !strict_name(read.rdata)))
		return fault_at(fault, line, line,
		                "a name with other characters than a-z 0-9 - _");
	if (!rr_prints_as(&read, line, *arena))
		return fault_at(fault, line, line, "not the one form of this record");
	*rr = read;
	return true;
}

int rr_compare(const struct rr *a, const struct rr *b)
{
	int d = a->owner.at == b->owner.at ? 0 : dname_order(a->owner, b->owner);

	if (d != 0)
		return d;
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return bytes_compare(a->rdata, b->rdata);
}

/* ---- in a message ---- */

enum mishap rr_read_message(struct bytes message, size_t *at, struct arena *arena,
                            struct rr *rr)
{
	struct message_rr read;
	struct writer rdata;
	size_t end = *at;
	enum mishap m = message_read_rr(message, &end, &read);

	if (m != OK)
		return m;
	if (read.rr_class != CLASS_IN || read.ttl > TTL_MAX)
		return MISHAP_MALFORMED;
	*rr = (struct rr){.owner = arena_copy(arena, dname_bytes(&read.owner)),
	                  .ttl = read.ttl,
	                  .type = read.type};
	rdata = writer_in(arena);
	m = rdata_read_message(read.type, message, end - read.rdata.size, read.rdata.size, &rdata);
	if (m != OK)
		return m;
	rr->rdata = writer_keep(&rdata, arena);
	*at = end;
	return OK;
}

void rr_write_message(struct writer *writer, const struct rr *rr)
{
	write_bytes(writer, rr->owner);
	write_u16(writer, rr->type);
	write_u16(writer, CLASS_IN);
	write_u32(writer, rr->ttl);
	write_u16(writer, (uint16_t)rr->rdata.size);
	write_bytes(writer, rr->rdata);
}
