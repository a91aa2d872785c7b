/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/charter_check_words.h"

#include <string.h>

#include "power/members.h"
#include "prog/comity/print.h"
#include "state/party.h"

#define NAMED_MAX 5 /* names before the rest are a number */

static int fault_tell(struct command *command, const char *name, const struct charter_fault *fault)
{
	struct writer w = writer_in(&command->memory);

	charter_fault_write(fault, &w);
	return fail(command, EXIT_NO, "{0}: {1}", "{0}：{1}",
	            VALUES(bytes_of(name), writer_keep(&w, &command->memory)));
}

static void members_of_view(struct command *command, const struct view *view, struct looked *looked)
{
	struct party p;

	looked->parties = arena_take_array(&command->memory, GAME_PARTIES_MAX, sizeof(*looked->parties));
	for (size_t index = 0;
	     looked->count < GAME_PARTIES_MAX && party_next(view_state(view), &index, &p);)
		looked->parties[looked->count++] = view_voter(command, view, &looked->charter, &p);
}

bool look_at(struct command *command, struct bytes text, const char *name, const struct bytes *members,
             const char *members_name, const struct view *view, struct looked *looked, int *code)
{
	struct charter_fault fault;

	*looked = (struct looked){.count = 0};
	*code = EXIT_NO;
	if (charter_read(text, &command->memory, &looked->charter, &fault) != OK) {
		*code = fault_tell(command, name, &fault);
		return false;
	}
	if (members == NULL) {
		members_of_view(command, view, looked);
	} else if (members_read(*members, &looked->charter, &command->memory, &looked->parties,
	                        &looked->count, &fault) != OK) {
		*code = fault_tell(command, members_name, &fault);
		return false;
	}
	looked->check = arena_take(&command->memory, sizeof(*looked->check));
	check_charter(&looked->charter, looked->parties, looked->count, &command->memory, looked->check);
	return true;
}

struct bytes seats_text(const struct command *command, const struct check *check, const bool *is,
                        size_t seats)
{
	struct bytes text = BYTES("");
	size_t named = 0, more = 0;

	for (size_t i = 0; i < seats; i++) {
		struct bytes name;

		if (!is[i])
			continue;
		if (named == NAMED_MAX) {
			more++;
			continue;
		}
		name = i < check->count ? check_seat_name(check, i)
		       : bytes_of(i == check->count       ? say(command, "the holder", "持有者")
		                  : i == check->count + 1 ? say(command, "the recipient", "接收方")
		                                          : say(command, "the interested", "利害相关方"));
		text = named == 0 ? name : sentence(command, "{0}, {1}", "{0}、{1}", VALUES(text, name));
		named++;
	}
	if (more == 0)
		return text;
	return sentence(command, "{0} and {1} more", "{0}等 {2} 方",
	                VALUES(text, number_text(command, more), number_text(command, named + more)));
}

struct bytes class_text(const struct command *command, const struct check *check,
                        const struct game *game, size_t class)
{
	bool is[GAME_SEATS_MAX] = {false};

	/* Parts that the rule does not ask are no news. */
	for (size_t i = 0; i < game->seats; i++)
		is[i] = game->class_of[i] == class && (class != game->idle || i < check->count);
	return seats_text(command, check, is, game->seats);
}

struct bytes taken_text(const struct command *command, const struct check *check,
                        const struct game *game, const uint16_t *taken)
{
	uint16_t left[GAME_SEATS_MAX];
	bool is[GAME_SEATS_MAX] = {false};

	memcpy(left, taken, game->classes * sizeof(*left));
	for (size_t i = 0; i < game->seats; i++)
		if (left[game->class_of[i]] > 0) {
			left[game->class_of[i]]--;
			is[i] = true;
		}
	return seats_text(command, check, is, game->seats);
}

struct bytes coalition_text(const struct command *command, const struct check *check,
                            const struct path *path)
{
	bool is[GAME_SEATS_MAX] = {false};

	if (path->seat == NULL)
		return BYTES("");
	for (size_t i = 0; i < path->count; i++)
		is[path->seat[i]] = true;
	return seats_text(command, check, is, check->count);
}

