/* SPDX-License-Identifier: Apache-2.0 */
#include "act/batch.h"

#include "base/hex.h"
#include "base/must.h"

static const char *const CHANGES[BATCH_CHANGES] = {
	[BATCH_DELEGATE] = "delegate",
	[BATCH_DS] = "ds",
	[BATCH_DS_DROP] = "ds-drop",
};

const char *batch_change_word(enum batch_change change)
{
	must(change < BATCH_CHANGES);
	return CHANGES[change];
}

static bool slot_holds(struct bytes slot)
{
	uint8_t octets[BATCH_SLOT_DIGITS / 2];

	return bytes_same(slot, BYTES("none")) || hex_read(slot, octets, sizeof(octets));
}

static bool head_read(struct bytes line, struct batch_item *item, const char **why)
{
	static const struct act_field LABEL = {"tld", FORM_LABEL, NULL};
	struct bytes word;

	*why = "an item begins with delegate, ds or ds-drop";
	item->change = 0;
	if (!text_word(&line, &word))
		return false;
	while (item->change < BATCH_CHANGES && !bytes_same(word, bytes_of(CHANGES[item->change])))
		item->change++;
	if (item->change == BATCH_CHANGES)
		return false;
	*why = "an item is a change, a TLD, and 32 hex digits or none";
	if (!text_word(&line, &item->label) || !field_form_holds(&LABEL, item->label))
		return false;
	item->slot = line;
	return slot_holds(item->slot);
}

bool batch_next(struct bytes *rest, struct batch_item *item, const char **why)
{
	struct text lines = {.rest = *rest};
	struct bytes line;

	*why = NULL;
	if (rest->size == 0)
		return false;
	*why = "the last line does not end";
	if (!text_line(&lines, &line) || !head_read(line, item, why))
		return false;
	*why = NULL;
	item->records = bytes_first(lines.rest, 0);
	while (text_peek(&lines, &line) && bytes_starts(line, BYTES("+ "))) {
		item->records.size += line.size + 1;
		(void)text_line(&lines, &line);
	}
	*rest = lines.rest;
	return true;
}

static uint32_t line_count(struct bytes text)
{
	uint32_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += text.at[i] == '\n';
	return count;
}

bool batch_holds(struct bytes document, uint64_t count, struct fault *fault)
{
	struct bytes rest = document, before = {NULL, 0};
	struct batch_item item;
	uint64_t items = 0;
	const char *why;

	*fault = (struct fault){0, 0, "a batch has 1 to 200 items"};
	if (count == 0 || count > BATCH_ITEMS_MAX)
		return false;
	while (batch_next(&rest, &item, &why)) {
		uint32_t line = line_count(document) - line_count(rest) - line_count(item.records);

		*fault = (struct fault){line, 0, "TLDs not in order, or one twice"};
		if (before.size > 0 && bytes_compare(before, item.label) >= 0)
			return false;
		before = item.label;
		items++;
	}
	*fault = (struct fault){line_count(document) - line_count(rest) + 1, 0, why};
	if (why != NULL)
		return false;
	*fault = (struct fault){0, 0, "count is not how many items there are"};
	return items == count;
}

void batch_write(struct writer *writer, const struct batch_item *item)
{
	write_text(writer, batch_change_word(item->change));
	write_octet(writer, ' ');
	write_bytes(writer, item->label);
	write_octet(writer, ' ');
	write_bytes(writer, item->slot);
	write_octet(writer, '\n');
	write_bytes(writer, item->records);
}
