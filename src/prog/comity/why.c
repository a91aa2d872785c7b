/* SPDX-License-Identifier: Apache-2.0 */
/* comity why: what stands, the act that made it so, under which rule, with whose consent. */
#include <stdio.h>
#include <string.h>

#include "act/show.h"
#include "commons/proposal.h"
#include "prog/comity/history.h"
#include "prog/comity/json.h"
#include "prog/comity/meaning.h"
#include "prog/comity/nouns.h"
#include "prog/comity/operators.h"
#include "prog/comity/print.h"
#include "prog/comity/subject.h"
#include "prog/comity/tld.h"

struct asking {
	struct command *command;
	struct view view;
	struct bytes key;
	struct bytes record;
	struct bytes act;    /* hex of the act that made the record, "genesis", or empty */
	struct entry made;   /* that act, when it is found in the log */
	bool found;
};

static bool stands(struct asking *a, const char *kind, struct bytes name)
{
	struct record_key at;
	struct bytes key;

	if (name.size == 0 || name.size > 300)
		return false;
	key = record_key(&at, kind, name, BYTES(""));
	if (!state_get(view_state(&a->view), key, &a->record))
		return false;
	a->key = arena_copy(&a->command->memory, key);
	return true;
}

/* A key as it is; or what a person means by a word: a release, a TLD, a name server, a party, a group. */
static bool key_of(struct asking *a, const char *argument)
{
	struct bytes word = bytes_of(argument), dotted;
	struct custody custody;

	if (state_get(view_state(&a->view), word, &a->record)) {
		a->key = word;
		return true;
	}
	dotted = word.size > 0 && word.at[word.size - 1] == '.'
	                 ? word
	                 : join_text(a->command, word, BYTES("."));
	if (stands(a, "release", word) || stands(a, "tld", tld_label(a->command, argument)) ||
	    stands(a, "host", dotted) || stands(a, "server", dotted) || stands(a, "party", word))
		return true;
	custody_get(view_state(&a->view), &custody);
	if (group_kind(word) == GROUPS)
		return false;
	return stands(a, "group",
	              join_text(a->command, join_text(a->command, word, BYTES("/")),
	                        number_text(a->command, custody.active[group_kind(word)])));
}

static void tell_record(const struct asking *a)
{
	struct command *command = a->command;
	struct text lines = {.rest = a->record};
	struct bytes line;

	tell(command, "what stands:", "现状：", NULL);
	while (text_line(&lines, &line)) {
		fputs("  ", stdout);
		print_text(command, line);
		putchar('\n');
	}
}

/* Of a batch, the rule of the change that its item about this TLD stands for. What may be the party's own affair, and
 * was put to nobody, was that. */
static struct bytes rule_name(const struct asking *a)
{
	const char *otherwise = act_row(a->made.act.kind)->rule_new;
	struct bytes change;
	struct proposal p;

	if (proposal_get(view_state(&a->view), a->act, &p))
		return p.rule;
	if (otherwise != NULL && strcmp(otherwise, "party") == 0)
		return BYTES("party");
	if (bytes_starts(a->key, BYTES("tld/")) && act_batch_change(&a->made.act, bytes_from(a->key, 4), &change))
		return bytes_of(act_row(bytes_same(change, BYTES("ds-drop")) ? ACT_DS_DROP : ACT_DELEGATE)->rule);
	return bytes_of(act_rule(&a->made.act));
}

/* The rule that governed: the proposal's, or the one of the act's kind; its text if it is still so. */
static void tell_rule(const struct asking *a)
{
	const struct charter *charter = &a->view.ledger.commons.charter;
	const struct act *act = &a->made.act;
	struct bytes name = rule_name(a), record;
	const struct charter_rule *rule;
	struct record_key at;
	uint64_t since = 0;

	if (bytes_same(name, BYTES("party"))) {
		tell(a->command, "rule: the party's own affair; nobody else is asked", "规则：属本方自主事项，无须他方同意",
		     NULL);
		return;
	}
	if (bytes_same(name, BYTES("computed"))) {
		tell(a->command, "rule: every node judges it by computation", "规则：由每个节点计算判定", NULL);
		return;
	}
	rule = charter_rule(charter, name);
	if (state_get(view_state(&a->view), record_key(&at, "rule", name, BYTES("")), &record))
		(void)text_number(field_of(record, "since"), UINT32_MAX, &since);
	if (rule == NULL || act->charter < since) {
		tell(a->command, "rule: {0}, as charter {1} had it; it has been amended since",
		     "规则：宪章第 {1} 版中的 {0}；此后已修订", VALUES(name, number_text(a->command, act->charter)));
		return;
	}
	tell(a->command, "rule: charter {1}, {0}", "规则：宪章第 {1} 版{0}",
	     VALUES(rule_text(a->command, &a->view, rule), number_text(a->command, act->charter)));
}

static bool is_vote_on(const void *context, const struct entry *entry)
{
	const struct asking *a = context;

	return entry->kind == ENTRY_ACT &&
	       (entry->act.kind == ACT_CONSENT || entry->act.kind == ACT_OBJECT) &&
	       bytes_same(act_field(&entry->act, "act"), a->act);
}

static bool is_earlier(const void *context, const struct entry *entry)
{
	const struct asking *a = context;

	return entry->kind == ENTRY_ACT && act_is_about(&entry->act, a->key) &&
	       (!a->found || entry->index < a->made.index);
}

/* The names of the keys that signed the act, blanks between. */
static struct bytes signers_of(const struct asking *a)
{
	struct writer w = writer_in(&a->command->memory);

	for (unsigned i = 0; i < a->made.note.count; i++) {
		write_text(&w, i > 0 ? " " : "");
		write_bytes(&w, a->made.note.signature[i].name);
	}
	return writer_keep(&w, &a->command->memory);
}

