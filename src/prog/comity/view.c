/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/view.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/must.h"
#include "commons/proposal.h"
#include "commons/registering.h"
#include "commons/suspending.h"
#include "host/memory.h"
#include "prog/comity/json.h"
#include "prog/comity/print.h"
#include "state/form.h"

#define STATE_SIZE ((size_t)1 << 30)

/* What a view lives in: reserved once, used again. */
static struct {
	bool reserved, taken;
	struct arena state;
	struct commons_memory commons;
} MEMORY[2];

static unsigned memory_take(struct ledger *ledger)
{
	unsigned i = MEMORY[0].taken;

	must(!MEMORY[i].taken);
	if (!MEMORY[i].reserved) {
		MEMORY[i].state = memory_reserve(STATE_SIZE);
		MEMORY[i].commons.scratch = memory_reserve(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE);
		MEMORY[i].commons.charter = memory_reserve(COMMONS_CHARTER_SIZE);
		for (unsigned k = 0; k < 2; k++)
			MEMORY[i].commons.work[k] = memory_reserve(ZONE_ARENA_SIZE);
		MEMORY[i].reserved = true;
	}
	MEMORY[i].taken = true;
	ledger_init(ledger, MEMORY[i].state.at, MEMORY[i].state.size, &MEMORY[i].commons);
	return i;
}

void view_drop(struct view *view)
{
	memory_forget(&MEMORY[view->memory].state);
	memory_forget(&MEMORY[view->memory].commons.scratch);
	memory_forget(&MEMORY[view->memory].commons.charter);
	MEMORY[view->memory].taken = false;
}

static int does_not_read(struct command *command, struct bytes what)
{
	return fail(command, EXIT_MISHAP, "what the node says does not read: {0}",
	            "节点所言无法读取：{0}", VALUES(what));
}

static bool number_of(struct bytes report, const char *name, uint64_t *number)
{
	return text_number(field_of(report, name), INT64_MAX, number);
}

static bool report_read(struct view *view)
{
	struct commons *commons = &view->ledger.commons;
	struct bytes r = view->report, federation = field_of(r, "federation");

	view->federation = federation;
	view->public = field_of(r, "public");
	view->any_final = number_of(r, "final", &view->final);
	return text_word(&federation, &commons->origin) && origin_valid(commons->origin) &&
	       hex_read(federation, commons->genesis.octet, ACT_FEDERATION_SIZE) &&
	       time_read(field_of(r, "clock"), &view->now) &&
	       time_read(field_of(r, "time"), &view->ledger.time) &&
	       number_of(r, "height", &view->height) && number_of(r, "sealed", &view->sealed) &&
	       number_of(r, "published-log", &view->log);
}

