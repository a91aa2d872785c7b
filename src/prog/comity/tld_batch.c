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

/* The words of the file. What takes away has a word of its own, so that records left out take nothing away. */
enum records { RECORDS_SOME, RECORDS_NONE, RECORDS_ANY };

static const struct word {
	const char *word;
	enum batch_change change;
	enum records records;
	const char *instead; /* the word that takes away */
} WORDS[] = {{"delegate", BATCH_DELEGATE, RECORDS_SOME, "undelegate"},
             {"undelegate", BATCH_DELEGATE, RECORDS_NONE, NULL},
             {"ds", BATCH_DS, RECORDS_SOME, "ds-drop"},
             {"ds-drop", BATCH_DS_DROP, RECORDS_ANY, NULL}};

/* What the file asks for: "WORD TLD", and the lines behind it that begin with "+ ", as people write records. */
struct change {
	const struct word *word;
	uint32_t line;
	struct bytes label, lines;
};

struct changes {
	struct change item[BATCH_ITEMS_MAX];
	unsigned count;
};

static int line_is_no_change(struct command *command, uint32_t line)
{
	fail(command, EXIT_MISUSE, "line {0}: not a change", "第 {0} 行：不是更改", VALUES(number_text(command, line)));
	next_step(command,
	          "a change is: delegate TLD, undelegate TLD, ds TLD or ds-drop TLD; behind it its records, each as + RECORD",
	          "每项更改为：delegate TLD、undelegate TLD、ds TLD 或 ds-drop TLD；其后为记录，每条写作 + RECORD", NULL);
	return EXIT_MISUSE;
}

static const struct word *word_of(struct bytes text)
{
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (bytes_same(text, bytes_of(WORDS[i].word)))
			return &WORDS[i];
	return NULL;
}

/* Empty lines and those behind ";" are passed over. */
static int file_read_changes(struct command *command, struct bytes content, struct changes *c)
{
	struct text lines = {.rest = content};
	struct bytes line, word;

	while (text_line(&lines, &line)) {
		struct change *change = &c->item[c->count];

		if (line.size == 0 || line.at[0] == ';')
			continue;
		if (bytes_starts(line, BYTES("+ ")) && c->count > 0) {
			change--;
			change->lines = join_text(command, change->lines, (struct bytes){line.at + 2, line.size - 1});
			continue;
		}
		if (c->count == BATCH_ITEMS_MAX)
			return fail(command, EXIT_MISUSE, "a batch has at most 200 changes", "一批至多 200 项更改", NULL);
		if (!text_word(&line, &word) || (change->word = word_of(word)) == NULL || line.size == 0)
			return line_is_no_change(command, lines.line);
		change->line = lines.line;
		change->label = tld_label(command, string_of(command, line));
		change->lines = BYTES("");
		c->count++;
	}
	return lines.rest.size == 0 && c->count > 0 ? EXIT_DONE : line_is_no_change(command, lines.line + 1);
}

static int by_label(const void *a, const void *b, const void *context)
{
	(void)context;
	return bytes_compare(((const struct change *)a)->label, ((const struct change *)b)->label);
}

/* Whether the change has as many records as its word asks for. */
static bool records_hold(struct command *command, const struct change *change, unsigned count)
{
	struct bytes line = number_text(command, change->line), word = bytes_of(change->word->word);

	if (change->word->records == RECORDS_SOME && count == 0) {
		fail(command, EXIT_MISUSE, "line {0}: {1} {2} has no records", "第 {0} 行：{1} {2} 没有记录",
		     VALUES(line, word, change->label));
		next_step(command, "to take away what {1} has: {0} {1}", "要去掉 {1} 现有的记录：{0} {1}",
		          VALUES(bytes_of(change->word->instead), change->label));
		return false;
	}
	if (change->word->records == RECORDS_NONE && count > 0) {
		fail(command, EXIT_MISUSE, "line {0}: {1} {2} takes no records", "第 {0} 行：{1} {2} 之后不应有记录",
		     VALUES(line, word, change->label));
		return false;
	}
	return true;
}

/* The item as the act has it: the slot that stands, the records in one form. */
static bool item_write(struct command *command, const struct view *view, const struct change *change,
                       struct writer *w)
{
	static struct rr_lines set;
	struct record_key key;
	struct bytes slot = slot_of(command, view, holding_key(&key, change->label));

	set.count = 0;
	if (!rr_lines_add_file(command, &set, change->lines, tld_owner(command, view, change->label)) ||
	    !records_hold(command, change, set.count))
		return false;
	batch_write(w, &(struct batch_item){change->word->change, change->label,
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
