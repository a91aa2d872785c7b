/* SPDX-License-Identifier: Apache-2.0 */
/* comity act: writing, signing, sending and listing acts. Reading one is in act_show.c. */
#include <stdio.h>
#include <string.h>

#include "note/note.h"
#include "prog/comity/draft.h"
#include "prog/comity/history.h"
#include "prog/comity/key_lines.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/receipt.h"
#include "prog/comity/rr_lines.h"
#include "prog/comity/signature_line.h"

#define EMBED_MAX 32768

/* Which kinds people write, and what fields a kind has. */
static int tell_kinds(struct command *command)
{
	misuse(command, "which kind?", "哪一类文书？");
	for (enum act_kind k = ACT_GENESIS + 1; k < ACT_KINDS; k++)
		if (act_row(k)->role == ROLE_ACT)
			fprintf(stderr, "  %s\n", act_row(k)->word);
	next_step(command, "what a kind is: comity explain KIND", "各类文书的说明：comity explain KIND",
	          NULL);
	return EXIT_MISUSE;
}

/* "field=value" */
static int field_take(struct command *command, struct draft *draft, const char *argument)
{
	const struct act_row *row = act_row(draft->act.kind);
	const char *equals = strchr(argument, '=');
	struct bytes name = bytes_first(bytes_of(argument), equals == NULL ? 0 : (size_t)(equals - argument));

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		if (equals != NULL && bytes_same(name, bytes_of(row->field[i].name))) {
			draft->act.field[i] = bytes_of(equals + 1);
			return EXIT_DONE;
		}
	fail(command, EXIT_MISUSE, "{0}: no field of {1}", "{0}：{1} 没有此字段",
	     VALUES(bytes_of(argument), bytes_of(row->word)));
	next_step(command, "comity explain {0}", "comity explain {0}", VALUES(bytes_of(row->word)));
	return EXIT_MISUSE;
}

static int embed_read(struct command *command, struct draft *draft, const char *path)
{
	struct bytes content;
	struct writer w;

	if (!read_input(command, path, EMBED_MAX, &content))
		return EXIT_MISHAP;
	if (content.size == 0 || content.at[content.size - 1] != '\n')
		return fail(command, EXIT_NO, "{0}: the last line does not end", "{0}：最后一行没有换行",
		            VALUES(bytes_of(path)));
	w = writer_in(&command->memory);
	act_write_embedded(&w, content);
	draft->act.embed = writer_keep(&w, &command->memory);
	return EXIT_DONE;
}

/* Keys that are not said are the home's. */
static bool keys_fill(struct command *command, struct draft *draft)
{
	const struct act_row *row = act_row(draft->act.kind);

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		if (row->field[i].form == FORM_KEYS && draft->act.field[i].size == 0 &&
		    !home_key_lines(command, &draft->act.field[i]))
			return false;
	return true;
}

static int arguments_take(struct command *command, struct draft *draft, int count, char *argv[])
{
	struct rr_lines set = {.count = 0};

	for (int i = 0; i < count; i++) {
		bool record = argv[i][0] == '+';
		int code = EXIT_DONE;

		if (record && !rr_lines_add(command, &set, bytes_of(argv[i] + 1), BYTES("")))
			return EXIT_MISUSE;
		if (!record)
			code = field_take(command, draft, argv[i]);
		if (code != EXIT_DONE)
			return code;
	}
	if (set.count > 0)
		draft->act.records = rr_lines_text(command, &set);
	return EXIT_DONE;
}

/* `replaces` that is said stands; else it is filled in. */
static int write_finish(struct command *command, struct draft *draft)
{
	const struct act_row *row = act_row(draft->act.kind);
	bool said = false;

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		said = said || (strcmp(row->field[i].name, "replaces") == 0 && draft->act.field[i].size > 0);
	draft->write = !draft->dry_run;
	if (said)
		return draft_fields_hold(command, draft) ? draft_finish_as_is(command, draft) : EXIT_MISUSE;
	return draft_finish(command, draft);
}