struct bytes holder_text(const struct command *command, const struct check *check,
                         const struct peril *peril)
{
	struct bytes name = check->parties[peril->holder].name;

	if (peril->holders == 1)
		return name;
	return sentence(command, "{0} (and {1} more of whom the charter says the same)",
	                "{0}（以及宪章同等对待的另外 {1} 方）",
	                VALUES(name, number_text(command, peril->holders - 1)));
}

struct bytes percent_text(const struct command *command, uint64_t fraction, unsigned digits)
{
	struct writer w = writer_in((struct arena *)(uintptr_t)&command->memory);
	uint64_t scale = 100, value;

	for (unsigned i = 0; i < digits; i++)
		scale *= 10;
	value = ((fraction >> 24) * scale + ((uint64_t)1 << 35)) >> 36;
	scale /= 100;
	write_number(&w, value / scale);
	if (digits > 0)
		write_octet(&w, '.');
	for (uint64_t rest = value % scale; scale > 1; rest %= scale) {
		scale /= 10;
		write_octet(&w, (uint8_t)('0' + rest / scale));
	}
	return writer_keep(&w, (struct arena *)(uintptr_t)&command->memory);
}

struct bytes search_text(const struct command *command, const struct search *search)
{
	if (!search->exact)
		return sentence(command, "at least {0}", "至少 {0}", VALUES(number_text(command, search->count)));
	return search->found ? number_text(command, search->count) : BYTES("-");
}

const char *path_word(enum path_kind kind)
{
	static const char *const WORDS[PATH_KINDS] = {
		[PATH_RULE] = "rule",
		[PATH_RETIRE] = "retirement",
		[PATH_JOIN_RETIRE] = "admission-then-retirement",
		[PATH_AMEND_JOIN_RETIRE] = "amendment-then-admission-then-retirement",
		[PATH_OPERATE] = "interim-operation",
		[PATH_JOIN_OPERATE] = "admission-then-interim-operation",
		[PATH_AMEND_JOIN_OPERATE] = "amendment-then-admission-then-interim-operation",
		[PATH_JOIN] = "admission-then-rule",
		[PATH_AMEND] = "amendment-then-rule",
		[PATH_JOIN_AMEND] = "admission-then-amendment",
		[PATH_ENTRENCH] = "entrenched-amendment",
		[PATH_JOIN_ENTRENCH] = "admission-then-entrenched-amendment",
		[PATH_AMEND_JOIN] = "amendment-then-admission-then-rule",
		[PATH_AMEND_JOIN_ENTRENCH] = "amendment-then-admission-then-entrenched-amendment",
		[PATH_SUSPEND] = "suspension-then-rule",
		[PATH_SUSPEND_AMEND] = "suspension-then-amendment",
		[PATH_SUSPEND_ENTRENCH] = "suspension-then-entrenched-amendment",
		[PATH_AMEND_SUSPEND] = "amendment-then-suspension-then-rule",
		[PATH_AMEND_SUSPEND_ENTRENCH] = "amendment-then-suspension-then-entrenched-amendment",
		[PATH_REGISTER] = "register-then-rule",
		[PATH_REGISTER_AMEND] = "register-then-amendment",
		[PATH_REGISTER_ENTRENCH] = "register-then-entrenched-amendment",
		[PATH_AMEND_REGISTER] = "amendment-then-register-then-rule",
		[PATH_AMEND_REGISTER_ENTRENCH] = "amendment-then-register-then-entrenched-amendment",
		[PATH_INACTIVE] = "inactive-then-rule",
		[PATH_KEY] = "key",
		[PATH_FREEZE] = "freeze",
		[PATH_CANCEL] = "cancellation",
		[PATH_GUARD] = "guardian",
	};
	return WORDS[kind];
}

static struct bytes rule_name(const struct charter_rule *rule)
{
	return rule == NULL ? BYTES("") : rule->name;
}

/* How long it lasts where the rule does not say. */
static int64_t unlimited(enum path_kind kind)
{
	if (kind == PATH_RETIRE || kind == PATH_JOIN_RETIRE || kind == PATH_AMEND_JOIN_RETIRE)
		return CHARTER_RETIRE_DEFAULT;
	return kind == PATH_FREEZE ? CHARTER_FREEZE_DEFAULT : CHARTER_OPERATE_MAX;
}