/* Records of kinds we do not know are a newer node's, and passed over. */
static bool records_put(struct command *command, struct view *view, struct bytes records)
{
	struct arena scratch = {arena_take(&command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct bytes record;

	while (ipc_record_next(&records, &record)) {
		const uint8_t *end = memchr(record.at, '\n', record.size);
		struct bytes key = bytes_first(record, end == NULL ? 0 : (size_t)(end - record.at));

		if (!record_form_known(key))
			continue;
		if (!record_form_holds(record, scratch)) {
			does_not_read(command, key);
			return false;
		}
		state_put(&view->ledger.state, record);
	}
	state_commit(&view->ledger.state);
	return true;
}

/* An open proposal can be judged, and carried out: its rule is there, its text is an act. */
static bool proposals_hold(struct command *command, const struct view *view)
{
	const struct charter *charter = &view->ledger.commons.charter;
	struct proposal p;
	size_t index = 0;

	while (proposal_next(view_state(view), &index, &p)) {
		struct arena scratch = view->ledger.commons.scratch;
		struct act embedding = {.embed = p.text}, act;
		struct fault fault;

		if (!proposal_lives(&p))
			continue;
		struct bytes text = act_embedded(&embedding, &scratch);
		if (charter_rule(charter, p.rule) == NULL ||
		    act_read(text, arena_rest(&scratch), &act, &fault) != OK) {
			does_not_read(command, p.id);
			return false;
		}
	}
	return true;
}

/* What the core takes as facts about a state as a whole. */
static bool state_holds(struct command *command, struct view *view)
{
	struct bytes name[CUSTODY_MEMBERS_MAX + 1], record, text;
	struct commons *commons = &view->ledger.commons;
	struct charter_fault fault;
	struct charter charter;
	struct arena scratch = commons->scratch;
	struct act embedding = {0};

	if (!state_get(&view->ledger.state, BYTES("apex"), &record) ||
	    !state_get(&view->ledger.state, BYTES("charter"), &record)) {
		does_not_read(command, BYTES("apex, charter"));
		return false;
	}
	embedding.embed = (struct bytes){memchr(record.at, '|', record.size), 0};
	if (embedding.embed.at != NULL)
		embedding.embed.size = (size_t)(record.at + record.size - embedding.embed.at);
	text = act_embedded(&embedding, &scratch);
	if (charter_read(text, &scratch, &charter, &fault) != OK) {
		does_not_read(command, BYTES("charter"));
		return false;
	}
	commons_load_charter(commons);
	if (commons_signers(commons, name) > CUSTODY_MEMBERS_MAX) {
		does_not_read(command, BYTES("signers"));
		return false;
	}
	return proposals_hold(command, view);
}

bool view_take(struct command *command, struct view *view)
{
	struct commons *commons = &view->ledger.commons;
	struct bytes records;

	*view = (struct view){.height = 0};
	if (!node_ask(command, IPC_STATUS, BYTES(""), IPC_REPORT, &view->report) ||
	    !node_list(command, BYTES(""), &records))
		return false;
	view->memory = memory_take(&view->ledger);
	if (!report_read(view)) {
		does_not_read(command, BYTES("comity-report/1"));
		return false;
	}
	if (!records_put(command, view, records) || !state_holds(command, view))
		return false;
	view->ledger.founded = true;
	commons->height = view->height;
	commons->now = view->now.seconds > view->ledger.time.seconds ? view->now : view->ledger.time;
	if (command->home_folder != NULL && command_home(command)) {
		view->us = bytes_of(command->home.party);
		view->is_party = party_get(view_state(view), view->us, &view->as);
	}
	return true;
}

struct charter_party view_voter(struct command *command, const struct view *view, const struct charter *charter,
                                const struct party *party)
{
	struct writer w = writer_in(&command->memory);
	struct charter_party voter = {
		.name = party->name,
		.kind = party->kind,
		.weight = charter_weight(charter, party->name),
		.suspended = suspending_holds(&view->ledger.commons, party->name),
	};

	registering_write_unlisted(&view->ledger.commons, party->name, &w);
	voter.unlisted = writer_keep(&w, &command->memory);
	if (voter.unlisted.size > 0)
		voter.unlisted = bytes_from(voter.unlisted, 1); /* each has a blank before it */
	return voter;
}

bool view_signs(const struct view *view, const struct party *party)
{
	return charter_signs(&view->ledger.commons.charter, party->name, party->kind);
}

bool view_countersigns(const struct view *view, struct bytes party)
{
	struct bytes report = view->report;
	struct voice_line voice;

	while (voice_next(&report, &voice))
		if (bytes_same(voice.party, party))
			return true;
	return false;
}

static struct bytes role_text(const struct command *command, const struct view *view)
{
	if (view->us.size == 0)
		return bytes_of(say(command, "an onlooker", "旁观者"));
	if (command->home.operator)
		return sentence(command, "{0} (operator)", "{0}（运营方）", VALUES(view->us));
	if (!view->is_party)
		return sentence(command, "{0} (not a party)", "{0}（非缔约方）", VALUES(view->us));
	if (view_signs(view, &view->as) && !view_countersigns(view, view->us))
		return sentence(command, "{0} ({1}, signer without a share yet)", "{0}（{1}，签署方，尚无份额）",
		                VALUES(view->us, view->as.kind));
	if (view_signs(view, &view->as))
		return sentence(command, "{0} ({1}, signer)", "{0}（{1}，签署方）",
		                VALUES(view->us, view->as.kind));
	return sentence(command, "{0} ({1})", "{0}（{1}）", VALUES(view->us, view->as.kind));
}

void view_head(const struct command *command, const struct view *view)
{
	struct bytes height = number_text(command, view->height);
	const struct bytes *values = VALUES(view->ledger.commons.origin, role_text(command, view),
	                                    height, number_text(command, view->final));

	if (view->any_final && view->final >= view->sealed)
		tell(command, "{0}  {1}  block {2}, final", "{0}  {1}  区块 {2}，已定案", values);
	else if (view->any_final)
		tell(command, "{0}  {1}  block {2}, final up to {3}", "{0}  {1}  区块 {2}，定案至 {3}",
		     values);
	else
		tell(command, "{0}  {1}  block {2}, nothing final yet",
		     "{0}  {1}  区块 {2}，尚无定案", values);
}

void view_json_head(struct command *command, const struct view *view)
{
	json_text(command, "federation", view->federation);
	if (view->us.size > 0)
		json_text(command, "us", view->us);
	else
		json_null(command, "us");
	json_number(command, "height", view->height);
	if (view->any_final)
		json_number(command, "final", view->final);
	else
		json_null(command, "final");
}

bool view_party(struct command *command, const struct view *view, struct bytes name, struct party *party)
{
	if (party_name_valid(name) && party_get(view_state(view), name, party))
		return true;
	fail(command, EXIT_NO, "{0} is not a party", "{0} 不是缔约方", VALUES(name));
	next_step(command, "comity party list", "comity party list", NULL);
	return false;
}

bool view_proposal(struct command *command, const struct view *view, const char *prefix,
                   struct proposal *proposal)
{
	unsigned found = 0;
	struct proposal p;
	size_t index = 0;

	while (proposal_next(view_state(view), &index, &p))
		if (strlen(prefix) >= 4 && bytes_starts(p.id, bytes_of(prefix))) {
			*proposal = p;
			found++;
		}
	if (found == 1)
		return true;
	if (found > 1)
		fail(command, EXIT_NO, "more than one proposal begins with {0}",
		     "以 {0} 开头的提案不止一个", VALUES(bytes_of(prefix)));
	else
		fail(command, EXIT_NO, "no proposal begins with {0} (4 hex digits or more)",
		     "没有以 {0} 开头的提案（至少 4 位十六进制数字）", VALUES(bytes_of(prefix)));
	next_step(command, "comity proposal list --all", "comity proposal list --all", NULL);
	return false;
}

bool voice_next(struct bytes *rest, struct voice_line *voice)
{
	struct text lines = {.rest = *rest};
	struct bytes line, value, height, there;

	while (text_line(&lines, &line)) {
		*rest = lines.rest;
		if (!text_field(line, "voice", &value) || !text_word(&value, &voice->party) ||
		    !text_word(&value, &height) || !text_word(&value, &there))
			continue;
		voice->spoken = text_number(height, INT64_MAX, &voice->height);
		voice->attached = bytes_same(there, BYTES("attached"));
		return true;
	}
	return false;
}
