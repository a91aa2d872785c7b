/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_OBSERVING_RESOLVERS_H
#define COMITY_HOST_OBSERVING_RESOLVERS_H

/* resolvers.h - whom this machine asks for addresses (resolv.conf(5)). */

#include "base/writer.h"

/* Writes a "resolver: ADDRESS" line for each resolver of /etc/resolv.conf; none when there is no such
 * file. A line that names no address of its one form is passed over. */
void resolvers_of_machine(struct writer *writer);

#endif
