/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ARBITRATION_PANEL_H
#define COMITY_ARBITRATION_PANEL_H

/*
 * panel.h - who sits: strike and rank, and the draw.
 *
 * The sides get one list of names. Each strikes some and ranks the others, and the name with the
 * least sum of ranks is taken (PCA rules of 2012, article 8: the list procedure). Whoever is
 * silent has struck nobody and ranks all alike. A draw decides among equals, and where somebody
 * has not appointed: an order of names that depends on octets nobody chose.
 */

#include "base/digest.h"

#define PANEL_LIST_MAX 64

/* What an order is drawn from: the dispute, what is drawn for, and octets that nobody chose. */
struct lot {
	struct bytes dispute, what, beacon;
};

/* How far ahead that name is drawn: the least comes first. */
struct digest lot_draw(const struct lot *lot, struct bytes name);

/* The name drawn first among `count`, at least one. */
struct bytes lot_first(const struct lot *lot, const struct bytes *name, unsigned count);

/* How many of a list of `count` names a side may strike: so many that one is left at least, by
 * whomever the others are struck. */
unsigned panel_strikes(unsigned count);

/*
 * The name taken from `list`, 1 to PANEL_LIST_MAX names. `ranks[side]`: names in order of
 * preference, blanks between, those left out being struck; empty for a side that was silent.
 */
struct bytes panel_pick(const struct bytes *list, unsigned count, const struct bytes ranks[2],
                        const struct lot *lot);

#endif
