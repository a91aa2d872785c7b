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

/* What the file asks for: "WORD TLD" in a line, and the lines behind it, whose records begin with "+". */
struct change {
	const struct word *word;
	uint32_t line;
	struct bytes label, lines;
};

struct changes {
	struct change item[BATCH_ITEMS_MAX];
	unsigned count;
};

static const struct word *word_of(struct bytes text)
{
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (bytes_same(text, bytes_of(WORDS[i].word)))
			return &WORDS[i];
	return NULL;
}

/* What is wrong in that line, or in none (0). */
static bool complain(struct command *command, uint32_t line, const char *en, const char *zh,
                     const struct bytes *values)
{
	struct bytes what = sentence(command, en, zh, values);

	if (line > 0)
		fail(command, EXIT_NO, "line {0}: {1}", "第 {0} 行：{1}", VALUES(number_text(command, line), what));
	else
		fail(command, EXIT_NO, "{0}", "{0}", VALUES(what));
	return false;
}

static bool is_no_change(struct command *command, uint32_t line, const char *en, const char *zh)
{
	(void)complain(command, line, en, zh, NULL);
	next_step(command,
	          "a change is: delegate TLD, undelegate TLD, ds TLD or ds-drop TLD; behind it its records, each as + RECORD",
	          "每项更改为：delegate TLD、undelegate TLD、ds TLD 或 ds-drop TLD；其后为记录，每条写作 + RECORD", NULL);
	return false;
}

static bool change_read(struct command *command, const struct bytes *word, unsigned count, uint32_t line,
                        struct changes *c)
{
	struct change *change = &c->item[c->count];

	if (c->count == BATCH_ITEMS_MAX)
		return complain(command, line, "a batch has at most 200 changes", "一批至多 200 项更改", NULL);
	if (count != 2 || (change->word = word_of(word[0])) == NULL)
		return is_no_change(command, line, "not a change", "不是更改");
	change->line = line;
	change->label = tld_label(command, string_of(command, word[1]));
	c->count++;
	return tld_label_valid(change->label) ||
	       complain(command, line, "{0} is no TLD", "{0} 不是顶级域", VALUES(word[1]));
}

/* Empty lines and comments are passed over. */
static bool file_read_changes(struct command *command, struct bytes content, struct changes *c)
{
	struct text lines = {.rest = content};
	struct bytes line, word[LINE_WORDS_MAX];
	unsigned count;

	while (text_line(&lines, &line)) {
		count = line_words(line, word);
		if (count == 0)
			continue;
		if (c->count > 0 && bytes_same(word[0], BYTES("+"))) {
			struct change *last = &c->item[c->count - 1];

			last->lines.size = (size_t)(lines.rest.at - last->lines.at);
			continue;
		}
		if (!change_read(command, word, count, lines.line, c))
			return false;
		c->item[c->count - 1].lines = bytes_first(lines.rest, 0);
	}
	return c->count > 0 || is_no_change(command, 0, "no change is in it", "其中没有更改");
}

static int by_label(const void *a, const void *b, const void *context)
{
	(void)context;
	return bytes_compare(((const struct change *)a)->label, ((const struct change *)b)->label);
}

/* Whether no TLD stands twice, of changes in order. */
static bool each_once(struct command *command, const struct changes *c)
{
	for (unsigned i = 1; i < c->count; i++) {
		const struct change *a = &c->item[i - 1], *b = &c->item[i];

		if (bytes_same(a->label, b->label))
			return complain(command, a->line > b->line ? a->line : b->line, "{0} stands twice", "{0} 重复出现",
			                VALUES(a->label));
	}
	return true;
}

/* The records behind the change, as a person wrote them. */
static bool records_read(struct command *command, const struct change *change, struct bytes owner, struct rr_lines *set)
{
	struct text lines = {.rest = change->lines, .line = change->line};
	struct bytes line, word[LINE_WORDS_MAX];

	for (set->count = 0; text_line(&lines, &line); set->line = 0) {
		set->line = lines.line;
		/* word[0] is "+" */
		if (line_words(line, word) > 1 &&
		    !rr_lines_add(command, set, bytes_from(line, (size_t)(word[1].at - line.at)), owner))
			return false;
	}
	return true;
}

/* Whether the change has the records that its word asks for. */
static bool records_hold(struct command *command, const struct change *change, const struct rr_lines *set)
{
	struct bytes values[] = {bytes_of(change->word->word), change->label};

	if (change->word->records == RECORDS_SOME && set->count == 0) {
		(void)complain(command, change->line, "{0} {1} has no records", "{0} {1} 没有记录", values);
		values[0] = bytes_of(change->word->instead);
		next_step(command, "to take away what {1} has: {0} {1}", "要去掉 {1} 现有的记录：{0} {1}", values);
		return false;
	}
	if (change->word->records == RECORDS_NONE && set->count > 0)
		return complain(command, change->line, "{0} {1} takes no records", "{0} {1} 之后不应有记录", values);
	for (unsigned i = 0; i < set->count; i++)
		if (change->word->change != BATCH_DELEGATE && set->rr[i].type != TYPE_DS)
			return complain(command, change->line, "{0} {1} takes DS records, and no others", "{0} {1} 之后只可有 DS 记录",
			                values);
	return true;
}

/* The item as the act has it: the slot that stands, the records in one form. */
static bool item_write(struct command *command, const struct view *view, const struct change *change,
                       struct writer *w)
{
	static struct rr_lines set;
	struct record_key key;
	struct bytes slot = slot_of(command, view, holding_key(&key, change->label));

	if (!records_read(command, change, tld_owner(command, view, change->label), &set) ||
	    !records_hold(command, change, &set))
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
	if (document.full)
		return complain(command, 0, "so many records do not fit into one act", "记录过多，一份文书放不下", NULL);
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

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 || !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!read_input(command, argv[optind], FILE_MAX / 2, &content))
		return EXIT_MISHAP;
	/* The last line may lack its end. */
	if (!file_read_changes(command, join_text(command, content, BYTES("\n")), &changes))
		return EXIT_NO;
	sort(changes.item, changes.count, sizeof(changes.item[0]), by_label, NULL);
	if (!each_once(command, &changes))
		return EXIT_NO;
	if (!draft_begin(command, &draft, ACT_BATCH))
		return EXIT_MISHAP;
	draft_set(&draft, "count", number_text(command, changes.count));
	return document_write(command, &draft, &changes) ? draft_finish(command, &draft) : EXIT_NO;
}
