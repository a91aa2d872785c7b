/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/roll.h"

#include "base/must.h"
#include "commons/ceremony.h"
#include "dns/dnskey.h"
#include "state/clock.h"

#define PROPAGATION_SECONDS SECONDS_AN_HOUR     /* until every root server has a release */
#define TTL_LONGEST         (7 * SECONDS_A_DAY) /* the longest any record may have */

uint16_t roll_tag(enum group_kind kind, const uint8_t public_key[32])
{
	uint8_t rdata[64];
	struct writer w = {.at = rdata, .size = sizeof(rdata)};

	dnskey_write_ed25519(&w,
	                     DNSKEY_FLAG_ZONE | (kind == GROUP_ZSK ? 0 : DNSKEY_FLAG_SECURE_ENTRY),
	                     public_key);
	return dnskey_key_tag(writer_bytes(&w));
}

static bool tag_taken(const struct commons *commons, enum group_kind kind, uint64_t number,
                      uint16_t tag)
{
	struct group group;

	return group_get(commons->state, kind, number, &group) && group.tag == tag;
}

static void timer_in(struct commons *commons, int64_t seconds, const char *what)
{
	struct ledger_time deadline = {commons->now.seconds + seconds};

	timer_set(commons->state, &commons->scratch, deadline, bytes_of(what));
}

bool roll_activate(struct commons *commons, const struct group *group)
{
	struct custody custody;
	struct apex apex;

	custody_get(commons->state, &custody);
	apex_get(commons->state, &apex);
	for (enum group_kind k = 0; k < GROUPS; k++)
		if (tag_taken(commons, k, custody.active[k], group->tag))
			return false;
	if (tag_taken(commons, GROUP_ZSK, custody.zsk_old, group->tag))
		return false;
	if (custody.active[group->kind] == 0) {
		custody.active[group->kind] = group->number;
	} else {
		must(group->kind == GROUP_ZSK);
		custody.zsk_next = group->number;
		timer_in(commons, apex.ttl_dnskey + PROPAGATION_SECONDS, "roll/use");
	}
	custody_put(commons->state, &commons->scratch, &custody);
	return true;
}

void roll_timer(struct commons *commons, struct bytes what)
{
	struct custody custody;

	custody_get(commons->state, &custody);
	if (bytes_same(what, BYTES("roll/use")) && custody.zsk_next != 0) {
		custody.zsk_old = custody.active[GROUP_ZSK];
		custody.active[GROUP_ZSK] = custody.zsk_next;
		custody.zsk_next = 0;
		timer_in(commons, TTL_LONGEST + PROPAGATION_SECONDS, "roll/withdraw");
	} else if (bytes_same(what, BYTES("roll/withdraw"))) {
		custody.zsk_old = 0;
	} else {
		return;
	}
	custody_put(commons->state, &commons->scratch, &custody);
	content_set_due(commons->state, &commons->scratch, commons->now);
}

bool open_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	enum group_kind kind = group_kind(act_field(&act->act, "group"));
	struct custody custody;
	struct record_key key;
	struct ceremony c;

	must(kind < GROUPS);
	if (!commons_replaces(commons, &act->act,
	                      record_key(&key, "ceremony", act_field(&act->act, "group"), BYTES("")),
	                      refusal))
		return false;
	custody_get(commons->state, &custody);
	if (!ceremony_get(commons->state, kind, &c) || c.phase <= CEREMONY_SIGN ||
	    (kind != GROUP_ZSK && custody.active[kind] != 0) || custody.zsk_next != 0 ||
	    custody.zsk_old != 0)
		return refuse(refusal, REASON_ROLLS);
	ceremony_open(commons, kind);
	return true;
}
