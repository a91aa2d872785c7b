/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_DUTIES_H
#define COMITY_COMMONS_DUTIES_H

/*
 * duties.h - who keeps the duties of the norms it is bound to (comity-norm(7), DUTIES).
 *
 * Once a day, at midnight, the state is asked. The timer "norms" stands while somebody is bound to some.
 */

#include "commons/commons.h"
#include "norms/adherence.h"
#include "norms/adopted.h"

/* What shows that a duty is not kept, and since when, where the state knows. */
struct lapse {
	struct record_key saw; /* of a record; size 0 for none */
	bool dated;
	struct ledger_time since;
};

/* Whether the party keeps the duty now; otherwise `*lapse` is filled in. */
bool duty_is_kept(struct commons *commons, struct bytes party, enum duty_kind kind, struct lapse *lapse);

/* The timer "norms". */
void norms_look(struct commons *commons);

/* Sets that timer, if the version asks for any duty. */
void norms_wake(struct commons *commons, const struct norm_text *text);

#endif
