/* SPDX-License-Identifier: Apache-2.0 */
/* comity tld empower, disempower, operators: whose key may sign in a party's name. */
#include "prog/comity/operators.h"

#include <string.h>
#include <unistd.h>

#include "act/show.h"
#include "commons/batching.h"
#include "commons/mandating.h"
#include "host/key.h"
#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/public_log.h"
#include "prog/comity/tld.h"

#define MANDATE_DEFAULT ((int64_t)365 * SECONDS_A_DAY)
#define KEY_FILE_MAX    16384

bool operator_key(struct command *command, struct note_key *key)
{
	struct key own;
	char path[1024];

	home_key_path(&command->home, "act", path);
	if (key_read(&own, path) != OK)
		return false;
	*key = own.public;
	key->name = arena_copy(&command->memory, own.public.name);
	key_wipe(&own);
	return true;
}

bool note_operator(const struct note *note, struct bytes *operator)
{
	struct bytes origin;
	uint32_t number;

	return note->count == 1 &&
	       act_operator_key_name(note->signature[0].name, &origin, operator, &number);
}

struct bytes tld_or_every(const struct command *command, struct bytes tld)
{
	return bytes_same(tld, BYTES("*")) ? bytes_of(say(command, "all", "全部")) : tld;
}

struct seeking {
	struct command *command;
	const struct note_signature *line;
	struct note_key *key;
	bool found;
};

static bool is_key_of(const struct note_signature *line, struct bytes vkey, struct note_key *key)
{
	struct note_key read;

	if (!note_key_read(vkey, &read) || !note_signature_by(line, &read))
		return false;
	*key = read;
	return true;
}

static bool seek(void *context, const struct entry *entry)
{
	struct seeking *s = context;

	if (entry->kind == ENTRY_ACT && entry->act.kind == ACT_EMPOWER &&
	    is_key_of(s->line, arena_copy(&s->command->memory, act_field(&entry->act, "key")), s->key))
		s->found = true;
	return !s->found;
}

bool operator_key_of_line(struct command *command, const struct view *view, const struct note_signature *line,
                          struct note_key *key)
{
	struct seeking s = {command, line, key, false};
	struct mandate m;

	for (size_t index = 0; mandate_next(view_state(view), BYTES(""), &index, &m);)
		if (is_key_of(line, m.key, key))
			return true;
	return log_walk(command, view, seek, &s) && s.found;
}

/* A public key: the text itself, or a file that comity key show has written. */
static bool key_argument(struct command *command, const char *argument, struct bytes *vkey)
{
	struct text lines;
	struct note_key key;
	struct bytes line, value, word;

	*vkey = bytes_of(argument);
	if (note_key_read(*vkey, &key))
		return true;
	if (access(argument, R_OK) != 0) {
		misuse(command, "--key: a public key of the operator, or the file that its comity key show wrote",
		       "--key：运营方的公钥，或其 comity key show 写出的文件");
		return false;
	}
	if (!read_input(command, argument, KEY_FILE_MAX, &line))
		return false;
	lines = (struct text){.rest = line};
	while (text_line(&lines, &line)) {
		if (text_field(line, "key", &value) && text_word(&value, &word) &&
		    note_key_read(value, &key)) {
			*vkey = value;
			return true;
		}
	}
	misuse(command, "--key: no key is in that file", "--key：文件中没有密钥");
	return false;
}

/* The words in the order that the act wants. What is none of them stays, and is refused with what they are. */
static struct bytes may_argument(struct command *command, const char *argument)
{
	struct bytes word[LINE_WORDS_MAX], rest = bytes_of(act_row(ACT_EMPOWER)->field[2].choices), choice;
	unsigned count = line_words(bytes_of(argument), word), known = 0;
	struct writer w = writer_in(&command->memory);

	while (text_word(&rest, &choice)) {
		unsigned before = known;

		for (unsigned i = 0; i < count; i++)
			known += bytes_same(word[i], choice);
		if (known == before)
			continue;
		write_text(&w, w.used > 0 ? " " : "");
		write_bytes(&w, choice);
	}
	rest = writer_keep(&w, &command->memory);
	return known == count ? rest : bytes_of(argument);
}

struct naming {
	struct draft draft;
	struct bytes key, may, tld, party;
	const char *expires;
};

enum { OPTION_KEY = OPTION_OWN, OPTION_MAY, OPTION_TLD, OPTION_PARTY, OPTION_EXPIRES };

