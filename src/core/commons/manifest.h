/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_MANIFEST_H
#define COMITY_COMMONS_MANIFEST_H

/*
 * manifest.h - the first records of a federation, from another root (comity-import(5)).
 *
 * A manifest comes from outside: everything that reading a record relies on later is checked
 * here, and it is the only door by which a record enters that no act made.
 */

#include "base/fault.h"
#include "commons/commons.h"

#define MANIFEST_HEAD "comity-import/1"

/*
 * Puts the records of the manifest. False, and part of them put, when it is not one: detail is the
 * line and why. The holders must be parties, and every technical rule met or waived.
 */
bool manifest_put(struct commons *commons, struct bytes manifest, struct refusal *refusal);

#endif
