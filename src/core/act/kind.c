/* SPDX-License-Identifier: Apache-2.0 */
#include "act/kind.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"
#include "base/text.h"
#include "base/time.h"
#include "dns/dname.h"
#include "note/key.h"

/* clang-format off */
#define REPLACES {"replaces", FORM_SLOT, NULL}
#define GROUP    {"group", FORM_CHOICE, "ksk ksk-standby zsk"}
#define CEREMONY {"ceremony", FORM_NUMBER, NULL}
#define JOB      {"job", FORM_NUMBER, NULL}
#define SESSION  {"session", FORM_NUMBER, NULL}
#define DISPUTE  {"dispute", FORM_DIGEST, NULL}
#define REMEDIES "restore transfer revoke interim freeze lift-waiver breach suspend costs"
#define TLD      {"tld", FORM_LABEL, NULL}
#define NORM     {"norm", FORM_PARTY, NULL}
#define TLDS     {"tld", FORM_TLDS, NULL}
#define OPERATOR {"operator", FORM_PARTY, NULL}
#define CHECK_IDS "N1 N2 N3 N4 N5 N6 N7 N8 N9 N10 N11 N12 D1 D2 D3 D4"
#define WAIVED_RULES "ns-count ds-sha1 ipv6 referral-size N2 N3 N4 N5 N6 N7 N8 N10 N11 N12 D1 D2 D3 D4"
/* clang-format on */

