/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_SIGNING_H
#define COMITY_COMMONS_SIGNING_H

/* signing.h - what the acts of a session have in common. */

#include "commons/commons.h"

/* The work of the open job, when the act names it and a session of it. */
struct work *signing_work(struct commons *commons, const struct signed_act *act,
                          struct session *session, struct refusal *refusal);

/* Whether all signatures of round A of the session are there; then attaches them when `attach`. */
bool signing_complete(struct commons *commons, struct work *work, uint64_t session,
                      bool attach);

/* The job is done: its session's members signed. */
void signing_close(struct commons *commons, const struct session *session);

#endif
