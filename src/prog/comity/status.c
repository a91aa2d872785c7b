/* SPDX-License-Identifier: Apache-2.0 */
/* comity status: at one glance, whether it works, who is away, and for how long it stays good. */
#include <stdio.h>

#include "norms/breach.h"
#include "commons/checking.h"
#include "prog/comity/attesting.h"
#include "prog/comity/custody.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/succession.h"

#define FINAL_SECONDS   60               /* a seal older than this should be final */
#define RENEWAL_SECONDS (8 * SECONDS_AN_HOUR) /* renewals are gathered into six hours, and take a while */

/* What a glance takes in. */
struct glance {
	struct command *command;
	struct view view;
	uint64_t countersigners, needed, attached;
	struct ledger_time sealed_at;
	struct bytes away; /* names, blanks between */
	struct bytes without; /* parties that are to sign and hold no share yet, likewise */
	struct custody_lines custody;
	bool has_release, published;
	struct bytes unfit; /* why the release cannot be served; empty: nothing is wrong with it */
	struct release release;
	bool ready_known;
	struct readiness readiness;
	bool content_waits; /* changes are not in a release yet */
	struct ledger_time renewal; /* when the release's signatures should be renewed at the latest */
};

/* Names of parties that sign by the charter and are not among the countersigners. */
static struct bytes without_share(struct command *command, const struct view *view)
{
	struct writer w = writer_in(&command->memory);
	struct party party;

	for (size_t index = 0; party_next(view_state(view), &index, &party);) {
		if (!view_signs(view, &party) || view_countersigns(view, party.name))
			continue;
		write_text(&w, w.used > 0 ? " " : "");
		write_bytes(&w, party.name);
	}
	return writer_keep(&w, &command->memory);
}

static bool glance_take(struct command *command, struct glance *g)
{
	struct writer w;
	struct voice_line voice;
	struct custody custody;
	struct apex apex;
	struct bytes report;
	uint64_t zone = 0;

	*g = (struct glance){.command = command};
	if (!view_take(command, &g->view))
		return false;
	report = g->view.report;
	(void)text_number(field_of(report, "countersigners"), UINT32_MAX, &g->countersigners);
	(void)text_number(field_of(report, "needed"), UINT32_MAX, &g->needed);
	(void)text_number(field_of(report, "published-zone"), INT64_MAX, &zone);
	(void)time_read(field_of(report, "sealed-at"), &g->sealed_at);
	g->unfit = field_of(report, "unfit-zone");
	w = writer_in(&command->memory);
	while (voice_next(&report, &voice)) {
		g->attached += voice.attached;
		if (voice.attached)
			continue;
		write_text(&w, w.used > 0 ? " " : "");
		write_bytes(&w, voice.party);
	}
	g->away = writer_keep(&w, &command->memory);
	g->without = without_share(command, &g->view);
	custody_describe(command, &g->view, &g->custody);
	g->has_release = release_current(view_state(&g->view), &g->release);
	g->published = g->has_release && zone == g->release.job;
	g->ready_known = custody_readiness(&g->view, &g->readiness);
	custody_get(view_state(&g->view), &custody);
	g->content_waits = content_is_due(view_state(&g->view)) || custody.job != 0;
	apex_get(view_state(&g->view), &apex);
	g->renewal.seconds = g->release.expires.seconds - apex.renewal_seconds + RENEWAL_SECONDS;
	return true;
}

static bool cannot_final(const struct glance *g)
{
	return g->attached < g->needed;
}

/* Sealed a while ago, by the node's clock, and not final. */
static bool waits_for_final(const struct glance *g)
{
	bool waits = !g->view.any_final || g->view.final < g->view.sealed;

	return waits && g->view.now.seconds - g->sealed_at.seconds > FINAL_SECONDS;
}

static bool cannot_sign(const struct glance *g)
{
	return g->ready_known && g->readiness.ready < g->readiness.needed;
}

static bool has_expired(const struct glance *g)
{
	return g->has_release && g->view.now.seconds >= g->release.expires.seconds;
}

static bool refresh_is_late(const struct glance *g)
{
	return g->has_release && g->view.now.seconds > g->renewal.seconds;
}

static bool all_is_well(const struct glance *g)
{
	return g->has_release && g->published && !cannot_final(g) && !waits_for_final(g) &&
	       !cannot_sign(g) && !has_expired(g) && !refresh_is_late(g);
}

/* Something is wrong that comes before whatever the zone may still need. */
static bool is_wrong(const struct glance *g)
{
	bool wrong = cannot_final(g) || waits_for_final(g) || cannot_sign(g) || g->unfit.size > 0;

	for (unsigned i = 0; i < g->custody.count; i++)
		wrong = wrong || bytes_starts(g->custody.line[i], BYTES("!!"));
	return wrong;
}

