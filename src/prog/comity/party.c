/* SPDX-License-Identifier: Apache-2.0 */
/* comity party: who the parties are, and what a party does about itself. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "commons/inactivity.h"
#include "commons/suspending.h"
#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/key_lines.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "registers/recognition.h"

/* What a party holds, and how its signer stands. */
struct standing {
	unsigned tlds, hosts, servers;
	bool signs;
	bool has_voice;
	struct voice_line voice;
	bool has_pool;
	struct pool pool;
};

static void standing_of(const struct view *view, const struct party *party, struct standing *s)
{
	const struct state *state = view_state(view);
	struct bytes report = view->report;
	struct voice_line voice;
	struct holding holding;
	struct server server;
	struct host host;

	*s = (struct standing){.signs = view_signs(view, party)};
	for (size_t i = 0; holding_next(state, &i, &holding);)
		s->tlds += bytes_same(holding.holder, party->name);
	for (size_t i = 0; host_next(state, &i, &host);)
		s->hosts += bytes_same(host.owner, party->name);
	for (size_t i = 0; server_next(state, &i, &server);)
		s->servers += bytes_same(server.owner, party->name);
	while (voice_next(&report, &voice))
		if (bytes_same(voice.party, party->name)) {
			s->has_voice = true;
			s->voice = voice;
		}
	s->has_pool = pool_get(state, party->name, &s->pool);
}

/* Whether its votes count, what it missed since it last did something, and what registers say of it. */
static void json_membership(struct command *command, const struct view *view, struct bytes party)
{
	struct recognition recognition;
	struct inactive inactive;

	json_bool(command, "votes_count", !suspending_holds(&view->ledger.commons, party));
	if (inactive_get(view_state(view), party, &inactive)) {
		json_object(command, "inactive");
		json_text(command, "status", bytes_of(inactive_status_word(inactive.status)));
		if (inactive.status == INACTIVE_COUNTING)
			json_null(command, "from");
		else
			json_time(command, "from", inactive.from);
		json_number(command, "missed", inactive.count);
		json_close_object(command);
	} else {
		json_null(command, "inactive");
	}
	json_array(command, "registers");
	for (size_t index = 0; recognition_next(view_state(view), &index, &recognition);) {
		if (!bytes_same(recognition.party, party))
			continue;
		json_object(command, NULL);
		json_text(command, "register", recognition.of);
		json_text(command, "status", recognition.listed ? BYTES("listed") : BYTES("removed"));
		json_text(command, "code", recognition.code);
		json_close_object(command);
	}
	json_close_array(command);
}

static void tell_inactive(struct command *command, const struct view *view, const struct inactive *inactive)
{
	struct bytes missed = number_text(command, inactive->count);
	struct bytes from = time_text(command, inactive->from);

	switch (inactive->status) {
	case INACTIVE_WARNED:
		tell(command, "it has missed {0} duties and done nothing since: its votes do not count from {1} ({2}) on, unless it signs an act",
		     "自上次行事以来已有 {0} 项义务未履行：除非签署文书，自 {1}（{2}）起不计其表决",
		     VALUES(missed, from, distance_text(command, inactive->from, view->now)));
		break;
	case INACTIVE_WITHHELD:
		tell(command, "it has missed {0} duties and done nothing since; its votes count, because without them too few would be left",
		     "自上次行事以来已有 {0} 项义务未履行；其表决仍计入，否则余下各方过少", VALUES(missed));
		break;
	case INACTIVE_SUSPENDED:
		tell(command, "it is inactive: its votes do not count since {0}; its next act ends that, and nothing else has changed",
		     "不活动：自 {0} 起不计其表决；该方下一件文书即可终止，其余不变", VALUES(from));
		break;
	default:
		tell(command, "it has missed {0} duties since it last did something", "自上次行事以来有 {0} 项义务未履行", VALUES(missed));
		break;
	}
}

