/* SPDX-License-Identifier: Apache-2.0 */
/* comity act show: what an act says, what it means, who signed it, what became of it. */
#include <stdio.h>
#include <unistd.h>

#include "act/show.h"
#include "commons/proposal.h"
#include "prog/comity/draft.h"
#include "prog/comity/history.h"
#include "prog/comity/json.h"
#include "prog/comity/lines.h"
#include "prog/comity/meaning.h"
#include "prog/comity/nouns.h"
#include "prog/comity/operators.h"
#include "prog/comity/print.h"
#include "prog/comity/receipt.h"
#include "prog/comity/signature_line.h"
#include "prog/comity/subject.h"
#include "prog/comity/tally.h"
#include "state/clock.h"

/* An act, or a founding text, that is shown. */
struct showing {
	struct command *command;
	struct view view;
	bool has_view;
	bool blind;           /* there should be a node, and was none */
	struct bytes content; /* a note, or a text without lines */
	struct bytes text;
	struct note note;     /* without signatures when there are no lines */
	bool is_act;
	struct act act;
	struct genesis genesis;
	bool entered;
	struct entry entry;   /* of the log, when it has entered and is published */
	bool seen;            /* it has entered, says the state */
	uint64_t height;      /* of its block, when entered or seen */
	struct bytes id;      /* hex */
	bool has_operator;    /* the key of one signed it: */
	struct note_key operator;
	bool lacks_lines;     /* signatures that it needs before it is sent */
};

enum holds { HOLDS, FAILS, UNKNOWN };

static bool keys_of_party(const struct showing *s, struct bytes party, struct bytes *keys)
{
	struct party p;

	*keys = BYTES("");
	if (!s->has_view)
		return false;
	if (s->entered)
		return log_keys_at(s->command, &s->view, party, s->entry.index, keys);
	if (party_get(view_state(&s->view), party, &p))
		*keys = p.keys;
	return true;
}

static enum holds line_holds(const struct showing *s, const struct note_signature *line,
                             struct bytes keys)
{
	enum key_role role;
	struct note_key key;

	while (act_key(&keys, &role, &key))
		if (bytes_same(key.name, line->name))
			return note_signature_holds(line, &key, s->text) ? HOLDS : FAILS;
	return UNKNOWN;
}

/* Founders' keys stand in the genesis; keys that an act introduces, in the act. */
static enum holds signature_holds(const struct showing *s, const struct note_signature *line)
{
	struct bytes origin, party, keys, parties = s->is_act ? BYTES("") : s->genesis.parties;
	enum holds holds = UNKNOWN;
	struct founder founder;
	uint32_t number;

	while (holds == UNKNOWN && genesis_party(&parties, &founder))
		holds = line_holds(s, line, founder.keys);
	if (!s->is_act)
		return holds;
	holds = line_holds(s, line, lines_keys(&s->act));
	if (s->has_operator)
		holds = note_signature_holds(line, &s->operator, s->text) ? HOLDS : FAILS;
	if (holds == UNKNOWN && act_key_name(line->name, &origin, &party, &number) &&
	    keys_of_party(s, party, &keys))
		holds = line_holds(s, line, keys);
	return holds;
}

/* How many lines do not hold. */
static unsigned tell_signatures(const struct showing *s)
{
	static const char *const MARKS[] = {[HOLDS] = "ok", [FAILS] = "!!", [UNKNOWN] = "??"};
	struct command *command = s->command;
	unsigned bad = 0;

	if (s->note.count == 0)
		tell(command, "nobody has signed it yet", "尚无签名", NULL);
	for (unsigned i = 0; i < s->note.count; i++) {
		enum holds holds = signature_holds(s, &s->note.signature[i]);
		const struct bytes *values = VALUES(bytes_of(MARKS[holds]), s->note.signature[i].name);

		bad += holds == FAILS;
		if (holds == HOLDS && s->has_operator)
			tell(command, "{0}  signed by {1}, the key of an operator", "{0}  由 {1} 签署，此为运营方的密钥", values);
		else if (holds == HOLDS)
			tell(command, "{0}  signed by {1}", "{0}  由 {1} 签署", values);
		else if (holds == FAILS)
			tell(command, "{0}  the signature of {1} does not hold", "{0}  {1} 的签名不成立", values);
		else
			tell(command, "{0}  a line of {1}, whose key is not known here", "{0}  {1} 的签名行，此处不知其密钥",
			     values);
	}
	return bad;
}

