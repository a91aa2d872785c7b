/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_NORMING_H
#define COMITY_COMMONS_NORMING_H

/*
 * norming.h - norms in the commons: the records of norms/ with names, and what time does
 * (comity-norm(7)).
 *
 * Once a day, at midnight, the state is asked whether who is bound to a duty keeps it. The timer
 * "norms" stands while somebody is bound to some.
 */

#include "commons/commons.h"
#include "norms/adherence.h"
#include "norms/adopted.h"
#include "norms/breach.h"

#define NORM_WORDS_MAX 4096 /* octets of the words of a reservation */

/* The timer "norms". */
void norms_look(struct commons *commons);

/* Sets that timer, if the version asks for any duty. */
void norms_wake(struct commons *commons, const struct norm_text *text);

/* The timer "adherence/norm/party", the key of a record: a denunciation takes effect. */
void adherence_timer(struct commons *commons, struct bytes key);

/* The party left the federation: it is bound to nothing. */
void norms_party_left(struct commons *commons, struct bytes party, struct bytes act);

/* Whether a party keeps a duty now; otherwise what shows it, and since when, where the state knows. */
struct lapse {
	struct record_key saw; /* of a record; size 0 for none */
	bool dated;
	struct ledger_time since;
};

bool duty_is_kept(struct commons *commons, struct bytes party, enum duty_kind kind,
                  struct lapse *lapse);

#endif
