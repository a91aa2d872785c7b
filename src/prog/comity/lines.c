/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/lines.h"

#include <string.h>

#include "state/party.h"

/* Which party is to have the keys that the act lists; empty: it lists none. */
static struct bytes bearer_of(const struct act *act)
{
	if (act->kind == ACT_REKEY)
		return act_field(act, "party");
	return act->kind == ACT_ACCEDE || act->kind == ACT_ROTATE ? act->by : BYTES("");
}

struct bytes lines_keys(const struct act *act)
{
	return bearer_of(act).size > 0 ? act_field(act, "key") : BYTES("");
}

bool lines_new_key(const struct view *view, const struct act *act, struct bytes *keys, struct note_key *key)
{
	struct party party = {.keys = BYTES("")};
	struct note_key had;
	enum key_role role;

	(void)party_get(view_state(view), bearer_of(act), &party);
	while (act_key(keys, &role, key))
		if (role == ROLE_ACT && (!party_key_named(party.keys, ROLE_ACT, key->name, &had) ||
		                         memcmp(had.public_key, key->public_key, sizeof(had.public_key)) != 0))
			return true;
	return false;
}

unsigned lines_of_party(const struct view *view, struct bytes name)
{
	struct party party;

	return party_get(view_state(view), name, &party) ? party.threshold : 0;
}

unsigned lines_needed(const struct view *view, const struct act *act)
{
	unsigned count = lines_of_party(view, act->by);
	struct bytes keys = lines_keys(act);
	struct note_key key;

	while (lines_new_key(view, act, &keys, &key))
		count++;
	return count;
}