static struct bytes steps_text(const struct command *command, const struct path *path)
{
	const struct bytes *names = VALUES(rule_name(path->first), rule_name(path->rule),
	                                   path->rule == NULL ? BYTES("")
	                                                      : span_text(command, path->rule->sunset != 0
	                                                                                   ? path->rule->sunset
	                                                                                   : unlimited(path->kind)));

	switch (path->kind) {
	case PATH_RULE:
		return sentence(command, "by rule {1}", "依规则 {1}", names);
	case PATH_RETIRE:
		return sentence(command, "retire it by rule {1}, on the ground that its code left a list or was changed there: it ends {2} after the notice, and is served till then",
		                "依规则 {1} 使其退役，理由为其代码已从名录删除或变更：通知之后经 {2} 终止，在此之前照常解析", names);
	case PATH_JOIN_RETIRE:
		return sentence(command, "admit parties by {0} until it is retired by rule {1}, {2} after the notice",
		                "依 {0} 接纳缔约方，直至足以依规则 {1} 使其退役，通知之后经 {2} 终止", names);
	case PATH_AMEND_JOIN_RETIRE:
		return sentence(command, "amend party.admit by {0}, admit parties until it is retired by rule {1}, {2} after the notice",
		                "依 {0} 修订 party.admit，接纳缔约方，直至足以依规则 {1} 使其退役，通知之后经 {2} 终止", names);
	case PATH_JOIN_OPERATE:
		return sentence(command, "admit parties by {0} until another, perhaps one of them, keeps it by rule {1} for at most {2}: it stays the holder's",
		                "依 {0} 接纳缔约方，直至足以依规则 {1} 由另一方（可以是新接纳者）代管，最长 {2}：仍归持有者所有", names);
	case PATH_AMEND_JOIN_OPERATE:
		return sentence(command, "amend party.admit by {0}, admit parties until another, perhaps one of them, keeps it by rule {1} for at most {2}: it stays the holder's",
		                "依 {0} 修订 party.admit，接纳缔约方，直至足以依规则 {1} 由另一方（可以是新接纳者）代管，最长 {2}：仍归持有者所有", names);
	case PATH_OPERATE:
		return sentence(command, "let another keep it, by rule {1}, for at most {2}: it stays the holder's", "依规则 {1} 由另一方代管，最长 {2}：仍归持有者所有", names);
	case PATH_JOIN:
		return sentence(command, "admit parties by {0} until rule {1} is carried", "依 {0} 接纳缔约方，直至足以通过规则 {1}", names);
	case PATH_AMEND:
		return sentence(command, "amend the charter by charter.amend, then take by the rule so made",
		                "依 charter.amend 修订宪章，再依由此形成的规则取走", names);
	case PATH_JOIN_AMEND:
		return sentence(command, "admit parties by {0} until charter.amend is carried, then take by the rule so made",
		                "依 {0} 接纳缔约方，直至足以通过 charter.amend，再依由此形成的规则取走", names);
	case PATH_ENTRENCH:
		return sentence(command, "amend what is entrenched, by charter.entrench", "依 charter.entrench 修订受特别保护的条款", names);
	case PATH_JOIN_ENTRENCH:
		return sentence(command, "admit parties by {0} until charter.entrench is carried",
		                "依 {0} 接纳缔约方，直至足以通过 charter.entrench", names);
	case PATH_AMEND_JOIN:
		return sentence(command, "amend party.admit by {0}, admit parties until rule {1} is carried",
		                "依 {0} 修订 party.admit，接纳缔约方，直至足以通过规则 {1}", names);
	case PATH_AMEND_JOIN_ENTRENCH:
		return sentence(command, "amend party.admit by {0}, admit parties until charter.entrench is carried",
		                "依 {0} 修订 party.admit，接纳缔约方，直至足以通过 charter.entrench", names);
	case PATH_SUSPEND:
		return sentence(command, "suspend the votes of others by {0} until rule {1} is carried", "依 {0} 中止其他各方的表决权，直至足以通过规则 {1}", names);
	case PATH_SUSPEND_AMEND:
		return sentence(command, "suspend the votes of others by {0} until charter.amend is carried, then take by the rule so made",
		                "依 {0} 中止其他各方的表决权，直至足以通过 charter.amend，再依由此形成的规则取走", names);
	case PATH_SUSPEND_ENTRENCH:
		return sentence(command, "suspend the votes of others by {0} until charter.entrench is carried",
		                "依 {0} 中止其他各方的表决权，直至足以通过 charter.entrench", names);
	case PATH_AMEND_SUSPEND:
		return sentence(command, "amend party.suspend by {0}, suspend the votes of others until rule {1} is carried",
		                "依 {0} 修订 party.suspend，中止其他各方的表决权，直至足以通过规则 {1}", names);
	case PATH_AMEND_SUSPEND_ENTRENCH:
		return sentence(command, "amend party.suspend by {0}, suspend the votes of others until charter.entrench is carried",
		                "依 {0} 修订 party.suspend，中止其他各方的表决权，直至足以通过 charter.entrench", names);
	case PATH_REGISTER:
		return sentence(command, "take others off the registers by {0} until rule {1} is carried", "依 {0} 将其他各方从名录中删除，直至足以通过规则 {1}", names);
	case PATH_REGISTER_AMEND:
		return sentence(command, "take others off the registers by {0} until charter.amend is carried, then take by the rule so made",
		                "依 {0} 将其他各方从名录中删除，直至足以通过 charter.amend，再依由此形成的规则取走", names);
	case PATH_REGISTER_ENTRENCH:
		return sentence(command, "take others off the registers by {0} until charter.entrench is carried",
		                "依 {0} 将其他各方从名录中删除，直至足以通过 charter.entrench", names);
	case PATH_AMEND_REGISTER:
		return sentence(command, "amend register.adopt by {0}, take others off the registers until rule {1} is carried",
		                "依 {0} 修订 register.adopt，将其他各方从名录中删除，直至足以通过规则 {1}", names);
	case PATH_AMEND_REGISTER_ENTRENCH:
		return sentence(command, "amend register.adopt by {0}, take others off the registers until charter.entrench is carried",
		                "依 {0} 修订 register.adopt，将其他各方从名录中删除，直至足以通过 charter.entrench", names);
	case PATH_INACTIVE:
		return sentence(command, "by rule {1}, when all are inactive but as many as can amend the charter; each has been warned, and one act ends it",
		                "除足以修订宪章者外其他各方均不活动时，依规则 {1}；各方均已受警告，一件文书即可终止", names);
	case PATH_KEY:
		return sentence(command, "with their shares of the key sign another zone, which whoever derives the zone will refuse",
		                "以其密钥份额签名另一个区；凡自行推导区者均会拒绝", names);
	case PATH_FREEZE:
		return sentence(command, "hold back the holder's own changes, for {2}", "冻结持有者自己的变更，为期 {2}", names);
	case PATH_CANCEL:
		return sentence(command, "cancel the holder's own changes before they take effect, by {1}", "依 {1} 在生效之前取消持有者自己的变更", names);
	case PATH_GUARD:
	case PATH_KINDS:
		break;
	}
	return sentence(command, "stop the holder's own changes, under rule {1}", "依规则 {1} 阻止持有者自己的变更", names);
}

