/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/custody.h"

#include "act/show.h"
#include "base/text.h"
#include "prog/comity/json.h"
#include "prog/comity/print.h"

static void line_add(struct command *command, struct custody_lines *lines, const char *en,
                     const char *zh, const struct bytes *values)
{
	if (lines->count < CUSTODY_LINES_MAX)
		lines->line[lines->count++] = sentence(command, en, zh, values);
}

static struct bytes group_name(const struct command *command, enum group_kind kind)
{
	return show_word(bytes_of(group_word(kind)), command->chinese);
}

bool custody_readiness(const struct view *view, struct readiness *r)
{
	const struct state *state = view_state(view);
	struct custody custody;
	struct group group;
	struct pool pool;

	custody_get(state, &custody);
	*r = (struct readiness){.members = 0};
	if (!group_get(state, GROUP_ZSK, custody.active[GROUP_ZSK], &group))
		return false;
	r->members = group.count;
	r->needed = group.threshold;
	for (unsigned i = 0; i < group.count; i++)
		r->ready += pool_get(state, group.member[i].party, &pool) &&
		            pool.lease.seconds > view->now.seconds;
	return true;
}

static void describe_group(struct command *command, const struct view *view,
                           enum group_kind kind, uint64_t number, const char *en, const char *zh,
                           struct custody_lines *lines)
{
	struct group g;

	if (number == 0 || !group_get(view_state(view), kind, number, &g))
		return;
	line_add(command, lines, "ok  {0} {1}, key tag {2}, {3}: {4} of its {5} holders sign together",
	         "ok  {0} {1}，密钥标签 {2}，{3}：{5} 个持有者中 {4} 个共同签名",
	         VALUES(group_name(command, kind), number_text(command, number),
	                number_text(command, g.tag), bytes_of(say(command, en, zh)),
	                number_text(command, g.threshold), number_text(command, g.count)));
}

/* Members that have not done what the phase asks for. */
static struct bytes waiting_for(struct command *command, const struct view *view,
                                const struct ceremony *c, unsigned *done)
{
	struct writer w = writer_in(&command->memory);
	struct bytes record;

	*done = 0;
	for (unsigned i = 0; i < c->count; i++) {
		struct record_key key;
		struct bytes party = c->member[i].party, group = bytes_of(group_word(c->kind));
		bool is = c->phase == CEREMONY_KEY    ? c->member[i].has_key
		          : c->phase == CEREMONY_DEAL ? state_get(view_state(view),
		                                                  record_key(&key, "deal", group, party),
		                                                  &record)
		          : c->phase == CEREMONY_CONFIRM ? confirmed_get(view_state(view), c->kind, party)
		                                         : true;

		*done += is;
		if (is)
			continue;
		write_text(&w, w.used > 0 ? " " : "");
		write_bytes(&w, party);
	}
	return writer_keep(&w, &command->memory);
}

static const struct {
	const char *word, *en, *zh;
} PHASES[CEREMONY_PHASES] = {
	[CEREMONY_KEY] = {"key", "encryption keys are posted", "公布加密密钥"},
	[CEREMONY_DEAL] = {"deal", "shares are dealt", "分发份额"},
	[CEREMONY_CONFIRM] = {"confirm", "shares are confirmed", "确认份额"},
	[CEREMONY_SIGN] = {"sign", "the new key signs for the first time", "新密钥首次签名"},
	[CEREMONY_DONE] = {"done", "done", "完成"},
	[CEREMONY_FAILED] = {"failed", "failed", "失败"},
};

static const struct {
	const char *word, *en, *zh;
} EXCLUSIONS[] = {
	{"absent-key", "it posted no encryption key in time", "未按时公布加密密钥"},
	{"absent-deal", "it dealt no shares in time", "未按时分发份额"},
	{"absent-confirm", "it confirmed nothing in time", "未按时确认"},
	{"guilty-deal", "it dealt a wrong share, as was proved", "经证明分发了错误份额"},
	{"guilty-complaint", "it complained of a good share", "对正确的份额提出了申诉"},
};

static struct bytes exclusion_text(const struct command *command, struct bytes word)
{
	for (unsigned i = 0; i < sizeof(EXCLUSIONS) / sizeof(EXCLUSIONS[0]); i++)
		if (bytes_same(word, bytes_of(EXCLUSIONS[i].word)))
			return bytes_of(say(command, EXCLUSIONS[i].en, EXCLUSIONS[i].zh));
	return word;
}

/* Takes the next "excluded" line off. */
static bool excluded_next(struct bytes *lines, struct bytes *party, struct bytes *number,
                          struct bytes *why)
{
	struct text text = {.rest = *lines};
	struct bytes line, value;

	if (!text_line(&text, &line) || !text_field(line, "excluded", &value) ||
	    !text_word(&value, party) || !text_word(&value, number))
		return false;
	*why = value;
	*lines = text.rest;
	return true;
}

static void describe_ceremony(struct command *command, const struct view *view,
                              enum group_kind kind, struct custody_lines *lines)
{
	struct bytes party, number, why, waiting;
	struct ceremony c;
	unsigned done;

