/* SPDX-License-Identifier: Apache-2.0 */
/* comity charter diff: what an amendment changes, said before anybody votes on it. */
#include "prog/comity/charter_diff.h"

#include "prog/comity/charter_check_show.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

struct telling {
	struct command *command;
	const struct looked *before, *after;
	bool error;
	size_t count;
};

static void change(struct telling *t, const char *sort, struct bytes name, struct bytes text)
{
	t->count++;
	if (t->command->json && !t->error) {
		json_object(t->command, NULL);
		json_text(t->command, "change", bytes_of(sort));
		json_text(t->command, "name", name);
		json_text(t->command, "text", text);
		json_close_object(t->command);
		return;
	}
	(t->error ? remark : tell)(t->command, "{0}", "{0}", VALUES(text));
}

/* The rule after its name, as written. */
static struct bytes body(const struct charter_rule *rule)
{
	return bytes_from(rule->source, sizeof("rule ") + rule->name.size);
}

static const struct rule_report *report_of(const struct looked *looked, struct bytes name)
{
	for (size_t i = 0; i < looked->check->rule_count; i++)
		if (bytes_same(looked->check->rules[i].rule->name, name))
			return &looked->check->rules[i];
	return NULL;
}

/* "carried by 5, stopped by 3", of a rule as it was and as it would be, where that differs. */
static void change_figures(struct telling *t, const struct rule_report *a, const struct rule_report *b)
{
	struct command *c = t->command;

	if (a->smallest.found == b->smallest.found && a->smallest.count == b->smallest.count &&
	    a->blocking.found == b->blocking.found && a->blocking.count == b->blocking.count &&
	    a->absent.found == b->absent.found && a->absent.count == b->absent.count)
		return;
	change(t, "figures", a->rule->name,
	       sentence(c, "  it was carried by {0} parties at least and stopped by {1} or by the silence of {2}; now by {3}, {4} and {5}",
	                "  原来至少 {0} 方可通过该规则、{1} 方可阻止、{2} 方沉默即不能通过；现在分别为 {3}、{4}、{5}",
	                VALUES(search_text(c, &a->smallest), search_text(c, &a->blocking), search_text(c, &a->absent),
	                       search_text(c, &b->smallest), search_text(c, &b->blocking), search_text(c, &b->absent))));
}

static void change_rule(struct telling *t, const struct charter_rule *a, const struct charter_rule *b)
{
	struct command *c = t->command;

	if (b == NULL) {
		change(t, "rule-gone", a->name,
		       sentence(c, "rule {0} is taken out: its acts are refused from then on; it was: {1}",
		                "规则 {0} 被删除：此后相应的文书一律予以拒绝；原文为：{1}", VALUES(a->name, body(a))));
		return;
	}
	if (a == NULL) {
		change(t, "rule-new", b->name,
		       sentence(c, "rule {0} is new: {1}", "新增规则 {0}：{1}", VALUES(b->name, body(b))));
		return;
	}
	if (!bytes_same(a->source, b->source))
		change(t, "rule", a->name,
		       sentence(c, "rule {0} is changed: it was: {1}; it becomes: {2}", "规则 {0} 变更：原为：{1}；改为：{2}",
		                VALUES(a->name, body(a), body(b))));
	else if (!charter_rule_same(&t->before->charter, a, &t->after->charter, b))
		change(t, "rule-meaning", a->name,
		       sentence(c, "rule {0} reads as before and means something else: whom or how it counts has changed",
		                "规则 {0} 文字未变而含义改变：其计算的对象或方式已变更", VALUES(a->name)));
	if (charter_article(&t->before->charter, a->article)->entrenched !=
	    charter_article(&t->after->charter, b->article)->entrenched)
		change(t, "rule-entrenched", a->name,
		       path_open(&t->after->charter, b)
		               ? sentence(c, "rule {0} is no longer entrenched", "规则 {0} 不再受特别保护", VALUES(a->name))
		               : sentence(c, "rule {0} becomes entrenched", "规则 {0} 开始受特别保护", VALUES(a->name)));
	change_figures(t, report_of(t->before, a->name), report_of(t->after, b->name));
}