static int naming_read(struct command *command, int argc, char *argv[], struct naming *n)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"key", required_argument, NULL, OPTION_KEY},
	                                        {"may", required_argument, NULL, OPTION_MAY},
	                                        {"tld", required_argument, NULL, OPTION_TLD},
	                                        {"party", required_argument, NULL, OPTION_PARTY},
	                                        {"expires", required_argument, NULL, OPTION_EXPIRES},
	                                        {NULL, 0, NULL, 0}};
	int option;

	n->tld = BYTES("*");
	while ((option = draft_option_next(command, argc, argv, OPTIONS, &n->draft)) != -1)
		switch (option) {
		case OPTION_KEY:
			if (!key_argument(command, optarg, &n->key))
				return EXIT_MISUSE;
			break;
		case OPTION_MAY:
			n->may = may_argument(command, optarg);
			break;
		case OPTION_TLD:
			n->tld = tld_label(command, optarg);
			break;
		case OPTION_PARTY:
			n->party = bytes_of(optarg);
			break;
		case OPTION_EXPIRES:
			n->expires = optarg;
			break;
		default:
			return EXIT_MISUSE;
		}
	return arguments_are(command, argc, argv, 1) ? EXIT_DONE : EXIT_MISUSE;
}

/* An administrator's home says in whose name. */
static int naming_begin(struct command *command, struct naming *n, enum act_kind kind, const char *operator)
{
	if (!draft_begin(command, &n->draft, kind))
		return EXIT_MISHAP;
	if (n->party.size > 0)
		n->draft.act.by = n->party;
	else if (command->home.operator)
		return misuse(command, "in whose name? --party PARTY", "代谁签署？请用 --party PARTY");
	draft_set(&n->draft, "operator", bytes_of(operator));
	draft_set(&n->draft, "tld", n->tld);
	return EXIT_DONE;
}

static struct bytes expiry(struct command *command, const struct naming *n)
{
	struct writer w = writer_in(&command->memory);

	if (n->expires != NULL)
		return bytes_of(n->expires);
	write_time(&w, (struct ledger_time){n->draft.view.now.seconds + MANDATE_DEFAULT});
	return writer_keep(&w, &command->memory);
}

/* The key of the operator that mandates of the party name: the one for that TLD, or the only one. */
static bool key_named(const struct view *view, struct bytes party, struct bytes operator, struct bytes tld,
                      struct bytes *key)
{
	struct mandate m;

	*key = BYTES("");
	if (mandate_of(view_state(view), party, operator, tld, &m)) {
		*key = m.key;
		return true;
	}
	for (size_t index = 0; mandate_next(view_state(view), party, &index, &m);) {
		if (!bytes_same(m.operator, operator))
			continue;
		if (key->size > 0 && !bytes_same(*key, m.key))
			return false;
		*key = m.key;
	}
	return key->size > 0;
}

int tld_empower(struct command *command, int argc, char *argv[])
{
	struct naming n = {.expires = NULL};
	int code = naming_read(command, argc, argv, &n);

	if (code == EXIT_DONE && n.may.size == 0)
		code = misuse(command, "--may: what it may change, some of: ns glue ds ds-drop host operators; or none",
		              "--may：可作的更改，以下若干项：ns glue ds ds-drop host operators；或 none");
	if (code == EXIT_DONE)
		code = naming_begin(command, &n, ACT_EMPOWER, argv[optind]);
	if (code != EXIT_DONE)
		return code;
	/* The key that stands already goes on, unless another is given. */
	if (n.key.size == 0 && !key_named(&n.draft.view, n.draft.act.by, bytes_of(argv[optind]), n.tld, &n.key))
		return misuse(command, "--key: a public key of the operator, or the file that its comity key show wrote",
		              "--key：运营方的公钥，或其 comity key show 写出的文件");
	draft_set(&n.draft, "may", n.may);
	draft_set(&n.draft, "expires", expiry(command, &n));
	draft_set(&n.draft, "key", n.key);
	return draft_finish(command, &n.draft);
}

int tld_disempower(struct command *command, int argc, char *argv[])
{
	struct naming n = {.expires = NULL};
	int code = naming_read(command, argc, argv, &n);

	if (code == EXIT_DONE)
		code = naming_begin(command, &n, ACT_DISEMPOWER, argv[optind]);
	return code == EXIT_DONE ? draft_finish(command, &n.draft) : code;
}

static void json_mandate(struct command *command, const struct view *view, const struct mandate *m)
{
	json_object(command, NULL);
	json_text(command, "party", m->party);
	json_text(command, "operator", m->operator);
	json_text(command, "tld", m->tld);
	json_words(command, "may", m->may);
	json_time(command, "expires", m->expires);
	json_bool(command, "expired", m->expires.seconds <= view->now.seconds);
	json_text(command, "named_by", m->named_by);
	json_text(command, "key", m->key);
	json_text(command, "act", m->act);
	json_close_object(command);
}

