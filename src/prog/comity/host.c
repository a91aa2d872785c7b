/* SPDX-License-Identifier: Apache-2.0 */
/* comity host, comity server: addresses of name servers that are shared, and of root servers. */
#include <stdio.h>
#include <string.h>

#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/rr_lines.h"

static struct bytes addresses_text(struct command *command, struct bytes lines)
{
	struct writer w = writer_in(&command->memory);
	struct text text = {.rest = lines};
	struct bytes line;

	while (text_line(&text, &line)) {
		const uint8_t *blank = memrchr(line.at, ' ', line.size);
		write_text(&w, w.used > 0 ? " " : "");
		if (blank != NULL)
			write_bytes(&w, bytes_from(line, (size_t)(blank - line.at) + 1));
	}
	if (w.used == 0)
		write_text(&w, "-");
	return writer_keep(&w, &command->memory);
}

int host_list(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 4);
	struct view view;
	struct host h;

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "HOST", "主机");
	table_head(&t, "OWNER", "所有者");
	table_head(&t, "ADDRESSES", "地址");
	table_head(&t, "USED BY", "使用者");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; host_next(view_state(&view), &index, &h);) {
		if (command->json) {
			json_object(command, NULL);
			json_text(command, "host", h.name);
			json_text(command, "owner", h.owner);
			json_words(command, "users", h.users);
			json_records(command, "records", h.records);
			json_text(command, "act", h.act);
			json_close_object(command);
			continue;
		}
		table_cell(&t, h.name);
		table_cell(&t, h.owner);
		table_cell(&t, addresses_text(command, h.records));
		table_cell(&t, h.users);
	}
	table_end(&t);
	return EXIT_DONE;
}

static void tell_host(struct command *command, const struct view *view, const struct host *h)
{
	view_head(command, view);
	tell(command, "{0} is a name server of {1}, used by: {2}", "{0} 是 {1} 的名称服务器，使用者：{2}",
	     VALUES(h->name, h->owner, h->users));
	print_records(command, h->records);
	next_step(command, "why it is so: comity why host/{0}", "为何如此：comity why host/{0}",
	          VALUES(h->name));
}

int host_show(struct command *command, int argc, char *argv[])
{
	struct view view;
	struct bytes name;
	struct dname wire;
	struct host h;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	name = name_argument(command, argv[optind]);
	if (dname_read_strict(name, &wire) != OK)
		return misuse_of(command, "not a name: {0}", "不是域名：{0}", VALUES(name));
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!host_get(view_state(&view), name, &h)) {
		fail(command, EXIT_NO, "{0} is not a shared name server", "{0} 不是共用的名称服务器", VALUES(name));
		next_step(command, "one that a single TLD uses is in its record: comity tld show TLD",
		          "仅一个顶级域使用的，见其记录：comity tld show TLD", NULL);
		return EXIT_NO;
	}
	if (!command->json) {
		tell_host(command, &view, &h);
		return EXIT_DONE;
	}
	json_object(command, NULL);
	view_json_head(command, &view);
	json_text(command, "host", h.name);
	json_text(command, "owner", h.owner);
	json_words(command, "users", h.users);
	json_records(command, "records", h.records);
	json_text(command, "act", h.act);
	json_close_object(command);
	return EXIT_DONE;
}

/* Records of addresses at one name. */
static bool addresses_add(struct command *command, struct rr_lines *set, struct bytes name,
                          uint64_t ttl, int count, char *argv[])
{
	for (int i = 0; i < count; i++) {
		struct bytes type = bytes_of(strchr(argv[i], ':') != NULL ? "AAAA " : "A ");

		if (!rr_lines_add(command, set, join_text(command, type, bytes_of(argv[i])), name))
			return false;
	}
	for (unsigned i = 0; i < set->count; i++)
		set->rr[i].ttl = (uint32_t)ttl;
	return true;
}