static void change_sets(struct telling *t)
{
	const struct charter *from = &t->before->charter, *to = &t->after->charter;
	struct command *c = t->command;

	for (size_t i = 0; i < from->set_count; i++) {
		const struct charter_set *a = &from->sets[i], *b = charter_set(to, a->name);

		if (b == NULL)
			change(t, "set-gone", a->name, sentence(c, "taken out: {0}", "删除：{0}", VALUES(a->source)));
		else if (!bytes_same(a->source, b->source))
			change(t, "set", a->name, sentence(c, "was: {0}; becomes: {1}", "原为：{0}；改为：{1}", VALUES(a->source, b->source)));
	}
	for (size_t i = 0; i < to->set_count; i++)
		if (charter_set(from, to->sets[i].name) == NULL)
			change(t, "set-new", to->sets[i].name, sentence(c, "new: {0}", "新增：{0}", VALUES(to->sets[i].source)));
}

static void change_weights(struct telling *t)
{
	struct command *c = t->command;

	for (size_t i = 0; i < t->after->count; i++) {
		struct bytes name = t->after->parties[i].name;
		uint32_t a = charter_weight(&t->before->charter, name), b = charter_weight(&t->after->charter, name);

		if (a != b)
			change(t, "weight", name, sentence(c, "the weight of {0} was {1} and becomes {2}", "{0} 的权重由 {1} 改为 {2}",
			                                   VALUES(name, number_text(c, a), number_text(c, b))));
	}
}

static void change_signers(struct telling *t)
{
	const struct check *a = t->before->check, *b = t->after->check;
	struct command *c = t->command;

	for (size_t i = 0; i < t->after->count; i++) {
		const struct charter_party *party = &t->after->parties[i];
		bool was = charter_signs(&t->before->charter, party->name, party->kind);
		bool is = charter_signs(&t->after->charter, party->name, party->kind);

		if (was != is)
			change(t, "signer", party->name,
			       is ? sentence(c, "{0} gets a share of the key", "{0} 将取得密钥份额", VALUES(party->name))
			          : sentence(c, "{0} loses its share of the key", "{0} 将失去密钥份额", VALUES(party->name)));
	}
	if (a->threshold != b->threshold)
		change(t, "threshold", BYTES("signers"),
		       sentence(c, "{0} signed together; now {1} do", "原需 {0} 方共同签名，现需 {1} 方",
		                VALUES(number_text(c, a->threshold), number_text(c, b->threshold))));
}

static void change_inactive(struct telling *t)
{
	struct bytes a = t->before->charter.inactive_source, b = t->after->charter.inactive_source;
	struct command *c = t->command;

	if (bytes_same(a, b))
		return;
	change(t, "inactive", BYTES("inactive"),
	       b.size == 0   ? sentence(c, "taken out: {0}", "删除：{0}", VALUES(a))
	       : a.size == 0 ? sentence(c, "new: {0}", "新增：{0}", VALUES(b))
	                     : sentence(c, "was: {0}; becomes: {1}", "原为：{0}；改为：{1}", VALUES(a, b)));
}

/* What there is time for, in an arbitration. */
static struct bytes time_words(const struct command *command, enum charter_time time)
{
	static const struct {
		const char *en, *zh;
	} WORDS[CHARTER_TIMES] = {
		[TIME_ANSWER] = {"to answer a notice", "答辩"},
		[TIME_APPOINT] = {"to appoint an arbitrator", "指定仲裁员"},
		[TIME_RANK] = {"to rank the list for the chair", "就首席仲裁员名单排名"},
		[TIME_PLEAD] = {"to plead", "陈述"},
		[TIME_RAISE] = {"to challenge an arbitrator", "请求仲裁员回避"},
		[TIME_CHALLENGE] = {"to decide on a challenge", "就回避请求作出决定"},
		[TIME_AWARD] = {"to reach an award", "作出裁决"},
		[TIME_CORRECT] = {"to ask for a correction", "请求更正"},
		[TIME_CORRECTING] = {"to correct an award", "更正裁决"},
		[TIME_COMPLY] = {"to comply with an award", "自行履行裁决"},
	};

	return bytes_of(say(command, WORDS[time].en, WORDS[time].zh));
}

/* Disputes that are open keep theirs. */
static void change_times(struct telling *t)
{
	const struct charter *from = &t->before->charter, *to = &t->after->charter;
	struct command *c = t->command;

	for (unsigned i = 0; i < CHARTER_TIMES; i++)
		if (from->times.seconds[i] != to->times.seconds[i])
			change(t, "time", bytes_of(charter_time_word((enum charter_time)i)),
			       sentence(c, "in an arbitration that begins from then on, the time {0} was {1} and becomes {2}",
			                "此后提起的仲裁中，{0}的期限由 {1} 改为 {2}",
			                VALUES(time_words(c, (enum charter_time)i), span_text(c, from->times.seconds[i]),
			                       span_text(c, to->times.seconds[i]))));
	if (from->batches != to->batches)
		change(t, "batches", BYTES("batches"),
		       sentence(c, "by batches, each who signs them changed at most {0} delegations a day; now at most {1}",
		                "以成批文书，每个签署者每日至多更改的授权数由 {0} 改为 {1}",
		                VALUES(number_text(c, from->batches), number_text(c, to->batches))));
}

