/* SPDX-License-Identifier: Apache-2.0 */
/* comity act: signing, sending and reading acts. */
#include "act/act.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "act/genesis.h"
#include "base/sort.h"
#include "base/text.h"
#include "host/file.h"
#include "prog/comity/nouns.h"

struct line {
	struct bytes text; /* with its LF */
};

static int by_text(const void *a, const void *b, const void *context)
{
	(void)context;
	return bytes_compare(((const struct line *)a)->text, ((const struct line *)b)->text);
}

/* A text that a tool of ours signs: an act, or a founding text. Nothing else. */
static bool is_ours(struct command *command, struct bytes text, struct fault *fault)
{
	struct arena scratch = {arena_take(&command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct genesis genesis;
	struct act act;

	if (bytes_starts(text, BYTES("comity-genesis/1\n")))
		return genesis_read(text, &genesis, fault) == OK;
	return act_read(text, scratch, &act, fault) == OK;
}

/* The lines there are, and ours; in order, none twice. */
static void note_write(struct writer *w, struct bytes text, struct bytes old_lines,
                       struct bytes own_line)
{
	struct line line[NOTE_SIGNATURES_MAX + 1] = {{own_line}};
	struct text lines = {.rest = old_lines};
	unsigned count = 1;
	struct bytes next;

	while (count <= NOTE_SIGNATURES_MAX && text_line(&lines, &next)) {
		next.size++;
		if (!bytes_same(next, own_line))
			line[count++].text = next;
	}
	sort(line, count, sizeof(line[0]), by_text, NULL);
	write_bytes(w, text);
	write_text(w, "\n");
	for (unsigned i = 0; i < count; i++)
		write_bytes(w, line[i].text);
}

static bool own_line_make(struct command *command, struct bytes text, struct bytes *line)
{
	struct writer w = writer_in(&command->memory);
	struct key key;
	char path[1024];
	bool made;

	home_key_path(&command->home, "act", path);
	if (key_read(&key, path) != OK)
		return false;
	made = key_write_line(&w, &key, text) == OK;
	key_wipe(&key);
	*line = writer_keep(&w, &command->memory);
	return made;
}

int act_sign(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"out", required_argument, NULL, 'o'},
	                                        {NULL, 0, NULL, 0}};
	struct bytes content, text, lines = {NULL, 0}, own;
	const char *out = NULL;
	struct fault fault;
	struct note note;
	struct writer w;
	int option;

	while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
		if (option != 'o')
			return misuse(command, "act", "sign", "no such option");
		out = optarg;
	}
	if (optind + 1 != argc)
		return misuse(command, "act", "sign", "one file");
	if (!command_home(command) ||
	    !read_input(command, argv[optind], NOTE_SIZE_MAX, &content))
		return EXIT_MISHAP;
	text = content;
	if (note_read(content, &note, &fault) == OK) {
		text = note.text;
		lines = bytes_from(content, note.text.size + 1);
	}
	if (!is_ours(command, text, &fault))
		return fail(command, EXIT_NO, "%s: %s %u: %s", argv[optind], say(command, "line", "行"),
		            fault.line, fault.why);
	if (command->terminal && out != NULL)
		print_text(text);
	if (!own_line_make(command, text, &own))
		return EXIT_MISHAP;
	w = writer_in(&command->memory);
	note_write(&w, text, lines, own);
	content = writer_keep(&w, &command->memory);
	if (out != NULL)
		return file_write(out, 0644, content, true) == OK ? EXIT_DONE : EXIT_MISHAP;
	fwrite(content.at, 1, content.size, stdout);
	return EXIT_DONE;
}

int act_send(struct command *command, int argc, char *argv[])
{
	struct bytes note;

	if (argc != 2)
		return misuse(command, "act", "send", "one file");
	if (!read_input(command, argv[1], NOTE_SIZE_MAX, &note))
		return EXIT_MISHAP;
	return submit_note(command, note);
}

int act_show(struct command *command, int argc, char *argv[])
{
	struct bytes content, text;
	struct fault fault;
	struct note note;

	if (argc != 2)
		return misuse(command, "act", "show", "one file");
	if (!read_input(command, argv[1], NOTE_SIZE_MAX, &content))
		return EXIT_MISHAP;
	text = note_read(content, &note, &fault) == OK ? note.text : content;
	if (!is_ours(command, text, &fault))
		return fail(command, EXIT_NO, "%s %u: %s", say(command, "line", "行"), fault.line, fault.why);
	print_text(content);
	return EXIT_DONE;
}