	if (!ceremony_get(view_state(view), kind, &c))
		return;
	waiting = waiting_for(command, view, &c, &done);
	if (c.phase <= CEREMONY_CONFIRM)
		line_add(command, lines, "..  ceremony {0} of the {1}: {2}; {3} of {4} have; until {5}; waiting for: {6}",
		         "..  {1} 的第 {0} 次仪式：{2}；{4} 方中已有 {3} 方；截止 {5}；等待：{6}",
		         VALUES(number_text(command, c.number), group_name(command, kind),
		                bytes_of(say(command, PHASES[c.phase].en, PHASES[c.phase].zh)),
		                number_text(command, done), number_text(command, c.count),
		                time_text(command, c.deadline), waiting));
	else if (c.phase == CEREMONY_SIGN)
		line_add(command, lines, "..  ceremony {0} of the {1}: the new key signs for the first time",
		         "..  {1} 的第 {0} 次仪式：新密钥首次签名",
		         VALUES(number_text(command, c.number), group_name(command, kind)));
	else if (c.phase == CEREMONY_FAILED)
		line_add(command, lines, "!!  ceremony {0} of the {1} failed: too few were left",
		         "!!  {1} 的第 {0} 次仪式失败：所余过少",
		         VALUES(number_text(command, c.number), group_name(command, kind)));
	while (excluded_next(&c.excluded, &party, &number, &why))
		line_add(command, lines, "!!  {0} was excluded from ceremony {1} of the {2}: {3}",
		         "!!  {0} 被排除出 {2} 的第 {1} 次仪式：{3}",
		         VALUES(party, number, group_name(command, kind), exclusion_text(command, why)));
}

/* Signatures of a session that are on the ledger. */
static uint64_t signatures_count(const struct view *view, const struct session *session)
{
	struct bytes lines;
	uint8_t signature[64];
	uint64_t count = 0;
	size_t index = 0;
	uint32_t first;

	while (signatures_next(view_state(view), session->job, session->number, &index, &first, &lines))
		while (signature_take(&lines, signature))
			count++;
	return count;
}

struct progress custody_progress(const struct view *view)
{
	struct progress progress = {.wanted = 0};
	struct custody custody;
	struct session session;
	struct job job;

	custody_get(view_state(view), &custody);
	if (!job_get(view_state(view), custody.job, &job))
		return progress;
	progress.wanted = job.items;
	for (uint32_t n = 0; n < job.sessions; n++)
		if (session_get(view_state(view), job.number, n, &session)) {
			uint64_t made = signatures_count(view, &session);

			progress.made = made > progress.made ? made : progress.made;
		}
	return progress;
}

/* Members of the session that have done their part. */
static struct bytes answered_of(struct command *command, const struct view *view,
                                const struct session *session)
{
	struct writer w = writer_in(&command->memory);
	struct bytes missing;

	for (unsigned i = 0; i < session->count; i++)
		if (answered_get(view_state(view), session->job, session->number, session->member[i].party,
		                 &missing)) {
			write_text(&w, w.used > 0 ? " " : "");
			write_bytes(&w, session->member[i].party);
		}
	return writer_keep(&w, &command->memory);
}

static struct bytes members_of(struct command *command, const struct session *session)
{
	struct writer w = writer_in(&command->memory);

	for (unsigned i = 0; i < session->count; i++) {
		write_text(&w, i > 0 ? " " : "");
		write_bytes(&w, session->member[i].party);
	}
	return writer_keep(&w, &command->memory);
}

/* A list of names, or that there are none. */
static struct bytes some(const struct command *command, struct bytes names)
{
	return names.size > 0 ? names : bytes_of(say(command, "nobody", "无"));
}

static void describe_sessions(struct command *command, const struct view *view,
                              const struct job *job, struct custody_lines *lines)
{
	struct session session;
	struct readiness r;

	if (job->sessions == 0 && custody_readiness(view, &r))
		line_add(command, lines, "..  it waits for signers: {0} of {1} are ready, {2} are needed",
		         "..  等待签署方：{1} 方中 {0} 方就绪，需 {2} 方",
		         VALUES(number_text(command, r.ready), number_text(command, r.members),
		                number_text(command, r.needed)));
	for (uint32_t n = 0; n < job->sessions; n++)
		if (session_get(view_state(view), job->number, n, &session))
			line_add(command, lines, "..  session {0}, since {1}: {2}; done: {3}",
			         "..  第 {0} 次会话，始于 {1}：{2}；已完成：{3}",
			         VALUES(number_text(command, n), time_text(command, session.opened),
			                members_of(command, &session),
			                some(command, answered_of(command, view, &session))));
}

static void describe_job(struct command *command, const struct view *view,
                         struct custody_lines *lines)
{
	struct custody custody;
	struct job job;

