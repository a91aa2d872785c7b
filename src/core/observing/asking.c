/* SPDX-License-Identifier: Apache-2.0 */
#include "observing/asking.h"

#include "base/must.h"
#include "base/text.h"

#define FIRST BYTES("comity-asking/1")

size_t address_read(struct bytes text, uint8_t octets[IPV6_SIZE])
{
	uint8_t again_[48];
	struct writer again = {.at = again_, .size = sizeof(again_)};

	if (ipv4_read_text(text, octets))
		return IPV4_SIZE;
	if (!ipv6_read_text(text, octets))
		return 0;
	ipv6_write_text(&again, octets);
	return bytes_same(writer_bytes(&again), text) ? IPV6_SIZE : 0;
}

void address_write(struct writer *writer, const uint8_t *octets, size_t size)
{
	must(size == IPV4_SIZE || size == IPV6_SIZE);
	if (size == IPV4_SIZE)
		ipv4_write_text(writer, octets);
	else
		ipv6_write_text(writer, octets);
}

static bool is_address(struct bytes value)
{
	uint8_t octets[IPV6_SIZE];

	return address_read(value, octets) > 0;
}

static bool is_name_and_address(struct bytes value)
{
	struct dname name;
	struct bytes word;

	return text_word(&value, &word) && dname_read_strict(word, &name) == OK && is_address(value);
}

static struct bytes run(struct text *lines, const char *name, bool (*holds)(struct bytes value))
{
	struct bytes all = bytes_first(lines->rest, 0), line, value;

	while (text_peek(lines, &line) && text_field(line, name, &value) && holds(value) &&
	       text_line(lines, &line))
		all.size += line.size + 1;
	return all;
}

static bool record_belongs(const struct rr *rr, struct bytes tld)
{
	struct dname name;

	if (rr->type != TYPE_NS && rr->type != TYPE_DS)
		return true;
	return dname_read_strict(tld, &name) == OK && bytes_same(rr->owner, dname_bytes(&name));
}

static enum mishap records_read(struct text *lines, const struct asking *a, struct arena scratch,
                                struct bytes *records)
{
	struct bytes line;
	unsigned ds = 0;

	*records = bytes_first(lines->rest, 0);
	while (text_line(lines, &line)) {
		struct arena room = scratch;
		struct fault fault;
		struct rr rr;

		if (!bytes_starts(line, BYTES("+ ")) || !rr_read_strict(bytes_from(line, 2), &room, &rr, &fault) ||
		    !record_belongs(&rr, a->tld))
			return MISHAP_MALFORMED;
		ds += rr.type == TYPE_DS;
		records->size += line.size + 1;
	}
	if (ds > ASKING_DS_MAX)
		return MISHAP_LIMIT;
	return lines->rest.size == 0 ? OK : MISHAP_MALFORMED;
}

enum mishap asking_read(struct bytes text, struct arena scratch, struct asking *asking)
{
	struct text lines = {.rest = text};
	struct asking a = {.tld = {NULL, 0}};
	struct bytes line;
	struct dname tld;
	enum mishap mishap;

	if (text.size > ASKING_SIZE_MAX || !text_line(&lines, &line) || !bytes_same(line, FIRST) ||
	    !text_line(&lines, &line) || !text_field(line, "tld", &a.tld) ||
	    dname_read_strict(a.tld, &tld) != OK)
		return MISHAP_MALFORMED;
	a.resolvers = run(&lines, "resolver", is_address);
	a.addresses = run(&lines, "address", is_name_and_address);
	mishap = records_read(&lines, &a, scratch, &a.records);
	if (mishap == OK)
		*asking = a;
	return mishap;
}

void asking_write(struct writer *writer, const struct asking *asking)
{
	write_bytes(writer, FIRST);
	write_octet(writer, '\n');
	write_field(writer, "tld", asking->tld);
	write_bytes(writer, asking->resolvers);
	write_bytes(writer, asking->addresses);
	write_bytes(writer, asking->records);
}

bool asking_record(struct bytes *lines, struct arena *arena, struct rr *rr)
{
	struct text text = {.rest = *lines};
	struct fault fault;
	struct bytes line;

	if (!text_line(&text, &line))
		return false;
	*lines = text.rest;
	bool read = rr_read_strict(bytes_from(line, 2), arena, rr, &fault);
	must(read);
	return true;
}

bool asking_value(struct bytes *lines, struct bytes *value)
{
	struct text text = {.rest = *lines};
	struct bytes line;

	if (!text_line(&text, &line))
		return false;
	*lines = text.rest;
	for (size_t i = 0; i + 1 < line.size; i++)
		if (line.at[i] == ':' && line.at[i + 1] == ' ') {
			*value = bytes_from(line, i + 2);
			return true;
		}
	return false;
}
