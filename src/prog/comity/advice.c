/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/advice.h"

#include "base/must.h"
#include "base/text.h"

#define SIGNER_SENDS                                                                           \
	"acts of this kind are the signer's: comity signing watch",                            \
		"此类文书由签署程序发出：comity signing watch"

static const struct {
	enum reason reason;
	const char *en, *zh;
} ADVICE[] = {
	{REASON_FEDERATION, "write it again with this federation's node: comity --node SOCKET ...",
	 "请连接本联合体的节点重写：comity --node SOCKET ..."},
	{REASON_EXPIRED, "write it again; --until TIME sets how long it lives",
	 "请重写；--until TIME 可指定有效期"},
	{REASON_UNTIL_FAR, "write it again with an --until at most 90 days ahead",
	 "请重写，--until 不得超过 90 天"},
	{REASON_SEEN, "nothing: comity act show ID says what became of it",
	 "无需再做：comity act show ID 可查其结果"},
	{REASON_CHARTER, "read what it says now, then write the act again: comity charter show",
	 "请先阅读现行规则，再重写文书：comity charter show"},
	{REASON_PARTY, "who is not a party asks to become one: comity federation join INVITATION",
	 "非缔约方可申请加入：comity federation join INVITATION"},
	{REASON_SIGNATURES, "whose lines are missing: comity act show FILE; to add one's own: comity act sign --out FILE FILE",
	 "查看缺少谁的签名：comity act show FILE；加上自己的：comity act sign --out FILE FILE"},
	{REASON_SIGNATURE, "the text was changed after it was signed, or the key is another: sign the text again",
	 "签名后文本被改动，或密钥不符：请对文本重新签名"},
	{REASON_STALE, "see what stands now, then write the act again: comity why KEY",
	 "请先查看现状，再重写文书：comity why KEY"},
	{REASON_GENESIS, "a federation is founded once; to join it: comity federation join INVITATION",
	 "联合体只创立一次；加入请用：comity federation join INVITATION"},
	{REASON_NOT_AN_ACT, SIGNER_SENDS},
	{REASON_NO_RULE, "the charter can be given a rule for it: comity charter amend FILE",
	 "可修订宪章以加入相应规则：comity charter amend FILE"},
	{REASON_CONSENT, "whose consent it takes: comity charter show",
	 "需要谁的同意：comity charter show"},
	{REASON_UNAVAILABLE, "who may attest: comity status; parties become attesters by a duty key: comity key next duty, comity party rotate; a ruling begins with comity dispute open",
	 "可为证明方者：comity status；缔约方以职责密钥成为证明方：comity key next duty、comity party rotate；裁决始于 comity dispute open"},
	{REASON_PROPOSAL, "what is open: comity proposal list", "待决提案：comity proposal list"},
	{REASON_NO_VOTE, "who may still speak, and until when: comity proposal show ID",
	 "谁还可以发言、截止何时：comity proposal show ID"},
	{REASON_PROPOSALS, "which they are, and when they end: comity proposal list", "查看这些提案及其截止时间：comity proposal list"},
	{REASON_HOLDER, "it must be granted first: comity tld grant TLD PARTY",
	 "须先授予：comity tld grant TLD PARTY"},
	{REASON_HELD, "who holds it: comity tld show TLD; it passes on when both sign: comity tld transfer TLD PARTY",
	 "查看持有者：comity tld show TLD；双方签署即可移交：comity tld transfer TLD PARTY"},
	{REASON_OUTSIDE, "a delegation is NS and DS of the TLD, and addresses of its name servers below it",
	 "授权只含该顶级域的 NS、DS，以及其下名称服务器的地址"},
	{REASON_USE_HOST, "its owner sets its addresses: comity host set NAME ADDRESS...",
	 "由其所有者设定地址：comity host set NAME ADDRESS..."},
	{REASON_NO_GLUE, "give its address: comity tld edit TLD --add 'NAME A ADDRESS'",
	 "请给出地址：comity tld edit TLD --add 'NAME A ADDRESS'"},
	{REASON_NO_CUT, "the TLD it lies below must be delegated first, by its holder",
	 "须先由持有者授权其所在的顶级域"},
	{REASON_IN_USE, "who uses them: comity host list; they must move first",
	 "谁在使用：comity host list；须先迁移"},
	{REASON_RESERVED, "which servers these are: comity server list",
	 "相关服务器：comity server list"},
	{REASON_NOT_A_SUBSET, "which DS records stand: comity tld show TLD",
	 "现有 DS 记录：comity tld show TLD"},
	{REASON_NS_COUNT, "change the name servers, or ask for a waiver: comity tld waive TLD ns-count --expires TIME",
	 "请调整名称服务器，或申请豁免：comity tld waive TLD ns-count --expires TIME"},
	{REASON_DS_SHA1, "use digest type 2, or ask for a waiver: comity tld waive TLD ds-sha1 --expires TIME",
	 "请改用摘要类型 2，或申请豁免：comity tld waive TLD ds-sha1 --expires TIME"},
	{REASON_IPV6, "give a name server an AAAA, or ask for a waiver: comity tld waive TLD ipv6 --expires TIME",
	 "请为名称服务器加上 AAAA，或申请豁免：comity tld waive TLD ipv6 --expires TIME"},
	{REASON_REFERRAL_SIZE, "use fewer or shorter names, or ask for a waiver: comity tld waive TLD referral-size --expires TIME",
	 "请减少或缩短服务器名称，或申请豁免：comity tld waive TLD referral-size --expires TIME"},
	{REASON_RECIPIENT, "who is a party: comity party list", "缔约方名单：comity party list"},
	{REASON_RECORDS, "what each kind of act takes: comity explain KIND",
	 "各类文书的内容：comity explain KIND"},
	{REASON_OPERATOR, "which keys may sign: comity tld operators; its holder names one: comity tld empower OPERATOR --may CHANGE --key KEY",
	 "哪些密钥可代签：comity tld operators；由持有者委任：comity tld empower OPERATOR --may CHANGE --key KEY"},
	{REASON_SCOPE, "what it may change: comity tld operators; its holder can change that: comity tld empower OPERATOR --may CHANGE",
	 "可作的更改：comity tld operators；持有者可予更改：comity tld empower OPERATOR --may CHANGE"},
	{REASON_OPERATOR_KIND, "the party signs it from its own home", "由该方在自己的主目录中签署"},
	{REASON_MANDATE_EXPIRED, "its holder names it anew: comity tld empower OPERATOR --may CHANGE --expires TIME",
	 "由持有者重新委任：comity tld empower OPERATOR --may CHANGE --expires TIME"},
	{REASON_ADMINISTRATOR, "who named whom: comity tld operators --party PARTY", "谁委任了谁：comity tld operators --party PARTY"},
	{REASON_KEEPER, "who holds it: comity tld show TLD", "谁持有它：comity tld show TLD"},
	{REASON_MANDATES, "which: comity tld operators --party PARTY", "有哪些：comity tld operators --party PARTY"},
	{REASON_BATCH, "man comity-act, BATCH", "见 man comity-act 的 BATCH 一节"},
	{REASON_BATCH_NOTHING, "each on its own: comity tld edit TLD --dry-run", "逐一查看：comity tld edit TLD --dry-run"},
	{REASON_BATCH_ALONE, "on its own: comity tld edit TLD", "单独提出：comity tld edit TLD"},
	{REASON_DISPUTE, "how it stands: comity dispute show ID", "查看现状：comity dispute show ID"},
	{REASON_SIDE, "who is in it: comity dispute show ID", "当事各方：comity dispute show ID"},
	{REASON_ARBITRATOR, "who may sit: man comity-arbitration, WHO MAY SIT", "谁可出庭：见 man comity-arbitration 的 WHO MAY SIT 一节"},
	{REASON_ROLL, "the charter names arbitrators, and they accede: comity charter amend FILE",
	 "由宪章指明仲裁员，并由其加入：comity charter amend FILE"},
	{REASON_RANKS, "the list: comity dispute show ID; at least half of it must be ranked",
	 "名单：comity dispute show ID；至少须排列其中一半"},
	{REASON_REMEDY, "which remedies there are: man comity-arbitration, REMEDIES", "有哪些救济：见 man comity-arbitration 的 REMEDIES 一节"},
	{REASON_STILL, "until when: comity tld show TLD; DS records can be dropped all the same",
	 "截止何时：comity tld show TLD；DS 记录仍可删除"},
	{REASON_IN_DISPUTE, "which: comity dispute list", "哪些争端：comity dispute list"},
	{REASON_DISPUTES, "which: comity dispute list", "哪些争端：comity dispute list"},
	{REASON_EXHIBITS, "what is there: comity dispute show ID", "已有证据：comity dispute show ID"},
	{REASON_NORM, "which there are: comity norm list --all", "有哪些规范：comity norm list --all"},
	{REASON_NORM_TEXT, "where it is not one: comity explain FILE", "错在何处：comity explain FILE"},
	{REASON_NORM_VERSION, "its version: comity norm show NORM; a new text has the one after", "其版本：comity norm show NORM；新文本为其下一版本"},
	{REASON_NORMS, "repeal one first: comity norm repeal NORM", "请先废止一项：comity norm repeal NORM"},
	{REASON_RESERVATION, "its paragraphs: comity norm show NORM; then: comity norm reserve NORM PARAGRAPH... -m WORDS", "其各款：comity norm show NORM；然后：comity norm reserve NORM PARAGRAPH... -m WORDS"},
	{REASON_RESERVED_LATE, "comity norm denounce NORM", "comity norm denounce NORM"},
	{REASON_NOT_BOUND, "how you stand to each norm: comity norm list", "本方与各规范的关系：comity norm list"},
	{REASON_BREACH, "which are open: comity norm breaches", "未了结的违反：comity norm breaches"},
	{REASON_CONTESTED, "say why, once: comity norm contest NORM PARAGRAPH -m WORDS", "说明理由，限一次：comity norm contest NORM PARAGRAPH -m WORDS"},
	{REASON_VACANT, "it is given to a successor: comity tld grant TLD PARTY", "可授予继任方：comity tld grant TLD PARTY"},
	{REASON_OPERATED, "until when: comity tld show TLD; the holder that is back ends it: comity tld resume TLD",
	 "查看截止时间：comity tld show TLD；持有者恢复后可结束：comity tld resume TLD"},
	{REASON_KEEP, "change its records instead: comity tld edit TLD", "请改为更改其记录：comity tld edit TLD"},
	{REASON_TERM, "how long it was kept before: comity why operation/TLD", "查看此前代管的时间：comity why operation/TLD"},
	{REASON_GROUND, "add words: -m WORDS", "请加上说明文字：-m WORDS"},
	{REASON_NOT_HOLDER, "who holds it: comity tld show TLD", "查看持有者：comity tld show TLD"},
	{REASON_RETIREMENT, "how it stands: comity tld show TLD", "查看现状：comity tld show TLD"},
	{REASON_ENDS, "between which days: comity tld show TLD", "查看可选的期间：comity tld show TLD"},
	{REASON_NO_OPERATION, "how it stands: comity tld show TLD", "查看现状：comity tld show TLD"},
	{REASON_EXPIRES, "give a time still to come, and sooner; how far ahead it may be: comity-act(5)",
	 "请给出尚未到来且较近的时间；最远期限见 comity-act(5)"},
	{REASON_KEYS, "which keys a party has: comity party show NAME; those of this home: comity key show",
	 "缔约方现有密钥：comity party show NAME；本主目录的：comity key show"},
	{REASON_IS_PARTY, "names are given once: make a home with another one, comity --home DIR key new NAME",
	 "名称只用一次：请以另一名称建立主目录，comity --home DIR key new NAME"},
	{REASON_HOLDS, "what it holds: comity party show NAME; transfer or withdraw that first",
	 "其持有物：comity party show NAME；须先移交或撤回"},
	{REASON_SIGNER, "a ceremony without it comes first: comity charter amend FILE (signers), then comity key open zsk",
	 "须先举行不含它的仪式：comity charter amend FILE（signers 一行），再 comity key open zsk"},
	{REASON_CHARTER_TEXT, "where it is not one: comity explain FILE",
	 "错在何处：comity explain FILE"},
	{REASON_VERSION, "start from the text that stands, and add one to its version: comity charter show",
	 "请以现行文本为底本，并将版本号加一：comity charter show"},
	{REASON_SIGNERS, "who signs by the charter: comity charter show, the line signers",
	 "宪章中的 signers 一行决定签署方：comity charter show"},
	{REASON_APEX, "start from the text that stands: comity charter show --apex",
	 "请以现行文本为底本：comity charter show --apex"},
	{REASON_CEREMONY, SIGNER_SENDS},
	{REASON_MEMBER, SIGNER_SENDS},
	{REASON_TWICE, "there is nothing more to do; what waits for you: comity inbox", "无须再办；等待本方处理者：comity inbox"},
	{REASON_PROOF, SIGNER_SENDS},
	{REASON_POOL, SIGNER_SENDS},
	{REASON_JOB, SIGNER_SENDS},
	{REASON_GRACE, SIGNER_SENDS},
	{REASON_INCOMPLETE, SIGNER_SENDS},
	{REASON_DERIVES, SIGNER_SENDS},
	{REASON_ROLLS, "what is being made or rolled: comity status", "正在生成或轮换的密钥组：comity status"},
	{REASON_WORDS, "say something: -m WORDS", "请写明意见：-m 文字"},
	{REASON_PROXY, "who is a party: comity party list", "查看缔约方：comity party list"},
	{REASON_FROZEN, "until when, and who decides on it: comity proposal list --all", "查看期限与决定者：comity proposal list --all"},
	{REASON_SPENT, "its holder may change it, and others by the rules that remain: comity charter show",
	 "其持有者仍可变更，其他各方依其余规则行事：comity charter show"},
	{REASON_TLDS, "a name whose holder gives it up makes room: comity tld withdraw", "持有者放弃一个名称后即有空位：comity tld withdraw"},
	{REASON_SUNSET, "vote against it instead: comity consent ID no", "可改为表决反对：comity consent ID no"},
	{REASON_CHECKS, "see which, and why: comity proposal show ID; comity check TLD; mend the servers and propose it again",
	 "查看是哪些检查及缘由：comity proposal show ID；comity check TLD；修好服务器后重新提出"},
	{REASON_NO_CHECKS, "what is waited for: comity status; the checks of this act are over, or not yet asked for",
	 "查看等待中的检查：comity status；该文书的检查已结束，或尚未开始"},
	{REASON_ATTESTER, "others attest: comity status", "由其他各方证明：comity status"},
	{REASON_ATTEST_TIME, "check again, and say when by the ledger's time", "请重新检查，并以账本时间注明时刻"},
	{REASON_SUSPENDS_NOBODY, "who is a party: comity party list", "查看缔约方：comity party list"},
	{REASON_NOT_SUSPENDED, "what an award ordered ends by the award: comity dispute list --all", "裁决所命令者依裁决终止：comity dispute list --all"},
	{REASON_REGISTER_TEXT, "check the line that is named: comity-register(7)", "请核对所指的行：comity-register(7)"},
	{REASON_REGISTER_VERSION, "see which version stands: comity register list", "查看现行版本：comity register list"},
	{REASON_REGISTER_EMPTY, "see who is in the chamber: comity register show NAME", "查看该界别有谁：comity register show NAME"},
	{REASON_REGISTERS, "see which stand: comity register list", "查看现行名录：comity register list"},
	{REASON_SERVER_NAME, "name it below a TLD of your own, or beside the others: comity server list",
	 "请在本方的顶级域之下，或与其他根服务器同处命名：comity server list"},
	{REASON_SAME_PARTY, "name another party: comity party list; one's own keys change by comity party rotate",
	 "请另指一方：comity party list；更换本方密钥：comity party rotate"},
	{REASON_OPERATES, "give it back first: comity tld resume TLD", "请先交还：comity tld resume TLD"},
	{REASON_SUSPENSION, "choose an end within 180 days; it can be decided again before it", "请选择 180 天之内的期限；期满之前可再次决定"},
	{REASON_BATCHES, "send the rest when the day that the refusal names is over; what cannot wait goes as acts of its own, and dropping DS never waits", "待拒绝中所述时间届满后再提交其余各项；不能等待者请另立文书，删除 DS 不受此限"},
	{REASON_AWARD_PARTY, "it is made against a side: comity dispute show ID", "裁决只能针对当事方：comity dispute show ID"},
	{REASON_HOLDER_SIDE, "the dispute is with its holder: comity tld show TLD", "争端应以其持有者为当事方：comity tld show TLD"},
	{REASON_IN_CASE, "when the dispute has ended, or is settled: comity dispute list", "待争端终结或和解之后：comity dispute list"},
	{REASON_SET, "leave out records: what stands now: comity tld show TLD, comity host list, comity server list",
	 "请减少记录；查看现行记录：comity tld show TLD、comity host list、comity server list"},
	{REASON_SERVERS, "which: comity server list; one that is retired makes room: comity server retire NAME",
	 "有哪些：comity server list；停用一个即有空位：comity server retire NAME"},
	{REASON_APPLIES, "wait until it is decided, or choose another name: comity proposal list", "请等待其结果，或另选名称：comity proposal list"},
	{REASON_APPLICATIONS, "wait until some are decided; parties who vote no end them: comity proposal list",
	 "请等待其中若干了结；缔约方表决反对即可终结：comity proposal list"},
	{REASON_HOSTS, "withdraw some that nobody uses: comity host list; an act without addresses takes one away",
	 "请撤销若干无人使用者：comity host list；不含地址的文书即删除一个"},
	{REASON_CROWDED, "give it a shorter --until, a day at most, or wait; many changes of delegations fit in one batch",
	 "请缩短 --until（至多一日），或稍候；大量授权变更可用一份成批文书"},
	{REASON_FULL, "wait until what is remembered expires; who fills it: comity act list; parties decide on suspending it",
	 "请等待旧文书到期；查看何方所为：comity act list；各方可决定中止其表决权"},
};

bool reason_known(enum reason reason)
{
	enum reason r = REASON_NONE;

	while ((r = reason_next(r)) != REASON_NONE)
		if (r == reason)
			return true;
	return false;
}

enum reason reason_of(struct bytes word)
{
	enum reason r = REASON_NONE;
	uint64_t number;

	while ((r = reason_next(r)) != REASON_NONE)
		if (bytes_same(word, bytes_of(reason_word(r))) ||
		    (text_number(word, 1000, &number) && number == (uint64_t)r))
			break;
	return r;
}

const char *reason_advice(enum reason reason, bool chinese)
{
	size_t i = 0;

	while (i < sizeof(ADVICE) / sizeof(ADVICE[0]) && ADVICE[i].reason != reason)
		i++;
	must(i < sizeof(ADVICE) / sizeof(ADVICE[0]));
	return chinese ? ADVICE[i].zh : ADVICE[i].en;
}