static const struct act_row ROWS[ACT_KINDS] = {
	[ACT_GENESIS] = {.word = "genesis",
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "found the federation",
	                 .zh = "创立联合体"},
	[ACT_ACCEDE] = {.word = "accede",
	                .field = {{"kind", FORM_PARTY, NULL},
	                          {"threshold", FORM_NUMBER, NULL},
	                          REPLACES,
	                          {"key", FORM_KEYS, NULL}},
	                .role = ROLE_ACT,
	                .rule = "party.admit",
	                .en = "asks to become a party of kind {0}",
	                .zh = "申请以“{0}”类别加入"},
	[ACT_WITHDRAW] = {.word = "withdraw",
	                  .field = {{"subject", FORM_SUBJECT, NULL}, REPLACES},
	                  .role = ROLE_ACT,
	                  .rule = "delegate.withdraw",
	                  .rule_new = "party.withdraw",
	                  .en = "withdraws {0}",
	                  .zh = "撤回{0}"},
	[ACT_ROTATE] = {.word = "rotate",
	                .field = {{"threshold", FORM_NUMBER, NULL}, REPLACES, {"key", FORM_KEYS, NULL}},
	                .role = ROLE_ACT,
	                .rule = "party",
	                .en = "sets its keys; {0} of the act keys sign for it",
	                .zh = "设定自己的密钥；由其中 {0} 把文书密钥代表签署"},
	[ACT_DELEGATE] = {.word = "delegate",
	                  .field = {TLD, REPLACES},
	                  .records = true,
	                  .role = ROLE_ACT,
	                  .rule = "delegate.update",
	                  .rule_new = "delegate.grant",
	                  .en = "sets the delegation of {0} to exactly these records",
	                  .zh = "将 {0} 的授权设定为恰好以下记录"},
	[ACT_DS_DROP] = {.word = "ds-drop",
	                 .field = {TLD, REPLACES},
	                 .records = true,
	                 .role = ROLE_ACT,
	                 .rule = "delegate.drop-ds",
	                 .en = "drops the DS records of {0}, but for these",
	                 .zh = "删除 {0} 的 DS 记录，仅保留以下各条"},
	[ACT_GRANT] = {.word = "grant",
	               .field = {TLD, {"holder", FORM_PARTY, NULL}, REPLACES},
	               .role = ROLE_ACT,
	               .rule = "delegate.grant",
	               .en = "grants {0} to {1}",
	               .zh = "将 {0} 授予 {1}"},
	[ACT_TRANSFER] = {.word = "transfer",
	                  .field = {TLD, {"recipient", FORM_PARTY, NULL}, REPLACES},
	                  .role = ROLE_ACT,
	                  .rule = "delegate.transfer",
	                  .en = "transfers {0} to {1}",
	                  .zh = "将 {0} 移交给 {1}"},
	[ACT_HOST] = {.word = "host",
	              .field = {{"host", FORM_DNAME, NULL}, REPLACES},
	              .records = true,
	              .role = ROLE_ACT,
	              .rule = "host.update",
	              .en = "sets the addresses of the name server {0} to exactly these",
	              .zh = "将名称服务器 {0} 的地址设定为恰好以下各条"},
	[ACT_SERVER] = {.word = "server",
	                .field = {{"server", FORM_DNAME, NULL},
	                          {"status", FORM_CHOICE, "active retired"},
	                          REPLACES},
	                .records = true,
	                .role = ROLE_ACT,
	                .rule = "server.update",
	                .en = "sets its root server {0}, {1}, to exactly these addresses",
	                .zh = "设定自己的根服务器 {0}（{1}），地址恰为以下各条"},
	[ACT_CONSENT] = {.word = "consent",
	                 .field = {{"act", FORM_DIGEST, NULL},
	                           {"vote", FORM_CHOICE, "yes no abstain"},
	                           REPLACES},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "votes {1} on {0}",
	                 .zh = "就 {0} 表决：{1}"},
	[ACT_OBJECT] = {.word = "object",
	                .field = {{"act", FORM_DIGEST, NULL}, REPLACES},
	                .role = ROLE_ACT,
	                .rule = "party",
	                .en = "objects to {0}",
	                .zh = "对 {0} 提出异议"},
	[ACT_CHARTER_AMEND] = {.word = "charter-amend",
	                       .field = {{"subject", FORM_CHOICE, "charter apex"}, REPLACES},
	                       .embed = true,
	                       .role = ROLE_ACT,
	                       .rule = "charter.amend",
	                       .en = "proposes this whole new text of the {0}",
	                       .zh = "提出{0}的全新文本"},
	[ACT_WAIVE] = {.word = "waive",
	               .field = {TLD,
	                         {"rule", FORM_CHOICE, WAIVED_RULES},
	                         {"expires", FORM_TIME, NULL},
	                         REPLACES},
	               .role = ROLE_ACT,
	               .rule = "waiver.grant",
	               .en = "asks to let {0} stand against the rule {1} until {2}",
	               .zh = "请求允许 {0} 在 {2} 之前不受规则 {1} 约束"},
	[ACT_COMMENT] = {.word = "comment",
	                 .field = {{"act", FORM_DIGEST, NULL}},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "comments on {0}",
	                 .zh = "对 {0} 发表意见"},
	[ACT_PROXY] = {.word = "proxy",
	               .field = {{"proxy", FORM_PARTY, NULL}, REPLACES},
	               .role = ROLE_ACT,
	               .rule = "party",
	               .en = "lets {0} vote for it where it is silent",
	               .zh = "自己未表态时，由 {0} 代为表决"},
	[ACT_WITHDRAW_PROPOSAL] = {.word = "withdraw-proposal",
	                           .field = {{"act", FORM_DIGEST, NULL}},
	                           .role = ROLE_ACT,
	                           .rule = "party",
	                           .en = "withdraws its proposal {0}",
	                           .zh = "撤回自己的提案 {0}"},
	[ACT_CANCEL] = {.word = "cancel",
	                .field = {{"act", FORM_DIGEST, NULL}},
	                .role = ROLE_ACT,
	                .rule = "emergency.cancel",
	                .en = "asks to cancel the proposal {0} before it takes effect",
	                .zh = "请求在提案 {0} 生效之前将其取消"},
	[ACT_FREEZE] = {.word = "freeze",
	                .field = {TLD, REPLACES},
	                .role = ROLE_ACT,
	                .rule = "emergency.freeze",
	                .en = "asks to freeze {0}: it keeps resolving, and nothing of it changes",
	                .zh = "请求冻结 {0}：继续解析，内容不得变更"},
	[ACT_OPEN] = {.word = "open",
	              .field = {GROUP, REPLACES},
	              .role = ROLE_ACT,
	              .rule = "custody.open",
	              .en = "opens a ceremony that makes a new {0} which nobody holds",
	              .zh = "开启仪式，生成无人独自持有的新 {0}"},
	[ACT_KEY] = {.word = "key",
	             .field = {GROUP, CEREMONY, {"key", FORM_POINT, NULL}},
	             .role = ROLE_CUSTODY,
	             .rule = "computed",
	             .en = "takes part in ceremony {1} of the {0}",
	             .zh = "参加 {0} 的第 {1} 次仪式"},
	[ACT_DEAL] = {.word = "deal",
	              .field = {GROUP, CEREMONY},
	              .embed = true,
	              .role = ROLE_CUSTODY,
	              .rule = "computed",
	              .en = "deals its part of the {0}, ceremony {1}",
	              .zh = "分发自己在 {0} 第 {1} 次仪式中的份额"},
	[ACT_COMPLAIN] = {.word = "complain",
	                  .field = {GROUP,
	                            CEREMONY,
	                            {"dealer", FORM_PARTY, NULL},
	                            {"proof", FORM_BASE64, NULL}},
	                  .role = ROLE_CUSTODY,
	                  .rule = "computed",
	                  .en = "shows that {2} dealt it a wrong share of the {0}, ceremony {1}",
	                  .zh = "证明 {2} 在 {0} 第 {1} 次仪式中给了错误份额"},
	[ACT_CONFIRM] = {.word = "confirm",
	                 .field = {GROUP,
	                           CEREMONY,
	                           {"transcript", FORM_DIGEST, NULL},
	                           {"proof", FORM_BASE64, NULL}},
	                 .role = ROLE_CUSTODY,
	                 .rule = "computed",
	                 .en = "proves that it holds its share of the {0}, ceremony {1}",
	                 .zh = "证明自己持有 {0} 第 {1} 次仪式的份额"},
	[ACT_POOL] = {.word = "pool",
	              .field = {{"pool", FORM_HEX, NULL},
	                        {"count", FORM_NUMBER, NULL},
	                        {"root", FORM_DIGEST, NULL},
	                        {"lease", FORM_TIME, NULL},
	                        REPLACES},
	              .role = ROLE_CUSTODY,
	              .rule = "computed",
	              .en = "is ready to sign {1} times until {3}",
	              .zh = "在 {3} 之前可签名 {1} 次"},
	[ACT_ANSWERED] = {.word = "answered",
	                  .field = {JOB,
	                            SESSION,
	                            {"shares", FORM_SLOT, NULL},
	                            {"missing", FORM_PARTIES, NULL}},
	                  .role = ROLE_CUSTODY,
	                  .rule = "computed",
	                  .en = "has answered in job {0}, session {1}; missing: {3}",
	                  .zh = "已在任务 {0} 第 {1} 次会话中作答；缺席：{3}"},
	[ACT_ACCUSE] = {.word = "accuse",
	                .field = {JOB,
	                          SESSION,
	                          {"member", FORM_PARTY, NULL},
	                          {"index", FORM_NUMBER, NULL}},
	                .embed = true,
	                .role = ROLE_CUSTODY,
	                .rule = "computed",
	                .en = "shows that {2} sent a wrong share in job {0}, session {1}",
	                .zh = "证明 {2} 在任务 {0} 第 {1} 次会话中给出错误份额"},
	[ACT_SIGNATURES] = {.word = "signatures",
	                    .field = {JOB, SESSION, {"first", FORM_NUMBER, NULL}},
	                    .embed = true,
	                    .role = ROLE_CUSTODY,
	                    .rule = "computed",
	                    .en = "enters the signatures of job {0}, session {1}, from number {2}",
	                    .zh = "登记任务 {0} 第 {1} 次会话自第 {2} 号起的签名"},
	[ACT_RELEASE] = {.word = "release",
	                 .field = {JOB,
	                           SESSION,
	                           {"serial", FORM_NUMBER, NULL},
	                           {"zone", FORM_COUNTED, NULL},
	                           {"zonemd", FORM_SHA384, NULL},
	                           {"signature", FORM_BASE64, NULL},
	                           {"expires", FORM_TIME, NULL}},
	                 .role = ROLE_CUSTODY,
	                 .rule = "computed",
	                 .en = "enters release {2} of the zone, good until {6}",
	                 .zh = "登记区的发布 {2}，有效至 {6}"},
	[ACT_SEAL_SIGN] = {.word = "seal-sign",
	                   .field = {{"height", FORM_NUMBER, NULL},
	                             {"seal", FORM_DIGEST, NULL},
	                             {"log", FORM_COUNTED, NULL},
	                             {"cosignature", FORM_BASE64, NULL}},
	                   .role = ROLE_COSIGN,
	                   .rule = "computed",
	                   .en = "countersigns block {0}",
	                   .zh = "会签第 {0} 区块"},
	[ACT_DISPUTE] = {.word = "dispute",
	                 .field = {{"subject", FORM_GROUND, NULL},
	                           {"respondent", FORM_PARTY, NULL},
	                           {"remedy", FORM_CHOICE, REMEDIES}},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "opens a dispute about {0} against {1}, and asks to {2}",
	                 .zh = "就{0}对 {1} 提起争端，请求：{2}"},
	[ACT_ANSWER] = {.word = "answer",
	                .field = {DISPUTE},
	                .role = ROLE_ACT,
	                .rule = "party",
	                .en = "answers dispute {0}",
	                .zh = "对争端 {0} 提出答辩"},
	[ACT_APPOINT] = {.word = "appoint",
	                 .field = {DISPUTE, {"arbitrator", FORM_PARTY, NULL}},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "appoints {1} arbitrator in dispute {0}",
	                 .zh = "在争端 {0} 中指定 {1} 为仲裁员"},
	[ACT_RANK] = {.word = "rank",
	              .field = {DISPUTE, {"ranks", FORM_ORDER, NULL}},
	              .role = ROLE_ACT,
	              .rule = "party",
	              .en = "would have the chair of dispute {0} be, in this order: {1}",
	              .zh = "就争端 {0} 的首席仲裁员按此次序排名：{1}"},
	[ACT_CHALLENGE] = {.word = "challenge",
	                   .field = {DISPUTE,
	                             {"arbitrator", FORM_PARTY, NULL},
	                             {"say", FORM_CHOICE, "raise concede uphold reject"}},
	                   .role = ROLE_ACT,
	                   .rule = "party",
	                   .en = "says to the challenge of arbitrator {1} in dispute {0}: {2}",
	                   .zh = "就争端 {0} 中对仲裁员 {1} 的回避请求表示：{2}"},
	[ACT_EXHIBIT] = {.word = "exhibit",
	                 .field = {DISPUTE, {"file", FORM_COUNTED, NULL}},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "brings an exhibit in dispute {0}: a file outside the log of this size and SHA-256: {1}",
	                 .zh = "在争端 {0} 中提交证据：日志之外的文件，其大小与 SHA-256 为 {1}"},
	[ACT_INTERIM] = {.word = "interim",
	                 .field = {DISPUTE,
	                           {"measure", FORM_CHOICE, "freeze lift"},
	                           {"expires", FORM_TIME, NULL},
	                           REPLACES},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "decides as arbitrator of dispute {0}, for the time being: {1}, until {2}",
	                 .zh = "作为争端 {0} 的仲裁员作出临时决定：{1}，至 {2}"},
	[ACT_RULING] = {.word = "ruling",
	                .field = {DISPUTE,
	                          {"remedy", FORM_CHOICE, REMEDIES " dismiss"},
	                          {"party", FORM_PARTIES, NULL},
	                          {"rule", FORM_CHOICE, "none " WAIVED_RULES},
	                          {"expires", FORM_WHEN, NULL},
	                          REPLACES},
	                .records = true,
	                .role = ROLE_ACT,
	                .rule = "party",
	                .en = "rules as arbitrator of dispute {0}: {1}; party: {2}; until: {4}",
	                .zh = "作为争端 {0} 的仲裁员裁决：{1}；有关方：{2}；至：{4}"},
	[ACT_CORRECT] = {.word = "correct",
	                 .field = {DISPUTE},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "asks for a correction of the ruling in dispute {0}",
	                 .zh = "请求更正争端 {0} 的裁决"},
	[ACT_SETTLE] = {.word = "settle",
	                .field = {DISPUTE},
	                .role = ROLE_ACT,
	                .rule = "party",
	                .en = "declares dispute {0} settled for its part",
	                .zh = "就己方而言宣告争端 {0} 已解决"},
	[ACT_NORM] = {.word = "norm",
	              .field = {NORM, REPLACES},
	              .embed = true,
	              .role = ROLE_ACT,
	              .rule = "norm.adopt",
	              .en = "proposes this text of the norm {0}",
	              .zh = "提出规范 {0} 的此文本"},
	[ACT_REPEAL] = {.word = "repeal",
	                .field = {NORM, REPLACES},
	                .role = ROLE_ACT,
	                .rule = "norm.adopt",
	                .en = "proposes to repeal the norm {0}: nobody is bound to it any more",
	                .zh = "提议废止规范 {0}：任何一方不再受其约束"},
	[ACT_ACCEPT] = {.word = "accept",
	                .field = {NORM, {"version", FORM_NUMBER, NULL}, REPLACES},
	                .role = ROLE_ACT,
	                .rule = "party",
	                .en = "accepts the norm {0}, version {1}, wholly",
	                .zh = "全部接受规范 {0} 第 {1} 版"},
	[ACT_RESERVE] = {.word = "reserve",
	                 .field = {NORM,
	                           {"version", FORM_NUMBER, NULL},
	                           {"paragraphs", FORM_NUMBERS, NULL},
	                           REPLACES},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "accepts the norm {0}, version {1}, with a reservation to these paragraphs: {2}",
	                 .zh = "接受规范 {0} 第 {1} 版，但对下列各款作出保留：{2}"},
	[ACT_DENOUNCE] = {.word = "denounce",
	                  .field = {NORM, REPLACES},
	                  .role = ROLE_ACT,
	                  .rule = "party",
	                  .en = "denounces the norm {0}: it is bound until its time of notice is over",
	                  .zh = "声明退出规范 {0}：在通知期届满之前仍受约束"},
	[ACT_CONTEST] = {.word = "contest",
	                 .field = {NORM, {"paragraph", FORM_NUMBER, NULL}},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "contests that it is in breach of the norm {0}, paragraph {1}",
	                 .zh = "否认自己违反规范 {0} 第 {1} 款"},
	[ACT_EMPOWER] = {.word = "empower",
	                 .field = {OPERATOR,
	                           TLDS,
	                           {"may", FORM_SCOPES, "ns glue ds ds-drop host operators"},
	                           {"expires", FORM_TIME, NULL},
	                           REPLACES,
	                           {"key", FORM_VKEY, NULL}},
	                 .role = ROLE_ACT,
	                 .rule = "party",
	                 .en = "lets a key of operator {0} sign in its name; TLDs: {1}; kinds of change: {2}; until {3}",
	                 .zh = "委任运营方 {0} 的一把密钥代其签署；顶级域：{1}；可作更改：{2}；至 {3}"},
	[ACT_DISEMPOWER] = {.word = "disempower",
	                    .field = {OPERATOR, TLDS},
	                    .role = ROLE_ACT,
	                    .rule = "party",
	                    .en = "ends what operator {0} may sign in its name; TLDs: {1}",
	                    .zh = "终止运营方 {0} 代其签署的委任；顶级域：{1}"},
	[ACT_BATCH] = {.word = "batch",
	               .field = {{"count", FORM_NUMBER, NULL}},
	               .embed = true,
	               .role = ROLE_ACT,
	               .rule = "party",
	               .en = "changes delegations, each for itself: {0}",
	               .zh = "逐一更改 {0} 项授权"},
	[ACT_RETIRE] = {.word = "retire",
	                .field = {TLD,
	                          {"ground", FORM_CHOICE, "code-removed code-changed code-restored"},
	                          REPLACES},
	                .role = ROLE_ACT,
	                .rule = "delegate.retire",
	                .en = "says of the retirement of {0}: {1}",
	                .zh = "就 {0} 的退役表示：{1}"},
	[ACT_PLAN] = {.word = "plan",
	              .field = {TLD, {"ends", FORM_TIME, NULL}, REPLACES},
	              .role = ROLE_ACT,
	              .rule = "delegate.retire",
	              .rule_new = "party",
	              .en = "plans the retirement of {0} for {1}",
	              .zh = "计划 {0} 于 {1} 退役"},
	[ACT_OPERATE] = {.word = "operate",
	                 .field = {TLD,
	                           {"operator", FORM_PARTY, NULL},
	                           {"ground", FORM_CHOICE, "keys-lost incapacity contested"},
	                           {"expires", FORM_TIME, NULL},
	                           REPLACES},
	                 .role = ROLE_ACT,
	                 .rule = "delegate.operate",
	                 .en = "asks to let {1} operate {0} for its holder until {3}: {2}",
	                 .zh = "请求由 {1} 代持有者运营 {0}，至 {3}：{2}"},
	[ACT_RESUME] = {.word = "resume",
	                .field = {TLD, REPLACES},
	                .role = ROLE_ACT,
	                .rule = "delegate.operate",
	                .rule_new = "party",
	                .en = "asks to end the interim operation of {0}: its holder keeps it again",
	                .zh = "请求结束对 {0} 的临时运营：由其持有者重新管理"},
	[ACT_REKEY] = {.word = "rekey",
	               .field = {{"party", FORM_PARTY, NULL},
	                         {"threshold", FORM_NUMBER, NULL},
	                         REPLACES,
	                         {"key", FORM_KEYS, NULL}},
	               .role = ROLE_ACT,
	               .rule = "party.rekey",
	               .en = "asks to give {0}, which has lost its keys, these new ones; {1} of the act keys sign for it",
	               .zh = "请求为已遗失密钥的 {0} 设定以下新密钥；由其中 {1} 把文书密钥代表签署"},
	[ACT_ATTEST] = {.word = "attest",
	                .field = {{"act", FORM_DIGEST, NULL},
	                          {"run", FORM_CHOICE, "submission publication"},
	                          {"at", FORM_TIME, NULL},
	                          {"vantage", FORM_PARTY, NULL},
	                          {"failed", FORM_SCOPES, CHECK_IDS},
	                          {"unable", FORM_SCOPES, CHECK_IDS},
	                          {"seen", FORM_COUNTED, NULL}},
	                .role = ROLE_DUTY,
	                .rule = "computed",
	                .en = "has checked {0} from the network {3}; fails: {4}; could not be made: {5}",
	                .zh = "已从网络 {3} 检查 {0}；不合格：{4}；无法判定：{5}"},
	[ACT_SUSPEND] = {.word = "suspend",
	                 .field = {{"party", FORM_PARTY, NULL}, {"expires", FORM_WHEN, NULL}, REPLACES},
	                 .role = ROLE_ACT,
	                 .rule = "party.suspend",
	                 .en = "asks that the votes of {0} do not count until {1}; none: that they count again",
	                 .zh = "请求在 {1} 之前不计 {0} 的表决；none 表示恢复其表决权"},
	[ACT_REGISTER] = {.word = "register",
	                  .field = {{"register", FORM_PARTY, NULL}, REPLACES},
	                  .embed = true,
	                  .role = ROLE_ACT,
	                  .rule = "register.adopt",
	                  .en = "proposes this text of the register {0}",
	                  .zh = "提出名录 {0} 的此文本"},
};