static unsigned json_signatures(const struct showing *s)
{
	struct command *command = s->command;
	unsigned bad = 0;

	json_array(command, "signatures");
	for (unsigned i = 0; i < s->note.count; i++) {
		enum holds holds = signature_holds(s, &s->note.signature[i]);

		bad += holds == FAILS;
		json_object(command, NULL);
		json_text(command, "key", s->note.signature[i].name);
		if (holds == UNKNOWN)
			json_null(command, "holds");
		else
			json_bool(command, "holds", holds == HOLDS);
		json_close_object(command);
	}
	json_close_array(command);
	return bad;
}

static void tell_status(struct showing *s)
{
	struct command *command = s->command;
	struct refusal refusal;
	struct trial trial;

	if (s->entered)
		tell(command, "entered: block {0}, {1}, leaf {2} of the log",
		     "已登记：区块 {0}，{1}，日志第 {2} 项",
		     VALUES(number_text(command, s->entry.height), time_text(command, s->entry.time),
		            number_text(command, s->entry.index)));
	else if (s->seen)
		tell(command, "entered: block {0}, which is not final yet", "已登记：区块 {0}，尚未定案",
		     VALUES(number_text(command, s->height)));
	if (s->is_act && (s->entered || s->seen)) {
		tell_outcome(command, &s->view, &s->act, !s->entered);
		return;
	}
	if (!s->is_act || s->entered)
		return;
	if (!trial_begin(command, &s->view, &s->act, s->has_operator ? &s->operator : NULL, &trial, &refusal)) {
		struct writer w = writer_in(&command->memory);

		refusal_write(&w, &refusal, command->chinese);
		tell(command, "not entered; sent now, it would be refused ({0}): {1}",
		     "未登记；若现在发送，将被拒绝（{0}）：{1}",
		     VALUES(bytes_of(reason_word(refusal.reason)), writer_keep(&w, &command->memory)));
		return;
	}
	tell(command, "not entered; {0}, {1}", "未登记；{0}，{1}",
	     VALUES(bytes_of(s->lacks_lines ? say(command, "with all its lines", "签名行齐备后发送")
	                                    : say(command, "sent now", "若现在发送")),
	            bytes_of(trial.proposed
	                             ? say(command, "it would open a proposal", "将成为提案")
	                             : say(command, "it would take effect at once", "将即时生效"))));
	trial_end(&s->view, &trial);
}

static bool has_line_of(const struct showing *s, const struct note_key *key)
{
	for (unsigned i = 0; i < s->note.count; i++)
		if (bytes_same(s->note.signature[i].name, key->name) &&
		    note_signature_holds(&s->note.signature[i], key, s->text))
			return true;
	return false;
}

static void tell_count(const struct showing *s, struct bytes whose, unsigned there, unsigned needed)
{
	tell(s->command, "{3}  {0}: {1} of the {2} lines that are needed", "{3}  {0}：需 {2} 行签名，现有 {1} 行",
	     VALUES(whose, number_text(s->command, there), number_text(s->command, needed),
	            bytes_of(there < needed ? ".." : "ok")));
}

/* How many act keys of the party have signed, of how many that must. False: some are missing. */
static bool tell_lines(const struct showing *s, struct bytes party)
{
	unsigned there = 0;
	enum key_role role;
	struct note_key key;
	struct party p;

	if (!party_get(view_state(&s->view), party, &p))
		return true;
	for (struct bytes keys = p.keys; act_key(&keys, &role, &key);)
		there += role == ROLE_ACT && has_line_of(s, &key);
	tell_count(s, party, there, p.threshold);
	return there >= p.threshold;
}

