/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_NORMING_H
#define COMITY_COMMONS_NORMING_H

/* norming.h - norms in the commons: the records of norms/ with names (comity-norm(7)). */

#include "commons/commons.h"
#include "norms/adherence.h"
#include "norms/adopted.h"
#include "norms/breach.h"

#define NORM_WORDS_MAX 4096 /* octets of the words of a reservation */

/* The timer "adherence/norm/party", the key of a record: a denunciation takes effect. */
void adherence_timer(struct commons *commons, struct bytes key);

/* The party left the federation: it is bound to nothing. */
void norms_party_left(struct commons *commons, struct bytes party, struct bytes act);

#endif
