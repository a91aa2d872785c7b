/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_ROLL_H
#define COMITY_COMMONS_ROLL_H

/*
 * roll.h - which group's key is in use, and how the next ZSK takes over: pre-published, then
 * used, then the old one withdrawn (RFC 6781 section 4.1.1.1).
 */

#include "commons/commons.h"

/* The tag of the group's DNSKEY (RFC 4034 appendix B). */
uint16_t roll_tag(enum group_kind kind, const uint8_t public_key[32]);

/* A group is ready: its key is put to use, or published ahead of that. False when its tag is that
 * of a key in use. */
bool roll_activate(struct commons *commons, const struct group *group);

/* A timer of a roll fires. */
void roll_timer(struct commons *commons, struct bytes what);

#endif
