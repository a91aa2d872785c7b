/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_PAGES_H
#define COMITY_ROOTD_PAGES_H

/* pages.h - address space for one unit of work: only what is touched becomes memory. */

#include "base/arena.h"

/* Stops the process where there is none. */
struct arena pages_reserve(size_t size);

/* Gives it back. Takes an empty one. */
void pages_release(struct arena *arena);

#endif
