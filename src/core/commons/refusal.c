/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/refusal.h"

#include "base/must.h"

static const struct {
	enum reason reason;
	const char *word, *en, *zh;
} REASONS[] = {
	{REASON_FEDERATION, "federation", "the act was made for another federation", "该文书属于另一联合体"},
	{REASON_EXPIRED, "expired", "the act has expired: its until is past", "该文书已过期：其 until 时间已过"},
	{REASON_UNTIL_FAR, "until-far", "the act's until is more than 90 days ahead", "该文书的 until 超过 90 天"},
	{REASON_SEEN, "seen", "the act has entered before", "该文书此前已登记"},
	{REASON_CHARTER, "charter-changed", "the rule for this act has changed since the charter version it names, or there is no such version", "自该文书所引宪章版本以来，适用规则已变更，或无此版本"},
	{REASON_PARTY, "no-party", "the speaker is not a party", "发言者不是缔约方"},
	{REASON_SIGNATURES, "signature-lines", "not exactly the signature lines that this act needs", "签名行与该文书所需的不完全一致"},
	{REASON_SIGNATURE, "signature", "a signature does not hold", "签名不成立"},
	{REASON_STALE, "stale", "the record it replaces is not the one that stands", "它要替换的记录已不是现行记录"},
	{REASON_GENESIS, "genesis", "the federation is founded already", "联合体已经创立"},
	{REASON_NOT_AN_ACT, "not-submitted", "an act of this kind is not submitted this way", "此类文书不以这种方式提交"},
	{REASON_NO_RULE, "no-rule", "the charter has no rule for this act", "宪章没有适用于该文书的规则"},
	{REASON_CONSENT, "consent", "the rule of the charter is not satisfied", "未满足宪章规则"},
	{REASON_UNAVAILABLE, "unavailable", "the rule asks for attested checks or a ruling, and there are none", "规则要求核查证明或裁决，而目前没有"},
	{REASON_PROPOSAL, "no-proposal", "there is no such open proposal", "没有这一待决提案"},
	{REASON_NO_VOTE, "no-vote", "the proposal takes no such vote or objection now, or not from this party", "该提案此时不接受此类表决或异议，或不接受该方的"},
	{REASON_PROPOSALS, "proposals", "the party has 128 proposals that have not ended", "该方已有 128 件未了结的提案"},
	{REASON_HOLDER, "no-holder", "nobody holds this name", "该名称无人持有"},
	{REASON_HELD, "held", "the name is held", "该名称已有持有者"},
	{REASON_OUTSIDE, "outside", "a record does not belong to this name", "有记录不属于该名称"},
	{REASON_USE_HOST, "use-host", "other TLDs use this name server: its owner changes its addresses with a host act", "其他顶级域也使用该名称服务器：由其所有者以 host 文书更改地址"},
	{REASON_NO_GLUE, "no-glue", "a name server below the TLD has no address", "该顶级域之下的名称服务器没有地址"},
	{REASON_NO_CUT, "no-cut", "a name server is below a TLD that is not delegated", "有名称服务器位于未被授权的顶级域之下"},
	{REASON_IN_USE, "in-use", "name servers of others live below this name", "其他方的名称服务器位于该名称之下"},
	{REASON_RESERVED, "reserved", "root servers have their names below this one", "根服务器的名称位于该名称之下"},
	{REASON_NOT_A_SUBSET, "not-a-subset", "only DS records that stand can stay", "只能保留现有的 DS 记录"},
	{REASON_NS_COUNT, "ns-count", "a TLD has 2 to 13 name servers", "顶级域应有 2 至 13 台名称服务器"},
	{REASON_DS_SHA1, "ds-sha1", "a DS must not rest on SHA-1", "DS 不得基于 SHA-1"},
	{REASON_IPV6, "ipv6", "no name server has an IPv6 address", "没有名称服务器具备 IPv6 地址"},
	{REASON_REFERRAL_SIZE, "referral-size", "the smallest referral is over 512 octets", "最小引荐应答超过 512 字节"},
	{REASON_RECIPIENT, "recipient", "the recipient is not a party", "接收方不是缔约方"},
	{REASON_RECORDS, "records", "records where there should be none, or of a kind that does not belong here", "出现了不应有的记录，或记录类型不当"},
	{REASON_EXPIRES, "expires", "a date that is past, or further ahead than it may be", "日期已过，或过远"},
	{REASON_KEYS, "keys", "these cannot be the keys of this party", "这些不能作为该方的密钥"},
	{REASON_IS_PARTY, "is-party", "there is, or was, a party of this name", "已有或曾有同名缔约方"},
	{REASON_HOLDS, "holds", "a party that holds names or servers cannot leave", "持有名称或服务器的缔约方不能退出"},
	{REASON_SIGNER, "signer", "a party that holds a share of a key cannot leave before a ceremony without it", "持有密钥份额的缔约方须在不含它的仪式之后才能退出"},
	{REASON_CHARTER_TEXT, "charter-text", "the text is not a charter", "该文本不是宪章"},
	{REASON_VERSION, "version", "the text does not carry the version after the one that stands", "该文本的版本号不是现行版本的下一号"},
	{REASON_SIGNERS, "signers", "a federation has 2 to 64 signers", "联合体应有 2 至 64 个签署方"},
	{REASON_APEX, "apex-text", "the text is not an apex record, or moves the apex", "该文本不是顶点记录，或改动了顶点名称"},
	{REASON_CEREMONY, "ceremony", "no such ceremony is in this phase", "没有处于该阶段的此仪式"},
	{REASON_MEMBER, "member", "the party is not a member", "该方不是成员"},
	{REASON_TWICE, "twice", "the party has done this already", "该方已做过此事"},
	{REASON_PROOF, "proof", "the proof does not hold", "证明不成立"},
	{REASON_POOL, "pool", "a pool has 1 to 49400 nonces and a lease within the federation's bound", "随机数池应含 1 至 49400 个，租期须在联合体限度之内"},
	{REASON_JOB, "job", "no such job, session or item is open", "没有这一待办任务、会话或条目"},
	{REASON_GRACE, "grace", "the grace of the session is not over", "会话的宽限期尚未结束"},
	{REASON_INCOMPLETE, "incomplete", "signatures of the session are missing", "该会话的签名不齐"},
	{REASON_DERIVES, "derives", "this is not what the ledger derives", "这不是由账本推导出的结果"},
	{REASON_ROLLS, "rolls", "this group is not rolled this way, or is being made or rolled", "该密钥组不以此方式轮换，或正在生成或轮换之中"},
	{REASON_WORDS, "no-words", "a comment has words", "意见须有文字"},
	{REASON_PROXY, "no-such-proxy", "the proxy is not a party", "受托方不是缔约方"},
	{REASON_FROZEN, "frozen", "the name is frozen: it keeps resolving, and nothing of it changes", "该名称已被冻结：继续解析，内容不得变更"},
	{REASON_SPENT, "spent", "an earlier freeze of this name has not been ratified", "此前对该名称的冻结未获追认"},
	{REASON_SUNSET, "sunset", "the time of this rule is over", "该规则的期限已过"},
	{REASON_TLDS, "tlds", "there are 24,500 TLDs, as many as can be signed at once", "已有 24,500 个顶级域，达到一次可签署的上限"},
	{REASON_DISPUTE, "dispute", "no such dispute is in a phase for this", "没有处于该阶段的此争端"},
	{REASON_SIDE, "side", "the party has no such part in the dispute", "该方在此争端中没有这一身份"},
	{REASON_ARBITRATOR, "arbitrator", "that is no arbitrator who may sit in this dispute", "这不是可在此争端中出庭的仲裁员"},
	{REASON_ROLL, "roll", "the charter has fewer than three arbitrators who may sit in this dispute", "依宪章可在此争端中出庭的仲裁员不足三名"},
	{REASON_RANKS, "ranks", "these are not names of the list, or too many are struck", "所列不全是名单中的名字，或划去过多"},
	{REASON_REMEDY, "remedy", "a remedy that was not asked for, or that does not fit what the dispute is about", "该救济未被请求，或与争端标的不符"},
	{REASON_STILL, "still", "arbitrators decided that the delegation stays as it is, or that an interim operator keeps it", "仲裁员已决定该授权保持现状，或由临时运营方管理"},
	{REASON_IN_DISPUTE, "in-dispute", "an open dispute needs the party", "未了结的争端需要该方"},
	{REASON_DISPUTES, "disputes", "the party has opened this dispute, or sixteen, already", "该方已提起此争端，或已有十六个未了结的争端"},
	{REASON_EXHIBITS, "exhibits", "the exhibit is there already, or there are 64 of this party", "该证据已提交，或该方已提交 64 件"},
	{REASON_NORM, "no-norm", "no norm of this name stands", "没有这一名称的现行规范"},
	{REASON_NORM_TEXT, "norm-text", "the text is not a norm", "该文本不是规范"},
	{REASON_NORM_VERSION, "norm-version", "not the version that comes next, or that stands, of the norm that is named", "不是所指规范的下一版本或现行版本"},
	{REASON_NORMS, "norms", "64 norms stand already", "现行规范已有 64 项"},
	{REASON_RESERVATION, "reservation", "a reservation names paragraphs of the norm, and has words, at most 4096 octets", "保留须指明该规范的款次，并附文字，至多 4096 字节"},
	{REASON_RESERVED_LATE, "reserved-late", "the party is bound to such a paragraph already: it can denounce the norm, not reserve", "该方已受此款约束：可以退出该规范，不得再作保留"},
	{REASON_NOT_BOUND, "not-bound", "the party is not bound to this norm, or has denounced it", "该方不受此规范约束，或已声明退出"},
	{REASON_BREACH, "no-breach", "there is no such breach", "没有这一违反记录"},
	{REASON_CONTESTED, "contested", "the breach is contested already, or no words say why", "该违反记录已被提出异议，或未说明理由"},
	{REASON_OPERATOR, "operator", "the party lets no such key sign in its name", "该方未委任这把密钥代其签署"},
	{REASON_SCOPE, "scope", "the key may not make this change", "该密钥无权作此更改"},
	{REASON_OPERATOR_KIND, "operator-kind", "an act of this kind is signed by the party itself, not by an operator", "此类文书须由该方自行签署，不得由运营方签署"},
	{REASON_MANDATE_EXPIRED, "mandate-expired", "the time for which the key may sign is over", "该密钥代为签署的期限已过"},
	{REASON_ADMINISTRATOR, "administrator", "an administrator names operators for what it may do itself, no longer than it may, and changes only what it named", "管理方只能在自身权限与期限之内委任运营方，且只能更改自己所作的委任"},
	{REASON_KEEPER, "keeper", "the party does not hold this TLD", "该方不持有此顶级域"},
	{REASON_MANDATES, "mandates", "the party has 256 mandates that have not ended", "该方已有 256 项未终止的委任"},
	{REASON_BATCH, "batch", "not a list of changes as a batch carries it", "不是成批文书应有的更改清单"},
	{REASON_BATCH_NOTHING, "batch-nothing", "nothing in the batch can take effect", "该批中没有一项能够生效"},
	{REASON_BATCH_ALONE, "batch-alone", "it takes the consent of others: make it an act of its own", "此项须他方同意：请另立文书"},
	{REASON_VACANT, "vacant", "the name was taken from its holder by an award, and keeps resolving until a successor serves it", "该名称已依裁决自其持有者收回，在继任方提供服务之前继续解析"},
	{REASON_OPERATED, "operated", "an interim operator keeps the name: its holder neither changes, transfers nor withdraws it meanwhile", "该名称由临时运营方管理：其间持有者不得更改、移交或撤回"},
	{REASON_KEEP, "keep", "an interim operator cannot take the name out of the zone", "临时运营方不得将该名称移出区"},
	{REASON_TERM, "term", "an interim operation would last longer than the charter allows, or begin again too early", "临时运营将超过宪章允许的期限，或过早再次开始"},
	{REASON_GROUND, "ground", "the ground is stated in words", "须以文字说明理由"},
	{REASON_NOT_HOLDER, "not-holder", "only the holder of the name may do this", "只有该名称的持有者可以这样做"},
	{REASON_RETIREMENT, "no-retirement", "no retirement of this name is under way", "该名称没有进行中的退役"},
	{REASON_ENDS, "ends", "the end is past, is the one that stands, or is later than the notice allows", "该终止日期已过、与现行日期相同，或晚于通知所允许的日期"},
	{REASON_NO_OPERATION, "no-operation", "no interim operator keeps this name by rule delegate.operate", "没有依 delegate.operate 规则管理该名称的临时运营方"},
	{REASON_CHECKS, "checks", "too few parties attest that the technical checks hold", "证明技术检查合格的缔约方不足"},
	{REASON_NO_CHECKS, "no-checks", "no technical checks of this act are waited for now", "目前并不等待对该文书的技术检查"},
	{REASON_ATTESTER, "attester", "the party does not attest to this act: it is its own, or the party came later", "该方不得为该文书证明：文书属其自身，或该方加入在后"},
	{REASON_ATTEST_TIME, "attest-time", "the checks were made before they were asked for, or after now", "检查时间早于要求检查之时，或晚于现在"},
	{REASON_SUSPENDS_NOBODY, "suspends-nobody", "whose votes are to be suspended is not a party", "拟中止其表决权者不是缔约方"},
	{REASON_NOT_SUSPENDED, "not-suspended", "the party's votes are not suspended by a decision of the parties", "各方未曾决定中止该方的表决权"},
	{REASON_SUSPENSION, "suspension", "a suspension ends after now, and within 180 days", "中止表决权的期限须在此后 180 天之内"},
	{REASON_REGISTER_TEXT, "register-text", "the text is not a register", "该文本不是名录"},
	{REASON_REGISTER_VERSION, "register-version", "not the version that comes next of the register that is named", "不是所指名录的下一版本"},
	{REASON_REGISTER_EMPTY, "register-empty", "the register would leave nobody in a chamber that it recognises, now or in the end", "该名录将使由其承认的界别现在或最终无人"},
	{REASON_REGISTERS, "registers", "16 registers stand already", "现行名录已有 16 项"},
	{REASON_BATCHES, "batches", "more changes by batches in a day than the charter allows", "一日之内以成批文书提交的更改超过宪章所允许之数"},
	{REASON_AWARD_PARTY, "award-party", "the award is against one who is not in the case", "裁决所针对者并非本案当事方"},
	{REASON_HOLDER_SIDE, "holder-side", "the holder of the name is no side of the case", "该名称的持有者并非本案当事方"},
	{REASON_IN_CASE, "in-case", "the recipient has a part in a dispute about the name", "接收方已参与关于该名称的争端"},
	{REASON_SERVER_NAME, "server-name", "a root server has its name below a TLD of its own party, or beside another one that is there", "根服务器的名称须在本方的顶级域之下，或与现有根服务器同处一域"},
	{REASON_SAME_PARTY, "same-party", "it is that party's already, or its own to do", "已属该方，或应由该方自行办理"},
	{REASON_OPERATES, "operates", "it keeps a name in its holder's place", "该方正代持有者管理某一名称"},
	{REASON_SET, "set", "a name has at most 32 NS, 16 DS, 8 A and 8 AAAA records, and a DS digest at most 64 octets", "一个名称至多有 32 条 NS、16 条 DS、8 条 A 与 8 条 AAAA 记录，DS 摘要至多 64 字节"},
	{REASON_SERVERS, "servers", "the party has 8 root servers already, or there are 50", "该方已有 8 个根服务器，或总数已达 50 个"},
	{REASON_APPLIES, "applies", "this name asks to be a party already", "以此名称成为缔约方的申请尚未了结"},
	{REASON_APPLICATIONS, "applications", "64 ask to be parties already, as many as may at a time", "已有 64 项成为缔约方的申请尚未了结，达到上限"},
	{REASON_HOSTS, "hosts", "256 hosts below this TLD are used by nobody already", "该顶级域之下已有 256 个无人使用的主机"},
	{REASON_CROWDED, "crowded", "the state is half full, and the party has entered what it may in 24 hours: 2,000 days of life of its acts", "状态已用过半，该方在 24 小时内登记的文书有效期合计已达 2,000 天的上限"},
	{REASON_FULL, "full", "the state is full: it takes what custody needs, votes, and what gives up or takes back", "状态已满：仅接受密钥组运作所需文书、表决，以及放弃或撤回类文书"},
};

