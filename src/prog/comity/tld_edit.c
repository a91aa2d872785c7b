/* SPDX-License-Identifier: Apache-2.0 */
/* comity tld edit, comity tld ds-drop: the records of one's own TLD. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "host/file.h"
#include "prog/comity/draft.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/receipt.h"
#include "prog/comity/rr_lines.h"
#include "prog/comity/tld.h"

#define FILE_MAX 262144

struct editing {
	struct draft draft;
	struct bytes label;
	struct bytes owner;  /* "aur." */
	struct bytes before; /* "+ " lines that stand */
	struct tld_changes changes;
	bool empty;          /* --undelegate */
};

int tld_change_option(const struct command *command, int option, struct tld_changes *changes)
{
	if (option == OPTION_SET) {
		changes->set = optarg;
		return EXIT_DONE;
	}
	if (changes->count == TLD_CHANGES_MAX)
		return misuse(command, "at most 64 changes; use --set FILE", "至多 64 项更改；请用 --set FILE");
	changes->change[changes->count].kind = option;
	changes->change[changes->count++].text = optarg;
	return EXIT_DONE;
}

static int options_read(struct command *command, int argc, char *argv[], struct editing *e)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        TLD_CHANGE_OPTIONS,
	                                        {"undelegate", no_argument, NULL, 'u'},
	                                        {NULL, 0, NULL, 0}};
	int option, code;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &e->draft)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		if (option == 'u')
			e->empty = true;
		else if ((code = tld_change_option(command, option, &e->changes)) != EXIT_DONE)
			return code;
	}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	e->label = tld_label(command, argv[optind]);
	e->owner = join_text(command, e->label, BYTES("."));
	return EXIT_DONE;
}

struct bytes tld_owner(struct command *command, const struct view *view, struct bytes label)
{
	struct writer w = writer_in(&command->memory);
	struct dname name;

	if (!commons_tld_name(&view->ledger.commons, label, &name))
		return join_text(command, label, BYTES("."));
	dname_write_text(&w, dname_bytes(&name));
	return writer_keep(&w, &command->memory);
}

static bool wants(const struct tld_changes *changes, int kind)
{
	for (unsigned i = 0; i < changes->count; i++)
		if (changes->change[i].kind == kind)
			return true;
	return false;
}

/* "--ns NAME" and "--ds 'TAG ALGORITHM TYPE DIGEST'" are data of the TLD's own name. */
static struct bytes data_of_tld(struct command *command, const char *type, const char *data)
{
	return join_text(command, bytes_of(type), bytes_of(data));
}

static bool change_make(struct command *command, int kind, const char *text, struct bytes owner,
                        struct rr_lines *set)
{
	switch (kind) {
	case OPTION_NS:
		return rr_lines_add(command, set, data_of_tld(command, "NS ", text), owner);
	case OPTION_DS:
		return rr_lines_add(command, set, data_of_tld(command, "DS ", text), owner);
	case OPTION_ADD:
		return rr_lines_add(command, set, bytes_of(text), owner);
	default:
		return rr_lines_remove(command, set, bytes_of(text), owner);
	}
}

int tld_changes_make(struct command *command, const struct tld_changes *changes, struct bytes owner,
                     struct bytes before, struct rr_lines *set)
{
	static struct rr_lines old;
	struct bytes content;

	if (changes->set != NULL) {
		if (!read_input(command, changes->set, FILE_MAX, &content))
			return EXIT_MISHAP;
		set->count = 0;
		if (!rr_lines_add_file(command, set, content, owner))
			return EXIT_NO;
	}
	if (wants(changes, OPTION_NS))
		rr_lines_remove_type(set, TYPE_NS);
	if (wants(changes, OPTION_DS))
		rr_lines_remove_type(set, TYPE_DS);
	for (unsigned i = 0; i < changes->count; i++)
		if (!change_make(command, changes->change[i].kind, changes->change[i].text, owner, set))
			return EXIT_MISUSE;
	if (changes->set == NULL) {
		rr_lines_take(command, &old, before);
		rr_lines_remove_orphans(set, &old);
	}
	return EXIT_DONE;
}