static const char *const ROLE_WORDS[ROLES] = {
	[ROLE_ACT] = "act",
	[ROLE_COSIGN] = "cosign",
	[ROLE_CUSTODY] = "custody",
	[ROLE_DUTY] = "duty",
};

const struct act_row *act_row(enum act_kind kind)
{
	must(kind < ACT_KINDS);
	return &ROWS[kind];
}

enum act_kind act_kind(struct bytes word)
{
	enum act_kind k = ACT_GENESIS + 1;

	while (k < ACT_KINDS && !bytes_same(word, bytes_of(ROWS[k].word)))
		k++;
	return k;
}

const char *key_role_word(enum key_role role)
{
	must(role < ROLES);
	return ROLE_WORDS[role];
}

enum key_role key_role(struct bytes word)
{
	enum key_role r = 0;

	while (r < ROLES && !bytes_same(word, bytes_of(ROLE_WORDS[r])))
		r++;
	return r;
}

static bool lower_or_digit(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool party_name_valid(struct bytes name)
{
	if (name.size < 2 || name.size > 63 || name.at[0] == '-' || name.at[name.size - 1] == '-')
		return false;
	if (bytes_same(name, BYTES("none"))) /* it stands for nobody */
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (!lower_or_digit(name.at[i]) && name.at[i] != '-')
			return false;
	return true;
}

bool origin_valid(struct bytes origin)
{
	if (origin.size < 3 || origin.size > 100 || bytes_starts(origin, BYTES("comity-")))
		return false;
	for (size_t i = 0; i < origin.size; i++)
		if (!lower_or_digit(origin.at[i]) && origin.at[i] != '.' && origin.at[i] != '/' &&
		    origin.at[i] != '-')
			return false;
	return true;
}

static bool label_holds(struct bytes value)
{
	uint8_t text[65];
	struct writer w = {.at = text, .size = sizeof(text)};
	struct dname name;

	write_bytes(&w, value);
	write_octet(&w, '.');
	return !w.full && dname_read_strict(writer_bytes(&w), &name) == OK && dname_label_count(dname_bytes(&name)) == 1;
}

static bool hex_holds(struct bytes value, size_t size)
{
	uint8_t octets[48];

	must(size <= sizeof(octets));
	return hex_read(value, octets, size);
}

static bool parties_hold(struct bytes value)
{
	struct bytes before = {NULL, 0}, word;

	if (bytes_same(value, BYTES("none")))
		return true;
	while (value.size > 0) {
		if (!text_word(&value, &word) || !party_name_valid(word) ||
		    (before.size > 0 && bytes_compare(before, word) >= 0))
			return false;
		before = word;
	}
	return before.size > 0;
}

static bool order_holds(struct bytes value)
{
	bool good = value.size > 0;

	while (good && value.size > 0) {
		struct bytes word, other, rest;

		good = text_word(&value, &word) && party_name_valid(word);
		for (rest = value; good && text_word(&rest, &other);)
			good = !bytes_same(word, other);
	}
	return good;
}

static bool choice_holds(const char *choices, struct bytes value)
{
	struct bytes rest = bytes_of(choices), word;

	while (text_word(&rest, &word))
		if (bytes_same(word, value))
			return true;
	return false;
}

/* A part of the words, in their order. */
static bool scopes_hold(const char *choices, struct bytes value)
{
	struct bytes rest = bytes_of(choices), word, wanted;

	if (bytes_same(value, BYTES("none")))
		return true;
	if (!text_word(&value, &wanted))
		return false;
	while (text_word(&rest, &word))
		if (bytes_same(word, wanted) && (value.size == 0 || !text_word(&value, &wanted)))
			return value.size == 0;
	return false;
}

static bool vkey_holds(struct bytes value)
{
	struct note_key key;

	return note_key_read(value, &key) && key.type == NOTE_TYPE_ED25519;
}

static bool keys_hold(struct bytes value)
{
	struct bytes role;

	return text_word(&value, &role) && key_role(role) < ROLES && vkey_holds(value);
}

static bool counted_holds(struct bytes value)
{
	uint64_t number;

	return text_word_number(&value, INT64_MAX, &number) && hex_holds(value, DIGEST_SIZE);
}

static bool numbers_hold(struct bytes value)
{
	uint64_t number = 0, before = 0;

	if (value.size == 0)
		return false;
	while (value.size > 0) {
		if (!text_word_number(&value, UINT32_MAX, &number) || number <= before)
			return false;
		before = number;
	}
	return true;
}

static bool subject_holds(struct bytes value)
{
	if (bytes_starts(value, BYTES("tld/")))
		return label_holds(bytes_from(value, 4));
	return bytes_starts(value, BYTES("party/")) && party_name_valid(bytes_from(value, 6));
}

/* Takes what stands before the next slash, and the slash. */
static struct bytes part_take(struct bytes *rest)
{
	const uint8_t *slash = memchr(rest->at, '/', rest->size);
	struct bytes part = slash == NULL ? *rest : bytes_first(*rest, (size_t)(slash - rest->at));

	*rest = bytes_from(*rest, slash == NULL ? part.size : part.size + 1);
	return part;
}

static bool ground_holds(struct bytes value)
{
	uint64_t number;

	if (!bytes_starts(value, BYTES("breach/")))
		return subject_holds(value);
	value = bytes_from(value, 7);
	return party_name_valid(part_take(&value)) && party_name_valid(part_take(&value)) &&
	       text_number(value, UINT32_MAX, &number) && number > 0;
}

bool field_form_holds(const struct act_field *field, struct bytes value)
{
	uint8_t octets[ACT_BASE64_MAX];
	struct ledger_time time;
	struct dname name;
	uint64_t number;
	size_t size;

	switch (field->form) {
	case FORM_NONE:
		return false;
	case FORM_PARTY:
		return party_name_valid(value);
	case FORM_PARTIES:
		return parties_hold(value);
	case FORM_LABEL:
		return label_holds(value);
	case FORM_DNAME:
		return dname_read_strict(value, &name) == OK;
	case FORM_NUMBER:
		return text_number(value, INT64_MAX, &number);
	case FORM_TIME:
		return time_read(value, &time);
	case FORM_WHEN:
		return bytes_same(value, BYTES("none")) || time_read(value, &time);
	case FORM_ORDER:
		return order_holds(value);
	case FORM_SLOT:
		return bytes_same(value, BYTES("none")) || hex_holds(value, DIGEST_SIZE);
	case FORM_DIGEST:
	case FORM_POINT:
		return hex_holds(value, DIGEST_SIZE);
	case FORM_HEX:
		return hex_holds(value, 16);
	case FORM_SHA384:
		return hex_holds(value, SHA384_SIZE);
	case FORM_COUNTED:
		return counted_holds(value);
	case FORM_BASE64:
		return base64_read(value, octets, sizeof(octets), &size) && size > 0;
	case FORM_CHOICE:
		return choice_holds(field->choices, value);
	case FORM_SUBJECT:
		return subject_holds(value);
	case FORM_GROUND:
		return ground_holds(value);
	case FORM_NUMBERS:
		return numbers_hold(value);
	case FORM_TLDS:
		return bytes_same(value, BYTES("*")) || label_holds(value);
	case FORM_SCOPES:
		return scopes_hold(field->choices, value);
	case FORM_VKEY:
		return vkey_holds(value);
	case FORM_KEYS:
		return keys_hold(value);
	}
	return false;
}