struct bytes path_text(const struct command *command, const struct path *path)
{
	struct bytes steps = steps_text(command, path);

	if (!path->ruling)
		return steps;
	return sentence(command, "{0}, once a ruling orders it", "在裁决命令之后，{0}", VALUES(steps));
}

const char *finding_word(enum finding_kind kind)
{
	static const char *const WORDS[FINDING_KINDS] = {
		[FINDING_NO_SIGNERS] = "no-signers",
		[FINDING_NOT_MONOTONE] = "not-monotone",
		[FINDING_NOT_PROPER] = "not-proper",
		[FINDING_PROPER_UNKNOWN] = "proper-unknown",
		[FINDING_KEY_BELOW_REVOKE] = "key-below-revoke",
		[FINDING_SANCTION] = "sanction",
		[FINDING_HASTE] = "haste",
		[FINDING_UNDERMINED] = "undermined",
		[FINDING_TWO_STEP] = "two-step",
		[FINDING_AMEND_BELOW_KEY] = "amend-below-key",
		[FINDING_ADMIT_BELOW_KEY] = "admit-below-key",
		[FINDING_REGISTER] = "register",
		[FINDING_NOBODY] = "nobody",
		[FINDING_NO_SUNSET] = "no-sunset",
		[FINDING_SILENCE] = "silence",
		[FINDING_ONE_ABSENT] = "one-absent",
	};
	return WORDS[kind];
}