static bool editor_run(const char *path)
{
	const char *editor = getenv("VISUAL");
	int status;
	pid_t pid;

	if (editor == NULL || editor[0] == '\0')
		editor = getenv("EDITOR");
	if (editor == NULL || editor[0] == '\0')
		editor = "vi";
	pid = fork();
	if (pid == 0) {
		/* $EDITOR may hold arguments: the shell takes it apart. */
		execlp("sh", "sh", "-c", "exec $0 \"$1\"", editor, path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static struct bytes buffer_of(struct command *command, const struct editing *e)
{
	struct writer w = writer_in(&command->memory);
	struct text lines = {.rest = e->before};
	struct bytes line;

	write_text(&w, say(command,
	                   "; One record a line: NAME [TTL] NS|DS|A|AAAA DATA. These lines are left out.\n"
	                   "; NS and DS are of the TLD itself; A and AAAA of its name servers below it.\n",
	                   "; 每行一条记录：名称 [TTL] NS|DS|A|AAAA 数据。以分号开头的行不计。\n"
	                   "; NS、DS 属于该顶级域本身；A、AAAA 属于其下的名称服务器。\n"));
	while (text_line(&lines, &line)) {
		write_bytes(&w, bytes_from(line, 2));
		write_text(&w, "\n");
	}
	return writer_keep(&w, &command->memory);
}

static bool asked(const struct command *command, const char *en, const char *zh, char *answer)
{
	char line[16];

	fputs(say(command, en, zh), stdout);
	if (!answer_read(line, sizeof(line)))
		return false;
	*answer = line[0];
	return true;
}

/* Lets a person edit until the records read, or they give up. */
static int by_editor(struct command *command, struct editing *e, struct rr_lines *set)
{
	struct bytes content = buffer_of(command, e);
	char path[] = "/tmp/comity-XXXXXX", answer = 'e';
	int file = mkstemp(path), code = EXIT_NO;
	bool written = file >= 0 && file_write_all(file, content) == OK;

	if (file >= 0)
		close(file);
	while (written && answer == 'e') {
		set->count = 0;
		if (!editor_run(path) || file_read(path, FILE_MAX, &command->memory, &content, NULL) != OK)
			break;
		if (rr_lines_add_file(command, set, content, e->owner)) {
			code = EXIT_DONE;
			break;
		}
		if (!asked(command, "(e)dit again, (q)uit without a trace: ", "(e) 再编辑，(q) 放弃：", &answer))
			break;
	}
	if (file >= 0)
		unlink(path);
	if (code != EXIT_DONE)
		fail(command, code, "nothing was changed", "未作任何更改", NULL);
	return code;
}

static int desired(struct command *command, struct editing *e, struct rr_lines *set)
{
	rr_lines_take(command, set, e->before);
	if (e->empty)
		set->count = 0;
	if (e->changes.count > 0 || e->changes.set != NULL || e->empty)
		return tld_changes_make(command, &e->changes, e->owner, e->before, set);
	if (!command->asks)
		return misuse(command, "what? --set FILE, --ns, --ds, --add, --remove (an editor needs a terminal)",
		              "要改什么？--set FILE、--ns、--ds、--add、--remove（编辑器需要终端）");
	return by_editor(command, e, set);
}

int tld_edit(struct command *command, int argc, char *argv[])
{
	struct rr_lines set = {.count = 0};
	struct editing e = {.empty = false};
	struct holding holding = {.records = BYTES("")};
	int code = options_read(command, argc, argv, &e);

	if (code != EXIT_DONE)
		return code;
	if (!draft_begin(command, &e.draft, ACT_DELEGATE))
		return EXIT_MISHAP;
	draft_set(&e.draft, "tld", e.label);
	draft_set(&e.draft, "replaces", BYTES("none"));
	if (!draft_fields_hold(command, &e.draft))
		return EXIT_MISUSE;
	(void)holding_get(view_state(&e.draft.view), e.label, &holding);
	e.before = holding.records;
	e.owner = tld_owner(command, &e.draft.view, e.label);
	code = desired(command, &e, &set);
	if (code != EXIT_DONE)
		return code;
	e.draft.act.records = rr_lines_text(command, &set);
	if (bytes_same(e.draft.act.records, e.before))
		return fail(command, EXIT_NO, "nothing to change: {0} is so already", "无需更改：{0} 已是如此",
		            VALUES(e.label));
	return draft_finish(command, &e.draft);
}

#define KEEP_MAX 16

/* The DS records of a set that --keep names by their tags. Each tag must be that of one, or it is misuse, told. */
static int ds_kept(struct command *command, const struct rr_lines *set, const char *const *keep, unsigned count,
                   struct rr_lines *kept)
{
	bool stays[RR_LINES_MAX] = {false};

	for (unsigned i = 0; i < count; i++) {
		bool found = false;
		uint64_t tag;

		for (unsigned j = 0; j < set->count && text_number(bytes_of(keep[i]), UINT16_MAX, &tag); j++)
			if (set->rr[j].type == TYPE_DS && tag == ((uint64_t)set->rr[j].rdata.at[0] << 8 | set->rr[j].rdata.at[1]))
				found = stays[j] = true;
		if (!found)
			return fail(command, EXIT_MISUSE, "no DS record here has the tag {0}", "此处没有标签为 {0} 的 DS 记录",
			            VALUES(bytes_of(keep[i])));
	}
	for (unsigned j = 0; j < set->count; j++)
		if (stays[j])
			kept->rr[kept->count++] = set->rr[j];
	return EXIT_DONE;
}

int tld_ds_drop(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"keep", required_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct rr_lines set = {.count = 0}, kept = {.count = 0};
	struct draft draft = {.write = false};
	const char *keep[KEEP_MAX];
	unsigned count = 0, stand = 0;
	struct holding holding;
	int option, code;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN)
			return EXIT_MISUSE;
		if (count == KEEP_MAX)
			return misuse(command, "--keep stands too often", "--keep 次数过多");
		keep[count++] = optarg;
	}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!draft_begin(command, &draft, ACT_DS_DROP))
		return EXIT_MISHAP;
	if (!tld_holding(command, &draft.view, tld_label(command, argv[optind]), &holding))
		return EXIT_NO;
	rr_lines_take(command, &set, holding.records);
	code = ds_kept(command, &set, keep, count, &kept);
	if (code != EXIT_DONE)
		return code;
	for (unsigned i = 0; i < set.count; i++)
		stand += set.rr[i].type == TYPE_DS;
	if (kept.count == stand)
		return fail(command, EXIT_NO, "nothing to drop: {0} has {1} DS records to keep",
		            "无可删除：{0} 需保留的 DS 记录有 {1} 条",
		            VALUES(holding.label, number_text(command, kept.count)));
	draft_set(&draft, "tld", holding.label);
	draft.act.records = rr_lines_text(command, &kept);
	return draft_finish(command, &draft);
}
