/* SPDX-License-Identifier: Apache-2.0 */
#include "host/observing/known.h"

#include "observing/asking.h"
#include "state/record.h"

struct knowing {
	known_get *get;
	void *context;
	struct arena *arena;
	struct writer *lines;
};

/* The addresses that a record of the state has for the name. */
static bool of_record(const struct knowing *k, struct bytes key, struct bytes name, struct bytes text)
{
	struct bytes record, line, records;
	struct text lines;
	bool any = false;
	struct rr rr;

	if (!k->get(k->context, key, &record) || record_is_tombstone(record))
		return false;
	lines = record_lines(record);
	while (text_peek(&lines, &line) && !bytes_starts(line, BYTES("+ ")) && text_line(&lines, &line))
		;
	for (records = lines.rest; record_rr(&records, k->arena, &rr);) {
		if ((rr.type != TYPE_A && rr.type != TYPE_AAAA) || !bytes_same(rr.owner, name))
			continue;
		write_text(k->lines, "address: ");
		write_bytes(k->lines, text);
		write_octet(k->lines, ' ');
		address_write(k->lines, rr.rdata.at, rr.rdata.size);
		write_octet(k->lines, '\n');
		any = true;
	}
	return any;
}

/* Of the host, the root server, or the TLD that has it: one of its labels is that TLD's. */
static void of_name(const struct knowing *k, struct bytes name)
{
	struct writer w = writer_in(k->arena);
	struct record_key key;
	struct bytes text;

	dname_write_text(&w, name);
	text = writer_keep(&w, k->arena);
	if (of_record(k, record_key(&key, "host", text, BYTES("")), name, text) ||
	    of_record(k, record_key(&key, "server", text, BYTES("")), name, text))
		return;
	for (struct bytes rest = name; dname_label_count(rest) > 0; rest = dname_parent(rest))
		if (of_record(k, record_key(&key, "tld", dname_first_label(rest), BYTES("")), name, text))
			return;
}

static bool gives(struct bytes records, struct bytes name, struct arena scratch)
{
	struct rr rr;

	while (asking_record(&records, &scratch, &rr))
		if ((rr.type == TYPE_A || rr.type == TYPE_AAAA) && bytes_same(rr.owner, name))
			return true;
	return false;
}

struct bytes known_addresses(known_get *get, void *context, struct bytes records, struct arena *arena)
{
	uint8_t *room = arena_take(arena, ASKING_SIZE_MAX);
	struct writer lines = {.at = room, .size = ASKING_SIZE_MAX};
	struct knowing k = {get, context, arena, &lines};
	struct bytes rest = records;
	struct rr rr;

	while (asking_record(&rest, arena, &rr))
		if (rr.type == TYPE_NS && !gives(records, rr.rdata, arena_rest(arena)))
			of_name(&k, rr.rdata);
	return lines.full ? BYTES("") : writer_bytes(&lines);
}