static void tell_membership(struct command *command, const struct view *view, struct bytes party)
{
	struct recognition recognition;
	struct inactive inactive;

	if (suspending_ordered(&view->ledger.commons, party))
		tell(command, "its votes are suspended: they do not count, and nothing else has changed", "其表决权已中止：不计其表决，其余不变", NULL);
	if (inactive_get(view_state(view), party, &inactive))
		tell_inactive(command, view, &inactive);
	for (size_t index = 0; recognition_next(view_state(view), &index, &recognition);)
		if (bytes_same(recognition.party, party))
			tell(command, recognition.listed ? "in the register {0} by the code {1}" : "removed from the register {0}, code {1}",
			     recognition.listed ? "以代码 {1} 在名录 {0} 中" : "已从名录 {0} 中删除，代码 {1}",
			     VALUES(recognition.of, recognition.code));
}

static void json_party(struct command *command, const struct view *view,
                       const struct party *party)
{
	struct bytes keys = party->keys;
	struct standing s;
	enum key_role role;
	struct note_key key;

	standing_of(view, party, &s);
	json_object(command, NULL);
	json_text(command, "party", party->name);
	json_text(command, "kind", party->kind);
	json_number(command, "threshold", party->threshold);
	json_array(command, "keys");
	while (act_key(&keys, &role, &key)) {
		struct writer w = writer_in(&command->memory);

		note_key_write(&w, &key);
		json_object(command, NULL);
		json_text(command, "role", bytes_of(key_role_word(role)));
		json_text(command, "key", writer_keep(&w, &command->memory));
		json_close_object(command);
	}
	json_close_array(command);
	json_text(command, "act", party->act);
	json_number(command, "tlds", s.tlds);
	json_number(command, "hosts", s.hosts);
	json_number(command, "servers", s.servers);
	json_bool(command, "signer", s.signs);
	if (s.has_voice)
		json_bool(command, "attached", s.voice.attached);
	else
		json_null(command, "attached");
	if (s.has_voice && s.voice.spoken)
		json_number(command, "countersigned", s.voice.height);
	else
		json_null(command, "countersigned");
	if (s.has_pool)
		json_time(command, "ready_until", s.pool.lease);
	else
		json_null(command, "ready_until");
	json_membership(command, view, party->name);
	json_close_object(command);
}

static void table_party(struct table *t, struct command *command, const struct view *view,
                        const struct party *party)
{
	struct standing s;

	standing_of(view, party, &s);
	table_cell(t, party->name);
	table_cell(t, party->kind);
	table_cell(t, number_text(command, s.tlds));
	table_cell(t, number_text(command, s.servers));
	table_cell(t, bytes_of(!s.signs        ? "-"
	                       : !s.has_voice ? say(command, "not yet", "尚未")
	                                      : say(command, "yes", "是")));
	table_cell(t, bytes_of(!s.has_voice         ? "-"
	                       : s.voice.attached ? say(command, "attached", "在线")
	                                          : say(command, "away", "离线")));
	table_cell(t, s.has_voice && s.voice.spoken ? number_text(command, s.voice.height) : BYTES("-"));
}

int party_list(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 7);
	struct party party;
	struct view view;
	bool waits = false;

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "PARTY", "缔约方");
	table_head(&t, "KIND", "类别");
	table_head(&t, "TLDS", "顶级域");
	table_head(&t, "SERVERS", "根服务器");
	table_head(&t, "SIGNS", "签署");
	table_head(&t, "SIGNER", "签署程序");
	table_head(&t, "COUNTERSIGNED", "会签至");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; party_next(view_state(&view), &index, &party);) {
		if (command->json)
			json_party(command, &view, &party);
		else
			table_party(&t, command, &view, &party);
		waits = waits || (view_signs(&view, &party) && !view_countersigns(&view, party.name));
	}
	table_end(&t);
	if (!command->json && waits)
		next_step(command, "\"not yet\": it holds no share of the key; a ceremony gives one: comity key open zsk",
		          "“尚未”：还没有密钥份额；举行仪式即可获得：comity key open zsk", NULL);
	return EXIT_DONE;
}