/* The same of the keys that the act brings, each of which signs. */
static bool tell_new_keys(const struct showing *s)
{
	struct bytes keys = lines_keys(&s->act);
	unsigned there = 0, needed = 0;
	struct note_key key;

	for (; lines_new_key(&s->view, &s->act, &keys, &key); needed++)
		there += has_line_of(s, &key);
	if (needed > 0)
		tell_count(s, bytes_of(say(s->command, "the new keys", "新密钥")), there, needed);
	return there >= needed;
}

/* Before it has entered: which lines are there, until when, and what would become of it. */
static void tell_prospect(struct showing *s)
{
	struct command *command = s->command;

	if (act_row(s->act.kind)->role != ROLE_ACT)
		return;
	s->lacks_lines = !s->has_operator && !tell_lines(s, s->act.by);
	if (!tell_new_keys(s))
		s->lacks_lines = true;
	if (s->act.kind == ACT_TRANSFER && !tell_lines(s, act_field(&s->act, "recipient")))
		s->lacks_lines = true;
	tell(command, "it can enter until {0} ({1})", "可登记至 {0}（{1}）",
	     VALUES(time_text(command, s->act.until),
	            distance_text(command, s->act.until, s->view.now)));
}

/* An operator's key is named in no party's record, but in what empowered it. */
static void operator_find(struct showing *s)
{
	struct bytes operator;

	s->has_operator = s->is_act && s->has_view && note_operator(&s->note, &operator) &&
	                  operator_key_of_line(s->command, &s->view, &s->note.signature[0], &s->operator);
}

static int show(struct showing *s)
{
	struct command *command = s->command;
	unsigned bad;

	if (s->has_view)
		view_head(command, &s->view);
	print_text(command, s->content);
	putchar('\n');
	if (s->is_act)
		tell_meaning(command, s->has_view ? &s->view : NULL, &s->act);
	else
		tell_founding(command, &s->genesis);
	tell(command, "its id: {0}", "编号：{0}", VALUES(s->id));
	bad = tell_signatures(s);
	if (s->has_view && s->is_act && !s->entered && !s->seen)
		tell_prospect(s);
	if (s->has_view)
		tell_status(s);
	else if (s->is_act && !s->blind)
		next_step(command, "with a node, signatures are checked and its status is told: --home or --node",
		          "连接节点可核对签名并查看状态：--home 或 --node", NULL);
	return bad == 0 ? EXIT_DONE : EXIT_NO;
}

static int json_show(struct showing *s)
{
	struct command *command = s->command;
	const struct charter_rule *rule =
		s->has_view && s->is_act ? meaning_rule(&s->view, &s->act) : NULL;
	struct writer w = writer_in(&command->memory);
	struct proposal p;
	unsigned bad;

	json_object(command, NULL);
	json_text(command, "act", s->id);
	json_text(command, "kind", bytes_of(act_row(s->is_act ? s->act.kind : ACT_GENESIS)->word));
	if (s->is_act) {
		act_show(&w, &s->act, command->chinese);
		json_text(command, "by", s->act.by);
		json_text(command, "sentence", writer_keep(&w, &command->memory));
		json_time(command, "until", s->act.until);
	}
	if (rule != NULL) {
		json_text(command, "rule", rule->name);
		json_number(command, "article", rule->article);
	}
	json_text(command, "text", s->text);
	bad = json_signatures(s);
	if (s->entered || s->seen)
		json_number(command, "height", s->height);
	else
		json_null(command, "height");
	if (s->entered)
		json_number(command, "index", s->entry.index);
	else
		json_null(command, "index");
	if (s->has_view && proposal_get(view_state(&s->view), s->id, &p))
		json_proposal_standing(command, "proposal", &s->view, &p);
	else
		json_null(command, "proposal");
	if (s->is_act && s->act.kind == ACT_BATCH && !(s->has_view && json_batch(command, &s->view, s->id)))
		json_null(command, "items");
	json_close_object(command);
	return bad == 0 ? EXIT_DONE : EXIT_NO;
}

