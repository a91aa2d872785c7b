/* SPDX-License-Identifier: Apache-2.0 */
#include "act/show.h"

/* What people say for the words of machine lines. */
static const struct {
	const char *word, *en, *zh;
} WORDS[] = {
	{"yes", "yes", "赞成"},
	{"no", "no", "反对"},
	{"abstain", "abstain", "弃权"},
	{"none", "none", "无"},
	{"active", "active", "启用"},
	{"retired", "retired", "停用"},
	{"charter", "charter", "宪章"},
	{"apex", "apex record", "顶点记录"},
	{"ksk", "KSK", "KSK"},
	{"ksk-standby", "standby KSK", "备用 KSK"},
	{"zsk", "ZSK", "ZSK"},
	{"open", "open", "待决"},
	{"passed", "passed", "已通过"},
	{"done", "done", "已生效"},
	{"failed", "failed", "未通过"},
	{"refused", "refused", "被拒绝"},
	{"aborted", "aborted", "已中止"},
	{"restore", "restore the records", "恢复记录"},
	{"transfer", "transfer the TLD", "移交该顶级域"},
	{"revoke", "revoke the TLD", "收回该顶级域"},
	{"interim", "appoint an interim operator", "指定临时运营方"},
	{"freeze", "freeze the delegation as it is", "按现状冻结授权"},
	{"lift", "lift the freeze", "解除冻结"},
	{"lift-waiver", "lift a waiver", "撤销豁免"},
	{"breach", "declare a breach", "宣告违约"},
	{"suspend", "suspend votes", "暂停表决"},
	{"costs", "declare who bears the costs", "宣告费用承担"},
	{"dismiss", "dismiss the claim", "不予支持"},
	{"raise", "challenged", "请求回避"},
	{"concede", "conceded", "同意回避"},
	{"uphold", "upheld", "回避成立"},
	{"reject", "rejected", "回避不成立"},
	{"code-removed", "its code was removed from the list", "其代码已从名录中删除"},
	{"code-changed", "its code was changed in the list", "其代码在名录中已变更"},
	{"code-restored", "its code is in the list again, and it stays", "其代码已恢复列入名录，该域名保留"},
	{"keys-lost", "its holder lost its keys", "持有者遗失密钥"},
	{"incapacity", "its holder is incapacitated", "持有者无行为能力"},
	{"contested", "who speaks for its holder is contested", "持有者的代表权存在争议"},
	{"cured", "cured", "已补救"},
	{"ratifying", "waits to be ratified", "待追认"},
	{"withdrawn", "withdrawn", "已撤回"},
	{"cancelled", "cancelled", "已取消"},
};

struct bytes show_word(struct bytes word, bool chinese)
{
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (bytes_same(word, bytes_of(WORDS[i].word)))
			return bytes_of(chinese ? WORDS[i].zh : WORDS[i].en);
	return word;
}

void show_template(struct writer *writer, const char *template, const struct bytes *value)
{
	for (const char *c = template; *c != '\0'; c++) {
		if (c[0] == '{' && c[1] >= '0' && c[1] <= '9' && c[2] == '}') {
			write_bytes(writer, value[c[1] - '0']);
			c += 2;
		} else {
			write_octet(writer, (uint8_t)*c);
		}
	}
}

/* What a sentence says instead when there are no records: "exactly these" would be none. */
static const struct {
	enum act_kind kind;
	const char *en, *zh;
} WITHOUT_RECORDS[] = {
	{ACT_DELEGATE, "takes {0} out of the zone, and goes on holding it", "将 {0} 撤出区，但继续持有"},
	{ACT_DS_DROP, "drops all DS records of {0}", "删除 {0} 的全部 DS 记录"},
	{ACT_HOST, "takes away the addresses of the name server {0}", "删除名称服务器 {0} 的地址"},
	{ACT_SERVER, "sets its root server {0}, {1}, without addresses", "设定自己的根服务器 {0}（{1}），不含地址"},
};

static const char *template_of(const struct act *act, bool chinese)
{
	const struct act_row *row = act_row(act->kind);

	for (size_t i = 0; i < sizeof(WITHOUT_RECORDS) / sizeof(WITHOUT_RECORDS[0]); i++)
		if (WITHOUT_RECORDS[i].kind == act->kind && act->records.size == 0)
			return chinese ? WITHOUT_RECORDS[i].zh : WITHOUT_RECORDS[i].en;
	return chinese ? row->zh : row->en;
}

/* "breach/NORM/PARTY/PARAGRAPH" as people say it; behind "breach/". */
static void breach_text(struct bytes rest, bool chinese, struct writer *w)
{
	struct bytes part[3] = {rest, {NULL, 0}, {NULL, 0}};

	for (unsigned i = 0; i < 2; i++) {
		const uint8_t *slash = memchr(part[i].at, '/', part[i].size);

		if (slash == NULL)
			break;
		part[i + 1] = bytes_from(part[i], (size_t)(slash - part[i].at) + 1);
		part[i] = bytes_first(part[i], (size_t)(slash - part[i].at));
	}
	show_template(w, chinese ? " {1} 违反规范 {0} 第 {2} 款" : "the breach by {1} of the norm {0}, paragraph {2}",
	              part);
}

/* "tld/aur" as people say it. */
static struct bytes subject_text(struct bytes subject, bool chinese, struct writer *w)
{
	bool tld = bytes_starts(subject, BYTES("tld/"));
	size_t start = w->used;

	if (bytes_starts(subject, BYTES("breach/"))) {
		breach_text(bytes_from(subject, 7), chinese, w);
		return bytes_from(writer_bytes(w), start);
	}
	if (tld)
		write_text(w, chinese ? "顶级域 " : "the TLD ");
	else
		write_text(w, chinese ? "缔约方 " : "the party ");
	write_bytes(w, bytes_from(subject, tld ? 4 : 6));
	return bytes_from(writer_bytes(w), start);
}

void act_show(struct writer *writer, const struct act *act, bool chinese)
{
	const struct act_row *row = act_row(act->kind);
	uint8_t memory[256]; /* of a subject: the longest name of a party, and of a norm, is 63 */
	struct writer w = {.at = memory, .size = sizeof(memory)};
	struct bytes value[10] = {{NULL, 0}};

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		switch (row->field[i].form) {
		case FORM_DIGEST:
			value[i] = bytes_first(act->field[i], SHOW_DIGEST);
			break;
		case FORM_SUBJECT:
		case FORM_GROUND:
			value[i] = subject_text(act->field[i], chinese, &w);
			break;
		case FORM_CHOICE:
			value[i] = show_word(act->field[i], chinese);
			break;
		case FORM_TLDS:
			value[i] = bytes_same(act->field[i], BYTES("*")) ? bytes_of(chinese ? "全部" : "all")
			                                                 : act->field[i];
			break;
		case FORM_SCOPES:
		case FORM_WHEN:
		case FORM_PARTIES:
			value[i] = bytes_same(act->field[i], BYTES("none"))
			                   ? show_word(act->field[i], chinese)
			                   : act->field[i];
			break;
		default:
			value[i] = act->field[i];
		}
	write_bytes(writer, act->by);
	write_octet(writer, ' ');
	show_template(writer, template_of(act, chinese), value);
}