	custody_get(view_state(view), &custody);
	if (!job_get(view_state(view), custody.job, &job)) {
		if (custody.active[GROUP_ZSK] != 0)
			line_add(command, lines, "ok  nothing is being signed", "ok  目前没有待签内容", NULL);
		return;
	}
	if (job.kind == JOB_ZONE)
		line_add(command, lines, "..  job {0}: release {1}, {4} of {2} signatures made, since {3}",
		         "..  任务 {0}：发布 {1}，已有 {4} 个签名，共需 {2} 个，始于 {3}",
		         VALUES(number_text(command, job.number), number_text(command, job.serial),
		                number_text(command, job.items), time_text(command, job.opened),
		                number_text(command, custody_progress(view).made)));
	else
		line_add(command, lines, "..  job {0}: the new {1} {2} proves itself, since {3}",
		         "..  任务 {0}：新的 {1} {2} 自证，始于 {3}",
		         VALUES(number_text(command, job.number), group_name(command, job.group[0].kind),
		                number_text(command, job.group[0].number), time_text(command, job.opened)));
	describe_sessions(command, view, &job, lines);
}

void custody_describe(struct command *command, const struct view *view,
                      struct custody_lines *lines)
{
	struct custody custody;

	lines->count = 0;
	custody_get(view_state(view), &custody);
	for (enum group_kind k = 0; k < GROUPS; k++)
		describe_group(command, view, k, custody.active[k], "in use", "使用中", lines);
	describe_group(command, view, GROUP_ZSK, custody.zsk_next, "published ahead of its use",
	               "提前公布，尚未使用", lines);
	describe_group(command, view, GROUP_ZSK, custody.zsk_old, "published until caches have forgotten it",
	               "仍公布，待缓存过期", lines);
	for (enum group_kind k = 0; k < GROUPS; k++)
		describe_ceremony(command, view, k, lines);
	describe_job(command, view, lines);
}

static void json_group(struct command *command, const struct view *view, enum group_kind kind,
                       uint64_t number, const char *status)
{
	struct group g;

	if (number == 0 || !group_get(view_state(view), kind, number, &g))
		return;
	json_object(command, NULL);
	json_text(command, "group", bytes_of(group_word(kind)));
	json_number(command, "number", number);
	json_text(command, "status", bytes_of(status));
	json_number(command, "tag", g.tag);
	json_number(command, "threshold", g.threshold);
	json_time(command, "since", g.since);
	json_array(command, "members");
	for (unsigned i = 0; i < g.count; i++)
		json_text(command, NULL, g.member[i].party);
	json_close_array(command);
	json_close_object(command);
}

static void json_ceremony(struct command *command, const struct view *view, enum group_kind kind)
{
	struct bytes party, number, why;
	struct ceremony c;
	unsigned done;

	if (!ceremony_get(view_state(view), kind, &c))
		return;
	json_object(command, NULL);
	json_text(command, "group", bytes_of(group_word(kind)));
	json_number(command, "number", c.number);
	json_text(command, "phase", bytes_of(PHASES[c.phase].word));
	json_time(command, "deadline", c.deadline);
	json_words(command, "waiting_for", waiting_for(command, view, &c, &done));
	json_array(command, "excluded");
	while (excluded_next(&c.excluded, &party, &number, &why)) {
		json_object(command, NULL);
		json_text(command, "party", party);
		json_text(command, "ceremony", number);
		json_text(command, "reason", why);
		json_close_object(command);
	}
	json_close_array(command);
	json_close_object(command);
}

static void json_job(struct command *command, const struct view *view)
{
	struct custody custody;
	struct session session;
	struct job job;

	custody_get(view_state(view), &custody);
	if (!job_get(view_state(view), custody.job, &job)) {
		json_null(command, "job");
		return;
	}
	json_object(command, "job");
	json_number(command, "number", job.number);
	json_text(command, "kind", bytes_of(job.kind == JOB_ZONE ? "zone" : "confirm"));
	json_time(command, "opened", job.opened);
	if (job.kind == JOB_ZONE)
		json_number(command, "serial", job.serial);
	else
		json_null(command, "serial");
	json_number(command, "items", job.items);
	json_array(command, "sessions");
	for (uint32_t n = 0; n < job.sessions; n++)
		if (session_get(view_state(view), job.number, n, &session)) {
			json_object(command, NULL);
			json_number(command, "session", n);
			json_words(command, "members", members_of(command, &session));
			json_words(command, "answered", answered_of(command, view, &session));
			json_number(command, "signed", signatures_count(view, &session));
			json_close_object(command);
		}
	json_close_array(command);
	json_close_object(command);
}

void json_custody(struct command *command, const struct view *view)
{
	struct custody custody;

	custody_get(view_state(view), &custody);
	json_array(command, "groups");
	for (enum group_kind k = 0; k < GROUPS; k++)
		json_group(command, view, k, custody.active[k], "active");
	json_group(command, view, GROUP_ZSK, custody.zsk_next, "next");
	json_group(command, view, GROUP_ZSK, custody.zsk_old, "old");
	json_close_array(command);
	json_array(command, "ceremonies");
	for (enum group_kind k = 0; k < GROUPS; k++)
		json_ceremony(command, view, k);
	json_close_array(command);
	json_job(command, view);
}