/* In whose name an operator signed: the holder's, whose key it is not. */
static bool operator_of(const struct asking *a, struct bytes *operator, struct bytes *party)
{
	*party = a->made.act.kind == ACT_BATCH ? field_of(a->record, "holder") : a->made.act.by;
	return a->found && a->made.kind == ENTRY_ACT && note_operator(&a->made.note, operator);
}

static void tell_operator(const struct asking *a)
{
	struct command *command = a->command;
	struct bytes operator, party;
	struct mandate m;

	if (!operator_of(a, &operator, &party))
		return;
	tell(command, "that is the key of the operator {0}, in the name of {1}", "此为运营方 {0} 的密钥，代 {1} 签署",
	     VALUES(operator, party));
	if (bytes_starts(a->key, BYTES("tld/")) &&
	    mandate_of(view_state(&a->view), party, operator, bytes_from(a->key, 4), &m))
		tell(command, "its mandate today: may change {0} of {1}, until {2}, by act {3}",
		     "其现行委任：可更改 {1} 的 {0}，至 {2}，依文书 {3}",
		     VALUES(m.may, tld_or_every(command, m.tld), time_text(command, m.expires), id_text(m.act)));
	else
		tell(command, "it has no mandate for this any more", "现已无此项委任", NULL);
}

static bool tell_maker(struct asking *a)
{
	struct command *command = a->command;
	unsigned count;

	if (bytes_same(a->act, BYTES("genesis"))) {
		tell(command, "made by the founding of the federation", "由联合体的创立文书确立", NULL);
		return true;
	}
	if (a->act.size == 0)
		return true;
	if (!a->found) {
		tell(command, "made by act {0}, which is not in the public log yet", "由文书 {0} 确立，该文书尚未进入公开日志",
		     VALUES(a->act));
		return true;
	}
	tell(command, "made by:", "由以下文书确立：", NULL);
	tell_entry(command, &a->view, &a->made);
	tell(command, "signed by: {0}", "签署者：{0}", VALUES(signers_of(a)));
	tell_operator(a);
	tell_rule(a);
	if (!command->json)
		fflush(stdout);
	if (!history_tell(command, &a->view, is_vote_on, a, UINT32_MAX, &count))
		return false;
	if (count == 0)
		tell(command, "nobody else voted or objected", "无他方表决或提出异议", NULL);
	return true;
}

static int tell_why(struct asking *a)
{
	struct command *command = a->command;
	unsigned count;

	view_head(command, &a->view);
	tell_record(a);
	if (!tell_maker(a))
		return EXIT_MISHAP;
	tell(command, "before that:", "在此之前：", NULL);
	if (!history_tell(command, &a->view, is_earlier, a, 20, &count))
		return EXIT_MISHAP;
	if (count == 0)
		tell(command, "nothing about it in the log", "日志中没有相关内容", NULL);
	if (a->found)
		next_step(command, "its text and signatures: comity act show {0}", "文本与签名：comity act show {0}",
		          VALUES(id_text(a->act)));
	return EXIT_DONE;
}

static int json_why(struct asking *a)
{
	struct command *command = a->command;
	struct bytes operator, party;
	struct proposal p;
	unsigned count;

	json_object(command, NULL);
	view_json_head(command, &a->view);
	json_text(command, "key", a->key);
	json_text(command, "record", a->record);
	if (a->act.size > 0)
		json_text(command, "act", a->act);
	else
		json_null(command, "act");
	if (a->found)
		json_entry(command, "made", &a->view, &a->made);
	else
		json_null(command, "made");
	if (a->found)
		json_text(command, "rule",
		          proposal_get(view_state(&a->view), a->act, &p) ? p.rule
		                                                         : rule_name(a));
	else
		json_null(command, "rule");
	if (a->found)
		json_words(command, "signed_by", signers_of(a));
	else
		json_null(command, "signed_by");
	if (operator_of(a, &operator, &party)) {
		json_text(command, "operator", operator);
		json_text(command, "in_the_name_of", party);
	} else {
		json_null(command, "operator");
		json_null(command, "in_the_name_of");
	}
	json_array(command, "consents");
	if (!history_tell(command, &a->view, is_vote_on, a, UINT32_MAX, &count))
		return EXIT_MISHAP;
	json_close_array(command);
	json_array(command, "before");
	if (!history_tell(command, &a->view, is_earlier, a, 20, &count))
		return EXIT_MISHAP;
	json_close_array(command);
	json_close_object(command);
	return EXIT_DONE;
}

int why(struct command *command, int argc, char *argv[])
{
	struct asking a = {.command = command};
	enum found found = FOUND_NONE;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!view_take(command, &a.view))
		return EXIT_MISHAP;
	if (!key_of(&a, argv[optind])) {
		fail(command, EXIT_NO, "nothing stands under {0}", "{0} 名下没有任何记录",
		     VALUES(bytes_of(argv[optind])));
		next_step(command, "a TLD, a party, a name server, a serial, charter, apex, or a key as tld/aur",
		          "可用：顶级域、缔约方、名称服务器、序列号、charter、apex，或形如 tld/aur 的键", NULL);
		return EXIT_NO;
	}
	a.act = field_of(a.record, "act");
	if (a.act.size == 0)
		a.act = field_of(a.record, "gone");
	if (a.act.size == 2 * DIGEST_SIZE)
		found = log_find(command, &a.view, a.act, &a.made);
	if (found == FOUND_MISHAP)
		return EXIT_MISHAP;
	a.found = found == FOUND_ONE;
	return command->json ? json_why(&a) : tell_why(&a);
}
