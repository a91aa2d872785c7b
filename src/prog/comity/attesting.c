/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/attesting.h"

#include "commons/checking.h"
#include "observing/check.h"
#include "prog/comity/json.h"
#include "prog/comity/print.h"

static struct bytes checks_text(struct command *command, unsigned checks)
{
	struct writer w = writer_in(&command->memory);

	checks_write(&w, checks);
	return writer_keep(&w, &command->memory);
}

/* Who has attested in the run that is on, blanks between. */
static struct bytes said_text_of(struct command *command, const struct view *view, struct bytes id)
{
	struct writer w = writer_in(&command->memory);
	struct record_key key;
	struct bytes prefix = record_key(&key, "attestation", id, BYTES("")), record;

	key.at[key.size++] = '/';
	prefix.size++;
	for (size_t index = 0; state_next(view_state(view), prefix, &index, &record);) {
		write_text(&w, w.used > 0 ? " " : "");
		write_bytes(&w, bytes_from(state_key(record), prefix.size));
	}
	if (w.used == 0)
		write_text(&w, "none");
	return writer_keep(&w, &command->memory);
}

void tell_checks(struct command *command, const struct view *view, struct bytes id)
{
	struct checking c;

	if (!checking_get(view_state(view), id, &c))
		return;
	if (c.run == RUN_OVER) {
		tell(command, "technical checks: over", "技术检查：已结束", NULL);
		return;
	}
	if (c.run != RUN_FAILED) {
		tell(command, "technical checks ({0}): {1} attestations of each are needed by {2}; so far: {3}",
		     "技术检查（{0}）：每项须在 {2} 之前有 {1} 份证明；目前：{3}",
		     VALUES(bytes_of(checking_run_word(c.run)), number_text(command, c.quorum),
		            time_text(command, c.until), said_text_of(command, view, id)));
		return;
	}
	tell(command, "technical checks: too few attest {0}", "技术检查：以下各项证明不足：{0}",
	     VALUES(checks_text(command, c.failed)));
	for (enum check check = 0; check < CHECKS; check++)
		if ((c.failed & 1u << check) != 0)
			tell(command, "  {0}: {1}", "  {0}：{1}",
			     VALUES(bytes_of(check_id(check)), bytes_of(check_title(check, command->chinese))));
}

void json_checks(struct command *command, const char *key, const struct view *view, struct bytes id)
{
	struct checking c;

	if (!checking_get(view_state(view), id, &c)) {
		json_null(command, key);
		return;
	}
	json_object(command, key);
	json_text(command, "run", bytes_of(checking_run_word(c.run)));
	json_time(command, "since", c.since);
	json_time(command, "until", c.until);
	json_words(command, "needs", checks_text(command, c.needs));
	json_number(command, "quorum", c.quorum);
	json_words(command, "attested", said_text_of(command, view, id));
	json_words(command, "failed", checks_text(command, c.failed));
	json_close_object(command);
}

struct bytes attesters_text(struct command *command, const struct view *view)
{
	struct writer w = writer_in(&command->memory);
	struct note_key key;
	struct party party;

	for (size_t index = 0; party_next(view_state(view), &index, &party);) {
		if (!party_key_of_role(party.keys, ROLE_DUTY, &key))
			continue;
		write_text(&w, w.used > 0 ? " " : "");
		write_bytes(&w, party.name);
	}
	if (w.used == 0)
		write_text(&w, "none");
	return writer_keep(&w, &command->memory);
}