#define REASON_COUNT (sizeof(REASONS) / sizeof(REASONS[0]))

static size_t row(enum reason reason)
{
	size_t i = 0;

	while (i < REASON_COUNT && REASONS[i].reason != reason)
		i++;
	must(i < REASON_COUNT);
	return i;
}

const char *reason_word(enum reason reason)
{
	return REASONS[row(reason)].word;
}

const char *reason_text(enum reason reason, bool chinese)
{
	return chinese ? REASONS[row(reason)].zh : REASONS[row(reason)].en;
}

enum reason reason_next(enum reason reason)
{
	size_t i = reason == REASON_NONE ? 0 : row(reason) + 1;

	return i < REASON_COUNT ? REASONS[i].reason : REASON_NONE;
}

bool reason_is_of_rule(enum reason reason)
{
	return reason == REASON_CONSENT || reason == REASON_UNAVAILABLE;
}

void refusal_cite(struct refusal *refusal, uint16_t article, struct bytes rule)
{
	if (refusal->rule.size > 0)
		return;
	refusal->article = article;
	refusal->rule = rule;
}

void refusal_write(struct writer *writer, const struct refusal *refusal, bool chinese)
{
	write_text(writer, reason_text(refusal->reason, chinese));
	if (refusal->rule.size > 0) {
		write_text(writer, chinese ? "；宪章第 " : "; charter, article ");
		write_number(writer, refusal->article);
		write_text(writer, chinese ? " 条，规则 " : ", rule ");
		write_bytes(writer, refusal->rule);
	}
	if (!reason_is_of_rule(refusal->reason) || refusal->rule.size == 0) {
		write_text(writer, chinese ? "；comity-act(5)，REFUSED " : "; comity-act(5), REFUSED ");
		write_number(writer, (uint64_t)refusal->reason);
	}
	if (refusal->detail[chinese].size > 0) {
		write_text(writer, chinese ? "：" : ": ");
		write_bytes(writer, refusal->detail[chinese]);
	}
}

bool refuse(struct refusal *refusal, enum reason reason)
{
	*refusal = (struct refusal){.reason = reason};
	return false;
}

bool refuse_name(struct refusal *refusal, enum reason reason, struct bytes name)
{
	*refusal = (struct refusal){.reason = reason, .detail = {name, name}};
	return false;
}

bool refuse_fault(struct refusal *refusal, enum reason reason, const struct fault *fault, struct arena *arena)
{
	struct writer w = writer_in(arena);

	if (fault->line > 0) {
		write_text(&w, "line ");
		write_number(&w, fault->line);
		write_text(&w, ": ");
	}
	write_text(&w, fault->why);
	return refuse_name(refusal, reason, writer_keep(&w, arena));
}