/* What "host set" and "server set" share. */
struct setting {
	struct draft draft;
	struct bytes name;
	struct rr_lines set;
	uint64_t ttl; /* 0: a usual one */
	bool none;
};

static int setting_read(struct command *command, int argc, char *argv[], struct setting *s)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"ttl", required_argument, NULL, OPTION_OWN},
	                                        {"none", no_argument, NULL, OPTION_OWN + 1},
	                                        {NULL, 0, NULL, 0}};
	struct dname wire;
	int option;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &s->draft)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		if (option == OPTION_OWN + 1)
			s->none = true;
		else if (!text_number(bytes_of(optarg), 7 * SECONDS_A_DAY, &s->ttl))
			return misuse(command, "--ttl: seconds, at most seven days", "--ttl：秒数，至多七天");
	}
	if (optind == argc)
		return misuse(command, "which name?", "请给出名称");
	s->name = name_argument(command, argv[optind++]);
	if (dname_read_strict(s->name, &wire) != OK)
		return misuse_of(command, "not a name: {0}", "不是域名：{0}", VALUES(s->name));
	if (s->none != (optind == argc))
		return misuse(command, "addresses, or --none to take them away", "请给出地址；如要清除请用 --none");
	return EXIT_DONE;
}

int host_set(struct command *command, int argc, char *argv[])
{
	struct setting s = {.none = false};
	int code = setting_read(command, argc, argv, &s);

	if (code != EXIT_DONE)
		return code;
	if (!draft_begin(command, &s.draft, ACT_HOST))
		return EXIT_MISHAP;
	if (!addresses_add(command, &s.set, s.name, s.ttl != 0 ? s.ttl : 172800, argc - optind,
	                   argv + optind))
		return EXIT_MISUSE;
	draft_set(&s.draft, "host", s.name);
	s.draft.act.records = rr_lines_text(command, &s.set);
	return draft_finish(command, &s.draft);
}

int server_list(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 4);
	struct view view;
	struct server s;

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "ROOT SERVER", "根服务器");
	table_head(&t, "OWNER", "所有者");
	table_head(&t, "ADDRESSES", "地址");
	table_head(&t, "ACT", "文书");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; server_next(view_state(&view), &index, &s);) {
		if (command->json) {
			json_object(command, NULL);
			json_text(command, "server", s.name);
			json_text(command, "owner", s.owner);
			json_records(command, "records", s.records);
			json_text(command, "act", s.act);
			json_close_object(command);
			continue;
		}
		table_cell(&t, s.name);
		table_cell(&t, s.owner);
		table_cell(&t, addresses_text(command, s.records));
		table_cell(&t, id_text(s.act));
	}
	if (t.cells == t.columns && !command->json)
		tell(command, "there is no root server yet: no zone can be signed",
		     "尚无根服务器：无法签署任何区", NULL);
	table_end(&t);
	return EXIT_DONE;
}

int server_set(struct command *command, int argc, char *argv[])
{
	struct setting s = {.none = false};
	struct apex apex;
	int code = setting_read(command, argc, argv, &s);

	if (code != EXIT_DONE)
		return code;
	if (!draft_begin(command, &s.draft, ACT_SERVER))
		return EXIT_MISHAP;
	apex_get(view_state(&s.draft.view), &apex);
	if (!addresses_add(command, &s.set, s.name, s.ttl != 0 ? s.ttl : apex.ttl_server,
	                   argc - optind, argv + optind))
		return EXIT_MISUSE;
	draft_set(&s.draft, "server", s.name);
	draft_set(&s.draft, "status", BYTES("active"));
	s.draft.act.records = rr_lines_text(command, &s.set);
	return draft_finish(command, &s.draft);
}

int server_retire(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!draft_begin(command, &draft, ACT_SERVER))
		return EXIT_MISHAP;
	draft_set(&draft, "server", name_argument(command, argv[optind]));
	draft_set(&draft, "status", BYTES("retired"));
	return draft_finish(command, &draft);
}