static void tell_holdings(struct command *command, const struct view *view,
                          const struct party *party)
{
	struct holding holding;
	struct server server;
	struct host host;

	for (size_t i = 0; holding_next(view_state(view), &i, &holding);)
		if (bytes_same(holding.holder, party->name))
			tell(command, "holds the TLD {0}", "持有顶级域 {0}", VALUES(holding.label));
	for (size_t i = 0; host_next(view_state(view), &i, &host);)
		if (bytes_same(host.owner, party->name))
			tell(command, "owns the name server {0}", "拥有名称服务器 {0}", VALUES(host.name));
	for (size_t i = 0; server_next(view_state(view), &i, &server);)
		if (bytes_same(server.owner, party->name))
			tell(command, "runs the root server {0}", "运行根服务器 {0}", VALUES(server.name));
}

static void tell_signer(struct command *command, const struct view *view,
                        const struct standing *s)
{
	if (!s->signs) {
		tell(command, "it holds no share of the key, by the charter", "依宪章不持有密钥份额", NULL);
		return;
	}
	if (!s->has_voice)
		tell(command, "it holds no share of the key yet, and will from the next ceremony on: comity key open zsk, then ksk and ksk-standby",
		     "尚无密钥份额，自下一次仪式起持有：comity key open zsk，然后 ksk 与 ksk-standby", NULL);
	else if (s->voice.attached)
		tell(command, "its signer is attached to this node", "其签署程序已连接本节点", NULL);
	else
		tell(command, "its signer is not attached to this node", "其签署程序未连接本节点", NULL);
	if (s->has_voice && s->voice.spoken)
		tell(command, "it has countersigned up to block {0}", "已会签至区块 {0}",
		     VALUES(number_text(command, s->voice.height)));
	if (s->has_pool)
		tell(command, "it is ready to sign until {0} ({1})", "在 {0}（{1}）之前可签名",
		     VALUES(time_text(command, s->pool.lease),
		            distance_text(command, s->pool.lease, view->now)));
}

int party_show(struct command *command, int argc, char *argv[])
{
	struct standing s;
	struct party party;
	struct view view;
	struct bytes name;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	name = bytes_of(argv[optind]);
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!view_party(command, &view, name, &party))
		return EXIT_NO;
	if (command->json) {
		json_party(command, &view, &party);
		return EXIT_DONE;
	}
	standing_of(&view, &party, &s);
	view_head(command, &view);
	tell(command, "{0}, of kind {1}, {2}; {3} of its act keys must sign for it",
	     "{0}，类别 {1}（{2}）；须由其中 {3} 把文书密钥签署",
	     VALUES(party.name, party.kind, said_text(command, party.act),
	            number_text(command, party.threshold)));
	print_text(command, party.keys);
	tell_holdings(command, &view, &party);
	tell_signer(command, &view, &s);
	tell_membership(command, &view, party.name);
	return EXIT_DONE;
}

struct rotation {
	struct draft draft;
	struct key_list list;
	const char *add[PARTY_KEYS_MAX];
	uint64_t remove[PARTY_KEYS_MAX];
	unsigned adds, removes;
	uint64_t threshold; /* 0: as it is */
};

static int rotation_read(struct command *command, int argc, char *argv[], struct rotation *r)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"add", required_argument, NULL, OPTION_OWN},
	                                        {"remove", required_argument, NULL, OPTION_OWN + 1},
	                                        {"threshold", required_argument, NULL, OPTION_OWN + 2},
	                                        {NULL, 0, NULL, 0}};
	int option;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &r->draft)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		if (r->adds == PARTY_KEYS_MAX || r->removes == PARTY_KEYS_MAX)
			return misuse(command, "a party has at most 16 keys", "缔约方至多有 16 把密钥");
		if (option == OPTION_OWN)
			r->add[r->adds++] = optarg;
		else if (!text_number(bytes_of(optarg), 999999,
		                      option == OPTION_OWN + 1 ? &r->remove[r->removes++]
		                                               : &r->threshold))
			return misuse_of(command, "not the number of a key, or of keys: {0}", "不是密钥编号或数目：{0}",
			                 VALUES(bytes_of(optarg)));
	}
	return arguments_are(command, argc, argv, 0) ? EXIT_DONE : EXIT_MISUSE;
}