/* Who holds what is at stake, and how many other groups it is the same for. */
static struct bytes whose(const struct command *command, const struct check *check,
                          const struct finding *finding)
{
	struct bytes holder = holder_text(command, check, finding->peril);

	if (finding->others == 0)
		return holder;
	return sentence(command, "{0}, and of others", "{0} 以及其他各方", VALUES(holder));
}

static const struct rule_report *report_of(const struct check *check, const struct charter_rule *rule)
{
	const struct rule_report *report = check->rules;

	while (report->rule != rule)
		report++;
	return report;
}

static struct bytes detour_text(const struct command *command, const struct check *check,
                                const struct finding *finding)
{
	const struct bytes *values =
		VALUES(number_text(command, finding->have), whose(command, check, finding),
	               path_text(command, finding->path), number_text(command, finding->need),
	               coalition_text(command, check, finding->path));
	bool entrenched = finding->kind == FINDING_UNDERMINED;

	if (finding->path->kind == PATH_JOIN_OPERATE || finding->path->kind == PATH_AMEND_JOIN_OPERATE)
		return finding->need == 0
		               ? sentence(command, "two steps: {0} parties ({4}) can have a delegation of {1} kept by another for a time: {2}; by the rule itself nobody could",
		                          "分步代管：{0} 方（{4}）可以使 {1} 的授权由另一方代管一段时间：{2}；而依该规则本身，无人可以做到", values)
		               : sentence(command, "two steps: {0} parties ({4}) can have a delegation of {1} kept by another for a time: {2}; by the rule itself it takes {3}",
		                          "分步代管：{0} 方（{4}）可以使 {1} 的授权由另一方代管一段时间：{2}；而依该规则本身需要 {3} 方", values);
	if (entrenched && finding->need == 0)
		return sentence(command, "what is entrenched is not safe: {0} parties ({4}) can take a delegation of {1}: {2}; by the rules themselves nobody could",
		                "受特别保护的条款并不安全：{0} 方（{4}）可以取走 {1} 的授权：{2}；而依规则本身，无人可以做到", values);
	if (entrenched)
		return sentence(command, "what is entrenched is not safe: {0} parties ({4}) can take a delegation of {1}: {2}; by the rules themselves it takes {3}",
		                "受特别保护的条款并不安全：{0} 方（{4}）可以取走 {1} 的授权：{2}；而依规则本身需要 {3} 方", values);
	if (finding->need == 0)
		return sentence(command, "two steps: {0} parties ({4}) can take a delegation of {1}: {2}; by the rules themselves nobody could",
		                "分步夺取：{0} 方（{4}）可以取走 {1} 的授权：{2}；而依规则本身，无人可以做到", values);
	return sentence(command, "two steps: {0} parties ({4}) can take a delegation of {1}: {2}; by the rules themselves it takes {3}",
	                "分步夺取：{0} 方（{4}）可以取走 {1} 的授权：{2}；而依规则本身需要 {3} 方", values);
}