static void change_articles(struct telling *t)
{
	const struct charter *from = &t->before->charter, *to = &t->after->charter;
	struct command *c = t->command;

	if (!bytes_same(from->languages_source, to->languages_source))
		change(t, "languages", BYTES("languages"), sentence(c, "was: {0}; becomes: {1}", "原为：{0}；改为：{1}",
		                                                    VALUES(from->languages_source, to->languages_source)));
	for (size_t i = 0; i < from->article_count; i++) {
		const struct charter_article *a = &from->articles[i], *b = charter_article(to, a->number);
		struct bytes number = number_text(c, a->number);

		if (b == NULL)
			change(t, "article-gone", number, sentence(c, "article {0} is taken out", "第 {0} 条被删除", VALUES(number)));
		else if (!bytes_same(a->text, b->text))
			change(t, "article", number,
			       a->entrenched ? sentence(c, "article {0}, entrenched, has other words or rules", "受特别保护的第 {0} 条文字或规则变更", VALUES(number))
			                     : sentence(c, "article {0} has other words or rules", "第 {0} 条文字或规则变更", VALUES(number)));
	}
	for (size_t i = 0; i < to->article_count; i++)
		if (charter_article(from, to->articles[i].number) == NULL)
			change(t, "article-new", number_text(c, to->articles[i].number),
			       sentence(c, "article {0} is new", "新增第 {0} 条", VALUES(number_text(c, to->articles[i].number))));
}

static bool is_same_text(const struct looked *before, const struct looked *after)
{
	return bytes_same(before->charter.text, after->charter.text);
}

/* An amendment is the next version. */
static void change_version(struct telling *t)
{
	uint32_t was = t->before->charter.version, is = t->after->charter.version;
	struct command *c = t->command;

	if (is != was + 1)
		change(t, "version", BYTES("version"),
		       sentence(c, "the version is {0}, and {1} is due: an amendment of another is refused", "版本为 {0}，应为 {1}：版本不符的修订予以拒绝",
		                VALUES(number_text(c, is), number_text(c, was + 1))));
}

/* How few can take a delegation of one party: the fewest of all paths but the key, or 0. */
static size_t fewest(const struct check *check, struct bytes party)
{
	size_t group = 0, least = 0;
	const struct peril *peril;

	while (group < check->peril_count && !bytes_same(check->parties[check->perils[group].holder].name, party))
		group++;
	if (group == check->peril_count)
		return SIZE_MAX;
	peril = &check->perils[group];
	for (size_t i = 0; i < peril->count; i++)
		if (peril->path[i].kind < PATH_KEY && !peril->path[i].ruling && (least == 0 || peril->path[i].count < least))
			least = peril->path[i].count;
	return least;
}

static void change_perils(struct telling *t)
{
	const struct check *b = t->after->check;
	struct command *c = t->command;

	for (size_t i = 0; i < b->peril_count; i++) {
		struct bytes holder = b->parties[b->perils[i].holder].name;
		size_t was = fewest(t->before->check, holder), is = fewest(b, holder);
		struct bytes whom = holder_text(c, b, &b->perils[i]);

		if (was == SIZE_MAX || was == is)
			continue;
		change(t, "peril", holder,
		       was == 0 ? sentence(c, "nobody could take a delegation of {0} without a ruling; {1} parties could", "原来未经裁决无人可以取走 {0} 的授权；此后 {1} 方可以",
		                           VALUES(whom, number_text(c, is)))
		       : is == 0 ? sentence(c, "{1} parties could take a delegation of {0} without a ruling; nobody could any more", "原来未经裁决 {1} 方可以取走 {0} 的授权；此后无人可以",
		                            VALUES(whom, number_text(c, was)))
		                 : sentence(c, "{1} parties could take a delegation of {0} without a ruling; now {2} could", "原来未经裁决 {1} 方可以取走 {0} 的授权；此后 {2} 方可以",
		                            VALUES(whom, number_text(c, was), number_text(c, is))));
	}
}