/* Takes the content apart. False: it is neither an act nor a founding text, told. */
static bool content_read(struct showing *s, const char *name)
{
	struct arena scratch = {arena_take(&s->command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct bytes lines;
	struct fault fault;
	struct writer w;

	s->text = note_text(s->content, &lines);
	if (lines.size == 0 || note_read(s->content, &s->note, &fault) != OK)
		s->note = (struct note){.text = s->text};
	s->is_act = !bytes_starts(s->text, BYTES("comity-genesis/1\n"));
	if (s->is_act ? act_read(s->text, scratch, &s->act, &fault) != OK
	              : genesis_read(s->text, &s->genesis, &fault) != OK) {
		fail(s->command, EXIT_NO, "{0}: line {1}: {2}", "{0}：第 {1} 行：{2}",
		     VALUES(bytes_of(name), number_text(s->command, fault.line), bytes_of(fault.why)));
		next_step(s->command, "man comity-act, GRAMMAR", "见 man comity-act 的 GRAMMAR 一节", NULL);
		return false;
	}
	w = writer_in(&s->command->memory);
	write_digest(&w, s->is_act ? &s->act.id : &s->genesis.id);
	s->id = writer_keep(&w, &s->command->memory);
	return true;
}

/* A file is shown with or without a node; with one, an act is looked up. A node that is not there is told,
 * and is no reason to show nothing. */
static int file_show(struct showing *s, const char *path)
{
	enum found found;

	if (!read_input(s->command, path, NOTE_SIZE_MAX, &s->content))
		return EXIT_MISHAP;
	if (!content_read(s, path))
		return EXIT_NO;
	/* A founding text holds all that it is judged by. */
	if (!s->is_act || (s->command->socket == NULL && s->command->home_folder == NULL))
		return EXIT_DONE;
	s->blind = !view_take(s->command, &s->view);
	if (s->blind)
		return EXIT_DONE;
	s->has_view = true;
	found = log_find(s->command, &s->view, s->id, &s->entry);
	if (found == FOUND_MISHAP)
		return EXIT_MISHAP;
	s->entered = found == FOUND_ONE;
	s->seen = s->is_act && seen_get(view_state(&s->view), &s->act.id, s->act.until, &s->height);
	if (s->entered)
		s->height = s->entry.height;
	return EXIT_DONE;
}

/* What has entered, and is not final, is in no public log: that it is there is all that can be told. */
static int not_found(struct showing *s, enum found found, struct bytes prefix)
{
	struct bytes record;
	size_t index = 0;

	while (found == FOUND_NONE && state_next(view_state(&s->view), BYTES("seen/"), &index, &record)) {
		struct bytes id = record_key_part(state_key(record), 2);

		if (!bytes_starts(id, prefix))
			continue;
		fail(s->command, EXIT_NOT_YET, "{0} has entered, in block {1}, which is not final yet",
		     "{0} 已登记于区块 {1}，该区块尚未定案",
		     VALUES(id_text(id), field_of(record, "height")));
		next_step(s->command, "comity watch --act {0}", "comity watch --act {0}", VALUES(id_text(id)));
		return EXIT_NOT_YET;
	}
	return tell_not_found(s->command, found, prefix);
}

static int entry_show(struct showing *s, const char *prefix)
{
	enum found found;

	if (!view_take(s->command, &s->view))
		return EXIT_MISHAP;
	s->has_view = true;
	found = log_find(s->command, &s->view, bytes_of(prefix), &s->entry);
	if (found != FOUND_ONE)
		return not_found(s, found, bytes_of(prefix));
	s->entered = true;
	s->height = s->entry.height;
	s->content = s->entry.octets;
	return content_read(s, prefix) ? EXIT_DONE : EXIT_NO;
}

static bool is_id(const char *argument)
{
	size_t size = strspn(argument, "0123456789abcdef");

	return strcmp(argument, "genesis") == 0 ||
	       (size >= 4 && size <= 2 * DIGEST_SIZE && argument[size] == '\0');
}

int act_show_one(struct command *command, int argc, char *argv[])
{
	struct showing s = {.command = command};
	const char *what;
	int code;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	what = argv[optind];
	code = is_id(what) && access(what, F_OK) != 0 ? entry_show(&s, what) : file_show(&s, what);
	if (code != EXIT_DONE)
		return code;
	operator_find(&s);
	code = command->json ? json_show(&s) : show(&s);
	return s.blind && code == EXIT_DONE ? EXIT_MISHAP : code;
}