int act_write_text(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"embed", required_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	const char *embed = NULL;
	enum act_kind kind;
	int option, code;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN)
			return EXIT_MISUSE;
		embed = optarg;
	}
	kind = optind < argc ? act_kind(bytes_of(argv[optind])) : ACT_KINDS;
	if (kind == ACT_KINDS || act_row(kind)->role != ROLE_ACT)
		return tell_kinds(command);
	if (!draft_begin(command, &draft, kind))
		return EXIT_MISHAP;
	code = arguments_take(command, &draft, argc - optind - 1, argv + optind + 1);
	if (code == EXIT_DONE && embed != NULL)
		code = embed_read(command, &draft, embed);
	if (code != EXIT_DONE)
		return code;
	return keys_fill(command, &draft) ? write_finish(command, &draft) : EXIT_MISHAP;
}

int act_sign(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"out", required_argument, NULL, 'o'},
	                                        {NULL, 0, NULL, 0}};
	const char *out = NULL;
	struct bytes content;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 'o')
			return EXIT_MISUSE;
		out = optarg;
	}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!command_home(command) || !read_input(command, argv[optind], NOTE_SIZE_MAX, &content))
		return EXIT_MISHAP;
	return sign_file(command, argv[optind], content, out);
}

int act_send(struct command *command, int argc, char *argv[])
{
	struct bytes note;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!read_input(command, argv[optind], NOTE_SIZE_MAX, &note))
		return EXIT_MISHAP;
	return note_submit(command, note);
}

/* What a list is narrowed to; empty for anything. */
struct wanted {
	struct bytes by, kind;
	bool all; /* those of signers too */
};

static bool is_wanted(const void *context, const struct entry *entry)
{
	const struct wanted *w = context;
	const struct act_row *row;

	if (entry->kind == ENTRY_GENESIS)
		return w->by.size == 0 && (w->kind.size == 0 || bytes_same(w->kind, BYTES("genesis")));
	row = act_row(entry->act.kind);
	return (w->by.size == 0 || bytes_same(w->by, entry->act.by)) &&
	       (w->kind.size > 0 ? bytes_same(w->kind, bytes_of(row->word))
	                         : w->all || row->role == ROLE_ACT || entry->act.kind == ACT_RELEASE);
}

static bool kind_is_known(struct bytes word)
{
	return word.size == 0 || bytes_same(word, BYTES("genesis")) || act_kind(word) != ACT_KINDS;
}

int act_list(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {
		{"by", required_argument, NULL, 'b'},   {"kind", required_argument, NULL, 'k'},
		{"last", required_argument, NULL, 'l'}, {"all", no_argument, NULL, 'a'},
		{NULL, 0, NULL, 0}};
	struct wanted wanted = {.all = false};
	uint64_t last = 50;
	struct view view;
	unsigned count;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		if (option == 'b')
			wanted.by = bytes_of(optarg);
		else if (option == 'k')
			wanted.kind = bytes_of(optarg);
		else if (option == 'a')
			wanted.all = true;
		else if (!text_number(bytes_of(optarg), UINT32_MAX, &last))
			return misuse(command, "--last: how many?", "--last：多少份？");
	}
	if (!kind_is_known(wanted.kind))
		return misuse_of(command, "--kind: {0} is no kind of act", "--kind：{0} 不是文书类别", VALUES(wanted.kind));
	if (!arguments_are(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!command->json)
		view_head(command, &view);
	if (!history_tell(command, &view, is_wanted, &wanted, (unsigned)last, &count))
		return EXIT_MISHAP;
	/* Who has left, and operators, are named in the log alone. */
	if (count == 0 && last > 0 && wanted.by.size > 0 && wanted.kind.size == 0)
		return fail(command, EXIT_NO, "the public log holds no act of {0}", "公开日志中没有 {0} 的文书", VALUES(wanted.by));
	if (count == 0 && last > 0)
		remark(command, "the public log holds no such act", "公开日志中没有这样的文书", NULL);
	return EXIT_DONE;
}