size_t charter_changes_tell(struct command *command, const struct looked *before,
                            const struct looked *after, bool error)
{
	struct telling t = {command, before, after, error, 0};

	if (is_same_text(before, after))
		return 0;
	change_version(&t);
	change_sets(&t);
	change_weights(&t);
	change_signers(&t);
	change_inactive(&t);
	change_times(&t);
	change_articles(&t);
	for (size_t i = 0; i < CHARTER_RULES_MAX; i++) {
		struct bytes name = bytes_of(CHARTER_RULE_NAMES[i].name);
		const struct charter_rule *a = charter_rule(&before->charter, name), *b = charter_rule(&after->charter, name);

		if (a != NULL || b != NULL)
			change_rule(&t, a, b);
	}
	change_perils(&t);
	return t.count;
}

void charter_deciding_tell(const struct command *command, const struct looked *before,
                           const struct looked *after, bool error)
{
	const struct charter_rule *rule = charter_amending_rule(&before->charter, &after->charter);
	const struct rule_report *report = report_of(before, rule->name);

	(error ? remark : tell)(command, "rule {0} (article {1}) decides on this amendment: {2} parties at least carry it",
	                        "此修订由规则 {0}（第 {1} 条）决定：至少 {2} 方可以通过",
	                        VALUES(rule->name, number_text(command, rule->article), search_text(command, &report->smallest)));
}

static void diff_json(struct command *command, const struct looked *before, const struct looked *after)
{
	json_object(command, NULL);
	json_text(command, "decides", charter_amending_rule(&before->charter, &after->charter)->name);
	json_array(command, "changes");
	charter_changes_tell(command, before, after, false);
	json_close_array(command);
	json_bool(command, "refused", after->check->refused);
	json_array(command, "findings");
	for (size_t i = 0; i < after->check->finding_count; i++) {
		const struct finding *finding = &after->check->findings[i];

		json_object(command, NULL);
		json_text(command, "finding", bytes_of(finding_word(finding->kind)));
		json_bool(command, "refuses", finding->refuses);
		json_text(command, "text", finding_text(command, after->check, finding));
		json_close_object(command);
	}
	json_close_array(command);
	json_close_object(command);
}

static void diff_tell(struct command *command, const struct looked *before, const struct looked *after)
{
	if (is_same_text(before, after)) {
		tell(command, "both are one text", "两者是同一文本", NULL);
		return;
	}
	if (charter_changes_tell(command, before, after, false) == 0)
		tell(command, "nothing but the version changes", "除版本外没有变更", NULL);
	charter_deciding_tell(command, before, after, false);
	findings_tell(command, after->check, false);
	tell(command, after->check->refused ? "the charter as amended is refused" : "nothing in the charter as amended is refused",
	     after->check->refused ? "修订后的宪章予以拒绝" : "修订后的宪章未见应予拒绝之处", NULL);
}

int charter_diff(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"members", required_argument, NULL, 'm'}, {NULL, 0, NULL, 0}};
	const char *members = NULL, *name[2] = {"charter", NULL};
	struct bytes members_text, text[2];
	struct looked looked[2];
	struct view view;
	int option, code, first;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 'm')
			return EXIT_MISUSE;
		members = optarg;
	}
	first = argc - optind == 1;
	if (argc - optind < 1 || argc - optind > 2 || (first == 1 && members != NULL))
		return misuse(command, "one charter, or two; --members goes with two", "一份或两份宪章；--members 须与两份同用");
	if (members != NULL && !read_input(command, members, MEMBERS_SIZE_MAX, &members_text))
		return EXIT_MISHAP;
	if (members == NULL && !view_take(command, &view))
		return EXIT_MISHAP;
	text[0] = first == 1 ? view.ledger.commons.charter.text : BYTES("");
	for (int i = first; i < 2; i++) {
		name[i] = argv[optind + i - first];
		if (!read_input(command, name[i], CHARTER_SIZE_MAX, &text[i]))
			return EXIT_MISHAP;
	}
	for (int i = 0; i < 2; i++)
		if (!look_at(command, text[i], name[i], members != NULL ? &members_text : NULL, members,
		             members == NULL ? &view : NULL, &looked[i], &code))
			return code;
	if (command->json)
		diff_json(command, &looked[0], &looked[1]);
	else
		diff_tell(command, &looked[0], &looked[1]);
	return looked[1].check->refused ? EXIT_NO : EXIT_DONE;
}
