/* SPDX-License-Identifier: Apache-2.0 */
/* comity(1): the command line of a party. One table of commands, one file a noun. */
#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "charter/fault.h"
#include "host/about.h"
#include "host/memory.h"
#include "prog/comity/draft.h"
#include "prog/comity/help.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

#define MEMORY_SIZE ((size_t)1 << 30)

/* clang-format off */
const struct command_row COMMANDS[] = {
	{"status", NULL, status, "",
	 "whether it works, who is away, for how long the zone stays good", "是否正常、谁离线、现有的区还能用多久"},
	{"inbox", NULL, inbox, "",
	 "what waits for this party", "等待本方处理的事项"},
	{"watch", NULL, watch, "[--act ID] [--for SPAN]",
	 "acts, blocks, countersignatures and releases as they come; --act: until it is final",
	 "实时查看文书、区块、会签与发布；--act：直至其定案"},
	{"why", NULL, why, "KEY",
	 "what stands, the act that made it so, its rule, who consented", "现状、确立它的文书、适用规则、谁曾同意"},
	{"impact", NULL, impact_run, "NAME [ADDRESS...]",
	 "who falls with a name; or whose referrals change with its addresses", "谁会随某名称一同失效；或其地址改变时谁的引荐应答随之改变"},
	{"explain", NULL, explain, "REASON|KIND|CHECK|FILE",
	 "a reason, a kind of act, a technical check, or where a file is wrong", "说明理由、文书类别、技术检查，或文件错在何处"},
	{"drill", NULL, drill, "--without PARTY,PARTY",
	 "what would still work without some parties", "若某些缔约方缺席，哪些仍可运转"},

	{"federation", "new", federation_new,
	 "--charter FILE [--import FILE] [--apex NAME] [--mname NAME] [--time TIME] [--signing 'GRACE LEASE PHASE'] [--signatures 'VALIDITY RENEWAL'] FOUNDER...",
	 "write the founding text of these founders' homes or key files", "由各创始方的主目录或公钥文件写出创始文书"},
	{"federation", "invite", federation_invite, "",
	 "what a new party needs to know to join", "新的一方加入所需的信息"},
	{"federation", "join", federation_join, "INVITATION|GENESIS [--threshold N] [--add KEYFILE]... " DRAFT_USAGE,
	 "ask to become a party; or sign a founding text", "申请成为缔约方；或签署创始文书"},

	{"key", "new", key_new, "NAME --kind KIND --origin ORIGIN [--sequencer] [--duty] [--operator] [--agent HEX] [--officer NUMBER [--threshold N]]",
	 "make a home and its keys; for an officer or an operator, one act key alone",
	 "建立主目录与密钥；为官员或运营方则仅建一把文书密钥"},
	{"key", "show", key_show, "",
	 "the public keys of the home, as a genesis or accede lists them", "显示主目录的公钥，格式同创始或加入文书"},
	{"key", "next", key_next, "act|cosign|custody|duty",
	 "make the key that will follow; party rotate puts it in use", "生成下一把密钥；由 party rotate 启用"},
	{"key", "open", key_open, "ksk|ksk-standby|zsk " DRAFT_USAGE,
	 "open a ceremony for a new key that nobody holds", "开启仪式，生成无人独自持有的新密钥"},

	{"act", "write", act_write_text, "KIND FIELD=VALUE... ['+ RECORD']... [--embed FILE] [--until TIME] [--dry-run] [-m WORDS]...",
	 "write the text of any act", "写出任一类文书的文本"},
	{"act", "sign", act_sign, "FILE [--out FILE]",
	 "add the home's signature line to a text or note", "为文本或签名件加上本主目录的签名行"},
	{"act", "send", act_send, "FILE",
	 "submit a signed note", "提交签名件"},
	{"act", "show", act_show_one, "FILE|ID|genesis",
	 "what an act says and means, who signed it, what became of it", "文书的内容与含义、签署者及结果"},
	{"act", "list", act_list, "[--by PARTY] [--kind KIND] [--last N] [--all]",
	 "acts of the public log; --all: those of signers too", "公开日志中的文书；--all：含签署程序的"},

	{"proposal", "list", proposal_list, "[--all]",
	 "what waits for consent; --all: what has ended too", "待决提案；--all：含已结束的"},
	{"proposal", "show", proposal_show, "ID",
	 "a proposal: its rule, its count, who said what, until when", "提案：规则、计票、各方表态、截止时间"},
	{"proposal", "comment", proposal_comment, "ID -m WORDS... " DRAFT_USAGE,
	 "comment on a proposal", "对提案发表意见"},
	{"proposal", "withdraw", proposal_withdraw, "ID " DRAFT_USAGE,
	 "withdraw a proposal of this party", "撤回本方的提案"},
	{"proposal", "cancel", proposal_cancel, "ID " DRAFT_USAGE,
	 "ask to cancel a proposal before it takes effect", "请求在提案生效之前将其取消"},
	{"consent", NULL, consent, "ID yes|no|abstain " DRAFT_USAGE,
	 "vote on a proposal", "对提案表决"},
	{"object", NULL, object, "ID " DRAFT_USAGE,
	 "object to a proposal", "对提案提出异议"},

	{"dispute", "list", dispute_list, "[--all]",
	 "disputes that are open; --all: closed ones too", "未了结的争端；--all：含已结案的"},
	{"dispute", "show", dispute_show, "ID",
	 "a dispute: who, about what, how it stands, until when", "争端：双方、标的、现状、截止时间"},
	{"dispute", "open", dispute_open, "tld/TLD|party/PARTY|breach/NORM/PARTY/PARAGRAPH PARTY REMEDY " DRAFT_USAGE,
	 "open a dispute against a party", "对一方提起争端"},
	{"dispute", "answer", dispute_answer, "ID " DRAFT_USAGE,
	 "answer it, as the respondent", "作为被申请方答辩"},
	{"dispute", "appoint", dispute_appoint, "ID PARTY " DRAFT_USAGE,
	 "appoint an arbitrator", "指定仲裁员"},
	{"dispute", "rank", dispute_rank, "ID PARTY... " DRAFT_USAGE,
	 "rank the list for the chair; who is left out is struck", "为首席仲裁员名单排名；未列者即划去"},
	{"dispute", "challenge", dispute_challenge, "ID PARTY raise|concede|uphold|reject " DRAFT_USAGE,
	 "challenge an arbitrator; or concede or decide that", "请求仲裁员回避；或同意、决定该请求"},
	{"dispute", "exhibit", dispute_exhibit, "ID FILE [--open] " DRAFT_USAGE,
	 "bring an encrypted file: its SHA-256 goes on the log", "提交加密文件：其 SHA-256 记入日志"},
	{"dispute", "interim", dispute_interim, "ID freeze|lift --expires TIME " DRAFT_USAGE,
	 "as arbitrator: keep a delegation as it is for the time being", "作为仲裁员：暂时保持授权现状"},
	{"dispute", "rule", dispute_rule, "ID REMEDY [--party PARTY] [--waiver RULE] [--expires TIME] ['+ RECORD']... " DRAFT_USAGE,
	 "as arbitrator: decide; two who decide the same are the award", "作为仲裁员：裁决；两人一致即为裁决"},
	{"dispute", "correct", dispute_correct, "ID " DRAFT_USAGE,
	 "ask for a correction of the award", "请求更正裁决"},
	{"dispute", "settle", dispute_settle, "ID " DRAFT_USAGE,
	 "declare it settled for one's part", "就己方而言宣告争端已解决"},

	{"norm", "list", norm_list, "[--all]",
	 "norms that stand; --all: repealed ones too", "现行规范；--all：含已废止的"},
	{"norm", "show", norm_show, "NORM",
	 "a norm: its text, who is bound to it, who is in breach", "规范：文本、受其约束者、违反者"},
	{"norm", "breaches", norm_breaches, "[--all]",
	 "breaches that are open; --all: what only lapsed, and what is over, too", "未了结的违反；--all：含暂未履行的与已终止的"},
	{"norm", "adopt", norm_adopt, "FILE " DRAFT_USAGE,
	 "propose the text of a norm", "提出一项规范的文本"},
	{"norm", "repeal", norm_repeal, "NORM " DRAFT_USAGE,
	 "propose to repeal a norm", "提议废止一项规范"},
	{"norm", "accept", norm_accept, "NORM " DRAFT_USAGE,
	 "accept a norm wholly", "全部接受一项规范"},
	{"norm", "reserve", norm_reserve, "NORM PARAGRAPH... " DRAFT_USAGE,
	 "accept a norm but for some paragraphs; -m says why", "接受一项规范，但保留若干款；以 -m 说明"},
	{"norm", "denounce", norm_denounce, "NORM " DRAFT_USAGE,
	 "denounce a norm: it ends when its time of notice is over", "声明退出一项规范：通知期届满时终止"},
	{"norm", "contest", norm_contest, "NORM PARAGRAPH " DRAFT_USAGE,
	 "contest one's own breach; -m says why", "对本方的违反提出异议；以 -m 说明"},

	{"register", "list", register_list, "",
	 "registers that stand: lists that others keep, as the parties know them", "现行名录：他方所编、各方所知的名单"},
	{"register", "show", register_show, "REGISTER",
	 "a register: its source, and which parties stand in it", "名录：出处，以及在录的缔约方"},
	{"register", "adopt", register_adopt, "FILE " DRAFT_USAGE,
	 "propose the text of a register, a first or a new version", "提出一项名录的文本，首版或新版"},

	{"tld", "list", tld_list, "[--holder PARTY]",
	 "who holds what", "谁持有什么"},
	{"tld", "show", tld_show, "TLD",
	 "its holder, records, hosts and waivers", "持有者、记录、主机与豁免"},
	{"tld", "edit", tld_edit, "TLD [--set FILE] [--undelegate] [--ns NAME]... [--ds 'TAG ALG TYPE DIGEST']... [--add RECORD]... [--remove RECORD]... " DRAFT_USAGE,
	 "change its records: by options, or in $EDITOR", "更改其记录：用选项，或在 $EDITOR 中"},
	{"tld", "ds-drop", tld_ds_drop, "TLD [--keep TAG]... " DRAFT_USAGE,
	 "drop its DS records: the emergency exit", "删除其 DS 记录：紧急出口"},
	{"tld", "grant", tld_grant, "TLD PARTY " DRAFT_USAGE,
	 "give a name that nobody holds to a party", "将无人持有的名称授予一方"},
	{"tld", "transfer", tld_transfer, "TLD PARTY " DRAFT_USAGE,
	 "pass it to another party", "移交给另一方"},
	{"tld", "withdraw", tld_withdraw, "TLD " DRAFT_USAGE,
	 "give it up", "放弃该名称"},
	{"tld", "waive", tld_waive, "TLD RULE --expires TIME " DRAFT_USAGE,
	 "ask to let it stand against a technical rule", "申请豁免一项技术规则"},
	{"tld", "freeze", tld_freeze, "TLD " DRAFT_USAGE,
	 "ask to freeze it: it keeps resolving, and nothing of it changes", "请求冻结：继续解析，内容不得变更"},
	{"tld", "retire", tld_retire, "TLD code-removed|code-changed|code-restored -m WORDS... " DRAFT_USAGE,
	 "ask to give notice of its end, as its code left the list; or to take that back",
	 "因其代码变动请求发出终止通知，或收回通知"},
	{"tld", "plan", tld_plan, "TLD TIME " DRAFT_USAGE,
	 "as its holder: end its retirement earlier; or ask for a later end", "作为持有者：使其退役提前，或请求推迟"},
	{"tld", "operate", tld_operate, "TLD PARTY keys-lost|incapacity|contested --expires TIME -m WORDS... " DRAFT_USAGE,
	 "ask to let a party keep it while its holder cannot", "持有者无法行事时，请求由一方代为管理"},
	{"tld", "resume", tld_resume, "TLD " DRAFT_USAGE,
	 "end that: its holder keeps it again", "结束代管：由其持有者重新管理"},
	{"tld", "empower", tld_empower, "OPERATOR --may 'CHANGE...' [--key KEY] [--tld TLD] [--expires TIME] [--party PARTY] " DRAFT_USAGE,
	 "let a key of an operator sign in this party's name", "委任运营方的一把密钥代本方签署"},
	{"tld", "disempower", tld_disempower, "OPERATOR [--tld TLD] [--party PARTY] " DRAFT_USAGE,
	 "end what an operator may do in this party's name", "终止运营方代本方签署的委任"},
	{"tld", "operators", tld_operators, "[--party PARTY] [--operator OPERATOR]",
	 "whose keys may sign in whose name, for what, until when", "谁的密钥可代谁签署、可作何更改、至何时"},
	{"tld", "batch", tld_batch, "FILE " DRAFT_USAGE,
	 "change many delegations in one act, each for itself", "以一份文书更改多项授权，逐一生效"},
	{"tld", "history", tld_history, "TLD",
	 "every act about it", "与之有关的全部文书"},

	{"check", NULL, check_run,
	 "TLD [--set FILE] [--ns NAME]... [--ds 'TAG ALG TYPE DIGEST']... [--add RECORD]... [--remove RECORD]... "
	 "[--act FILE] [--resolver ADDRESS]... [--sightings FILE]",
	 "ask its name servers, and make the sixteen technical checks", "查询其名称服务器，进行十六项技术检查"},

	{"host", "list", host_list, "",
	 "name servers that several TLDs use", "多个顶级域共用的名称服务器"},
	{"host", "show", host_show, "NAME",
	 "its owner, addresses and users", "所有者、地址与使用者"},
	{"host", "set", host_set, "NAME ADDRESS...|--none [--ttl SECONDS] " DRAFT_USAGE,
	 "set its addresses", "设定其地址"},

	{"server", "list", server_list, "",
	 "the root servers of the parties", "各方的根服务器"},
	{"server", "set", server_set, "NAME ADDRESS...|--none [--ttl SECONDS] " DRAFT_USAGE,
	 "set a root server of this party", "设定本方的根服务器"},
	{"server", "retire", server_retire, "NAME " DRAFT_USAGE,
	 "take a root server of this party out of service", "停用本方的根服务器"},

	{"party", "list", party_list, "",
	 "the parties, what they hold, whether their signers are here", "缔约方、其持有物、签署程序是否在线"},
	{"party", "show", party_show, "NAME",
	 "its kind, keys, names and signer", "类别、密钥、名称与签署程序"},
	{"party", "impact", party_impact, "NAME [--kind KIND] [--suspended]",
	 "what follows if it left, came or had its votes suspended", "其退出、加入或表决权被中止的后果"},
	{"party", "rotate", party_rotate, "[--add KEYFILE]... [--remove NUMBER]... [--threshold N] " DRAFT_USAGE,
	 "set the keys of this party; the home's next keys by themselves", "设定本方密钥；自动启用主目录的下一把密钥"},
	{"party", "rekey", party_rekey, "PARTY KEYFILE... [--threshold N] -m WORDS... " DRAFT_USAGE,
	 "ask to give a party that lost its keys new ones", "请求为遗失密钥的一方设定新密钥"},
	{"party", "proxy", party_proxy, "PARTY " DRAFT_USAGE,
	 "let a party vote for this one where it is silent; itself: take it back", "本方未表态时由该方代为表决；填本方名称则收回"},
	{"party", "suspend", party_suspend, "PARTY --expires TIME|none " DRAFT_USAGE,
	 "ask that its votes do not count for a time, or count again; nothing else changes", "请求在一定期限内不计其表决，或予以恢复；其余不变"},
	{"party", "withdraw", party_withdraw_own, DRAFT_USAGE,
	 "leave the federation", "退出联合体"},

	{"charter", "show", charter_show, "[--apex] [ARTICLE]",
	 "the text that stands, or one article of it", "现行文本，或其中一条"},
	{"charter", "check", charter_check, "[FILE [--members FILE]] [--svg FILE]",
	 "who can carry what, by which paths a delegation can be taken; refuses what is unsafe",
	 "谁能通过什么、授权可经何种途径被取走；不安全者予以拒绝"},
	{"charter", "diff", charter_diff, "[OLD] NEW [--members FILE]",
	 "what an amendment changes, in words, and a check of the result",
	 "用文字说明修订改变了什么，并检查其结果"},
	{"charter", "amend", charter_amend, "FILE [--apex] " DRAFT_USAGE,
	 "propose another text", "提出另一文本"},

	{"release", "list", release_list, "",
	 "zones that were signed lately", "最近签名的各个区"},
	{"release", "show", release_show, "[SERIAL]",
	 "one of them, or the current one", "其中一次，或现行的一次"},
	{"signing", "watch", signing_watch, "[--once | --release] [--for SPAN]",
	 "ceremonies, jobs and sessions; --once: as they are now; --release: until nothing waits",
	 "查看仪式、任务与会话；--once：仅当前；--release：直至无待签名的内容"},
	{"zone", "export", zone_export, "[FILE]",
	 "the published zone, checked against its release", "导出已公布的区，并与发布记录核对"},
	{"zone", "diff", zone_diff, "[--summary] OLD NEW",
	 "what was removed and added from one zone to another",
	 "由一个区到另一个区移除和增加的记录"},
	{"anchor", NULL, anchor, "--format unbound|bind|knot-resolver|powerdns|xml|ds|dnskey",
	 "the trust anchor, as resolvers read it", "供解析器使用的信任锚"},

	{"import", NULL, import_run,
	 "[--apex NAME] [--anchor FILE] [--at TIME] [--map FILE] [--parties NAME,...] [--common NAME] "
	 "[--waive-until TIME] [--output FILE] [--verbose] [--no-sandbox] FILE | --from ADDRESS[@PORT]",
	 "turn the zone of another root into a manifest to found a federation on",
	 "把另一个根的区转为清单，供联合体以此创立"},
	{"audit", NULL, audit_run, "[--zone FILE] [--out FILE] FOLDER",
	 "replay everything from public files and compare every seal; --zone: and this zone",
	 "由公开文件重放全部历史并核对每个封印；--zone：并核对该区"},
	{"policy", NULL, policy_run, "", "print the policy by which outsiders verify this federation",
	 "打印外部验证本联合体所用的策略"},
	{"prove", NULL, prove_run, "KEY", "print a proof that a record stands, or does not exist",
	 "打印某记录现行有效或不存在的证明"},
	{"verify", NULL, verify_run, "--policy FILE [--zone FILE] PROOF",
	 "check a proof, and the zone it names, without any node", "不依赖节点，核验证明及其所指的区"},

	{"help", NULL, help, "[--completion bash|zsh] [COMMAND]",
	 "this table, one command, or completion for a shell", "本表、某一命令，或命令补全脚本"},
};
/* clang-format on */