static void tell_finality(const struct glance *g)
{
	struct command *command = g->command;
	const struct bytes *values =
		VALUES(number_text(command, g->attached), number_text(command, g->countersigners),
	               number_text(command, g->needed), g->away,
	               distance_text(command, g->sealed_at, g->view.now),
	               number_text(command, g->view.sealed));

	if (cannot_final(g))
		tell(command,
		     "!!  nothing new can become final: {0} of {1} countersigners are here, {2} are needed; away: {3}",
		     "!!  新内容无法定案：{1} 个会签方中 {0} 个在线，需 {2} 个；离线：{3}", values);
	else if (waits_for_final(g))
		tell(command, "!!  block {5}, sealed {4}, is not final yet; {0} of {1} countersigners are here, {2} are needed",
		     "!!  区块 {5}（{4}封存）尚未定案；{1} 个会签方中 {0} 个在线，需 {2} 个", values);
	else if (g->needed == g->countersigners && g->needed > 1)
		tell(command, "ok  {0} of {1} countersigners are here, all are needed: none of them may be away",
		     "ok  {1} 个会签方中 {0} 个在线，缺一不可：任何一方都不得离线", values);
	else
		tell(command, "ok  {0} of {1} countersigners are here, {2} are needed",
		     "ok  {1} 个会签方中 {0} 个在线，需 {2} 个", values);
	if (!cannot_final(g) && g->away.size > 0)
		tell(command, "??  away, as this node sees it: {3}", "??  本节点未见其在线：{3}", values);
	if (cannot_final(g))
		next_step(command, "their signers must run: comity-signerd --home DIR",
		          "须运行其签署程序：comity-signerd --home DIR", NULL);
	if (g->without.size > 0)
		tell(command, "..  to be a signer, and without a share of the key yet: {0}; a ceremony gives one: comity key open zsk",
		     "..  将成为签署方、尚无密钥份额：{0}；举行仪式即可获得：comity key open zsk", VALUES(g->without));
}

/* Open breaches of norms: told, and no alarm. */
static uint64_t open_breaches(const struct glance *g)
{
	struct breach b;
	uint64_t count = 0;

	for (size_t index = 0; breach_next(view_state(&g->view), &index, &b);)
		count += b.status == BREACH_OPEN;
	return count;
}

static void tell_breaches(const struct glance *g)
{
	uint64_t count = open_breaches(g);

	if (count > 0)
		tell(g->command, "..  breaches of norms: {0}; which: comity norm breaches",
		     "..  违反规范：{0} 处；详见：comity norm breaches", VALUES(number_text(g->command, count)));
}

/* Who could attest technical checks, where the charter asks for them or somebody has the key for it. */
static void tell_attesters(const struct glance *g)
{
	struct bytes names = attesters_text(g->command, &g->view);
	struct checking c;
	uint64_t count = 0;

	for (size_t index = 0; checking_next(view_state(&g->view), &index, &c);)
		count += c.run == RUN_SUBMISSION || c.run == RUN_PUBLICATION;
	if (count > 0 || !bytes_same(names, BYTES("none")))
		tell(g->command, "..  delegations that wait for technical checks: {0}; who may attest: {1}",
		     "..  等待技术检查的授权：{0} 项；可为证明方者：{1}", VALUES(number_text(g->command, count), names));
}

static void tell_release(const struct glance *g)
{
	struct command *command = g->command;
	const struct bytes *values;
	struct server server;
	size_t index = 0;

	if (!g->has_release) {
		tell(command, "..  no zone is released yet", "..  尚未发布任何区", NULL);
		if (!is_wrong(g) && !server_next(view_state(&g->view), &index, &server))
			next_step(command, "a zone needs a root server: comity server set NAME ADDRESS...",
			          "区须有根服务器：comity server set NAME ADDRESS...", NULL);
		return;
	}
	values = VALUES(number_text(command, g->release.serial),
	                distance_text(command, g->release.entered, g->view.now),
	                number_text(command, g->release.records),
	                time_text(command, g->release.expires),
	                distance_text(command, g->release.expires, g->view.now), id_text(g->release.act), g->unfit);
	if (has_expired(g))
		tell(command, "!!  release {0} has expired {4}: validators refuse the zone",
		     "!!  发布 {0} 已于 {4}过期：验证方将拒绝该区", values);
	else if (g->unfit.size > 0)
		tell(command, "!!  release {0}, entered {1}, cannot be served: {6}; the one before still is",
		     "!!  发布 {0}（{1}登记）无法提供服务：{6}；此前的发布继续使用", values);
	else if (!g->published)
		tell(command, "..  release {0}, entered {1}, is not published here yet",
		     "..  发布 {0}（{1}登记）尚未在此公布", values);
	else
		tell(command, "ok  release {0}, entered {1}, {2} records, act {5}; good until {3} ({4})",
		     "ok  发布 {0}（{1}登记），{2} 条记录，文书 {5}；有效至 {3}（{4}）", values);
}