/* A next key of the home takes the place of the one it follows. */
static bool next_keys_add(struct command *command, struct rotation *r)
{
	struct bytes now, line;
	struct key_list own = {.count = 0};

	if (!home_key_lines(command, &now) || !key_list_add(command, &own, now))
		return false;
	for (unsigned i = 0; i < HOME_ROLES; i++) {
		if (!next_key_line(command, HOME_ROLE_WORDS[i], &line))
			continue;
		for (unsigned k = 0; k < own.count; k++)
			if (own.item[k].role == key_role(bytes_of(HOME_ROLE_WORDS[i])))
				key_list_remove(&r->list, own.item[k].number);
		if (!key_list_add(command, &r->list, line))
			return false;
		r->draft.sign_next = r->draft.sign_next || i == 0;
	}
	return true;
}

static int keys_make(struct command *command, struct rotation *r)
{
	struct bytes content;

	if (!key_list_add(command, &r->list, r->draft.view.as.keys) || !next_keys_add(command, r))
		return EXIT_MISHAP;
	for (unsigned i = 0; i < r->removes; i++)
		if (!key_list_remove(&r->list, (uint32_t)r->remove[i]))
			return fail(command, EXIT_NO, "there is no key {0}", "没有第 {0} 号密钥",
			            VALUES(number_text(command, r->remove[i])));
	for (unsigned i = 0; i < r->adds; i++)
		if (!read_input(command, r->add[i], 16384, &content) ||
		    !key_list_add(command, &r->list, content))
			return EXIT_MISHAP;
	return EXIT_DONE;
}

int party_rotate(struct command *command, int argc, char *argv[])
{
	struct rotation r = {.adds = 0};
	const struct party *as = &r.draft.view.as;
	int code = rotation_read(command, argc, argv, &r);

	if (code != EXIT_DONE)
		return code;
	if (!draft_begin(command, &r.draft, ACT_ROTATE))
		return EXIT_MISHAP;
	if (!r.draft.view.is_party)
		return fail(command, EXIT_NO, "{0} is not a party", "{0} 不是缔约方", VALUES(r.draft.view.us));
	code = keys_make(command, &r);
	if (code != EXIT_DONE)
		return code;
	if (r.threshold == 0)
		r.threshold = as->threshold;
	draft_set(&r.draft, "threshold", number_text(command, r.threshold));
	draft_set(&r.draft, "key", key_list_text(command, &r.list));
	if (bytes_same(act_field(&r.draft.act, "key"), as->keys) && r.threshold == as->threshold) {
		fail(command, EXIT_NO, "the party has exactly these keys", "该方现有密钥恰为这些", NULL);
		next_step(command, "make a new one first: comity key next act|cosign|custody|duty",
		          "请先生成新密钥：comity key next act|cosign|custody|duty", NULL);
		return EXIT_NO;
	}
	code = draft_finish(command, &r.draft);
	if (code != EXIT_DONE || r.draft.write || r.draft.dry_run || r.draft.out != NULL)
		return code;
	next_step(command, "comity-signerd reads its keys when it starts: start it again",
	          "comity-signerd 启动时读取密钥：请重新启动", NULL);
	return next_keys_settle(command) ? EXIT_DONE : EXIT_MISHAP;
}

int party_withdraw_own(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!draft_begin(command, &draft, ACT_WITHDRAW))
		return EXIT_MISHAP;
	draft_set(&draft, "subject", join_text(command, BYTES("party/"), draft.act.by));
	return draft_finish(command, &draft);
}

int party_proxy(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!draft_begin(command, &draft, ACT_PROXY))
		return EXIT_MISHAP;
	draft_set(&draft, "proxy", bytes_of(argv[optind]));
	return draft_finish(command, &draft);
}

int party_suspend(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"expires", required_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	const char *expires = NULL;
	int option;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN)
			return EXIT_MISUSE;
		expires = optarg;
	}
	if (!arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (expires == NULL)
		return misuse(command, "--expires is missing: until when, or none", "缺少 --expires：截止时间，或 none");
	if (!draft_begin(command, &draft, ACT_SUSPEND))
		return EXIT_MISHAP;
	draft_set(&draft, "party", bytes_of(argv[optind]));
	draft_set(&draft, "expires", bytes_of(expires));
	return draft_finish(command, &draft);
}
