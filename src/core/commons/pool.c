/* SPDX-License-Identifier: Apache-2.0 */
/* pool: a signer is ready. Its commitments lie on its board; here is their root. */
#include "base/hex.h"
#include "commons/commons.h"
#include "signing/board.h"

bool pool_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct pool pool = {.count = 0}, before;
	struct signer signer;
	struct record_key key;
	struct apex apex;
	uint64_t count = act_number(&act->act, "count");

	if (!commons_replaces(commons, &act->act,
	                      record_key(&key, "pool", act->act.by, BYTES("")), refusal))
		return false;
	apex_get(commons->state, &apex);
	pool.lease = act_time(&act->act, "lease");
	if (count < 1 || count > BOARD_ITEMS_MAX || pool.lease.seconds <= commons->now.seconds ||
	    pool.lease.seconds > commons->now.seconds + apex.lease_seconds ||
	    !hex_read(act_field(&act->act, "pool"), pool.id, sizeof(pool.id)))
		return refuse(refusal, REASON_POOL);
	pool.count = (uint32_t)count;
	pool.root = act_digest(&act->act, "root");
	pool.act = act_id_text(act);
	signer_get(commons->state, act->act.by, &signer);
	if (pool_get(commons->state, act->act.by, &before) &&
	    memcmp(before.id, pool.id, sizeof(pool.id)) == 0) {
		/* A longer lease of the same pool: its content cannot change. */
		if (before.count != pool.count || !digest_same(&before.root, &pool.root))
			return refuse(refusal, REASON_POOL);
	} else {
		memcpy(signer.pool, pool.id, sizeof(pool.id));
		signer.next = 0;
		signer.missed = false;
		signer_put(commons->state, &commons->scratch, act->act.by, &signer);
	}
	pool_put(commons->state, &commons->scratch, act->act.by, &pool);
	return true;
}