/* What stands still, and how long that can go on. */
static void tell_stalled(const struct glance *g)
{
	struct command *command = g->command;
	const struct bytes *values;

	if (cannot_sign(g))
		tell(command, "!!  nothing new can be signed: {0} of {1} signers are ready, {2} are needed",
		     "!!  新内容无法签名：{1} 个签署方中 {0} 个就绪，需 {2} 个",
		     VALUES(number_text(command, g->readiness.ready),
		            number_text(command, g->readiness.members),
		            number_text(command, g->readiness.needed)));
	if (!g->has_release || has_expired(g))
		return;
	values = VALUES(distance_text(command, g->renewal, g->view.now),
	                span_text(command, g->release.expires.seconds - g->view.now.seconds));
	if (refresh_is_late(g))
		tell(command, "!!  its signatures should have been renewed {0}; the zone stays good for {1}",
		     "!!  其签名本应于 {0}续签；该区仍可用 {1}", values);
	else if (cannot_sign(g) || cannot_final(g))
		tell(command, "..  the zone as it is stays good for {1}", "..  现有的区仍可用 {1}", values);
	if (g->content_waits && (cannot_sign(g) || cannot_final(g)))
		tell(command, "..  changes wait that are not in it", "..  有尚未纳入的更改在等待", NULL);
}

/* Names whose holder cannot act, or that end. */
static void tell_events(const struct glance *g)
{
	struct event event;
	struct holding h;

	for (size_t index = 0; holding_next(view_state(&g->view), &index, &h);)
		for (enum event_sort sort = 0; sort < EVENT_SORTS; sort++)
			if (event_get(&g->view, h.label, sort, &event))
				tell(g->command, "..  {0}", "..  {0}",
				     VALUES(event_text(g->command, &g->view, &event)));
}

static int tell_status(const struct glance *g)
{
	view_head(g->command, &g->view);
	tell_finality(g);
	for (unsigned i = 0; i < g->custody.count; i++)
		tell(g->command, "{0}", "{0}", VALUES(g->custody.line[i]));
	tell_release(g);
	tell_stalled(g);
	tell_breaches(g);
	tell_attesters(g);
	tell_events(g);
	return all_is_well(g) ? EXIT_DONE : EXIT_NOT_YET;
}

static void json_release(const struct glance *g)
{
	struct command *command = g->command;

	if (!g->has_release) {
		json_null(command, "release");
		return;
	}
	json_object(command, "release");
	json_number(command, "serial", g->release.serial);
	json_text(command, "act", g->release.act);
	json_number(command, "records", g->release.records);
	json_time(command, "entered", g->release.entered);
	json_time(command, "expires", g->release.expires);
	json_bool(command, "published", g->published);
	if (g->unfit.size > 0)
		json_text(command, "unfit", g->unfit);
	else
		json_null(command, "unfit");
	json_bool(command, "expired", has_expired(g));
	json_bool(command, "refresh_late", refresh_is_late(g));
	json_close_object(command);
}

static int json_status(const struct glance *g)
{
	struct command *command = g->command;
	struct bytes report = g->view.report;
	struct voice_line voice;

	json_object(command, NULL);
	view_json_head(command, &g->view);
	json_time(command, "clock", g->view.now);
	json_time(command, "time", g->view.ledger.time);
	json_number(command, "sealed", g->view.sealed);
	json_number(command, "needed", g->needed);
	json_array(command, "countersigners");
	while (voice_next(&report, &voice)) {
		json_object(command, NULL);
		json_text(command, "party", voice.party);
		json_bool(command, "attached", voice.attached);
		if (voice.spoken)
			json_number(command, "height", voice.height);
		else
			json_null(command, "height");
		json_close_object(command);
	}
	json_close_array(command);
	json_words(command, "without_share", g->without);
	json_custody(command, &g->view);
	json_release(g);
	json_bool(command, "can_become_final", !cannot_final(g));
	if (g->ready_known)
		json_bool(command, "can_sign", !cannot_sign(g));
	else
		json_null(command, "can_sign");
	json_bool(command, "changes_wait", g->content_waits);
	json_number(command, "breaches", open_breaches(g));
	json_words(command, "attesters", attesters_text(command, &g->view));
	events_json(command, &g->view, BYTES(""));
	json_bool(command, "well", all_is_well(g));
	json_close_object(command);
	return all_is_well(g) ? EXIT_DONE : EXIT_NOT_YET;
}

int status(struct command *command, int argc, char *argv[])
{
	struct glance glance;

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!glance_take(command, &glance))
		return EXIT_MISHAP;
	return command->json ? json_status(&glance) : tell_status(&glance);
}
