/* SPDX-License-Identifier: Apache-2.0 */
/* comity tld batch: many delegations in one act, from a file of changes. */
#include "act/batch.h"
#include "base/sort.h"
#include "prog/comity/draft.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/rr_lines.h"
#include "prog/comity/tld.h"

#define FILE_MAX 262144

/* What the file asks for: "CHANGE TLD", and the lines behind it that begin with "+ ", as people write records. */
struct change {
	enum batch_change change;
	struct bytes label, lines;
};

struct changes {
	struct change item[BATCH_ITEMS_MAX];
	unsigned count;
};

static int line_is_no_change(struct command *command, uint32_t line)
{
	fail(command, EXIT_MISUSE, "line {0}: not a change", "第 {0} 行：不是更改", VALUES(number_text(command, line)));
	next_step(command, "a change is: delegate TLD, ds TLD or ds-drop TLD; behind it its records, each as + RECORD",
	          "每项更改为：delegate TLD、ds TLD 或 ds-drop TLD；其后为记录，每条写作 + RECORD", NULL);
	return EXIT_MISUSE;
}

static bool change_word(struct bytes word, enum batch_change *change)
{
	*change = 0;
	while (*change < BATCH_CHANGES && !bytes_same(word, bytes_of(batch_change_word(*change))))
		*change += 1;
	return *change < BATCH_CHANGES;
}

/* Empty lines and those behind ";" are passed over. */
static int file_read_changes(struct command *command, struct bytes content, struct changes *c)
{
	struct text lines = {.rest = content};
	struct bytes line, word;

	while (text_line(&lines, &line)) {
		if (line.size == 0 || line.at[0] == ';')
			continue;
		if (bytes_starts(line, BYTES("+ ")) && c->count > 0) {
			struct change *last = &c->item[c->count - 1];

			last->lines = join_text(command, last->lines, (struct bytes){line.at + 2, line.size - 1});
			continue;
		}
		if (c->count == BATCH_ITEMS_MAX)
			return fail(command, EXIT_MISUSE, "a batch has at most 200 changes", "一批至多 200 项更改", NULL);
		if (!text_word(&line, &word) || !change_word(word, &c->item[c->count].change) || line.size == 0)
			return line_is_no_change(command, lines.line);
		c->item[c->count].label = tld_label(command, string_of(command, line));
		c->item[c->count++].lines = BYTES("");
	}
	return lines.rest.size == 0 && c->count > 0 ? EXIT_DONE : line_is_no_change(command, lines.line + 1);
}

static int by_label(const void *a, const void *b, const void *context)
{
	(void)context;
	return bytes_compare(((const struct change *)a)->label, ((const struct change *)b)->label);
}

static struct bytes owner_of(struct command *command, const struct view *view, struct bytes label)
{
	struct writer w = writer_in(&command->memory);
	struct dname name;

	if (!commons_tld_name(&view->ledger.commons, label, &name))
		return join_text(command, label, BYTES("."));
	dname_write_text(&w, dname_bytes(&name));
	return writer_keep(&w, &command->memory);
}

/* The item as the act has it: the slot that stands, the records in one form. */
static bool item_write(struct command *command, const struct view *view, const struct change *change,
                       struct writer *w)
{
	static struct rr_lines set;
	struct record_key key;
	struct bytes slot = slot_of(command, view, holding_key(&key, change->label));

	set.count = 0;
	if (!rr_lines_add_file(command, &set, change->lines, owner_of(command, view, change->label)))
		return false;
	batch_write(w, &(struct batch_item){change->change, change->label,
	                                    slot.size > BATCH_SLOT_DIGITS ? bytes_first(slot, BATCH_SLOT_DIGITS) : slot,
	                                    rr_lines_text(command, &set)});
	return true;
}

/* The embedded document. It is put together in memory of its own: reading records takes the command's. */
static bool document_write(struct command *command, struct draft *draft, const struct changes *c)
{
	struct writer document = {.at = arena_take(&command->memory, FILE_MAX), .size = FILE_MAX}, w;

	for (unsigned i = 0; i < c->count; i++)
		if (!item_write(command, &draft->view, &c->item[i], &document))
			return false;
	w = writer_in(&command->memory);
	act_write_embedded(&w, writer_bytes(&document));
	draft->act.embed = writer_keep(&w, &command->memory);
	return true;
}

int tld_batch(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	static struct changes changes;
	struct draft draft = {.write = false};
	struct bytes content;
	int code;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 || !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!read_input(command, argv[optind], FILE_MAX / 2, &content))
		return EXIT_MISHAP;
	code = file_read_changes(command, content, &changes);
	if (code != EXIT_DONE)
		return code;
	if (!draft_begin(command, &draft, ACT_BATCH))
		return EXIT_MISHAP;
	sort(changes.item, changes.count, sizeof(changes.item[0]), by_label, NULL);
	draft_set(&draft, "count", number_text(command, changes.count));
	return document_write(command, &draft, &changes) ? draft_finish(command, &draft) : EXIT_MISUSE;
}