static struct bytes said(const struct command *command, const struct check *check,
                         const struct finding *finding)
{
	struct bytes rule = rule_name(finding->rule), have = number_text(command, finding->have),
		     need = number_text(command, finding->need);

	switch (finding->kind) {
	case FINDING_NO_SIGNERS:
		return sentence(command, "nobody holds a share of the key: no zone can be signed", "无人持有密钥份额：任何区都无法签名", NULL);
	case FINDING_NOT_MONOTONE:
		return sentence(command, "rule {0}: one yes more can undo a decision", "规则 {0}：多一票赞成反而可能推翻决定", VALUES(rule));
	case FINDING_NOT_PROPER:
		return sentence(command, "rule {0} can be carried by two coalitions that have no party in common, here {1} and there all others: they may decide opposite things",
		                "规则 {0} 可由两个没有共同缔约方的联盟分别通过：一边是 {1}，另一边是其余各方；两者可能作出相反的决定",
		                VALUES(rule, taken_text(command, check, &report_of(check, finding->rule)->game, finding->one)));
	case FINDING_PROPER_UNKNOWN:
		return sentence(command, "rule {0} is too intricate to tell whether two coalitions without a common party can carry it",
		                "规则 {0} 过于复杂，无法判断两个没有共同缔约方的联盟能否分别通过它", VALUES(rule));
	case FINDING_KEY_BELOW_REVOKE:
		return sentence(command, "{0} parties sign with the key, but rule {1} asks {2} before a delegation of {3} is taken: the key is easier than the rule",
		                "{0} 方即可以密钥签名，而取走 {3} 的授权依规则 {1} 需要 {2} 方：密钥比规则更易攻破",
		                VALUES(have, rule, need, whose(command, check, finding)));
	case FINDING_SANCTION:
		return sentence(command, "a sanction is possible: {0} parties ({3}) can change or take a delegation of {2} by rule {1}, without its consent and without a ruling",
		                "可以作为制裁手段：{0} 方（{3}）依规则 {1} 即可变更或取走 {2} 的授权，无需其同意，也无需裁决",
		                VALUES(have, rule, whose(command, check, finding), coalition_text(command, check, finding->path)));
	case FINDING_HASTE:
		return sentence(command, "rule {0} takes a delegation before its holder has had the time to cure what it is blamed for",
		                "规则 {0} 在持有者有时间补救之前即取走授权", VALUES(rule));
	case FINDING_UNDERMINED:
	case FINDING_TWO_STEP:
		return detour_text(command, check, finding);
	case FINDING_AMEND_BELOW_KEY:
		return sentence(command, "{0} parties can amend the charter, and with it who holds the key; {1} are needed to sign",
		                "{0} 方即可修订宪章，从而改变由谁持有密钥；签名需要 {1} 方", VALUES(have, need));
	case FINDING_ADMIT_BELOW_KEY:
		return sentence(command, "{0} parties can admit others, who sign by being parties, until those are enough for the key; {1} are needed to sign today",
		                "{0} 方即可接纳其他缔约方，而缔约方即为签署方，直至其人数足以使用密钥；目前签名需要 {1} 方", VALUES(have, need));
	case FINDING_REGISTER:
		return sentence(command, "rule {0} asks a register: the {1} parties that carry register.adopt decide what stands there; the rule itself takes {2}",
		                "规则 {0} 依据名录：能够通过 register.adopt 的 {1} 方决定名录的内容；该规则本身需要 {2} 方", VALUES(rule, have, need));
	case FINDING_NOBODY:
		return sentence(command, "nobody can carry rule {0}, not even all parties together", "无人能够通过规则 {0}，即使全体缔约方一致也不能", VALUES(rule));
	case FINDING_NO_SUNSET:
		return sentence(command, "the power that rule {0} gives has no end: it has no sunset", "规则 {0} 所授的权力没有期限：缺少 sunset", VALUES(rule));
	case FINDING_SILENCE:
		return sentence(command, "rule {0} takes {1} parties where the others say no, and {2} where they say nothing",
		                "规则 {0}：其他各方反对时需要 {1} 方，其他各方沉默时只需 {2} 方", VALUES(rule, need, have));
	case FINDING_ONE_ABSENT:
	case FINDING_KINDS:
		break;
	}
	return sentence(command, "a single party that is silent stops rule {0}", "只要有一方沉默，规则 {0} 即无法通过", VALUES(rule));
}

struct bytes finding_text(const struct command *command, const struct check *check,
                          const struct finding *finding)
{
	struct bytes text = said(command, check, finding);

	if (finding->rule == NULL)
		return text;
	return sentence(command, "line {0}, article {1}: {2}", "第 {0} 行，第 {1} 条：{2}",
	                VALUES(number_text(command, finding->rule->line),
	                       number_text(command, finding->rule->article), text));
}

void findings_tell(const struct command *command, const struct check *check, bool error)
{
	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < check->finding_count; i++) {
			const struct finding *finding = &check->findings[i];
			bool refuses = pass == 0;

			if (finding->refuses != refuses)
				continue;
			(error ? remark : tell)(command, refuses ? "!!  {0}" : "..  {0}",
			                        refuses ? "!!  {0}" : "..  {0}",
			                        VALUES(finding_text(command, check, finding)));
		}
}