static void table_mandate(struct table *t, const struct view *view, const struct mandate *m)
{
	const struct command *command = t->command;

	table_cell(t, m->party);
	table_cell(t, m->operator);
	table_cell(t, tld_or_every(command, m->tld));
	table_cell(t, m->may);
	table_cell(t, m->expires.seconds <= view->now.seconds ? bytes_of(say(command, "expired", "已到期"))
	                                                       : time_text(command, m->expires));
	table_cell(t, m->named_by);
	table_cell(t, id_text(m->act));
}

static void operators_head(struct table *t)
{
	table_head(t, "PARTY", "缔约方");
	table_head(t, "OPERATOR", "运营方");
	table_head(t, "TLD", "顶级域");
	table_head(t, "MAY CHANGE", "可更改");
	table_head(t, "UNTIL", "至");
	table_head(t, "NAMED BY", "委任者");
	table_head(t, "ACT", "文书");
}

static void tell_no_mandate(const struct command *command, struct bytes party, struct bytes operator)
{
	if (party.size == 0 && operator.size == 0)
		tell(command, "no operator signs in anybody's name", "没有运营方代任何一方签署", NULL);
	else if (party.size == 0)
		tell(command, "no operator {0} signs in anybody's name", "没有名为 {0} 的运营方代任何一方签署", VALUES(operator));
	else if (operator.size == 0)
		tell(command, "no operator signs in the name of {0}", "没有运营方代 {0} 签署", VALUES(party));
	else
		tell(command, "no operator {0} signs in the name of {1}", "没有名为 {0} 的运营方代 {1} 签署",
		     VALUES(operator, party));
}

int tld_operators(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"party", required_argument, NULL, 'p'},
	                                        {"operator", required_argument, NULL, 'o'},
	                                        {NULL, 0, NULL, 0}};
	struct bytes party = BYTES(""), operator = BYTES("");
	struct table t = table_begin(command, 7);
	struct party known;
	struct mandate m;
	struct view view;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		*(option == 'p' ? &party : &operator) = bytes_of(optarg);
	}
	if (!arguments_are(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (party.size > 0 && !view_party(command, &view, party, &known))
		return EXIT_NO;
	operators_head(&t);
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; mandate_next(view_state(&view), party, &index, &m);) {
		if (operator.size > 0 && !bytes_same(operator, m.operator))
			continue;
		if (command->json)
			json_mandate(command, &view, &m);
		else
			table_mandate(&t, &view, &m);
	}
	if (!command->json && t.cells == t.columns)
		tell_no_mandate(command, party, operator);
	table_end(&t);
	return EXIT_DONE;
}

bool tell_batch(struct command *command, const struct view *view, struct bytes act)
{
	struct table t = table_begin(command, 4);
	struct batch_result r;
	struct bytes lines;

	if (!batch_results(view_state(view), act, &lines))
		return false;
	table_head(&t, "TLD", "顶级域");
	table_head(&t, "CHANGE", "更改");
	table_head(&t, "RESULT", "结果");
	table_head(&t, "WHY", "理由");
	while (batch_result_next(&lines, &r)) {
		table_cell(&t, r.label);
		table_cell(&t, r.change);
		if (r.reason == REASON_NONE) {
			table_cell(&t, bytes_of(say(command, "done", "已生效")));
			table_cell(&t, BYTES("-"));
			continue;
		}
		table_cell(&t, bytes_of(say(command, "refused", "被拒绝")));
		table_cell(&t, r.article == 0
		                       ? sentence(command, "{0}: {1}", "{0}：{1}",
		                                  VALUES(bytes_of(reason_word(r.reason)),
		                                         bytes_of(reason_text(r.reason, command->chinese))))
		                       : sentence(command, "{0} (article {2}): {1}", "{0}（第 {2} 条）：{1}",
		                                  VALUES(bytes_of(reason_word(r.reason)),
		                                         bytes_of(reason_text(r.reason, command->chinese)),
		                                         number_text(command, r.article))));
	}
	table_end(&t);
	return true;
}

bool json_batch(struct command *command, const struct view *view, struct bytes act)
{
	struct batch_result r;
	struct bytes lines;

	if (!batch_results(view_state(view), act, &lines))
		return false;
	json_array(command, "items");
	while (batch_result_next(&lines, &r)) {
		json_object(command, NULL);
		json_text(command, "tld", r.label);
		json_text(command, "change", r.change);
		json_text(command, "outcome", r.reason == REASON_NONE ? BYTES("done") : BYTES("refused"));
		if (r.reason == REASON_NONE)
			json_null(command, "reason");
		else
			json_text(command, "reason", bytes_of(reason_word(r.reason)));
		if (r.article == 0)
			json_null(command, "article");
		else
			json_number(command, "article", r.article);
		json_close_object(command);
	}
	json_close_array(command);
	return true;
}