const unsigned COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]);

static bool language_is_chinese(void)
{
	static const char *const NAMES[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (unsigned i = 0; i < 3; i++) {
		const char *value = getenv(NAMES[i]);
		if (value != NULL && value[0] != '\0')
			return strncmp(value, "zh", 2) == 0;
	}
	return false;
}

static int bad_option(struct command *command, const char *en, const char *zh, const char *value)
{
	fail(command, EXIT_MISUSE, en, zh, VALUES(bytes_of(value)));
	next_step(command, "comity help", "comity help", NULL);
	return -1;
}

/* Takes the options that come before the command. How many arguments they were; -1: misuse. */
static int options(struct command *command, int argc, char *argv[], bool *help)
{
	int option;

	while ((option = getopt_long(argc, argv, "+:", EVERY_OPTIONS, NULL)) != -1) {
		if (option == '?' && strcmp(argv[optind - 1], "--help") == 0) {
			*help = true;
			continue;
		}
		if (option == ':')
			return bad_option(command, "{0} lacks its value", "{0} 缺少取值", argv[optind - 1]);
		if (option == '?')
			return bad_option(command, "no such option before the command: {0}",
			                  "命令之前没有这个选项：{0}", argv[optind - 1]);
		if (!option_of_every(command, option))
			return -1;
	}
	return optind;
}

/* A word that is none of ours: which may have been meant. */
static int unknown(struct command *command, int argc, char *argv[])
{
	struct nearest nearest;
	bool noun = false;

	if (argc == 0) {
		fail(command, EXIT_MISUSE, "which command?", "请给出命令", NULL);
		if (!command->json)
			help_print(command, stderr);
		return EXIT_MISUSE;
	}
	for (unsigned i = 0; i < COMMAND_COUNT; i++)
		noun = noun || strcmp(COMMANDS[i].noun, argv[0]) == 0;
	if (noun && argc == 1) {
		fail(command, EXIT_MISUSE, "comity {0} what?", "comity {0} 之后须有动词",
		     VALUES(bytes_of(argv[0])));
		if (!command->json)
			help_noun(command, argv[0], stderr);
		return EXIT_MISUSE;
	}
	nearest = nearest_to(bytes_of(noun && argc > 1 ? argv[1] : argv[0]));
	for (unsigned i = 0; i < COMMAND_COUNT; i++)
		if (!noun)
			nearest_try(&nearest, bytes_of(COMMANDS[i].noun));
		else if (strcmp(COMMANDS[i].noun, argv[0]) == 0)
			nearest_try(&nearest, bytes_of(COMMANDS[i].verb));
	if (noun)
		fail(command, EXIT_MISUSE, "no such command: {0} {1}", "没有这个命令：{0} {1}",
		     VALUES(bytes_of(argv[0]), bytes_of(argv[1])));
	else
		fail(command, EXIT_MISUSE, "no such command: {0}", "没有这个命令：{0}",
		     VALUES(bytes_of(argv[0])));
	if (nearest.best.size > 0 && noun)
		next_step(command, "did you mean: comity {0} {1}", "您是否想用：comity {0} {1}",
		          VALUES(bytes_of(argv[0]), nearest.best));
	else if (nearest.best.size > 0)
		next_step(command, "did you mean: comity {0}", "您是否想用：comity {0}", VALUES(nearest.best));
	else if (noun)
		next_step(command, "comity help {0}", "comity help {0}", VALUES(bytes_of(argv[0])));
	else
		next_step(command, "comity help", "comity help", NULL);
	return EXIT_MISUSE;
}

static int run(struct command *command, int argc, char *argv[], bool wants_help)
{
	int words, code;

	for (int i = 1; i < argc; i++)
		wants_help = wants_help || strcmp(argv[i], "--help") == 0;
	command->row = argc > 0 ? command_row(argv[0], argc > 1 ? argv[1] : NULL) : NULL;
	if (wants_help)
		return help_of(command, argc, argv);
	if (command->row == NULL)
		return unknown(command, argc, argv);
	words = command->row->verb == NULL ? 1 : 2;
	argv[words - 1] = argv[0];
	/* getopt begins anew (glibc: by 0), behind the command's words. */
	optind = 0;
	code = command->row->run(command, argc - words + 1, argv + words - 1);
	return code == EXIT_MISHAP && command->instead != 0 ? command->instead : code;
}

int main(int argc, char *argv[])
{
	struct command command = {
		.home_folder = getenv("COMITY_HOME"),
		.socket = getenv("COMITY_NODE"),
		.chinese = language_is_chinese(),
		.terminal = isatty(STDOUT_FILENO) != 0,
		.memory = memory_reserve(MEMORY_SIZE),
		.node = {.socket = -1},
	};
	bool wants_help = false;
	int taken, code;

	if (about_tell(argc, argv, "comity", NULL))
		return 0;
	signal(SIGPIPE, SIG_DFL);
	/* Widths of characters, and nothing else, come from the C library. */
	setlocale(LC_CTYPE, "C.UTF-8");
	opterr = 0;
	command.asks = command.terminal && isatty(STDIN_FILENO) != 0;
	command.colour = command.terminal && getenv("NO_COLOR") == NULL &&
	                 (getenv("TERM") == NULL || strcmp(getenv("TERM"), "dumb") != 0);
	if (sodium_init() < 0)
		return fail(&command, EXIT_MISHAP, "libsodium does not start", "libsodium 无法启动", NULL);
	memory_keep_private();
	taken = options(&command, argc, argv, &wants_help);
	if (taken < 0)
		return EXIT_MISUSE;
	code = run(&command, argc - taken, argv + taken, wants_help);
	ipc_close(&command.node);
	return code;
}
