/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_LINKING_H
#define COMITY_COMMONS_LINKING_H

/*
 * linking.h - which TLD uses which name server, and whose its addresses are
 * (state/holding.h).
 *
 * A name of a name server has its addresses in one place only: in the record of the TLD it
 * lies below, when no other TLD uses it; in a host record; or in a server record.
 */

#include "commons/commons.h"

/* The label of the TLD that a name lies in; false for the apex and names outside it. */
bool link_label_of(const struct commons *commons, struct bytes wire, struct bytes *label);

/* Whether the name (text) of a host lies below that TLD, or is it. */
bool link_host_is_below(const struct commons *commons, struct bytes host, struct bytes label);

/* Who owns the host of that name: of its record, or the holder of the TLD it lies below. */
bool link_owner_of(const struct commons *commons, struct bytes host, struct bytes *owner);

/* Whether a host below the TLD is used by another TLD. */
bool link_used_by_others(const struct commons *commons, struct bytes label);

/* Whether root servers have their names below the TLD. */
bool link_has_servers(const struct commons *commons, struct bytes label);

/* The addresses of a name of a name server, wherever they are, as record lines; `records`, the lines
 * of a TLD's record in the making, are looked at first. Copied into the arena. */
struct bytes link_addresses(const struct commons *commons, struct bytes wire,
                            struct bytes records, struct arena *arena);

/*
 * Puts the TLD's record from `before` (its lines; none when it is new) to `after`: checks that
 * names belong, links and unlinks the hosts it uses, moves addresses to a host record when a
 * name comes into common use. Does not write the TLD's own record.
 */
bool link_change(struct commons *commons, struct bytes label, struct bytes holder,
                 struct bytes before, struct bytes after, const struct signed_act *act,
                 struct refusal *refusal);

/* The record lines of `records` whose owner is `wire` (or is not), in the arena. */
struct bytes link_lines_of(struct bytes records, struct bytes wire, bool of, struct arena *arena);

/* The DS lines of `records`, in the arena. */
struct bytes link_ds_of(struct bytes records, struct arena *arena);

/* `records` with these DS lines instead of their own, in the scratch: they stand last among those of the TLD's own name
 * (type 43), which sorts before the names below it. */
struct bytes link_records_with_ds(struct commons *commons, struct bytes label, struct bytes records,
                                  struct bytes ds);

/* The hosts below the TLD that `from` owns become `to`'s. */
void link_change_owner(struct commons *commons, struct bytes label, struct bytes from,
                       struct bytes to);

#endif
